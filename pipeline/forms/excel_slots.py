"""The answers that a form has room for, a slot each: the rows of the hidden sheet of rules.

A question outside tables is one slot; a question in a table is a slot a row, and the slots of one
question stand below each other, so that all its answers are one range.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.forms.excel_keys import key_of
from pipeline.forms.excel_layout import TABLE_FIRST_ROW, Kind, Layout, Line, Table, kind_of_line
from pipeline.forms.excel_style import place
from pipeline.questionnaire.model import Item, Question, Questionnaire
from pipeline.questionnaire.types import Filled

FIRST_SLOT = 8
"""First row of the slots on the sheet of rules."""
ANSWER_COLUMN = "E"

BLANK, NOT_ASKED, WRONGLY_ANSWERED, MISSING, WRONG, ANSWERED, UNUSED = range(7)
"""The states of an answer: not given and not needed, not asked, answered though not asked, needed
but not given, wrong, answered, in a row of a table that is not in use."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One answer.

    Attributes:
        row: its row on the sheet of rules.
        item: the question and its place; None for the cell that names the row of the parent.
        cells: choice name ("" for a single answer) -> address with sheet, `'Questions'!$E$12`.
        number: the question's number as shown, with the row in a table: `45.2 (3)`.
        table: name of the repeat; None outside.
        instance: row of the table from 0; None outside.
    """

    row: int
    item: Item | None
    cells: Mapping[str, str]
    number: str
    table: str | None = None
    instance: int | None = None

    @property
    def question(self) -> Question | None:
        """The question; None for the cell that names the row of the parent."""
        return self.item.question if self.item else None

    @property
    def holds_value(self) -> bool:
        """Whether other rules can refer to it."""
        question = self.question
        return question is not None and _has_slot(question)

    @property
    def first_cell(self) -> str:
        """The cell to go to."""
        return next(iter(self.cells.values()), "")


@dataclass(frozen=True, slots=True)
class Slots:
    """All slots of a form.

    Attributes:
        rows: every slot from above.
        started: repeat -> first row of the cells that say which of its rows hold anything.
        by_question: question -> its slots, one outside tables.
        parents: repeat inside another -> its slots for the row of the parent.
        lines: row of the question sheet -> row of its slot.
    """

    rows: tuple[Slot, ...]
    started: Mapping[str, int]
    by_question: Mapping[str, tuple[Slot, ...]]
    parents: Mapping[str, tuple[Slot, ...]]
    lines: Mapping[int, int]

    @property
    def last_row(self) -> int:
        """Last row in use on the sheet of rules."""
        return FIRST_SLOT + len(self.rows) - 1


def slots_of(questionnaire: Questionnaire, layout: Layout) -> Slots:
    """Give every answer of a form its row on the sheet of rules."""
    building = _Building(questionnaire, layout)
    building.add_questions()
    for table in layout.tables.values():
        building.add_table(table)
    started: dict[str, int] = {}
    last = FIRST_SLOT + len(building.rows) + 1
    for table in layout.tables.values():
        started[table.name] = last
        last += table.rows
    return Slots(
        tuple(building.rows),
        started,
        {name: tuple(slots) for name, slots in building.by_question.items()},
        {name: tuple(slots) for name, slots in building.parents.items()},
        building.lines,
    )


@dataclass
class _Building:
    questionnaire: Questionnaire
    layout: Layout
    rows: list[Slot] = field(default_factory=list)
    by_question: dict[str, list[Slot]] = field(default_factory=dict)
    parents: dict[str, list[Slot]] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)

    @property
    def next_row(self) -> int:
        return FIRST_SLOT + len(self.rows)

    def add_questions(self) -> None:
        """Add the questions outside tables."""
        lines = _lines_of_questions(self.layout)
        for item in self.questionnaire.items:
            if item.repeat is None and (_has_slot(item.question) or _is_conditional(item)):
                own = lines.get(item.name, ())
                cells = _cells(self.layout, own)
                slot = Slot(self.next_row, item, cells, own[0].number if own else "")
                self._add(slot)
                self.lines |= {line.row: slot.row for line in own}

    def add_table(self, table: Table) -> None:
        """Add the questions of a repeat, all rows of one before the next."""
        for instance in range(table.rows) if table.is_keyed else ():
            cells = {"": place(table.sheet, f"$C${TABLE_FIRST_ROW + instance}")}
            number = f"{table.number} ({instance + 1})"
            slot = Slot(self.next_row, None, cells, number, table.name, instance)
            self.parents.setdefault(table.name, []).append(slot)
            self._add(slot)
        columns = {column.question.name: column for column in reversed(table.columns)}
        for item in self.questionnaire.items:
            if item.repeat != table.name or not _has_slot(item.question):
                continue
            first = columns[item.name].number if item.name in columns else ""
            for instance in range(table.rows):
                cells = dict(_table_cells(table, item.name, instance))
                number = f"{first} ({instance + 1})"
                self._add(Slot(self.next_row, item, cells, number, table.name, instance))

    def _add(self, slot: Slot) -> None:
        self.rows.append(slot)
        if slot.item:
            self.by_question.setdefault(slot.item.name, []).append(slot)


def _has_slot(question: Question) -> bool:
    """Asked in Excel, or worked out by the form so that others may refer to it."""
    if question.row.filled is Filled.FORM:
        return True
    return kind_of_line(question) in (Kind.ANSWER, Kind.CHOICES)


def _is_conditional(item: Item) -> bool:
    """Words that are shown to everyone but meant only for some."""
    return kind_of_line(item.question) in (Kind.NOTE, Kind.ELSEWHERE) and bool(item.relevants)


def _lines_of_questions(layout: Layout) -> dict[str, tuple[Line, ...]]:
    lines: dict[str, list[Line]] = {}
    for line in layout.lines:
        if isinstance(line.node, Question) and line.kind in (
            Kind.ANSWER,
            Kind.CHOICES,
            Kind.CHOICE,
            Kind.NOTE,
            Kind.ELSEWHERE,
        ):
            lines.setdefault(line.node.name, []).append(line)
    return {name: tuple(own) for name, own in lines.items()}


def _cells(layout: Layout, lines: tuple[Line, ...]) -> dict[str, str]:
    return {
        line.choice.name if line.choice else "": place(
            layout.questions, f"${ANSWER_COLUMN}${line.row}"
        )
        for line in lines
        if line.key
    }


def _table_cells(table: Table, question: str, instance: int) -> Iterator[tuple[str, str]]:
    for column in table.columns:
        if column.question.name == question:
            name = column.choice.name if column.choice else ""
            assert column.key == key_of(question, name)  # noqa: S101 - one grammar of keys
            yield name, place(table.sheet, f"${column.letter}${TABLE_FIRST_ROW + instance}")
