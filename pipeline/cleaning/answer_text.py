"""A kept answer as the text that the readers of a log take for it."""

from typing import Any

import pandas as pd

from pipeline.questionnaire.types import Storage

_EXACT = 1e15


def as_text(value: Any, storage: Storage) -> str:
    """A kept answer as the readers of a log read it."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if storage is Storage.DATE else value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return str(value)
