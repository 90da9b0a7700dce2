"""What kind of value an expression gives, as far as its text and the questions' kinds tell."""

from collections.abc import Mapping
from functools import reduce

from pipeline.expression.functions import FUNCTIONS, Type
from pipeline.expression.kinds import NUMERIC, TEXTUAL, Kind
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
    named_steps,
)

_WHOLE = frozenset(
    {"count", "count-non-empty", "count-selected", "string-length", "int", "position"}
)
_BY_TYPE = {
    Type.TEXT: Kind.TEXT,
    Type.CHOICES: Kind.SELECT_MULTIPLE,
    Type.NUMBER: Kind.DECIMAL,
    Type.BOOLEAN: Kind.BOOLEAN,
    Type.MOMENT: Kind.DATETIME,
}


def kind_of(  # noqa: PLR0911 - one line a node
    expression: Expression, kinds: Mapping[str, Kind], current: Kind = Kind.OTHER
) -> Kind:
    """The kind of an expression's value: what a calculation's column holds.

    Args:
        expression: what to look at.
        kinds: kind of each question; what is not in it is `other`.
        current: kind of `.`.

    Returns:
        The kind; a number beside a blank text (`if(..., 1, '')`) stays a number.
    """
    match expression:
        case Number(value):
            return Kind.INTEGER if value.is_integer() else Kind.DECIMAL
        case Text():
            return Kind.TEXT
        case Current():
            return current
        case Reference() | Path() | Filtered():
            return _pointed(expression, kinds)
        case Negate(operand):
            found = kind_of(operand, kinds, current)
            return found if found in NUMERIC else Kind.DECIMAL
        case Binary(operator, left, right):
            return _operator(
                operator, kind_of(left, kinds, current), kind_of(right, kinds, current)
            )
        case Call():
            return _call(expression, kinds, current)


def _pointed(expression: Reference | Path | Filtered, kinds: Mapping[str, Kind]) -> Kind:
    match expression:
        case Reference(name):
            return kinds.get(name, Kind.OTHER)
        case Filtered(Reference(name)):
            return kinds.get(name, Kind.OTHER)
        case Path(Call("instance")):
            return Kind.TEXT
        case Path() if steps := named_steps(expression):
            return kinds.get(steps[-1].name, Kind.OTHER)
        case _:
            return Kind.OTHER


def _operator(operator: str, left: Kind, right: Kind) -> Kind:
    if operator in {"+", "-", "*", "mod"}:
        return Kind.INTEGER if left is right is Kind.INTEGER else Kind.DECIMAL
    return Kind.DECIMAL if operator == "div" else Kind.BOOLEAN


def _call(expression: Call, kinds: Mapping[str, Kind], current: Kind) -> Kind:
    function = FUNCTIONS.get(expression.name)
    if function is None:
        return Kind.OTHER
    if function.name in {"today", "date"}:
        return Kind.DATE
    if function.name in _WHOLE or (function.name == "round" and len(expression.arguments) == 1):
        return Kind.INTEGER
    if function.gives is not Type.ANY:
        return _BY_TYPE.get(function.gives, Kind.OTHER)
    shown = expression.arguments
    if function.name == "if":
        shown = shown[1:]
    elif function.name == "indexed-repeat":
        shown = shown[:1]
    found = [kind_of(argument, kinds, current) for argument in shown if argument != Text("")]
    return reduce(together, found) if found else Kind.TEXT


def together(left: Kind, right: Kind) -> Kind:
    """The kind that holds values of both."""
    if left is right:
        return left
    if {left, right} <= NUMERIC:
        return Kind.DECIMAL
    if {left, right} <= {Kind.DATE, Kind.DATETIME}:
        return Kind.DATETIME
    return Kind.TEXT if {left, right} & TEXTUAL or left is not right else left
