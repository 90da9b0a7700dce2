"""Rows that are alike in everything by which somebody could be found.

Questions that narrow a respondent down (`sensitivity: quasi`) are the quasi-identifiers. A row is
k-anonymous if at least k rows have the same answers to all of them, missing answers included.

Source: Samarati (2001), IEEE TKDE 13(6) (k-anonymity by suppressing single cells); Hundepool et al.
(2012), Statistical Disclosure Control, ch. 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Mask = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.int64]
_BLANK = -1


@dataclass(frozen=True)
class Blanked:
    """What was left out so that rows are k-anonymous.

    Attributes:
        cells: variable -> the rows whose answer is left out.
        is_enough: False where there are fewer rows than k.
    """

    cells: dict[str, Mask]
    is_enough: bool


def too_rare(keys: pd.DataFrame, k: int) -> Mask:
    """The rows that fewer than k rows are alike to.

    Args:
        keys: one row a respondent, a column a quasi-identifier; missing is a value like any other.
        k: the least number of rows that are alike.
    """
    return _rare(_coded(keys), k)


def blank(keys: pd.DataFrame, k: int) -> Blanked:
    """Leave answers out of rare rows, one variable after the other, until all rows are k-anonymous.

    Each time that variable goes which leaves the fewest rare rows; at last rows without any answer
    are alike to one another, and further rows join them if they are fewer than k.
    """
    coded = _coded(keys)
    before = coded.copy()
    while (rare := _rare(coded, k)).any():
        left = [n for n in range(coded.shape[1]) if (coded[rare, n] != _BLANK).any()]
        if not left:
            break
        tried = {n: _without(coded, rare, n) for n in left}
        coded = min(tried.values(), key=lambda one: int(_rare(one, k).sum()))
    if (rare := _rare(coded, k)).any():
        sizes = _sizes(coded)
        order = np.argsort(np.where(rare, 0, sizes), kind="stable")
        coded[order[: max(k, int(rare.sum()))]] = _BLANK
        rest = _rare(coded, k)
        coded[rest] = _BLANK
    gone = (coded == _BLANK) & (before != _BLANK)
    cells = {str(name): gone[:, n] for n, name in enumerate(keys) if gone[:, n].any()}
    return Blanked(cells, is_enough=not _rare(coded, k).any())


def _coded(keys: pd.DataFrame) -> Keys:
    codes = [pd.factorize(keys[name], use_na_sentinel=False)[0] for name in keys]
    return np.column_stack(codes).astype(np.int64) if codes else np.empty((len(keys), 0), np.int64)


def _without(coded: Keys, rows: Mask, column: int) -> Keys:
    tried = coded.copy()
    tried[rows, column] = _BLANK
    return tried


def _sizes(coded: Keys) -> npt.NDArray[np.int64]:
    """For each row, how many are alike to it, itself included."""
    if not coded.shape[1]:
        return np.full(len(coded), len(coded), dtype=np.int64)
    classes = pd.DataFrame(coded).groupby(list(range(coded.shape[1])), sort=False).ngroup()
    return np.asarray(np.bincount(classes)[classes], dtype=np.int64)


def _rare(coded: Keys, k: int) -> Mask:
    return np.asarray(_sizes(coded) < k)


def of_one_answer(keys: pd.DataFrame, answers: "pd.Series") -> tuple[int, int]:
    """Groups of rows that are alike and share one answer, which whoever knows the group knows.

    Args:
        keys: as for `too_rare`, after answers were left out.
        answers: to a sensitive question, row by row; missing ones are no answer.

    Returns:
        How many groups of two rows or more gave one and the same answer, and how many groups of two
        rows or more there are.

    Source: Machanavajjhala et al. (2007), ACM TKDD 1(1) (l-diversity).
    """
    group = keys.groupby(list(keys), sort=False, dropna=False).ngroup().to_numpy()
    codes = pd.Series(pd.factorize(answers, use_na_sentinel=True)[0]).groupby(group)
    least, most, sizes = codes.min(), codes.max(), codes.size() > 1
    return int(((least == most) & (least >= 0) & sizes).sum()), int(sizes.sum())


def risk(keys: pd.DataFrame) -> float:
    """Global risk of re-identification, from 0 to 1: the mean over rows of 1 / rows alike."""
    sizes = _sizes(_coded(keys))
    return float((1 / sizes).mean()) if len(sizes) else 0.0


def keys_of(answers: pd.DataFrame, kinds: pd.DataFrame, quasi: Sequence[str]) -> pd.DataFrame:
    """The quasi-identifiers of each row as words; a missing answer is known by its kind."""
    made = {}
    for name in quasi:
        if name not in answers:
            continue
        said = answers[name].astype("str").astype("object")
        why = kinds[name].astype("object") if name in kinds else pd.Series(None, index=kinds.index)
        why = why.where(why.notna(), "").set_axis(answers.index)
        made[name] = said.where(answers[name].notna(), "\x00" + why.astype("object"))
    return pd.DataFrame(made, index=answers.index)
