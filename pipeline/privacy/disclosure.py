"""Which counts are hidden before tables leave, and whether what is hidden stays hidden.

Rule: a count from 1 to threshold - 1 is hidden (threshold rule on unweighted counts), and nobody
who reads all the tables may exclude any end of that range: the least whole value it can have is at
most 1, the greatest at least threshold - 1. A reader cannot tell which hidden counts are small, and
neither need the audit know: every hidden count must keep to this, or be certainly not small. So the
tables together say no more of a small count than that it is hidden, and whoever holds them can
repeat the audit. Zeros and counts from the threshold on need no protection of their own.

Source: Hundepool et al. (2012), Statistical Disclosure Control, ch. 4 (threshold rule, secondary
suppression, protection intervals).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.privacy.attack import Witness, narrowed
from pipeline.privacy.count_table import Cell, CountTable
from pipeline.privacy.cover import Cover
from pipeline.privacy.linked import Linked, Mask, link

_ROUNDS = 200


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
    """A small count that is shown, or a hidden one that is told more closely than the rule allows.

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


def small_cells(tables: Sequence[CountTable], threshold: int) -> frozenset[Cell]:
    """Cells that count from 1 to threshold - 1 respondents."""
    linked = link(tables)
    return _cells(linked, np.flatnonzero(linked.is_small(threshold)))


def protect(
    tables: Sequence[CountTable],
    threshold: int,
    *,
    hidden: Iterable[Cell] = (),
    fixed: Iterable[Cell] = (),
    witness: Witness | None = None,
) -> Suppression:
    """Choose what to hide so that `audit` finds nothing.

    Args:
        tables: all that leave together, and the differences between them.
        threshold: the least count that is shown; 1 hides nothing.
        hidden: cells that are hidden in any case: what a stricter reader hides a laxer one hides
            too, so that nothing is told by the difference.
        fixed: cells that everybody knows, which it is no use to hide.
        witness: of an earlier call for the same tables in which less was hidden; is added to.

    Raises:
        ValueError: two tables give one cell different counts; a threshold below 1; hiding every
            cell does not help.
    """
    if threshold < 1:
        raise ValueError("a threshold is at least 1")
    linked = link(tables)
    small, unprinted = linked.is_small(threshold), _unprinted(linked, tables)
    known = linked.mask(fixed)
    start = (small | unprinted | linked.mask(hidden)) & ~known
    work = Cover(linked, start, known, threshold, witness or Witness.of(linked.counts))
    for _ in range(_ROUNDS):
        told = narrowed(linked, work.hidden, threshold, work.witness)
        if not told:
            break
        if (stuck := work.gave_up(told)) and not work.hide_around(stuck):
            raise ValueError("the counts cannot be protected even with every cell hidden")
        work.widen(told)
    else:
        raise ValueError("the counts were not protected in the rounds allowed")
    further = work.hidden & ~small & ~unprinted
    return Suppression(
        _cells(linked, np.flatnonzero(small)), _cells(linked, np.flatnonzero(further))
    )


def audit(tables: Sequence[CountTable], suppression: Suppression, threshold: int) -> list[Exposed]:
    """Every small count that is shown, and every hidden one that is told too closely.

    Args:
        tables: all that leave together, with their true counts.
        suppression: what is hidden in them; cells that no table prints are hidden anyway.
        threshold: the least count that is shown.

    Returns:
        Sorted by cell. Nothing proves that the rule holds against one who knows only the tables.
    """
    linked = link(tables)
    hidden = linked.mask(suppression.hidden) | _unprinted(linked, tables)
    return exposed(linked, hidden, threshold, Witness.of(linked.counts))


def exposed(
    linked: Linked,
    hidden: Mask,
    threshold: int,
    witness: Witness,
) -> list[Exposed]:
    """The same for cells of which only those shown need be known."""
    shown = np.flatnonzero(linked.is_small(threshold) & ~hidden)
    found = [
        (int(one), float(linked.counts[one]), float(linked.counts[one]), True) for one in shown
    ]
    told = narrowed(linked, hidden, threshold, witness)
    found += [(one.place, one.low, one.high, one.is_proven) for one in told]
    return [
        Exposed(one, linked.tables_of.get(one, ()), _whole(low), _whole(high), is_proven)
        for place, low, high, is_proven in sorted(found)
        for one in (linked.cells[place],)
    ]


def _whole(value: float) -> int:
    return int(value) if np.isfinite(value) else -1


def _unprinted(linked: Linked, tables: Iterable[CountTable]) -> Mask:
    printed = {one for table in tables for one in table.counts.keys() - table.unprinted}
    return linked.mask({one for table in tables for one in table.unprinted} - printed)


def _cells(linked: Linked, places: Iterable[int]) -> frozenset[Cell]:
    return frozenset(linked.cells[place] for place in places)
