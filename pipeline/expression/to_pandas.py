"""Expressions over whole frames: the reference's meaning, all rows at once, repeats included."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.expression import calls, lookup
from pipeline.expression.columns import (
    Booleans,
    Bools,
    Column,
    Floats,
    Moments,
    Numbers,
    constant,
)
from pipeline.expression.elementary import ELEMENTARY
from pipeline.expression.equality import equal
from pipeline.expression.fast_texts import answered
from pipeline.expression.nodesets import Nodes
from pipeline.expression.paths import is_list
from pipeline.expression.table import Table, as_column, link
from pipeline.expression.tree import Binary, Call, Expression, Negate, Number, Path, Text, operands
from pipeline.expression.walker import Walker

__all__ = ["Nodes", "Table", "as_column", "link", "to_pandas", "truth"]


def to_pandas(expression: Expression, table: Table, current: str | None = None) -> pd.Series:
    """The value of an expression for each row of a frame.

    Args:
        expression: what to work out.
        table: the frame, with the frames above and below it.
        current: the question that the expression belongs to: `.`.

    Returns:
        bool ("boolean" where some are blank), float64, str or datetime64[us] by what the
        expression gives; blank and NaN are missing. The index is the frame's.

    Raises:
        SurveyError: EXPR-020, some row has more than one value where one is needed, or whatever
            `evaluate` refuses.
    """
    column = work_out(expression, table, current)
    values = _array(column, len(table), is_new=_makes_anew(expression))
    return pd.Series(values, index=table.frame.index, name=current, copy=False)


def truth(expression: Expression, table: Table, current: str | None = None) -> Bools:
    """Whether the value is true for each row, as XPath's boolean: what `relevant` asks.

    Returns:
        A plain bool array, one per row.
    """
    flags = work_out(expression, table, current).truths()
    return flags if len(flags) == len(table) else np.broadcast_to(flags, len(table)).copy()


def work_out(expression: Expression, table: Table, current: str | None) -> Column:
    """The column that an expression gives, refused if any row has more than one value."""
    walker = Walker(table, current, evaluate=_value)
    column = _value(expression, walker)
    walker.refuse_torn()
    return column


def _array(
    column: Column, length: int, *, is_new: bool
) -> "pd.api.extensions.ExtensionArray | npt.NDArray[Any]":
    """The column's values, apart from the frame's own: what an operator made is nobody else's."""
    if isinstance(column, Booleans):
        held = _whole(column.held, length, is_new=is_new)
        if column.blank is False:
            return held
        return pd.arrays.BooleanArray(held, np.broadcast_to(column.blanks, length).copy())
    if isinstance(column, Numbers):
        return _whole(column.amounts, length, is_new=is_new)
    if isinstance(column, Moments):
        return np.broadcast_to(column.at, length).copy()
    texts = column.texts()
    if len(texts) == length and (own := answered(texts)) is not None:
        return own
    pool: pd.Series = pd.Series([text or None for text in texts.pool], dtype="str")
    found: pd.api.extensions.ExtensionArray = pool.array.take(np.broadcast_to(texts.codes, length))
    return found


def _makes_anew(expression: Expression) -> bool:
    """Whether what comes out can be none of the frame's own arrays."""
    if isinstance(expression, Call):
        several = len(expression.arguments) > 1
        return expression.name in _NEVER_AN_ARGUMENT or (
            several and expression.name in _ANEW_OF_TWO
        )
    return isinstance(expression, Binary | Negate)


def _whole(values: npt.NDArray[Any], length: int, *, is_new: bool) -> npt.NDArray[Any]:
    if is_new and len(values) == length and values.flags.owndata and values.flags.writeable:
        return values
    return np.broadcast_to(values, length).copy()


def _value(expression: Expression, walker: Walker) -> Column:
    match expression:
        case Number(value) | Text(value):
            return constant(value)
        case Negate(operand):
            return Numbers(-_value(operand, walker).numbers())
        case Binary():
            return _binary(expression, walker)
        case Call():
            return calls.call(expression, walker)
        case Path() if is_list(expression):
            return lookup.texts(expression, walker)
        case _:
            return walker.pointed(expression)


def _binary(expression: Binary, walker: Walker) -> Column:
    if expression.operator in {"and", "or"}:
        return Booleans(_logic(expression, walker))
    found = [_value(operand, walker) for operand in operands(expression)]
    return reduce(_OPERATORS[expression.operator], found)


def _logic(expression: Binary, walker: Walker) -> Bools:
    """`and`, `or`: an operand counts in the rows that none before it has decided."""
    is_and = expression.operator == "and"
    first, *rest = operands(expression)
    found = _value(first, walker).truths()
    for operand in rest:
        with walker.looking_at(found, opposite=not is_and):
            flags = _value(operand, walker).truths()
        found = found & flags if is_and else found | flags
    return found


def _opposite(flags: Bools) -> Bools:
    """Of flags that nobody else holds."""
    return np.logical_not(flags, out=flags)


def _compare(work: Callable[[Floats, Floats], Bools]) -> Callable[[Column, Column], Column]:
    return lambda left, right: Booleans(work(left.numbers(), right.numbers()))


def _arithmetic(work: Callable[[Floats, Floats], Floats]) -> Callable[[Column, Column], Column]:
    def apply(left: Column, right: Column) -> Column:
        with np.errstate(all="ignore"):
            return Numbers(work(left.numbers(), right.numbers()))

    return apply


_NEVER_AN_ARGUMENT = frozenset({"coalesce", "if", "int", "not", "pow", "round", *ELEMENTARY})
_ANEW_OF_TWO = frozenset({"min", "max"})  # of one argument they are the argument
_OPERATORS: dict[str, Callable[[Column, Column], Column]] = {
    "=": lambda left, right: Booleans(equal(left, right)),
    "!=": lambda left, right: Booleans(_opposite(equal(left, right))),
    "<": _compare(np.less),
    "<=": _compare(np.less_equal),
    ">": _compare(np.greater),
    ">=": _compare(np.greater_equal),
    "+": _arithmetic(np.add),
    "-": _arithmetic(np.subtract),
    "*": _arithmetic(np.multiply),
    "div": _arithmetic(np.divide),
    "mod": _arithmetic(np.fmod),
}
