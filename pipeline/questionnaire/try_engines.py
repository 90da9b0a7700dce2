"""What an engine that tries a questionnaire sees, and what it is asked."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from pipeline.expression.kinds import Kind
from pipeline.expression.values import Value
from pipeline.questionnaire.check_expressions import kind_of
from pipeline.questionnaire.given_answers import Key
from pipeline.questionnaire.model import Questionnaire, words

Choice = Mapping[str, str]
"""A choice as filters see it: name, label and further columns."""


@dataclass(frozen=True)
class Around:
    """What every expression of a form can see besides the answers.

    Attributes:
        form: the questionnaire.
        today: what `today()` gives.
        now: what `now()` gives.
        language: of the labels that `jr:choice-name()` gives.
    """

    form: Questionnaire
    today: dt.date
    now: dt.datetime
    language: str

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """Kind of each question."""
        return {item.name: kind_of(item.question) for item in self.form.items}

    @cached_property
    def lists(self) -> dict[str, list[dict[str, str]]]:
        """Choice lists and files, as expressions see them."""
        files = {
            name.rpartition(".")[0] or name: [dict(row) for row in rows]
            for name, rows in self.form.files.items()
        }
        return files | {
            name: [
                {"name": c.name, "label": words(c.label, self.language, c.name), **c.columns}
                for c in choices
            ]
            for name, choices in self.form.choices.items()
        }

    @cached_property
    def list_of(self) -> dict[str, str]:
        """Which list each select question takes."""
        items = self.form.items
        return {item.name: item.question.list_name for item in items if item.question.list_name}

    @cached_property
    def above(self) -> dict[str, tuple[str, ...]]:
        """Groups and repeats over each question."""
        return {item.name: item.path for item in self.form.items}

    def names(self, repeat: str | None) -> list[str]:
        """The questions whose answers lie in a table."""
        return [item.name for item in self.form.items if item.repeat == repeat]

    def repeats(self, repeat: str | None) -> list[str]:
        """The repeats directly inside a repeat, or in the form itself."""
        return [name for name, item in self.form.repeats.items() if item.parent == repeat]


class Engine(Protocol):
    """Works out rules over the answers that count so far.

    A table is the form itself (None) or a repeat; its rows are the instances there are, in order.
    """

    def shape(self, table: str, rows: Sequence[Key]) -> None:
        """Say which instances a repeat has; the answers in new ones are blank."""

    def put(self, name: str, rows: Sequence[Key], answers: Sequence[object]) -> None:
        """Say the answers to a question."""

    def truths(self, rule: str, name: str, rows: Sequence[Key]) -> list[bool]:
        """Whether a rule of a node holds, in each row of its table."""

    def values(self, rule: str, name: str, rows: Sequence[Key]) -> list[Value]:
        """What a rule of a node gives, in each row of its table."""

    def passes(self, rule: str, name: str, key: Key, choice: Choice) -> bool:
        """Whether a choice filter lets a choice through, in one row."""
