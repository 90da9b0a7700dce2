"""One response as the reference interpreter sees it: values, repeats, and where one stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from pipeline.expression.kinds import Kind
from pipeline.expression.values import Value, from_answer

Place = tuple[tuple[str, int], ...]  # ((repeat, number from 0), ...), outermost first


@dataclass(frozen=True)
class Instance:
    """The answers of one level: a response, or one instance of a repeat; None is blank."""

    values: Mapping[str, object] = field(default_factory=dict)
    repeats: Mapping[str, "Sequence[Instance]"] = field(default_factory=dict)


@dataclass(frozen=True)
class Node:
    """A question, or a repeat instance (`name` is then the repeat's), at its place."""

    name: str
    place: Place


@dataclass(frozen=True)
class Answers:
    """What an expression is worked out from.

    Attributes:
        response: the whole response.
        kinds: kind of each question; only times kept as text need it.
        at: the repeat instance one stands in, outermost repeat first; () is the top.
        current: the question that the expression belongs to: `.`.
        today: the day of the response, never the clock's.
        now: its moment; midnight of `today` where it is not known.
        lists: choice lists, each a row a choice with name, label and further columns.
        list_of: which list a select question takes.
        above: groups and repeats over a question, outermost first; decides what `..` is.
    """

    response: Instance
    today: date
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    at: Place = ()
    current: str | None = None
    now: datetime | None = None
    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    list_of: Mapping[str, str] = field(default_factory=dict)
    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    item: Mapping[str, str] | None = None
    number: int | None = None

    def moment(self) -> datetime:
        """When the response was given."""
        return self.now or datetime.combine(self.today, time())

    def standing_at(self, node: Node, number: int | None = None) -> "Answers":
        """The same response, seen from a node; `number` is its position in a filter."""
        return replace(self, at=node.place, current=node.name, number=number, item=None)

    def instance(self, place: Place) -> Instance | None:
        """The instance at a place, if there is one."""
        found = self.response
        for repeat, number in place:
            rows = found.repeats.get(repeat, ())
            if not 0 <= number < len(rows):
                return None
            found = rows[number]
        return found

    def value(self, node: Node) -> Value:
        """The answer at a node; a repeat instance itself is blank."""
        instance = self.instance(node.place)
        answer = None if instance is None else instance.values.get(node.name)
        return from_answer(answer, self.kinds.get(node.name))

    def nodes(self, name: str) -> tuple[Node, ...]:
        """The nodes that `${name}` means from here.

        A question on the way up is one node; one in a repeat elsewhere is all its instances inside
        the nearest instance that holds both it and this place. A repeat is all of its instances,
        but from inside it only the one that holds this place.
        """
        for length in range(len(self.at), -1, -1):
            place = self.at[:length]
            if place and place[-1][0] == name:
                return (Node(name, place),)
            instance = self.instance(place)
            if instance is not None and name in instance.values:
                return (Node(name, place),)
            if instance is not None and name in instance.repeats:
                return tuple(_instances(instance, name, place))
        for length in range(len(self.at), -1, -1):
            place = self.at[:length]
            if self._holds(tuple(repeat for repeat, _ in place), name):
                instance = self.instance(place)
                return () if instance is None else tuple(_below(instance, name, place))
        return ()

    def _holds(self, repeats: tuple[str, ...], name: str) -> bool:
        """Whether the name is anywhere below these repeats, in any of their instances."""
        waiting = [self.response]
        for repeat in repeats:
            waiting = [row for instance in waiting for row in instance.repeats.get(repeat, ())]
        return any(next(_below(instance, name, ()), None) for instance in waiting)


def _instances(instance: Instance, repeat: str, place: Place) -> Iterator[Node]:
    for number in range(len(instance.repeats[repeat])):
        yield Node(repeat, (*place, (repeat, number)))


def _below(instance: Instance, name: str, place: Place) -> Iterator[Node]:
    """Nodes of that name under an instance, in the order of the response."""
    for repeat, rows in instance.repeats.items():
        known = any(name in row.values for row in rows)
        for number, row in enumerate(rows):
            there = (*place, (repeat, number))
            if known:
                yield Node(name, there)
            elif name in row.repeats:
                yield from _instances(row, name, there)
            else:
                yield from _below(row, name, there)
