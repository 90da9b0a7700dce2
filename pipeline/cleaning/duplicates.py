"""Stage duplicates: the same response again, another response under its key, the same serial."""

from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Bools, Finding, Ints, rows_where
from pipeline.responses import Action
from pipeline.settings import Roles

STAGE = "duplicates"


def duplicates(batch: Batch, roles: Roles) -> Batch:
    """Keep every response once, and tell serial numbers that came more than once.

    Of the responses with one key the first is kept, in the order of the files' hashes, which does
    not depend on when they came. Another is set aside: as `duplicate_instance` where every answer
    is the same, repeats included, else as `duplicate_differs`, for somebody has to say which holds.

    Args:
        batch: typed answers.
        roles: which question holds a serial number, beside the one on an Excel form's cover.
    """
    first = _first_copies(batch.main["response_id"])
    later = rows_where(first != np.arange(len(first)))
    if len(later):
        differs = _differing(batch, first)[later]
        batch = replace(batch, aside=batch.aside | (first != np.arange(len(first))))
        batch = batch.adding(
            findings=[
                _set_aside("duplicate_instance", later[~differs]),
                _set_aside("duplicate_differs", later[differs]),
            ]
        )
    return batch.adding(findings=_serials(batch, roles))


def _set_aside(code: str, rows: Ints) -> Finding:
    return Finding(code, MAIN, rows, None, "response_id", Action.SET_ASIDE, stage=STAGE)


def _first_copies(ids: pd.Series) -> Ints:
    """For each row the first row with its key; a row without one is its own."""
    own = np.arange(len(ids))
    if ids.is_unique:
        return own
    codes, _ = pd.factorize(ids)
    _, places, numbers = np.unique(codes, return_index=True, return_inverse=True)
    return np.where(codes < 0, own, places[numbers]).astype(np.int64)


def _differing(batch: Batch, first: Ints) -> Bools:
    """Rows of the main table whose answers are not those of their first copy."""
    later = rows_where(first != np.arange(len(first)))
    differs = np.zeros(len(first), bool)
    names = [item.name for item in batch.items(MAIN)]
    differs[later] = _unlike(batch.main[names], later, first[later])
    for name in batch.owner:
        differs |= _differing_repeat(batch, name, first)
    return differs


def _unlike(frame: pd.DataFrame, rows: Ints, others: Ints) -> Bools:
    """Whether two rows differ in any column; two blanks are alike."""
    unlike = np.zeros(len(rows), bool)
    for name in frame:
        column = frame[name].reset_index(drop=True)
        left, right = (column.take(at).reset_index(drop=True) for at in (rows, others))
        same = (left == right).fillna(False).to_numpy(dtype=bool)  # noqa: FBT003 - pandas'
        unlike |= ~same & ~(left.isna() & right.isna()).to_numpy()
    return unlike


def _differing_repeat(batch: Batch, name: str, first: Ints) -> Bools:
    """Rows of the main table whose rows of a repeat are not those of their first copy."""
    owner, frame = batch.owner[name], batch.frames[name]
    counts = np.bincount(owner, minlength=len(first))
    differs: Bools = counts != counts[first]
    rows = rows_where(first[owner] != owner)
    if len(rows) == 0:
        return differs
    number = pd.Series(owner).groupby(owner).cumcount().to_numpy()
    place = pd.Index(owner * (number.max() + 1) + number)
    wanted = first[owner[rows]] * (number.max() + 1) + number[rows]
    others = np.asarray(place.get_indexer(pd.Index(wanted)), dtype=np.int64)
    there = others >= 0
    names = ["parent_position", *(item.name for item in batch.items(name))]
    unlike = _unlike(frame[names], rows[there], others[there])
    differs[owner[rows[there][unlike]]] = True
    return differs


def _serials(batch: Batch, roles: Roles) -> list[Finding]:
    """Every response that shares its serial number with another: none of them is the right one."""
    found = list[Finding]()
    standing = batch.standing(MAIN)
    for name in dict.fromkeys(["serial", roles.serial]):
        if name is None or name not in batch.main:
            continue
        serial = batch.main[name].where(standing)
        rows = rows_where((serial.duplicated(keep=False) & serial.notna()).to_numpy())
        question = name if name in batch.questionnaire.by_name else None
        found.append(Finding("duplicate_serial", MAIN, rows, question, name, stage=STAGE))
    return found
