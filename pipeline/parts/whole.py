"""The cleaned parts as one: a column at a time, so that what sees all responses need not hold them.

Outliers, soft duplicates, interviewers and weights are about everybody. Each looks at one question
after the other; so the whole table is never in memory, only the column that is looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Finding, Ints
from pipeline.cleaning.process import Cleaned
from pipeline.parts.clean import MISSING, RAW_TEXT, ROW, Piece, clean_name
from pipeline.parts.sealed import Sealed
from pipeline.responses import issues_frame

_HELD = 1


class WholeTable:
    """A table of all parts; stands where a frame of it would, if columns are all that is asked for.

    Args:
        sealed: where the parts lie.
        names: of the parts, in order.
        table: its name in them.
        beside: a table with a row for each of its rows; they are held once.
    """

    rows: Ints
    """For each row the row of main among all that came."""
    order: Ints | None
    """Brings the rows of the parts, one part after the other, into this order; None: they are."""

    def __init__(
        self,
        sealed: Sealed,
        names: Sequence[str],
        table: str,
        beside: "WholeTable | None" = None,
    ) -> None:
        self._sealed, self._names, self._table = sealed, tuple(names), table
        self._held = dict[str, pd.Series]()
        if beside is None:
            self.starts, self.rows, self.order = _lying(sealed, self._names, table)
        else:
            self.starts, self.rows, self.order = beside.starts, beside.rows, beside.order

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns' names."""
        names = (self._sealed.tables(name)[self._table] for name in self._names)
        return tuple(one for one in dict.fromkeys(n for part in names for n in part) if one != ROW)

    @property
    def index(self) -> pd.RangeIndex:
        """0..n-1."""
        return pd.RangeIndex(len(self))

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __getitem__(self, name: str) -> "pd.Series[Any]":
        """A column of the whole; the last one is kept."""
        if name not in self._held:
            while len(self._held) >= _HELD:
                del self._held[next(iter(self._held))]
            self._held[name] = self._column(name)
        return self._held[name]

    def frame(self, names: Sequence[str]) -> pd.DataFrame:
        """Several columns as a frame."""
        return pd.DataFrame({name: self[name] for name in names}, index=self.index)

    def _column(self, name: str) -> "pd.Series[Any]":
        parts = [
            self._sealed.read(one, self._table, [name])[name]
            for one, start, end in zip(self._names, self.starts, self.starts[1:], strict=False)
            if end > start
        ]
        if not parts:
            return self._sealed.read(self._names[0], self._table, [name])[name]
        whole = pd.concat(parts, ignore_index=True)
        return whole if self.order is None else whole.take(self.order).reset_index(drop=True)

    def places(self, rows: Ints) -> tuple[Ints, Ints]:
        """The part in which each row of the whole stands, and its row there."""
        at = rows if self.order is None else self.order[rows]
        parts = np.searchsorted(self.starts, at, side="right") - 1
        return parts.astype(np.int64), (at - self.starts[parts]).astype(np.int64)

    def of_part(self, number: int) -> Ints:
        """The rows of the whole that stand in a part, in the part's order."""
        start, end = self.starts[number], self.starts[number + 1]
        if self.order is None:
            return np.arange(start, end)
        rows = np.flatnonzero((self.order >= start) & (self.order < end))
        found = np.empty(end - start, np.int64)
        found[self.order[rows] - start] = rows
        return found


def _lying(sealed: Sealed, names: Sequence[str], table: str) -> tuple[Ints, Ints, Ints | None]:
    """Where each part begins, and the rows of main in their order; how to bring them into it."""
    parts = [sealed.read(name, table, [ROW])[ROW].to_numpy(np.int64) for name in names]
    starts = np.cumsum([0, *map(len, parts)])
    rows = np.concatenate(parts)
    if np.all(rows[1:] >= rows[:-1]):
        return starts, rows, None
    order = np.argsort(rows, kind="stable")
    return starts, rows[order], order


@dataclass(frozen=True, eq=False)
class Whole:
    """All cleaned parts of a form."""

    sealed: Sealed
    pieces: tuple[Piece, ...]
    repeats: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the cleaned parts."""
        return tuple(clean_name(piece.number) for piece in self.pieces)

    @cached_property
    def tables(self) -> dict[str, WholeTable]:
        """Main and repeats."""
        return {name: self.table(name) for name in (MAIN, *self.repeats)}

    @cached_property
    def missing(self) -> WholeTable:
        """The kinds of missing answers of the main table."""
        return WholeTable(self.sealed, self.names, MISSING + MAIN, self.tables[MAIN])

    def table(self, name: str) -> WholeTable:
        """A table by its name in the parts."""
        return WholeTable(self.sealed, self.names, name)

    def only(self, questions: Sequence[str]) -> Cleaned:
        """The cleaned responses with no other questions than these, all at once.

        Issues and ledger are left out, and of the raw texts those of the questions are in.
        """
        texts = self.table(RAW_TEXT)
        named = texts["question"].isin(list(questions))
        raw_text = (
            texts.frame(texts.columns)[named] if named.any() else texts.frame(texts.columns)[:0]
        )
        kept = {name: self._kept(name, questions) for name in (MAIN, *self.repeats)}
        lacking = {name: kept[name][[]] for name in kept}
        return Cleaned(
            main=kept[MAIN],
            repeats={name: kept[name] for name in self.repeats},
            missing=lacking[MAIN],
            repeat_missing={name: lacking[name] for name in self.repeats},
            issues=issues_frame(),
            ledger=pd.DataFrame(),
            raw_text=raw_text.reset_index(drop=True),
        )

    def _kept(self, name: str, questions: Sequence[str]) -> pd.DataFrame:
        table = self.tables[name]
        asked = [one for one in questions if one in table]
        keys = ("response_id", "position", "parent_position") if asked else ()
        return table.frame([*(one for one in keys if one in table), *asked])

    def dealt(self, findings: Sequence[Finding]) -> list[list[Finding]]:
        """Findings about rows of the whole, as findings about rows of each part."""
        found: list[list[Finding]] = [[] for _ in self.pieces]
        for one in findings:
            parts, rows = self.tables[one.table].places(one.rows)
            for number in np.unique(parts).tolist():
                found[number].append(replace(one, rows=np.sort(rows[parts == number])))
        return found
