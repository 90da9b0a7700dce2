"""The boolean columns `question/choice` beside a select_multiple: read, made, and kept in step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.cleaning.batch import Batch, Bools, Finding, Ints, rows_where
from pipeline.questionnaire.model import Item
from pipeline.responses import Action

YES = frozenset(["1", "1.0", "true", "True", "TRUE", "yes"])
NO = frozenset(["0", "0.0", "false", "False", "FALSE", "no"])


@dataclass(frozen=True, eq=False)
class Made:
    """The columns by name, and what was found."""

    columns: Mapping[str, Any]
    findings: tuple[Finding, ...]


def choice_columns(item: Item, table: str, answers: Any, frame: pd.DataFrame, batch: Batch) -> Made:
    """Boolean columns for every choice of a select_multiple.

    Where a file had the column it is read as it is, blanks too; else it is made from the answer.
    Where the two disagree both stay, and the row is told.

    Args:
        item: the question.
        table: where it stands.
        answers: choice names joined by one space, str.
        frame: the returned text, with the `question/choice` columns that came back.
        batch: gives the form's choices.
    """
    pool, codes = coded(answers)
    chosen = [frozenset(one.split(" ")) for one in pool]
    blank = codes == len(pool)
    columns: dict[str, Any] = {}
    findings = list[Finding]()
    disagree = np.zeros(len(codes), bool)
    for choice in _choices(item, frame, batch):
        name = f"{item.name}/{choice}"
        held = np.array([*(choice in one for one in chosen), False])[codes]
        if name not in frame:
            columns[name] = pd.arrays.BooleanArray(held, blank)
            continue
        read, unclear = _read(frame[name])
        findings.append(_unclear(item, table, choice, unclear))
        came = batch.came_with(name, table) | frame[name].notna().to_numpy()
        columns[name] = pd.arrays.BooleanArray(
            np.where(came, read.to_numpy(dtype=bool, na_value=False), held),
            np.where(came, np.asarray(read.isna()), blank),
        )
        told = columns[name].to_numpy(dtype=bool, na_value=False)
        disagree |= (told != held) & ~np.asarray(columns[name].isna()) & ~blank
        disagree |= told & blank
    findings.append(
        Finding("parent_choice_disagree", table, rows_where(disagree), item.name, "select_multiple")
    )
    return Made(columns, tuple(findings))


def is_ticked(answers: Any, choice: str) -> Bools:
    """Rows whose answer holds a choice."""
    pool, codes = coded(answers)
    return np.array([*(choice in one.split(" ") for one in pool), False])[codes]


def coded(answers: Any) -> tuple[list[str], Ints]:
    """The distinct texts, and for each row which it has; the number of texts where it has none."""
    encoded = as_texts(answers).dictionary_encode()
    pool: list[str] = encoded.dictionary.to_pylist()
    codes = np.asarray(encoded.indices.fill_null(len(pool)), dtype=np.int64)
    return pool, codes


def as_texts(column: Any) -> pa.LargeStringArray:
    """A column of text as Arrow has it, in one piece and without a copy where it can be."""
    array = pa.array(column, type=pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _choices(item: Item, frame: pd.DataFrame, batch: Batch) -> dict[str, None]:
    """The form's choices in order, then those that only the returned columns name."""
    listed = (choice.name for choice in batch.questionnaire.choices_of(item.question))
    start = f"{item.name}/"
    came = (str(name)[len(start) :] for name in frame.columns if str(name).startswith(start))
    return dict.fromkeys([*listed, *came])


def _read(column: pd.Series) -> tuple[Any, Ints]:
    """A returned column as truths, and the rows that are neither."""
    pool, codes = coded(column)
    plain = [one.strip() for one in pool]
    yes = np.array([*(one in YES for one in plain), False])[codes]
    known = np.array([*(one in YES or one in NO for one in plain), False])[codes]
    return pd.arrays.BooleanArray(yes, ~known), rows_where(~known & (codes < len(pool)))


def _unclear(item: Item, table: str, choice: str, rows: Ints) -> Finding:
    return Finding("not_a_tick", table, rows, item.name, f"{item.name}/{choice}", Action.BLANKED)
