"""A received file on its way to a reader, and the frame that readers begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.responses import KEYS, Mode

TEXT = pd.StringDtype("pyarrow", na_value=np.nan)
"""pandas' own text; missing is NaN."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One received file.

    Attributes:
        path: where it lies; text, where it is one of very many.
        source_file: its name in issues and in the ledger, `raw/FORM/HASH16-name.ext`.
        sha256: of its bytes; makes the response_id of a response that brings none.
        received_at: UTC, `2011-09-02T08:15:00Z`.
    """

    path: Path | str
    source_file: str
    sha256: str
    received_at: str


def text_series(values: Sequence[str | None]) -> pd.Series:
    """Values as a text column; None is missing."""
    return pd.Series(pd.array(list(values), dtype=TEXT))


def key_frame(
    *,
    response_id: pd.Series,
    form_id: str,
    form_version: pd.Series,
    mode: Mode,
    source_file: pd.Series | str,
    source_row: pd.Series | None,
    received_at: pd.Series | str,
) -> pd.DataFrame:
    """The columns `KEYS` of several responses; language and serial are missing."""
    index = response_id.index
    missing = pd.Series(pd.NA, index=index, dtype=TEXT)
    row = pd.Series(pd.NA, index=index, dtype="Int64") if source_row is None else source_row
    columns: dict[str, pd.Series | str] = {
        "response_id": response_id,
        "form_id": form_id,
        "form_version": form_version,
        "mode": mode.value,
        "language": missing,
        "serial": missing,
        "source_file": source_file,
        "source_row": row,
        "received_at": received_at,
    }
    frame = pd.DataFrame({name: columns[name] for name in KEYS}, index=index)
    kinds = {name: "Int64" if name == "source_row" else TEXT for name in KEYS}
    return frame.astype(kinds)
