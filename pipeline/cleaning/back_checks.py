"""Stage back_checks: interviews held a second time, compared with the originals.

A back-check is no second response: what it answers otherwise is asked about at the original, and it
is set aside itself, so that nobody is counted twice.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Bools, Finding, Ints, rows_where
from pipeline.questionnaire.model import Item
from pipeline.questionnaire.types import Filled, Storage
from pipeline.responses import Action
from pipeline.settings import Roles

STAGE = "back_checks"
_ID_MARK = "uuid:"
_NUMBERS = {Storage.INTEGER, Storage.DECIMAL}


def back_checks(batch: Batch, roles: Roles, tolerance: float) -> Batch:
    """Compare back-checks with their originals, and set them aside.

    Args:
        batch: typed answers, each response once.
        roles: `original` is the question that holds the key or the serial number of the interview
            that is checked; without it nothing is done.
        tolerance: numbers that differ by no more than this share of the larger are equal.
    """
    name = roles.original
    if name is None or name not in batch.main:
        return batch
    wanted = batch.main[name].astype("str")
    rows = rows_where(wanted.notna().to_numpy() & batch.standing(MAIN))
    originals = _originals(batch, wanted.take(rows), rows)
    found = originals >= 0
    checks, there = rows[found], originals[found]
    aside = batch.aside.copy()
    aside[checks] = True
    done = replace(batch, aside=aside)
    about = set(roles.model_dump().values())
    items = [item for item in batch.items(MAIN) if _is_compared(item) and item.name not in about]
    return done.adding(
        findings=[
            Finding("back_check", MAIN, checks, name, "original", Action.SET_ASIDE, stage=STAGE),
            Finding("back_check_unmatched", MAIN, rows[~found], name, "original", stage=STAGE),
            *_differing(batch, items, checks, there, tolerance),
        ]
    )


def _is_compared(item: Item) -> bool:
    row = item.question.row
    return row.filled is Filled.PERSON and item.question.storage is not Storage.FILE


def _originals(batch: Batch, wanted: "pd.Series[str]", rows: Ints) -> Ints:
    """The row of the interview with this key, else with this serial number; -1 for none."""
    others = batch.standing(MAIN).copy()
    others[rows] = False
    found = np.full(len(rows), -1, dtype=np.int64)
    texts = wanted.str.strip().str.removeprefix(_ID_MARK)
    for key in ("response_id", "serial"):
        values = batch.main[key].where(others)
        once = values.notna() & ~values.duplicated(keep=False)
        at = rows_where(once.to_numpy(dtype=bool))
        place = pd.Index(values.take(at)).get_indexer(pd.Index(texts))
        if len(at):
            found = np.where((found < 0) & (place >= 0), at[place], found)
    return found


def _differing(
    batch: Batch, items: list[Item], checks: Ints, originals: Ints, tolerance: float
) -> Iterator[Finding]:
    for item in items:
        column = batch.main[item.name]
        again, first = (column.take(at).reset_index(drop=True) for at in (checks, originals))
        both = (again.notna() & first.notna()).to_numpy(dtype=bool)
        differs = both & ~_equal(again, first, item, tolerance)
        rule = f"back-check, {tolerance:.0%}" if item.question.storage in _NUMBERS else "back-check"
        yield Finding(
            "back_check_differs",
            MAIN,
            np.unique(originals[differs]),
            item.name,
            rule,
            Action.QUERIED,
            stage=STAGE,
        )


def _equal(again: "pd.Series[str]", first: "pd.Series[str]", item: Item, tolerance: float) -> Bools:
    if item.question.storage in _NUMBERS:
        one, two = (column.to_numpy(dtype=float, na_value=np.nan) for column in (again, first))
        return np.asarray(np.abs(one - two) <= tolerance * np.maximum(np.abs(one), np.abs(two)))
    same = again.astype(object) == first.astype(object)
    return np.asarray(same.fillna(value=False).to_numpy(dtype=bool))
