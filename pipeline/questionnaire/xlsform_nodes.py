"""Rows of the survey sheet as a tree of questions, groups and repeats."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyxform import aliases
from pyxform.errors import PyXFormError
from pyxform.parsing.parameters import parse as parse_parameters

from pipeline.questionnaire.model import ANY_LANGUAGE, Choice, Group, Node, Question, Repeat
from pipeline.questionnaire.or_other import with_other
from pipeline.questionnaire.problems import did_you_mean
from pipeline.questionnaire.types import QUESTION_TYPES
from pipeline.questionnaire.xlsform_cells import Cells
from pipeline.questionnaire.xlsform_loop import write_out_loop
from pipeline.questionnaire.xlsform_sheets import SheetRow
from pipeline.questionnaire.xlsform_types import TypeRead, read_control, read_type

Report = Callable[..., None]
"""Called with code, message, repair, row, and `heading=`, `question=`, `warning=`."""

_BESIDES = ("type", "name", "disabled")


@dataclass
class _Open:
    """A group, repeat or loop that has begun; `row` is None at the top."""

    kind: str = ""
    row: SheetRow | None = None
    list_name: str | None = None
    children: list[Node] = field(default_factory=list)


@dataclass
class NodeReader:
    """Reads the survey sheet row by row; what is wrong goes to `report`.

    Attributes:
        cells: reads a row's cells.
        report: takes problems.
        choices: the form's choice lists; a loop runs over one.
        settings: settings that stand in the survey sheet are added to it.
    """

    cells: Cells
    report: Report
    choices: dict[str, tuple[Choice, ...]]
    settings: dict[str, str]
    _open: list[_Open] = field(default_factory=lambda: [_Open()])
    _with_other: set[str] = field(default_factory=set)

    def read(self, rows: Sequence[SheetRow]) -> tuple[Node, ...]:
        """The whole sheet."""
        read = [read_type(row.get("type") or "") for row in rows]
        self._with_other = {one.type.split()[-1] for one in read if one and one.or_other}
        for row in rows:
            self._row(row)
        for unclosed in self._open[:0:-1]:
            message = f"This {unclosed.kind} is never ended."
            self.report("IMPORT-005", message, f"Add a row 'end_{unclosed.kind}'.", unclosed.row)
            self._close()
        return tuple(self._open[0].children)

    def _row(self, row: SheetRow) -> None:
        if (disabled := row.get("disabled")) and aliases.yes_no.get(disabled):
            message = "The row is disabled and left out."
            self.report("IMPORT-003", message, "Delete it, or take 'disabled' out.", row, warning=1)
            return
        kind = row.get("type")
        if not kind:
            self._without_type(row)
        elif setting := aliases.settings_header.get(kind):
            self.settings[setting] = row.get("name") or ""
        elif control := read_control(kind):
            self._control(row, *control)
        else:
            self._question(row, kind)

    def _without_type(self, row: SheetRow) -> None:
        if row.get("name") or any(tokens[0] == "label" for tokens in row.cells):
            repair = f"Write one, {', '.join(list(QUESTION_TYPES)[:3])}, ..."
            self.report("IMPORT-006", "The row has no type.", repair, row, heading="type")
        else:
            message = "The row has no type, name or label and is left out as a comment."
            repair = "Give it a type and a name if it is a question."
            self.report("IMPORT-003", message, repair, row, warning=True)

    def _control(self, row: SheetRow, edge: str, kind: str, list_name: str | None) -> None:
        if edge == "begin":
            self._open.append(_Open(kind, row, list_name))
            return
        if self._open[-1].kind != kind:
            inside = self._open[-1].kind
            message = f"This ends a {kind}, but " + (
                f"a {inside} is open." if inside else "none is open."
            )
            self.report("IMPORT-005", message, "Let each begin_ have its own end_, in order.", row)
        if len(self._open) > 1:
            self._close()
        left_out = [
            tokens for tokens in row.cells if tokens not in {("type",), ("name",), ("label",)}
        ]
        if left_out:
            message = "The other cells of an end row mean nothing and are left out."
            self.report("IMPORT-004", message, "Move them to the begin row.", row, warning=True)

    def _close(self) -> None:
        closed = self._open.pop()
        assert closed.row is not None  # noqa: S101 - only the top has none, and it is never closed
        name = self._name(closed.row)
        children = tuple(closed.children)
        if closed.kind == "repeat":
            fields = self.cells.fields(closed.row, Repeat.model_fields, _BESIDES)
            node: Node = Repeat(repeat=name, questions=children, **fields)
        else:
            fields = self.cells.fields(closed.row, Group.model_fields, _BESIDES)
            node = Group(group=name, questions=children, **fields)
        if closed.kind == "loop" and isinstance(node, Group):
            node = self._loop(node, closed)
        self._open[-1].children.append(node)

    def _loop(self, group: Group, closed: _Open) -> Group:
        choices = self.choices.get(closed.list_name or "")
        if not choices:
            message = "The loop runs over no choice list."
            self.report("IMPORT-006", message, "Write 'begin loop over LIST'.", closed.row)
            return group
        if closed.list_name in self._with_other:  # one list serves both, in pyxform
            choices = with_other(choices)
        return write_out_loop(group, choices)

    def _question(self, row: SheetRow, kind: str) -> None:
        read = read_type(kind)
        if read is None:
            repair = did_you_mean(kind, QUESTION_TYPES, "See XLSForm's question types.")
            message = f"There is no question type '{kind}'."
            self.report("LOAD-010", message, repair, row, heading="type")
            return
        self._open[-1].children.append(self._as_question(row, read))

    def _as_question(self, row: SheetRow, read: TypeRead) -> Question:
        fields = self.cells.fields(row, Question.model_fields, _BESIDES)
        for key, value in read.cells.items():
            if "::" in key:
                fields.setdefault("columns", {}).setdefault(key, value)
            else:
                fields.setdefault(key, {ANY_LANGUAGE: value} if key == "hint" else value)
        fields["parameters"] = self._parameters(row, fields.get("parameters"))
        name = self._name(row, read.type)
        return Question(name=name, type=read.type, or_other=read.or_other, **fields)

    def _name(self, row: SheetRow, kind: str = "") -> str:
        name = row.get("name")
        if name or kind == "audit":
            return name or "audit"
        generated = f"generated_note_name_{row.number}"  # as pyxform names a note without a name
        if kind != "note":
            self.report("IMPORT-006", "The row has no name.", "Give it one.", row, heading="name")
        return generated

    def _parameters(self, row: SheetRow, text: str | None) -> dict[str, Any]:
        try:
            return dict(parse_parameters(text or "", row.number))
        except PyXFormError:
            message, repair = "The parameters cannot be read.", "Write them as 'key=value'."
            self.report("IMPORT-006", message, repair, row, heading="parameters")
            return {}
