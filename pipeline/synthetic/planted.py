"""Errors put into answers on purpose: each breaks exactly one rule, at one known place.

After each change the reference interpreter works out what the whole response breaks, both with
answers to skipped questions as they came and with them as blank. A change that breaks anything
besides what it is meant to break is not used; another spot is tried.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from pipeline.questionnaire.model import Question
from pipeline.questionnaire.types import Filled, Storage
from pipeline.synthetic.answers import Answers
from pipeline.synthetic.examine import Finding, examine
from pipeline.synthetic.form import Form, cached_parse
from pipeline.synthetic.patterns import numbers_of
from pipeline.synthetic.spots import Given, Spot, changed, spots

_NUMBERS = {Storage.INTEGER, Storage.DECIMAL}
_THOUSAND = 1000
_CHOICES = {Storage.SELECT_ONE, Storage.SELECT_MULTIPLE}
_TRIES = 60
EVERYWHERE = frozenset({"excel", "odk", "table"})
BY_HAND = frozenset({"excel", "table"})


@dataclass(frozen=True, slots=True)
class Planted:
    """One change to one response.

    Attributes:
        kind: name of the kind of error.
        code: the issue that it must raise; "" for a spelling that is read without an issue.
        spot: where it was put.
        answers: the response with it.
        meant: the response as it is to be understood; differs from `answers` for a spelling.
    """

    kind: str
    code: str
    spot: Spot
    answers: Answers
    meant: Answers


@dataclass(frozen=True)
class ErrorKind:
    """One kind of planted error.

    Attributes:
        code: the issue it raises, as `pipeline.cleaning.codes` names it; "" for none.
        suits: whether it can stand at a spot.
        wrong: what to write there, first choice first; None blanks the answer.
        ways: kinds of returned files in which it can happen.
        is_spelling: the answer means the same as before.
    """

    code: str
    suits: Callable[[Spot], bool]
    wrong: Callable[[Spot, Form, Random], Iterable[Given | None]]
    ways: frozenset[str] = EVERYWHERE
    is_spelling: bool = False


def plant(form: Form, answers: Answers, kind: str, random: Random) -> Planted | None:
    """Plant one error of a kind in a response that breaks no rule.

    Args:
        form: the form.
        answers: the response.
        kind: a key of `ERROR_KINDS`.
        random: chooses the spot.

    Returns:
        The change, or None where no spot of this response takes it without other consequences.
    """
    error = ERROR_KINDS[kind]
    suiting = [spot for spot in spots(form, answers) if error.suits(spot)]
    for spot in random.sample(suiting, min(len(suiting), _TRIES)):
        for wrong in error.wrong(spot, form, random):
            with_error = changed(answers, spot.place, spot.item.name, wrong)
            planted = Planted(kind, error.code, spot, with_error, with_error)
            if error.is_spelling:
                return Planted(kind, error.code, spot, with_error, answers)
            if _is_alone(form, planted):
                return planted
    return None


def _is_alone(form: Form, planted: Planted) -> bool:
    """Whether the response breaks this rule and no other, however the answer is reckoned with."""
    name, place = planted.spot.item.name, planted.spot.place
    code = "not_a_date" if planted.code == "ambiguous_date" else planted.code
    meant = [Finding(name, place, code)]  # a date that nobody can be sure of is none either
    for blank_unasked in (False, True):
        found = examine(form, planted.answers, blank_unasked=blank_unasked)
        if found != meant:
            return False
    if planted.code not in {"not_a_choice", "constraint"}:
        return True
    without = changed(planted.answers, place, name, None)
    left = examine(form, without, blank_unasked=True)
    return set(left) <= {Finding(name, place, "required")}


# --- what to write


def _is_person(spot: Spot) -> bool:
    row = spot.item.question.row
    return row.filled is Filled.PERSON and row.in_excel


def _answered(*storages: Storage) -> Callable[[Spot], bool]:
    return lambda spot: (
        spot.given is not None and _is_person(spot) and spot.item.question.storage in storages
    )


def _optional_number(spot: Spot) -> bool:
    return _answered(*_NUMBERS)(spot) and not spot.item.question.required


def _words_for_number(spot: Spot, _form: Form, _random: Random) -> Iterator[str]:
    yield f"SYNTHETIC about {spot.given}"


def _two_numbers(spot: Spot, _form: Form, _random: Random) -> Iterator[str]:
    yield f"{spot.given}-{spot.given}9"


def _no_day(_spot: Spot, _form: Form, random: Random) -> Iterator[str]:
    yield f"2011-{random.randint(13, 19)}-{random.randint(32, 39)}"


def _breaking(spot: Spot, form: Form, random: Random) -> Iterator[Given]:
    """Answers of the right type, some of which may break the constraint."""
    question = spot.item.question
    if question.storage in _NUMBERS:
        named = numbers_of(cached_parse(question.constraint or "0"))
        yield from (str(int(number) + step) for number in named[::-1] for step in (1, -1))
        yield from ("-1", "999999")
    elif question.storage is Storage.DATE:
        yield from ("2001-02-03", "2031-02-03")
    elif question.storage is Storage.TEXT:
        yield from ("SYNTHETIC?", "SYNTHETIC 123")
    else:
        yield from other_answers(spot, form, random)


def other_answers(spot: Spot, form: Form, random: Random) -> Iterator[Given]:
    """Other choices than the one given, or one choice more; they may break rules."""
    names = [choice.name for choice in form.questionnaire.choices_of(spot.item.question)]
    random.shuffle(names)
    if isinstance(spot.given, str):
        yield from (name for name in names if name != spot.given)
        return
    given = list(spot.given or ())
    order = [choice.name for choice in form.questionnaire.choices_of(spot.item.question)]
    for name in names:
        if name not in given:
            yield sorted([*given, name], key=order.index)


def _constrained(spot: Spot) -> bool:
    question = spot.item.question
    return spot.given is not None and _is_person(spot) and question.constraint is not None


def _unasked(spot: Spot) -> bool:
    """A blank question that may be skipped; whether it is, the interpreter says."""
    return (
        spot.given is None
        and _is_person(spot)
        and bool(spot.item.relevants)
        and _plain_answer(spot.item.question) is not None
    )


def _plain_answer(question: Question) -> Given | None:
    plain: Mapping[Storage, str] = {
        Storage.INTEGER: "1",
        Storage.DECIMAL: "1.5",
        Storage.TEXT: "SYNTHETIC",
        Storage.TIME: "12:00:00",
        Storage.DATE: "2011-09-01",
    }
    return "choices" if question.row.list_kind == "list" else plain.get(question.storage)


def _any_answer(spot: Spot, form: Form, random: Random) -> Iterator[Given]:
    question = spot.item.question
    if question.storage not in _CHOICES:
        answer = _plain_answer(question)
        if answer is not None and not question.constraint:
            yield answer
        return
    choices = [c.name for c in form.questionnaire.choices_of(question) if c.missing is None]
    for name in random.sample(choices, len(choices)):
        yield name if question.storage is Storage.SELECT_ONE else [name]


def _nothing(_spot: Spot, _form: Form, _random: Random) -> Iterator[None]:
    yield None


def _required_answer(spot: Spot) -> bool:
    """A default stands in an Excel form's cell until somebody wipes it out: it is never blank."""
    question = spot.item.question
    is_asked = spot.given is not None and _is_person(spot)
    return is_asked and question.required is True and not question.default


def _no_choice(_spot: Spot, _form: Form, random: Random) -> Iterator[str]:
    yield f"SYNTHETIC_{random.randint(10, 99)}"


def _calculated_number(spot: Spot) -> bool:
    question = spot.item.question
    return (
        spot.given is not None and question.calculation is not None and str(spot.given).isdecimal()
    )


def _one_more(spot: Spot, _form: Form, _random: Random) -> Iterator[str]:
    yield str(int(str(spot.given)) + 1)


def _republic_day(spot: Spot, _form: Form, _random: Random) -> Iterator[str]:
    day = dt.date.fromisoformat(str(spot.given))
    yield f"民國{day.year - _REPUBLIC}年{day.month}月{day.day}日"


_REPUBLIC = 1911


def _year_of_three_digits(spot: Spot, _form: Form, _random: Random) -> Iterator[str]:
    day = dt.date.fromisoformat(str(spot.given))
    yield f"{day.year - _REPUBLIC}/{day.month}/{day.day}"


def _year_of_two_digits(spot: Spot, _form: Form, _random: Random) -> Iterator[str]:
    day = dt.date.fromisoformat(str(spot.given))
    yield f"{day.year % 100:02}/{day.month}/{day.day}"


def _no_hour(_spot: Spot, _form: Form, random: Random) -> Iterator[str]:
    yield f"{random.randint(25, 99)}:{random.randint(60, 99)}"


def _thousands(spot: Spot) -> bool:
    return _answered(*_NUMBERS)(spot) and float(str(spot.given)) >= _THOUSAND


def _with_comma(spot: Spot, _form: Form, _random: Random) -> Iterator[str]:
    """Of a decimal the fraction too: `1,234` alone could be 1.234, and is refused."""
    given = str(spot.given)
    is_whole = spot.item.question.storage is Storage.INTEGER
    yield f"{int(float(given)):,}" if is_whole else f"{float(given):,}"


def _full_width(spot: Spot, _form: Form, _random: Random) -> Iterator[str]:
    digits = str.maketrans("0123456789", "０１２３４５６７８９")
    yield str(spot.given).translate(digits)


ERROR_KINDS: Mapping[str, ErrorKind] = {
    "words_for_a_number": ErrorKind("not_a_number", _optional_number, _words_for_number, BY_HAND),
    "two_numbers_in_one": ErrorKind("not_a_number", _optional_number, _two_numbers, BY_HAND),
    "no_such_day": ErrorKind("not_a_date", _answered(Storage.DATE), _no_day, BY_HAND),
    "year_of_two_digits": ErrorKind(
        "ambiguous_date", _answered(Storage.DATE), _year_of_two_digits, BY_HAND
    ),
    "no_such_hour": ErrorKind("not_a_time", _answered(Storage.TIME), _no_hour, BY_HAND),
    "broken_constraint": ErrorKind("constraint", _constrained, _breaking),
    "answer_to_a_skipped_question": ErrorKind("not_asked", _unasked, _any_answer),
    "required_left_blank": ErrorKind("required", _required_answer, _nothing),
    "no_such_choice": ErrorKind("not_a_choice", _answered(Storage.SELECT_ONE), _no_choice),
    "wrong_calculation": ErrorKind(
        "calculation_differs", _calculated_number, _one_more, frozenset({"odk", "table"})
    ),
    "republic_era_date": ErrorKind(
        "", _answered(Storage.DATE), _republic_day, BY_HAND, is_spelling=True
    ),
    "year_of_three_digits": ErrorKind(
        "republic_date",
        _answered(Storage.DATE),
        _year_of_three_digits,
        BY_HAND,
        is_spelling=True,
    ),
    "comma_for_thousands": ErrorKind(
        "grouped_number", _thousands, _with_comma, BY_HAND, is_spelling=True
    ),
    "full_width_digits": ErrorKind(
        "", _answered(*_NUMBERS), _full_width, BY_HAND, is_spelling=True
    ),
}
"""Kinds of errors in one answer, by name."""
