"""How far somebody who reads the tables can narrow a hidden count down.

The attacker knows every shown count, every relation, and that counts are whole and not negative.
Hidden counts that hang together through relations are one system, solved by itself. A count is
safe as soon as whole counts are found that fit everything shown and put it at either end; one
linear program looks for such counts for many cells at once. What is left is bounded cell by cell,
as an integer program (HiGHS).

Source: Hundepool et al. (2012), Statistical Disclosure Control, ch. 4 (auditing by the solution
of a least and a greatest problem for each hidden cell).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from pipeline.privacy.linked import Linked, Mask, Numbers, Places

_SECONDS = 20.0
_PASSES = 12
_ROUNDS = 40
_OTHERS = 24
_WORTHWHILE = 0.97
_STEPS = ((1, -2, 1), (-1, 2, -1), (1, -1, -1, 1), (-1, 1, 1, -1), (1, -1), (-1, 1))
_FAR = 1e6
CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A hidden count that is told more closely than the rule allows.

    Attributes:
        place: its column.
        low: the least value it can have, as far as that was looked for.
        high: likewise the greatest; threshold - 1 where it can be that or more.
        is_proven: False where the solver gave up, which counts as told.
    """

    place: int
    low: float
    high: float
    is_proven: bool = True


@dataclass
class Witness:
    """The least and the greatest value that each count has in some counts that fit all shown ones.

    What fits goes on to fit when more cells are hidden, so that one witness serves all searches.
    """

    least: Numbers
    most: Numbers

    @classmethod
    def of(cls, counts: Numbers) -> "Witness":
        """What the true counts show, where they are known."""
        return cls(np.where(np.isnan(counts), np.inf, counts), np.nan_to_num(counts, nan=-np.inf))

    def add(self, places: Places, values: Numbers) -> None:
        """Counts that fit."""
        self.least[places] = np.minimum(self.least[places], values)
        self.most[places] = np.maximum(self.most[places], values)


def narrowed(linked: Linked, hidden: Mask, threshold: int, witness: Witness) -> list[Narrowed]:
    """Hidden counts that might be small and are told too closely.

    A hidden count is safe if it can be 1 or less and threshold - 1 or more, or is certainly not
    from 1 to threshold - 1; an implied one unless it is known exactly.

    Args:
        linked: all that leave together; only shown counts are looked at.
        hidden: which cells are not shown.
        threshold: the least count that is shown.
        witness: counts that fit, known before; what is found is added.
    """
    found = list[Narrowed]()
    for system in _systems(linked, hidden):
        found += _Search(system, linked, threshold, witness).narrowed()
    return found


@dataclass(frozen=True)
class _System:
    """Unknown counts `x` with `matrix @ x == sums`; `places` are their columns among all cells."""

    places: Places
    matrix: csr_array
    sums: Numbers


def _systems(linked: Linked, hidden: Mask) -> list[_System]:
    """The hidden cells, split into systems that have nothing to do with each other."""
    places = np.flatnonzero(hidden)
    if not len(places):
        return []
    known = np.where(hidden, 0.0, linked.counts)
    sums = -(linked.factors @ known)
    inner = csr_array(linked.factors[:, places])
    rows = np.flatnonzero(np.diff(inner.indptr))
    inner, sums = csr_array(inner[rows]), sums[rows]
    number, label = connected_components(abs(inner).T @ abs(inner), directed=False)
    order = np.argsort(label, kind="stable")
    cuts = np.searchsorted(label[order], np.arange(number + 1))
    of_row = label[inner.indices[inner.indptr[:-1]]]
    lines = np.argsort(of_row, kind="stable")
    line_cuts = np.searchsorted(of_row[lines], np.arange(number + 1))
    made = []
    for one in range(number):
        inside = order[cuts[one] : cuts[one + 1]]
        across = lines[line_cuts[one] : line_cuts[one + 1]]
        made.append(_System(places[inside], csr_array(inner[across][:, inside]), sums[across]))
    return made


class _Search:
    """Witnesses and bounds for the counts of one system."""

    def __init__(self, system: _System, linked: Linked, threshold: int, witness: Witness) -> None:
        self.system, self.threshold, self.witness = system, threshold, witness
        self.under_rule = linked.under_rule[system.places]
        self.implied = linked.implied[system.places]
        self.floor, self.ceiling = _propagated(system)
        self.random = np.random.default_rng(len(system.places))

    def narrowed(self) -> list[Narrowed]:
        if not self.open().any():
            return []
        for greatest in (True, False):
            self._look_for_many(greatest=greatest)
        self._look_for_others()
        bounded = (self._bounded(int(column)) for column in np.flatnonzero(self.open()))
        return [one for one in bounded if one is not None]

    @property
    def least(self) -> Numbers:
        return self.witness.least[self.system.places]

    @property
    def most(self) -> Numbers:
        return self.witness.most[self.system.places]

    def wants(self, *, greatest: bool) -> Mask:
        """Which counts were not yet seen at this end, and may be small."""
        maybe = self.under_rule & (self.floor < self.threshold) & (self.ceiling >= 1)
        if greatest:
            return maybe & ~self.implied & (self.most < self.threshold - 1)
        return maybe & ~self.implied & (self.least > 1)

    def open(self) -> Mask:
        """Which counts are not yet known to be safe."""
        return self.wants(greatest=True) | self.wants(greatest=False) | self.alone()

    def alone(self) -> Mask:
        """Implied counts for which one value only has been seen."""
        return self.implied & self.under_rule & (self.least >= self.most)

    def _look_for_many(self, *, greatest: bool) -> None:
        end = self.threshold - 1 if greatest else 1
        for _ in range(_ROUNDS):
            wanted = self.wants(greatest=greatest)
            wanted &= (self.ceiling >= end) if greatest else (self.floor <= end)
            if wanted.sum() < 2 or not self._look(np.flatnonzero(wanted), greatest=greatest):  # noqa: PLR2004 - one alone is bounded
                return

    def _look_for_others(self) -> None:
        """Any other whole counts that fit put many implied counts elsewhere; a few are left."""
        self._step_aside()
        sums, before = self.system.sums, len(self.floor) + 1
        for _ in range(_OTHERS):
            alone = self.alone()
            left = int(alone.sum())
            if not left or left > _WORTHWHILE * before:
                return
            before = left
            aim = np.where(alone, self.random.uniform(-1.0, 1.0, len(alone)), 0.0)
            limits = self.floor, np.minimum(self.ceiling, self.floor + _FAR)
            found = solve(aim, self.system.matrix, (sums, sums), limits, whole=True)
            if found is not None:
                self._take(found, np.flatnonzero(alone), greatest=True)

    def _step_aside(self) -> None:
        """From a point to its neighbours and back: the mean stays. Quick where counts are known."""
        places = np.flatnonzero(self.implied)
        values = self.least  # the true counts, where they are known and nothing was found yet
        if not self.alone().any() or not np.isfinite(values).all():
            return
        if np.abs(self.system.matrix @ values - self.system.sums).max(initial=0) > CLOSE:
            return
        for pattern in _STEPS:
            for start in range(len(places) - len(pattern) + 1):
                step = np.zeros(len(values))
                step[places[start : start + len(pattern)]] = pattern
                if (values + step >= 0).all() and not (self.system.matrix @ step).any():
                    self.witness.add(self.system.places, values + step)

    def _look(self, wanted: Places, *, greatest: bool) -> bool:
        """One program for all wanted; says whether one of them came to its end."""
        size, many = len(self.floor), len(wanted)
        pick = csr_array((np.ones(many), (np.arange(many), wanted)), shape=(many, size))
        # A second column for each wanted count: as much of it as is of use.
        weight = self.random.uniform(1.0, 2.0, many)
        if greatest:
            aim = np.concatenate([np.zeros(size), -weight])
            rows, low, cap = hstack([pick, -eye_array(many)]), 0.0, float(self.threshold - 1)
        else:
            aim = np.concatenate([np.zeros(size), weight])
            rows, low, cap = hstack([-pick, eye_array(many)]), -1.0, np.inf
        equal = hstack([self.system.matrix, csr_array((self.system.matrix.shape[0], many))])
        sums = self.system.sums
        solved = solve(
            aim,
            csr_array(vstack([equal, rows])),
            (np.concatenate([sums, np.full(many, low)]),
             np.concatenate([sums, np.full(many, np.inf)])),
            (np.concatenate([self.floor, np.zeros(many)]),
             np.concatenate([self.ceiling, np.full(many, cap)])),
            whole=False,
        )  # fmt: skip
        return solved is not None and self._take(solved[:size], wanted, greatest=greatest)

    def _take(self, values: Numbers, wanted: Places, *, greatest: bool) -> bool:
        """Whole counts that fit are a witness; says whether a wanted one is done with."""
        rounded = np.rint(values)
        is_whole = np.abs(rounded - values).max(initial=0.0) < CLOSE
        if (
            not is_whole
            or np.abs(self.system.matrix @ rounded - self.system.sums).max(initial=0) > CLOSE
        ):
            return False
        self.witness.add(self.system.places, rounded)
        return not self.wants(greatest=greatest)[wanted].all()

    def _bounded(self, column: int) -> Narrowed | None:
        """One count by itself; None if it is safe."""
        place, last = int(self.system.places[column]), self.threshold - 1
        if self.implied[column]:
            return self._exact(column)
        low, high, is_proven = self.floor[column], self.ceiling[column], True
        for greatest in (False, True):
            if not self.wants(greatest=greatest)[column]:
                continue
            if greatest and high < last:
                continue
            if not greatest and 1 < low < self.threshold:
                continue
            end = self._extreme(column, greatest=greatest)
            if end is None:
                is_proven = False
            elif greatest:
                high = min(high, end)
            else:
                low = max(low, end)
        if low >= self.threshold or high < 1:
            return None
        if self.least[column] <= 1 and self.most[column] >= last:
            return None
        low = min(low, self.least[column])
        return Narrowed(place, float(low), float(min(high, last)), is_proven)

    def _exact(self, column: int) -> Narrowed | None:
        """An implied count: told only where it can have one value alone.

        Broken counts are looked for first: where even they leave one whole value, it is told, and
        mostly two of them are whole and differ. Integer programs are dear.
        """
        place = int(self.system.places[column])
        for whole in (False, True):
            ends = [self._end(column, greatest=greatest, whole=whole) for greatest in (False, True)]
            if not self.alone()[column]:
                return None
            low, high = (np.nan if end is None else end for end in ends)
            if low >= self.threshold or high < 1:
                return None
            if low >= high:
                break
        if low < high:
            return None
        return Narrowed(place, float(low), float(high), not np.isnan([low, high]).any())

    def _end(self, column: int, *, greatest: bool, whole: bool) -> float | None:
        """The least or greatest value of an implied count; a solution in whole counts is kept."""
        aim = np.zeros(len(self.floor))
        aim[column] = -1.0 if greatest else 1.0
        ceiling = np.minimum(self.ceiling, self.floor + _FAR)
        sums = self.system.sums
        found = solve(aim, self.system.matrix, (sums, sums), (self.floor, ceiling), whole=whole)
        if found is None:
            return None
        self._take(found, np.array([column]), greatest=greatest)
        return float(
            np.floor(found[column] + CLOSE) if greatest else np.ceil(found[column] - CLOSE)
        )

    def _extreme(self, column: int, *, greatest: bool) -> float | None:
        """The least or greatest whole value (clipped where more does not matter)."""
        aim = np.zeros(len(self.floor))
        aim[column] = -1.0 if greatest else 1.0
        ceiling = self.ceiling.copy()
        if greatest and not np.isfinite(ceiling[column]):
            ceiling[column] = max(self.threshold - 1.0, self.floor[column] + 1)
        sums = self.system.sums
        for whole in (False, True):
            found = solve(aim, self.system.matrix, (sums, sums), (self.floor, ceiling), whole=whole)
            if found is None:
                return None
            value = found[column]
            last = self.threshold - 1
            beyond = value < last - CLOSE if greatest else value > 1 + CLOSE
            before = self.least[column], self.most[column]
            self._take(found, np.array([column]), greatest=greatest)
            if beyond or before != (self.least[column], self.most[column]) or whole:
                # Whole values lie inside the bounds of broken ones.
                return float(np.floor(value + CLOSE) if greatest else np.ceil(value - CLOSE))
        return None


def _propagated(system: _System) -> tuple[Numbers, Numbers]:
    """Bounds that follow from each equation by itself, passed on from one to the next."""
    lines = system.matrix.tocoo()
    row, column, factor = lines.row, lines.col, lines.data
    floor = np.zeros(len(system.places))
    ceiling = np.full(len(system.places), np.inf)
    for _ in range(_PASSES):
        before = floor.copy(), ceiling.copy()
        least = np.where(factor > 0, factor * floor[column], factor * ceiling[column])
        rest = _others(least, row, len(system.sums))
        bound = (system.sums[row] - rest) / factor
        up = factor > 0
        np.minimum.at(ceiling, column[up], np.floor(bound[up] + CLOSE))
        np.maximum.at(floor, column[~up], np.ceil(bound[~up] - CLOSE))
        most = np.where(factor > 0, factor * ceiling[column], factor * floor[column])
        bound = (system.sums[row] - _others(most, row, len(system.sums))) / factor
        np.maximum.at(floor, column[up], np.ceil(bound[up] - CLOSE))
        np.minimum.at(ceiling, column[~up], np.floor(bound[~up] + CLOSE))
        if np.array_equal(before[0], floor) and np.array_equal(before[1], ceiling):
            break
    return floor, ceiling


def _others(part: Numbers, row: Places, rows: int) -> Numbers:
    """For each term of an equation the sum of its other terms, which may be infinite."""
    endless = np.isinf(part)
    finite = np.where(endless, 0.0, part)
    sums = np.bincount(row, finite, minlength=rows)[row] - finite
    number = np.bincount(row, endless, minlength=rows)[row] - endless
    sign = np.bincount(row, np.where(endless, np.sign(part), 0.0), minlength=rows)[row]
    return np.where(number > 0, np.where(sign > 0, np.inf, -np.inf), sums)


def solve(
    aim: Numbers,
    matrix: csr_array,
    sums: tuple[Numbers, Numbers],
    limits: tuple[Numbers, Numbers],
    *,
    whole: bool,
) -> Numbers | None:
    """The numbers with the least `aim @ x`; None if there are none or the solver gave up."""
    result = milp(
        aim,
        constraints=LinearConstraint(matrix, *sums) if matrix.shape[0] else (),
        integrality=np.full(len(aim), int(whole)),
        bounds=Bounds(*limits),
        options={"time_limit": _SECONDS},
    )
    return None if result.status != 0 else np.asarray(result.x, dtype=np.float64)
