"""ODK submissions as `Responses`: many files, one frame.

A submission is the form's primary instance as Collect sends it: groups are elements, a repeat is
the same element again, `meta/instanceID` names the response. Source: ODK XForms specification,
"Submission" and "Metadata".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
from lxml import etree

from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Issue, IssueSeverity, Mode, Responses, issues_frame
from pipeline.returns.guard import CAPS, Caps
from pipeline.returns.problems import unreadable
from pipeline.returns.source import TEXT, SourceFile, key_frame, text_series
from pipeline.returns.submission_plan import Group, Table, plan_of
from pipeline.returns.submission_xml import (
    META,
    identity,
    local_name,
    parse_submission,
    submission_parser,
    xml_path,
)
from pipeline.returns.versions import version_issues

_ADDED_PREFIXES = ("generated_note_name", "generated_table_list_label", "reserved_name_for_field")

Row = list[str | None]


@dataclass(slots=True)
class _Rows:
    """Rows of one table as they are found."""

    table: Table
    answers: list[Row] = field(default_factory=list)
    response: list[int] = field(default_factory=list)
    position: list[int] = field(default_factory=list)
    parent_position: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Unknown:
    """An element that the form does not have, and how often it held something."""

    first_file: str
    times: int = 0


class _Reader:
    """One pass over many submissions of one form."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        plan = plan_of(questionnaire)
        self.form_id = questionnaire.form_id
        self.root = plan.root
        self.rows = [_Rows(table) for table in plan.tables]
        self.keys: list[tuple[str, str | None, str, str]] = []
        self.issues: list[Issue] = []
        self.unknown: dict[str, _Unknown] = {}
        self.width = [len(table.columns) for table in plan.tables]

    def take(self, source: SourceFile, root: etree._Element) -> None:
        """Read one submission."""
        instance_id, deprecated = identity(root)
        response_id = (instance_id or source.sha256[:16]).removeprefix("uuid:")
        self.source, self.response_id = source, response_id
        self.start = [len(rows.answers) for rows in self.rows]
        self.keys.append((response_id, root.get("version"), source.source_file, source.received_at))
        row: Row = [None] * self.width[0]
        self.rows[0].answers.append(row)
        self._walk(root, self.root, row, 0)
        if not instance_id:
            self._note("no_key", "It has no instance id; it was given one by its content.", "meta")
        if deprecated:
            message = "It replaces an earlier submission, named by its deprecatedID."
            self._note("edited", message, "meta/deprecatedID", severity=IssueSeverity.INFO)

    def _walk(self, parent: etree._Element, group: Group, row: Row, table: int) -> None:
        inside = group.inside
        for element in parent:
            what = inside.get(element.tag)
            if what is None:
                what = inside.get(local_name(element))
            if type(what) is int:
                if len(element):
                    self._note_element("not_text", "It holds elements, not text.", element)
                elif (text := element.text) and what >= 0:
                    if row[what] is not None:
                        message = "It was answered more than once; the first answer was kept."
                        self._note_element("answered_twice", message, element)
                    else:
                        row[what] = text
            elif isinstance(what, Group):
                if what.table is None:
                    self._walk(element, what, row, table)
                else:
                    self._walk_repeat(element, what, what.table, table)
            elif META not in (local_name(element), local_name(parent)):
                self._unknown_element(element)

    def _walk_repeat(
        self, element: etree._Element, group: Group, table: Table, around: int
    ) -> None:
        rows, start = self.rows[table.number], self.start[table.number]
        parent = len(self.rows[around].answers) - self.start[around]
        last = len(rows.answers) - 1
        same = last >= start and rows.parent_position[last] == parent
        row: Row = [None] * self.width[table.number]
        rows.answers.append(row)
        rows.response.append(len(self.keys) - 1)
        rows.position.append(rows.position[last] + 1 if same else 1)
        rows.parent_position.append(parent)
        self._walk(element, group, row, table.number)

    def _unknown_element(self, element: etree._Element) -> None:
        """Count an element that the form does not ask for, if there is anything in it."""
        name = local_name(element)
        if name.startswith(_ADDED_PREFIXES) or not any(text.strip() for text in element.itertext()):
            return
        found = self.unknown.setdefault(xml_path(element), _Unknown(self.source.source_file))
        found.times += 1

    def _note_element(self, code: str, message: str, element: etree._Element) -> None:
        name = local_name(element)
        self._note(code, message, xml_path(element), question=name)

    def _note(
        self,
        code: str,
        message: str,
        place: str,
        *,
        question: str | None = None,
        severity: IssueSeverity = IssueSeverity.ERROR,
    ) -> None:
        self.issues.append(
            Issue(
                response_id=self.response_id,
                question=question,
                code=code,
                rule=code,
                severity=severity,
                stage="returns",
                source_file=self.source.source_file,
                source_place=place,
                message=message,
            )
        )

    def unknown_issues(self) -> Iterator[Issue]:
        """One issue for each element that the form does not ask for."""
        for path, found in sorted(self.unknown.items()):
            yield Issue(
                response_id=None,
                question=None,
                code="unknown_node",
                rule="unknown_node",
                severity=IssueSeverity.WARNING,
                stage="returns",
                source_file=found.first_file,
                source_place=path,
                message=f"The form does not ask this; {found.times} submissions answer it.",
            )

    def main(self) -> pd.DataFrame:
        """The main table."""
        columns = list(zip(*self.keys, strict=True)) or [(), (), (), ()]
        response_id, version, source_file, received_at = (text_series(c) for c in columns)
        keys = key_frame(
            response_id=response_id,
            form_id=self.form_id,
            form_version=version,
            mode=Mode.ODK,
            source_file=source_file,
            source_row=None,
            received_at=received_at,
        )
        return pd.concat([keys, _answers(self.rows[0])], axis=1)

    def repeats(self, response_id: pd.Series) -> dict[str, pd.DataFrame]:
        """A table for each repeat."""
        found = dict[str, pd.DataFrame]()
        for rows in self.rows[1:]:
            keys = {
                "response_id": response_id.take(rows.response).reset_index(drop=True),
                "position": pd.Series(rows.position, dtype="Int64"),
                "parent_position": pd.Series(rows.parent_position, dtype="Int64"),
            }
            found[rows.table.name or ""] = pd.concat([pd.DataFrame(keys), _answers(rows)], axis=1)
        return found


def read_submissions(
    sources: Sequence[SourceFile], questionnaire: Questionnaire, *, caps: Caps = CAPS
) -> Responses:
    """Read many submissions of one form, in the order given.

    Args:
        sources: the received files.
        questionnaire: their form.
        caps: what a file may hold at most.

    Returns:
        One row a readable submission, a column a question; a file that cannot be read is an issue
        `unreadable_file` and has no row.
    """
    reader = _Reader(questionnaire)
    broken = list[Issue]()
    parser = submission_parser()
    for source in sources:
        try:
            root = parse_submission(source, parser, caps)
        except SurveyError as error:
            broken.append(unreadable(source.source_file, error))
        else:
            reader.take(source, root)
    main = reader.main()
    issues = [*broken, *reader.issues, *reader.unknown_issues()]
    issues += version_issues(questionnaire, main) if len(main) else []
    return Responses(
        form_id=questionnaire.form_id,
        main=main,
        repeats=reader.repeats(main["response_id"]),
        issues=issues_frame(issues),
    )


def _answers(rows: _Rows) -> pd.DataFrame:
    columns = list(zip(*rows.answers, strict=True)) or [()] * len(rows.table.columns)
    arrays = (pa.array(column, pa.large_string()) for column in columns)
    named = dict(zip(rows.table.columns, arrays, strict=True))
    index = pd.RangeIndex(len(rows.answers))
    return pd.DataFrame(
        {name: pd.Series(pd.array(array, dtype=TEXT)) for name, array in named.items()}, index=index
    )
