"""Powers, logarithms and angles: one number and a whole array get the same last digit.

numpy and Python's math differ in the last digit of some of these, so both the plain meaning and
whole columns take numpy's. What is exact in decimals stays so: squares and whole powers of ten.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_LOWEST = -400  # ten to any power below is 0
_TENTHS = np.array([float(f"1e-{places}") for places in range(1 - _LOWEST)])


def _exp10(amounts: Floats) -> Floats:
    found = np.power(10.0, amounts)
    rows = np.flatnonzero((amounts < 0) & (np.trunc(amounts) == amounts))
    if len(rows):  # the processor's power is off by one digit for some of them, as 1e-5
        found[rows] = _TENTHS[-np.maximum(amounts[rows], _LOWEST).astype(np.int64)]
    return found


def power(amounts: Floats, times: float) -> Floats:
    """Numbers to one power; NaN or infinity as Java gives them.

    Args:
        amounts: float64 array of any length.
        times: the exponent.
    """
    with np.errstate(all="ignore"):
        if times == 2:  # noqa: PLR2004 - Java multiplies too
            return np.square(amounts)
        found = np.power(np.ascontiguousarray(amounts), times)
        return np.where(amounts == 0, np.inf, found) if times < 0 else found


def _of_arrays(work: Callable[..., Floats]) -> Callable[..., Floats]:
    """The work on arrays that lie in one piece: numpy's last digit is another for reversed ones."""

    def apply(*amounts: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return work(*map(np.ascontiguousarray, amounts))

    return apply


ELEMENTARY: Mapping[str, Callable[..., Floats]] = MappingProxyType(
    {
        "abs": _of_arrays(np.abs),
        "sqrt": _of_arrays(np.sqrt),
        "exp": _of_arrays(np.exp),
        "exp10": _of_arrays(_exp10),
        "log": _of_arrays(np.log),
        "log10": _of_arrays(np.log10),
        "sin": _of_arrays(np.sin),
        "cos": _of_arrays(np.cos),
        "tan": _of_arrays(np.tan),
        "asin": _of_arrays(np.arcsin),
        "acos": _of_arrays(np.arccos),
        "atan": _of_arrays(np.arctan),
        "atan2": _of_arrays(np.arctan2),
    }
)
"""What each name does to float64 arrays; of two, one may have length 1 for every row."""
