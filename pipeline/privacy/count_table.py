"""What disclosure control needs to know of tables of counts: their cells, and how these add up.

A cell is named for whom it counts, not for where it is printed: `(("age", "old"), ("sex", "f"))`.
So a margin that two tables share is one cell, and tables are linked without anybody saying so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Cell = tuple[tuple[str, str], ...]
"""Whom a cell counts: pairs of variable and category, sorted; `()` is everybody."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A total and the parts that add up to it.

    Attributes:
        total: a cell.
        parts: cells.
        weights: how often each part counts; once unless said. So a mean is a relation too: the
            points times the numbers of those who gave them add up to mean times base.
    """

    total: Cell
    parts: tuple[Cell, ...]
    weights: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if self.weights is not None and len(self.weights) != len(self.parts):
            raise ValueError("a relation has not one weight a part")

    @property
    def terms(self) -> tuple[tuple[Cell, int], ...]:
        """Each cell with the factor with which all of them add up to nothing."""
        weights = self.weights or (1,) * len(self.parts)
        return (self.total, -1), *zip(self.parts, weights, strict=True)


@dataclass(frozen=True)
class CountTable:
    """A table of unweighted counts.

    Attributes:
        name: for reports.
        counts: cell -> number of respondents.
        relations: which of its cells add up to which.
        unprinted: cells that no table prints but that a reader can work out, as the difference
            of two that are printed; they are hidden from the start.
        implied: those unprinted ones of which only the exact number must stay unknown: how many
            gave each point of a scale of which nothing but the mean is printed.
        figures: cells that count nobody the rule protects, whatever their size: points times
            numbers, answers that are missing. They are printed, or hidden so that counts stay so.

    Raises:
        ValueError: a count is negative, a relation names a cell that is not there, or its parts
            do not add up.
    """

    name: str
    counts: Mapping[Cell, int]
    relations: tuple[Relation, ...] = ()
    unprinted: frozenset[Cell] = frozenset()
    implied: frozenset[Cell] = frozenset()
    figures: frozenset[Cell] = frozenset()

    def __post_init__(self) -> None:
        if any(count < 0 for count in self.counts.values()):
            raise ValueError(f"table {self.name}: a count is negative")
        for relation in self.relations:
            named = {relation.total, *relation.parts}
            if not named <= self.counts.keys():
                raise ValueError(f"table {self.name}: a relation names a cell that is not there")
            if sum(factor * self.counts[one] for one, factor in relation.terms):
                raise ValueError(f"table {self.name}: the parts do not add up to their total")
        if not self.unprinted | self.figures <= self.counts.keys():
            raise ValueError(f"table {self.name}: an unprinted cell or figure is not there")
        if not self.implied <= self.unprinted:
            raise ValueError(f"table {self.name}: an implied cell is printed")


def cell(*pairs: tuple[str, str]) -> Cell:
    """The name of the cell that counts those for whom all these pairs hold."""
    return tuple(sorted(set(pairs)))


def cross_table(
    name: str,
    counts: npt.ArrayLike,
    rows: tuple[str, Sequence[str]],
    columns: tuple[str, Sequence[str]],
    among: Cell = (),
) -> CountTable:
    """A table of two variables with its margins and its total.

    Args:
        name: of the table.
        counts: shape (categories of rows, categories of columns), without margins.
        rows: the variable and its categories.
        columns: likewise.
        among: whom the table is about; everybody unless said.
    """
    inner = np.asarray(counts, dtype=np.int64)
    if inner.shape != (len(rows[1]), len(columns[1])):
        raise ValueError(f"table {name}: counts have not one row and column a category")
    down = [cell(*among, (rows[0], one)) for one in rows[1]]
    across = [cell(*among, (columns[0], one)) for one in columns[1]]
    body = [[cell(*one, *other) for other in across] for one in down]
    found = {body[r][c]: int(inner[r, c]) for r in range(len(down)) for c in range(len(across))}
    found |= dict(zip(down, inner.sum(axis=1).tolist(), strict=True))
    found |= dict(zip(across, inner.sum(axis=0).tolist(), strict=True))
    found[among] = int(inner.sum())
    relations = (
        *(Relation(one, tuple(body[r])) for r, one in enumerate(down)),
        *(Relation(one, tuple(line[c] for line in body)) for c, one in enumerate(across)),
        Relation(among, tuple(down)),
        Relation(among, tuple(across)),
    )
    return CountTable(name, found, relations)


def difference(name: str, whole: tuple[Cell, int], part: tuple[Cell, int]) -> CountTable:
    """What a reader gets by taking a cell of one table from a cell of another that includes it.

    Args:
        name: of the difference; also names the cell that nobody prints.
        whole: a cell and its count.
        part: a cell and its count, all of whom are counted in `whole`.
    """
    rest = cell(("difference", name))
    counts = {whole[0]: whole[1], part[0]: part[1], rest: whole[1] - part[1]}
    return CountTable(name, counts, (Relation(whole[0], (part[0], rest)),), frozenset({rest}))


def all_counts(tables: Iterable[CountTable]) -> dict[Cell, int]:
    """Every cell once.

    Raises:
        ValueError: two tables give one cell different counts.
    """
    found: dict[Cell, int] = {}
    for table in tables:
        for one, count in table.counts.items():
            if found.setdefault(one, count) != count:
                raise ValueError(f"table {table.name}: a shared cell has another count elsewhere")
    return found
