"""The hidden sheet of rules: a row an answer, which says whether it is asked, given and right.

Every rule of the questionnaire is spelled in Excel's language by `pipeline.expression`; the visible
sheets only show what stands here. What Excel cannot say is checked after the form comes back, and
the form says so.
"""

from collections.abc import Iterable
from dataclasses import replace

from openpyxl.utils import column_index_from_string
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms import excel_values as at
from pipeline.forms.excel_layout import TABLE_FIRST_ROW
from pipeline.forms.excel_offers import add_offers
from pipeline.forms.excel_paper import Drawing
from pipeline.forms.excel_slots import (
    ANSWERED,
    BLANK,
    FIRST_SLOT,
    MISSING,
    NOT_ASKED,
    UNUSED,
    WRONG,
    WRONGLY_ANSWERED,
    Slot,
    Slots,
)
from pipeline.forms.excel_spelling import Speller
from pipeline.forms.excel_style import place
from pipeline.forms.excel_values import Understanding, understand
from pipeline.forms.excel_words import readable
from pipeline.questionnaire.model import Question
from pipeline.questionnaire.types import Filled

Content = str | bool | int
_WORDS = {at.NAME, at.NUMBER, at.LINK, at.LABEL, at.WHY, at.BROKEN, at.UNFIT}
"""Columns of texts that are never formulas, whatever they begin with."""

RULES_SHEET = "_rules"
RULES = "#rules"

STATUS = {"asked": "B3", "answered": "C3", "missing": "D3", "problems": "E3"}
STATUS_TEXT = "F3"
OPEN_PROBLEMS = "open_problems"
"""Defined name of the cell that counts what is missing or wrong."""
_OPEN = "$G$3"
_TICKS, _WRONGLY, _PLEASE = "$B$2", "$B$4", "$C$4"


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
        for column, content in _row(speller, slot).items():
            cell = sheet.cell(slot.row, column_index_from_string(column), content)
            if column in _WORDS:
                cell.data_type = "s"
    for table in (table for table in drawing.layout.tables.values() if table.columns):
        first, last = table.columns[0].letter, table.columns[-1].letter
        for instance in range(table.rows):
            row = TABLE_FIRST_ROW + instance
            answers = place(table.sheet, f"${first}${row}:${last}${row}")
            sheet[f"{at.STARTED}{slots.started[table.name] + instance}"] = f"=COUNTA({answers})>0"
    return sheet


def _speller(drawing: Drawing) -> Speller:
    """A speller that knows which answers the form does not hold: no rule about them can be said."""
    slots = drawing.slots
    names = {item.name for item in drawing.questionnaire.items}
    crowded = {
        name for name, own in slots.by_question.items() if len(own[0].cells) > at.MOST_CHOICES
    }
    speller = Speller(drawing, names - set(slots.by_question) | crowded)
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
    sheet[_WRONGLY] = drawing.say("answered_not_asked")
    sheet[_PLEASE] = drawing.say("please_answer")
    sheet[f"{at.ORDINAL}{FIRST_SLOT - 1}"] = 0


def _row(speller: Speller, slot: Slot) -> dict[str, Content]:
    """The cells of one slot: column -> constant or formula."""
    question = slot.question
    if question is None:
        return _parent_row(speller, slot)
    if question.row.filled is Filled.FORM:
        return _calculated_row(speller, slot, question)
    row, drawing = slot.row, speller.drawing
    meaning = _offered(understand(question, slot.cells, row, drawing.lists), slot, drawing)
    applies, said = _applies(speller, slot)
    keeps = speller.condition(question.constraint, slot) if question.constraint else None
    required, required_said = _required(speller, slot, question)
    later = not (said and required_said and (keeps or not question.constraint))
    tests = _tests(row, meaning, keeps)
    return {
        at.NAME: question.name,
        at.GIVEN: meaning.given,
        at.TEXT: meaning.text,
        at.VALUE: meaning.value,
        at.APPLIES: applies,
        at.EFFECTIVE: f'=IF({at.APPLIES}{row},{at.VALUE}{row},"")',
        at.REQUIRED: required,
        at.STATE: _state(speller, slot, tests),
        at.MESSAGE: _message(speller, slot, question, meaning, later=later),
        at.ORDINAL: _ordinal(row),
        at.NUMBER: slot.number,
        at.LINK: "#" + slot.first_cell.replace("$", ""),
        at.LABEL: readable(question.label, drawing.language, drawing.numbers) or question.name,
        **({} if slot.instance else _texts(question, drawing)),
        **tests,
        **meaning.parts,
    }


def _offered(meaning: Understanding, slot: Slot, drawing: Drawing) -> Understanding:
    """Let only choices fit that the question offers after its filter."""
    offer = drawing.offers.get(slot.row)
    if offer is None:
        return meaning
    fits = (
        f"=AND({meaning.fits.removeprefix('=') or 'TRUE'},{offer.holds(f'{at.VALUE}{slot.row}')})"
    )
    return replace(meaning, fits=fits)


def _tests(row: int, meaning: Understanding, keeps: str | None) -> dict[str, str]:
    """What an answer must pass: column -> formula."""
    tests = {}
    if meaning.fits:
        tests[at.FITS] = meaning.fits
    if keeps:
        tests[at.KEEPS] = f'=IF({at.VALUE}{row}="",TRUE,{keeps})'
    return tests


def _texts(question: Question, drawing: Drawing) -> dict[str, str]:
    """What may be said of the answer; rows of a table share the texts of the first."""
    return {
        at.WHY: drawing.say("not_asked"),
        at.BROKEN: _broken_text(question, drawing),
        at.UNFIT: _unfit_text(question, drawing),
    }


def _applies(speller: Speller, slot: Slot) -> tuple[Content, bool]:
    """Whether the slot is asked, and whether Excel can say all of that."""
    conditions = (
        [speller.condition(text, slot) for text in slot.item.relevants] if slot.item else []
    )
    said = [condition for condition in conditions if condition is not None]
    if not said:
        return True, len(said) == len(conditions)
    return f"=AND({','.join(said)})", len(said) == len(conditions)


def _required(speller: Speller, slot: Slot, question: Question) -> tuple[Content, bool]:
    if not isinstance(question.required, str):
        return bool(question.required), True
    spelled = speller.condition(question.required, slot)
    return (False, False) if spelled is None else (f"={spelled}", True)


def _state(speller: Speller, slot: Slot, tests: Iterable[str], right: int = ANSWERED) -> str:
    row = slot.row
    blank = f'{at.TEXT}{row}=""'
    passed = ",".join(f"{column}{row}" for column in tests)
    answered = f"IF(AND({passed}),{right},{WRONG})" if passed else str(right)
    state = (
        f"IF(NOT({at.APPLIES}{row}),IF({blank},{NOT_ASKED},{WRONGLY_ANSWERED}),"
        f"IF({blank},IF({at.REQUIRED}{row},{MISSING},{BLANK}),{answered}))"
    )
    if slot.table is None or slot.instance is None:
        return f"={state}"
    started = f"${at.STARTED}${speller.slots.started[slot.table] + slot.instance}"
    return f"=IF({started},{state},{UNUSED})"


def _message(
    speller: Speller, slot: Slot, question: Question, meaning: Understanding, *, later: bool
) -> str:
    row, first = slot.row, speller.slots.by_question[question.name][0].row
    right = f'"{speller.drawing.say("checked_later")}"' if later else '""'
    if question.type_name == "date":
        value = f"{at.VALUE}{row}"
        iso = f'YEAR({value})&TEXT(MONTH({value}),"-00")&TEXT(DAY({value}),"-00")'
        right = f'IF({at.TEXT}{row}={iso},{right},"= "&{iso})'
    why, broken, unfit = (f"${column}${first}" for column in (at.WHY, at.BROKEN, at.UNFIT))
    wrong = f"IF({at.FITS}{row},{broken},{unfit})" if meaning.fits else broken
    return f'=CHOOSE({at.STATE}{row}+1,"",{why},{_WRONGLY},{_PLEASE},{wrong},{right},"")'


def _ordinal(row: int) -> str:
    state = f"{at.STATE}{row}"
    flagged = f"AND({state}>={WRONGLY_ANSWERED},{state}<={WRONG})"
    return f"={at.ORDINAL}{row - 1}+IF({flagged},1,0)"


def _broken_text(question: Question, drawing: Drawing) -> str:
    own = readable(question.constraint_message, drawing.language, drawing.numbers)
    return own or drawing.say("constraint_broken")


def _unfit_text(question: Question, drawing: Drawing) -> str:
    if question.type_name == "range":
        low, high = question.parameters.get("start", "1"), question.parameters.get("end", "10")
        return drawing.say("only_between", low=low, high=high)
    names = {
        "integer": "only_whole",
        "decimal": "only_number",
        "date": "only_date",
        "time": "only_time",
        "dateTime": "only_datetime",
        "rank": "rank_broken",
        "select_one": "choose_from_list",
    }
    name = names.get(question.type_name, "only_mark")
    return drawing.say(name, mark=drawing.say("tick"))


def _calculated_row(speller: Speller, slot: Slot, question: Question) -> dict[str, Content]:
    """A value that the form works out itself, for other rules to refer to."""
    text = question.calculation or ""
    spelled = speller.value(text, slot) if text else None
    return {
        at.NAME: question.name,
        at.VALUE: f'=IFERROR({spelled},"")' if spelled else "",
        at.EFFECTIVE: f"={at.VALUE}{slot.row}",
        at.STATE: UNUSED,
        at.ORDINAL: _ordinal(slot.row),
    }


def _parent_row(speller: Speller, slot: Slot) -> dict[str, Content]:
    """The cell of a table inside a table that names the row it belongs to: always needed."""
    row, drawing = slot.row, speller.drawing
    table = drawing.layout.tables[slot.table or ""]
    parent = drawing.layout.tables[table.parent or ""]
    cell = slot.first_cell
    message = drawing.say("parent_row", sheet=parent.sheet)
    return {
        at.GIVEN: f'=IF({cell}="","",{cell})',
        at.TEXT: f'={at.GIVEN}{row}&""',
        at.VALUE: f'=IF(ISNUMBER({at.GIVEN}{row}),{at.GIVEN}{row},"")',
        at.FITS: f"=IFERROR(AND({at.VALUE}{row}>=1,{at.VALUE}{row}<={parent.rows}),FALSE)",
        at.APPLIES: True,
        at.REQUIRED: True,
        at.STATE: _state(speller, slot, (at.FITS,), UNUSED),
        at.MESSAGE: f'=IF(OR({at.STATE}{row}={MISSING},{at.STATE}{row}={WRONG}),{at.WHY}{row},"")',
        at.ORDINAL: _ordinal(row),
        at.NUMBER: slot.number,
        at.LINK: "#" + cell.replace("$", ""),
        at.LABEL: drawing.say("table_parent", sheet=parent.sheet),
        at.WHY: message,
    }


def flagged_texts(rows: Iterable[int]) -> str:
    """A formula that joins the messages of several slots, those that need something first."""
    parts = []
    for row in rows:
        state, number = rule_cell(at.STATE, row), rule_cell(at.NUMBER, row)
        flagged = f"AND({state}>={WRONGLY_ANSWERED},{state}<={WRONG})"
        shown = f'LEFT({number},FIND(" ",{number}&" ")-1)&" "&{rule_cell(at.MESSAGE, row)}&"  "'
        parts.append(f'IF({flagged},{shown},"")')
    return "=" + "&".join(parts) if parts else '=""'
