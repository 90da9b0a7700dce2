"""The sheet of a repeat: a table with a row an instance and a column a question."""

from collections.abc import Sequence
from itertools import groupby

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.excel_checks import Check, Checks, check_of, choice_check
from pipeline.forms.excel_empty import Empty
from pipeline.forms.excel_keys import KEY, PARENT, SERIAL, TYPE
from pipeline.forms.excel_layout import TABLE_FIRST_ROW, Column, Table
from pipeline.forms.excel_paper import Drawing, put_live, question_text, set_page, start_sheet
from pipeline.forms.excel_questions import answer_style
from pipeline.forms.excel_rules import flagged_texts, rule_cell
from pipeline.forms.excel_states import colour_states
from pipeline.forms.excel_style import (
    dress,
    merge,
    place,
    put,
    put_formula,
    put_link,
    section_style,
    span,
    text_height,
    text_width,
)
from pipeline.forms.excel_values import STATE
from pipeline.forms.excel_words import hint_of, readable, unit_of

_KEYS, _NUMBERS, _PARENTS = 1, 2, 3
_TYPE_ROW, _TITLE_ROW, _HINT_ROW, _LABEL_ROW, _CHOICE_ROW = 3, 4, 5, 6, 7
_WIDTHS = {"text": 30.0, "select_one": 24.0, "integer": 13.0, "decimal": 13.0, "range": 13.0}
_OTHER_WIDTH = 18.0
_CHOICE_WIDTHS = (8.0, 16.0)
_REMARK_WIDTH = 34.0
_ROW_HEIGHT = 24
_MESSAGES_A_FORMULA = 40
_SCALE = 70


def add_table(drawing: Drawing, table: Table, empty: Empty) -> Worksheet:
    """Write the sheet of one repeat."""
    is_main = table.name == drawing.layout.respondents
    sheet = start_sheet(drawing, table.sheet, table="" if is_main else table.name)
    _set_widths(sheet, drawing, table)
    _add_keys(sheet, table)
    _add_title(sheet, drawing, table)
    _add_headings(sheet, drawing, table)
    _add_rows(sheet, drawing, table)
    _add_states(sheet, drawing, table, empty)
    sheet.freeze_panes = f"{'D' if table.is_keyed else 'C'}{TABLE_FIRST_ROW}"
    set_page(sheet, drawing, landscape=True, scale=_SCALE if is_main else None)
    last = get_column_letter(_last_column(table))
    sheet.print_area = f"B{_TITLE_ROW}:{last}{table.last_row}"
    sheet.print_title_rows = f"{_TITLE_ROW}:{_CHOICE_ROW}"
    return sheet


def _last_column(table: Table) -> int:
    return table.columns[-1].index if table.columns else _PARENTS


def _set_widths(sheet: Worksheet, drawing: Drawing, table: Table) -> None:
    sheet.column_dimensions["A"].hidden = True
    sheet.column_dimensions["B"].width = 6
    if table.is_keyed:
        sheet.column_dimensions["C"].width = 14
    for column in table.columns:
        sheet.column_dimensions[column.letter].width = _width(drawing, column)


def _width(drawing: Drawing, column: Column) -> float:
    if column.choice is None:
        return _WIDTHS.get(column.question.type_name, _OTHER_WIDTH)
    label = readable(column.choice.label, drawing.language) or column.choice.name
    low, high = _CHOICE_WIDTHS
    return min(max(low, text_width(label) / 2 + 2), high)


def _add_keys(sheet: Worksheet, table: Table) -> None:
    put(sheet, 2, _KEYS, KEY, "key")
    put(sheet, _TYPE_ROW, _KEYS, TYPE, "key")
    if table.is_keyed:
        put(sheet, 2, _PARENTS, PARENT if table.parent else SERIAL, "key")
    for column in table.columns:
        put(sheet, 2, column.index, column.key, "key")
        put(sheet, _TYPE_ROW, column.index, column.question.type, "key")
    for row in (2, _TYPE_ROW):
        sheet.row_dimensions[row].hidden = True


def _add_title(sheet: Worksheet, drawing: Drawing, table: Table) -> None:
    last = max(_last_column(table), _PARENTS + 1)
    label = readable(table.node.label, drawing.language) or table.name
    style = section_style("band", table.section)
    for column in range(_NUMBERS, last + 1):
        dress(sheet.cell(_TITLE_ROW, column), style)
    put(sheet, _TITLE_ROW, _NUMBERS, f"{table.number}  {label}".strip(), style)
    merge(sheet, span(_TITLE_ROW, _NUMBERS, _TITLE_ROW, last))
    sheet.row_dimensions[_TITLE_ROW].height = 26
    has_questions = drawing.layout.respondents is None
    back = place(drawing.layout.questions, "C3") if has_questions else _cover(drawing)
    put_link(
        sheet,
        _HINT_ROW,
        _NUMBERS,
        f"← {drawing.say('to_questions' if has_questions else 'to_cover')}",
        target=back,
        style="small_link",
    )
    notes = [readable(table.node.hint, drawing.language)]
    notes += [readable(note.label, drawing.language) for note in table.notes]
    text = "\n".join(note for note in notes if note)
    merge(sheet, span(_HINT_ROW, _NUMBERS, _HINT_ROW, _PARENTS))
    put(sheet, _HINT_ROW, _PARENTS + 1, text, "small")
    if last > _PARENTS + 1:
        merge(sheet, span(_HINT_ROW, _PARENTS + 1, _HINT_ROW, last))
    sheet.row_dimensions[_HINT_ROW].height = text_height(drawing.look, [(text, 90, 9.5)], least=20)


def _add_headings(sheet: Worksheet, drawing: Drawing, table: Table) -> None:
    style = section_style("column", table.section)
    heights = [24.0]
    _merge_down(sheet, _NUMBERS, drawing.say("table_row"), style)
    if table.is_keyed:
        text = _key_heading(drawing, table)
        _merge_down(sheet, _PARENTS, text, style)
        heights.append(text_height(drawing.look, [(text, 14, 9.5)], least=24) - 20)
    _merge_down(sheet, _last_column(table) + 1, drawing.say("heading_remark"), style)
    sheet.column_dimensions[get_column_letter(_last_column(table) + 1)].width = _REMARK_WIDTH
    for _, group in groupby(table.columns, key=lambda column: column.question.name):
        heights.append(_add_heading(sheet, drawing, list(group), style))
    sheet.row_dimensions[_LABEL_ROW].height = max(heights)
    choices = [
        (readable(column.choice.label, drawing.language), _width(drawing, column), 9.5)
        for column in table.columns
        if column.choice is not None
    ]
    tallest = [text_height(drawing.look, [choice], least=24) for choice in choices]
    sheet.row_dimensions[_CHOICE_ROW].height = max(tallest, default=18)


def _key_heading(drawing: Drawing, table: Table) -> str:
    if table.serials or table.parent is None:
        return drawing.say("serial")
    return drawing.say("table_parent", sheet=drawing.layout.tables[table.parent].sheet)


def _cover(drawing: Drawing) -> str:
    return place(drawing.layout.cover, "A1")


def _merge_down(sheet: Worksheet, column: int, text: str, style: str) -> None:
    put(sheet, _LABEL_ROW, column, text, style)
    dress(sheet.cell(_CHOICE_ROW, column), style)
    merge(sheet, span(_LABEL_ROW, column, _CHOICE_ROW, column))


def _add_heading(sheet: Worksheet, drawing: Drawing, columns: list[Column], style: str) -> float:
    question, first, last = columns[0].question, columns[0].index, columns[-1].index
    label = readable(question.label, drawing.language, drawing.numbers) or question.name
    label = f"{columns[0].number}  {label}"
    hint = hint_of(question, drawing.language, drawing.numbers)
    if unit := unit_of(question.unit, drawing.language):
        hint = f"{hint}\n({unit})" if hint else f"({unit})"
    several = columns[0].choice is not None
    for column in columns:
        for row in (_LABEL_ROW, _CHOICE_ROW):
            dress(sheet.cell(row, column.index), style)
        if column.choice is not None:
            text = readable(column.choice.label, drawing.language) or column.choice.name
            put(sheet, _CHOICE_ROW, column.index, text, style)
    shown = question_text(drawing, question, label, hint, size=9.5)
    put(sheet, _LABEL_ROW, first, shown, style)
    merge(sheet, span(_LABEL_ROW, first, _LABEL_ROW if several else _CHOICE_ROW, last))
    width = sum(_width(drawing, column) for column in columns)
    parts = [(f"{label} *", width, 9.5), *([(hint, width, 8.0)] if hint else [])]
    return text_height(drawing.look, parts, least=24)


def _add_rows(sheet: Worksheet, drawing: Drawing, table: Table) -> None:
    for order in range(1, table.rows + 1):
        row = TABLE_FIRST_ROW + order - 1
        put(sheet, row, _KEYS, str(order), "key")
        put(sheet, row, _NUMBERS, str(order), "row_number")
        if table.is_keyed:
            dress(sheet.cell(row, _PARENTS), "answer" if table.serials else "answer_number")
        for column in table.columns:
            dress(sheet.cell(row, column.index), _cell_style(column))
        sheet.row_dimensions[row].height = _ROW_HEIGHT
    checks = Checks(sheet, drawing.language)
    if table.parent and not table.serials:
        rows = drawing.layout.tables[table.parent].rows
        message = drawing.say("only_between", low=1, high=rows)
        checks.add(Check("whole", "1", str(rows), message), f"C{TABLE_FIRST_ROW}:C{table.last_row}")
    for column in table.columns:
        _add_checks(checks, drawing, table, column)


def _add_checks(checks: Checks, drawing: Drawing, table: Table, column: Column) -> None:
    """Check a column: all of it alike, or row by row where its choices differ by the row."""
    state = get_column_letter(column.index + _shift(table))
    slots = drawing.slots.by_question[column.question.name]
    if (
        len({drawing.lists_for(slot.row).get(column.question.list_name or "") for slot in slots})
        > 1
    ):
        for row, slot in enumerate(slots, start=TABLE_FIRST_ROW):
            check = _column_check(drawing, column, slot.row)
            checks.add(check, f"{column.letter}{row}", f"{state}{row}")
        return
    cells = f"{column.letter}{TABLE_FIRST_ROW}:{column.letter}{table.last_row}"
    checks.add(_column_check(drawing, column, slots[0].row), cells, f"{state}{TABLE_FIRST_ROW}")


def _shift(table: Table) -> int:
    """How far right of an answer its state stands; the column of remarks lies between."""
    return len(table.columns) + 2


def _add_states(sheet: Worksheet, drawing: Drawing, table: Table, empty: Empty) -> None:
    remarks = _last_column(table) + 1
    slots = drawing.slots
    for column in table.columns:
        at = column.index + _shift(table)
        sheet.column_dimensions[get_column_letter(at)].hidden = True
        for slot in slots.by_question[column.question.name]:
            row = TABLE_FIRST_ROW + (slot.instance or 0)
            formula = f"={rule_cell(STATE, slot.row)}"
            put_live(
                drawing, sheet, (row, at), formula, style="key", empty=empty.states.get(slot.row)
            )
    questions = dict.fromkeys(column.question.name for column in table.columns)
    for instance in range(table.rows):
        rows = [slots.by_question[name][instance].row for name in questions]
        rows += [own[instance].row for own in [slots.parents.get(table.name, ())] if own]
        row = TABLE_FIRST_ROW + instance
        shown = empty.flagged(rows)
        formula = _remark(sheet, rows, row, remarks + len(table.columns) + 1)
        put_live(drawing, sheet, (row, remarks), formula, style="remark", empty=shown)
    first = table.columns[0]
    cells = f"{first.letter}{TABLE_FIRST_ROW}:{table.columns[-1].letter}{table.last_row}"
    colour_states(
        sheet, cells, f"{get_column_letter(first.index + _shift(table))}{TABLE_FIRST_ROW}"
    )


def _remark(sheet: Worksheet, rows: Sequence[int], row: int, free: int) -> str:
    """The messages of a row; in parts in hidden cells from column `free` on where they are many."""
    if len(rows) <= _MESSAGES_A_FORMULA:
        return flagged_texts(rows)
    parts = []
    for at, first in enumerate(range(0, len(rows), _MESSAGES_A_FORMULA), start=free):
        part = flagged_texts(rows[first : first + _MESSAGES_A_FORMULA])
        put_formula(sheet, row, at, part, "key")
        sheet.column_dimensions[get_column_letter(at)].hidden = True
        parts.append(f"{get_column_letter(at)}{row}")
    return f"={'&'.join(parts)}"


def _cell_style(column: Column) -> str:
    if column.choice is None:
        return answer_style(column.question)
    return "answer_number" if column.question.type_name == "rank" else "tick"


def _column_check(drawing: Drawing, column: Column, slot: int) -> Check | None:
    question = column.question
    if column.choice is not None:
        return choice_check(question, drawing.questionnaire, drawing.language)
    return check_of(question, drawing.language, drawing.lists_for(slot))
