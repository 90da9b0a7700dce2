"""A questionnaire made ready for many respondents: expressions read once, answers typed."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from pipeline.errors import SurveyError
from pipeline.expression.answers import Answers as Standing
from pipeline.expression.answers import Instance, Place
from pipeline.expression.evaluate import evaluate
from pipeline.expression.functions import is_remade
from pipeline.expression.kinds import Kind
from pipeline.expression.parse import parse
from pipeline.expression.values import Value, text, truth
from pipeline.questionnaire.model import (
    Choice,
    Item,
    Question,
    Questionnaire,
    words,
)
from pipeline.questionnaire.types import Filled, Storage
from pipeline.synthetic.answers import Answers

KINDS: Mapping[Storage, Kind] = {
    Storage.INTEGER: Kind.INTEGER,
    Storage.DECIMAL: Kind.DECIMAL,
    Storage.TEXT: Kind.TEXT,
    Storage.DATE: Kind.DATE,
    Storage.DATETIME: Kind.DATETIME,
    Storage.TIME: Kind.TIME,
    Storage.SELECT_ONE: Kind.SELECT_ONE,
    Storage.SELECT_MULTIPLE: Kind.SELECT_MULTIPLE,
    Storage.GEO: Kind.OTHER,
    Storage.FILE: Kind.OTHER,
}

cached_parse = lru_cache(maxsize=10_000)(parse)


@dataclass(frozen=True)
class Form:
    """A questionnaire with what its expressions need.

    Attributes:
        questionnaire: the questionnaire.
        today: the day that today() gives where the response has no date of its own.
        date_role: the question that holds the day of the interview, as study.yaml names it.
    """

    questionnaire: Questionnaire
    today: dt.date = dt.date(2000, 1, 1)
    date_role: str | None = None

    @cached_property
    def items(self) -> dict[tuple[tuple[str, ...], str], Item]:
        """Every question by the groups and repeats around it and its plain name."""
        return {(item.path, item.question.name): item for item in self.questionnaire.items}

    @cached_property
    def above(self) -> dict[str, tuple[str, ...]]:
        """Groups and repeats over each question."""
        return {item.name: item.path for item in self.questionnaire.items}

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """Kind of each question that has an answer."""
        answered = (item for item in self.questionnaire.items if item.question.has_answer)
        return {item.name: KINDS[item.question.storage] for item in answered}

    @cached_property
    def lists(self) -> dict[str, list[dict[str, str]]]:
        """Choice lists as expressions see them."""
        return {
            name: [_row(c) for c in found] for name, found in self.questionnaire.choices.items()
        }

    @cached_property
    def list_of(self) -> dict[str, str]:
        """Which list each select question takes."""
        items = self.questionnaire.items
        return {item.name: item.question.list_name for item in items if item.question.list_name}

    @cached_property
    def children(self) -> dict[str | None, list[str]]:
        """Repeats that lie in the form itself (None) or in a repeat."""
        found: dict[str | None, list[str]] = {}
        for repeat in self.questionnaire.repeats.values():
            found.setdefault(repeat.parent, []).append(repeat.name)
        return found

    @cached_property
    def on_clock(self) -> dict[str, str]:
        """start, end, today -> the question outside repeats that the device's clock fills in so."""
        clocks = ("start", "end", "today")
        main = self.questionnaire.answered(None)
        return {q.question.type_name: q.name for q in main if q.question.type_name in clocks}

    def day_of(self, answers: Answers, otherwise: dt.date | None = None) -> dt.date:
        """The day on which a response was given, looked for in the order in which cleaning does."""
        for name in (self.on_clock.get("today"), self.date_role, self.on_clock.get("start")):
            if answered := answers.get(name or ""):
                with suppress(ValueError):  # a date that was planted wrong
                    return dt.date.fromisoformat(str(answered)[: len("2011-08-01")])
        return otherwise or self.today

    def blank_instance(self, repeat: str | None) -> Instance:
        """The form itself (None) or one instance of a repeat, everything blank."""
        names = [item.name for item in self.questionnaire.answered(repeat)]
        inside = self.children.get(repeat, [])
        return Instance(dict.fromkeys(names), {name: [] for name in inside})

    def standing(
        self, response: Instance, place: Place, current: str | None, today: dt.date
    ) -> Standing:
        """A response as an expression sees it from a question."""
        return Standing(
            response=response,
            today=today,
            kinds=self.kinds,
            at=place,
            current=current,
            lists=self.lists,
            list_of=self.list_of,
            above=self.above,
        )

    def choices(self, item: Item, standing: Standing) -> list[Choice]:
        """The choices that are offered here, its choice filter applied."""
        found = self.questionnaire.choices_of(item.question)
        if not item.question.choice_filter:
            return list(found)
        rule = cached_parse(item.question.choice_filter)
        return [c for c in found if truth(evaluate(rule, replace(standing, item=_row(c))))]


def _row(choice: Choice) -> dict[str, str]:
    label = words(choice.label, "", choice.name)
    return {"name": choice.name, "label": label, **choice.columns}


def holds(rule: str | None, standing: Standing) -> bool:
    """Whether a relevant or constraint is true; one that is not there always is."""
    return rule is None or truth(evaluate(cached_parse(rule), standing))


def is_required(question: Question, standing: Standing) -> bool:
    """Whether the question must be answered here."""
    required = question.required
    return holds(required, standing) if isinstance(required, str) else bool(required)


def is_worked_out(rule: str) -> bool:
    """Whether a calculation gives its value again; that of `uuid()` came with the response."""
    return is_remade(cached_parse(rule))


def calculated(rule: str, standing: Standing) -> Value | None:
    """What a calculation gives; None where a repeat gives it several answers to reckon with.

    Such a rule stops ODK's engines too; `survey check` warns of it.
    """
    try:
        return evaluate(cached_parse(rule), standing)
    except SurveyError as error:
        if {problem.code for problem in error.problems} != {"EXPR-020"}:
            raise
        return None


def as_answer(value: Value | None) -> str:
    """A value as an answer's text; no number is no answer."""
    return "" if value is None else text(value).replace("NaN", "")


def typed(question: Question, answer: "str | Sequence[str]") -> object:
    """An answer's text as the value that expressions reckon with.

    Raises:
        ValueError: the text is no number or date of the question's type.
    """
    if not isinstance(answer, str):
        return " ".join(answer)
    return _TYPED.get(question.storage, str)(answer)


def _clock(text: str) -> str:
    dt.time.fromisoformat(text)
    return text


_TYPED: Mapping[Storage, Callable[[str], object]] = {
    Storage.INTEGER: int,
    Storage.DECIMAL: float,
    Storage.DATE: dt.date.fromisoformat,
    Storage.DATETIME: dt.datetime.fromisoformat,
    Storage.TIME: _clock,
}


def is_asked_of_person(question: Question) -> bool:
    """Whether a person gives the answer, and not the form or the device."""
    return question.has_answer and question.row.filled is Filled.PERSON
