"""What the names and paths of an expression point to in one response."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import isfinite

from pipeline.expression.answers import Answers, Node
from pipeline.expression.paths import (
    is_bare,
    is_list,
    is_outer,
    levels_up,
    list_column,
    list_name,
    steps_of,
)
from pipeline.expression.refusals import (
    more_than_one,
    no_list,
    outer,
    unknown_before,
    unlooked,
    unrepeated,
)
from pipeline.expression.tree import Current, Expression, Filtered, Path, Reference, Step
from pipeline.expression.values import BLANK, Value, truth

Item = Mapping[str, str]
Work = Callable[[Expression, Answers], Value]
Found = Sequence[Node | str]  # an entry of a choice list is given as its text


def single(expression: Expression, answers: Answers, work: Work) -> Value:
    """The one value that an expression points to; blank where there is none.

    Raises:
        SurveyError: EXPR-020, there is more than one.
    """
    nodes = find(expression, answers, work)
    if len(nodes) > 1:
        raise more_than_one(nodes[0].name if isinstance(nodes[0], Node) else "item")
    return values(nodes, answers)[0] if nodes else BLANK


def values(nodes: Found, answers: Answers) -> list[Value]:
    """The answer at each node."""
    return [answers.value(node) if isinstance(node, Node) else node for node in nodes]


def find(expression: Expression, answers: Answers, work: Work) -> Found:
    """The nodes that an expression points to; `work` decides about conditions in brackets.

    Raises:
        SurveyError: EXPR-017, 022 or 023.
    """
    match expression:
        case Reference(_, True):
            raise unknown_before(expression)
        case Reference(name):
            return answers.nodes(name)
        case Current():
            return _current(answers)
        case Filtered(base, predicates):
            there = _outside(base.name, answers) if isinstance(base, Reference) else answers
            return _filter(find(base, there, work), predicates, answers, work)
        case Path() if is_list(expression):
            return _entries(expression, answers, work)
        case Path():
            return _path(expression, answers, work)
        case _:
            raise unlooked(expression)


def is_instance(node: Node) -> bool:
    """Whether a node is a repeat instance, and no question."""
    return bool(node.place) and node.place[-1][0] == node.name


def _current(answers: Answers) -> Found:
    if answers.item is not None or answers.current is None:
        return ()
    return answers.nodes(answers.current)[:1]


def _filter(
    nodes: Found, predicates: tuple[Expression, ...], answers: Answers, work: Work
) -> list[Node | str]:
    """The nodes for which each condition is true; a number is a position among siblings."""
    kept = list(nodes)
    for predicate in predicates:
        counted: dict[object, int] = {}
        passed = []
        for node in kept:
            parent = _parent(node)
            counted[parent] = position = counted.get(parent, 0) + 1
            there = answers.standing_at(node, position) if isinstance(node, Node) else answers
            if _passes(work(predicate, there), position):
                passed.append(node)
        kept = passed
    return kept


def _parent(node: Node | str) -> object:
    if not isinstance(node, Node):
        return None
    return node.place[:-1] if is_instance(node) else node.place


def _passes(value: Value, position: int) -> bool:
    if isinstance(value, float):
        return isfinite(value) and int(value) == position
    return truth(value)


def _path(path: Path, answers: Answers, work: Work) -> Found:
    named = steps_of(path)
    if not named:
        return _upwards(path, answers)
    if is_bare(path):
        if answers.item is None:
            return _filter(_children(named, answers), named[-1].predicates, answers, work)
        column = answers.item.get(named[0].name)
        return () if column is None else (column,)
    if is_outer(path) and answers.number is not None and answers.item is None:
        raise outer(path)
    held = next((step.name for step in named if step.predicates), "")
    nodes: Found = _outside(held, answers).nodes(named[-1].name)
    for step in named[:-1]:
        if step.predicates:
            nodes = _through(nodes, step, answers, work)
    return _filter(nodes, named[-1].predicates, answers, work)


def _outside(repeat: str, answers: Answers) -> Answers:
    """Conditions behind a repeat are held against all its instances, from inside it too."""
    for level, (name, _) in enumerate(answers.at):
        if name == repeat:
            return replace(answers, at=answers.at[:level])
    return answers


def _children(named: list[Step], answers: Answers) -> list[Node]:
    """A plain name in brackets behind a repeat: what lies right in the instance looked at."""
    inside = bool(answers.at) and answers.current == answers.at[-1][0]
    name = named[-1].name
    if answers.number is None or not inside or not lies_below(named, answers.above, answers.at):
        return []
    return [node for node in answers.nodes(name) if node.place[: len(answers.at)] == answers.at]


def lies_below(
    named: Sequence[Step], above: Mapping[str, tuple[str, ...]], at: Sequence[tuple[str, int]]
) -> bool:
    """Whether the steps lead from the innermost repeat to the question, as far as that is known."""
    steps = (at[-1][0], *(step.name for step in named[:-1]))
    known = above.get(named[-1].name)
    return known is None or known[-len(steps) :] == steps


def _through(nodes: Found, step: Step, answers: Answers, work: Work) -> list[Node | str]:
    """The nodes that lie in the repeat's instances for which the step's conditions are true."""
    lying = {node: _lies_in(node, step.name) for node in nodes if isinstance(node, Node)}
    instances = list(dict.fromkeys(node for node in lying.values() if node is not None))
    if lying and not instances:
        raise unrepeated(step.name, step)
    kept = set(_filter(instances, step.predicates, answers, work))
    return [node for node, instance in lying.items() if instance in kept]


def _lies_in(node: Node, repeat: str) -> Node | None:
    for level, (name, _) in enumerate(node.place, 1):
        if name == repeat:
            return Node(repeat, node.place[:level])
    return None


def _upwards(path: Path, answers: Answers) -> Sequence[Node]:
    """`..`: the repeat instance that many levels up; a group is none, and has position 1."""
    if not answers.at:
        return (Node("", ()),)
    above = answers.above.get(answers.current or "")
    if above is None:
        return (Node(answers.at[-1][0], answers.at),)
    left = above[: len(above) - levels_up(path) + 1]
    inside = tuple(at for at in answers.at if at[0] in left)
    if left and inside and inside[-1][0] == left[-1]:
        return (Node(left[-1], inside),)
    return (Node(left[-1] if left else "", ()),)


# --- choice lists


def rows(name: str, answers: Answers, at: Expression) -> Sequence[Item]:
    """The choices of a list.

    Raises:
        SurveyError: EXPR-017, there is no such list.
    """
    if name not in answers.lists:
        raise no_list(name, at)
    return answers.lists[name]


def _entries(path: Path, answers: Answers, work: Work) -> list[str]:
    items = rows(list_name(path), answers, path)
    for step in path.steps:
        for predicate in step.predicates:
            items = _items(items, predicate, answers, work)
    return [_entry(item, list_column(path)) for item in items]


def _entry(item: Item, column: str) -> str:
    return item.get("label" if column == "itextId" and column not in item else column) or BLANK


def _items(
    items: Sequence[Item], predicate: Expression, answers: Answers, work: Work
) -> list[Item]:
    found = []
    for position, item in enumerate(items, 1):
        there = replace(answers, item=item, number=position)
        if _passes(work(predicate, there), position):
            found.append(item)
    return found
