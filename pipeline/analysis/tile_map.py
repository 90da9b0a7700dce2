"""A map of equal tiles, one a county: small counties are seen as well as large ones."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.pyplot import get_cmap

from pipeline.analysis.drawing import unless_counting
from pipeline.analysis.style import INK, LINE, PALE, SEQUENTIAL, SOFT
from pipeline.analysis.wrapping import wrapped

_GAP = 0.06
_DARK = 0.55


def read_tiles(path: Path) -> pd.DataFrame:
    """Where each county's tile lies: index county, columns row and column (from 0, top left)."""
    return pd.read_csv(path, dtype={"county": str}).set_index("county")


@unless_counting
def tile_map(tiles: pd.DataFrame, counts: Mapping[str, int], labels: Mapping[str, str]) -> Figure:
    """Draw the counts on their tiles; a county without any is pale.

    Args:
        tiles: of `read_tiles`.
        counts: by county.
        labels: county -> its name in the page's language.
    """
    figure = Figure(figsize=(6.4, 8.4))
    axes = figure.subplots()
    colours, shade = get_cmap(SEQUENTIAL), Normalize(0, max([*counts.values(), 1]) * 1.15)
    for county, tile in tiles.iterrows():
        count = int(counts.get(str(county), 0))
        face = colours(shade(count)) if count else PALE
        ink = "white" if count and shade(count) > _DARK else INK
        place = (tile["column"] + _GAP / 2, tile["row"] + _GAP / 2)
        axes.add_patch(
            FancyBboxPatch(
                place,
                1 - _GAP,
                1 - _GAP,
                boxstyle="round,pad=0,rounding_size=0.06",
                facecolor=face,
                edgecolor=LINE,
            )
        )
        middle = tile["column"] + 0.5
        name = wrapped(labels.get(str(county), str(county)), 10)
        axes.text(
            middle, tile["row"] + 0.34, name, ha="center", va="center", color=ink, fontsize=7.5
        )
        said = str(count) if count else "–"
        colour = ink if count else SOFT
        axes.text(
            middle, tile["row"] + 0.74, said, ha="center", va="center", color=colour, fontsize=13
        )
    axes.set_xlim(-0.1, tiles["column"].max() + 1.1)
    axes.set_ylim(tiles["row"].max() + 1.1, -0.1)
    axes.set_aspect("equal")
    axes.axis("off")
    return figure
