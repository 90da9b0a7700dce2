"""All cells that leave together, as one system of equations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from pipeline.privacy.count_table import Cell, CountTable, Relation, all_counts

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Linked:
    """Cells and how they add up.

    Attributes:
        cells: all, sorted.
        counts: their numbers; NaN where a reader does not know them.
        factors: one row a relation, one column a cell; `factors @ counts` is 0.
        under_rule: which cells count respondents.
        implied: which need only not be known exactly.
        tables_of: cell -> names of the tables that hold it.
    """

    cells: tuple[Cell, ...]
    counts: Numbers
    factors: csr_array
    under_rule: Mask
    implied: Mask
    tables_of: Mapping[Cell, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def place(self) -> dict[Cell, int]:
        """Cell -> its column."""
        return {one: number for number, one in enumerate(self.cells)}

    def mask(self, cells: Iterable[Cell]) -> Mask:
        """Which columns are these cells; others are passed over."""
        found = np.zeros(len(self.cells), dtype=bool)
        found[[self.place[one] for one in cells if one in self.place]] = True
        return found

    def is_small(self, threshold: int) -> Mask:
        """Which cells count from 1 to threshold - 1 respondents; unknown ones do not."""
        return self.under_rule & (self.counts >= 1) & (self.counts < threshold)


def link(tables: Sequence[CountTable]) -> Linked:
    """The cells of all tables.

    Raises:
        ValueError: two tables give one cell different counts.
    """
    counts = all_counts(tables)
    figures = frozenset[Cell]().union(*(table.figures for table in tables))
    names = defaultdict[Cell, list[str]](list)
    for table in tables:
        for one in table.counts:
            names[one].append(table.name)
    printed = {one for table in tables for one in table.counts.keys() - table.unprinted}
    implied = frozenset[Cell]().union(*(table.implied for table in tables)) - printed
    relations = [relation for table in tables for relation in table.relations]
    held = {one: tuple(found) for one, found in names.items()}
    return link_cells(counts, relations, figures=figures, implied=implied, tables_of=held)


def link_cells(
    counts: Mapping[Cell, float | None],
    relations: Iterable[Relation],
    *,
    figures: frozenset[Cell] = frozenset(),
    implied: frozenset[Cell] = frozenset(),
    tables_of: Mapping[Cell, tuple[str, ...]],
) -> Linked:
    """The same from cells, of which None is not known, and relations."""
    cells = tuple(sorted(counts))
    place = {one: number for number, one in enumerate(cells)}
    lines = dict.fromkeys(
        tuple((place[one], factor) for one, factor in relation.terms if factor)
        for relation in relations
    )
    rows = [row for row, line in enumerate(lines) for _ in line]
    columns = [column for line in lines for column, _ in line]
    factors = [float(factor) for line in lines for _, factor in line]
    matrix = csr_array((factors, (rows, columns)), shape=(len(lines), len(cells)))
    matrix.sum_duplicates()
    matrix.eliminate_zeros()  # a total that is one of its parts, under another name
    return Linked(
        cells,
        np.array([np.nan if counts[one] is None else counts[one] for one in cells], dtype=float),
        matrix,
        np.array([one not in figures for one in cells], dtype=bool),
        np.array([one in implied for one in cells], dtype=bool),
        tables_of,
    )
