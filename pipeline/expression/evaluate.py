"""The reference interpreter: what an expression means for one response. Plain and slow, on purpose.

Every other engine is tried against this one, and this one against JavaRosa.
"""

from collections.abc import Callable
from functools import reduce
from math import fmod, inf, isinf, isnan, nan

from pipeline.expression.answers import Answers, Instance
from pipeline.expression.functions import FUNCTIONS, Function
from pipeline.expression.nodes import find, single, values
from pipeline.expression.paths import may_spread
from pipeline.expression.patterns import UnreadablePatternError
from pipeline.expression.refusals import no_function, not_remade, unreadable, wrong_count
from pipeline.expression.special import SPECIAL
from pipeline.expression.tree import (
    Binary,
    Call,
    Current,
    Expression,
    Filtered,
    Negate,
    Number,
    Path,
    Reference,
    Text,
    operands,
)
from pipeline.expression.values import Value, equal, number, truth

__all__ = ["Answers", "Instance", "Value", "evaluate"]


def evaluate(expression: Expression, answers: Answers) -> Value:
    """The value of an expression for one response.

    Returns:
        A text, number, truth or moment; blank is the empty text.

    Raises:
        SurveyError: the expression cannot be followed: EXPR-011, 012, 019, 020, 022 or 023.
    """
    match expression:
        case Number(value) | Text(value):
            return value
        case Reference() | Current() | Path() | Filtered():
            return single(expression, answers, evaluate)
        case Negate(operand):
            return -number(evaluate(operand, answers))
        case Binary():
            return _binary(expression, answers)
        case Call():
            return _call(expression, answers)


def _binary(expression: Binary, answers: Answers) -> Value:
    found = (evaluate(operand, answers) for operand in operands(expression))
    if expression.operator == "or":  # what decides is the last that is read, as in JavaRosa
        return any(map(truth, found))
    if expression.operator == "and":
        return all(map(truth, found))
    return reduce(_OPERATORS[expression.operator], found)


def _divide(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or isnan(left) or isnan(right):
        return nan
    return inf if (left > 0) == (str(right)[0] != "-") else -inf


def _modulo(left: float, right: float) -> float:
    return nan if right == 0 or isinf(left) or isnan(left) or isnan(right) else fmod(left, right)


def _numeric(work: Callable[[float, float], Value]) -> Callable[[Value, Value], Value]:
    return lambda left, right: work(number(left), number(right))


_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": _numeric(lambda left, right: left < right),
    "<=": _numeric(lambda left, right: left <= right),
    ">": _numeric(lambda left, right: left > right),
    ">=": _numeric(lambda left, right: left >= right),
    "+": _numeric(lambda left, right: left + right),
    "-": _numeric(lambda left, right: left - right),
    "*": _numeric(lambda left, right: left * right),
    "div": _numeric(_divide),
    "mod": _numeric(_modulo),
}


def _call(call: Call, answers: Answers) -> Value:
    function = FUNCTIONS.get(call.name)
    if function is None:
        raise no_function(call.name, call)
    if not function.accepts(len(call.arguments)):
        raise wrong_count(call.name, call)
    if function.name in SPECIAL:
        return SPECIAL[function.name](call, answers, evaluate)
    if function.plain is None:
        raise not_remade(call.name, call)
    try:
        return function.plain(*_arguments(call, function, answers))
    except UnreadablePatternError:
        raise unreadable(call) from None


def _arguments(call: Call, function: Function, answers: Answers) -> list[Value]:
    """The arguments' values; the one that may be a whole repeat is spread out."""
    arguments = call.arguments
    spread = function.spreads if len(arguments) == function.spreads + 1 else -1
    found: list[Value] = []
    for position, argument in enumerate(arguments):
        if position == spread and may_spread(argument):
            found.extend(values(find(argument, answers, evaluate), answers))
        else:
            found.append(evaluate(argument, answers))
    if not arguments and function.takes:
        found.append(single(Current(), answers, evaluate))
    return found
