"""Somebody who wants to know: tables drawn at random, and a linear program of the attacker's own.

The attacker knows how many people are in each cell that is shown, and that every cell counts people
of one population cut by the same variables. It shares no code with the product: its unknowns are
the numbers of people of each kind, a cell of a table is a sum of these.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array, eye_array, kron

from pipeline.privacy.count_table import Cell, CountTable, Relation, cell

CLOSE = 1e-6


@dataclass(frozen=True)
class Published:
    """Tables of one population.

    Attributes:
        people: number of people of each kind, an axis a variable.
        cells: cell -> which kinds of people it counts, an array like `people`.
        tables: the same for the product.
    """

    people: np.ndarray
    cells: dict[Cell, np.ndarray]
    tables: list[CountTable]

    def count(self, one: Cell) -> int:
        return int(self.people[self.cells[one]].sum())

    def small(self, threshold: int) -> list[Cell]:
        return sorted(one for one in self.cells if 1 <= self.count(one) < threshold)


def attacked(published: Published, hidden: frozenset[Cell], threshold: int) -> set[Cell]:
    """Small counts that are shown, or for which 1 or threshold - 1 can be excluded."""
    small = published.small(threshold)
    shown = {one for one in small if one not in hidden}
    ends = intervals(published, hidden, [one for one in small if one not in shown], threshold - 1)
    return shown | {
        one for one, (low, high) in ends.items() if low > 1 + CLOSE or high < threshold - 1 - CLOSE
    }


def intervals(
    published: Published, hidden: frozenset[Cell], wanted: list[Cell], cap: int
) -> dict[Cell, tuple[float, float]]:
    """The least each wanted cell can be, and the greatest up to `cap`.

    Each bound has a block of unknowns of its own; the blocks have nothing to do with each other,
    so that one call solves them all.
    """
    if not wanted:
        return {}
    known = [one for one in published.cells if one not in hidden]
    sums = np.array([published.cells[one].ravel() for one in known], dtype=float)
    sums = sums.reshape(len(known), published.people.size)
    aims = np.array([published.cells[one].ravel() for one in wanted], dtype=float)
    blocks, size = 2 * len(wanted), published.people.size
    aim = np.concatenate([np.concatenate([one, -one]) for one in aims])
    # Of the two blocks of a cell the second looks for the greatest value, which is capped.
    upper = block_diag([np.concatenate([np.zeros(size), one])[None] for one in aims])
    solved = linprog(
        aim,
        A_eq=kron(eye_array(blocks), csr_array(sums), format="csr") if known else None,
        b_eq=np.tile([float(published.count(one)) for one in known], blocks) if known else None,
        A_ub=csr_array(upper),
        b_ub=np.full(len(wanted), float(cap)),
        bounds=(0, None),
    )
    assert solved.status == 0, solved.message
    found = (solved.x.reshape(blocks, size) * np.repeat(aims, 2, axis=0)).sum(axis=1)
    return {one: (found[2 * n], found[2 * n + 1]) for n, one in enumerate(wanted)}


def drawn(seed: int, threshold: int) -> Published:
    """Tables of one of four shapes, with a small count planted in each."""
    random = np.random.default_rng(seed)
    shape = (one_table, linked_tables, nested_table, three_way_table)[seed % 4]
    while True:
        published = shape(random, threshold)
        if published.small(threshold):
            return published


def _people(random, sizes, threshold):
    """Mostly kinds of middling number; some rare ones, and one that is certainly small."""
    people = random.integers(threshold // 2, 4 * threshold, sizes)
    people[random.random(sizes) < 0.2] = 0
    rare = random.random(sizes) < 0.1
    people[rare] = random.integers(1, threshold, rare.sum())
    people.flat[random.integers(people.size)] = random.integers(1, threshold)
    return people


def one_table(random, threshold):
    people = _people(random, random.integers(2, 5, 2), threshold)
    return _published(people, [(0, 1)])


def linked_tables(random, threshold):
    """Two or three tables that share a variable, each with the next."""
    people = _people(random, random.integers(2, 4, random.integers(3, 5)), threshold)
    return _published(people, [(axis, axis + 1) for axis in range(people.ndim - 1)])


def three_way_table(random, threshold):
    """A table of three variables with all its margins, of two and of one variable."""
    people = _people(random, random.integers(2, 4, 3), threshold)
    return _published(people, [(0, 1, 2)])


def nested_table(random, threshold):
    """A table of districts in counties by another variable, with the counties' own lines."""
    people = _people(random, (random.integers(4, 7), random.integers(2, 4)), threshold)
    cut = int(random.integers(2, people.shape[0] - 1))
    published = _published(people, [(0, 1)])
    cells, relations, counts = dict(published.cells), [], dict(published.tables[0].counts)
    for county, districts in enumerate((range(cut), range(cut, people.shape[0]))):
        for other in (None, *range(people.shape[1])):
            more = () if other is None else (("v1", f"c{other}"),)
            total = cell(("county", f"n{county}"), *more)
            parts = tuple(cell(("v0", f"c{one}"), *more) for one in districts)
            cells[total] = sum(cells[part] for part in parts).astype(bool)
            counts[total] = int(people[cells[total]].sum())
            relations.append(Relation(total, parts))
        whole = cell(("county", f"n{county}"))
        crossed = range(people.shape[1])
        across = tuple(cell(("county", f"n{county}"), ("v1", f"c{one}")) for one in crossed)
        relations.append(Relation(whole, across))
    nested = CountTable("nested", counts, (*published.tables[0].relations, *relations))
    return Published(people, cells, [nested])


def _published(people, tables):
    """Tables of these axes, each with every margin."""
    cells, made = {}, []
    for axes in tables:
        counts, relations = {}, []
        for kind in np.ndindex(*(people.shape[axis] + 1 for axis in axes)):
            # The last place of an axis stands for all of its categories together.
            fixed = {a: k for a, k in zip(axes, kind, strict=True) if k < people.shape[a]}
            one = _name(fixed)
            mask = np.zeros(people.shape, dtype=bool)
            mask[tuple(fixed.get(axis, slice(None)) for axis in range(people.ndim))] = True
            cells[one], counts[one] = mask, int(people[mask].sum())
            relations += [
                Relation(one, tuple(_name({**fixed, a: k}) for k in range(people.shape[a])))
                for a in axes
                if a not in fixed
            ]
        made.append(CountTable(f"t{axes}", counts, tuple(relations)))
    return Published(people, cells, made)


def _name(fixed):
    return cell(*((f"v{axis}", f"c{kind}") for axis, kind in fixed.items()))
