"""Single answers in the frames of a batch: looked at, compared by type, and written in one go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import Batch, Fate, Fated
from pipeline.cleaning.choice_columns import NO, YES
from pipeline.cleaning.correction_targets import Target
from pipeline.cleaning.moments import Habits
from pipeline.cleaning.numbers import Read
from pipeline.cleaning.readers import reader_of
from pipeline.cleaning.spelling import fold
from pipeline.questionnaire.model import Item
from pipeline.questionnaire.types import Storage

_MISSING_WORDS = frozenset(["NA", "N/A", "<NA>", "NaN"])


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer, or one choice of it.

    Attributes:
        column: the question's, or `question/choice`.
    """

    table: str
    row: int
    item: Item
    choice: str | None

    @property
    def column(self) -> str:
        """The frame's column."""
        return self.item.name if self.choice is None else f"{self.item.name}/{self.choice}"

    @property
    def key(self) -> tuple[object, ...]:
        """What corrections of the same thing share."""
        return self.table, self.row, self.column


@dataclass
class Cells:
    """The answers of a batch, with changes not yet written."""

    batch: Batch
    habits: Habits
    _new: dict[tuple[str, str], dict[int, Any]] = field(default_factory=dict)
    _touched: dict[tuple[str, int], Item] = field(default_factory=dict)
    _readers: dict[str, Callable[[str], Read]] = field(default_factory=dict)

    def at(self, target: Target) -> Cell:
        """The cell of a target that names a question."""
        assert target.item is not None  # noqa: S101 - only whole responses have none
        return Cell(target.table, target.row, target.item, target.choice)

    def value(self, cell: Cell) -> Any:
        """The answer now, None where it is missing."""
        return self._held(cell.table, cell.column, cell.row)

    def read(self, cell: Cell, text: str | None) -> Read:
        """A text of the log as an answer; with a code where it cannot be one."""
        if text is None:
            return Read(None)
        if cell.choice is not None:
            known = text in YES or text in NO
            return Read(text in YES) if known else Read(None, "not_a_tick")
        name = cell.item.name
        if name not in self._readers:
            form = self.batch.questionnaire
            self._readers[name] = reader_of(cell.item.question, form, self.habits)
        return self._readers[name](text)

    def same(self, cell: Cell, left: Any, right: Any) -> bool:
        """Whether two values are the same answer; choices may stand in another order."""
        if left is None or right is None:
            return left is right
        if cell.choice is not None:
            return bool(left) == bool(right)
        storage = cell.item.question.storage
        if storage in {Storage.DATE, Storage.DATETIME}:
            return bool(pd.Timestamp(left) == pd.Timestamp(right))
        if storage is Storage.SELECT_MULTIPLE:
            return set(str(left).split(" ")) == set(str(right).split(" "))
        return bool(left == right)

    def fits(self, cell: Cell, old: str | None, now: Any, *, as_written: bool = True) -> bool:
        """Whether the old value of a correction is the answer now.

        Compared by type and, with `as_written`, with the text that came back: that is what the
        answer was only as long as no other correction has changed it.
        """
        if old is None:
            return False
        if now is None and (old in _MISSING_WORDS or (cell.choice is not None and old in NO)):
            return True
        read = self.read(cell, old)
        if read.value is not None and self.same(cell, read.value, now):
            return True
        raw = self._raw.get((cell.item.name, cell.row)) if as_written else None
        return cell.choice is None and raw is not None and fold(raw) == fold(old)

    def put(self, cell: Cell, value: Any) -> None:
        """Change an answer; a choice and its question stay in step."""
        self._write(cell.table, cell.column, cell.row, value)
        self._touched[cell.item.name, cell.row] = cell.item
        if cell.item.question.storage is not Storage.SELECT_MULTIPLE:
            return
        if cell.choice is not None:
            text = self._held(cell.table, cell.item.name, cell.row)
            chosen = dict.fromkeys(str(text).split(" ") if text else [])
            chosen = chosen | {cell.choice: None} if value else chosen
            left = [one for one in chosen if value or one != cell.choice]
            self._write(cell.table, cell.item.name, cell.row, " ".join(left) or None)
            return
        chosen = dict.fromkeys(str(value).split(" ")) if value else {}
        start = f"{cell.item.name}/"
        for name in map(str, self.batch.frames[cell.table].columns):
            if name.startswith(start):
                ticked = name[len(start) :] in chosen if value else None
                self._write(cell.table, name, cell.row, ticked)

    def written(self) -> Batch:
        """The batch with every change written, and its fate noted."""
        batch = self.batch
        for table in batch.frames:
            columns = {
                name: _changed(batch.frames[table][name], values)
                for (where, name), values in self._new.items()
                if where == table
            }
            batch = batch.with_columns(table, columns)
        return batch.adding(fated=self._fates())

    def _fates(self) -> list[Fated]:
        found: dict[tuple[str, Fate], list[int]] = {}
        for (name, row), item in self._touched.items():
            value = self._held(item.repeat or "", name, row)
            fate = Fate.BLANKED if value is None else Fate.CHANGED
            found.setdefault((name, fate), []).append(row)
        return [
            Fated(name, np.array(sorted(rows), np.int64), fate, "correction_applied")
            for (name, fate), rows in found.items()
        ]

    def _held(self, table: str, name: str, row: int) -> Any:
        changed = self._new.get((table, name), {})
        if row in changed:
            return changed[row]
        value: Any = self.batch.frames[table][name].iloc[row]
        return None if pd.isna(value) else value

    def _write(self, table: str, name: str, row: int, value: Any) -> None:
        self._new.setdefault((table, name), {})[row] = value

    @cached_property
    def _raw(self) -> dict[tuple[str, int], str]:
        return {
            (found.question, row): text
            for found in self.batch.raw_texts
            for row, text in zip(found.rows.tolist(), found.texts.to_pylist(), strict=True)
        }


def _changed(column: pd.Series, values: dict[int, Any]) -> Any:
    """A column with some rows changed; a category takes in names that it does not have yet."""
    rows = list(values)
    new = list(values.values())
    if isinstance(column.dtype, pd.CategoricalDtype):
        fresh = dict.fromkeys(one for one in new if one is not None)
        unknown = [one for one in fresh if one not in column.cat.categories]
        column = column.cat.add_categories(sorted(unknown)) if unknown else column
    array = column.array.copy()
    array[rows] = pd.Series(new, dtype=object).astype(column.dtype).array
    return array
