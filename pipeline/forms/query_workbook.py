"""The workbook of queries: what one person is asked, answered offline and read back by keys."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import cast

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.excel import numbers_of
from pipeline.forms.excel_checks import Checks
from pipeline.forms.excel_file import save_workbook
from pipeline.forms.excel_keys import shown_labels
from pipeline.forms.excel_layout import lay_out
from pipeline.forms.excel_lists import FIRST_ROW as FIRST_LIST_ROW
from pipeline.forms.excel_lists import LISTS_SHEET, defined_name
from pipeline.forms.excel_paper import protect
from pipeline.forms.excel_style import (
    add_styles,
    look_of,
    merge,
    put,
    put_formula,
    section_colour,
    span,
    text_height,
)
from pipeline.forms.phrases import phrase
from pipeline.forms.phrases_queries import query_phrase
from pipeline.forms.query_layout import (
    ANSWER_HEADING,
    BY,
    BY_ROW,
    COMMENT_HEADING,
    DATE,
    DATE_ROW,
    DECISION_HEADING,
    FIRST_ROW,
    FURNITURE,
    HEADINGS_ROW,
    HOW_ROW,
    KEY_HEADING,
    SHOWN_ROW,
    TITLE_ROW,
    WIDTHS,
    Column,
)
from pipeline.forms.query_reasons import Speaker
from pipeline.forms.query_rows import RowWriter, colour_done
from pipeline.queries import Query, QueryBook, QueryMark
from pipeline.questionnaire.model import ANY_LANGUAGE, Questionnaire

_PRIVATE = 0o600
_A4 = 9
_SHOWN = ("number", "question", "given", "why", "answer", "unit", "decision", "comment")


def write_query_workbook(
    book: QueryBook, questionnaires: Mapping[str, Questionnaire], path: Path
) -> None:
    """Write what one person is asked, readable by its owner alone.

    The same queries give the same bytes.

    Args:
        book: the queries.
        questionnaires: by form_id; of every form that is asked about.
        path: the .xlsx to write.
    """
    made, shown = _drawn(book, questionnaires)
    save_workbook(made, path, {made.sheetnames[0]: shown}, mode=_PRIVATE)


def query_workbook(book: QueryBook, questionnaires: Mapping[str, Questionnaire]) -> Workbook:
    """The queries as a workbook, not yet written; its formulas have no values yet."""
    return _drawn(book, questionnaires)[0]


def _drawn(
    book: QueryBook, questionnaires: Mapping[str, Questionnaire]
) -> tuple[Workbook, dict[str, str | int]]:
    shown: dict[str, str | int] = {}
    made = Workbook()
    made.remove(made.worksheets[0])
    forms = [form for form in questionnaires if any(q.key.form_id == form for q in book.queries)]
    add_styles(made, book.language, len(forms))
    sheet = _start(made, book)
    lists = _add_lists(made, book, questionnaires)
    checks = Checks(sheet, book.language)
    row, asked = FIRST_ROW, 0
    for section, form_id in enumerate(forms):
        questionnaire = questionnaires[form_id]
        language = spoken_in(questionnaire, book.language)
        numbers = numbers_of(lay_out(questionnaire, language))
        speaker = Speaker(questionnaire, language, numbers)
        writer = RowWriter(sheet, speaker, checks, section, lists[form_id], row, shown, asked)
        for key, queries in _by_interview(book, form_id):
            writer.add_interview(book.interviews[key])
            for query in queries:
                writer.add_query(query)
        row, asked = writer.row, writer.asked
    colour_done(sheet, FIRST_ROW, row - 1)
    shown |= _add_status(sheet, book, row - 1, asked)
    _set_page(sheet, book, row - 1)
    made.security.lockStructure = True
    return made, shown


def spoken_in(questionnaire: Questionnaire, language: str) -> str:
    """The language in which a form's words are shown: the workbook's, or the form's own."""
    codes = questionnaire.language_codes
    if language in codes or codes == (ANY_LANGUAGE,):
        return language
    return questionnaire.default_language


def _by_interview(
    book: QueryBook, form_id: str
) -> Iterator[tuple[tuple[str, str], Iterator[Query]]]:
    ours = (query for query in book.queries if query.key.form_id == form_id)
    return groupby(ours, key=lambda query: (query.key.form_id, query.key.response_id))


def _start(made: Workbook, book: QueryBook) -> Worksheet:
    sheet = cast("Worksheet", made.create_sheet(query_phrase("sheet", book.language)))
    put(sheet, 1, 1, QueryMark(book.code, book.language).text(), "key")
    headings = {
        Column.KEY: KEY_HEADING,
        Column.ANSWER: ANSWER_HEADING,
        Column.DECISION: DECISION_HEADING,
        Column.COMMENT: COMMENT_HEADING,
    }
    for column, role in headings.items():
        put(sheet, HEADINGS_ROW, column, role, "key")
    for row in (1, HEADINGS_ROW):
        sheet.row_dimensions[row].hidden = True
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    for letter in "AB":
        sheet.column_dimensions[letter].hidden = True
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    sheet.sheet_properties.tabColor = section_colour(0)
    protect(sheet)
    _add_head(sheet, book)
    return sheet


def _add_head(sheet: Worksheet, book: QueryBook) -> None:
    language = book.language
    for row in (TITLE_ROW, HOW_ROW, SHOWN_ROW):
        put(sheet, row, Column.KEY, FURNITURE, "key")
    put(
        sheet,
        TITLE_ROW,
        Column.NUMBER,
        f"{query_phrase('title', language)}  ·  {book.code}",
        "title",
    )
    merge(sheet, span(TITLE_ROW, Column.NUMBER, TITLE_ROW, Column.WHY))
    sheet.row_dimensions[TITLE_ROW].height = 36
    how = query_phrase("how", language)
    put(sheet, HOW_ROW, Column.NUMBER, how, "step")
    merge(sheet, span(HOW_ROW, Column.NUMBER, HOW_ROW, Column.COMMENT))
    height = text_height(look_of(language), [(how, 175.0, 11)], least=36)
    sheet.row_dimensions[HOW_ROW].height = height
    for row, key, name in ((BY_ROW, BY, "by"), (DATE_ROW, DATE, "date")):
        put(sheet, row, Column.KEY, key, "key")
        put(sheet, row, Column.WHY, query_phrase(name, language), "strong")
        sheet.cell(row, Column.ANSWER).style = "answer"
        sheet.row_dimensions[row].height = 20
    put(sheet, DATE_ROW, Column.DECISION, phrase("as_date", language), "small")
    merge(sheet, span(DATE_ROW, Column.DECISION, DATE_ROW, Column.COMMENT))
    for column, name in enumerate(_SHOWN, start=Column.NUMBER):
        shown = phrase("heading_unit", language) if name == "unit" else ""
        put(sheet, SHOWN_ROW, column, shown or query_phrase(f"heading_{name}", language), "heading")
    sheet.row_dimensions[SHOWN_ROW].height = 24
    sheet.freeze_panes = f"A{FIRST_ROW}"


def _add_status(sheet: Worksheet, book: QueryBook, last: int, asked: int) -> dict[str, str]:
    state = get_column_letter(Column.STATE)
    before, after = query_phrase("status", book.language, done="\0", asked=asked).split("\0")
    formula = f'="{before}"&SUM({state}{FIRST_ROW}:{state}{last})&"{after}"'
    put_formula(sheet, TITLE_ROW, Column.ANSWER, formula, "status")
    for column in range(Column.UNIT, Column.COMMENT + 1):
        sheet.cell(TITLE_ROW, column).style = "status"
    merge(sheet, span(TITLE_ROW, Column.ANSWER, TITLE_ROW, Column.COMMENT))
    said = query_phrase("status", book.language, done=0, asked=asked)
    return {f"{get_column_letter(Column.ANSWER)}{TITLE_ROW}": said}


def _add_lists(
    made: Workbook, book: QueryBook, questionnaires: Mapping[str, Questionnaire]
) -> dict[str, dict[str, str]]:
    """Write the hidden sheet of lists; gives form_id -> list -> defined name of its labels."""
    sheet = made.create_sheet(LISTS_SHEET)
    sheet.sheet_state = "veryHidden"
    names: dict[str, dict[str, str]] = {form_id: {} for form_id in questionnaires}
    taken: list[str] = []
    for form_id, list_name in _lists_in_use(book, questionnaires):
        questionnaire = questionnaires[form_id]
        language = spoken_in(questionnaire, book.language)
        labels = shown_labels(questionnaire.choices[list_name], language)
        column = len(taken) + 1
        for row, label in enumerate(labels.values(), start=FIRST_LIST_ROW):
            cell = sheet.cell(row, column, label)
            cell.data_type = "s"
        name = defined_name("list_", f"{form_id}.{list_name}", taken)
        letter, last = get_column_letter(column), FIRST_LIST_ROW + len(labels) - 1
        where = f"{LISTS_SHEET}!${letter}${FIRST_LIST_ROW}:${letter}${last}"
        made.defined_names[name] = DefinedName(name, attr_text=where)
        taken.append(name)
        names[form_id][list_name] = name
    return names


def _lists_in_use(
    book: QueryBook, questionnaires: Mapping[str, Questionnaire]
) -> dict[tuple[str, str], None]:
    found: dict[tuple[str, str], None] = {}
    for query in book.queries:
        questionnaire = questionnaires[query.key.form_id]
        item = questionnaire.by_name.get(query.key.question or "")
        name = item.question.list_name if item else None
        is_list = item is not None and item.question.type_name == "select_one"
        if is_list and name and questionnaire.choices.get(name):
            found[query.key.form_id, name] = None
    return found


def _set_page(sheet: Worksheet, book: QueryBook, last: int) -> None:
    setup = sheet.page_setup
    setup.paperSize, setup.orientation = _A4, "landscape"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    setup.fitToWidth, setup.fitToHeight = 1, 0
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.45
    margins.bottom, margins.footer = 0.7, 0.35
    sheet.print_title_rows = f"{SHOWN_ROW}:{SHOWN_ROW}"
    sheet.print_area = f"C{TITLE_ROW}:J{last}"
    page = phrase("page", book.language, page="&P", pages="&N")
    sheet.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(text=book.code.replace("&", "&&"), size=8),
        right=_HeaderFooterPart(text=page, size=8),
    )
