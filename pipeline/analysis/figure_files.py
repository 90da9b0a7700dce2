"""A figure as files whose bytes depend on what is drawn alone."""

import io
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from pipeline.analysis.phrases import phrase
from pipeline.analysis.style import ORANGE
from pipeline.store import write_bytes

PIXELS_PER_INCH = 144


def save_figure(figure: Figure, stem: Path) -> bytes:
    """Write a figure as SVG and PNG; gives back the SVG.

    Letters are drawn as outlines, so that they look the same on a machine without the font.
    """
    svg, png = io.BytesIO(), io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": stem.name}):
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    figure.savefig(png, format="png", dpi=PIXELS_PER_INCH, metadata={"Software": None})
    write_bytes(stem.with_name(f"{stem.name}.svg"), svg.getvalue())
    write_bytes(stem.with_name(f"{stem.name}.png"), png.getvalue())
    return svg.getvalue()


def mark_synthetic(figure: Figure, language: str) -> None:
    """Write below the figure that nobody was asked, for whoever sees it without its page."""
    words = phrase("synthetic_short", language)
    bounds = figure.get_tightbbox()
    height = bounds.y0 / figure.get_figheight() - 0.01
    figure.text(0.99, height, words, ha="right", va="top", fontsize=8, color=ORANGE)
