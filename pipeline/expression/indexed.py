"""`indexed-repeat()` over whole frames: the answer in the instance with a number."""

from collections.abc import Mapping

import numpy as np

from pipeline.expression.columns import Column, Floats, Ints, Texts
from pipeline.expression.nodesets import find
from pipeline.expression.table import Table
from pipeline.expression.walker import Walker


def at_instances(walker: Walker, name: str, numbers: Mapping[str, Floats]) -> Column:
    """The answer in the instances with these numbers; blank where there is none.

    Repeats that are not named keep the instance one stands in.

    Args:
        walker: where one stands.
        name: the question wanted.
        numbers: for each repeat named, the number of the instance from 1 (one, or one a row).

    Rows for which a repeat in between is neither named nor stood in have more than one value.
    """
    here = walker.table
    base = next((table.parent for table in chain(here) if table.name in numbers), None) or here
    nodes = find(base, name)
    if nodes is None:
        return Texts.one("")
    rows = rows_at(here, base)
    if nodes.rows is not None:
        return nodes.column().take(nodes.rows[rows])
    path = [table for table in chain(nodes.table) if table not in chain(base)]
    rows = rows if nodes.up is None else nodes.up[rows]
    own = {
        table.name: table.number()[rows_at(here, table)].astype(np.float64)
        for table in chain(here)[1:]
    }
    for table in path:
        wanted = numbers.get(table.name, own.get(table.name))
        if wanted is None:
            walker.tear(name, np.isin(rows, table.rows_up()))
            wanted = np.ones(1)
        rows = child_rows(table, rows, wanted)
    return nodes.column().take(rows)


def chain(table: Table) -> list[Table]:
    """The tables from the top down to this one."""
    found = [table]
    while found[0].parent is not None:
        found.insert(0, found[0].parent)
    return found


def rows_at(table: Table, above: Table) -> Ints:
    """For each row of a table, its row of a table above it."""
    rows = np.arange(len(table))
    while table is not above:
        assert table.parent is not None  # noqa: S101 - `above` is in its chain
        rows, table = table.rows_up()[rows], table.parent
    return rows


def child_rows(table: Table, parents: Ints, wanted: Floats) -> Ints:
    """The repeat's row under each parent row with the number wanted; -1 where there is none."""
    owner = table.rows_up()
    order = np.append(np.argsort(owner, kind="stable"), -1)
    start = np.searchsorted(owner[order[:-1]], parents, side="left")
    end = np.searchsorted(owner[order[:-1]], parents, side="right")
    there = (parents >= 0) & (start + wanted <= end)
    return order[np.where(there, start + wanted - 1, len(order) - 1).astype(np.int64)]
