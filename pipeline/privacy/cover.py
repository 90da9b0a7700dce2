"""Which further cells to hide so that hidden counts can take both ends of the range.

Counts are moved to where they should be able to be, and others with them so that every sum stays;
the shown cells that move are hidden. The cheapest such shift is a linear program over a table, or,
where that is too narrow, over all tables that share a cell with it.

Source: Kelly, Golden and Assad (1992), Networks 22 (the cheapest shift that keeps all sums says
which further cells to hide).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack

from pipeline.privacy.attack import CLOSE, Narrowed, Witness, solve
from pipeline.privacy.linked import Linked, Mask, Numbers, Places

_REWARD = 1000.0
"""For each count by which a cell comes nearer to where it should be able to be."""
_FREE = 0.001
"""The price of moving a cell that is hidden anyway, by one."""
_FIGURE = 0.01
"""That of a figure: rather a mean is hidden than the counts that it is made of."""


class Cover:
    """What is hidden so far, and which counts it leaves possible.

    Args:
        linked: all cells, with their true counts.
        hidden: to begin with.
        fixed: cells that everybody knows and that cannot be hidden.
        threshold: the least count that is shown.
        witness: counts that fit what is shown, known before.
    """

    def __init__(
        self, linked: Linked, hidden: Mask, fixed: Mask, threshold: int, witness: Witness
    ) -> None:
        self.linked, self.threshold, self.fixed = linked, threshold, fixed
        self.hidden = hidden.copy()
        self.witness = witness
        self._tables = _Tables(linked)
        self._tried = defaultdict[int, int](int)

    def widen(self, told: Sequence[Narrowed]) -> None:
        """Hide what lets these counts vary, in ever wider parts of the tables."""
        for scope, cells in self._scopes(told).items():
            part = self._part(scope)
            for place in sorted(cells, key=lambda one: (self.linked.counts[one], one)):
                for end in (1.0, self.threshold - 1.0):
                    if not self.witness.least[place] <= end <= self.witness.most[place]:
                        self._shift(part, place, end)

    def hide_around(self, cells: Iterable[int]) -> bool:
        """Hide all that these cells add up with; says whether there was anything."""
        wanted = np.zeros(len(self.hidden), dtype=bool)
        wanted[list(cells)] = True
        touched = self._rows(wanted)
        around = self.linked.factors[touched].indices if touched.size else np.empty(0, np.intp)
        before = int(self.hidden.sum())
        self.hidden[around] = True
        self.hidden &= ~self.fixed
        return int(self.hidden.sum()) > before

    def _rows(self, cells: Mask) -> Places:
        """Relations that hold one of these cells."""
        return np.flatnonzero(abs(self.linked.factors) @ cells.astype(float))

    def _scopes(self, told: Sequence[Narrowed]) -> Mapping[tuple[int, ...], list[int]]:
        """Sets of tables to shift counts within, each with the cells that call for it."""
        found = defaultdict[tuple[int, ...], list[int]](list)
        for one in told:
            wide = list(self._widths(one.place))
            scope = wide[min(self._tried[one.place], len(wide) - 1)]
            self._tried[one.place] += 1
            found[scope].append(one.place)
        return found

    def _widths(self, place: int) -> Iterator[tuple[int, ...]]:
        own = self._tables.of[place]
        yield tuple(sorted(own))
        linked = {far for near in own for cell in self._tables.cells[near]
                  for far in self._tables.of[cell]}  # fmt: skip
        if linked != own:
            yield tuple(sorted(linked))

    def gave_up(self, told: Sequence[Narrowed]) -> list[int]:
        """Those of these cells for which every width has been tried twice."""
        return [one.place for one in told if self._tried[one.place] >= 4]  # noqa: PLR2004 - two widths, twice

    def _part(self, scope: tuple[int, ...]) -> "_Part":
        """The cells that these tables alone hold, and the relations among them."""
        inside = set(scope)
        cells = {cell for table in scope for cell in self._tables.cells[table]}
        free = [one for one in cells if self._tables.of[one] <= inside and not self.fixed[one]]
        places = np.array(sorted(free), dtype=np.intp)
        is_free = np.zeros(len(self.hidden), dtype=bool)
        is_free[places] = True
        matrix = csr_array(self.linked.factors[self._rows(is_free)][:, places])
        return _Part(places, csr_array(hstack([matrix, -matrix])))

    def _shift(self, part: "_Part", place: int, end: float) -> None:
        """Move one count as near to `end` as can be, and others with it at the least price."""
        at = int(np.searchsorted(part.places, place))
        if at == len(part.places) or part.places[at] != place:
            return
        counts, size = self.linked.counts[part.places], len(part.places)
        distance = end - counts[at]
        price = self._price(part.places)
        price[at] = -_REWARD
        highs = np.concatenate([np.full(size, counts.sum() + self.threshold), counts])
        up, down = at, size + at
        highs[up], highs[down] = max(distance, 0.0), max(-distance, 0.0)
        zeros = np.zeros(part.matrix.shape[0])
        limits = np.zeros(2 * size), highs
        solved = solve(np.tile(price, 2), part.matrix, (zeros, zeros), limits, whole=False)
        if solved is None:
            return
        step = solved[:size] - solved[size:]
        self.hidden[part.places[np.abs(step) > CLOSE]] = True
        if np.abs(np.rint(step) - step).max() < CLOSE:
            self.witness.add(part.places, counts + np.rint(step))

    def _price(self, places: Places) -> Numbers:
        """Of moving each count by one: dear for shown ones, dearer for large ones and zeros."""
        counts = self.linked.counts[places]
        near = (counts >= self.threshold) & (counts < 2 * self.threshold)
        price = 1.0 + np.log1p(counts) + near + 3.0 * (counts == 0)
        price[~self.linked.under_rule[places]] = _FIGURE
        price[self.hidden[places]] = _FREE
        return np.asarray(price, dtype=np.float64)


@dataclass(frozen=True)
class _Part:
    """Cells that may move, and their relations twice: for counts that go up and that go down."""

    places: Places
    matrix: csr_array


class _Tables:
    """Which table holds which cells, and the other way round, all by number."""

    def __init__(self, linked: Linked) -> None:
        numbers: dict[str, int] = {}
        self.of: list[set[int]] = []
        for one in linked.cells:
            names = linked.tables_of.get(one, ())
            self.of.append({numbers.setdefault(name, len(numbers)) for name in names})
        self.cells: list[list[int]] = [[] for _ in numbers]
        for place, tables in enumerate(self.of):
            for table in tables:
                self.cells[table].append(place)
