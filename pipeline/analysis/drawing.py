"""What the figures share: which rows are drawn, their labels, values, marks and legends."""

import os
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, PercentFormatter

from pipeline.analysis.environment import COLLECT
from pipeline.analysis.style import HATCH, PALE, quiet
from pipeline.analysis.table import Column, Kind, Table
from pipeline.analysis.wrapping import width_of, wrapped

INCHES = 7.2
"""Width of a figure's field, labels aside."""
HATCH_LINE = "#9aa5b1"
_LINE_HEIGHT = 0.21
_LEGEND, _NAME, _KEY = 110, 28, 5
"""Widths in Latin letters: of the legend, of a line of a name, of the key before it."""

Floats = npt.NDArray[np.floating]
P = ParamSpec("P")


def unless_counting(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """A figure that stays empty while the tables are only counted: nobody would see it."""

    @wraps(draw)
    def drawn(*given: P.args, **named: P.kwargs) -> Figure:
        return Figure() if COLLECT in os.environ else draw(*given, **named)

    return drawn


def drawn_rows(table: Table) -> list[int]:
    """The rows of the table but its total."""
    if table.marks is None:
        raise ValueError(f"table {table.name} is not protected")
    return list(range(len(table.frame) - table.total_row))


def value_column(table: Table, name: str | None = None) -> Column:
    """The column of this name, else the first share, else the first count or number."""
    if name is not None:
        return table.column(name)
    for kind in (Kind.SHARE, Kind.COUNT, Kind.NUMBER):
        for column in table.columns:
            if column.kind is kind:
                return column
    raise ValueError(f"table {table.name} has no numbers to draw")


def row_labels(table: Table, rows: Sequence[int], width: int | None = None) -> list[str]:
    """The first text column, on lines that fit beside the field."""
    name = next(column.name for column in table.columns if column.kind is Kind.TEXT)
    texts = [str(table.frame[name].iloc[row]) for row in rows]
    return [wrapped(text, width) if width else wrapped(text) for text in texts]


def labelled_field(
    table: Table, rows: Sequence[int], *, gap: float = 0.2, above: float = 0.45
) -> tuple[list[str], Figure, Axes]:
    """Row labels, and a field that is high enough for them.

    Args:
        table: protected.
        rows: which are drawn.
        gap: between rows, in inches.
        above: for the axis and its name, in inches.
    """
    labels = row_labels(table, rows)
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    height = max(len(rows), 1) * (lines * _LINE_HEIGHT + gap) + above
    figure = Figure(figsize=(INCHES, height))
    return labels, figure, figure.subplots()


def numbers(table: Table, column: Column, rows: Sequence[int]) -> Floats:
    """The column's values in these rows; NaN where there is none or it is not shown."""
    values = table.frame[column.name].iloc[list(rows)]
    return values.astype("Float64").to_numpy(np.float64, na_value=np.nan)


def has_values(table: Table, *names: str) -> bool:
    """Whether these columns show any number but 0 outside the total row, so that one can draw.

    Args:
        table: protected.
        *names: of columns; by default the shares, and where there is none all numbers and counts.
    """
    rows = drawn_rows(table) or [0]
    kinds = [one for one in table.columns if one.kind is Kind.SHARE] or [
        one for one in table.columns if one.kind in {Kind.NUMBER, Kind.COUNT}
    ]
    columns = [table.column(name) for name in names] or kinds
    return any(bool(np.nan_to_num(numbers(table, one, rows)).any()) for one in columns)


def mark_of(table: Table, column: Column, row: int) -> str:
    """Why the cell shows no number; "" where it does."""
    assert table.marks is not None  # noqa: S101 - drawn_rows has asked
    return str(table.marks[column.name].iloc[row])


def value_axis(axes: Axes, column: Column) -> None:
    """A quiet axis in the column's unit."""
    quiet(axes)
    if column.kind is Kind.SHARE:
        axes.xaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    else:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=column.kind is Kind.COUNT))


def hatched(at: tuple[float, float], width: float, height: float, **style: Any) -> Rectangle:
    """A field of hatching, where a number is not shown."""
    return Rectangle(
        at, width, height, facecolor=PALE, hatch=HATCH, edgecolor=HATCH_LINE, linewidth=0, **style
    )


def legend(axes: Axes, keys: Sequence[Any], names: Sequence[str]) -> None:
    """A legend above the field; long names take two lines, many names two rows."""
    wide = sum(width_of(name) + _KEY for name in names) > _LEGEND
    axes.legend(
        keys,
        [wrapped(name, _NAME) for name in names],
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=-(-len(names) // 2) if wide else len(names),
        frameon=False,
        handlelength=1.1,
        columnspacing=1.4,
    )
