"""Every question and repeat with the place where it stands in the form."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.questionnaire.parts import Group, Node, Question, Repeat


@dataclass(frozen=True, slots=True)
class Item:
    """A question with the place where it stands.

    Attributes:
        question: the question.
        path: names of the groups and repeats around it, outermost first.
        repeat: the innermost repeat around it, or None.
        relevants: the `relevant` of each group and repeat around it and its own, outermost first;
            it is asked where all of them hold.
        position: order in the form, from 0.
        name: the question's name; where an imported form has that name more than once, the names
            of the groups and repeats around it before it, `group/name`. Unique in the form: it
            names the column of the answers.
    """

    question: Question
    path: tuple[str, ...]
    repeat: str | None
    relevants: tuple[str, ...]
    position: int
    name: str


@dataclass(frozen=True, slots=True)
class RepeatItem:
    """A repeat with the place where it stands; attributes as in `Item`."""

    node: Repeat
    path: tuple[str, ...]
    parent: str | None
    relevants: tuple[str, ...]
    position: int

    @property
    def name(self) -> str:
        """The repeat's name."""
        return self.node.repeat


def walk(survey: tuple[Node, ...]) -> tuple[Item | RepeatItem, ...]:
    """Every question and repeat in the form's order; names that stand twice are told apart."""
    places = tuple(_walk(survey, (), None, (), iter(range(1_000_000_000))))
    times = Counter(place.name for place in places if isinstance(place, Item))
    return tuple(
        replace(place, name="/".join((*place.path, place.name)))
        if isinstance(place, Item) and times[place.name] > 1
        else place
        for place in places
    )


def _walk(
    nodes: tuple[Node, ...],
    path: tuple[str, ...],
    repeat: str | None,
    relevants: tuple[str, ...],
    numbers: Iterator[int],
) -> Iterator[Item | RepeatItem]:
    for node in nodes:
        inside = relevants + ((node.relevant,) if node.relevant else ())
        if isinstance(node, Question):
            yield Item(node, path, repeat, inside, next(numbers), node.name)
        elif isinstance(node, Group):
            yield from _walk(node.questions, (*path, node.group), repeat, inside, numbers)
        else:
            yield RepeatItem(node, path, repeat, inside, next(numbers))
            yield from _walk(node.questions, (*path, node.repeat), node.repeat, inside, numbers)
