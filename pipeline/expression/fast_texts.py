"""Fast ways of the functions on texts, in Arrow's own text; what Arrow cannot say is lifted."""

from collections.abc import Callable
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.expression import meaning
from pipeline.expression.columns import (
    Booleans,
    Bools,
    Column,
    Numbers,
    Texts,
    arrow,
    filled,
    together,
)
from pipeline.expression.functions import FUNCTIONS
from pipeline.expression.lift import lift
from pipeline.expression.patterns import compile_java, read_alike
from pipeline.expression.values import BLANK

_SPACE = ord(" ")
_OF_FOUR_BYTES = 0xF0
"""First byte in UTF-8 of a character that is two UTF-16 units: no text without it has any."""


def selected(answer: Column, choice: Column) -> Column:
    """Whether the choice is selected; one choice for all rows is looked for in Arrow's own text."""
    texts, wanted = answer.texts(), choice.texts().constant()
    if wanted is None:
        return lift(FUNCTIONS["selected"], [answer, choice])
    name = wanted.strip()
    if name == BLANK or texts.constant() is not None:
        return Booleans(texts.map(lambda text: meaning.selected(text, name), bool))
    if (whole := _whole(texts)) is not None:
        return Booleans(_among(whole, name))
    return Booleans(texts.flags(lambda text: meaning.selected(text, name)))


def _among(whole: "pa.Array | pa.ChunkedArray", name: str) -> Bools:
    flags = filled(pc.equal(whole, name))
    if not any((piece == _SPACE).any() for piece in _bytes(whole)):
        return flags
    rows = np.flatnonzero(filled(pc.match_substring(whole, name)) & ~flags)
    if len(rows):
        some = whole.take(rows)
        nothing, space = (pa.scalar(text, type=whole.type) for text in ("", " "))
        padded = pc.binary_join_element_wise(nothing, some, nothing, space)
        flags[rows] = np.asarray(pc.match_substring(padded, f" {name} "))
    return flags


def holding(name: str, work: Callable[..., Any]) -> Callable[[Column, Column], Column]:
    """Whether texts hold one part, the same for all rows, looked for in Arrow's own text."""

    def apply(value: Column, part: Column) -> Column:
        texts, wanted = value.texts(), part.texts().constant()
        if not wanted or (whole := _whole(texts)) is None:
            return lift(FUNCTIONS[name], [value, part])
        return Booleans(filled(work(whole, wanted)))

    return apply


def regex(value: Column, pattern: Column) -> Column:
    """Whether the whole text has the form, the same for all rows, if Arrow reads it as we do."""
    texts, wanted = value.texts(), pattern.texts().constant()
    core = None if wanted is None else read_alike(wanted)
    whole = None if core is None else _whole(texts)
    if wanted is None or whole is None:
        return lift(FUNCTIONS["regex"], [value, pattern])
    takes_blank = compile_java(wanted).fullmatch(BLANK) is not None
    flags = filled(pc.match_substring_regex(whole, rf"\A(?:{core})\z"))
    return Booleans(flags | np.asarray(pc.is_null(whole)) if takes_blank else flags)


def string_length(value: Column) -> Column:
    """How many characters; one beyond the first 65,536 of Unicode counts twice."""
    texts = value.texts()
    if (whole := _whole(texts)) is not None and _is_one_unit_each(whole):
        return Numbers(np.asarray(pc.fill_null(pc.utf8_length(whole), 0), dtype=np.float64))
    return Numbers(texts.map(meaning.string_length, np.float64))


def substr(value: Column, start: Column, end: Column | None = None) -> Column:
    """From and to the same place in all rows, counted from the front."""
    texts, first = value.texts(), _place(start)
    last = None if end is None else _place(end)
    given = [value, start] if end is None else [value, start, end]
    is_plain = first is not None and (end is None or (last is not None and first <= last))
    whole = _whole(texts) if is_plain else None
    if whole is None or not _is_one_unit_each(whole):
        return lift(FUNCTIONS["substr"], given)
    return _made(pc.utf8_slice_codeunits(whole, first, last))


def _place(column: Column) -> int | None:
    """The place that all rows share, if it is counted from the front."""
    amounts = column.numbers()
    is_plain = len(amounts) == 1 and isfinite(amounts[0]) and 0 <= int(amounts[0]) < 2**31
    return int(amounts[0]) if is_plain else None


def concat(*found: Column) -> Column:
    """The texts one after the other; where all are one text, so is the whole."""
    parts = [column.texts() for column in found]
    if together(*map(len, parts)) == 1:
        return Texts.one(BLANK.join(part.pool[part.codes[0]] for part in parts))
    joined = [_spelt(part) for part in parts]
    nothing = pa.scalar(BLANK, type=pa.large_string())
    how = {"null_handling": "replace", "null_replacement": BLANK}
    return _made(pc.binary_join_element_wise(*joined, nothing, **how))


def _spelt(part: Texts) -> "pa.Array | pa.ChunkedArray | pa.Scalar":
    if (text := part.constant()) is not None:
        return pa.scalar(text, type=pa.large_string())
    if (whole := _whole(part)) is not None:
        return whole
    return pa.array(part.pool, type=pa.large_string()).take(pa.array(part.codes))


def _whole(texts: Texts) -> "pa.Array | pa.ChunkedArray | None":
    """Arrow's own text of a frame's column; None for categories and for what was worked out."""
    is_arrow = texts.source is not None and texts.source.dtype == "str"
    return arrow(texts.source) if is_arrow and texts.source is not None else None


def answered(texts: Texts) -> "pd.api.extensions.ExtensionArray | None":
    """The texts as pandas holds them, blanks missing; None if they are not Arrow's own."""
    whole = _whole(texts)
    if whole is None:
        return None
    if pc.min(pc.binary_length(whole)).as_py() == 0:
        whole = pc.if_else(pc.equal(whole, BLANK), pa.scalar(None, whole.type), whole)
    return _pandas(whole)


def _pandas(found: "pa.Array | pa.ChunkedArray") -> pd.api.extensions.ExtensionArray:
    dtype: Any = pd.StringDtype(na_value=np.nan)
    made: pd.api.extensions.ExtensionArray = dtype.__from_arrow__(found)
    return made


def _made(found: "pa.Array | pa.ChunkedArray") -> Texts:
    return Texts(source=pd.Series(_pandas(found), copy=False))


def _is_one_unit_each(whole: "pa.Array | pa.ChunkedArray") -> bool:
    return all(piece.max(initial=0) < _OF_FOUR_BYTES for piece in _bytes(whole))


def _bytes(whole: "pa.Array | pa.ChunkedArray") -> "list[np.ndarray[Any, np.dtype[np.uint8]]]":
    """The bytes of all texts in UTF-8; of a part of a column perhaps those of its neighbours."""
    pieces = whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]
    held = [piece.buffers()[2] for piece in pieces]
    return [
        np.frombuffer(buffer, np.uint8) for buffer in held if buffer is not None and buffer.size
    ]
