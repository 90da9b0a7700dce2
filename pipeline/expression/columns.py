# ruff: noqa: D102 - the base class says what each method gives
"""Whole columns of values: the same conversions as `values.py`, for all rows at once.

A column has one value a row, or a single value that stands for every row. Texts are kept once each,
with codes, so that a conversion is made once for each distinct text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.expression import values
from pipeline.expression.values import BLANK, CLOSE, Value

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Flags = Bools | bool
FEW = 4  # categories compared one by one before a look-up is faster


class Column:
    """Values of one column; every kind of column answers these questions about itself."""

    @property
    def is_number(self) -> Flags:
        """Which rows hold a number (or NaN)."""
        return False

    @property
    def is_boolean(self) -> Flags:
        """Which rows hold a truth."""
        return False

    def __len__(self) -> int:
        raise NotImplementedError

    def numbers(self) -> Floats:
        """As numbers."""
        raise NotImplementedError

    def truths(self) -> Bools:
        """As truths."""
        raise NotImplementedError

    def texts(self) -> "Texts":
        """As texts."""
        raise NotImplementedError

    def null(self) -> Bools:
        """Blank or not a number."""
        raise NotImplementedError

    def take(self, rows: Ints) -> "Column":
        """The values at these rows; -1 is a blank."""
        raise NotImplementedError

    def factor(self) -> tuple[Ints, list[Value]]:
        """Codes and the plain values that they stand for."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Texts(Column):
    """Texts: codes into a pool; `source` is the column of the frame, not yet coded."""

    source: pd.Series | None = None
    coded: tuple[Ints, npt.NDArray[np.object_]] | None = None

    @classmethod
    def one(cls, text: str) -> "Texts":
        """The same text for every row."""
        return cls(coded=(np.zeros(1, np.int64), np.array([text], dtype=object)))

    @classmethod
    def many(cls, texts: "Sequence[str] | npt.NDArray[np.object_]") -> "Texts":
        """A text for each row."""
        codes, pool = pd.factorize(np.array(texts, dtype=object))
        return cls(coded=(codes.astype(np.int64), np.asarray(pool, dtype=object)))

    @cached_property
    def _coded(self) -> tuple[Ints, npt.NDArray[np.object_]]:
        if self.coded is not None:
            return self.coded
        assert self.source is not None  # noqa: S101 - one of the two is always given
        if isinstance(self.source.dtype, pd.CategoricalDtype):
            codes = self.source.cat.codes.to_numpy().astype(np.int64)
            pool = self.source.cat.categories.astype(str).to_numpy(dtype=object)
        else:
            codes, uniques = pd.factorize(self.source)
            pool = np.asarray(uniques, dtype=object)
        full = np.append(pool, BLANK).astype(object)
        return np.where(codes < 0, len(pool), codes), full

    @property
    def codes(self) -> Ints:
        """Place of each row's text in the pool."""
        return self._coded[0]

    @property
    def pool(self) -> npt.NDArray[np.object_]:
        """The texts, each at least once."""
        return self._coded[1]

    def __len__(self) -> int:
        return len(self.source) if self.source is not None else len(self.codes)

    def constant(self) -> str | None:
        """The text that every row has, if the column is one text."""
        if self.source is not None or len(self.codes) != 1:
            return None
        return str(self.pool[self.codes[0]])

    def map(self, work: Callable[[str], Any], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        """The work done once for each distinct text."""
        done = np.array([work(text) for text in self.pool], dtype=dtype)
        return done[self.codes]

    def flags(self, work: Callable[[str], bool]) -> Bools:
        """The same for truths; few categories are compared, which is faster than looked up."""
        if self.source is None or not isinstance(self.source.dtype, pd.CategoricalDtype):
            return self.map(work, np.bool_)
        codes = self.source.cat.codes.to_numpy()
        wanted = [at for at, text in enumerate(self.source.cat.categories) if work(str(text))]
        if work(BLANK):
            wanted.append(-1)
        if len(wanted) > FEW:
            return np.isin(codes, wanted)
        found = np.zeros(len(codes), dtype=np.bool_) if not wanted else codes == wanted[0]
        for code in wanted[1:]:
            found |= codes == code
        return np.asarray(found)

    def map_pool(self, work: Callable[[str], str]) -> npt.NDArray[np.object_]:
        """The pool with the work done on each text; the codes stay."""
        return np.array([work(text) for text in self.pool], dtype=object)

    def numbers(self) -> Floats:
        return self.map(values.number, np.float64)

    def truths(self) -> Bools:
        return ~self.null()

    def texts(self) -> "Texts":
        return self

    def null(self) -> Bools:
        return self.equals(Texts.one(BLANK))

    def take(self, rows: Ints) -> "Texts":
        pool = np.append(self.pool, BLANK).astype(object)
        return Texts(coded=(np.where(rows < 0, len(pool) - 1, _padded(self.codes)[rows]), pool))

    def factor(self) -> tuple[Ints, list[Value]]:
        return self.codes, list(self.pool)

    def equals(self, other: "Texts") -> Bools:
        """Whether the texts are the same, row by row."""
        if (text := other.constant()) is not None:
            return self._is(text)
        if (text := self.constant()) is not None:
            return other._is(text)  # noqa: SLF001 - its own class
        place = {text: at for at, text in enumerate(self.pool)}
        mine = np.array([place[text] for text in self.pool])[self.codes]
        theirs = np.array([place.get(text, -1) for text in other.pool])[other.codes]
        return np.asarray(mine == theirs)

    def _is(self, text: str) -> Bools:
        if self.source is None:
            return np.asarray((self.pool == text)[self.codes])
        if isinstance(self.source.dtype, pd.CategoricalDtype):
            return self.flags(lambda one: one == text)
        whole = arrow(self.source)
        found = filled(pc.equal(whole, text))
        return found | np.asarray(pc.is_null(whole)) if text == BLANK else found


def arrow(series: pd.Series) -> pa.Array | pa.ChunkedArray:
    """A column of texts as Arrow sees it, without a copy where it is Arrow's already."""
    return pa.array(series, type=pa.large_string(), from_pandas=True)


def filled(flags: "pa.BooleanArray | pa.ChunkedArray") -> Bools:
    """Arrow's truths, false where they are missing."""
    return np.array(pc.fill_null(flags, False), dtype=np.bool_)  # noqa: FBT003 - arrow's


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
        amounts = np.where(missing, np.nan, _padded(self.amounts)[rows])
        if self.blank is True:
            return Numbers(amounts, blank=True)
        return Numbers(amounts, missing | _padded(self.blanks)[rows])

    def factor(self) -> tuple[Ints, list[Value]]:
        unique, codes = np.unique(self.amounts, return_inverse=True)
        return np.where(self.blanks, len(unique), codes), [*unique.tolist(), BLANK]


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
        missing = (rows < 0) | _padded(self.blanks)[rows]
        held = ~missing & _padded(self.held)[rows]
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

    def truths(self) -> Bools:
        return ~np.isnat(self.at)

    def texts(self) -> Texts:
        unique, codes = np.unique(self.at.astype("datetime64[D]"), return_inverse=True)
        pool = [BLANK if np.isnat(day) else str(day) for day in unique]
        return Texts(coded=(codes, np.array(pool, dtype=object)))

    def null(self) -> Bools:
        return np.isnat(self.at)

    def take(self, rows: Ints) -> "Moments":
        return Moments(np.where(rows < 0, np.datetime64("NaT", "us"), _padded(self.at)[rows]))

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
        return Mixed(_padded(flags)[rows], yes, no)

    def factor(self) -> tuple[Ints, list[Value]]:
        yes, yes_pool = self.yes.factor()
        no, no_pool = self.no.factor()
        return np.where(self.flags, yes, no + len(yes_pool)), [*yes_pool, *no_pool]


def _padded(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """One more row, so that row -1 exists even in an empty table."""
    return array if len(array) else np.zeros(1, array.dtype)


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
    if yes.blank is False and no.blank is False:
        return Numbers(amounts)
    return Numbers(amounts, np.where(flags, yes.blanks, no.blanks))


def equal(left: Column, right: Column) -> Bools:
    """`=`, row by row: as truths, numbers or texts, by what the two values are."""
    booleans = _either(left.is_boolean, right.is_boolean)
    if booleans is True:
        return np.asarray(left.truths() == right.truths())
    numbers = _either(left.is_number, right.is_number)
    if numbers is True and booleans is False:
        return _close(left, right)
    if numbers is False and booleans is False:
        return left.texts().equals(right.texts())
    return _equal_by_row(left, right, np.asarray(booleans), np.asarray(numbers))


def _either(left: Flags, right: Flags) -> Flags:
    if left is True or right is True:
        return True
    if left is False and right is False:
        return False
    return np.asarray(np.logical_or(left, right))


def _close(left: Column, right: Column) -> Bools:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(left.numbers() - right.numbers()) < CLOSE)


def _equal_by_row(left: Column, right: Column, booleans: Bools, numbers: Bools) -> Bools:
    length = together(len(left), len(right), booleans.size, numbers.size)
    booleans, numbers = np.broadcast_to(booleans, length), np.broadcast_to(numbers, length)
    result = np.broadcast_to(_close(left, right), length).copy()
    if booleans.any():
        result[booleans] = np.broadcast_to(left.truths() == right.truths(), length)[booleans]
    rest = np.flatnonzero(~booleans & ~numbers)
    if len(rest):
        ours = left.take(rest if len(left) > 1 else np.zeros_like(rest)).texts()
        theirs = right.take(rest if len(right) > 1 else np.zeros_like(rest)).texts()
        result[rest] = ours.equals(theirs)
    return result
