"""The hidden sheet of rules: a row an answer, which says whether it is asked, given and right.

Every rule of the questionnaire is spelled in Excel's language by `pipeline.expression`; the visible
sheets only show what stands here. What Excel cannot say is checked after the form comes back, and
the form says so.
"""

import re
from collections.abc import Iterable
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.utils import column_index_from_string
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms import excel_values as at
from pipeline.forms.excel_layout import TABLE_FIRST_ROW, Table
from pipeline.forms.excel_offer import RULES_SHEET
from pipeline.forms.excel_offers import add_offers
from pipeline.forms.excel_paper import Drawing
from pipeline.forms.excel_rule_rows import PLEASE, WRONGLY, Content, rule_row
from pipeline.forms.excel_slots import (
    ANSWERED,
    BLANK,
    FIRST_SLOT,
    MISSING,
    WRONG,
    WRONGLY_ANSWERED,
    Slots,
)
from pipeline.forms.excel_spelling import Speller
from pipeline.forms.excel_style import place
from pipeline.questionnaire.types import Filled

_WORDS = {at.NAME, at.NUMBER, at.LINK, at.LABEL, at.WHY, at.BROKEN, at.UNFIT, at.NEEDED}
"""Columns of texts that are never formulas, whatever they begin with."""

_FORMULA = re.compile(r"=[^\x00-\x08\x0b\x0c\x0e-\x1f]{1,32766}")
"""A formula that openpyxl takes as it is."""

RULES = "#rules"

STATUS = {"asked": "B3", "answered": "C3", "missing": "D3", "problems": "E3"}
STATUS_TEXT = "F3"
OPEN_PROBLEMS = "open_problems"
"""Defined name of the cell that counts what is missing or wrong."""
_OPEN = "$G$3"
_TICKS = "$B$2"


def rule_cell(column: str, row: int) -> str:
    """A cell of the sheet of rules, as another sheet names it."""
    return f"{RULES_SHEET}!${column}${row}"


def rule_range(slots: Slots, column: str) -> str:
    """One column of all slots, as another sheet names it."""
    return f"{RULES_SHEET}!${column}${FIRST_SLOT}:${column}${slots.last_row}"


def add_rules(drawing: Drawing) -> Worksheet:
    """Write the sheet of rules."""
    slots = drawing.slots
    sheet: Worksheet = drawing.book.create_sheet(RULES_SHEET)
    sheet.sheet_state = "veryHidden"
    sheet["A1"] = RULES
    _add_head(sheet, drawing, slots)
    speller = _speller(drawing)
    drawing.offers.update(add_offers(sheet, speller))
    for slot in slots.rows:
        for column, content in rule_row(speller, slot).items():
            _put(sheet, slot.row, column, content)
    for table in drawing.layout.tables.values():
        _add_instances(sheet, speller, table)
    return sheet


def _put(sheet: Any, row: int, column: str, content: Content) -> None:
    """A constant or formula; formulas without openpyxl's search for the kind of each."""
    at = column_index_from_string(column)
    if column in _WORDS or not isinstance(content, str) or not _FORMULA.fullmatch(content):
        cell = sheet.cell(row, at, content)
        if column in _WORDS:
            cell.data_type = "s"
        return
    made: Any = Cell(sheet, row, at)
    made._value, made.data_type = content, "f"  # noqa: SLF001
    sheet._cells[row, at] = made  # noqa: SLF001


def _add_instances(sheet: Worksheet, speller: Speller, table: Table) -> None:
    """Write how many rows of a table are asked for, where that is counted, and which are in use."""
    first_row = speller.slots.started[table.name]
    counted = speller.counted(table)
    if counted is not None:
        speller.drawing.counted.add(table.name)
        sheet[f"{at.COUNTED}{first_row}"] = f'=IFERROR(INT(VALUE(({counted})&"")),0)'
    for instance in range(table.rows) if table.columns else ():
        row = TABLE_FIRST_ROW + instance
        first, last = table.columns[0].letter, table.columns[-1].letter
        used = f"COUNTA({place(table.sheet, f'${first}${row}:${last}${row}')})>0"
        if counted is not None:
            used = f"OR({used},{instance + 1}<=${at.COUNTED}${first_row})"
        sheet[f"{at.STARTED}{first_row + instance}"] = f"={used}"


def _speller(drawing: Drawing) -> Speller:
    """A speller that knows which answers the form does not hold: no rule about them can be said."""
    slots = drawing.slots
    names = {item.name for item in drawing.questionnaire.items}
    crowded = {
        name for name, own in slots.by_question.items() if len(own[0].cells) > at.MOST_CHOICES
    }
    held = {name for name, own in slots.by_question.items() if own[0].holds_value}
    speller = Speller(drawing, names - held | crowded)
    for own in slots.by_question.values():
        question = own[0].question
        if question and question.row.filled is Filled.FORM:
            spelled = speller.value(question.calculation or "", own[0])
            if spelled is None:
                speller.unknown.add(question.name)
    return speller


def _add_head(sheet: Worksheet, drawing: Drawing, slots: Slots) -> None:
    sheet["B2"] = at.tick_marks()
    drawing.book.defined_names[at.TICKS_NAME] = DefinedName(
        at.TICKS_NAME, attr_text=f"{RULES_SHEET}!{_TICKS}"
    )
    states = f"${at.STATE}${FIRST_SLOT}:${at.STATE}${slots.last_row}"

    def count(*wanted: int) -> str:
        return "+".join(f"COUNTIF({states},{state})" for state in wanted)

    sheet[STATUS["asked"]] = f"={count(BLANK, MISSING, WRONG, ANSWERED)}"
    sheet[STATUS["answered"]] = f"={count(WRONG, ANSWERED)}"
    sheet[STATUS["missing"]] = f"={count(MISSING)}"
    sheet[STATUS["problems"]] = f"={count(WRONGLY_ANSWERED, WRONG)}"
    ready = f'IF({_OPEN}=0,"{drawing.say("ready")}","{drawing.say("not_ready")}")'
    parts = {name: f'"&{cell}&"' for name, cell in STATUS.items()}
    status = drawing.say("status", **parts, ready=f'"&{ready}&"')
    sheet[STATUS_TEXT] = f'="{status}"'.replace('&""', "")
    sheet[_OPEN] = f"={STATUS['missing']}+{STATUS['problems']}"
    drawing.book.defined_names[OPEN_PROBLEMS] = DefinedName(
        OPEN_PROBLEMS, attr_text=f"{RULES_SHEET}!{_OPEN}"
    )
    sheet[WRONGLY] = drawing.say("answered_not_asked")
    sheet[PLEASE] = drawing.say("please_answer")
    sheet[f"{at.ORDINAL}{FIRST_SLOT - 1}"] = 0


def flagged_texts(rows: Iterable[int]) -> str:
    """A formula that joins the messages of several slots that need something."""
    parts = []
    for row in rows:
        state, number = rule_cell(at.STATE, row), rule_cell(at.NUMBER, row)
        flagged = f"AND({state}>={WRONGLY_ANSWERED},{state}<={WRONG})"
        shown = f'LEFT({number},FIND(" ",{number}&" ")-1)&" "&{rule_cell(at.MESSAGE, row)}&"  "'
        parts.append(f'IF({flagged},{shown},"")')
    return "=" + "&".join(parts) if parts else '=""'
