"""Diverging bars of a rating scale: low to the left of the middle, high to the right."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.pyplot import get_cmap

from pipeline.analysis.cells import cell_text, shown_text
from pipeline.analysis.drawing import (
    HATCH_LINE,
    Floats,
    drawn_rows,
    hatched,
    labelled_field,
    legend,
    mark_of,
    numbers,
    unless_counting,
)
from pipeline.analysis.phrases import phrase
from pipeline.analysis.style import DIVERGING, HATCH, INK, LEADING, PALE, SEQUENTIAL, SOFT, quiet
from pipeline.analysis.table import Column, Kind, Table

_THICK = 0.66
_ROOM_FOR_TEXT = 0.07


@unless_counting
def likert(
    table: Table,
    language: str,
    *,
    colours: Sequence[str] | None = None,
    is_ladder: bool = False,
) -> Figure:
    """Diverging bars: the shares of a scale's points, low to the left and high to the right.

    Shares that are not shown take up what is left of their row in equal parts, hatched.

    Args:
        table: protected, of `tables.likert_table`: a share column a point, low first, and `base`.
        language: of the page.
        colours: one a point; by default from brown through grey to green.
        is_ladder: the points are steps from none to most, which have no middle: bars from 0 to
            100 %, darker for more.
    """
    points = [column for column in table.columns if column.kind is Kind.SHARE]
    rows = drawn_rows(table)
    labels, figure, axes = labelled_field(table, rows, gap=0.16)
    colours = colours or (ladder_colours if is_ladder else scale_colours)(len(points))
    for place, row in enumerate(rows):
        _stack(axes, table, points, (row, place), colours, is_ladder=is_ladder)
        _say_base(axes, table, (row, place), language)
    axes.axvline(0, color=SOFT, linewidth=0.8, zorder=0.9)
    axes.set_yticks(np.arange(len(rows)), labels, linespacing=LEADING)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0.0 if is_ladder else -1.0, 1.0)
    axes.xaxis.set_major_formatter(lambda x, _place: f"{abs(x) * 100:.0f}%")
    quiet(axes)
    keys = [Patch(color=colour) for colour in colours]
    names = [column.label for column in points]
    if any(mark_of(table, column, row) for column in points for row in rows):
        keys.append(Patch(facecolor=PALE, hatch=HATCH, edgecolor=HATCH_LINE, linewidth=0))
        names.append(phrase("withheld_key", language))
    legend(axes, keys, names)
    return figure


def scale_colours(points: int) -> list[str]:
    """A colour a point of a scale: brown, grey in the middle, green."""
    ramp = LinearSegmentedColormap.from_list("scale", DIVERGING)
    return [to_hex(ramp(place)) for place in np.linspace(0, 1, points)]


def ladder_colours(steps: int) -> list[str]:
    """A colour a step, from pale to dark."""
    ramp = get_cmap(SEQUENTIAL)
    return [to_hex(ramp(place)) for place in np.linspace(0.22, 0.92, steps)]


def _stack(
    axes: Axes,
    table: Table,
    points: list[Column],
    at: tuple[int, int],
    colours: Sequence[str],
    *,
    is_ladder: bool,
) -> None:
    row, place = at
    shares = np.array([numbers(table, column, [row])[0] for column in points])
    is_hidden = np.array([bool(mark_of(table, column, row)) for column in points])
    if not is_hidden.any() and not np.nansum(shares):
        return
    widths = _widths(shares, is_hidden)
    left = 0.0 if is_ladder else -_left_of_middle(widths)
    for column, colour, width, hide in zip(points, colours, widths, is_hidden, strict=True):
        if hide:
            axes.add_patch(hatched((left, place - _THICK / 2), width, _THICK))
        else:
            axes.barh(place, width, left=left, height=_THICK, color=colour)
            if width >= _ROOM_FOR_TEXT:
                said = cell_text(width, column)
                axes.text(
                    left + width / 2,
                    place,
                    said,
                    ha="center",
                    va="center",
                    fontsize=8.5,
                    color=_readable_on(colour),
                )
        left += width


def _widths(shares: Floats, is_hidden: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Floats:
    shown = np.where(is_hidden, 0.0, np.nan_to_num(shares))
    rest = max(0.0, 1.0 - float(shown.sum()))
    each = rest / is_hidden.sum() if is_hidden.any() else 0.0
    return np.where(is_hidden, each, shown)


def _left_of_middle(widths: Floats) -> float:
    half = len(widths) // 2
    middle = float(widths[half]) / 2 if len(widths) % 2 else 0.0
    return float(widths[:half].sum()) + middle


def _say_base(axes: Axes, table: Table, at: tuple[int, int], language: str) -> None:
    row, place = at
    base = table.column("base")
    axes.text(
        1.015,
        place,
        f"n={shown_text(table, row, base, language)}",
        va="center",
        color=SOFT,
        fontsize=9,
        transform=axes.get_yaxis_transform(),
    )


def _readable_on(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.55 else INK  # noqa: PLR2004 - ITU-R BT.601 luma
