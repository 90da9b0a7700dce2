"""Data in parts, held in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.estimation.design import Design
from pipeline.estimation.parted.ask import Ask
from pipeline.estimation.parted.tabulate import tabulate_parts
from pipeline.estimation.tabulate import tabulate

CLOSE = {"rtol": 1e-9, "atol": 1e-9}


@dataclass
class Rows:
    """Some rows of a frame."""

    frame: pd.DataFrame

    def read(self, columns: Sequence[str]) -> pd.DataFrame:
        return self.frame[list(columns)].reset_index(drop=True)


def cut(data: pd.DataFrame, size: int) -> list[Rows]:
    """So many rows a part."""
    return [Rows(data.iloc[first : first + size]) for first in range(0, len(data), size)]


def assert_the_same(data: pd.DataFrame, design: Design, size: int, *options, interval="wald"):
    """A table from parts is the table from all rows; options are as of `tabulate`."""
    whole = tabulate(data, design, *options, interval=interval)
    ask = Ask.of(list(data.columns), design, *options, interval=interval)
    parts = tabulate_parts(cut(data, size), ask, interval=interval)
    pd.testing.assert_frame_equal(parts, whole, **CLOSE)
    return whole
