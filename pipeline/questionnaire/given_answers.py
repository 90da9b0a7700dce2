"""Answers as JSON gives them, read as the values that expressions reckon with."""

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.errors import Place, Problem
from pipeline.expression.values import BLANK, Value, number, number_text, parse_moment, text
from pipeline.questionnaire.model import Item, Question, Questionnaire
from pipeline.questionnaire.problems import did_you_mean
from pipeline.questionnaire.types import Storage

Key = tuple[tuple[str, int], ...]
"""The repeat instance that an answer lies in: ((repeat, number from 0), ...), outermost first."""

_OF_BIND = {
    "int": Storage.INTEGER,
    "integer": Storage.INTEGER,
    "decimal": Storage.DECIMAL,
    "date": Storage.DATE,
    "dateTime": Storage.DATETIME,
    "time": Storage.TIME,
    "string": Storage.TEXT,
}


@dataclass
class Given:
    """The answers of one response.

    Attributes:
        answers: question and instance -> typed answer; None is an answer left blank on purpose.
        instances: repeat and the instance around it -> how many instances are given.
        problems: what cannot be read.
    """

    answers: dict[tuple[str, Key], object] = field(default_factory=dict)
    instances: dict[tuple[str, Key], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_given(questionnaire: Questionnaire, answers: Mapping[str, object]) -> Given:
    """Read a whole response.

    Args:
        questionnaire: the form.
        answers: question -> answer, repeat -> list of such maps.

    Returns:
        Typed answers; TRY-001 to TRY-003 for what is no answer to a question of the form.
    """
    given = Given()
    _read(questionnaire, answers, None, (), given)
    return given


def _read(
    form: Questionnaire, answers: Mapping[str, object], repeat: str | None, key: Key, given: Given
) -> None:
    here = {item.name: item for item in form.items if item.repeat == repeat}
    repeats = {name for name, item in form.repeats.items() if item.parent == repeat}
    for name, answer in answers.items():
        if name in repeats:
            for number_, inside in enumerate(_instances(name, answer, given)):
                _read(form, inside, name, (*key, (name, number_)), given)
            given.instances[name, key] = len(answer) if isinstance(answer, list) else 0
        elif name in here:
            _read_one(here[name], answer, key, given)
        else:
            given.problems.append(_unknown(name, {**here, **dict.fromkeys(repeats)}))


def _instances(name: str, answer: object, given: Given) -> Iterator[Mapping[str, object]]:
    rows = [] if answer is None else answer
    if isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows):
        yield from rows
        return
    message = "The answers to a repeat are a list of maps, one for each instance."
    place = Place(question=name)
    given.problems.append(Problem("TRY-002", message, 'Write [{"name": ...}, ...].', place))


def _read_one(item: Item, answer: object, key: Key, given: Given) -> None:
    try:
        given.answers[item.name, key] = typed(item.question, answer)
    except ValueError:
        given.problems.append(
            Problem(
                "TRY-003",
                f"This is no answer to a question of type {item.question.type_name}.",
                _SPELLINGS.get(storage_of(item.question), "Write it as a text."),
                Place(question=item.name),
            )
        )


def _unknown(name: str, known: Mapping[str, object]) -> Problem:
    return Problem(
        "TRY-001",
        f"The form asks no '{name}' here.",
        did_you_mean(
            name, known, "Name a question of the form; those of a repeat lie in its list."
        ),
        Place(question=name),
    )


def storage_of(question: Question) -> Storage:
    """What an answer is; a calculation may say so by `bind::type`."""
    named = question.columns.get("bind::type", "")
    return _OF_BIND.get(named, question.storage) if question.calculation else question.storage


def typed(question: Question, answer: object) -> object:
    """An answer as the value that expressions reckon with; None is blank.

    Raises:
        ValueError: it is none of the question's type.
    """
    if isinstance(answer, list):
        if question.storage is not Storage.SELECT_MULTIPLE:
            raise ValueError
        answer = " ".join(_plain(one) for one in answer)
    written = _plain(answer)
    if not written:
        return None
    return _TYPED.get(storage_of(question), str)(written)


def stored(question: Question, value: Value) -> object:
    """What a calculation leaves as the question's answer, as JavaRosa keeps it.

    A number, truth or moment stays one, even where the XForm calls the question a text.
    """
    if value == BLANK or (isinstance(value, float) and math.isnan(value)):
        return None
    match storage_of(question):
        case Storage.INTEGER | Storage.DECIMAL as kind:
            amount = number(value)
            if math.isnan(amount):
                return None
            return int(amount) if kind is Storage.INTEGER and math.isfinite(amount) else amount
        case Storage.DATE | Storage.DATETIME as kind:
            found = value if isinstance(value, dt.datetime) else parse_moment(text(value))
            return found.date() if found and kind is Storage.DATE else found
        case Storage.TEXT:
            return value
        case _:
            return text(value)


def _plain(answer: object) -> str:
    if answer is None:
        return ""
    if isinstance(answer, bool):
        raise ValueError  # noqa: TRY004 - the caller tells every wrong answer alike
    if isinstance(answer, int | float):
        return str(answer) if isinstance(answer, int) else number_text(answer)
    if isinstance(answer, str):
        return answer
    raise ValueError


def _whole(written: str) -> int:
    amount = _amount(written)
    if amount != int(amount):
        raise ValueError
    return int(amount)


def _amount(written: str) -> float:
    amount = float(written)
    if not math.isfinite(amount) or not written.isascii() or "_" in written:
        raise ValueError
    return amount


def _moment(written: str) -> dt.datetime:
    found = parse_moment(written.replace(" ", "T", 1))
    if found is None:
        raise ValueError
    return found


def _clock(written: str) -> str:
    if parse_moment(f"1970-01-01T{written}") is None:
        raise ValueError
    return written


_TYPED: Mapping[Storage, Callable[[str], object]] = {
    Storage.INTEGER: _whole,
    Storage.DECIMAL: _amount,
    Storage.DATE: lambda written: _moment(written).date(),
    Storage.DATETIME: _moment,
    Storage.TIME: _clock,
}
_SPELLINGS = {
    Storage.INTEGER: "Write a whole number, 12.",
    Storage.DECIMAL: "Write a number, 1.5.",
    Storage.DATE: 'Write the day as "2011-08-31".',
    Storage.DATETIME: 'Write the moment as "2011-08-31T09:30:00".',
    Storage.TIME: 'Write the time as "09:30:00".',
    Storage.SELECT_ONE: "Write the name of one choice.",
    Storage.SELECT_MULTIPLE: 'Write a list of choice names, ["a", "b"].',
}
