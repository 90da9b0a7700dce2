# ruff: noqa: D102 - the base class says what each method gives
"""Whole columns of values: the same conversions as `values.py`, for all rows at once.

A column has one value a row, or a single value that stands for every row.
"""

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.expression import values
from pipeline.expression.texts import (
    Bools,
    Column,
    Flags,
    Floats,
    Ints,
    Texts,
    arrow,
    filled,
    padded,
)
from pipeline.expression.values import BLANK, CLOSE, Value

__all__ = [
    "Booleans",
    "Bools",
    "Column",
    "Flags",
    "Floats",
    "Ints",
    "Mixed",
    "Moments",
    "Numbers",
    "Texts",
    "arrow",
    "choose",
    "constant",
    "filled",
    "together",
]

_DAY = 86_400_000  # thousandths of a second


@dataclass(frozen=True, eq=False)
class Numbers(Column):
    """Numbers; where `blank`, the row holds the empty text instead (True: wherever it is NaN)."""

    amounts: Floats
    blank: Flags = False

    @property
    def blanks(self) -> Bools:
        """Which rows are the empty text."""
        if isinstance(self.blank, np.ndarray):
            return self.blank
        return np.isnan(self.amounts) if self.blank else np.zeros(len(self.amounts), bool)

    @property
    def is_number(self) -> Flags:
        """Rows that hold a number (or NaN), and not the empty text."""
        return True if self.blank is False else ~self.blanks

    def __len__(self) -> int:
        return len(self.amounts)

    def numbers(self) -> Floats:
        return self.amounts

    def truths(self) -> Bools:
        return np.asarray(np.abs(self.amounts) > CLOSE)

    def texts(self) -> Texts:
        unique, codes = np.unique(self.amounts, return_inverse=True)
        pool = np.array([*map(values.number_text, unique.tolist()), BLANK], dtype=object)
        return Texts(coded=(np.where(self.blanks, len(pool) - 1, codes), pool))

    def null(self) -> Bools:
        return np.isnan(self.amounts)

    def take(self, rows: Ints) -> "Numbers":
        missing = rows < 0
        amounts = np.where(missing, np.nan, padded(self.amounts)[rows])
        if self.blank is True:
            return Numbers(amounts, blank=True)
        return Numbers(amounts, missing | padded(self.blanks)[rows])

    def factor(self) -> tuple[Ints, list[Value]]:
        codes, unique = pd.factorize(self.amounts)
        codes = np.where(codes < 0, len(unique), codes).astype(np.int64, copy=False)
        pool: list[Value] = [*unique.tolist(), math.nan, BLANK]
        return np.where(self.blanks, len(unique) + 1, codes), pool


@dataclass(frozen=True, eq=False)
class Booleans(Column):
    """Truths; where `blank`, the row holds the empty text instead."""

    held: Bools
    blank: Flags = False

    @property
    def blanks(self) -> Bools:
        """Which rows are the empty text."""
        return np.broadcast_to(np.asarray(self.blank), self.held.shape)

    @property
    def is_boolean(self) -> Flags:
        """Rows that hold a truth, and not the empty text."""
        return True if self.blank is False else ~self.blanks

    def __len__(self) -> int:
        return len(self.held)

    def numbers(self) -> Floats:
        return np.where(self.blanks, np.nan, self.held.astype(np.float64))

    def truths(self) -> Bools:
        return self.held if self.blank is False else self.held & ~self.blanks

    def texts(self) -> Texts:
        pool = np.array(["false", "true", BLANK], dtype=object)
        return Texts(coded=(np.where(self.blanks, 2, self.held.astype(np.int64)), pool))

    def null(self) -> Bools:
        return self.blanks

    def take(self, rows: Ints) -> "Booleans":
        missing = (rows < 0) | padded(self.blanks)[rows]
        held = ~missing & padded(self.held)[rows]
        return Booleans(held, missing if missing.any() else False)

    def factor(self) -> tuple[Ints, list[Value]]:
        return np.where(self.blanks, 2, self.held.astype(np.int64)), [False, True, BLANK]


@dataclass(frozen=True, eq=False)
class Moments(Column):
    """Dates and times as datetime64[us]; NaT is blank."""

    at: npt.NDArray[np.datetime64]

    def __len__(self) -> int:
        return len(self.at)

    def numbers(self) -> Floats:
        days = self.at.astype("datetime64[D]").astype(np.int64)
        return np.where(np.isnat(self.at), np.nan, days)

    def doubles(self) -> Floats:
        thousandths = self.at.astype("datetime64[ms]").astype(np.int64)
        return np.where(np.isnat(self.at), np.nan, thousandths / _DAY)

    def truths(self) -> Bools:
        return ~np.isnat(self.at)

    def texts(self) -> Texts:
        unique, codes = np.unique(self.at.astype("datetime64[D]"), return_inverse=True)
        pool = [BLANK if np.isnat(day) else str(day) for day in unique]
        return Texts(coded=(codes, np.array(pool, dtype=object)))

    def null(self) -> Bools:
        return np.isnat(self.at)

    def take(self, rows: Ints) -> "Moments":
        return Moments(np.where(rows < 0, np.datetime64("NaT", "us"), padded(self.at)[rows]))

    def factor(self) -> tuple[Ints, list[Value]]:
        unique, codes = np.unique(self.at, return_inverse=True)
        return codes, [BLANK if moment is None else moment for moment in unique.tolist()]


@dataclass(frozen=True, eq=False)
class Mixed(Column):
    """Rows of one column where the flag is set, of another where it is not."""

    flags: Bools
    yes: Column
    no: Column

    @property
    def is_number(self) -> Flags:
        """Rows that hold a number."""
        return np.asarray(np.where(self.flags, self.yes.is_number, self.no.is_number))

    @property
    def is_boolean(self) -> Flags:
        """Rows that hold a truth."""
        return np.asarray(np.where(self.flags, self.yes.is_boolean, self.no.is_boolean))

    def __len__(self) -> int:
        return together(len(self.flags), len(self.yes), len(self.no))

    def numbers(self) -> Floats:
        return np.where(self.flags, self.yes.numbers(), self.no.numbers())

    def doubles(self) -> Floats:
        return np.where(self.flags, self.yes.doubles(), self.no.doubles())

    def truths(self) -> Bools:
        return np.where(self.flags, self.yes.truths(), self.no.truths())

    def texts(self) -> Texts:
        yes, no = self.yes.texts(), self.no.texts()
        pool = np.concatenate([yes.pool, no.pool])
        return Texts(coded=(np.where(self.flags, yes.codes, no.codes + len(yes.pool)), pool))

    def null(self) -> Bools:
        return np.where(self.flags, self.yes.null(), self.no.null())

    def take(self, rows: Ints) -> "Column":
        flags = np.broadcast_to(self.flags, len(self))
        yes = self.yes.take(rows if len(self.yes) > 1 else np.minimum(rows, 0))
        no = self.no.take(rows if len(self.no) > 1 else np.minimum(rows, 0))
        return Mixed(padded(flags)[rows], yes, no)

    def factor(self) -> tuple[Ints, list[Value]]:
        yes, yes_pool = self.yes.factor()
        no, no_pool = self.no.factor()
        return np.where(self.flags, yes, no + len(yes_pool)), [*yes_pool, *no_pool]


def together(*lengths: int) -> int:
    """How long columns of these lengths are side by side; one of length 1 stands for every row."""
    return int(np.broadcast_shapes(*((length,) for length in lengths))[0])


def constant(value: Value) -> Column:
    """One value for every row."""
    if isinstance(value, bool):
        return Booleans(np.array([value]))
    if isinstance(value, float):
        return Numbers(np.array([value]))
    if isinstance(value, datetime):
        return Moments(np.array([value], dtype="datetime64[us]"))
    return Texts.one(value)


def choose(flags: Bools, yes: Column, no: Column) -> Column:
    """`yes` where the flag is set, else `no`; numbers beside blanks stay numbers."""
    if isinstance(yes, Numbers) and (other := _as_numbers(no)) is not None:
        return _numbers_where(flags, yes, other)
    if isinstance(no, Numbers) and (other := _as_numbers(yes)) is not None:
        return _numbers_where(flags, other, no)
    if isinstance(yes, Texts) and isinstance(no, Texts):
        return Mixed(flags, yes, no).texts()
    if isinstance(yes, Booleans) and isinstance(no, Booleans):
        return Booleans(np.where(flags, yes.held, no.held), np.where(flags, yes.blank, no.blank))
    if isinstance(yes, Moments) and isinstance(no, Moments):
        return Moments(np.where(flags, yes.at, no.at))
    return Mixed(flags, yes, no)


def _as_numbers(column: Column) -> Numbers | None:
    if isinstance(column, Numbers):
        return column
    if isinstance(column, Texts) and column.constant() == BLANK:
        return Numbers(np.array([np.nan]), blank=True)
    return None


def _numbers_where(flags: Bools, yes: Numbers, no: Numbers) -> Numbers:
    amounts = np.where(flags, yes.amounts, no.amounts)
    if isinstance(yes.blank, bool) and yes.blank is no.blank:
        return Numbers(amounts, yes.blank)
    return Numbers(amounts, np.where(flags, yes.blanks, no.blanks))
