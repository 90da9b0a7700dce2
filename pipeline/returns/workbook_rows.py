"""The answers of a workbook with a row a respondent: a response a row, its repeats by serial."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from pipeline.questionnaire.types import Storage
from pipeline.responses import IssueSeverity
from pipeline.returns.workbook_cells import Answers, Record, Source, as_text, read_vector
from pipeline.returns.workbook_fields import FieldFinder, Fields, Headings, address
from pipeline.returns.workbook_file import AnswerSheet, ReturnedWorkbook
from pipeline.returns.workbook_oddities import note_formulas, note_strays, one_of_each


@dataclass(frozen=True)
class Row:
    """One response.

    Attributes:
        serial: as it was written; empty where none was.
        row: its row in the main table's sheet, from 1; None where only rows of repeats name it.
    """

    answers: Answers
    serial: str
    row: int | None


def read_rows(
    book: ReturnedWorkbook,
    headed: Sequence[tuple[AnswerSheet, Headings]],
    finder: FieldFinder,
    *,
    response_id: str,
) -> list[Row]:
    """Read every response of a workbook with a row a respondent.

    Rows of a repeat whose serial stands in no row of the main table become a response of their
    own, with an issue: nothing that was written is lost.

    Args:
        book: the opened workbook.
        headed: its sheets with their headings; one a table.
        finder: finds the fields of the form's definition.
        response_id: the file's; each response adds its number.

    Raises:
        SurveyError: READ-003, a question stands twice with different answers.
    """
    reading = _Reading(book, finder, response_id)
    by_table = {sheet.mark.table: (sheet, headings) for sheet, headings in headed}
    for name in ("", *finder.questionnaire.repeats):
        if name in by_table:
            reading.add_sheet(name, *by_table[name])
    for row in reading.rows:
        row.answers.names.update(reading.names)
    return reading.rows


@dataclass
class _Reading:
    """The responses found so far.

    Attributes:
        instances: repeat -> row key -> whose instance it is, and which.
    """

    book: ReturnedWorkbook
    finder: FieldFinder
    response_id: str
    rows: list[Row] = field(default_factory=list)
    by_serial: dict[str, Row] = field(default_factory=dict)
    instances: dict[str, dict[str, tuple[Row, int]]] = field(default_factory=dict)
    names: dict[str | None, frozenset[str]] = field(default_factory=dict)

    def add_sheet(self, name: str, sheet: AnswerSheet, headings: Headings) -> None:
        """Read the main table ("") or a repeat."""
        keys = sheet.rows[headings.row]
        types = sheet.rows[headings.types] if headings.types is not None else ()
        fields = self.finder.fields(keys, types, name or None)
        self.names[name or None] = fields.names
        for at, key, values in _written(sheet, headings, fields):
            if name:
                self._add_instance(name, Source(self.book, sheet, headings, _nowhere()), fields, at)
                continue
            serial = _key(values, headings.serials)
            row = self._new(key, serial, at + 1)
            source = Source(self.book, sheet, headings, row.answers)
            if not serial:
                place = source.place(address(at, headings.serials or 0))
                row.answers.note(
                    "no_key",
                    "This row has no serial number.",
                    place=place,
                    severity=IssueSeverity.WARNING,
                )
            row.answers.main = _record(source, fields, at, None)

    def _add_instance(self, name: str, source: Source, fields: Fields, at: int) -> None:
        values = source.sheet.rows[at]
        owner, parent = self._owner(name, source, at)
        source = Source(self.book, source.sheet, source.headings, owner.answers)
        told = owner.answers.repeats[name]
        position = sum(1 for _, other, _ in told if other == parent) + 1
        self.instances.setdefault(name, {})[_key(values, source.headings.keys)] = owner, position
        told.append((position, parent, _record(source, fields, at, position)))

    def _owner(self, name: str, source: Source, at: int) -> tuple[Row, int | None]:
        """Whose instance a row of a repeat is, and its parent's position."""
        values, column = source.sheet.rows[at], source.headings.parents
        key, outer = _key(values, column), self.finder.questionnaire.repeats[name].parent
        if outer is None:
            found = self.by_serial.get(key)
            if found is not None:
                return found, 1
        elif key in self.instances.get(outer, {}):
            return self.instances[outer][key]
        orphan = self._new(f"{name}-{at + 1}", "" if outer else key, None)
        orphan.answers.note(
            "no_parent_row",
            "This row does not say to which row of the other table it belongs.",
            place=source.place(address(at, column or 0)),
        )
        return orphan, None if outer else 1

    def _new(self, number: str, serial: str, row: int | None) -> Row:
        answers = Answers(f"{self.response_id}-{number}", self.book.shown, row=row)
        answers.repeats = {name: [] for name in self.finder.questionnaire.repeats}
        self.rows.append(made := Row(answers, serial, row))
        if serial:
            self.by_serial.setdefault(serial, made)
        return made


def _nowhere() -> Answers:
    """A place for what is not read yet."""
    return Answers("", "")


def _written(
    sheet: AnswerSheet, headings: Headings, fields: Fields
) -> Iterator[tuple[int, str, list[Any]]]:
    """Every row below the headings that holds an answer: its place from 0, key and values."""
    started = False
    for at, values in enumerate(sheet.rows[headings.row + 1 :], start=headings.row + 1):
        key = _key(values, headings.keys)
        started |= key.isdecimal()
        if started and any(values[column] != "" for column in fields.places):
            yield at, key or str(at + 1), values


def _key(values: Sequence[Any], column: int | None) -> str:
    text = None if column is None else as_text(values[column], Storage.TEXT)
    return (text or "").strip()


def _record(source: Source, fields: Fields, at: int, position: int | None) -> Record:
    values = source.sheet.rows[at]

    def cell_of(column: int) -> str:
        return address(at, column)

    one_of_each(source, fields, values, cell_of)
    note_strays(source, fields, values, cell_of)
    record = read_vector(source, fields, values, cell_of, position)
    letters = frozenset(get_column_letter(column + 1) for column in fields.places)
    note_formulas(source, {cell_of(column) for column in fields.places}, letters)
    return record
