"""A field of numbers as colours, each with its number written in it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from pipeline.analysis.cells import shown_text
from pipeline.analysis.drawing import (
    Floats,
    drawn_rows,
    hatched,
    numbers,
    row_labels,
    unless_counting,
)
from pipeline.analysis.style import GAP, INK, LEADING, ORANGE, SEQUENTIAL, SOFT
from pipeline.analysis.table import Table
from pipeline.analysis.wrapping import wrapped

_LABEL_WIDTH = 30
_HEAD_WIDTH = 12
_LINE = 0.21


@unless_counting
def heat_map(
    table: Table,
    language: str,
    *,
    values: Sequence[str],
    colours: str = SEQUENTIAL,
    limits: tuple[float, float] | None = None,
    gaps: bool = False,
    show_zeros: bool = True,
) -> Figure:
    """A field of numbers, darker for more.

    Args:
        table: protected; a row a line of the field.
        language: of the page.
        values: the columns drawn, left to right.
        colours: name of a Matplotlib colour map; a diverging one (`PuOr`) wants `limits`.
        limits: numbers of the first and the last colour; by default the field's own.
        gaps: a 0 is a gap, in a colour of its own.
        show_zeros: write what is shown as 0 too.
    """
    columns, rows = [table.column(name) for name in values], drawn_rows(table)
    field = np.column_stack([numbers(table, column, rows) for column in columns])
    labels = row_labels(table, rows, _LABEL_WIDTH)
    heads = [wrapped(column.label, _HEAD_WIDTH) for column in columns]
    figure = Figure(figsize=_size(labels, heads))
    axes = figure.subplots()
    known = field[np.isfinite(field)]
    low, high = limits or ((float(known.min()), float(known.max())) if known.size else (0, 1))
    image = axes.imshow(field, cmap=colours, vmin=low, vmax=high, aspect="auto")
    inks = _inks(image, field)
    for place, row in enumerate(rows):
        for across, column in enumerate(columns):
            value, colour = field[place, across], SOFT
            said = shown_text(table, row, column, language)
            if not np.isfinite(value):
                axes.add_patch(hatched((across - 0.5, place - 0.5), 1, 1))
            elif gaps and value == 0:
                colour = ORANGE
                axes.add_patch(Rectangle((across - 0.5, place - 0.5), 1, 1, facecolor=GAP, lw=0))
            else:
                colour = inks[place][across]
            if not show_zeros and said.rstrip("%") == "0":
                continue
            axes.text(across, place, said, ha="center", va="center", color=colour, fontsize=9.5)
    _frame(axes, labels, heads)
    return figure


def _size(labels: list[str], heads: list[str]) -> tuple[float, float]:
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    above = max((head.count("\n") + 1 for head in heads), default=1)
    height = max(len(labels), 1) * max(lines * _LINE + 0.12, 0.42) + above * _LINE
    return max(1.35 * len(heads), 2.6), height


def _frame(axes: Axes, labels: list[str], heads: list[str]) -> None:
    axes.set_xticks(np.arange(len(heads)), heads, linespacing=LEADING)
    axes.set_yticks(np.arange(len(labels)), labels, linespacing=LEADING)
    axes.tick_params(top=False, labeltop=True, bottom=False, labelbottom=False, labelcolor=INK)
    axes.set_xticks(np.arange(len(heads) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(labels) + 1) - 0.5, minor=True)
    axes.grid(visible=True, which="minor", color="white", linewidth=2)
    axes.tick_params(which="both", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _inks(image: AxesImage, field: Floats) -> list[list[str]]:
    """The colour of writing that is readable on each field's colour."""
    red, green, blue, _ = np.moveaxis(image.to_rgba(field), -1, 0)
    is_dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.55  # noqa: PLR2004 - ITU-R BT.601 luma
    return [["white" if dark else INK for dark in line] for line in is_dark]
