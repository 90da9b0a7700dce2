"""The answers of one returned workbook, each as text as it came, with its cell and what is odd."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from pipeline.forms.excel_keys import TICKS, code_of
from pipeline.questionnaire.types import Storage
from pipeline.responses import Issue, IssueSeverity
from pipeline.returns.problems import refused
from pipeline.returns.workbook_fields import FieldFinder, Fields, Headings, Several, address
from pipeline.returns.workbook_file import AnswerSheet, ReturnedWorkbook
from pipeline.returns.workbook_problems import EMPTY_FORM_REPAIR

_EXACT_INTEGERS = 2**53
Record = dict[str, str]
"""Question -> answer; a question without an answer has no entry."""


@dataclass
class Answers:
    """What one workbook holds.

    Attributes:
        main: answers outside repeats.
        repeats: repeat -> its instances in order: (position, parent_position, answers).
        places: (question, position, `sheet!cell`) of each answer.
        issues: what is odd.
        names: questions that stand in the workbook, by repeat (None outside repeats).
    """

    response_id: str
    source_file: str
    main: Record = field(default_factory=dict)
    repeats: dict[str, list[tuple[int, int | None, Record]]] = field(default_factory=dict)
    places: list[tuple[str, int | None, str]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    names: dict[str | None, frozenset[str]] = field(default_factory=dict)

    def note(
        self,
        code: str,
        message: str,
        *,
        place: str = "",
        question: str | None = None,
        position: int | None = None,
        severity: IssueSeverity = IssueSeverity.ERROR,
    ) -> None:
        """Keep one issue; the message never holds the answer."""
        self.issues.append(
            Issue(
                response_id=self.response_id,
                question=question,
                code=code,
                rule=code,
                position=position,
                severity=severity,
                stage="returns",
                source_file=self.source_file,
                source_place=place,
                message=message,
            )
        )


def as_text(value: Any, storage: Storage) -> str | None:
    """A cell's value as text: 34 not 34.0, dates and times in ISO; blank is None."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _EXACT_INTEGERS
        return str(int(value)) if whole else repr(value)
    if storage is Storage.DATE and isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def read_answers(
    book: ReturnedWorkbook,
    headed: Sequence[tuple[AnswerSheet, Headings]],
    finder: FieldFinder,
    *,
    response_id: str,
) -> Answers:
    """Read every answer of a workbook.

    Args:
        book: the opened workbook.
        headed: its answer sheets with their headings; at most one a table.
        finder: finds the fields of the form's definition.
        response_id: goes into the issues.

    Raises:
        SurveyError: READ-003, a question stands twice with different answers.
    """
    answers = Answers(response_id, book.shown)
    by_table = {sheet.mark.table: (sheet, headings) for sheet, headings in headed}
    if "" in by_table:
        _read_questions(_Sheet(book, *by_table[""], answers), finder)
    rows_of: dict[str, dict[str, int]] = {}
    for name, item in finder.questionnaire.repeats.items():
        answers.repeats[name] = []
        if name in by_table:
            sheet = _Sheet(book, *by_table[name], answers)
            rows_of[name] = _read_table(sheet, finder, name, rows_of.get(item.parent or ""))
    return answers


@dataclass
class _Sheet:
    book: ReturnedWorkbook
    sheet: AnswerSheet
    headings: Headings
    answers: Answers

    def place(self, cell: str) -> str:
        return f"{self.sheet.name}!{cell}"


def _read_questions(at: _Sheet, finder: FieldFinder) -> None:
    rows, headings, answers = at.sheet.rows, at.headings, at.answers
    keys = [row[headings.keys] for row in rows]
    types = [row[headings.types] for row in rows] if headings.types is not None else ()
    fields = finder.fields(keys, types, None)
    column = headings.answers or 0
    values = [row[column] for row in rows]
    letter = get_column_letter(column + 1)
    answers.names[None] = fields.names
    _one_of_each(at, fields, values, lambda row: f"{letter}{row + 1}")
    _note_strays(at, fields, values, lambda row: f"{letter}{row + 1}")
    answers.main = _read_vector(at, fields, values, lambda row: f"{letter}{row + 1}", None)
    cells = {f"{letter}{row + 1}" for row in fields.places}
    _note_formulas(at, cells, frozenset([letter]))
    _note_merges(at, [(row, column) for row in fields.places])


def _read_table(
    at: _Sheet, finder: FieldFinder, name: str, parents: Mapping[str, int] | None
) -> dict[str, int]:
    """Read a repeat; gives back row key -> number of the instance among all of the table."""
    rows, headings, answers = at.sheet.rows, at.headings, at.answers
    keys = rows[headings.row]
    types = rows[headings.types] if headings.types is not None else ()
    fields = finder.fields(keys, types, name)
    answers.names[name] = fields.names
    columns = fields.places
    counted: dict[int | None, int] = {}
    numbers: dict[str, int] = {}
    started = False
    for row, values in enumerate(rows[headings.row + 1 :], start=headings.row + 1):
        key = as_text(values[headings.keys], Storage.TEXT) or ""
        started |= key.isdecimal()
        if not started or all(values[column] == "" for column in columns):
            continue
        parent = _parent_of(at, values, parents, row)
        counted[parent] = position = counted.get(parent, 0) + 1
        numbers[key] = len(numbers) + 1

        def cell_of(column: int, row: int = row) -> str:
            return address(row, column)

        _one_of_each(at, fields, values, cell_of)
        _note_strays(at, fields, values, cell_of)
        record = _read_vector(at, fields, values, cell_of, position)
        answers.repeats[name].append((position, parent, record))
    letters = frozenset(get_column_letter(column + 1) for column in columns)
    _note_formulas(at, None, letters)
    return numbers


def _parent_of(
    at: _Sheet, values: Sequence[Any], parents: Mapping[str, int] | None, row: int
) -> int | None:
    column = at.headings.parents
    if parents is None or column is None:
        return 1
    found = parents.get(as_text(values[column], Storage.INTEGER) or "")
    if found is None:
        at.answers.note(
            "no_parent_row",
            "This row does not say to which row of the other table it belongs.",
            place=at.place(address(row, column)),
        )
    return found


def _read_vector(
    at: _Sheet,
    fields: Fields,
    values: Sequence[Any],
    cell_of: Callable[[int], str],
    position: int | None,
) -> Record:
    record: Record = {}
    places, name = at.answers.places, at.sheet.name
    for single in fields.singles:
        value = values[single.at]
        if value == "":
            continue
        text = as_text(value, single.storage)
        if text is None:
            continue
        if single.codes is not None:
            text = code_of(text, single.codes) or text
        elif single.is_tick and text.strip() in TICKS:
            text = "OK"
        record[single.name] = text
        places.append((single.name, position, f"{name}!{cell_of(single.at)}"))
    for several in fields.several:
        read = _ranked if several.is_rank else _ticked
        codes, first = read(at, several, values, cell_of, position)
        if codes:
            record[several.name] = " ".join(codes)
            places.append((several.name, position, f"{name}!{cell_of(first)}"))
    return record


def _ticked(
    at: _Sheet,
    several: Several,
    values: Sequence[Any],
    cell_of: Callable[[int], str],
    position: int | None,
) -> tuple[list[str], int]:
    codes, first = list[str](), -1
    for cell, choice in several.cells:
        if values[cell] == "":
            continue
        text = as_text(values[cell], Storage.TEXT)
        if text is None:
            continue
        if text.strip() in TICKS:
            first = cell if not codes else first
            codes.append(choice)
        else:
            at.answers.note(
                "unclear_tick",
                "This cell holds neither a tick nor nothing; it was read as not ticked.",
                place=at.place(cell_of(cell)),
                question=several.name,
                position=position,
            )
    return codes, first


def _ranked(
    at: _Sheet,
    several: Several,
    values: Sequence[Any],
    cell_of: Callable[[int], str],
    position: int | None,
) -> tuple[list[str], int]:
    ranks: list[tuple[int, int, str]] = []
    unclear: list[int] = []
    for cell, choice in several.cells:
        text = as_text(values[cell], Storage.INTEGER)
        if text is None:
            continue
        if text.strip().isascii() and text.strip().isdecimal():
            ranks.append((int(text), cell, choice))
        else:
            unclear.append(cell)
    numbers = [rank for rank, _, _ in ranks]
    if sorted(numbers) != list(range(1, len(numbers) + 1)) and not unclear:
        unclear = [cell for rank, cell, _ in ranks if numbers.count(rank) > 1] or [ranks[0][1]]
    for cell in unclear:
        at.answers.note(
            "unclear_rank",
            "The numbers do not put the choices in one order from 1 on.",
            place=at.place(cell_of(cell)),
            question=several.name,
            position=position,
        )
    ordered = sorted(ranks)
    return [choice for _, _, choice in ordered], ordered[0][1] if ordered else -1


def _one_of_each(
    at: _Sheet, fields: Fields, values: list[Any], cell_of: Callable[[int], str]
) -> None:
    """Let a key that stands twice count once, where no two different answers stand beside it.

    Raises:
        SurveyError: READ-003, they differ.
    """
    for places in fields.twice.values():
        given = [(values[place], place) for place in places if values[place] != ""]
        if len({str(value) for value, _ in given}) > 1:
            raise refused(
                "READ-003",
                "A question stands twice in this form, with different answers.",
                EMPTY_FORM_REPAIR,
                file=at.answers.source_file,
                cell=at.place(cell_of(given[-1][1])),
            )
        if given:
            values[places[0]] = given[0][0]


def _note_strays(
    at: _Sheet,
    fields: Fields,
    values: Sequence[Any],
    cell_of: Callable[[int], str],
) -> None:
    """Report what was written where no question is, from the first question on."""
    for place in range(min(fields.keyed, default=0), len(values)):
        if values[place] == "" or place in fields.keyed:
            continue
        keyed = place in fields.unknown
        if not keyed and at.headings.answers is None:
            continue
        at.answers.note(
            "key_unknown" if keyed else "answer_without_key",
            "The hidden key beside this cell belongs to no question of the form."
            if keyed
            else "Something was written here, but no question of the form stands beside it.",
            place=at.place(cell_of(place)),
        )


def _note_formulas(at: _Sheet, cells: set[str] | None, letters: frozenset[str]) -> None:
    if not letters:
        return
    found = at.book.cells_of_formulas(at.sheet.name, letters)
    answered = {place for _, _, place in at.answers.places}
    for cell in sorted(found if cells is None else found & cells):
        read = at.place(cell) in answered
        at.answers.note(
            "formula_answer",
            "This answer is a formula; the value that it had when the form was saved was read."
            if read
            else "This answer is a formula without a saved value; it was read as blank.",
            place=at.place(cell),
            severity=IssueSeverity.WARNING if read else IssueSeverity.ERROR,
        )


def _note_merges(at: _Sheet, cells: Sequence[tuple[int, int]]) -> None:
    rows = {row + 1 for row, _ in cells}
    column = cells[0][1] + 1 if cells else 0
    for first_column, first_row, last_column, last_row in at.book.merged_ranges(at.sheet.name):
        if not first_column <= column <= last_column:
            continue
        if first_row == last_row and first_column == last_column:
            continue
        if rows.isdisjoint(range(first_row, last_row + 1)):
            continue
        at.answers.note(
            "merged_answer",
            "Answer cells were merged here; what stood in any but the first is lost.",
            place=at.place(address(first_row - 1, first_column - 1)),
            severity=IssueSeverity.WARNING,
        )
