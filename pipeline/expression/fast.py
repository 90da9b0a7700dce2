"""Fast ways of the common functions over whole columns; what has none here is lifted."""

from collections.abc import Callable
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.expression import meaning
from pipeline.expression.columns import (
    Booleans,
    Bools,
    Column,
    Floats,
    Numbers,
    Texts,
    arrow,
    filled,
)
from pipeline.expression.functions import FUNCTIONS
from pipeline.expression.lift import lift
from pipeline.expression.values import BLANK


def selected(answer: Column, choice: Column) -> Column:
    """Whether the choice is selected; one choice for all rows is looked for in Arrow's own text."""
    texts, wanted = answer.texts(), choice.texts().constant()
    if wanted is None:
        return lift(FUNCTIONS["selected"], [answer, choice])
    name = wanted.strip()
    if name == BLANK or texts.constant() is not None:
        return Booleans(texts.map(lambda text: meaning.selected(text, name), bool))
    if texts.source is not None and texts.source.dtype == "str":
        return Booleans(_among(texts, name))
    return Booleans(texts.flags(lambda text: meaning.selected(text, name)))


def _among(texts: Texts, name: str) -> Bools:
    assert texts.source is not None  # noqa: S101 - the caller has looked
    whole = arrow(texts.source)
    flags = filled(pc.equal(whole, name))
    rows = np.flatnonzero(filled(pc.match_substring(whole, name)) & ~flags)
    if len(rows):
        some = whole.take(rows)
        nothing, space = (pa.scalar(text, type=whole.type) for text in ("", " "))
        padded = pc.binary_join_element_wise(nothing, some, nothing, space)
        flags[rows] = np.asarray(pc.match_substring(padded, f" {name} "))
    return flags


def _string_length(value: Column) -> Column:
    texts = value.texts()
    if texts.source is not None and texts.source.dtype == "str":
        whole = arrow(texts.source)
        if pc.all(pc.string_is_ascii(whole)).as_py():
            return Numbers(np.asarray(pc.fill_null(pc.utf8_length(whole), 0), dtype=np.float64))
    return Numbers(texts.map(meaning.string_length, np.float64))


def _round(value: Column, places: Column | None = None) -> Column:
    if places is not None:
        return lift(FUNCTIONS["round"], [value, places])
    amounts = value.numbers()
    down = np.floor(amounts)
    with np.errstate(invalid="ignore"):
        rounded = np.where(amounts - down >= 0.5, down + 1, down)  # noqa: PLR2004 - a half
    return Numbers(np.where(np.isfinite(amounts), rounded, amounts) + 0.0)


def _concat(*found: Column) -> Column:
    parts = [column.texts() for column in found]
    whole = reduce(np.add, [part.pool[part.codes] for part in parts])
    return Texts.many(whole)


def _numbers(*found: Column) -> list[Floats]:
    return [column.numbers() for column in found]


FAST: dict[str, Callable[..., Column]] = {
    "selected": selected,
    "is-selected": selected,
    "not": lambda value: Booleans(~value.truths()),
    "boolean": lambda value: Booleans(value.truths()),
    "number": lambda value: Numbers(value.numbers()),
    "int": lambda value: Numbers(np.trunc(value.numbers())),
    "string": lambda value: value.texts(),
    "round": _round,
    "string-length": _string_length,
    "concat": _concat,
    "min": lambda *found: Numbers(reduce(np.fmin, _numbers(*found))),
    "max": lambda *found: Numbers(reduce(np.fmax, _numbers(*found))),
}
