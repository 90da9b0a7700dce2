"""Trying a questionnaire with the engine of the cleaning: whole frames, repeats linked to rows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from pipeline.expression.columns import Column
from pipeline.expression.parse import parse
from pipeline.expression.table import Table, link
from pipeline.expression.to_pandas import truth, work_out
from pipeline.expression.tree import Binary, Call, Expression, Negate, Path, Reference
from pipeline.expression.values import Value
from pipeline.questionnaire.given_answers import Key, storage_of
from pipeline.questionnaire.try_engines import Around, Choice
from pipeline.questionnaire.types import Storage

_MAIN = ""
_COLUMN = "choice filter "
_DTYPES = {
    Storage.INTEGER: "Int64",
    Storage.DECIMAL: "float64",
    Storage.DATE: "datetime64[us]",
    Storage.DATETIME: "datetime64[us]",
}


@dataclass
class Frames:
    """An `Engine`; the form itself is a frame of one row."""

    around: Around
    rows: dict[str, list[Key]] = field(default_factory=dict)
    tables: dict[str, Table] = field(init=False)

    def __post_init__(self) -> None:
        form = self.around.form
        self.rows = {_MAIN: [()], **{name: [] for name in form.repeats}}
        frames = {table: self._blank(table) for table in self.rows}
        self.tables = self._link(frames)

    def shape(self, repeat: str, rows: Sequence[Key]) -> None:
        """Say which instances a repeat has."""
        self.rows[repeat] = list(rows)
        frames = {name: table.frame for name, table in self.tables.items()}
        self.tables = self._link(frames | {repeat: self._blank(repeat)})

    def put(self, name: str, rows: Sequence[Key], answers: Sequence[object]) -> None:
        """Say the answers to a question."""
        frame = self._table(rows).frame
        if rows:
            dtype = _dtype_of(answers) or self._dtype(name)
            frame[name] = pd.Series(list(answers), dtype=dtype, index=frame.index)

    def truths(self, rule: str, name: str, rows: Sequence[Key]) -> list[bool]:
        """Whether a rule of a node holds, in each row."""
        if not rows:
            return []
        return [bool(flag) for flag in truth(parse(rule), self._table(rows), name)]

    def values(self, rule: str, name: str, rows: Sequence[Key]) -> list[Value]:
        """What a rule of a node gives, in each row."""
        return _values(work_out(parse(rule), self._table(rows), name), len(rows)) if rows else []

    def passes(self, rule: str, name: str, key: Key, choice: Choice) -> bool:
        """Whether a choice filter lets a choice through, in one row."""
        table = self._table([key])
        beside = {
            f"{_COLUMN}{column}": pd.Series(value, index=table.frame.index, dtype="str")
            for column, value in choice.items()
        }
        there = replace(table, frame=table.frame.assign(**beside))
        row = self.rows[table.name].index(key)
        return bool(truth(_on_columns(parse(rule)), there, name)[row])

    def _table(self, rows: Sequence[Key]) -> Table:
        """The table that has these rows."""
        return self.tables[rows[0][-1][0] if rows and rows[0] else _MAIN]

    def _dtype(self, name: str) -> str:
        return _DTYPES.get(storage_of(self.around.form.by_name[name].question), "str")

    def _blank(self, table: str) -> pd.DataFrame:
        index = pd.RangeIndex(len(self.rows[table]))
        names = self.around.names(table or None)
        columns = {name: pd.Series(None, index=index, dtype=self._dtype(name)) for name in names}
        return pd.DataFrame(columns, index=index)

    def _link(self, frames: dict[str, pd.DataFrame]) -> dict[str, Table]:
        around = self.around
        main = Table(
            frames[_MAIN],
            around.kinds,
            around.today,
            children={},
            lists={name: pd.DataFrame(rows, dtype="str") for name, rows in around.lists.items()},
            list_of=around.list_of,
            above=around.above,
            days=pd.Series([around.now], dtype="datetime64[us]"),
        )
        below = {}
        for name, item in around.form.repeats.items():
            above = item.parent or _MAIN
            parents = [self.rows[above].index(key[:-1]) for key in self.rows[name]]
            below[name] = (frames[name], above, np.array(parents, dtype=np.int64))
        return link(main, below, around.kinds)


def _dtype_of(answers: Sequence[object]) -> str | None:
    """The dtype of a calculation's values, which stay numbers, truths or moments; None: texts."""
    kinds = {type(answer) for answer in answers if answer is not None}
    known = {bool: "boolean", float: "float64", dt.datetime: "datetime64[us]"}
    return known.get(kinds.pop()) if len(kinds) == 1 else None


def _values(column: Column, length: int) -> list[Value]:
    codes, pool = column.factor()
    return [pool[code] for code in np.broadcast_to(codes, length)]


def _on_columns(expression: Expression) -> Expression:
    """The filter with the choice's columns read from the row: a plain name becomes a reference."""
    match expression:
        case Path(None, (step,), False) if step.name not in {".", ".."} and not step.predicates:
            return Reference(f"{_COLUMN}{step.name}")
        case Binary(_, left, right):
            return replace(expression, left=_on_columns(left), right=_on_columns(right))
        case Call(_, arguments):
            inside = tuple(_on_columns(one) for one in arguments)
            return replace(expression, arguments=inside)
        case Negate(operand):
            return replace(expression, operand=_on_columns(operand))
        case _:
            return expression
