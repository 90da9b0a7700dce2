"""Trying a questionnaire with the reference interpreter: plain, one row after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.expression.answers import Answers, Instance
from pipeline.expression.evaluate import evaluate
from pipeline.expression.parse import parse
from pipeline.expression.values import Value, truth
from pipeline.questionnaire.given_answers import Key
from pipeline.questionnaire.try_engines import Around, Choice


@dataclass
class Reference:
    """An `Engine`."""

    around: Around
    response: Instance = field(init=False)
    standing: Answers = field(init=False)

    def __post_init__(self) -> None:
        self.response = self._blank(None)
        around = self.around
        self.standing = Answers(
            self.response,
            around.today,
            around.kinds,
            now=around.now,
            lists=around.lists,
            list_of=around.list_of,
            above=around.above,
        )

    def shape(self, repeat: str, rows: Sequence[Key]) -> None:
        """Say which instances a repeat has."""
        made: dict[Key, list[Instance]] = {}
        for key in rows:
            made.setdefault(key[:-1], []).append(self._blank(repeat))
        for key, instance in self._all(self.around.form.repeats[repeat].parent):
            instance.repeats[repeat] = made.get(key, [])  # type: ignore[index]

    def put(self, name: str, rows: Sequence[Key], answers: Sequence[object]) -> None:
        """Say the answers to a question."""
        for key, answer in zip(rows, answers, strict=True):
            self._at(key).values[name] = answer  # type: ignore[index]

    def truths(self, rule: str, name: str, rows: Sequence[Key]) -> list[bool]:
        """Whether a rule of a node holds, in each row."""
        return [truth(value) for value in self.values(rule, name, rows)]

    def values(self, rule: str, name: str, rows: Sequence[Key]) -> list[Value]:
        """What a rule of a node gives, in each row."""
        expression = parse(rule)
        return [evaluate(expression, self._from(name, key)) for key in rows]

    def passes(self, rule: str, name: str, key: Key, choice: Choice) -> bool:
        """Whether a choice filter lets a choice through, in one row."""
        there = replace(self._from(name, key), item=choice)
        return truth(evaluate(parse(rule), there))

    def _from(self, name: str, key: Key) -> Answers:
        return replace(self.standing, at=key, current=name)

    def _blank(self, repeat: str | None) -> Instance:
        rows: dict[str, Sequence[Instance]] = {name: [] for name in self.around.repeats(repeat)}
        return Instance(dict.fromkeys(self.around.names(repeat)), rows)

    def _at(self, key: Key) -> Instance:
        found = self.response
        for repeat, number in key:
            found = found.repeats[repeat][number]
        return found

    def _all(self, repeat: str | None) -> list[tuple[Key, Instance]]:
        """Every instance of a repeat, or the form itself, with its place."""
        if repeat is None:
            return [((), self.response)]
        return [
            ((*key, (repeat, number)), row)
            for key, instance in self._all(self.around.form.repeats[repeat].parent)
            for number, row in enumerate(instance.repeats[repeat])
        ]
