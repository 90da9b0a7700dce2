"""The frames that an expression is worked out over: responses, and the repeats below them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

import numpy as np
import pandas as pd

from pipeline.expression.columns import Booleans as BooleanColumn
from pipeline.expression.columns import Bools, Column, Ints, Moments, Numbers, Texts
from pipeline.expression.kinds import Kind
from pipeline.expression.values import from_text


@dataclass(frozen=True, eq=False)
class Table:
    """One frame, and its place among the others.

    Attributes:
        frame: typed columns (Int64, float64, str, category, datetime64, bool); missing is NA.
            Columns `name/choice` of truths may stand beside a select_multiple.
        kinds: kind of each question; decides about times kept as text.
        parent: the frame above a repeat's, None at the top.
        parent_row: for each row, the position of its parent's row.
        children: the repeats directly below; rows of one parent stand in the order of instances.
        today: the day of the responses, where `now` has none.
        lists: choice lists, one row a choice: name, label and further columns.
        list_of: which list a select question takes.
        above: groups and repeats over a question, outermost first; decides what `..` is.
        days: the day of each response, datetime64 per row of the top frame, instead of one `today`.
        name: the repeat's name, "" at the top.
    """

    frame: pd.DataFrame
    kinds: Mapping[str, Kind]
    today: date
    parent: "Table | None" = None
    parent_row: Ints | None = None
    children: "Mapping[str, Table]" = field(default_factory=dict)
    lists: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    list_of: Mapping[str, str] = field(default_factory=dict)
    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    days: pd.Series | None = None
    name: str = ""

    def __len__(self) -> int:
        return len(self.frame)

    def column(self, name: str) -> Column:
        """A question's answers, as the engines see them."""
        return as_column(self.frame[name], self.kinds.get(name))

    def rows_up(self) -> Ints:
        """The parent's row of each row."""
        assert self.parent_row is not None  # noqa: S101 - asked of repeats only
        return np.asarray(self.parent_row, dtype=np.int64)

    def number(self) -> Ints:
        """The number of each row among those of its parent, from 1."""
        if self.parent_row is None:
            return np.ones(len(self), dtype=np.int64)
        counted = pd.Series(self.rows_up()).groupby(self.rows_up()).cumcount()
        return np.asarray(counted, dtype=np.int64) + 1

    def moments(self) -> Column:
        """The moment of the response that each row belongs to."""
        if self.parent is not None:
            up = self.parent.moments()
            return up if len(up) == 1 else up.take(self.rows_up())
        if self.days is not None:
            return Moments(_naive(self.days))
        midnight = datetime.combine(self.today, time())
        return Moments(np.array([midnight], dtype="datetime64[us]"))


def link(
    main: Table, repeats: Mapping[str, tuple[pd.DataFrame, str, Ints]], kinds: Mapping[str, Kind]
) -> dict[str, Table]:
    """Put the frames of the repeats below the main table.

    Args:
        main: the responses; its `children` must be an empty dict of its own.
        repeats: name -> (frame, name of the repeat above or "", row of the parent for each row),
            a parent before its children.
        kinds: kinds of the questions in all repeats.

    Returns:
        All tables by name, the main one under "".
    """
    tables = {"": main}
    for name, (frame, above, parent_row) in repeats.items():
        parent = tables[above]
        tables[name] = Table(
            frame,
            kinds,
            main.today,
            parent=parent,
            parent_row=parent_row,
            children={},
            lists=main.lists,
            list_of=main.list_of,
            above=main.above,
            name=name,
        )
        assert isinstance(parent.children, dict)  # noqa: S101 - made so above
        parent.children[name] = tables[name]
    return tables


def as_column(series: pd.Series, kind: Kind | None) -> Column:
    """A frame's column; its dtype decides, the kind only where times are kept as text."""
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return Texts(source=series)
    if dtype == np.float64:  # the commonest by far: no copy, and no look for what is missing
        return Numbers(series.to_numpy(), blank=True)
    if pd.api.types.is_bool_dtype(dtype):
        missing = series.isna().to_numpy()
        held = series.fillna(False).to_numpy(dtype=bool)  # noqa: FBT003 - pandas' parameter
        return BooleanColumn(held, missing if missing.any() else False)
    if pd.api.types.is_numeric_dtype(dtype):
        return Numbers(series.to_numpy(dtype=np.float64, na_value=np.nan), blank=True)
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return Moments(_naive(series))
    texts = Texts(source=series if dtype == "str" else _as_text(series))
    return _times(texts) if kind is Kind.TIME else texts


def _as_text(series: pd.Series) -> pd.Series:
    return series.astype("str").where(series.notna())


def _naive(series: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
    local = series.dt.tz_localize(None) if getattr(series.dt, "tz", None) is not None else series
    return local.to_numpy(dtype="datetime64[us]")


def _times(texts: Texts) -> Column:
    found = [from_text(text, Kind.TIME) for text in texts.pool]
    if not all(isinstance(moment, datetime) or moment == "" for moment in found):
        return texts
    at = np.array([moment or None for moment in found], dtype="datetime64[us]")
    return Moments(at[texts.codes])


def multiple_choice(table: Table, name: str, choice: str) -> Bools | None:
    """The `name/choice` column beside a select_multiple, where the frame has one."""
    beside = f"{name}/{choice}"
    if beside not in table.frame.columns:
        return None
    column = table.column(beside)
    return column.truths()
