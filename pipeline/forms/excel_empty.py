"""What the formulas of an empty form give, by the reference interpreter.

Excel and LibreOffice work formulas out; a telephone's preview and Excel's protected view show what
the file says that they gave last. So the file says it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.errors import SurveyError
from pipeline.forms.excel_paper import Drawing
from pipeline.forms.excel_reasons import why_not_asked
from pipeline.forms.excel_slots import (
    ANSWERED,
    BLANK,
    MISSING,
    NOT_ASKED,
    UNUSED,
    Slot,
)
from pipeline.forms.excel_words import readable
from pipeline.questionnaire.given_answers import Key, read_given
from pipeline.questionnaire.model import Item, Question
from pipeline.questionnaire.settle import Settled
from pipeline.questionnaire.try_engines import Around
from pipeline.questionnaire.try_reference import Reference
from pipeline.questionnaire.types import Filled

_DAY = dt.date(2011, 8, 1)
"""No clock: equal forms are equal files. What hangs on the day is worked out when it is opened."""


@dataclass(frozen=True, slots=True)
class Empty:
    """A form before anything is written into it.

    Attributes:
        states: row of a slot -> its state; nothing where it cannot be known.
        messages: row of a slot -> what stands beside the answer.
        open_slots: what is missing, in the order of the cover's list.
        status: the status line; None where it cannot be known.
    """

    states: Mapping[int, int] = field(default_factory=dict)
    messages: Mapping[int, str] = field(default_factory=dict)
    open_slots: tuple[Slot, ...] = ()
    status: str | None = None

    def flagged(self, rows: Iterable[int]) -> str | None:
        """The messages of several slots as `flagged_texts` joins them."""
        if self.status is None:
            return None
        open_rows = {slot.row: slot for slot in self.open_slots}
        wanted = [open_rows[row] for row in rows if row in open_rows]
        texts = (f"{slot.number.partition(' ')[0]} {self.messages[slot.row]}  " for slot in wanted)
        return "".join(texts)


def empty_form(drawing: Drawing) -> Empty:
    """What the formulas give before anything is answered.

    Nothing is said of a form with a rule about what is asked that Excel cannot follow, or with an
    answer given from the start that breaks a rule or waits for the clock.
    """
    settled = None if drawing.unsaid else _settled(drawing)
    if settled is None:
        return Empty()
    states = {slot.row: _state(drawing, slot, settled) for slot in drawing.slots.rows}
    missing = tuple(slot for slot in drawing.slots.rows if states[slot.row] == MISSING)
    found = list(states.values())
    status = drawing.say(
        "status",
        answered=found.count(ANSWERED),
        asked=sum(found.count(state) for state in (ANSWERED, BLANK, MISSING)),
        missing=len(missing),
        problems=0,
        ready=drawing.say("not_ready" if missing else "ready"),
    )
    messages = {slot.row: _message(drawing, slot, states[slot.row]) for slot in drawing.slots.rows}
    return Empty(states, messages, missing, status)


def _settled(drawing: Drawing) -> Settled | None:
    """The reference's view of it; None where the form's start cannot be foreseen."""
    form = drawing.questionnaire
    given: dict[str, object] = {}
    for item in form.answered():
        text = drawing.defaults.get(item.name)
        if item.question.row.filled is Filled.PERSON:
            given[item.name] = _code(drawing, item) if text else None
        if text and item.question.type_name in ("date", "dateTime", "time"):
            return None
    if any(item.question.default and item.repeat for item in form.items):
        return None
    around = Around(form, _DAY, dt.datetime.combine(_DAY, dt.time()), drawing.language)
    settled = Settled(around, Reference(around), read_given(form, given))
    try:
        settled.settle()
        kept = all(
            settled.holds(form.by_name[name].question.constraint or True, form.by_name[name], ())
            for name in drawing.defaults
        )
    except SurveyError:
        return None
    return settled if kept else None


def _code(drawing: Drawing, item: Item) -> str | None:
    return drawing.prefilled.get(item.name) or item.question.default


def _state(drawing: Drawing, slot: Slot, settled: Settled) -> int:
    item, question = slot.item, slot.question
    if item is None or question is None or question.row.filled is Filled.FORM:
        return UNUSED
    key: Key = ((slot.table, slot.instance or 0),) if slot.table else ()
    if not slot.cells:
        applies = all(settled.holds(text, item, key) for text in item.relevants)
        return UNUSED if applies else NOT_ASKED
    if not settled.is_asked(item, key):
        return _state_of_row(drawing, slot)
    if settled.answer(item, key) is not None:
        return ANSWERED
    return MISSING if settled.holds(question.required or False, item, key) else BLANK


def _state_of_row(drawing: Drawing, slot: Slot) -> int:
    """A row of a table that is not in use: not asked where the form counts the rows."""
    table = drawing.layout.tables.get(slot.table or "")
    return UNUSED if table and slot.table not in drawing.counted else NOT_ASKED


def _message(drawing: Drawing, slot: Slot, state: int) -> str:
    if slot.item is None or slot.question is None or not slot.cells:
        return ""
    if state == NOT_ASKED:
        return why_not_asked(slot.item, drawing)
    return needed_text(slot.question, drawing) if state == MISSING else ""


def needed_text(question: Question, drawing: Drawing) -> str:
    """What to say of an answer that is missing: the question's own words, else the form's."""
    own = readable(question.required_message, drawing.language, drawing.numbers)
    return own or drawing.say("please_answer")
