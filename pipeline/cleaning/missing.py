"""Why there is no usable answer, for every cell, as one small code a cell."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.cleaning.batch import ALWAYS, Batch, Bools
from pipeline.cleaning.choice_columns import coded
from pipeline.questionnaire.model import Item, MissingKind

KINDS = tuple(kind.value for kind in MissingKind)
CATEGORIES = pd.CategoricalDtype(list(KINDS))
_USABLE = -1


def missing_kinds(batch: Batch, table: str) -> pd.DataFrame:
    """The kind of missing answer for every question of a table.

    Returns:
        The rows of the table, a column a question, categorical of `MissingKind` values; NA where
        there is a usable answer. An answer that stands for a kind by its choice's `missing` has
        that kind, if no other choice was selected with it.
    """
    columns = {item.name: _kinds(batch, table, item) for item in batch.items(table)}
    return pd.DataFrame(columns, index=batch.frames[table].index, copy=False)


def _kinds(batch: Batch, table: str, item: Item) -> pd.Categorical:
    answers = batch.frames[table][item.name]
    blank = answers.isna().to_numpy()
    kinds = _by_choice(batch, item, answers)
    if blank.any():
        kinds[blank] = _place(MissingKind.NOT_ANSWERED)
        taken = batch.set_missing(item.name)
        kinds[taken[blank[taken]]] = _place(MissingKind.SET_MISSING)
        skipped = _not_asked(batch, item, len(blank))
        if skipped is not None:
            kinds[blank & skipped] = _place(MissingKind.NOT_ASKED)
    return pd.Categorical.from_codes(kinds, dtype=CATEGORIES)


def _not_asked(batch: Batch, item: Item, length: int) -> Bools | None:
    asked = batch.asked.get(item.name, ALWAYS)
    return None if asked.maybe is None else asked.not_asked(length)


def _by_choice(batch: Batch, item: Item, answers: pd.Series) -> npt.NDArray[np.int8]:
    """The kind that the selected choice stands for."""
    stands_for = {
        choice.name: choice.missing
        for choice in batch.questionnaire.choices_of(item.question)
        if choice.missing is not None
    }
    if not stands_for:
        return np.full(len(answers), _USABLE, dtype=np.int8)
    if isinstance(answers.dtype, pd.CategoricalDtype):
        pool = [str(name) for name in answers.cat.categories]
        codes = answers.cat.codes.to_numpy()
    else:
        pool, codes = coded(answers)
    kinds = [_place(stands_for[one]) if one in stands_for else _USABLE for one in pool]
    return np.array([*kinds, _USABLE], dtype=np.int8)[codes]


def _place(kind: MissingKind) -> int:
    return KINDS.index(kind.value)
