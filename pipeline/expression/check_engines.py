"""Where ODK Collect and ODK Web Forms read an expression differently, and what to write instead."""

from collections.abc import Iterator

from pipeline.errors import Place, Problem, Severity
from pipeline.expression.check_types import is_anchored
from pipeline.expression.functions import FUNCTIONS
from pipeline.expression.problems import problem
from pipeline.expression.scope import outside_filters
from pipeline.expression.tree import (
    Call,
    Expression,
    Filtered,
    Node,
    Number,
    Path,
    Reference,
    walk,
)

_BY_NAME = frozenset({"indexed-repeat", "position"})


def differences(expression: Expression, place: Place, repeats: frozenset[str]) -> Iterator[Problem]:
    """Warnings EXPR-021 and EXPR-022.

    Args:
        expression: what to look at.
        place: its question and rule.
        repeats: the repeats that the question lies in.
    """
    outside = {id(node) for node in outside_filters(expression)}
    named = {id(argument) for node in walk(expression) for argument in _named(node)}
    for node in walk(expression):
        if isinstance(node, Call):
            yield from _function(node, place, in_filter=id(node) not in outside)
        yield from _numbers(node, place)
        if isinstance(node, Reference) and id(node) not in named:
            yield from _reference(node, place, repeats)


def _named(node: Expression) -> tuple[Expression, ...]:
    """Arguments that only name a repeat."""
    return node.arguments if isinstance(node, Call) and node.name in _BY_NAME else ()


def _warning(code: str, message: str, repair: str, at: Node, place: Place) -> Problem:
    return problem(code, message, repair, at=at, place=place, severity=Severity.WARNING)


def _function(node: Call, place: Place, *, in_filter: bool) -> Iterator[Problem]:
    function = FUNCTIONS.get(node.name)
    if function is None:
        return
    if function.differs and not is_anchored(node):
        message = f"ODK's engines work out {node.name}() differently."
        yield _warning("EXPR-021", message, function.differs, node, place)
    elif node.name == "position" and not node.arguments and not in_filter:
        message = "position() without an argument is 1 in ODK Collect, outside of brackets."
        yield _warning("EXPR-021", message, "Write position(..).", node, place)


def _numbers(node: Expression, place: Place) -> Iterator[Problem]:
    """A number in brackets: a position for XPath and Web Forms, nothing for ODK Collect."""
    if isinstance(node, Filtered):
        predicates = node.predicates
    elif isinstance(node, Path):
        predicates = tuple(one for step in node.steps for one in step.predicates)
    else:
        return
    for one in predicates:
        if isinstance(one, Number):
            message = "ODK Collect finds nothing for a number in brackets."
            repair = f"Write [position() = {one.value:g}]."
            yield _warning("EXPR-021", message, repair, one, place)


def _reference(node: Reference, place: Place, repeats: frozenset[str]) -> Iterator[Problem]:
    if node.last_saved:
        message = "The response saved before is known to the tablet only."
        repair = "The rule is not checked again after return."
        yield _warning("EXPR-022", message, repair, node, place)
    elif node.name in repeats:
        message = f"Inside of '{node.name}', ODK Collect takes this instance only, others take all."
        repair = "Put it into a calculation outside of the repeat, and use that."
        yield _warning("EXPR-021", message, repair, node, place)
