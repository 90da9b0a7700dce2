"""ODK submissions as `Responses`: many files, one frame.

A submission is the form's primary instance as Collect sends it: groups are elements, a repeat is
the same element again, `meta/instanceID` names the response. Source: ODK XForms specification,
"Submission" and "Metadata".
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa
from lxml import etree

from pipeline.errors import SurveyError
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Issue, IssueSeverity, Mode, Responses, issues_frame
from pipeline.returns.child_side import begin
from pipeline.returns.guard import CAPS
from pipeline.returns.noticed import Node, SubmissionNotes, submission_issues
from pipeline.returns.problems import unreadable
from pipeline.returns.source import TEXT, SourceFile, key_frame, text_series
from pipeline.returns.submission_plain import Found, NotPlainError, PlainReader
from pipeline.returns.submission_plan import (
    DEPRECATED_ID,
    HIDDEN,
    IGNORED,
    Group,
    Table,
    plan_of,
)
from pipeline.returns.submission_xml import (
    META,
    local_name,
    parse_xml,
    submission_bytes,
    submission_parser,
    xml_path,
)
from pipeline.returns.versions import strange_versions
from pipeline.settings import Caps

_ADDED_PREFIXES = ("generated_note_name", "generated_table_list_label", "reserved_name_for_field")

_CHUNK = 2_000

Row = list[str | None]


class _Rows:
    """Rows of one table as they are found.

    Python's lists of text are turned into Arrow's every few thousand rows: a tenth of the memory.

    Attributes:
        answers: rows not turned yet, with the hidden columns after the table's own.
        response: number of each row's response, from 0.
        parent: number of the parent's row within the response, from 1.
    """

    def __init__(self, table: Table, hidden: int) -> None:
        self.table = table
        self.blank: Row = [None] * (len(table.columns) + hidden)
        self.answers: list[Row] = []
        self.response: list[int] = []
        self.parent: list[int] = []
        self.chunks: list[list[pa.Array]] = [[] for _ in table.columns]
        self.turned = 0

    def turn(self) -> None:
        """Turn the rows so far into Arrow."""
        columns = zip(*self.answers, strict=True)
        for chunks, column in zip(self.chunks, columns, strict=False):
            chunks.append(pa.array(column, pa.large_string()))
        self.turned += len(self.answers)
        self.answers.clear()

    def frame(self) -> pd.DataFrame:
        """A column a question, index 0..n-1."""
        self.turn()
        arrays = (
            # One array a column: to hand over ten times as many to another process takes longer.
            pa.chunked_array(chunks, pa.large_string()).combine_chunks()
            for chunks in self.chunks
        )
        columns = {
            name: pd.Series(pd.array(array, dtype=TEXT), copy=False)
            for name, array in zip(self.table.columns, arrays, strict=True)
            if name not in self.table.older or array.null_count < len(array)
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(self.turned))


@dataclass(frozen=True, slots=True)
class _Note:
    """An issue of one submission; its response_id stands last in the file."""

    response: int
    code: str
    message: str
    place: str
    question: str | None
    severity: IssueSeverity


class _Reader:
    """One pass over many submissions of one form."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        plan = plan_of(questionnaire)
        self.form_id = questionnaire.form_id
        self.root = plan.root.inside
        hidden = [len(HIDDEN), *[1] * (len(plan.tables) - 1)]
        self.tables = tuple(zip(plan.tables, hidden, strict=True))
        self.parser = submission_parser()
        self.sources: list[SourceFile] = []
        self.response_ids: list[str] = []
        self.versions: list[str | None] = []
        self.notes: list[_Note] = []
        self.unknown: dict[str, Node] = {}
        self.begin()
        self.plain = PlainReader(plan.root, tuple(rows.blank for rows in self.rows))

    def begin(self) -> None:
        """Begin the rows of the next piece."""
        self.rows = [_Rows(table, hidden) for table, hidden in self.tables]
        self.first = len(self.sources)

    def take(self, source: SourceFile, content: bytes) -> None:
        """Read one submission.

        Raises:
            SurveyError: GUARD-006, GUARD-008, XML-001, XML-003; nothing is taken then.
        """
        try:
            version, found = self.plain.read(content)
        except NotPlainError:
            root = parse_xml(content, self.parser, shown=source.source_file)
            self.plain.learn(content, root)
            version, row = root.get("version") or None, self._row(source)
            self._walk(root, self.root, row, 0)
        else:
            row = self._row(source, found[0][2])
            if len(found) > 1:
                self._put(found)
        self._end(source, row, version)

    def _row(self, source: SourceFile, row: Row | None = None) -> Row:
        """Begin a response, whose row in the main table this is."""
        if len(self.rows[0].answers) >= _CHUNK:
            for rows in self.rows:
                rows.turn()
        self.start = [len(rows.answers) for rows in self.rows]
        self.sources.append(source)
        row = self.rows[0].blank.copy() if row is None else row
        self.rows[0].answers.append(row)
        return row

    def _put(self, found: Found) -> None:
        """Add the repeats of a plain submission."""
        place = [1]
        for number, around, row in found[1:]:
            rows = self.rows[number]
            rows.answers.append(row)
            rows.response.append(len(self.sources) - 1)
            rows.parent.append(place[around])
            place.append(len(rows.answers) - self.start[number])

    def _end(self, source: SourceFile, row: Row, version: str | None) -> None:
        """What is known of a response once all of it was read."""
        instance_id, deprecated = row[-3], row[-2]
        if not instance_id:
            self._note("no_key", "It has no instance id; it was given one by its content.", "meta")
        if deprecated:
            message = "It replaces an earlier submission, named by its deprecatedID."
            self._note("edited", message, DEPRECATED_ID, severity=IssueSeverity.INFO)
        self.response_ids.append((instance_id or source.sha256[:16]).removeprefix("uuid:"))
        self.versions.append(version)

    def _walk(
        self,
        parent: Iterable[etree._Element],
        inside: dict[str, int | Group],
        row: Row,
        table: int,
    ) -> None:
        """Put every answer below an element into its row; the loop that costs the time."""
        get = inside.get
        for element in parent:
            what = get(element.tag)
            if type(what) is int:
                text = element.text
                if text and row[what] is None and not len(element):
                    row[what] = text
                elif text or len(element):
                    self._oddity(element, answered=what != IGNORED)
            elif not isinstance(what, Group):
                self._slow(element, inside, row, table)
            elif what.table is None:
                self._walk(element, what.inside, row, table)
            else:
                self._walk_instance(element, what.inside, what.table.number, table)

    def _walk_instance(
        self, element: etree._Element, inside: dict[str, int | Group], number: int, table: int
    ) -> None:
        """One instance of a repeat: a row of its own."""
        rows, around = self.rows[number], self.rows[table]
        row = rows.blank.copy()
        rows.answers.append(row)
        rows.response.append(len(self.sources) - 1)
        rows.parent.append(len(around.answers) - self.start[table])
        self._walk(element, inside, row, number)

    def _slow(
        self, element: etree._Element, inside: dict[str, int | Group], row: Row, table: int
    ) -> None:
        """An element in a namespace of its own, or one that the form does not have."""
        name = local_name(element)
        if name != element.tag and name in inside:
            inside[element.tag] = inside[name]
            self._walk((element,), inside, row, table)
        elif name in self.rows[table].table.older and not len(element):
            self._older(element, name, row, table)
        elif any(local_name(below) in self.rows[table].table.older for below in element.iter("*")):
            self._walk(element, {}, row, table)
        else:
            self._unknown_element(element)

    def _older(self, element: etree._Element, name: str, row: Row, table: int) -> None:
        """The answer to a question of an older version, which the form's changes name."""
        column = self.rows[table].table.older[name]
        if element.text and row[column] is None:
            row[column] = element.text
        elif element.text:
            self._oddity(element, answered=True)

    def _oddity(self, element: etree._Element, *, answered: bool) -> None:
        if not answered:
            if len(element):
                self._unknown_element(element)
        elif len(element):
            self._note_element("not_text", "It holds elements, not text.", element)
        else:
            message = "It was answered more than once; the first answer was kept."
            self._note_element("answered_twice", message, element)

    def _unknown_element(self, element: etree._Element) -> None:
        """Count an element that the form does not ask for, if there is anything in it."""
        name, above = local_name(element), element.getparent()
        if above is not None and local_name(above) == META:
            return
        if name.startswith(_ADDED_PREFIXES) or not any(text.strip() for text in element.itertext()):
            return
        found = self.unknown.setdefault(xml_path(element), Node(self.sources[-1].source_file))
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
        response = len(self.sources) - 1
        self.notes.append(_Note(response, code, message, place, question, severity))

    def tell(self, notes: SubmissionNotes, questionnaire: Questionnaire) -> None:
        """Add what was noticed in everything that was read."""
        files = [source.source_file for source in self.sources]
        named = pd.DataFrame(
            {"form_version": text_series(self.versions), "source_file": text_series(files)}
        )
        notes.told.extend(self._told())
        notes.nodes.update(self.unknown)
        notes.strange = strange_versions(questionnaire, named)

    def _told(self) -> Iterator[Issue]:
        """What was noticed, in the order of the submissions."""
        for note in self.notes:
            yield Issue(
                response_id=self.response_ids[note.response],
                question=note.question,
                code=note.code,
                rule=note.code,
                severity=note.severity,
                stage="returns",
                source_file=self.sources[note.response].source_file,
                source_place=note.place,
                message=note.message,
            )

    def piece(self) -> Responses:
        """What was read since the last piece, without issues; the next piece begins."""
        read = Responses(self.form_id, self.main(), self.repeats())
        self.begin()
        return read

    def main(self) -> pd.DataFrame:
        """The main table."""
        sources = self.sources[self.first :]
        keys = key_frame(
            response_id=text_series(self.response_ids[self.first :]),
            form_id=self.form_id,
            form_version=text_series(self.versions[self.first :]),
            mode=Mode.ODK,
            source_file=text_series([source.source_file for source in sources]),
            source_row=None,
            received_at=text_series([source.received_at for source in sources]),
        )
        return pd.concat([keys, self.rows[0].frame()], axis=1)

    def repeats(self) -> dict[str, pd.DataFrame]:
        """A table for each repeat."""
        response_id = text_series(self.response_ids[self.first :])
        source_file = text_series([one.source_file for one in self.sources[self.first :]])
        found = dict[str, pd.DataFrame]()
        for rows in self.rows[1:]:
            links = pd.DataFrame({"response": rows.response, "parent": rows.parent}, dtype="int64")
            links["response"] -= self.first
            at = links["response"].to_numpy()
            keys = {
                "response_id": response_id.take(at).reset_index(drop=True),
                "position": links.groupby(["response", "parent"]).cumcount() + 1,
                "parent_position": links["parent"],
                "source_file": source_file.take(at).reset_index(drop=True),
                "source_row": pd.array([pd.NA] * len(links), dtype="Int64"),
            }
            frame = pd.DataFrame(keys).astype({"position": "Int64", "parent_position": "Int64"})
            found[rows.table.name or ""] = pd.concat([frame, rows.frame()], axis=1)
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
    notes, size = SubmissionNotes(), len(sources) + 1
    (read,) = submissions_in_pieces(sources, questionnaire, caps=caps, size=size, notes=notes)
    return replace(read, issues=issues_frame(submission_issues([notes])))


def submissions_in_pieces(
    sources: Sequence[SourceFile],
    questionnaire: Questionnaire,
    *,
    caps: Caps = CAPS,
    size: int,
    notes: SubmissionNotes,
    content_of: Callable[[SourceFile, Caps], bytes | None] = submission_bytes,
) -> Iterator[Responses]:
    """Read submissions, so many at a time.

    Args:
        sources: the received files.
        questionnaire: their form.
        caps: what a file may hold at most.
        size: how many make a piece.
        notes: gets what was noticed in all of them, behind the last piece.
        content_of: reads a file; None where it proves to be none of ours after all.

    Returns:
        As `read_submissions`, piece by piece, without issues.
    """
    reader = _Reader(questionnaire)
    for source in sources:
        begin(source.source_file)
        try:
            content = content_of(source, caps)
            if content is not None:
                reader.take(source, content)
        except SurveyError as error:
            notes.unread.append(unreadable(source.source_file, error))
        else:
            if len(reader.sources) - reader.first >= size:
                yield reader.piece()
    yield reader.piece()
    reader.tell(notes, questionnaire)
