"""How far somebody who reads the tables can narrow a hidden count down.

The attacker knows every shown count, every relation, and that counts are whole and not negative.
Hidden counts that hang together through relations are one system; each is solved by itself, as an
integer program (HiGHS), so that the bounds are those of whole counts.

Source: Hundepool et al. (2012), Statistical Disclosure Control, ch. 4 (auditing by the solution
of a least and a greatest problem for each hidden cell).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Numbers = npt.NDArray[np.float64]
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Equation:
    """Unknown counts, each with a factor, that add up to a number."""

    terms: tuple[tuple[int, float], ...]
    sum: float


@dataclass(frozen=True)
class System:
    """Unknown counts and what is known of them.

    Attributes:
        places: which of the caller's unknowns these are.
        matrix: one row an equation, one column an unknown.
        sums: one an equation.
        lows: least value of each unknown.
        highs: greatest value of each unknown.
    """

    places: npt.NDArray[np.intp]
    matrix: csr_array
    sums: Numbers
    lows: Numbers
    highs: Numbers

    def extreme(
        self, place: int, *, greatest: bool, clip: float | None = None
    ) -> tuple[float, Numbers] | None:
        """The least or greatest whole value of one unknown, and counts that show it possible.

        Args:
            place: column of the unknown.
            greatest: look for the greatest value, not the least.
            clip: the unknown is held at or below this, so that there is a greatest value.

        Returns:
            None where nothing satisfies the equations.

        Raises:
            TimeoutError: the solver gave up; nothing is known then.
        """
        aim = np.zeros(len(self.places))
        aim[place] = -1.0 if greatest else 1.0
        highs = self.highs.copy()
        if clip is not None:
            highs[place] = min(highs[place], clip)
        found = whole_solution(aim, self.matrix, self.sums, self.lows, highs)
        return None if found is None else (float(found[place]), found)


def whole_solution(
    aim: Numbers, matrix: csr_array, sums: Numbers, lows: Numbers, highs: Numbers
) -> Numbers | None:
    """Whole numbers with the least `aim @ x` and `matrix @ x == sums`; None if there are none.

    Raises:
        TimeoutError: the solver gave up.
    """
    if np.any(highs < lows):
        return None
    limits = LinearConstraint(matrix, sums, sums) if matrix.shape[0] else ()
    result = milp(
        aim,
        constraints=limits,
        integrality=np.ones(len(aim)),
        bounds=Bounds(lows, highs),
        options={"time_limit": _SECONDS},
    )
    if result.status == 0:
        return np.rint(np.asarray(result.x, dtype=np.float64))
    if result.status in {2, 4}:
        return None
    raise TimeoutError("the solver gave up")


def systems(
    equations: Iterable[Equation], lows: npt.ArrayLike, highs: npt.ArrayLike
) -> list[System]:
    """Split unknowns into systems that have nothing to do with each other.

    Args:
        equations: over unknowns numbered from 0.
        lows: least value of each unknown.
        highs: greatest value of each unknown.
    """
    kept = [one for one in equations if one.terms]
    low, high = np.asarray(lows, dtype=np.float64), np.asarray(highs, dtype=np.float64)
    width = len(low)
    rows = [row for row, one in enumerate(kept) for _ in one.terms]
    columns = [place for one in kept for place, _ in one.terms]
    factors = [factor for one in kept for _, factor in one.terms]
    matrix = csr_array((factors, (rows, columns)), shape=(len(kept), width))
    joined = (abs(matrix).T @ abs(matrix)) if kept else csr_array((width, width))
    number, label = connected_components(joined, directed=False)
    order = np.argsort(label, kind="stable")
    cuts = np.searchsorted(label[order], np.arange(number + 1))
    of_row = np.array([label[one.terms[0][0]] for one in kept], dtype=np.intp)
    rows_of = np.argsort(of_row, kind="stable")
    row_cuts = np.searchsorted(of_row[rows_of], np.arange(number + 1))
    sums = np.array([one.sum for one in kept], dtype=np.float64)
    made = []
    for one in range(number):
        places = order[cuts[one] : cuts[one + 1]]
        lines = rows_of[row_cuts[one] : row_cuts[one + 1]]
        part = csr_array(matrix[lines][:, places])
        made.append(System(places, part, sums[lines], low[places], high[places]))
    return made
