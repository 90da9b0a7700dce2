"""Where in a response an answer stands, and the response with that answer changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.expression.answers import Place
from pipeline.questionnaire.model import Item
from pipeline.questionnaire.types import Filled
from pipeline.synthetic.answers import Answers, instances
from pipeline.synthetic.form import Form

Given = str | Sequence[str]


@dataclass(frozen=True)
class Spot:
    """A question at one place of one response.

    Attributes:
        item: the question.
        place: the repeat instance, outermost repeat first; () outside repeats.
        given: the answer that stands there, if any.
    """

    item: Item
    place: Place
    given: Given | None


def spots(form: Form, answers: Answers) -> list[Spot]:
    """Every place where a person could have answered: no repeat instance is added."""
    return list(_spots(form, answers, None, ()))


def _spots(form: Form, level: Answers, repeat: str | None, place: Place) -> Iterator[Spot]:
    for item in form.questionnaire.answered(repeat):
        if item.question.row.filled is not Filled.DEVICE:
            given: Any = level.get(item.name)
            yield Spot(item, place, given)
    for name in form.children.get(repeat, []):
        for number, inside in enumerate(instances(level, name)):
            yield from _spots(form, inside, name, (*place, (name, number)))


def changed(answers: Answers, place: Place, name: str, answer: Given | None) -> Answers:
    """The same response with one answer put in or taken out."""
    if not place:
        rest: dict[str, Any] = {other: given for other, given in answers.items() if other != name}
        return rest if answer is None else {**rest, name: answer}
    (repeat, number), *inner = place
    rows: list[Mapping[str, Any]] = list(instances(answers, repeat))
    rows[number] = changed(rows[number], tuple(inner), name, answer)
    return {**answers, repeat: rows}
