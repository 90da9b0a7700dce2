"""A figure as files whose bytes depend on what is drawn alone."""

import io
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from pipeline.analysis.style import ORANGE
from pipeline.store import write_bytes

PIXELS_PER_INCH = 144
_PAD = 0.1
_MARK = 0.22


def save_figure(figure: Figure, stem: Path, *, title: str = "", mark: str = "") -> bytes:
    """Write a figure as SVG and PNG with all that is drawn on it; gives back the SVG.

    The disk may not have them yet: the report waits for all files of a page together.

    Letters are drawn as outlines, so that they look the same on a machine without the font.

    Args:
        figure: of Matplotlib.
        stem: the files' path without ending.
        title: kept inside the files.
        mark: written below the figure, for whoever sees it without its page.
    """
    bounds = _bounds(figure, mark)
    svg, png = io.BytesIO(), io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": stem.name}):
        about = {"Title": title, "Date": None, "Creator": None}
        figure.savefig(svg, format="svg", bbox_inches=bounds, metadata=about)
    about = {"Title": title, "Software": None}
    figure.savefig(png, format="png", bbox_inches=bounds, dpi=PIXELS_PER_INCH, metadata=about)
    write_bytes(stem.with_name(f"{stem.name}.svg"), svg.getvalue(), flush=False)
    write_bytes(stem.with_name(f"{stem.name}.png"), png.getvalue(), flush=False)
    return svg.getvalue()


def _bounds(figure: Figure, mark: str) -> Bbox:
    """All that is drawn, in inches; measured once, since Matplotlib would draw twice to know."""
    drawn = figure.get_tightbbox()
    left, low, right, high = drawn.x0 - _PAD, drawn.y0 - _PAD, drawn.x1 + _PAD, drawn.y1 + _PAD
    if mark:
        width, height = figure.get_size_inches()
        at = ((right - _PAD) / width, low / height)
        figure.text(*at, mark, ha="right", va="top", fontsize=8, color=ORANGE)
        low -= _MARK
    return Bbox.from_extents(left, low, right, high)
