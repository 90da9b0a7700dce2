"""Answers of many instances at once: what `sum`, `count` or `join` take together for each row."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.expression.columns import Bools, Column, Floats, Ints, Texts
from pipeline.expression.table import Table
from pipeline.expression.values import Value


@dataclass(frozen=True, eq=False)
class Nodes:
    """The nodes that a name means for each row of the frame one stands in.

    Attributes:
        table: where the nodes are rows.
        name: the question, or the repeat itself.
        owner: for each of the table's rows, the row of the common ancestor that it lies under.
        owners: how many rows that ancestor has.
        up: for each row one stands in, its row of that ancestor; None if they are the same.
        kept: the table's rows that passed the conditions.
        rows: one node for each row one stands in, on the way up: the row of `table`; else None.
        is_here: the table is the one that one stands in.
    """

    table: Table
    name: str
    owner: Ints
    owners: int
    up: Ints | None
    kept: Bools | None = None
    rows: Ints | None = None
    is_here: bool = False

    @property
    def is_instances(self) -> bool:
        """Whether the nodes are repeat instances, not questions."""
        return self.name == self.table.name and self.name not in self.table.frame.columns

    def column(self) -> Column:
        """The value of each of the table's rows; an instance itself is blank."""
        if self.is_instances:
            return Texts.one("").take(np.zeros(len(self.table), np.int64))
        return self.table.column(self.name)

    def where(self, kept: Bools) -> "Nodes":
        """Only these of the table's rows."""
        return replace(self, kept=kept if self.kept is None else self.kept & kept)

    def seen_from(self, rows: Ints) -> "Nodes":
        """The same nodes, for rows that lie below those which they were found for."""
        if self.rows is not None:
            return replace(self, rows=self.rows[rows], is_here=False)
        return replace(self, up=rows if self.up is None else self.up[rows], is_here=False)

    def _spread(self, found: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return found if self.up is None else found[self.up]

    def _at(self) -> Ints:
        return np.arange(len(self.table)) if self.kept is None else np.flatnonzero(self.kept)

    def count(self) -> Floats:
        """How many nodes there are."""
        if self.rows is not None:
            present = np.ones(len(self.rows)) if self.kept is None else self.kept[self.rows]
            return np.asarray(present, dtype=np.float64)
        counted = np.bincount(self.owner[self._at()], minlength=self.owners)
        return np.asarray(self._spread(counted), dtype=np.float64)

    def first(self) -> Ints:
        """The table's row of the first node, -1 where there is none."""
        if self.rows is not None:
            return self.rows if self.kept is None else np.where(self.kept[self.rows], self.rows, -1)
        first = np.full(self.owners, -1, dtype=np.int64)
        rows = self._at()[::-1]
        first[self.owner[rows]] = rows
        return np.asarray(self._spread(first))

    def unpack(self) -> tuple[Column, Bools | None]:
        """The one value, blank where there is none, and the rows that have more than one."""
        if self.is_here and self.kept is None:
            return self.column(), None
        column = self.column().take(self.first())
        if self.rows is not None:
            return column, None
        torn = self.count() > 1
        return column, torn if torn.any() else None

    def gather(self, numbers: Floats, work: Callable[[Floats, Ints, Floats], None]) -> Floats:
        """Take the numbers of each row's nodes together, passing over NaN; NaN where all are."""
        rows = self._at()
        rows = rows[~np.isnan(numbers[rows])]
        together = np.full(self.owners, np.nan)
        work(together, self.owner[rows], numbers[rows])
        return np.asarray(self._spread(together))

    def total(self) -> Floats:
        """The sum of the nodes' numbers; 0 where there are none."""
        numbers = self.column().numbers()
        numbers = np.where(np.isnan(numbers), 0.0, numbers)
        if self.rows is not None:
            return np.where(self.count() > 0, numbers[self.rows], 0.0)
        rows = self._at()
        summed = np.bincount(self.owner[rows], weights=numbers[rows], minlength=self.owners)
        return np.asarray(self._spread(summed), dtype=np.float64)

    def answered(self) -> Floats:
        """How many of the nodes hold an answer."""
        if self.is_instances:
            return self.count()
        return self.where(self.column().texts().truths()).count()

    def groups(self) -> list[list[Value]]:
        """The plain values of each row's nodes."""
        codes, pool = self.column().factor()
        plain = [pool[code] for code in codes.tolist()]
        if self.rows is not None:
            kept = self.kept
            return [[plain[r]] if kept is None or kept[r] else [] for r in self.rows.tolist()]
        found: list[list[Value]] = [[] for _ in range(self.owners)]
        for row in self._at().tolist():
            found[self.owner[row]].append(plain[row])
        return found if self.up is None else [found[row] for row in self.up.tolist()]


def smallest(together: Floats, owner: Ints, numbers: Floats) -> None:
    """Work for `gather`: the smallest."""
    np.fmin.at(together, owner, numbers)


def largest(together: Floats, owner: Ints, numbers: Floats) -> None:
    """Work for `gather`: the largest."""
    np.fmax.at(together, owner, numbers)


@lru_cache(maxsize=2)
def _all_rows(length: int) -> Ints:
    """The number of every row of a frame: one array for all references to its questions."""
    rows = np.arange(length)
    rows.flags.writeable = False
    return rows


def find(table: Table, name: str) -> Nodes | None:
    """The nodes that `${name}` means from a table's rows; None if no frame has the name.

    The nearest frame on the way up that has the question gives one node a row. Otherwise it lies
    in a repeat: all its instances under the nearest ancestor that holds it. A repeat's name means,
    inside it, the instance one stands in.
    """
    up: Ints | None = None
    here: Table | None = table
    while here is not None:
        if name in here.frame.columns or (name == here.name and here.parent is not None):
            rows = _all_rows(len(table)) if up is None else up
            nothing = np.empty(0, np.int64)
            return Nodes(here, name, nothing, 0, None, rows=rows, is_here=here is table)
        if name in here.children:
            child = here.children[name]
            return Nodes(child, name, child.rows_up(), len(here), up)
        here, up = _climb(here, up)
    here, up = table, None
    while here is not None:
        for child in here.children.values():
            if (found := _below(child, name, child.rows_up(), len(here), up)) is not None:
                return found
        here, up = _climb(here, up)
    return None


def _climb(here: Table, up: Ints | None) -> tuple[Table | None, Ints | None]:
    if here.parent is None:
        return None, None
    rows = here.rows_up()
    return here.parent, rows if up is None else rows[up]


def _below(table: Table, name: str, owner: Ints, owners: int, up: Ints | None) -> Nodes | None:
    if name in table.frame.columns:
        return Nodes(table, name, owner, owners, up)
    for child_name, child in table.children.items():
        below = owner[child.rows_up()]
        if child_name == name:
            return Nodes(child, name, below, owners, up)
        if (found := _below(child, name, below, owners, up)) is not None:
            return found
    return None
