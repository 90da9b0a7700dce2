"""How figures look: a font with every glyph, colours that colour-blind readers tell apart."""

import matplotlib as mpl
import notojp_matplotlib  # noqa: F401 - sets font.family when imported, so it comes before rcParams
from matplotlib.axes import Axes

INK = "#1d2b36"
SOFT = "#5b6b78"
LINE = "#d8dfe5"
BLUE = "#2f5d7c"
ORANGE = "#b3541e"
PALE = "#eef2f5"
GAP = "#fbe6d6"
CATEGORIES = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#e69f00",
    "#f0e442",
    "#5b6b78",
)
"""Okabe and Ito's colours, which readers with any colour blindness tell apart."""
DIVERGING = ("#8c510a", "#d8b365", "#d3d9de", "#5ab4ac", "#01665e")
"""From low through neutral to high (Brewer's BrBG)."""
SEQUENTIAL = "Blues"
HATCH = "////"
LEADING = 1.4
"""Line spacing of labels: Chinese and Japanese lines touch at Matplotlib's 1.2."""


def use_style() -> None:
    """Set Matplotlib's defaults for the report; other letters than Noto's come from DejaVu."""
    noto = [name for name in mpl.rcParams["font.family"] if name != "DejaVu Sans"]
    mpl.rcParams.update(
        {
            "font.family": [*noto, "DejaVu Sans"],
            "font.size": 10,
            "text.color": INK,
            "axes.edgecolor": LINE,
            "axes.labelcolor": SOFT,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.unicode_minus": False,
            "axes.axisbelow": True,
            "xtick.color": SOFT,
            "ytick.color": SOFT,
            "xtick.labelcolor": SOFT,
            "ytick.labelcolor": INK,
            "grid.color": LINE,
            "hatch.color": "#9aa5b1",
            "hatch.linewidth": 0.6,
            "figure.facecolor": "white",
        }
    )


use_style()


def quiet(axes: Axes, *, grid: str = "x") -> None:
    """Take away the frame and ticks, and leave thin lines to read values by."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)
    if grid:
        axes.grid(visible=True, axis=grid, linewidth=0.8)  # type: ignore[arg-type]
