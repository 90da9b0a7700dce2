"""What is wrong with an expression before anyone answers: names, arguments, order, repeats."""

from collections.abc import Iterator

from pipeline.errors import Problem, Severity
from pipeline.expression import check_engines, check_paths, check_types
from pipeline.expression.functions import FUNCTIONS, Function, Type
from pipeline.expression.kinds import Kind
from pipeline.expression.problems import problem
from pipeline.expression.scope import Scope, Symbol, nearest, outside_filters
from pipeline.expression.tree import (
    Call,
    Current,
    Expression,
    Filtered,
    Node,
    Path,
    Reference,
    walk,
)

__all__ = ["Scope", "Symbol", "check"]

# Rules in which the question's own answer would decide whether or what it is.
_NOT_ITSELF = frozenset({"relevant", "calculation", "required", "repeat_count", "default"})
_MOST_SHOWN = 12
_IN_ORDER = frozenset({"relevant", "constraint", "choice_filter", "repeat_count"})


def check(expression: Expression, scope: Scope) -> list[Problem]:
    """Find all that is wrong, in the order of the text.

    Returns:
        Errors: unknown names, functions, lists; wrong arguments or types; self reference; an
        answer of a repeat where one value is needed; a choice that does not exist, which no answer
        ever is. Warnings: questions that come later, and what ODK's engines take differently.
    """
    found = [
        *_names(expression, scope),
        *_calls(expression, scope),
        *_own(expression, scope),
        *_repeats(expression, scope),
        *check_paths.paths(expression, scope),
        *check_types.types(expression, scope.kinds(), _own_kind(scope), scope.place()),
        *check_engines.differences(expression, scope),
        *_choices(expression, scope),
    ]
    return sorted(found, key=lambda one: one.place.column or 0)


def _repeats_here(scope: Scope) -> frozenset[str]:
    """The repeats that the question lies in."""
    return frozenset(scope.repeats(scope.here.name)) if scope.here else frozenset()


def _own_kind(scope: Scope) -> Kind:
    return scope.here.kind if scope.here else Kind.OTHER


def _names(expression: Expression, scope: Scope) -> Iterator[Problem]:
    for node in walk(expression):
        if not isinstance(node, Reference):
            continue
        symbol = scope.symbols.get(node.name)
        if symbol is None:
            repair = nearest(node.name, scope.symbols) or "Add the question, or correct the name."
            message = f"Unknown name '{node.name}'."
            yield problem("EXPR-010", message, repair, at=node, place=scope.place())
        elif _comes_later(symbol, scope):
            message = f"'{node.name}' is asked after this question."
            repair = f"A {scope.rule} should use questions asked before it: move one of the two."
            place, warning = scope.place(), Severity.WARNING
            yield problem("EXPR-015", message, repair, at=node, place=place, severity=warning)


def _comes_later(symbol: Symbol, scope: Scope) -> bool:
    if scope.here is None or scope.rule not in _IN_ORDER:
        return False
    return symbol.position > scope.here.position


def _calls(expression: Expression, scope: Scope) -> Iterator[Problem]:
    for node in walk(expression):
        if not isinstance(node, Call):
            continue
        function = FUNCTIONS.get(node.name)
        if function is None:
            repair = nearest(node.name, FUNCTIONS) or "See docs/functions.md."
            message = f"There is no function {node.name}()."
            yield problem("EXPR-011", message, repair, at=node, place=scope.place())
        elif not function.accepts(len(node.arguments)):
            message = f"{node.name}() has {len(node.arguments)} arguments here."
            repair = f"Give it {_wanted(function)}."
            yield problem("EXPR-012", message, repair, at=node, place=scope.place())


def _wanted(function: Function) -> str:
    least, most = len(function.takes) - function.optional, len(function.takes)
    count = str(least) if least == most else f"{least} to {most}"
    if function.more:
        count = f"{least} or more"
    return f"{count} ({', '.join(function.takes)})" if most else "none"


def _own(expression: Expression, scope: Scope) -> Iterator[Problem]:
    if scope.here is None:
        return
    for node in walk(expression):
        if isinstance(node, Reference) and node.name == scope.here.name:
            repair = "Write '.' for the answer being given."
            if scope.rule != "constraint":
                repair = "Use other questions only."
            message = f"The {scope.rule} of '{node.name}' refers to itself."
            yield problem("EXPR-014", message, repair, at=node, place=scope.place())
    if scope.rule in _NOT_ITSELF:
        for node in outside_filters(expression):
            if isinstance(node, Current):
                message = f"'.' is the question itself, which a {scope.rule} cannot look at."
                repair = "Write the ${name} of the question that decides."
                yield problem("EXPR-014", message, repair, at=node, place=scope.place())


def _repeats(expression: Expression, scope: Scope) -> Iterator[Problem]:
    """Answers of a repeat, named from outside it, where one value is needed."""
    allowed = {id(many) for node in walk(expression) for many in _many(node)}
    outside = set(_repeats_here(scope))
    if scope.here is not None and scope.is_repeat(scope.here.name):
        outside.add(scope.here.name)
    for node in outside_filters(expression):
        if not isinstance(node, Reference) or id(node) in allowed or node.name not in scope.symbols:
            continue
        if missing := [repeat for repeat in scope.repeats(node.name) if repeat not in outside]:
            message = f"'{node.name}' has an answer for each instance of '{missing[0]}'."
            repair = "Take them together with sum(), count() or join(), or pick one with "
            repair += f"indexed-repeat(${{{node.name}}}, ${{{missing[0]}}}, number)."
            yield problem("EXPR-016", message, repair, at=node, place=scope.place())


def _many(node: Expression) -> Iterator[Node]:
    """The references directly in a node that may stand for many answers."""
    match node:
        case Call(name, arguments):
            function = FUNCTIONS.get(name)
            for position, argument in enumerate(arguments):
                if function is not None and _may_be_many(function, position, len(arguments)):
                    yield argument
                    if isinstance(argument, Filtered):
                        yield argument.base
        case Filtered(base) | Path(Filtered(base)):
            yield base
        case Path(start) if start is not None:
            yield start
        case _:
            return


def _may_be_many(function: Function, position: int, count: int) -> bool:
    if function.name == "indexed-repeat":
        return position == 0 or position % 2 == 1
    spread = function.spreads == position == count - 1
    return spread or function.type_of(position) is Type.NODES


def _choices(expression: Expression, scope: Scope) -> Iterator[Problem]:
    for node, question, name in check_types.compared(expression):
        symbol = scope.here if question is None else scope.symbols.get(question)
        if symbol is None or symbol.choices is None or name.value in symbol.choices | {""}:
            continue
        message = f"'{name.value}' is no choice of '{symbol.name}'."
        repair = nearest(name.value, dict.fromkeys(symbol.choices)) or _among(symbol.choices)
        yield problem("EXPR-018", message, repair, at=name or node, place=scope.place())


def _among(choices: frozenset[str]) -> str:
    """Which choices there are, as far as a line holds them."""
    shown = sorted(choices)[:_MOST_SHOWN]
    return f"Take one of {', '.join(shown)}{', ...' if len(choices) > len(shown) else ''}."
