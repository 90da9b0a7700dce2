"""The Excel form: a workbook a language, filled in offline, read back by its keys."""

from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook

from pipeline.forms.excel_cover import add_cover
from pipeline.forms.excel_empty import empty_form
from pipeline.forms.excel_file import save_workbook
from pipeline.forms.excel_keys import TABLE_LAYOUT, FormMark
from pipeline.forms.excel_layout import Layout, lay_out, lay_out_table
from pipeline.forms.excel_lists import LISTS_SHEET, add_lists
from pipeline.forms.excel_offer import RULES_SHEET
from pipeline.forms.excel_paper import Drawing
from pipeline.forms.excel_questions import add_questions, defaults_of
from pipeline.forms.excel_rules import add_rules
from pipeline.forms.excel_slots import slots_of
from pipeline.forms.excel_style import add_styles, section_colour
from pipeline.forms.excel_tables import add_table
from pipeline.forms.phrases import phrase
from pipeline.questionnaire.definition import definition_hash
from pipeline.questionnaire.model import Question, Questionnaire, Repeat


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
    _save(drawing, path, mode=0o600 if prefilled else 0o644)


def excel_form(questionnaire: Questionnaire, language: str, *, serial: str = "") -> Workbook:
    """The form as a workbook, not yet written; its formulas have no values yet."""
    return _drawn(questionnaire, language, serial, "consent", {}).book


def write_table_form(
    questionnaire: Questionnaire, language: str, path: Path, *, consent: str = "consent"
) -> None:
    """Write a questionnaire as a workbook with a row a respondent, for keying in paper forms.

    The same lists and checks; a repeat is a sheet whose rows are keyed by the respondent's serial.
    A rule that looks at rows of another sheet is checked after the form is back.
    """
    drawing = _drawn(questionnaire, language, "", consent, {}, is_table=True)
    _save(drawing, path)


def _save(drawing: Drawing, path: Path, *, mode: int = 0o644) -> None:
    """Write the workbook and let go of its cells, which no collection then has to look at."""
    save_workbook(drawing.book, path, drawing.shown, mode=mode)
    for sheet in drawing.book.worksheets:
        sheet._cells.clear()  # noqa: SLF001 - cells and sheet hold each other


def _drawn(
    questionnaire: Questionnaire,
    language: str,
    serial: str,
    consent: str,
    prefilled: Mapping[str, str],
    *,
    is_table: bool = False,
) -> Drawing:
    definition = definition_hash(questionnaire)
    layout = lay_out(questionnaire, language)
    if is_table:
        numbered = numbers_of(layout)
        numbered |= {name: table.number for name, table in layout.tables.items()}
        questionnaire, respondents = with_respondents(questionnaire)
        layout = lay_out_table(questionnaire, language, respondents, numbered)
    book = Workbook()
    book.remove(book.worksheets[0])
    add_styles(book, language, 1 + max((line.section for line in layout.lines), default=0))
    mark = FormMark(
        form_id=questionnaire.form_id,
        version=questionnaire.version,
        language=language,
        definition=definition,
        serial=serial,
        layout=TABLE_LAYOUT if is_table else 1,
    )
    lists = add_lists(book, questionnaire, language)
    slots = slots_of(questionnaire, layout)
    numbers = numbers_of(layout)
    drawing = Drawing(
        *(book, questionnaire, language, layout, mark, lists, numbers, slots, consent),
        defaults=defaults_of(questionnaire, language, prefilled),
        prefilled=prefilled,
    )
    add_rules(drawing)
    empty = empty_form(drawing)
    cover = add_cover(drawing, empty)
    if not is_table:
        questions = add_questions(drawing, empty)
        questions.sheet_properties.tabColor = section_colour(0)
    tables = [add_table(drawing, table, empty) for table in layout.tables.values()]
    for sheet, table in zip(tables, layout.tables.values(), strict=True):
        sheet.sheet_properties.tabColor = section_colour(table.section)
    for helper in (LISTS_SHEET, RULES_SHEET):
        book.move_sheet(helper, offset=len(book.worksheets))
    book.active = book.index(cover)
    book.security.lockStructure = True
    return drawing


def with_respondents(questionnaire: Questionnaire) -> tuple[Questionnaire, str]:
    """The questionnaire with a repeat of respondents around everything, and the repeat's name."""
    taken = {item.name for item in questionnaire.items} | questionnaire.repeats.keys()
    name = "respondents"
    while name in taken:
        name += "_"
    label = {code: phrase("respondents", code) for code in questionnaire.language_codes}
    around = Repeat(repeat=name, label=label, questions=questionnaire.survey)
    fields = {field: getattr(questionnaire, field) for field in Questionnaire.model_fields}
    return Questionnaire(**{**fields, "survey": (around,)}), name


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
