"""What Excel stops while a person types: a validation a kind of answer, within Excel's limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.excel_words import ERROR_LENGTH, TITLE_LENGTH, readable, shortened
from pipeline.forms.phrases import phrase
from pipeline.questionnaire.model import Question, Questionnaire

MOST = 999_999_999_999
_WHOLE, _DECIMAL, _LIST, _CUSTOM = "whole", "decimal", "list", "custom"


@dataclass(frozen=True, slots=True)
class Check:
    """A validation without its cells.

    Attributes:
        kind: Excel's word: whole, decimal, list, custom.
        first, second: its formulas; `{cell}` stands for the answer cell.
        message: shown when it stops an answer.
    """

    kind: str
    first: str
    second: str = ""
    message: str = ""


def check_of(question: Question, language: str, lists: Mapping[str, str]) -> Check | None:
    """The check of the cell that holds a question's whole answer; None where any text will do.

    `lists` gives each choice list the defined name of its labels.
    """
    own = readable(question.constraint_message, language)
    if (list_name := question.list_name) and list_name in lists:
        return Check(_LIST, lists[list_name], message=phrase("choose_from_list", language))
    if question.type_name == "acknowledge":
        return tick_check(language)
    if question.type_name == "range":
        return _range_check(question, language)
    numbers = {"integer": (_WHOLE, "only_whole"), "decimal": (_DECIMAL, "only_number")}
    if question.type_name in numbers:
        kind, words = numbers[question.type_name]
        return Check(kind, str(-MOST), str(MOST), own or phrase(words, language))
    moments = {
        "date": ("OR(ISNUMBER({cell}),ISNUMBER(DATEVALUE({cell})))", "only_date"),
        "time": ("OR(ISNUMBER({cell}),ISNUMBER(TIMEVALUE({cell})))", "only_time"),
        "dateTime": ("OR(ISNUMBER({cell}),ISNUMBER(DATEVALUE({cell})))", "only_datetime"),
    }
    if question.type_name in moments:
        formula, words = moments[question.type_name]
        return Check(_CUSTOM, formula, message=phrase(words, language))
    return None


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

    def add(self, check: Check | None, cells: str) -> None:
        """Put a check on a cell or range, `E12` or `C8:C37`."""
        if check is None:
            return
        first_cell = cells.partition(":")[0]
        formula = check.first.replace("{cell}", first_cell)
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
            errorStyle="stop",
            errorTitle=shortened(phrase("wrong", self.language), TITLE_LENGTH),
            error=shortened(check.message, ERROR_LENGTH),
        )
