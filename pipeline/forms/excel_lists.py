"""The hidden sheet of choice lists: what drop-downs show, and the name each label stands for."""

import re
from collections.abc import Iterable

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName

from pipeline.forms.excel_keys import LISTS, shown_labels
from pipeline.questionnaire.model import Questionnaire

LISTS_SHEET = "_lists"
FIRST_ROW = 3
NAME_LENGTH = 200
_STRANGE = re.compile(r"[^A-Za-z0-9_.]")


def defined_name(prefix: str, name: str, taken: Iterable[str]) -> str:
    """A name that Excel accepts for a defined name and that no other has, capitals aside.

    The prefix keeps it from looking like a cell; it must end in `_`.
    """
    wanted = shown = prefix + _STRANGE.sub("_", name)[:NAME_LENGTH]
    used = {other.casefold() for other in taken}
    tries = 1
    while shown.casefold() in used:
        tries += 1
        shown = f"{wanted}_{tries}"
    return shown


def code_name(list_name: str) -> str:
    """Defined name of a list's choice names, from the defined name of its labels."""
    return f"code_{list_name.removeprefix('list_')}"


def listed(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The choice lists that drop-downs need, in the order of the questions."""
    names = dict.fromkeys(
        item.question.list_name
        for item in questionnaire.items
        if item.question.type_name == "select_one" and questionnaire.choices_of(item.question)
    )
    return tuple(name for name in names if name)


def add_lists(book: Workbook, questionnaire: Questionnaire, language: str) -> dict[str, str]:
    """Write the hidden sheet: for each list a column of labels and a column of names.

    Returns:
        Choice list -> defined name of its labels; `code_name` of it names the choice names.
    """
    sheet = book.create_sheet(LISTS_SHEET)
    sheet.sheet_state = "veryHidden"
    sheet["A1"] = LISTS
    names: dict[str, str] = {}
    for order, list_name in enumerate(listed(questionnaire)):
        column = 2 * order + 1
        sheet.cell(FIRST_ROW - 1, column, list_name)
        labels = shown_labels(questionnaire.choices[list_name], language)
        for row, (code, label) in enumerate(labels.items(), start=FIRST_ROW):
            for at, text in ((column, label), (column + 1, code)):
                cell = sheet.cell(row, at, text)
                cell.data_type = "s"
        last = FIRST_ROW + len(labels) - 1
        name = defined_name("list_", list_name, names.values())
        for defined, at in ((name, column), (code_name(name), column + 1)):
            letter = get_column_letter(at)
            book.defined_names[defined] = DefinedName(
                defined, attr_text=f"{LISTS_SHEET}!${letter}${FIRST_ROW}:${letter}${last}"
            )
        names[list_name] = name
    return names
