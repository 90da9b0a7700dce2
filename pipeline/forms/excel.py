"""The Excel form: a workbook a language, filled in offline, read back by its keys."""

from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook

from pipeline.forms.excel_cover import add_cover
from pipeline.forms.excel_empty import empty_form
from pipeline.forms.excel_file import save_workbook
from pipeline.forms.excel_keys import FormMark
from pipeline.forms.excel_layout import Layout, lay_out
from pipeline.forms.excel_lists import LISTS_SHEET, add_lists
from pipeline.forms.excel_paper import Drawing
from pipeline.forms.excel_questions import add_questions, defaults_of
from pipeline.forms.excel_rules import RULES_SHEET, add_rules
from pipeline.forms.excel_slots import slots_of
from pipeline.forms.excel_style import add_styles, section_colour
from pipeline.forms.excel_tables import add_table
from pipeline.questionnaire.definition import definition_hash
from pipeline.questionnaire.model import Question, Questionnaire


def write_excel_form(
    questionnaire: Questionnaire,
    language: str,
    path: Path,
    *,
    serial: str = "",
    consent: str = "consent",
    prefilled: Mapping[str, str] | None = None,
) -> None:
    """Write a questionnaire as an Excel form in one language.

    The same questionnaire gives the same bytes.

    Args:
        questionnaire: any questionnaire.
        language: one of its language codes.
        path: the .xlsx to write.
        serial: number of this copy, for forms that are issued by number.
        consent: the question that asks for consent; the words before it stand on the cover.
        prefilled: question -> the answer that stands in its cell from the start, a choice by its
            name. Such a copy names somebody, and is readable by its owner alone.
    """
    drawing = _drawn(questionnaire, language, serial, consent, prefilled or {})
    save_workbook(drawing.book, path, drawing.shown, mode=0o600 if prefilled else 0o644)


def excel_form(questionnaire: Questionnaire, language: str, *, serial: str = "") -> Workbook:
    """The form as a workbook, not yet written; its formulas have no values yet."""
    return _drawn(questionnaire, language, serial, "consent", {}).book


def _drawn(
    questionnaire: Questionnaire,
    language: str,
    serial: str,
    consent: str,
    prefilled: Mapping[str, str],
) -> Drawing:
    layout = lay_out(questionnaire, language)
    book = Workbook()
    book.remove(book.worksheets[0])
    add_styles(book, language, 1 + max((line.section for line in layout.lines), default=0))
    mark = FormMark(
        form_id=questionnaire.form_id,
        version=questionnaire.version,
        language=language,
        definition=definition_hash(questionnaire),
        serial=serial,
    )
    lists = add_lists(book, questionnaire, language)
    slots = slots_of(questionnaire, layout)
    numbers = numbers_of(layout)
    drawing = Drawing(
        *(book, questionnaire, language, layout, mark, lists, numbers, slots, consent),
        defaults=defaults_of(questionnaire, language, prefilled),
    )
    add_rules(drawing)
    empty = empty_form(drawing)
    cover = add_cover(drawing, empty)
    questions = add_questions(drawing, empty)
    tables = [add_table(drawing, table, empty) for table in layout.tables.values()]
    for sheet, table in zip(tables, layout.tables.values(), strict=True):
        sheet.sheet_properties.tabColor = section_colour(table.section)
    questions.sheet_properties.tabColor = section_colour(0)
    for helper in (LISTS_SHEET, RULES_SHEET):
        book.move_sheet(helper, offset=len(book.worksheets))
    book.active = book.index(cover)
    book.security.lockStructure = True
    return drawing


def numbers_of(layout: Layout) -> dict[str, str]:
    """Question -> its number as shown, questions in tables included."""
    numbers = {
        line.node.name: line.number
        for line in layout.lines
        if isinstance(line.node, Question) and line.number
    }
    for table in layout.tables.values():
        numbers |= {column.question.name: column.number for column in table.columns}
    return numbers
