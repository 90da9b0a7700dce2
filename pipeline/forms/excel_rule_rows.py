"""The row of one answer on the sheet of rules: its cells, from the answer given to what is said."""

from collections.abc import Iterable
from dataclasses import replace

from pipeline.forms import excel_values as at
from pipeline.forms.excel_empty import needed_text
from pipeline.forms.excel_layout import Table, is_asked
from pipeline.forms.excel_paper import Drawing
from pipeline.forms.excel_reasons import why_not_asked
from pipeline.forms.excel_slots import (
    ANSWERED,
    BLANK,
    MISSING,
    NOT_ASKED,
    UNUSED,
    WRONG,
    WRONGLY_ANSWERED,
    Slot,
)
from pipeline.forms.excel_spelling import Speller
from pipeline.forms.excel_values import Understanding, understand
from pipeline.forms.excel_words import readable, shortened
from pipeline.questionnaire.model import Question
from pipeline.questionnaire.types import Filled

Content = str | bool | int
_LABEL_LENGTH = 200
"""Characters by which the cover names a question; HYPERLINK shows 255 at most."""
WRONGLY, PLEASE = "$B$4", "$C$4"
"""Cells of two texts that every row may say."""


def rule_row(speller: Speller, slot: Slot) -> dict[str, Content]:
    """The cells of one slot: column -> constant or formula."""
    question = slot.question
    if question is None:
        return _parent_row(speller, slot)
    if question.row.filled is Filled.FORM:
        return _calculated_row(speller, slot, question)
    if not is_asked(question):
        return _note_row(speller, slot, question)
    row, drawing = slot.row, speller.drawing
    meaning = _offered(understand(question, slot.cells, row, drawing.lists), slot, drawing)
    applies, said = _applies(speller, slot)
    keeps = speller.condition(question.constraint, slot) if question.constraint else None
    required, required_said = _required(speller, slot, question)
    if not (said and required_said):
        drawing.unsaid.add(row)
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
        at.LABEL: name_of(question, drawing),
        **({} if slot.instance else _texts(slot, question, drawing)),
        **tests,
        **meaning.parts,
    }


def name_of(question: Question, drawing: Drawing) -> str:
    """How the cover names a question."""
    label = readable(question.label, drawing.language, drawing.numbers) or question.name
    return shortened(label.replace("\n", " "), _LABEL_LENGTH)


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


def _texts(slot: Slot, question: Question, drawing: Drawing) -> dict[str, str]:
    """What may be said of the answer; rows of a table share the texts of the first."""
    return {
        at.WHY: why_not_asked(slot.item, drawing) if slot.item else "",
        at.BROKEN: _broken_text(question, drawing),
        at.UNFIT: _unfit_text(question, drawing),
        at.NEEDED: needed_text(question, drawing) if question.required_message else "",
    }


def _applies(speller: Speller, slot: Slot) -> tuple[Content, bool]:
    """Whether the slot is asked, and whether Excel can say all of that."""
    conditions = (
        [speller.condition(text, slot) for text in slot.item.relevants] if slot.item else []
    )
    said = [condition for condition in conditions if condition is not None]
    said += _counted(speller, slot)
    if not said:
        return True, None not in conditions
    return f"=AND({','.join(said)})", None not in conditions


def _counted(speller: Speller, slot: Slot) -> list[str]:
    """That the row of a table is among those which the form counts."""
    table = speller.drawing.layout.tables.get(slot.table or "")
    if table is None or slot.instance is None or speller.counted(table) is None:
        return []
    return [f"{slot.instance + 1}<=${at.COUNTED}${speller.slots.started[table.name]}"]


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
    if slot.table is None or slot.instance is None or _counted(speller, slot):
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
    needed = f"${at.NEEDED}${first}" if question.required_message else PLEASE
    return f'=CHOOSE({at.STATE}{row}+1,"",{why},{WRONGLY},{needed},{wrong},{right},"")'


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


def _note_row(speller: Speller, slot: Slot, question: Question) -> dict[str, Content]:
    """Words that are meant only where they apply."""
    row = slot.row
    applies, said = _applies(speller, slot)
    if not said:
        speller.drawing.unsaid.add(row)
    return {
        at.NAME: question.name,
        at.APPLIES: applies,
        at.STATE: f"=IF({at.APPLIES}{row},{UNUSED},{NOT_ASKED})",
        at.ORDINAL: _ordinal(row),
    }


def _parent_row(speller: Speller, slot: Slot) -> dict[str, Content]:
    """The cell of a table inside a table that names the row it belongs to: always needed."""
    row, drawing = slot.row, speller.drawing
    table = drawing.layout.tables[slot.table or ""]
    if table.serials:
        return _serial_row(speller, slot, table)
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


def _serial_row(speller: Speller, slot: Slot, table: Table) -> dict[str, Content]:
    """The cell of a table of respondents that says whose row it is: always needed."""
    row, drawing, cell = slot.row, speller.drawing, slot.first_cell
    text = f"{at.TEXT}{row}"
    own = speller.slots.parents[drawing.layout.respondents or ""]
    serials = f"${at.TEXT}${own[0].row}:${at.TEXT}${own[-1].row}"
    if table.parent is None:
        value, fits = f"={text}", f"=SUMPRODUCT(--({serials}={text}))=1"
    else:
        value, fits = f'=IFERROR(MATCH({text},{serials},0),"")', f"=ISNUMBER({at.VALUE}{row})"
    return {
        at.GIVEN: f'=IF({cell}="","",{cell})',
        at.TEXT: f'=TRIM({at.GIVEN}{row}&"")',
        at.VALUE: value,
        at.FITS: fits,
        at.APPLIES: True,
        at.REQUIRED: True,
        at.STATE: _state(speller, slot, (at.FITS,), UNUSED),
        at.MESSAGE: f'=IF(OR({at.STATE}{row}={MISSING},{at.STATE}{row}={WRONG}),{at.WHY}{row},"")',
        at.ORDINAL: _ordinal(row),
        at.NUMBER: slot.number,
        at.LINK: "#" + cell.replace("$", ""),
        at.LABEL: drawing.say("serial"),
        at.WHY: drawing.say("serial_once" if table.parent is None else "serial_unknown"),
    }
