"""What is odd about a returned sheet: doubled keys, strays, formulas, merged cells."""

from collections.abc import Callable, Sequence
from typing import Any

from pipeline.responses import IssueSeverity
from pipeline.returns.problems import refused
from pipeline.returns.workbook_cells import Answers, Source
from pipeline.returns.workbook_fields import Fields, address
from pipeline.returns.workbook_file import ReturnedWorkbook
from pipeline.returns.workbook_problems import EMPTY_FORM_REPAIR, FOREIGN


def one_of_each(
    at: Source, fields: Fields, values: list[Any], cell_of: Callable[[int], str]
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


def note_strays(
    at: Source,
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


def note_formulas(at: Source, cells: set[str] | None, letters: frozenset[str]) -> None:
    """Report answers that are formulas; `cells` are all that count, None: any of the columns."""
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


def note_foreign_parts(answers: Answers, book: ReturnedWorkbook) -> None:
    """Report macros and links to other files; the answers are read, nothing else is."""
    for code in book.foreign_parts:
        answers.note(code, FOREIGN[code], severity=IssueSeverity.WARNING)


def note_hidden(at: Source, cells: Sequence[tuple[int, str]]) -> None:
    """Report answers in rows that somebody hid; cells are (row from 0, address)."""
    answered = {place for _, _, place in at.answers.places}
    hidden = at.book.hidden_rows(at.sheet.name) if cells else frozenset()
    found = [cell for row, cell in cells if row + 1 in hidden and at.place(cell) in answered]
    if found:
        at.answers.note(
            "hidden_answer",
            f"{len(found)} answers stand in hidden rows; they were read like any other.",
            place=at.place(found[0]),
            severity=IssueSeverity.WARNING,
        )


def note_merges(at: Source, cells: Sequence[tuple[int, int]]) -> None:
    """Report merged answer cells of one column; cells are (row, column) from 0."""
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
