"""Random answer sets: blanks, boundary values, non-ASCII, repeats of 0 to 3, mostly valid.

What a form's own rules name (choices, numbers, days) is drawn more often than anything else, so
that deep questions are reached; an answer that breaks a constraint is mostly drawn again.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from pipeline.errors import SurveyError
from pipeline.expression import tree
from pipeline.expression.parse import parse, references
from pipeline.expression.tree import Binary, Call, Current, Number, Text, walk
from pipeline.questionnaire.check_expressions import expressions
from pipeline.questionnaire.given_answers import read_given
from pipeline.questionnaire.model import Item, Questionnaire
from pipeline.questionnaire.places import name_of
from pipeline.questionnaire.settle import Settled
from pipeline.questionnaire.try_answers import Violation, try_answers
from pipeline.questionnaire.try_engines import Around
from pipeline.questionnaire.try_reference import Reference
from pipeline.questionnaire.types import Filled, Storage
from pipeline.synthetic.patterns import from_pattern, patterns_of

BLANK, NAMED, MENDED = 0.08, 0.6, 0.9
ROUNDS = 6
TEXTS = ["yes", "東京 花蓮縣", "a b", "<&>\"'", "Zoë", "３", "10", "𠮷野家", "0", "-"]
DAYS = ["1969-12-31", "2000-01-01", "2011-08-01", "2011-09-30", "2012-02-29", "2026-06-15"]
TIMES = ["00:00:00.000", "09:30:00.000", "12:00:00.000", "23:59:59.000"]
_STEP = re.compile(r"([^/\[\]]+)\[(\d+)\]/")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Answers = dict[str, Any]


@dataclass
class Drawing:
    """Draws answer sets of one form."""

    form: Questionnaire
    today: dt.date
    now: dt.datetime
    named: dict[str, list[object]] = field(default_factory=dict)
    counting: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        rules = [(parse(text), name_of(node)) for _, node, _, text in expressions(self.form)]
        # A skip counts once for each question behind it: what opens most is drawn most.
        rules += [(parse(rule), item.name) for item in self.form.items for rule in item.relevants]
        for rule, here in rules:
            for name, value in _compared(rule, here):
                self.named.setdefault(name, []).append(value)
        counts = [parse(item.node.repeat_count or "''") for item in self.form.repeats.values()]
        self.counting = {name for count in counts for name in references(count)}

    def draw(self, seed: int) -> Answers:
        """One set; the same seed draws the same."""
        random = Random(f"{self.form.form_id} {seed}")  # noqa: S311 - a seeded draw
        answers = self._level(None, random)
        with suppress(SurveyError):  # a form that stops is a set like any other
            for _ in range(ROUNDS if random.random() < MENDED else 0):
                tried = try_answers(self.form, answers, today=self.today, now=self.now)
                wrong = [one for one in tried.violations if one.rule != "required"]
                for one in wrong:
                    if random.random() < MENDED:
                        self._again(answers, one, random)
                if not wrong:
                    break
        return answers

    @cached_property
    def _by_repeat(self) -> dict[str | None, list[Item]]:
        found: dict[str | None, list[Item]] = {}
        for item in self.form.items:
            if item.question.row.filled is Filled.PERSON and not item.question.calculation:
                found.setdefault(item.repeat, []).append(item)
        return found

    def _level(self, repeat: str | None, random: Random) -> Answers:
        answers: Answers = {}
        for item in self._by_repeat.get(repeat, []):
            answers[item.name] = self._answer(item, random)
        for name, inner in self.form.repeats.items():
            if inner.parent == repeat:
                answers[name] = [self._level(name, random) for _ in range(random.randrange(4))]
        return answers

    def _again(self, answers: Answers, wrong: Violation, random: Random) -> None:
        """Draw an answer that is refused once more; out of the choices offered, if it is one."""
        level, end, key = answers, 0, list[tuple[str, int]]()
        for step in _STEP.finditer(wrong.question):
            repeat, number = step[1], int(step[2])
            level[repeat] += [
                self._level(repeat, random) for _ in range(number - len(level[repeat]))
            ]
            level, end = level[repeat][number - 1], step.end()
            key.append((repeat, number - 1))
        item = self.form.by_name[wrong.question[end:]]
        level[item.name] = self._answer(item, random)
        if wrong.rule == "choice":
            level[item.name] = None
            around = Around(self.form, self.today, self.now, self.form.default_language)
            settled = Settled(around, Reference(around), read_given(self.form, answers))
            settled.settle()
            choices = self.form.choices_of(item.question)
            offered = [c.name for c in choices if settled.lets_through(item, tuple(key), c)]
            if offered:
                one = random.choice(offered)
                several = item.question.storage is Storage.SELECT_MULTIPLE
                level[item.name] = [one] if several else one

    def _answer(self, item: Item, random: Random) -> object:
        answer = self._some_answer(item, random)
        return None if random.random() < BLANK else answer

    def _some_answer(self, item: Item, random: Random) -> object:
        counts = item.name in self.counting and item.question.storage is Storage.INTEGER
        if counts and random.random() < MENDED:
            return random.choice([0, 1, 1, 1, 1, 2, 3])
        named = self.named.get(item.name, [])
        choices = [choice.name for choice in self.form.choices_of(item.question)]
        match item.question.storage:
            case Storage.SELECT_ONE | Storage.SELECT_MULTIPLE if (
                item.question.list_name and not choices
            ):
                return None  # the file that it chooses from is not at hand
            case Storage.SELECT_ONE if not choices:
                return "OK"
            case Storage.SELECT_ONE:
                wanted = [name for name in named if name in choices]
                return random.choice(wanted if wanted and random.random() < NAMED else choices)
            case Storage.SELECT_MULTIPLE:
                return self._several(item, choices, named, random)
            case kind:
                return _WRITERS.get(kind, _text)(item, named, random)

    def _several(
        self, item: Item, choices: list[str], named: list[object], random: Random
    ) -> list[str]:
        if item.question.type_name == "rank":
            return random.sample(choices, len(choices))
        wanted = [str(name) for name in named if name in choices]
        if wanted and random.random() < NAMED:
            return [random.choice(wanted)]
        chosen = random.sample(choices, min(len(choices), random.choice([1, 1, 2, 3])))
        return [name for name in choices if name in chosen]


def _compared(expression: Any, here: str) -> Iterator[tuple[str, object]]:
    """Questions and the values that an expression holds their answers against."""
    for node in walk(expression):
        operands: tuple[Any, ...] = ()
        if isinstance(node, Binary):
            operands = (node.left, node.right)
        elif isinstance(node, Call) and node.name in {"selected", "date"}:
            operands = node.arguments
        names = [
            here if isinstance(one, Current) else one.name
            for one in operands
            if isinstance(one, Current | tree.Reference)
        ]
        values = [one.value for one in operands if isinstance(one, Number | Text)]
        days = [
            inner.value
            for one in operands
            for inner in walk(one)
            if isinstance(inner, Text) and _DAY.fullmatch(inner.value)
        ]
        yield from ((name, value) for name in names for value in [*values, *days])


def _whole(item: Item, named: list[object], random: Random) -> object:
    parameters = item.question.parameters
    if "end" in parameters:
        low, high = float(parameters.get("start", 0)), float(parameters["end"])
        step = float(parameters.get("step", 1))
        value = low + step * random.randrange(round((high - low) / step) + 1)
        return int(value) if value == int(value) else value
    bounds = [int(value) for value in named if isinstance(value, float)]
    if bounds and random.random() < NAMED:
        return max(random.choice(bounds) + random.choice([-1, 0, 0, 1]), 0)
    return random.choice([0, 1, 2, 3, 4, 5, 7, 12, 18, 30, 65, random.randrange(1000)])


def _decimal(item: Item, named: list[object], random: Random) -> object:
    whole = _whole(item, named, random)
    if item.question.type_name == "range":
        return whole
    assert isinstance(whole, int)
    return random.choice([whole, whole + 0.5, whole + 0.1])


def _text(item: Item, named: list[object], random: Random) -> str:
    patterns = patterns_of(parse(item.question.constraint)) if item.question.constraint else []
    if patterns and random.random() < MENDED:
        return from_pattern(random.choice(patterns), random)
    texts = [value for value in named if isinstance(value, str) and value]
    return random.choice(texts if texts and random.random() < NAMED else TEXTS)


def _day(_: Item, named: list[object], random: Random) -> str:
    days = [value for value in named if isinstance(value, str) and _DAY.fullmatch(value)]
    if not days or random.random() > NAMED:
        return random.choice(DAYS)
    near = dt.date.fromisoformat(random.choice(days))
    return (near + dt.timedelta(days=random.choice([-1, 0, 1, 30]))).isoformat()


def _moment(item: Item, named: list[object], random: Random) -> str:
    return f"{_day(item, named, random)}T{random.choice(TIMES)}"


def _place(item: Item, _: list[object], random: Random) -> str:
    point = f"{random.randrange(-80, 80)}.5 {random.randrange(-170, 170)}.25 0 5"
    times = {"geotrace": 2, "geoshape": 4}.get(item.question.type_name, 1)
    return "; ".join([point] * times)


_WRITERS: dict[Storage, Callable[[Item, list[object], Random], object]] = {
    Storage.INTEGER: _whole,
    Storage.DECIMAL: _decimal,
    Storage.DATE: _day,
    Storage.DATETIME: _moment,
    Storage.TIME: lambda _, __, random: random.choice(TIMES),
    Storage.GEO: _place,
    Storage.FILE: lambda item, _, __: f"SYNTHETIC-{item.question.name}.dat",
}
