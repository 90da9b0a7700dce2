"""What Excel stops while a person types: a validation a kind of answer, within Excel's limits."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.errors import SurveyError
from pipeline.expression.parse import parse
from pipeline.expression.tree import Binary, Current, Number
from pipeline.forms.excel_slots import WRONG, WRONGLY_ANSWERED
from pipeline.forms.excel_words import ERROR_LENGTH, TITLE_LENGTH, readable, shortened
from pipeline.forms.phrases import phrase
from pipeline.questionnaire.model import Question, Questionnaire

UNSTATED = f"AND({{state}}<>{WRONG},{{state}}<>{WRONGLY_ANSWERED})"
"""Neither wrong nor answered though not asked."""
_MOMENTS = {"date": "only_date", "time": "only_time", "dateTime": "only_datetime"}
MOST = 999_999_999_999
_WHOLE, _DECIMAL, _LIST, _CUSTOM = "whole", "decimal", "list", "custom"


@dataclass(frozen=True, slots=True)
class Check:
    """A validation without its cells.

    Attributes:
        kind: Excel's word: whole, decimal, list, custom.
        first, second: its formulas; `{state}` stands for the cell of the answer's state.
        message: shown when it stops an answer.
        warns: the person may insist: the rule stands in helper cells, which a program may not have
            worked out anew when it asks.
    """

    kind: str
    first: str
    second: str = ""
    message: str = ""
    warns: bool = False


def check_of(question: Question, language: str, lists: Mapping[str, str]) -> Check | None:
    """The check of the cell that holds a question's whole answer; None where any text will do.

    `lists` gives each choice list the defined name of its labels.
    """
    own = readable(question.constraint_message, language)
    kind = question.type_name
    if (list_name := question.list_name) and list_name in lists:
        return Check(_LIST, lists[list_name], message=phrase("choose_from_list", language))
    if kind == "acknowledge":
        return tick_check(language)
    if kind in ("integer", "decimal", "range"):
        return _number_check(question, language, own)
    if words := _MOMENTS.get(kind, ""):
        message = "\n".join(text for text in (phrase(words, language), own) if text)
        return Check(_CUSTOM, UNSTATED, message=message, warns=True)
    if question.constraint or question.relevant:
        message = own or phrase("answered_not_asked", language)
        return Check(_CUSTOM, UNSTATED, message=message, warns=True)
    return None


def _number_check(question: Question, language: str, own: str) -> Check:
    if question.type_name == "range":
        return _range_check(question, language)
    if question.type_name == "decimal":
        return Check(_DECIMAL, str(-MOST), str(MOST), own or phrase("only_number", language))
    low, high = bounds_of(question.constraint)
    return Check(_WHOLE, str(low), str(high), own or phrase("only_whole", language))


def bounds_of(constraint: str | None) -> tuple[int, int]:
    """The whole numbers that a constraint such as `. >= 0 and . <= 60` leaves."""
    low, high = -MOST, MOST
    try:
        waiting = [parse(constraint)] if constraint else []
    except SurveyError:
        return low, high
    while waiting:
        match waiting.pop():
            case Binary("and", left, right):
                waiting += [left, right]
            case Binary(">=", Current(), Number(value)):
                low = max(low, math.ceil(value))
            case Binary(">", Current(), Number(value)):
                low = max(low, math.floor(value) + 1)
            case Binary("<=", Current(), Number(value)):
                high = min(high, math.floor(value))
            case Binary("<", Current(), Number(value)):
                high = min(high, math.ceil(value) - 1)
    return low, high


def choice_check(question: Question, questionnaire: Questionnaire, language: str) -> Check:
    """The check of a cell that ticks one choice, or numbers it for a rank."""
    if question.type_name == "rank":
        last = len(questionnaire.choices_of(question))
        message = phrase("only_between", language, low=1, high=last)
        return Check(_WHOLE, "1", str(last), message)
    return tick_check(language)


def tick_check(language: str) -> Check:
    """The check of a tick cell: the language's mark or nothing."""
    mark = phrase("tick", language)
    return Check(_LIST, f'"{mark}"', message=phrase("only_mark", language, mark=mark))


def _range_check(question: Question, language: str) -> Check:
    bounds = question.parameters
    low, high = bounds.get("start", "1"), bounds.get("end", "10")
    step = bounds.get("step", "1")
    kind = _WHOLE if all(part.lstrip("-").isdecimal() for part in (low, high, step)) else _DECIMAL
    return Check(kind, low, high, phrase("only_between", language, low=low, high=high))


@dataclass
class Checks:
    """Gathers a sheet's validations, so that cells with the same check share one."""

    sheet: Worksheet
    language: str
    _made: dict[Check, DataValidation] = field(default_factory=dict)

    def add(self, check: Check | None, cells: str, state: str = "") -> None:
        """Put a check on a cell or range, `E12` or `C8:C37`; `state` is that of the first cell."""
        if check is None:
            return
        formula = check.first.replace("{state}", state)
        shared = self._made.get(check) if formula == check.first else None
        if shared is None:
            shared = self._validation(check, formula)
            self._made[check] = shared
            self.sheet.add_data_validation(shared)
        shared.add(cells)

    def _validation(self, check: Check, formula: str) -> DataValidation:
        bounded = check.kind in (_WHOLE, _DECIMAL)
        return DataValidation(
            type=check.kind,  # type: ignore[arg-type]
            operator="between" if bounded else None,
            formula1=formula,
            formula2=check.second or None,
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="warning" if check.warns else "stop",
            errorTitle=shortened(phrase("wrong", self.language), TITLE_LENGTH),
            error=shortened(check.message, ERROR_LENGTH),
        )
