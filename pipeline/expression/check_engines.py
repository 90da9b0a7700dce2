"""Where ODK Collect and ODK Web Forms read an expression differently, and what to write instead."""

from collections.abc import Iterator, Mapping

from pipeline.errors import Place, Problem, Severity
from pipeline.expression.check_readings import Readings, never_blank
from pipeline.expression.check_types import is_anchored
from pipeline.expression.functions import FUNCTIONS
from pipeline.expression.infer import kind_of
from pipeline.expression.kinds import Kind
from pipeline.expression.problems import problem
from pipeline.expression.scope import Scope, outside_filters, predicates_of
from pipeline.expression.tree import (
    Binary,
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


def differences(expression: Expression, scope: Scope) -> Iterator[Problem]:
    """Warnings EXPR-021 and EXPR-022.

    Args:
        expression: what to look at.
        scope: what it sees, and where it stands.
    """
    place, kinds = scope.place(), scope.kinds()
    repeats = frozenset(scope.repeats(scope.here.name)) if scope.here else frozenset[str]()
    outside = {id(node) for node in outside_filters(expression)}
    named = {id(argument) for node in walk(expression) for argument in _named(node)}
    guarded = {id(inner) for node in walk(expression) for inner in _guarded(node)}
    current = scope.here.kind if scope.here else Kind.OTHER
    yield from Readings(kinds, current, scope.rule, place).differences(expression)
    for node in walk(expression):
        if isinstance(node, Call):
            if not _is_safe(node, kinds):
                yield from _function(node, place, in_filter=id(node) not in outside)
            if node.name == "indexed-repeat" and id(node) not in guarded:
                yield from _instance(node, place)
        yield from _numbers(node, place)
        yield from _own_repeat(node, scope)
        if isinstance(node, Reference) and id(node) not in named:
            yield from _reference(node, place, repeats)


def _named(node: Expression) -> tuple[Expression, ...]:
    """Arguments that only name a repeat."""
    return node.arguments if isinstance(node, Call) and node.name in _BY_NAME else ()


def _guarded(node: Expression) -> Iterator[Expression]:
    """What is looked at only where a condition says so."""
    if isinstance(node, Call) and node.name == "if":
        for branch in node.arguments[1:]:
            yield from walk(branch)


def _is_safe(node: Call, kinds: Mapping[str, Kind]) -> bool:
    """Whether the arguments are none on which the engines differ."""
    if node.name == "round" and len(node.arguments) == 1:
        return kind_of(node.arguments[0], kinds) is Kind.INTEGER
    if (
        node.name in {"min", "max"}
        and len(node.arguments) > 1
        and all(map(never_blank, node.arguments))
    ):
        return node.name == "min" or any(isinstance(one, Number) for one in node.arguments)
    return False


def _instance(node: Call, place: Place) -> Iterator[Problem]:
    """The number of an instance that may be blank or below 1."""
    for number in node.arguments[2::2]:
        match number:
            case Number(value) if value >= 1:
                continue
            case Call("position") | Binary("+", Call("position"), Number()):
                continue
            case _:
                message = "Below 1 or blank, ODK Collect takes the first instance, others none."
                repair = "Write if(number > 0, indexed-repeat(...), '')."
                yield _warning("EXPR-021", message, repair, number, place)


def _own_repeat(node: Expression, scope: Scope) -> Iterator[Problem]:
    """`${name}` in brackets behind the repeat that holds it, and a position behind a question."""
    if not isinstance(node, Filtered | Path):
        return
    base = node.base if isinstance(node, Filtered) else node.start
    for one in predicates_of(node):
        for inner in walk(one):
            if (
                isinstance(inner, Reference)
                and isinstance(base, Reference)
                and base.name in scope.repeats(inner.name)
            ):
                message = "ODK Collect looks at each instance here, ODK Web Forms at all together."
                repair = f"Write the plain name in the brackets: {inner.name}."
                yield _warning("EXPR-021", message, repair, inner, scope.place())
            elif inner == Call("position") and _is_question(base, scope):
                message = "ODK Collect stops at the position of an answer in its repeat."
                repair = "Write indexed-repeat()."
                yield _warning("EXPR-021", message, repair, inner, scope.place())


def _is_question(base: Expression | None, scope: Scope) -> bool:
    return isinstance(base, Reference) and not scope.is_repeat(base.name)


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
