"""A frame along the responses: so a part of the responses has a part of the frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import Ints


@dataclass(frozen=True, eq=False)
class Rowed:
    """A frame, and for each of its rows the row of the main table to which it belongs.

    Attributes:
        frame: index 0..n-1.
        rows: ascending; several rows of the frame may belong to one response, or none.
    """

    frame: pd.DataFrame
    rows: Ints


def along(frame: pd.DataFrame, rows: Ints) -> Rowed:
    """The frame in the order of the responses; within a response its order stays."""
    if np.all(rows[1:] >= rows[:-1]):
        return Rowed(frame.reset_index(drop=True), rows)
    order = np.argsort(rows, kind="stable")
    return Rowed(frame.take(order).reset_index(drop=True), rows[order])


def joined(parts: Sequence[Rowed]) -> Rowed:
    """Several along the same responses as one; within a response the first part comes first."""
    frames = [part.frame for part in parts if len(part.frame)]
    if len(frames) <= 1:
        return next((part for part in parts if len(part.frame)), parts[0])
    rows = np.concatenate([part.rows for part in parts])
    return along(pd.concat(frames, ignore_index=True), rows)
