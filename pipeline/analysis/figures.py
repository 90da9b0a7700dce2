"""Figures drawn from protected tables, so that a picture shows no more than its table does.

Every function takes a table that `suppression.protect` has seen and the page's language, and gives
a Matplotlib figure; the table's first text column names the rows. A number that is not shown is
drawn as hatching, or its mark stands in its place.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pipeline.analysis.cells import shown_text
from pipeline.analysis.drawing import (
    drawn_rows,
    has_values,
    hatched,
    labelled_field,
    legend,
    mark_of,
    numbers,
    unless_counting,
    value_axis,
    value_column,
)
from pipeline.analysis.heat_map import heat_map
from pipeline.analysis.likert import likert
from pipeline.analysis.phrases import phrase
from pipeline.analysis.style import BLUE, LEADING, ORANGE, SOFT
from pipeline.analysis.table import Column, Table

__all__ = ["bar", "dots", "has_values", "heat_map", "likert", "spread"]

_THICK = 0.62
_STUB = 0.05
"""Length of the hatching of a bar that is not shown, as a part of the longest."""


@unless_counting
def bar(table: Table, language: str, *, value: str | None = None) -> Figure:
    """Horizontal bars, one a row of the table but its total row.

    Args:
        table: protected.
        language: of the page.
        value: the column drawn; by default the first share, else the first count or number.
    """
    column, rows = value_column(table, value), drawn_rows(table)
    labels, figure, axes = labelled_field(table, rows)
    values, places = numbers(table, column, rows), np.arange(len(rows))
    top = float(np.nanmax(values)) if np.isfinite(values).any() else 0.0
    top = top or 1.0
    axes.barh(places, np.nan_to_num(values), height=_THICK, color=BLUE)
    for place, row in enumerate(rows):
        said = shown_text(table, row, column, language)
        is_hidden = bool(mark_of(table, column, row))
        end = top * _STUB if is_hidden else float(np.nan_to_num(values[place]))
        if is_hidden:
            axes.add_patch(hatched((0, place - _THICK / 2), end, _THICK))
        axes.text(end + top * 0.01, place, said, va="center", color=SOFT, fontsize=9)
    axes.set_xlim(0, top * 1.12)
    _set_rows(axes, labels, column)
    return figure


@unless_counting
def dots(
    table: Table,
    language: str,
    *,
    value: str,
    low: str | None = None,
    high: str | None = None,
    scale: tuple[float, float] | None = None,
) -> Figure:
    """A dot a row, with its interval where the table gives one.

    Args:
        table: protected.
        language: of the page.
        value: the column of the dots.
        low: the column of lower limits.
        high: the column of upper limits.
        scale: ends of the axis, such as those of a rating scale; by default as the dots need.
    """
    column, rows = table.column(value), drawn_rows(table)
    labels, figure, axes = labelled_field(table, rows, gap=0.14)
    places = np.arange(len(rows))
    if low and high:
        start, end = (numbers(table, table.column(name), rows) for name in (low, high))
        axes.hlines(places, start, end, color=BLUE, linewidth=2.4, alpha=0.45)
    values = numbers(table, column, rows)
    axes.scatter(values, places, s=46, color=BLUE, zorder=3)
    for place, row in enumerate(rows):
        if np.isfinite(values[place]):
            said = shown_text(table, row, column, language)
            at = (values[place], place)
            axes.annotate(
                said, at, (0, 6), textcoords="offset points", ha="center", color=SOFT, fontsize=8.5
            )
    _say_hidden(axes, table, column, language)
    _set_rows(axes, labels, column)
    if scale is not None:
        margin = (scale[1] - scale[0]) * 0.03
        axes.set_xlim(scale[0] - margin, scale[1] + margin)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


@unless_counting
def spread(table: Table, language: str) -> Figure:
    """Quartiles as a band, the median as a dot and the mean as a diamond, one row each.

    Args:
        table: protected, of `tables.number_table`.
        language: of the page.
    """
    rows = drawn_rows(table) or [0]
    labels, figure, axes = labelled_field(table, rows, above=0.6)
    places = np.arange(len(rows))
    low, median, high, mean = (
        numbers(table, table.column(name), rows)
        for name in ("lower_quartile", "median", "upper_quartile", "mean")
    )
    axes.hlines(places, low, high, color=BLUE, linewidth=10, alpha=0.3)
    names = phrase("median", language), phrase("mean", language)
    axes.scatter(median, places, s=52, color=BLUE, zorder=3, label=names[0])
    axes.scatter(mean, places, s=42, color=ORANGE, marker="D", zorder=3, label=names[1])
    _say_hidden(axes, table, table.column("median"), language)
    _set_rows(axes, labels, table.column("median"))
    axes.set_xlabel(table.unit)
    if np.isfinite(median).any():
        legend(axes, *axes.get_legend_handles_labels())
    return figure


def _say_hidden(axes: Axes, table: Table, column: Column, language: str) -> None:
    for place, row in enumerate(drawn_rows(table) or [0]):
        if mark_of(table, column, row):
            axes.text(
                0.01,
                place,
                shown_text(table, row, column, language),
                color=SOFT,
                va="center",
                transform=axes.get_yaxis_transform(),
            )


def _set_rows(axes: Axes, labels: list[str], column: Column) -> None:
    axes.set_yticks(np.arange(len(labels)), labels, linespacing=LEADING)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    value_axis(axes, column)
