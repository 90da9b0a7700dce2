"""What was written, wherever the value does not show it: spelled otherwise, unread, or changed."""

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Ints
from pipeline.cleaning.rowed import Rowed, along
from pipeline.questionnaire.model import Item

RAW_TEXT_COLUMNS = ("response_id", "question", "position", "parent_position", "text")


def raw_text_of(batch: Batch, raw: Batch) -> Rowed:
    """The texts of one form, response by response, in the order of its questions within each.

    Args:
        batch: after the last stage.
        raw: the same rows as they came.

    Returns:
        `RAW_TEXT_COLUMNS`; positions Int64, NA in the main table, else str. Responses that were
        set aside have none: their files are in raw/.
    """
    parts = [
        _part(batch, raw, table, item, rows)
        for table in batch.frames
        for item in batch.items(table)
        if len(rows := _rows(batch, table, item))
    ]
    if not parts:
        return Rowed(_empty()[list(RAW_TEXT_COLUMNS)], np.zeros(0, np.int64))
    whole = pd.concat(parts)
    return along(whole[list(RAW_TEXT_COLUMNS)], whole.index.to_numpy(dtype=np.int64))


def _rows(batch: Batch, table: str, item: Item) -> Ints:
    spelled = [found.rows for found in batch.raw_texts if found.question == item.name]
    fated = [found.rows for found in batch.fated if found.question == item.name]
    if not spelled and not fated:
        return np.zeros(0, np.int64)
    rows = np.unique(np.concatenate([*spelled, *fated]))
    kept: Ints = rows[batch.standing(table)[rows]]
    return kept


def _part(batch: Batch, raw: Batch, table: str, item: Item, rows: Ints) -> pd.DataFrame:
    """Texts of one question, indexed by the row of the main table."""
    frame, main = raw.frames[table], raw.main
    texts = _as_written(batch, frame[item.name], item.name, rows)
    owners = batch.rows_of_main(table, rows)
    found = pd.DataFrame(
        {
            "response_id": main["response_id"].array.take(owners),
            "question": item.name,
            "text": texts.array,
        },
        index=owners,
    )
    for key in ("position", "parent_position"):
        inside = table != MAIN and key in frame
        values = frame[key].array.take(rows) if inside else pd.array([None] * len(rows), "Int64")
        found[key] = pd.Series(pd.array(values, dtype="Int64"), index=owners)
    return found[found["text"].notna()].astype({"question": "str", "text": "str"})


def _as_written(batch: Batch, column: pd.Series, name: str, rows: Ints) -> pd.Series:
    """The texts as they came: those that a stage kept, else those of the raw frame."""
    texts = pd.Series(column.array.take(rows), index=rows)
    for found in reversed(batch.raw_texts):
        if found.question == name:
            kept = pd.Series(pd.array(found.texts, dtype="str"), index=found.rows)
            texts.update(kept[kept.index.isin(rows)])
    return texts.reset_index(drop=True)


def _empty() -> pd.DataFrame:
    texts = {name: pd.array([], dtype="str") for name in ("response_id", "question", "text")}
    positions = {name: pd.array([], dtype="Int64") for name in ("position", "parent_position")}
    return pd.DataFrame({**texts, **positions})
