"""Tree to text, in ODK's own spelling: `parse(to_xpath(tree)) == tree`."""

from decimal import Decimal

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
    Step,
    Text,
    operands,
)

PRECEDENCE = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
}
_NEGATION, _PATH, _PRIMARY = 7, 8, 9


def to_xpath(expression: Expression) -> str:  # noqa: C901, PLR0911 - one line a node
    """Print the tree with as few brackets as keep its meaning.

    Returns:
        Text that `parse` reads back into an equal tree; references stay `${name}`.
    """
    match expression:
        case Number(value):
            return _number(value)
        case Text(value):
            return f'"{value}"' if "'" in value else f"'{value}'"
        case Reference(name, last_saved):
            return f"${{{'last-saved#' if last_saved else ''}{name}}}"
        case Current():
            return "."
        case Negate(operand):
            return f"-{_inside(operand, _NEGATION)}"
        case Binary():
            return _binary(expression)
        case Call(name, arguments):
            return f"{name}({', '.join(to_xpath(argument) for argument in arguments)})"
        case Filtered(base, predicates):
            return _inside(base, _PRIMARY) + _predicates(predicates)
        case Path(start, steps, absolute):
            written = "/".join(_step(step) for step in steps)
            if start is None:
                return f"/{written}" if absolute else written
            return f"{_inside(start, _PATH)}/{written}"


def _number(value: float) -> str:
    written = format(Decimal(repr(value)), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def _step(step: Step) -> str:
    return step.name + _predicates(step.predicates)


def _predicates(predicates: tuple[Expression, ...]) -> str:
    return "".join(f"[{to_xpath(predicate)}]" for predicate in predicates)


def _binary(expression: Binary) -> str:
    level = PRECEDENCE[expression.operator]
    first, *rest = operands(expression)
    written = [_inside(first, level), *(_inside(operand, level + 1) for operand in rest)]
    return f" {expression.operator} ".join(written)


def _inside(expression: Expression, level: int) -> str:
    written = to_xpath(expression)
    return f"({written})" if _level(expression) < level else written


def _level(expression: Expression) -> int:
    match expression:
        case Binary(operator):
            return PRECEDENCE[operator]
        case Negate():
            return _NEGATION
        case Path() | Current():
            return _PATH - 1
        case Filtered():
            return _PATH
        case _:
            return _PRIMARY
