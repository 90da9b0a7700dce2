"""Responses that are nearly the same: an interview copied and touched up, or typed in twice.

Two responses that differ in at most `d` questions agree wholly in at least two of `d + 2` sets of
questions, however the questions are dealt out. So only responses that agree in two such sets are
compared, and none that is alike is missed: no blocks by place or interviewer are needed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.cleaning.batch import Ints

Codes = npt.NDArray[np.signedinteger[Any]]
Hashes = npt.NDArray[np.uint64]
PAIR_COLUMNS = ("first", "second", "compared", "equal", "share")
_PIECE = 4_000_000
_NEARLY = 1e-9
_AGREEING = 2
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Alike:
    """When two responses are alike.

    Attributes:
        share: least share of equal answers, over the questions that either of them answered.
        compared: least number of such questions; short interviews are alike by chance.
        bucket: most responses that are compared each with each because they agree in two sets of
            questions; larger groups are parted by further sets first.
    """

    share: float = 0.95
    compared: int = 20
    bucket: int = 500

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1 or self.compared < 1 or self.bucket < _AGREEING:
            raise ValueError("share is above 0 and at most 1, compared and bucket are positive")

    @property
    def answered(self) -> float:
        """Least number of answers that one of two alike responses has."""
        return self.share * self.compared - _NEARLY


def soft_duplicates(
    answers: Iterable["pd.Series[Any]"], alike: Alike | None = None
) -> pd.DataFrame:
    """Every pair of responses that are alike.

    Args:
        answers: one after the other the questions that a person answered, a row a response; any
            dtypes, missing is NA.
        alike: when two are.

    Returns:
        `PAIR_COLUMNS`, ordered: rows of the two (first < second), how many questions either of
        them answered, in how many they are equal, and the share.
    """
    search = _Search(_codes(answers), alike or Alike())
    found = list(search.pairs())
    whole = np.unique(np.concatenate(found), axis=0) if found else np.zeros((0, 4), np.int64)
    frame = pd.DataFrame(whole, columns=list(PAIR_COLUMNS[:4]))
    return frame.assign(share=frame["equal"] / frame["compared"])


def _codes(answers: Iterable["pd.Series[Any]"]) -> tuple[Codes, ...]:
    """Answers as small numbers, the question with most information first; -1 is missing."""
    columns = [_numbered(column) for column in answers]
    return tuple(sorted(columns, key=_information, reverse=True))


def _numbered(column: "pd.Series[Any]") -> Codes:
    codes, values = pd.factorize(column)
    kind = next(kind for kind in (np.int8, np.int16, np.int32) if len(values) <= np.iinfo(kind).max)
    return np.asarray(codes.astype(kind))


def _information(codes: Codes) -> float:
    """The entropy of a question's answers."""
    shares = np.bincount(codes.astype(np.int64) + 1) / max(len(codes), 1)
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())


@dataclass(frozen=True, eq=False)
class _Search:
    codes: tuple[Codes, ...]
    alike: Alike

    def pairs(self) -> Iterator[Ints]:
        """Pairs that are alike, some of them more than once: first, second, compared, equal."""
        if not self.codes:
            return
        answered = np.zeros(len(self.codes[0]), np.int32)
        for column in self.codes:
            answered += column >= 0
        rows = np.flatnonzero(answered >= self.alike.answered)
        questions = len(self.codes)
        differing = int(np.floor((1 - self.alike.share) * questions + _NEARLY))
        if len(rows) > 1:
            yield from self._among(rows.astype(np.int64), tuple(range(questions)), differing)

    def _among(self, rows: Ints, questions: tuple[int, ...], differing: int) -> Iterator[Ints]:
        """Pairs of these rows, which are known to agree in all but these questions."""
        sets = differing + _AGREEING
        if len(rows) <= self.alike.bucket or len(questions) < sets:
            yield from self._compared(rows)
            return
        dealt = [questions[at::sets] for at in range(sets)]
        hashes = [self._hashed(rows, one) for one in dealt]
        for chosen in combinations(range(sets), _AGREEING):
            left = tuple(sorted(one for at in range(sets) if at not in chosen for one in dealt[at]))
            for places in _groups(_mixed(hashes[chosen[0]], hashes[chosen[1]])):
                yield from self._among(rows[places], left, differing)

    def _hashed(self, rows: Ints, questions: tuple[int, ...]) -> Hashes:
        """One number a row for its answers to several questions."""
        found = np.zeros(len(rows), np.uint64)
        for at in questions:
            found = _mixed(found, self.codes[at][rows].astype(np.int64).view(np.uint64))
        return found

    def _compared(self, rows: Ints) -> Iterator[Ints]:
        """Each of these rows with each."""
        rows = np.sort(rows)
        held = np.stack([column[rows] for column in self.codes], axis=1)
        answered = held >= 0
        step = max(1, _PIECE // held.size)
        for start in range(0, len(rows) - 1, step):
            left, right = slice(start, start + step), slice(start + 1, None)
            either = answered[left, None] | answered[None, right]
            compared = either.sum(axis=2)
            equal = (either & (held[left, None] == held[None, right])).sum(axis=2)
            alike = equal >= self.alike.share * compared - _NEARLY
            first, second = np.nonzero(alike & (compared >= self.alike.compared))
            ahead = second >= first
            first, second = first[ahead], second[ahead]
            numbers = (compared[first, second], equal[first, second])
            yield np.stack([rows[first + start], rows[second + start + 1], *numbers], axis=1)


def _mixed(left: Hashes, right: Hashes) -> Hashes:
    found = (left ^ right) * _MIX
    return np.asarray(found ^ (found >> np.uint64(29)))


def _groups(keys: Hashes) -> Iterator[Ints]:
    """Places of equal keys, in groups of at least two."""
    order = np.argsort(keys, kind="stable")
    ends = np.flatnonzero(np.diff(keys[order]) != 0) + 1
    starts = np.concatenate([[0], ends])
    lengths = np.diff(np.append(starts, len(order)))
    for start, length in zip(starts[lengths > 1], lengths[lengths > 1], strict=True):
        yield order[start : start + length].astype(np.int64)
