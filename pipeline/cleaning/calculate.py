"""Stage calculate: what a returned file could not work out itself, worked out from its answers.

An Excel form carries no calculations, and an exported table may lack their columns; without them
every skip that rests on one would be wrong. What came with a value keeps it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import Batch, Bools
from pipeline.cleaning.calculations import is_comparable
from pipeline.cleaning.engine import Clock, Engine, cached_parse
from pipeline.errors import SurveyError
from pipeline.expression.columns import Column
from pipeline.expression.parse import references
from pipeline.expression.to_pandas import work_out
from pipeline.expression.tree import Expression
from pipeline.questionnaire.model import Item
from pipeline.questionnaire.types import Filled, Storage
from pipeline.responses import Mode

STAGE = "calculate"
_NO_NUMBER = "NaN"


def calculate(batch: Batch, clock: Clock) -> Batch:
    """Work out the calculations of responses whose file could not hold them.

    Args:
        batch: typed answers.
        clock: for `today()`.

    Returns:
        The batch with these values in place, `worked_out` saying in which rows. A calculation that
        rests on the moment of filling in, on chance, or on what the file lacks stays blank.
    """
    work = _Work(Engine(batch, clock))
    for item in batch.questionnaire.items:
        work.fill(item)
    absent = {
        name: flags & ~batch.spread_up(work.filled[name], work.by_name[name].repeat)
        if name in work.filled
        else flags
        for name, flags in batch.absent.items()
    }
    done = replace(batch, worked_out=work.filled, absent=absent)
    for table, columns in work.columns.items():
        done = done.with_columns(table, columns)
    return done


def worked_out_values(engine: Engine, item: Item) -> Any:
    """What a calculation gives now, as its column stores it; None where it cannot be said."""
    rule, store = item.question.calculation, _STORED.get(item.question.storage)
    if rule is None or store is None:
        return None
    table = engine.tables[item.repeat or ""]
    try:
        return store(work_out(cached_parse(rule), table, item.name), len(table))
    except SurveyError as error:
        engine.unchecked[item.name, "calculation"] = error.problems[0].message
        return None


def with_values(column: pd.Series, rows: Bools, values: Any) -> Any:
    """The column with other values in some rows, its dtype kept."""
    array = column.array.copy()
    array[rows] = values[rows]
    return array


@dataclass
class _Work:
    """The calculations worked out so far; what one names is worked out before it."""

    engine: Engine
    filled: dict[str, Bools] = field(default_factory=dict)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    @cached_property
    def by_name(self) -> Mapping[str, Item]:
        return {item.name: item for item in self.engine.batch.questionnaire.items}

    @cached_property
    def excel(self) -> Bools:
        return (self.engine.batch.main["mode"] == Mode.EXCEL).to_numpy(dtype=bool)

    def fill(self, item: Item) -> None:
        """Work out one calculation, once, wherever it is lacking."""
        rule = item.question.calculation
        if item.name in self.seen or not rule or item.question.trigger:
            return
        self.seen.add(item.name)
        expression = cached_parse(rule)
        for name in sorted(references(expression)):
            if name in self.by_name:
                self.fill(self.by_name[name])
        rows = self._lacking(item)
        if not rows.any() or not is_comparable(expression, self.engine.batch):
            return
        rows &= self._knowable(expression, item)
        values = worked_out_values(self.engine, item) if rows.any() else None
        if values is None:
            return
        table = item.repeat or ""
        column = self.engine.batch.frames[table][item.name]
        columns = {item.name: with_values(column, rows, values)}
        self.engine.put(table, columns)
        self.columns.setdefault(table, {}).update(columns)
        self.filled[item.name] = rows

    def _lacking(self, item: Item) -> Bools:
        """Rows without the value, whose file could not hold it."""
        batch, table = self.engine.batch, item.repeat or ""
        absent = batch.absent_in(item.name, table)
        could_not = batch.spread(self.excel, table)
        could_not = could_not if absent is None else could_not | absent
        return could_not & batch.frames[table][item.name].isna().to_numpy() & batch.standing(table)

    def _knowable(self, expression: Expression, item: Item) -> Bools:
        """Rows whose file holds everything that the calculation names."""
        batch, table = self.engine.batch, item.repeat or ""
        known = np.ones(len(batch.frames[table]), bool)
        for name in references(expression):
            named = self.by_name.get(name)
            if name in self.filled or named is None:
                continue
            if (absent := batch.absent.get(name)) is not None:
                known &= ~batch.spread(absent, table)
            row = named.question.row
            if row.filled is not Filled.PERSON or not row.in_excel:
                known &= ~batch.spread(self.excel, table)
        return known


def _texts(column: Column, length: int) -> Any:
    texts = column.texts()
    pool = [None if text in {"", _NO_NUMBER} else text for text in texts.pool]
    return pd.Series(pool, dtype="str").array.take(np.broadcast_to(texts.codes, length))


def _decimals(column: Column, length: int) -> Any:
    return np.broadcast_to(column.numbers(), length)


def _integers(column: Column, length: int) -> Any:
    """Whole numbers; another is no value of such a question."""
    numbers = _decimals(column, length)
    whole = np.isfinite(numbers) & (numbers == np.floor(numbers))
    return pd.array(np.where(whole, numbers, np.nan), dtype="Float64").astype("Int64")


_STORED: Mapping[Storage, Callable[[Column, int], Any]] = {
    Storage.TEXT: _texts,
    Storage.DECIMAL: _decimals,
    Storage.INTEGER: _integers,
}
