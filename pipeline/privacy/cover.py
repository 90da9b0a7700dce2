"""Which further cells to hide so that hidden counts can take both ends of the range.

Counts are moved to where they should be able to be, and others with them so that every sum stays;
the shown cells that move are hidden. The cheapest such shift is a linear program over a table, or,
where that is too narrow, over all tables that share a cell with it.

Source: Kelly, Golden and Assad (1992), Networks 22 (the cheapest shift that keeps all sums says
which further cells to hide).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack, vstack

from pipeline.privacy.attack import Narrowed, Witness, solve
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
    """

    def __init__(self, linked: Linked, hidden: Mask, fixed: Mask, threshold: int) -> None:
        self.linked, self.threshold, self.fixed = linked, threshold, fixed
        self.hidden = hidden.copy()
        self.witness = Witness.of(linked.counts)
        self._tables = _Tables(linked)
        self._tried = defaultdict[int, int](int)

    def widen(self, told: Sequence[Narrowed]) -> None:
        """Hide what lets these counts vary, in ever wider parts of the tables."""
        for scope, cells in self._scopes(told).items():
            for greatest in (True, False):
                self._shift(scope, np.array(cells, dtype=np.intp), greatest=greatest)

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

    def _shift(self, scope: tuple[int, ...], wanted: Places, *, greatest: bool) -> None:
        inside = set(scope)
        free = np.array(
            sorted({cell for table in scope for cell in self._tables.cells[table]
                    if self._tables.of[cell] <= inside and not self.fixed[cell]}),
            dtype=np.intp,
        )  # fmt: skip
        end = self.threshold - 1.0 if greatest else 1.0
        seen = self.witness.most[wanted] if greatest else self.witness.least[wanted]
        wanted = wanted[(seen < end) if greatest else (seen > end)]
        counts = self.linked.counts[free]
        at = np.searchsorted(free, wanted)
        is_free = (at < len(free)) & (free[np.minimum(at, len(free) - 1)] == wanted)
        if not is_free.any():
            return
        at = at[is_free]
        distance = np.abs(end - counts[at])
        step = self._step(free, at, distance, greatest=greatest)
        if step is not None:
            moved = np.abs(step) > 1e-6  # noqa: PLR2004 - the solver's own closeness
            self.hidden[free[moved]] = True
            if np.abs(np.rint(step) - step).max() < 1e-6:  # noqa: PLR2004
                self.witness.add(free, counts + np.rint(step))

    def _step(
        self, free: Places, at: Places, distance: Numbers, *, greatest: bool
    ) -> Numbers | None:
        """The cheapest shift: columns up and down for each cell, and how far the wanted come."""
        size, many = len(free), len(at)
        sign = 1.0 if greatest else -1.0
        is_free = np.zeros(len(self.hidden), dtype=bool)
        is_free[free] = True
        matrix = csr_array(self.linked.factors[self._rows(is_free)][:, free])
        counts, is_hidden = self.linked.counts[free], self.hidden[free]
        near = (counts >= self.threshold) & (counts < 2 * self.threshold)
        price = 1.0 + np.log1p(counts) + near + 3.0 * (counts == 0)
        price[~self.linked.under_rule[free]] = _FIGURE
        price[is_hidden] = _FREE
        pick = csr_array((np.full(many, sign), (np.arange(many), at)), shape=(many, size))
        keeps = hstack([matrix, -matrix, csr_array((matrix.shape[0], many))])
        comes = hstack([pick, -pick, -eye_array(many)])
        zeros, endless = np.zeros(matrix.shape[0]), np.full(many, np.inf)
        solved = solve(
            np.concatenate([price, price, np.full(many, -_REWARD)]),
            csr_array(vstack([keeps, comes])),
            (np.concatenate([zeros, np.zeros(many)]), np.concatenate([zeros, endless])),
            (
                np.zeros(2 * size + many),
                np.concatenate([np.full(size, counts.sum() + self.threshold), counts, distance]),
            ),
            whole=False,
        )
        return None if solved is None else solved[:size] - solved[size : 2 * size]


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
