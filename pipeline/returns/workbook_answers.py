"""The answers of one returned workbook, each as text as it came, with its cell and what is odd."""

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from pipeline.questionnaire.types import Storage
from pipeline.returns.workbook_cells import Answers, Source, as_text, read_vector
from pipeline.returns.workbook_fields import FieldFinder, Headings, address
from pipeline.returns.workbook_file import AnswerSheet, ReturnedWorkbook
from pipeline.returns.workbook_oddities import (
    note_foreign_parts,
    note_formulas,
    note_hidden,
    note_merges,
    note_strays,
    one_of_each,
)


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
    note_foreign_parts(answers, book)
    by_table = {sheet.mark.table: (sheet, headings) for sheet, headings in headed}
    if "" in by_table:
        _read_questions(Source(book, *by_table[""], answers), finder)
    rows_of: dict[str, dict[str, int]] = {}
    for name, item in finder.questionnaire.repeats.items():
        answers.repeats[name] = []
        if name in by_table:
            sheet = Source(book, *by_table[name], answers)
            rows_of[name] = _read_table(sheet, finder, name, rows_of.get(item.parent or ""))
    return answers


def _read_questions(at: Source, finder: FieldFinder) -> None:
    rows, headings, answers = at.sheet.rows, at.headings, at.answers
    keys = [row[headings.keys] for row in rows]
    types = [row[headings.types] for row in rows] if headings.types is not None else ()
    fields = finder.fields(keys, types, None)
    column = headings.answers or 0
    values = [row[column] for row in rows]
    letter = get_column_letter(column + 1)
    answers.names[None] = fields.names
    one_of_each(at, fields, values, lambda row: f"{letter}{row + 1}")
    note_strays(at, fields, values, lambda row: f"{letter}{row + 1}")
    answers.main = read_vector(at, fields, values, lambda row: f"{letter}{row + 1}", None)
    cells = {f"{letter}{row + 1}" for row in fields.places}
    note_formulas(at, cells, frozenset([letter]))
    note_merges(at, [(row, column) for row in fields.places])
    note_hidden(at, [(row, f"{letter}{row + 1}") for row in fields.places])


def _read_table(
    at: Source, finder: FieldFinder, name: str, parents: Mapping[str, int] | None
) -> dict[str, int]:
    """Read a repeat; gives back row key -> number of the instance among all of the table.

    A row without answers is no instance, but where the form counts the instances: there the rows
    that follow it keep their numbers, since other questions point to them by number.
    """
    rows, headings, answers = at.sheet.rows, at.headings, at.answers
    keys = rows[headings.row]
    types = rows[headings.types] if headings.types is not None else ()
    fields = finder.fields(keys, types, name)
    answers.names[name] = fields.names
    columns = fields.places
    counted: dict[int | None, int] = {}
    numbers: dict[str, int] = {}
    repeat = finder.questionnaire.repeats[name]
    by_number = repeat.parent is None and repeat.node.repeat_count is not None
    skipped = list[str]()
    started = False
    for row, values in enumerate(rows[headings.row + 1 :], start=headings.row + 1):
        key = as_text(values[headings.keys], Storage.TEXT) or ""
        started |= key.isdecimal()
        if not started:
            continue
        if all(values[column] == "" for column in columns):
            skipped.append(key)
            continue
        parent = _parent_of(at, values, parents, row)
        for blank in skipped if by_number else ():
            counted[parent] = position = counted.get(parent, 0) + 1
            numbers[blank] = len(numbers) + 1
            answers.repeats[name].append((position, parent, {}))
        skipped.clear()
        counted[parent] = position = counted.get(parent, 0) + 1
        numbers[key] = len(numbers) + 1

        def cell_of(column: int, row: int = row) -> str:
            return address(row, column)

        one_of_each(at, fields, values, cell_of)
        note_strays(at, fields, values, cell_of)
        record = read_vector(at, fields, values, cell_of, position)
        answers.repeats[name].append((position, parent, record))
    letters = frozenset(get_column_letter(column + 1) for column in columns)
    note_formulas(at, None, letters)
    return numbers


def _parent_of(
    at: Source, values: Sequence[Any], parents: Mapping[str, int] | None, row: int
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
