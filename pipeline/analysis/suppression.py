"""No small count leaves: cells under the threshold, and what would give them away.

A count from 1 to threshold - 1 is not shown, nor is any figure that rests on it. Where counts add
up to a total that is shown, enough further cells are withheld that each hidden count stays
uncertain by at least half the threshold, row by row and column by column. Where several answers
were possible, a count is also withheld if too few did not choose it. Where the base itself is
small, nothing that rests on it is shown, zeros included.

Source: Hundepool et al. (2012), Statistical Disclosure Control, ch. 4 (threshold rule, secondary
suppression). Tables that share margins are not held against each other here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.table import SMALL_BASE, Column, Kind, Mark, Table

_SHOWN, _BELOW, _WITHHELD = 0, 1, 2
_MARKS = (Mark.SHOWN.value, Mark.BELOW.value, Mark.WITHHELD.value)

Counts = npt.NDArray[np.floating]
States = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class _Line:
    """Cells that add up to a total.

    Attributes:
        cells: places in the matrix of counts.
        total: the total's own place, if it has one.
        sum: the total.
        is_told: the total stands outside the table too (as its base), so hiding it is no use.
    """

    cells: tuple[tuple[int, int], ...]
    total: tuple[int, int] | None
    sum: float
    is_told: bool


def protect(table: Table, threshold: int) -> Table:
    """The table with its small counts, and whatever would give them away, taken out.

    Args:
        table: a table; one that is protected comes back as it is.
        threshold: the least unweighted count that is shown; 1 shows everything.

    Returns:
        The same table with `marks` and `threshold` set; hidden cells are NA, and columns that are
        not shown are gone.
    """
    if table.is_protected:
        return table
    counts = [column for column in table.columns if column.kind is Kind.COUNT]
    states = _states(table, counts, threshold)
    by_name = {column.name: states[:, place] for place, column in enumerate(counts)}
    rows = len(table.frame)
    shown = tuple(column for column in table.columns if column.shown)
    hidden = {
        column.name: by_name.get(
            column.name if column.kind is Kind.COUNT else column.rests_on or "",
            np.zeros(rows, dtype=np.int8),
        )
        for column in shown
    }
    frame = pd.DataFrame({name: table.frame[name].mask(hidden[name] > 0) for name in hidden})
    small = {
        column.name: _has_small_base(table, column) & frame[column.name].notna() for column in shown
    }
    marks = pd.DataFrame({name: np.array(_MARKS)[state] for name, state in hidden.items()})
    return replace(
        table,
        frame=frame.reset_index(drop=True),
        columns=tuple(_without_hidden(column, shown) for column in shown),
        marks=marks,
        small=pd.DataFrame(small).reset_index(drop=True),
        threshold=threshold,
    )


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


def _states(table: Table, counts: list[Column], threshold: int) -> States:
    matrix = np.column_stack(
        [
            table.frame[column.name].astype("Float64").to_numpy(np.float64, na_value=np.nan)
            for column in counts
        ]
        or [np.empty((len(table.frame), 0))]
    )
    states = np.where(_is_small(matrix, threshold), _BELOW, _SHOWN).astype(np.int8)
    if table.base is not None and _is_small(np.array(table.base), threshold):
        states[(states == _SHOWN) & ~np.isnan(matrix)] = _WITHHELD
        return states
    if not table.adds_down:
        _withhold_complements(table, matrix, states, threshold)
    lines = tuple(_lines(table, counts, matrix))
    for line in lines:
        if line.total and states[line.total] == _BELOW:
            for cell in line.cells:
                states[cell] = states[cell] or _WITHHELD
    while any(_mend(line, matrix, states, threshold) for line in lines):
        pass
    return states


def _is_small(counts: Counts, threshold: int) -> npt.NDArray[np.bool_]:
    return (counts >= 1) & (counts < threshold)


def _withhold_complements(table: Table, matrix: Counts, states: States, threshold: int) -> None:
    """Several answers were possible: those who did not choose one are a count too."""
    width = matrix.shape[1]
    if table.total_row:
        bases = matrix[-1]
    else:
        bases = np.full(width, np.nan if table.base is None else table.base)
    small = _is_small(bases - matrix, threshold) & (states == _SHOWN)
    if table.total_row:
        small[-1] = False
    states[small] = _WITHHELD


def _lines(table: Table, counts: list[Column], matrix: Counts) -> Iterator[_Line]:
    rows, width = matrix.shape
    last = rows - 1 if table.total_row else rows
    parts = [place for place, column in enumerate(counts) if not column.total]
    totals = [place for place, column in enumerate(counts) if column.total]
    if table.adds_down and (table.total_row or table.base is not None):
        for place in range(width):
            cells = _filled([(row, place) for row in range(last)], matrix)
            total = (last, place) if table.total_row else None
            known = float(matrix[total] if total else sum(matrix[cell] for cell in cells))
            yield _Line(cells, total, known, is_told=known == table.base)
    if table.adds_across and totals:
        for row in range(rows):
            cells = _filled([(row, place) for place in parts], matrix)
            known = float(matrix[row, totals[0]])
            yield _Line(cells, (row, totals[0]), known, is_told=known == table.base)


def _filled(cells: list[tuple[int, int]], matrix: Counts) -> tuple[tuple[int, int], ...]:
    return tuple(cell for cell in cells if not np.isnan(matrix[cell]))


def _mend(line: _Line, matrix: Counts, states: States, threshold: int) -> bool:
    """Withhold one more cell of the line if a hidden count could be narrowed down by it."""
    hidden = [cell for cell in line.cells if states[cell]]
    if not hidden or (line.total and states[line.total] and not line.is_told):
        return False
    if not _narrows(line, hidden, matrix, states, threshold):
        return False
    shown = sorted(
        (cell for cell in line.cells if not states[cell]),
        key=lambda cell: (matrix[cell] == 0, matrix[cell]),
    )
    if shown:
        enough = (c for c in shown if not _narrows_with(line, c, matrix, states, threshold))
        states[next(enough, shown[0])] = _WITHHELD
        return True
    if line.total and not line.is_told and any(states[cell] == _BELOW for cell in hidden):
        states[line.total] = _WITHHELD
        return True
    # Nothing is left to withhold: say of no cell of this line that it is small.
    told = [cell for cell in hidden if states[cell] == _BELOW]
    for cell in told:
        states[cell] = _WITHHELD
    return bool(told)


def _narrows_with(
    line: _Line, cell: tuple[int, int], matrix: Counts, states: States, threshold: int
) -> bool:
    states[cell] = _WITHHELD
    hidden = [one for one in line.cells if states[one]]
    found = _narrows(line, hidden, matrix, states, threshold)
    states[cell] = _SHOWN
    return found


def _narrows(
    line: _Line,
    hidden: list[tuple[int, int]],
    matrix: Counts,
    states: States,
    threshold: int,
) -> bool:
    """Whether the line's sum leaves a small count less than half the threshold to vary in."""
    rest = line.sum - sum(matrix[cell] for cell in line.cells if not states[cell])
    below = np.array([states[cell] == _BELOW for cell in hidden])
    lows = np.where(below, 1, threshold).astype(float)
    highs = np.where(below, threshold - 1, rest)
    least = np.maximum(lows, rest - (highs.sum() - highs))
    most = np.minimum(highs, rest - (lows.sum() - lows))
    if not below.any():
        return len(hidden) == 1
    enough = min(threshold // 2, threshold - 2)
    return bool(((most - least) < enough)[below].any())
