"""`=` over whole columns: what `values.equal` is for two values."""

import numpy as np

from pipeline.expression.columns import Bools, Column, Flags, Numbers, together
from pipeline.expression.values import CLOSE


def equal(left: Column, right: Column) -> Bools:
    """`=`, row by row: as truths, numbers or texts, by what the two values are."""
    booleans = _either(left.is_boolean, right.is_boolean)
    if booleans is True:
        return np.asarray(left.truths() == right.truths())
    if isinstance(left, Numbers) and isinstance(right, Numbers):
        return _equal_numbers(left, right)
    numbers = _either(left.is_number, right.is_number)
    if numbers is True and booleans is False:
        return _close(left, right)
    if numbers is False and booleans is False:
        return left.texts().equals(right.texts())
    return _equal_by_row(left, right, np.asarray(booleans), np.asarray(numbers))


def _either(left: Flags, right: Flags) -> Flags:
    if left is True or right is True:
        return True
    if left is False and right is False:
        return False
    return np.asarray(np.logical_or(left, right))


def _close(left: Column, right: Column) -> Bools:
    with np.errstate(invalid="ignore"):
        apart = left.numbers() - right.numbers()
    return np.asarray(np.abs(apart, out=apart) < CLOSE)


def _equal_numbers(left: Numbers, right: Numbers) -> Bools:
    """Two blanks are equal; a blank and a number, or NaN, are not."""
    found = _close(left, right)
    if left.blank is False or right.blank is False:
        return found
    nothing = right.blanks
    return found | (left.blanks & nothing) if nothing.any() else found


def _equal_by_row(left: Column, right: Column, booleans: Bools, numbers: Bools) -> Bools:
    length = together(len(left), len(right), booleans.size, numbers.size)
    booleans, numbers = np.broadcast_to(booleans, length), np.broadcast_to(numbers, length)
    result = np.broadcast_to(_close(left, right), length).copy()
    if booleans.any():
        result[booleans] = np.broadcast_to(left.truths() == right.truths(), length)[booleans]
    rest = np.flatnonzero(~booleans & ~numbers)
    if len(rest):
        ours = left.take(rest if len(left) > 1 else np.zeros_like(rest)).texts()
        theirs = right.take(rest if len(right) > 1 else np.zeros_like(rest)).texts()
        result[rest] = ours.equals(theirs)
    return result
