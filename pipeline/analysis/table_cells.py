"""Whom each number of a table counts, and how these add up, from what the table says of itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.analysis.counting import Counted
from pipeline.analysis.table import Column, Kind, Table
from pipeline.privacy.count_table import Cell, CountTable, Relation, cell
from pipeline.privacy.published import complement

Line = tuple[Cell | None, ...]


@dataclass(frozen=True)
class TableCells:
    """The cells of a table.

    Attributes:
        table: counts and relations.
        names: column of counts, or of means -> the cell (or the sum) of each row.
        rests: column -> the count that each row rests on.
        bases: column -> the base of each row.
        base: the table's own.
        missing: the numbers of missing answers that it states: of single kinds, and of all others.
        counted: what the table's maker said.
    """

    table: CountTable
    names: Mapping[str, Line]
    rests: Mapping[str, Line]
    bases: Mapping[str, Line]
    base: Cell | None
    missing: tuple[Cell, ...]
    counted: Counted | None


def cells_of(table: Table) -> TableCells:
    """The cells of a table that is not protected yet.

    Cells that its maker has not named are known by their place in this table alone.
    """
    counts = [column for column in table.columns if column.kind is Kind.COUNT]
    matrix = np.column_stack(
        [_numbers(table, column.name) for column in counts] or [np.empty((len(table.frame), 0))]
    )
    names = {column.name: _line(table, column, matrix[:, n]) for n, column in enumerate(counts)}
    found = {
        one: int(count)
        for n, column in enumerate(counts)
        for one, count in zip(names[column.name], matrix[:, n], strict=True)
        if one is not None
    }
    base = _base(table, names, found)
    if base is not None and table.base is not None:
        found.setdefault(base, table.base)
    bases = {column.name: _bases(table, column, names, base) for column in table.columns}
    relations = [*_down(table, counts, names, found, base), *_across(table, counts, names, found)]
    if not table.adds_down:
        for relation in _complements(counts, names, bases, found):
            relations.append(relation)
            rest, known = relation.parts[1], relation.parts[0]
            found[rest] = found[relation.total] - found[known]
    means = {name: line for name, line in table.cells.items() if name not in names}
    counted = table.counted
    printed = {one for line in names.values() for one in line if one} | ({base} if base else set())
    if counted is not None:
        found |= {one: count for one, count in counted.counts.items() if one not in found}
        relations += counted.relations
        printed |= {counted.everybody, *_missing(table), *counted.figures}
    made = CountTable(
        table.name,
        found,
        tuple(dict.fromkeys(relations)),
        frozenset(found) - printed,
        frozenset() if counted is None else counted.implied - printed,
        frozenset() if counted is None else counted.figures,
    )
    rests = {column.name: _rests(table, column, names) for column in table.columns}
    return TableCells(made, {**names, **means}, rests, bases, base, _missing(table), counted)


def _missing(table: Table) -> tuple[Cell, ...]:
    others = () if table.other_missing is None else (table.other_missing,)
    return (*table.missing_cells.values(), *others)


def _numbers(table: Table, name: str) -> npt.NDArray[np.float64]:
    values = table.frame[name].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    return np.asarray(values, dtype=np.float64)


def _line(table: Table, column: Column, counts: npt.NDArray[np.float64]) -> Line:
    given = table.cells.get(column.name)
    local = [
        cell(("", f"table {table.name}"), ("row", str(row)), ("column", column.name))
        for row in range(len(counts))
    ]
    names = local if given is None else [one or local[row] for row, one in enumerate(given)]
    return tuple(None if np.isnan(n) else one for one, n in zip(names, counts, strict=True))


def _base(table: Table, names: Mapping[str, Line], found: Mapping[Cell, int]) -> Cell | None:
    """The base's cell: as the table's maker says, else a total as large as it, or its own."""
    if table.base is None:
        return None
    if table.base_cell is not None:
        return table.base_cell
    lasts = [line[-1] for line in names.values() if line] if table.total_row else []
    for one in lasts:
        if one is not None and found[one] == table.base:
            return one
    return cell(("", f"table {table.name}"), ("", "base"))


def _bases(table: Table, column: Column, names: Mapping[str, Line], base: Cell | None) -> Line:
    """The denominator of each row's share or mean; for a count, the whole that it is part of."""
    rows = len(table.frame)
    if column.kind is Kind.TEXT or (column.rests_on is None and column.kind is not Kind.COUNT):
        return (None,) * rows
    if column.base is not None and column.base in names:
        return names[column.base]
    own = column.name if column.kind is Kind.COUNT else column.rests_on or ""
    if table.total_row and own in names and rows:
        return (names[own][-1],) * rows
    return (base,) * rows


def _rests(table: Table, column: Column, names: Mapping[str, Line]) -> Line:
    own = column.name if column.kind is Kind.COUNT else column.rests_on or ""
    return names[own] if own in names else (None,) * len(table.frame)


def _down(
    table: Table,
    counts: list[Column],
    names: Mapping[str, Line],
    found: Mapping[Cell, int],
    base: Cell | None,
) -> Iterator[Relation]:
    """Each column adds up to its last row, or to the base."""
    if not table.adds_down:
        return
    for column in counts:
        line = names[column.name]
        total = line[-1] if table.total_row and line else base
        parts = tuple(one for one in (line[:-1] if table.total_row else line) if one is not None)
        yield from _relation(total, parts, found)


def _across(
    table: Table, counts: list[Column], names: Mapping[str, Line], found: Mapping[Cell, int]
) -> Iterator[Relation]:
    """Each row adds up to the column that is marked as the total."""
    totals = [column.name for column in counts if column.total]
    if not table.adds_across or not totals:
        return
    parts = [names[column.name] for column in counts if not column.total]
    for row, total in enumerate(names[totals[0]]):
        cells = tuple(one for line in parts if (one := line[row]) is not None)
        yield from _relation(total, cells, found)


def _relation(
    total: Cell | None, parts: tuple[Cell, ...], found: Mapping[Cell, int]
) -> Iterator[Relation]:
    """A relation, where the parts do add up."""
    if total is None or not parts or parts == (total,):
        return
    if found[total] == sum(found[part] for part in parts):
        yield Relation(total, parts)


def _complements(
    counts: list[Column],
    names: Mapping[str, Line],
    bases: Mapping[str, Line],
    found: Mapping[Cell, int],
) -> Iterator[Relation]:
    """Several answers were possible: those who did not choose one are a count too."""
    for column in counts:
        for one, base in zip(names[column.name], bases[column.name], strict=True):
            if one is None or base is None or one == base or found[base] < found[one]:
                continue
            yield Relation(base, (one, complement(one, base)))
