"""Answers settled: asked or not, calculated or given, worked out until nothing changes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from math import isfinite
from typing import TypeVar

from pipeline.errors import Place, Problem, SurveyError
from pipeline.expression.functions import is_remade
from pipeline.expression.parse import parse
from pipeline.expression.values import Value, number
from pipeline.questionnaire.given_answers import Given, Key, stored, typed
from pipeline.questionnaire.model import Choice, Group, Item, Node, Question, Repeat, words
from pipeline.questionnaire.try_engines import Around, Engine

MOST_INSTANCES = 1_000
_OF_CLOCK = {"today": "today", "start": "now", "end": "now"}

T = TypeVar("T")
Cell = tuple[str, Key]
"""A question's unique name, and the instance."""


@dataclass
class Settled:
    """One response while it is being worked out, and afterwards.

    Attributes:
        rows: repeat -> its instances; the form itself, "", is one.
        answers: what each question holds: its answer where it is asked, else None.
        asked: where questions are asked.
        outcomes: what calculations gave, before it was stored.
    """

    around: Around
    engine: Engine
    given: Given
    rows: dict[str, list[Key]] = field(default_factory=dict)
    answers: dict[Cell, object] = field(default_factory=dict)
    asked: set[Cell] = field(default_factory=set)
    outcomes: dict[Cell, Value] = field(default_factory=dict)
    changed: bool = False
    _defaults: dict[str, Callable[[Key], object]] = field(default_factory=dict)

    def settle(self) -> None:
        """Go through the form until nothing changes.

        Raises:
            SurveyError: TRY-004 or TRY-005; EXPR-0xx, a rule that cannot be followed.
        """
        form = self.around.form
        self.rows = {name: [] for name in form.repeats}
        self._defaults = {
            item.name: self._default(item) for item in form.items if item.question.default
        }
        for _ in range(len(form.items) + 3):
            self.changed = False
            self._visit(form.survey, (), [()], [True])
            if not self.changed:
                return
        message = "The rules of this form wait for each other and never settle."
        raise SurveyError([Problem("TRY-004", message, "See what survey check says of it.")])

    @cached_property
    def items(self) -> dict[tuple[tuple[str, ...], str], Item]:
        """Every question by the groups and repeats around it and its plain name."""
        return {(item.path, item.question.name): item for item in self.around.form.items}

    def is_asked(self, item: Item, key: Key) -> bool:
        """Whether the question applies."""
        return (item.name, key) in self.asked

    def answer(self, item: Item, key: Key) -> object:
        """The answer that counts; None is blank."""
        return self.answers.get((item.name, key))

    def outcome(self, item: Item, key: Key) -> object:
        """What a calculation gave; where it was not worked out, the answer."""
        cell = (item.name, key)
        return self.outcomes.get(cell, self.answers.get(cell))

    def holds(self, rule: str | bool, item: Item, key: Key) -> bool:  # noqa: FBT001 - XLSForm's own
        """Whether a rule of a question holds in one instance."""
        if isinstance(rule, bool):
            return rule
        rows: list[Key] = self.rows[item.repeat] if item.repeat else [()]
        flags = _placed(item.name, lambda: self.engine.truths(rule, item.name, rows))
        return flags[rows.index(key)]

    def lets_through(self, item: Item, key: Key, choice: Choice) -> bool:
        """Whether the choice filter of a question lets a choice through in one instance."""
        rule = item.question.choice_filter
        label = words(choice.label, self.around.language, choice.name)
        row = {"name": choice.name, "label": label, **choice.columns}
        return not rule or _placed(item.name, lambda: self.engine.passes(rule, item.name, key, row))

    def _visit(
        self, nodes: Sequence[Node], path: tuple[str, ...], rows: Sequence[Key], asked: list[bool]
    ) -> None:
        for node in nodes:
            if isinstance(node, Question):
                if node.has_answer:
                    self._question(self.items[path, node.name], rows, asked)
            elif isinstance(node, Group):
                here = self._narrowed(node.relevant, node.group, rows, asked)
                self._visit(node.questions, (*path, node.group), rows, here)
            else:
                here = self._narrowed(node.relevant, node.repeat, rows, asked)
                inside = self._instances(node, rows, here)
                self._visit(node.questions, (*path, node.repeat), inside, [True] * len(inside))

    def _narrowed(
        self, relevant: str | None, name: str, rows: Sequence[Key], asked: list[bool]
    ) -> list[bool]:
        if not relevant or not any(asked):
            return asked
        flags = _placed(name, lambda: self.engine.truths(relevant, name, rows))
        return [one and other for one, other in zip(asked, flags, strict=True)]

    def _instances(self, node: Repeat, rows: Sequence[Key], asked: list[bool]) -> list[Key]:
        """The instances of a repeat: as many as are counted, else as are given."""
        count, name = node.repeat_count, node.repeat
        if count and any(asked):
            found = _placed(name, lambda: self.engine.values(count, name, rows))
            amounts = [number(value) for value in found]
            counts = [int(amount) if isfinite(amount) else 0 for amount in amounts]
        else:
            counts = [self.given.instances.get((name, key), 0) for key in rows]
        if max(counts, default=0) > MOST_INSTANCES:
            message = f"More than {MOST_INSTANCES} instances are asked for."
            repair = "Give the number that counts them a constraint."
            raise SurveyError([Problem("TRY-005", message, repair, Place(question=name))])
        made = [
            (*key, (name, at))
            for key, count_, flag in zip(rows, counts, asked, strict=True)
            if flag
            for at in range(count_)
        ]
        if made != self.rows[name]:
            self._shape(name, made)
        return made

    def _shape(self, repeat: str, rows: list[Key]) -> None:
        """Other instances: all answers in them are put in anew."""
        for inner in self.around.repeats(repeat):
            self._shape(inner, [])
        inside = {item.name for item in self.around.form.items if item.repeat == repeat}
        self.answers = {cell: held for cell, held in self.answers.items() if cell[0] not in inside}
        self.asked = {cell for cell in self.asked if cell[0] not in inside}
        self.rows[repeat] = rows
        self.engine.shape(repeat, rows)
        self.changed = True

    def _question(self, item: Item, rows: Sequence[Key], around: list[bool]) -> None:
        asked = self._narrowed(item.question.relevant, item.name, rows, around)
        cells = [(item.name, key) for key in rows]
        held = self._held(item, rows) if any(asked) else [None] * len(rows)
        kept = [one if flag else None for one, flag in zip(held, asked, strict=True)]
        self.asked.difference_update(cells)
        self.asked.update(cell for cell, flag in zip(cells, asked, strict=True) if flag)
        if kept != [self.answers.get(cell) for cell in cells]:
            self.answers.update(zip(cells, kept, strict=True))
            self.engine.put(item.name, rows, kept)
            self.changed = True

    def _held(self, item: Item, rows: Sequence[Key]) -> list[object]:
        """What the question holds in each row, if it is asked there."""
        question, rule = item.question, item.question.calculation
        if not rule or not is_remade(cached_parse(rule)):
            return [self._given(item, key) for key in rows]
        found = _placed(item.name, lambda: self.engine.values(rule, item.name, rows))
        waiting = [not self._is_triggered(question, key) for key in rows]
        for key, value, waits in zip(rows, found, waiting, strict=True):
            self.outcomes[item.name, key] = "" if waits else value
        return [
            self._given(item, key) if waits else stored(question, value)
            for key, value, waits in zip(rows, found, waiting, strict=True)
        ]

    def _is_triggered(self, question: Question, key: Key) -> bool:
        """Whether a calculation is made: one with a trigger only once that is answered."""
        if not question.trigger:
            return True
        name = question.trigger.strip().removeprefix("${").removesuffix("}")
        wider = (key[:length] for length in range(len(key), -1, -1))
        return any(self.answers.get((name, around)) is not None for around in wider)

    def _given(self, item: Item, key: Key) -> object:
        answers = self.given.answers
        if (item.name, key) in answers:
            return answers[item.name, key]
        if (clock := _OF_CLOCK.get(item.question.type_name)) is not None:
            return getattr(self.around, clock)
        default = self._defaults.get(item.name)
        return default(key) if default else None

    def _default(self, item: Item) -> Callable[[Key], object]:
        """A default as typed value; one that is worked out sees the form before it is answered."""
        from pyxform.utils import default_is_dynamic  # noqa: PLC0415 - few forms have defaults

        question, rule = item.question, item.question.default or ""
        if default_is_dynamic(rule, question.type_name):
            if not is_remade(cached_parse(rule)):
                return lambda _: None
            if item.repeat is None:
                first = stored(question, self.engine.values(rule, item.name, [()])[0])
                return lambda _: first
            rows = self.rows
            return lambda key: stored(
                question,
                self.engine.values(rule, item.name, rows[item.repeat or ""])[
                    rows[item.repeat or ""].index(key)
                ],
            )
        try:
            held = typed(question, rule)
        except ValueError:
            held = None
        return lambda _: held


cached_parse = lru_cache(maxsize=10_000)(parse)


def _placed(name: str, work: Callable[[], T]) -> T:
    """Say of which question the rule is that cannot be followed."""
    try:
        return work()
    except SurveyError as error:
        raise SurveyError(_with_question(error.problems, name)) from None


def _with_question(problems: Iterable[Problem], name: str) -> list[Problem]:
    return [
        replace(one, place=replace(one.place, question=one.place.question or name))
        for one in problems
    ]
