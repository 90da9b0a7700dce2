"""A function's plain meaning for whole columns: once for each distinct combination of values."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from pipeline.expression.columns import (
    Booleans,
    Column,
    Ints,
    Moments,
    Numbers,
    Texts,
    together,
)
from pipeline.expression.functions import Function, Type
from pipeline.expression.values import BLANK, Value

_SPARSE = 4
"""So many more codes than rows, and to sort the rows is faster than to look at every code."""


def fold(function: Function, first: list[Column], groups: list[list[Value]]) -> Column:
    """The plain meaning, row by row: rare functions over a repeat, such as join()."""
    assert function.plain is not None  # noqa: S101 - the caller has looked
    leading = [column.factor() for column in first]
    length = together(len(groups), *(len(codes) for codes, _ in leading))
    done: list[Value] = []
    for row in range(length):
        before = [pool[codes[row if len(codes) > 1 else 0]] for codes, pool in leading]
        done.append(function.plain(*before, *groups[row if len(groups) > 1 else 0]))
    return from_values(done, function.gives)


def lift(function: Function, columns: Sequence[Column]) -> Column:
    """The plain meaning, once for each distinct combination of values."""
    assert function.plain is not None  # noqa: S101 - the caller has looked
    factored = [column.factor() for column in columns]
    code, sizes = np.zeros(1, dtype=np.int64), 1
    for codes, pool in factored:
        if sizes * len(pool) > 2**62:
            _, code = np.unique(code, return_inverse=True)
            sizes = int(code.max(initial=0)) + 1
        code, sizes = code * len(pool) + codes, sizes * len(pool)
    places, inverse = _distinct(code, sizes)
    done = [
        function.plain(*(pool[codes[at if len(codes) > 1 else 0]] for codes, pool in factored))
        for at in places.tolist()
    ]
    return _repeat(from_values(done, function.gives), inverse)


def _distinct(code: Ints, size: int) -> tuple[Ints, Ints]:
    """Where each different code below `size` stands first, and which of these each row has."""
    if size > _SPARSE * len(code):
        _, places, inverse = np.unique(code, return_index=True, return_inverse=True)
        return places, inverse
    first = np.full(size, -1, np.int64)
    first[code[::-1]] = np.arange(len(code))[::-1]  # of several, the last one that is put stays
    there = first >= 0
    return first[there], (np.cumsum(there) - 1)[code]


def _repeat(column: Column, codes: Ints) -> Column:
    if isinstance(column, Texts):
        return Texts(coded=(column.codes[codes], column.pool)) if len(codes) else column
    return column.take(codes)


def from_values(found: Sequence[Value], gives: Type) -> Column:
    """Plain values as a column of the type that the function gives."""
    if gives is Type.BOOLEAN:
        return Booleans(np.array(found, dtype=bool))
    if gives is Type.NUMBER:
        blank = np.array([value == BLANK for value in found], dtype=bool)
        amounts = np.array([np.nan if value == BLANK else value for value in found], dtype=float)
        return Numbers(amounts, blank if blank.any() else False)
    if gives is Type.MOMENT:
        at = [value if isinstance(value, datetime) else None for value in found]
        return Moments(np.array(at, dtype="datetime64[us]"))
    return Texts.many([str(value) for value in found])
