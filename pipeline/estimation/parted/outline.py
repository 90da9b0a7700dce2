"""The first look at the parts: which categories, sampling units and domains there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from pipeline.estimation.columns import (
    Categories,
    Codes,
    Floats,
    blank,
    categories,
    read_numbers,
    series_of,
)
from pipeline.estimation.design import Design
from pipeline.estimation.drawn import counted_clusters
from pipeline.estimation.parted.ask import Ask, Part
from pipeline.estimation.parted.labels import distinct

ROWS = "(rows)"
"""The column of `Outline.units` that counts rows; no answer's column is called so."""


@dataclass(frozen=True, eq=False)
class Outline:
    """What parts tell of themselves before anything is added up.

    Attributes:
        size: number of rows.
        missing: column of the design -> rows that have nothing in it.
        wrong: column read as numbers -> answers that are none.
        below: number of weights below 0, or none at all.
        above: number of weights above 0.
        distinct: labelled column -> its distinct values.
        units: distinct strata, clusters and population counts, with how many rows each has.
        margins: distinct combinations of the margins' categories.
        domains: distinct combinations of the domains' columns.
    """

    size: int
    missing: Mapping[str, int]
    wrong: Mapping[str, int]
    below: int
    above: int
    distinct: Mapping[str, "pd.Series[Any]"]
    units: pd.DataFrame
    margins: pd.DataFrame
    domains: pd.DataFrame

    def joined(self, other: "Outline") -> "Outline":
        """Of these parts and of later ones."""
        return Outline(
            self.size + other.size,
            {name: count + other.missing[name] for name, count in self.missing.items()},
            {name: count + other.wrong[name] for name, count in self.wrong.items()},
            self.below + other.below,
            self.above + other.above,
            {name: _united(own, other.distinct[name]) for name, own in self.distinct.items()},
            distinct(_together(self.units, other.units), ROWS),
            distinct(_together(self.margins, other.margins)),
            distinct(_together(self.domains, other.domains)),
        )


def outline_of(job: tuple[Ask, Sequence[Part]]) -> Outline:
    """The outline of some parts, one after the other."""
    ask, parts = job
    return reduce(Outline.joined, (_outline(ask, part.read(ask.columns)) for part in parts))


def _outline(ask: Ask, frame: pd.DataFrame) -> Outline:
    design = ask.design
    read = {name: categories(frame, name) for name in ask.labelled}
    numbers = {name: read_numbers(frame, name) for name in ask.numeric}
    weights = numbers[design.weights] if design.weights else np.ones(len(frame))
    counts = {count: numbers[count] for count in design.fpc if isinstance(count, str)}
    ones = np.ones(len(frame), dtype=np.int64)
    return Outline(
        len(frame),
        {name: int(blank(frame, name).sum()) for name in design.columns},
        {name: int(np.isinf(values).sum()) for name, values in numbers.items()},
        int((~(weights >= 0)).sum()),
        int((weights > 0).sum()),
        {name: _distinct_values(frame, name) for name in ask.labelled},
        _combinations(read, unit_columns(design), frame, {**counts, ROWS: ones}),
        _combinations(read, [margin.column for margin in ask.margins], frame),
        _combinations(read, ask.by, frame),
    )


def unit_columns(design: Design) -> tuple[str, ...]:
    """The columns that say which sampling unit a row belongs to, or which stratum."""
    strata = () if design.strata is None else (design.strata,)
    return (*strata, *counted_clusters(design))


def _combinations(
    read: Mapping[str, Categories],
    names: Sequence[str],
    frame: pd.DataFrame,
    more: Mapping[str, Floats | Codes] | None = None,
) -> pd.DataFrame:
    """The distinct combinations of some columns' categories, as texts."""
    codes = {name: read[name].codes for name in names}
    beside = {count_column(name): values for name, values in (more or {}).items()}
    found = distinct(
        pd.DataFrame({**codes, **beside}, index=range(len(frame))), ROWS if more else None
    )
    for name in codes:
        labels = np.array([*read[name].labels, None], dtype=object)
        found[name] = labels[found[name].to_numpy()]
    return found


def count_column(name: str) -> str:
    """How `Outline.units` calls a column of population counts, which may be a stratum's too."""
    return name if name == ROWS else f"({name})"


def _distinct_values(frame: pd.DataFrame, name: str) -> "pd.Series[Any]":
    series = series_of(frame, name)
    if isinstance(series.dtype, pd.CategoricalDtype):
        own = series.cat.categories
        return pd.Series(pd.Categorical(own, categories=own))
    return series.drop_duplicates().dropna().reset_index(drop=True)


def _united(one: "pd.Series[Any]", other: "pd.Series[Any]") -> "pd.Series[Any]":
    both = (one, other)
    if all(isinstance(each.dtype, pd.CategoricalDtype) for each in both):
        union = union_categoricals([each.array for each in both], ignore_order=True)
        return pd.Series(union).drop_duplicates().reset_index(drop=True)
    filled = [each for each in both if len(each)] or [one]
    return pd.concat(filled, ignore_index=True).drop_duplicates().reset_index(drop=True)


def _together(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([one, other], ignore_index=True)
