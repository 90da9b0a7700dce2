# ruff: noqa: D102 - the base class says what each method gives
"""What every column of values answers about itself, and columns of texts.

Texts are kept once each, with codes, so that a conversion is made once for each distinct text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.expression import values
from pipeline.expression.values import BLANK, Value

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

    def doubles(self) -> Floats:
        """As numbers for arithmetic functions, where a moment keeps its part of the day."""
        return self.numbers()

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
        return Texts(coded=(np.where(rows < 0, len(pool) - 1, padded(self.codes)[rows]), pool))

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


def padded(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """One more row, so that row -1 exists even in an empty table."""
    return array if len(array) else np.zeros(1, array.dtype)
