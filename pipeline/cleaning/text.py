"""Stage 1, text: every answer gets its type; what cannot be read is blank, told, and kept as text.

Fast paths read what programs write, a whole column at a time; only the rest is read one distinct
text after the other, by `numbers.py`, `moments.py` and `choice_text.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.cleaning.batch import Batch, Bools, Fate, Fated, Finding, Ints, RawText, rows_where
from pipeline.cleaning.choice_columns import as_texts, choice_columns
from pipeline.cleaning.moments import DATE, DATETIME, TIME, Habits
from pipeline.cleaning.numbers import DECIMAL, INTEGER, Read
from pipeline.cleaning.readers import Reader, reader_of
from pipeline.cleaning.spelling import tidy_text
from pipeline.questionnaire.model import Item
from pipeline.questionnaire.types import Storage
from pipeline.responses import Action

STAGE = "text"
_NEVER = r"^\b$"


@dataclass(frozen=True, eq=False)
class Column:
    """A typed column and what was found on the way.

    Attributes:
        answers: as they go into the frame.
        rows: rows that took no fast path.
        codes: for each of these rows, what is to be told about it; "" nothing.
        blank: which of these rows cannot be read.
        respelled: which of these rows hold a text that is not how the value is written.
    """

    answers: Any
    rows: Ints
    codes: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    blank: Bools
    respelled: Bools


@dataclass(frozen=True)
class _Pattern:
    """How a whole column is read: what programs write, and what Arrow and pandas make of it."""

    pattern: str
    cast: Callable[[pa.LargeStringArray], pa.Array]
    dtype: str


def text(batch: Batch, habits: Habits) -> Batch:
    """Give every answer its type.

    Args:
        batch: all answers text as they came.
        habits: how the study writes dates.

    Returns:
        Integer Int64, decimal float64, date datetime64[us], datetime datetime64[us, UTC], time
        `HH:MM:SS`, select_one a category of choice names, select_multiple choice names joined by
        one space with boolean `question/choice` columns beside it, everything else str.
    """
    for table, frame in batch.frames.items():
        columns: dict[str, Any] = {}
        for item in batch.items(table):
            source = as_texts(frame[item.name])
            read = _read(source, item, batch, habits)
            columns[item.name] = read.answers
            batch = _told(batch, table, item, source, read)
            if item.question.storage is Storage.SELECT_MULTIPLE:
                made = choice_columns(item, table, read.answers, frame, batch)
                columns |= made.columns
                batch = batch.adding(findings=[replace(f, stage=STAGE) for f in made.findings])
        keys = {
            str(name): frame[name]
            for name in frame.columns
            if name not in columns and "/" not in str(name)
        }
        typed = pd.DataFrame({**keys, **columns}, index=frame.index, copy=False)
        batch = replace(batch, frames={**batch.frames, table: typed})
    return replace(batch, touched={})


def _read(source: pa.LargeStringArray, item: Item, batch: Batch, habits: Habits) -> Column:
    storage, form = item.question.storage, batch.questionnaire
    reader = reader_of(item.question, form, habits)
    if way := _PATTERNS.get(storage):
        column = _by_pattern(source, way, reader)
        zoned = storage is Storage.DATETIME
        return _with_foreign_zones(column, source, habits.timezone) if zoned else column
    if storage is Storage.SELECT_ONE:
        return _by_pool(source, reader, [choice.name for choice in form.choices_of(item.question)])
    if storage is Storage.SELECT_MULTIPLE:
        return _by_pool(source, reader, None)
    return _open_text(source)


def _by_pattern(source: pa.LargeStringArray, way: _Pattern, reader: Reader) -> Column:
    """Cast what has the pattern as a whole; read the rest one distinct text after the other."""
    fits = pc.fill_null(pc.match_substring_regex(source, way.pattern), True)  # noqa: FBT003 - arrow's
    plain = source if pc.all(fits).as_py() else pc.if_else(fits, source, None)
    try:
        answers = pd.Series(_pandas(way.cast(plain), way.dtype), copy=False)
    except pa.ArrowInvalid:  # the 30th of February has the pattern too
        return _by_pattern(source, replace(way, pattern=_NEVER), reader)
    rows = rows_where(~np.asarray(fits))
    if len(rows) == 0:
        return _without_odd(answers.array)
    odd, reads = _read_each(source.take(pa.array(rows)), reader)
    found = pd.Series([one.value for one in reads], dtype=object).astype(answers.dtype)
    answers = answers.copy()
    answers.iloc[rows] = found.array.take(odd)
    return _with_odd(answers.array, rows, odd, reads)


def _pandas(array: pa.Array, dtype: str) -> Any:
    if dtype == "Int64":
        return pd.arrays.IntegerArray(
            pc.fill_null(array, 0).to_numpy(), np.asarray(array.is_null())
        )
    if dtype == "str":
        return pd.array(array, dtype="str")
    return array.to_pandas().astype(dtype).array


def _integers(texts: pa.LargeStringArray) -> pa.Array:
    if pc.any(pc.match_substring(texts, ".")).as_py():
        texts = pc.replace_substring_regex(texts, r"\.0+$", "")
    return texts.cast(pa.int64())


def _decimals(texts: pa.LargeStringArray) -> pa.Array:
    return texts.cast(pa.float64())


def _dates(texts: pa.LargeStringArray) -> pa.Array:
    return texts.cast(pa.timestamp("us"))


def _moments(texts: pa.LargeStringArray) -> pa.Array:
    return texts.cast(pa.timestamp("us", tz="UTC"))


_PATTERNS: dict[Storage, _Pattern] = {
    Storage.INTEGER: _Pattern(INTEGER, _integers, "Int64"),
    Storage.DECIMAL: _Pattern(DECIMAL, _decimals, "float64"),
    Storage.DATE: _Pattern(DATE, _dates, "datetime64[us]"),
    Storage.DATETIME: _Pattern(DATETIME, _moments, "datetime64[us, UTC]"),
    Storage.TIME: _Pattern(TIME, lambda texts: texts, "str"),
}


def _read_each(texts: pa.LargeStringArray, reader: Reader) -> "tuple[Ints, list[Read]]":
    """Read each distinct text; gives back its number for each row."""
    encoded = texts.dictionary_encode()
    return np.asarray(encoded.indices, dtype=np.int64), [
        reader(one) for one in encoded.dictionary.to_pylist()
    ]


def _without_odd(values: Any) -> Column:
    none = np.zeros(0, bool)
    return Column(values, np.zeros(0, np.int64), np.zeros(0, object), none, none)


def _with_odd(values: Any, rows: Ints, odd: Ints, reads: list[Read]) -> Column:
    codes = np.array([one.code for one in reads], dtype=object)[odd]
    blank = np.array([one.value is None for one in reads], dtype=bool)[odd]
    return Column(values, rows, codes, blank, np.ones(len(rows), bool))


def _with_foreign_zones(column: Column, source: pa.LargeStringArray, timezone: str) -> Column:
    """Moments told with another zone than UTC or the study's: their text says more than they do."""
    length = len(source)
    fast = np.ones(length, bool)
    fast[column.rows] = False
    away = fast & ~np.asarray(pc.fill_null(pc.match_substring_regex(source, r"(Z|\+00:00)$"), True))  # noqa: FBT003 - arrow's
    rows = rows_where(away)
    if len(rows) == 0:
        return column
    moments = pd.DatetimeIndex(column.answers)[rows]
    written = pc.utf8_slice_codeunits(source.take(pa.array(rows)), 0, 19).cast(pa.timestamp("us"))
    local = moments.tz_convert(timezone).tz_localize(None).floor("s")
    rows = rows[(written.to_pandas() != pd.Series(local)).to_numpy()]
    return Column(
        column.answers,
        np.concatenate([column.rows, rows]),
        np.concatenate([column.codes, np.full(len(rows), "", object)]),
        np.concatenate([column.blank, np.zeros(len(rows), bool)]),
        np.ones(len(column.rows) + len(rows), bool),
    )


def _by_pool(source: pa.LargeStringArray, reader: Reader, categories: list[str] | None) -> Column:
    """Choice names: read each distinct text; a category where categories are given, else str."""
    encoded = source.dictionary_encode()
    pool = encoded.dictionary.to_pylist()
    reads = [*map(reader, pool), Read()]
    names = [None if one.value is None else str(one.value) for one in reads]
    codes = np.asarray(encoded.indices.fill_null(len(pool)), dtype=np.int64)
    if categories is None:
        texts = pa.array(names, pa.large_string())
        values = pd.array(texts.take(pa.array(codes)), dtype="str")
    else:
        values = _categorical(codes, names, categories)
    odd = np.array([one != name for one, name in zip([*pool, None], names, strict=True)])
    rows = rows_where(odd[codes]) if odd.any() else np.zeros(0, np.int64)
    return _with_odd(values, rows, codes[rows], reads)


def _categorical(codes: Ints, names: list[str | None], categories: list[str]) -> pd.Categorical:
    """The form's choices in their order, then what else was answered, sorted; the last is none."""
    known = dict.fromkeys(categories)
    order = [*known, *sorted({name for name in names if name is not None} - known.keys())]
    place = {name: number for number, name in enumerate(order)}
    kind: type[np.signedinteger[Any]] = np.int16 if len(order) < 2**15 else np.int32
    pool = np.array([-1 if name is None else place[name] for name in names], dtype=kind)
    found: pd.Categorical = pd.Categorical.from_codes(
        pool[codes], categories=pd.Index(order, dtype="str")
    )
    return found


def _open_text(source: pa.LargeStringArray) -> Column:
    tidy = tidy_text(source)
    if tidy is source:
        return _without_odd(pd.array(source, dtype="str"))
    same = pc.fill_null(pc.equal(source, tidy), False)  # noqa: FBT003 - arrow's
    rows = rows_where(~np.asarray(same) & ~np.asarray(source.is_null()))
    blank = np.asarray(tidy.take(pa.array(rows)).is_null())
    codes = np.where(blank, "nothing_written", "").astype(object)
    values = pd.array(tidy, dtype="str")
    return Column(values, rows, codes, blank, np.ones(len(rows), bool))


def _told(batch: Batch, table: str, item: Item, source: pa.LargeStringArray, read: Column) -> Batch:
    """The batch with what was found about a column."""
    if len(read.rows) == 0:
        return batch
    name, rule = item.name, item.question.type
    findings = [
        Finding(
            str(code),
            table,
            read.rows[(read.codes == code) & (read.blank == gone)],
            name,
            rule,
            Action.BLANKED if gone else Action.NONE,
            stage=STAGE,
        )
        for code in sorted(set(read.codes) - {""})
        for gone in (True, False)
    ]
    spelled = read.rows[read.respelled]
    lost = [
        Fated(name, found.rows, Fate.BLANKED, found.code)
        for found in findings
        if found.action is Action.BLANKED
    ]
    return batch.adding(
        findings=findings,
        fated=lost,
        raw_texts=[RawText(name, spelled, source.take(pa.array(spelled)))],
    )
