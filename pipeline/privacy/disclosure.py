"""Which counts are hidden before tables leave, and whether what is hidden stays hidden.

Rule: a count from 1 to threshold - 1 is hidden (threshold rule on unweighted counts), and nobody
who reads all the tables may exclude any end of that range: the least whole value it can have is at
most 1, the greatest at least threshold - 1. So the tables together say no more of a small count
than that it is hidden. Zeros and counts from the threshold on need no protection.

Source: Hundepool et al. (2012), Statistical Disclosure Control, ch. 4 (threshold rule, secondary
suppression, protection intervals); Kelly, Golden and Assad (1992), Networks 22 (the cheapest shift
of counts that keeps all sums says which further cells to hide).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack

from pipeline.privacy.attack import Equation, Numbers, systems, whole_solution
from pipeline.privacy.count_table import Cell, CountTable, Relation, all_counts


@dataclass(frozen=True, slots=True)
class Suppression:
    """Which cells are not shown.

    Attributes:
        small: hidden because their counts are small; cells that no table prints included.
        further: hidden so that the small ones stay hidden.
    """

    small: frozenset[Cell]
    further: frozenset[Cell] = frozenset()

    @property
    def hidden(self) -> frozenset[Cell]:
        """All of them; to a reader they must look the same."""
        return self.small | self.further


@dataclass(frozen=True, slots=True)
class Exposed:
    """A small count that is shown, or that can be told more closely than the rule allows.

    Attributes:
        cell: whom it counts.
        tables: names of the tables that hold it.
        low: the least value it can have.
        high: the greatest value it can have, or threshold - 1 if that is less.
        is_proven: False where the solver gave up, which counts as exposed.
    """

    cell: Cell
    tables: tuple[str, ...]
    low: int
    high: int
    is_proven: bool = True


def small_cells(tables: Iterable[CountTable], threshold: int) -> frozenset[Cell]:
    """Cells with counts from 1 to threshold - 1."""
    return frozenset(one for one, n in all_counts(tables).items() if 1 <= n < threshold)


def protect(tables: Sequence[CountTable], threshold: int) -> Suppression:
    """Choose what to hide so that `audit` finds nothing.

    Args:
        tables: all that leave together, and the differences between them.
        threshold: the least count that is shown; 1 hides nothing.

    Raises:
        ValueError: two tables give one cell different counts; a threshold below 1; hiding every
            cell does not help.
    """
    if threshold < 1:
        raise ValueError("a threshold is at least 1")
    work = _Cover(tables, threshold)
    for one in sorted(work.small, key=lambda one: (work.counts[one], one)):
        work.cover(one)
    while exposed := audit(tables, work.suppression(), threshold):
        if work.hidden >= work.counts.keys():
            raise ValueError("the counts cannot be protected even with every cell hidden")
        work.hide_around(found.cell for found in exposed)
    return work.suppression()


def audit(tables: Sequence[CountTable], suppression: Suppression, threshold: int) -> list[Exposed]:
    """Every small count that is shown or can be told more closely than the rule allows.

    Args:
        tables: all that leave together, with their true counts.
        suppression: what is hidden in them; cells that no table prints are hidden anyway.
        threshold: the least count that is shown.

    Returns:
        Sorted by cell. Nothing proves that the rule holds against one who knows only the tables.
    """
    counts = all_counts(tables)
    hidden = suppression.hidden.union(*(table.unprinted for table in tables)) & counts.keys()
    names = defaultdict[Cell, list[str]](list)
    for table in tables:
        for one in table.counts:
            names[one].append(table.name)
    small = small_cells(tables, threshold)
    shown = [Exposed(one, tuple(names[one]), counts[one], counts[one]) for one in small - hidden]
    bounds = _bounds(tables, counts, sorted(hidden), small, threshold)
    narrowed = [
        Exposed(one, tuple(names[one]), low, high, is_proven)
        for one, (low, high, is_proven) in bounds.items()
    ]
    return sorted([*shown, *narrowed], key=lambda found: found.cell)


def _bounds(
    tables: Sequence[CountTable],
    counts: dict[Cell, int],
    hidden: list[Cell],
    small: frozenset[Cell],
    threshold: int,
) -> dict[Cell, tuple[int, int, bool]]:
    """Bounds of those small hidden cells that are told too closely."""
    place = {one: number for number, one in enumerate(hidden)}
    relations = dict.fromkeys(relation for table in tables for relation in table.relations)
    equations = (_equation(relation, counts, place) for relation in relations)
    truth = np.array([counts[one] for one in hidden], dtype=np.float64)
    found = {}
    for system in systems(equations, np.zeros(len(hidden)), np.full(len(hidden), np.inf)):
        least, most = truth[system.places], truth[system.places]
        for column, number in enumerate(system.places):
            one, is_proven = hidden[number], True
            for greatest in (False, True) if one in small else ():
                if most[column] >= threshold - 1 if greatest else least[column] <= 1:
                    continue
                try:
                    solved = system.extreme(column, greatest=greatest, clip=threshold - 1)
                except TimeoutError:
                    solved, is_proven = None, False
                if solved is not None:
                    # Whatever else moved on the way is as possible as the count looked for.
                    least = np.minimum(least, solved[1])
                    most = np.maximum(most, solved[1])
            low, high = least[column], min(most[column], threshold - 1)
            if one in small and (low > 1 or high < threshold - 1):
                found[one] = (int(low), int(high), is_proven)
    return found


def _equation(relation: Relation, counts: dict[Cell, int], place: dict[Cell, int]) -> Equation:
    signed = [(relation.total, -1.0), *((part, 1.0) for part in relation.parts)]
    known = sum(sign * counts[one] for one, sign in signed if one not in place)
    return Equation(tuple((place[one], sign) for one, sign in signed if one in place), -known)


class _Cover:
    """What is hidden so far, and which counts it leaves possible."""

    def __init__(self, tables: Sequence[CountTable], threshold: int) -> None:
        self.tables, self.threshold = tables, threshold
        self.counts = all_counts(tables)
        self.small = small_cells(tables, threshold)
        self.unprinted = frozenset[Cell]().union(*(table.unprinted for table in tables))
        self.hidden = set(self.small | self.unprinted)
        self.least, self.most = dict(self.counts), dict(self.counts)
        self.tables_of = defaultdict[Cell, set[int]](set)
        for number, table in enumerate(tables):
            for one in table.counts:
                self.tables_of[one].add(number)

    def suppression(self) -> Suppression:
        return Suppression(self.small, frozenset(self.hidden) - self.small - self.unprinted)

    def cover(self, one: Cell) -> None:
        """Hide what is needed for this cell to reach both ends of the range."""
        for end in (1, self.threshold - 1):
            if self.least[one] <= end <= self.most[one]:
                continue
            for scope in self._scopes(one):
                if self._shift(one, end, scope):
                    break

    def hide_around(self, cells: Iterable[Cell]) -> None:
        """Hide all that these cells add up with: the way out where shifts were not enough."""
        for one in list(cells):
            around = {
                other
                for relation in self._relations(self.tables_of[one])
                if self.hidden & {relation.total, *relation.parts}
                for other in (relation.total, *relation.parts)
            }
            if around <= self.hidden:
                around = set(self.counts)
            self.hidden |= around

    def _scopes(self, one: Cell) -> Iterable[set[int]]:
        """Tables in which to look for a shift: the cell's own, their neighbours, all."""
        own = self.tables_of[one]
        yield own
        linked = {far for near in own for other in self.tables[near].counts
                  for far in self.tables_of[other]}  # fmt: skip
        if linked != own:
            yield linked
        if len(linked) < len(self.tables):
            yield set(range(len(self.tables)))

    def _relations(self, scope: Iterable[int]) -> list[Relation]:
        found = (relation for number in scope for relation in self.tables[number].relations)
        return list(dict.fromkeys(found))

    def _shift(self, one: Cell, end: int, scope: set[int]) -> bool:
        """Move this cell to `end` and others with it, as few shown ones as can be."""
        free = sorted(
            {cell for number in scope for cell in self.tables[number].counts
             if self.tables_of[cell] <= scope}
        )  # fmt: skip
        place = {cell: number for number, cell in enumerate(free)}
        equations = [_equation(relation, self.counts, place) for relation in
                     self._relations(sorted(scope))]  # fmt: skip
        terms = [(row, *term) for row, one_ in enumerate(equations) for term in one_.terms]
        matrix = csr_array(
            ([sign for *_, sign in terms], ([t[0] for t in terms], [t[1] for t in terms])),
            shape=(len(equations), len(free)),
        )
        step = self._step(matrix, free, place[one], end - self.counts[one])
        if step is None:
            return False
        for cell, move in zip(free, step, strict=True):
            if move:
                self.hidden.add(cell)
                value = self.counts[cell] + int(move)
                self.least[cell] = min(self.least[cell], value)
                self.most[cell] = max(self.most[cell], value)
        return True

    def _step(
        self, matrix: csr_array, free: list[Cell], target: int, distance: int
    ) -> Numbers | None:
        """The cheapest shift of whole counts; one column up and one down for each cell."""
        counts = np.array([self.counts[cell] for cell in free], dtype=np.float64)
        is_hidden = np.array([cell in self.hidden for cell in free])
        price = np.where(is_hidden, 0.001, 1.0 + np.log1p(counts) + 3.0 * (counts == 0))
        lows = np.zeros(2 * len(free))
        highs = np.concatenate([np.full(len(free), float(counts.sum() + self.threshold)), counts])
        up, down = max(distance, 0), max(-distance, 0)
        for column, value in ((target, up), (len(free) + target, down)):
            lows[column] = highs[column] = value
        both = csr_array(hstack([matrix, -matrix]))
        try:
            found = whole_solution(
                np.concatenate([price, price]), both, np.zeros(matrix.shape[0]), lows, highs
            )
        except TimeoutError:
            return None
        return None if found is None else found[: len(free)] - found[len(free) :]
