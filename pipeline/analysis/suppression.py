"""No small count leaves a table, nor anything from which one could be worked out.

Which counts are hidden is decided by `pipeline.privacy`: for all tables of a report together where
there is a plan, else for the table by itself. What follows for the table is settled here: a share
or mean is hidden with the count that it rests on and with its base; where the base is small, all
that rests on it is hidden, zeros included. All hidden cells look the same.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.analysis.plan import bases_of, canonical, hide, same_names
from pipeline.analysis.protection import Plan, Protection, Registered, tell
from pipeline.analysis.table import SMALL_BASE, Column, Kind, Mark, Table
from pipeline.analysis.table_cells import TableCells, cells_of
from pipeline.privacy.count_table import Cell, cell
from pipeline.privacy.published import Line, Numbers, Sidecar, name_of, named

__all__ = ["Protection", "protect", "withhold"]

_CLOSE = 1e-9


def protect(table: Table, protection: Protection | int) -> Table:
    """The table with its small counts, and whatever would give them away, taken out.

    Args:
        table: a table; one that is protected comes back as it is.
        protection: the rule; a number is the least unweighted count that is shown, by which the
            table is protected by itself; 1 shows everything.

    Returns:
        The same table with `marks`, `threshold` and `sidecar` set; hidden cells are NA, and columns
        that are not shown are gone.
    """
    if table.is_protected:
        return table
    rule = Protection(protection) if isinstance(protection, int) else protection
    cells = cells_of(table)
    registered = _registered(cells, rule.threshold)
    tell(rule, registered)
    hidden, same = _hidden(registered, rule)
    return _without(table, cells, hidden, same, rule.threshold)


def withhold(table: Table, column: str, where: "pd.Series[bool]") -> Table:
    """The protected table with these cells of a column taken out too.

    Args:
        table: protected.
        column: its name.
        where: which rows; same index as the frame.
    """
    if table.marks is None or table.small is None:
        raise ValueError(f"table {table.name} is not protected")
    marks = table.marks[column].mask(where & (table.marks[column] == ""), Mark.WITHHELD.value)
    return replace(
        table,
        frame=table.frame.assign(**{column: table.frame[column].mask(where)}),
        marks=table.marks.assign(**{column: marks}),
        small=table.small.assign(**{column: table.small[column] & ~where}),
    )


def _registered(cells: TableCells, threshold: int) -> Registered:
    counts = cells.table.counts
    is_small = {one for one, n in counts.items() if 1 <= n < threshold} - cells.table.figures
    resting = [
        (one, base)
        for column, names in cells.names.items()
        for one, base in zip(names, cells.bases[column], strict=True)
        if one is not None
    ]
    under = {one for one, base in resting if base in is_small}
    bases = defaultdict[str, set[str]](set)
    for one, base in resting:
        bases[name_of(one)].add("" if base is None else name_of(base))
    counted = cells.counted
    return Registered(
        cells.table,
        None if counted is None else name_of(counted.everybody),
        {} if counted is None else {name_of(one): rows for one, rows in counted.rows.items()},
        frozenset(map(name_of, under)),
        {name: frozenset(found) for name, found in bases.items()},
    )


def _hidden(registered: Registered, rule: Protection) -> tuple[frozenset[str], dict[str, str]]:
    """Names of hidden cells, and under which name each cell is known."""
    plan = rule.plan or Plan(frozenset(), frozenset(), {})
    names = {name_of(one): plan.name(name_of(one)) for one in registered.table.counts}
    if plan.known.issuperset(names.values()):
        return plan.hidden, names
    if rule.collect is not None:  # nothing is shown of it
        return frozenset(names), names
    same = same_names([registered])
    table = canonical(registered.table, same)
    everybody = same.get(registered.everybody or "", registered.everybody)
    fixed = [named(everybody)] if everybody else []
    found = hide(
        [table],
        rule.threshold,
        hidden={named(same.get(name, name)) for name in registered.under}
        | {named(one) for one in names if names[one] in plan.hidden},
        fixed={one for one in fixed if table.counts[one] >= rule.threshold},
        bases=bases_of([registered], same),
    )
    return frozenset(map(name_of, found.hidden)), {name: same.get(name, name) for name in names}


def _without(
    table: Table, cells: TableCells, hidden: frozenset[str], same: dict[str, str], threshold: int
) -> Table:
    def is_hidden(one: Cell | None) -> bool:
        return one is not None and same[name_of(one)] in hidden

    shown = tuple(column for column in table.columns if column.shown)
    masks = {}
    for column in shown:
        resting = (cells.names.get(column.name), cells.rests[column.name], cells.bases[column.name])
        lines = zip(*(line for line in resting if line is not None), strict=True)
        masks[column.name] = np.array([any(map(is_hidden, line)) for line in lines], dtype=bool)
    frame = pd.DataFrame({name: table.frame[name].mask(masks[name]) for name in masks})
    small = {
        column.name: _has_small_base(table, column) & frame[column.name].notna() for column in shown
    }
    words = np.array([Mark.SHOWN.value, Mark.WITHHELD.value])
    marks = pd.DataFrame({name: words[mask.astype(int)] for name, mask in masks.items()})
    told = _missing(table, threshold, is_hidden)
    base_hidden = is_hidden(cells.base)
    return replace(
        table,
        frame=frame.reset_index(drop=True),
        columns=tuple(_without_hidden(column, shown) for column in shown),
        marks=marks,
        small=pd.DataFrame(small).reset_index(drop=True),
        threshold=threshold,
        base=None if base_hidden else table.base,
        base_withheld=base_hidden,
        **told,
        sidecar=_with_joined(_sidecar(table, cells, hidden, same, threshold), told["joined"]),
    )


def _missing(
    table: Table, threshold: int, is_hidden: Callable[[Cell | None], bool]
) -> dict[str, Any]:
    """Missing answers by kind; kinds of which there are few are joined, and which is not told.

    How many gave no usable answer follows from base and population; why they did not, nobody can
    say who knows only that number.
    """
    missing = dict[str, int | None]()
    withheld, joined = is_hidden(table.other_missing), 0
    for kind, count in table.missing.items():
        if kind in table.missing_cells:
            missing[kind] = None if is_hidden(table.missing_cells[kind]) else count
        elif withheld or count is None or count < threshold:
            joined += count or 0
        else:
            missing[kind] = count
    return {
        "missing": missing,
        "joined": 0 if withheld else joined,
        "joined_withheld": withheld and bool(joined),
    }


def _with_joined(sidecar: Sidecar, joined: int) -> Sidecar:
    """The sidecar says the number as the page does: nobody it counts can be told by it."""
    if not joined:
        return sidecar
    few = f"(missing, fewer than {sidecar.threshold} each)"
    name = name_of(cell(("", f"table {sidecar.table}"), ("", few)))
    known = {**(sidecar.known or {}), name: joined}
    return replace(sidecar, known=known, figures=tuple(sorted({*sidecar.figures, name})))


def _sidecar(
    table: Table, cells: TableCells, hidden: frozenset[str], same: dict[str, str], threshold: int
) -> Sidecar:
    """Whom the table counts; the places of its columns are settled when it is saved."""

    def settled(one: Cell | None) -> str | None:
        return None if one is None else same[name_of(one)]

    def line(cells: tuple[Cell | None, ...]) -> tuple[str | None, ...]:
        return tuple(map(settled, cells))

    columns = [
        Numbers(column.name, kind, line(found), line(cells.bases[column.name]))
        for column in table.columns
        if column.shown
        for kind, found in [_kind(table, cells, column)]
        if kind
    ]
    relations = (Line.of(one) for one in cells.table.relations)
    lines = {
        Line(same[one.total], tuple(same[part] for part in one.parts), one.weights)
        for one in relations
    }
    told = [cells.base, *(() if cells.counted is None else (cells.counted.everybody,))]
    known = {
        same[name_of(one)]: cells.table.counts[one]
        for one in (*told, *cells.missing)
        if one is not None and same[name_of(one)] not in hidden
    }
    return Sidecar(
        table.name,
        threshold,
        tuple(columns),
        tuple(sorted((one for one in lines if (one.total,) != one.parts), key=repr)),
        known,
        tuple(sorted({same[name_of(one)] for one in cells.table.figures})),
        tuple(sorted({same[name_of(one)] for one in cells.table.implied})),
    )


def _kind(table: Table, cells: TableCells, column: Column) -> tuple[str, tuple[Cell | None, ...]]:
    """What a column tells of counts: nothing, where its numbers are weighted."""
    none = "", ()
    if column.kind is Kind.COUNT:
        return "count", cells.names[column.name]
    is_share = column.kind is Kind.SHARE
    found = cells.rests[column.name] if is_share else cells.names.get(column.name)
    if found is None:
        return none
    values = table.frame[column.name].to_numpy(dtype=float, na_value=np.nan)
    counts = cells.table.counts
    for value, one, base in zip(values, found, cells.bases[column.name], strict=True):
        if np.isnan(value) or one is None:
            continue
        if base is None or abs(value * counts[base] - counts[one]) > _CLOSE * (1 + counts[base]):
            return none
    return ("share" if is_share else "mean"), found


def _has_small_base(table: Table, column: Column) -> "pd.Series[bool]":
    """Which rows of a share or number rest on few answers."""
    none = pd.Series(data=False, index=table.frame.index)
    if column.kind not in {Kind.SHARE, Kind.NUMBER}:
        return none
    if column.base is not None:
        return table.frame[column.base].between(1, SMALL_BASE - 1).fillna(value=False).astype(bool)
    if column.rests_on is None or table.base is None:
        return none
    return none | (1 <= table.base < SMALL_BASE)


def _without_hidden(column: Column, shown: tuple[Column, ...]) -> Column:
    names = {one.name for one in shown}
    return replace(
        column,
        rests_on=column.rests_on if column.rests_on in names else None,
        base=column.base if column.base in names else None,
    )
