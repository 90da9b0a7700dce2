"""Fast ways of the common functions over whole columns; what has none is lifted."""

from collections.abc import Callable
from functools import reduce

import numpy as np
import pyarrow.compute as pc

from pipeline.expression.columns import (
    Booleans,
    Column,
    Floats,
    Numbers,
)
from pipeline.expression.elementary import ELEMENTARY, power
from pipeline.expression.fast_texts import concat, holding, regex, selected, string_length, substr
from pipeline.expression.functions import FUNCTIONS
from pipeline.expression.lift import lift

_MOST_PLACES = 15
_BELOW_HALF = 0.49999999999999994
"""With a half itself the sum of this number, and of whole ones from 2**52, would be rounded up."""
_NEAR = 1e-9
"""Of a number's own size: far more than scaling can shift it, so that no half is missed."""
_WIDE = 1e-3  # so near to a half that few numbers are taken for near that are not


def _elementary(work: Callable[..., Floats]) -> Callable[..., Column]:
    return lambda *found: Numbers(work(*(column.doubles() for column in found)))


def _power(base: Column, exponent: Column) -> Column:
    """One exponent for all rows; others once for each distinct pair."""
    times = exponent.doubles()
    if len(times) != 1:
        return lift(FUNCTIONS["pow"], [base, exponent])
    return Numbers(power(base.doubles(), float(times[0])))


def _round(value: Column, places: Column | None = None) -> Column:
    if places is not None:
        return _round_to(value, places)
    amounts = value.numbers()
    rounded = np.asarray(amounts + _BELOW_HALF)
    np.floor(rounded, out=rounded)
    half = amounts == -0.5  # noqa: PLR2004 - the only half so near to 0 that the sum is below it
    if half.any():
        rounded[half] = 0.0
    return Numbers(rounded)


def _round_to(value: Column, places: Column) -> Column:
    """Rounded to the same number of places in all rows; what lies near a half, digit by digit."""
    amounts, wanted = value.numbers(), places.numbers()
    if len(wanted) != 1 or not 0 <= wanted[0] <= _MOST_PLACES:
        return lift(FUNCTIONS["round"], [value, places])
    if wanted[0] == 0:
        return _round(value)
    scale = 10.0 ** int(wanted[0])
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = amounts * scale
        spread = _NEAR * max(
            1.0, np.fmax.reduce(scaled, initial=0), -np.fmin.reduce(scaled, initial=0)
        )
        if spread < _WIDE:
            return _round_scaled(amounts, scaled, scale, spread, places)
        below = np.floor(scaled)
        unsure = np.abs(scaled - below - 0.5) <= _NEAR * np.maximum(np.abs(scaled), 1.0)
        rounded = np.floor(scaled + 0.5) / scale + 0.0
    rounded = np.where(np.isfinite(scaled), rounded, amounts)
    rows = np.flatnonzero(unsure | (np.isinf(scaled) & np.isfinite(amounts)))
    if len(rows):
        rounded[rows] = lift(FUNCTIONS["round"], [Numbers(amounts[rows]), places]).numbers()
    return Numbers(rounded)


def _round_scaled(
    amounts: Floats, scaled: Floats, scale: float, spread: float, places: Column
) -> Column:
    """The same where no number is large: one distance from a half is near for all of them."""
    rounded = np.asarray(scaled + 0.5)
    np.floor(rounded, out=rounded)
    scaled -= rounded
    unsure = np.abs(scaled, out=scaled) >= 0.5 - spread
    rounded /= scale
    if unsure.any():
        rows = np.flatnonzero(unsure)
        rounded[rows] = lift(FUNCTIONS["round"], [Numbers(amounts[rows]), places]).numbers()
    return Numbers(rounded)


def _numbers(*found: Column) -> list[Floats]:
    return [column.numbers() for column in found]


FAST: dict[str, Callable[..., Column]] = {
    "selected": selected,
    "is-selected": selected,
    "not": lambda value: Booleans(~value.truths()),
    "boolean": lambda value: Booleans(value.truths()),
    "number": lambda value: Numbers(value.numbers()),
    "int": lambda value: Numbers(np.trunc(value.numbers())),
    "string": lambda value: value.texts(),
    "round": _round,
    "string-length": string_length,
    "concat": concat,
    "substr": substr,
    "regex": regex,
    "contains": holding("contains", pc.match_substring),
    "starts-with": holding("starts-with", pc.starts_with),
    "ends-with": holding("ends-with", pc.ends_with),
    "min": lambda *found: Numbers(reduce(np.fmin, _numbers(*found))),
    "max": lambda *found: Numbers(reduce(np.fmax, _numbers(*found))),
    "pow": _power,
    **{name: _elementary(work) for name, work in ELEMENTARY.items()},
}
