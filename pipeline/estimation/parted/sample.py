"""A design met with the outline of the data: which unit a row is in, and what its weight is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipeline.errors import Problem
from pipeline.estimation.columns import (
    Categories,
    Codes,
    Columns,
    Floats,
    categories,
    not_numbers,
    numbers,
)
from pipeline.estimation.design import Design, Kind
from pipeline.estimation.drawn import (
    drawn_stages,
    lonely,
    missing_in,
    no_rows,
    refuse,
    wrong_weights,
)
from pipeline.estimation.parted.adjustment import Adjustment, Seen
from pipeline.estimation.parted.ask import Ask
from pipeline.estimation.parted.labels import Labels, Tuples, domain_labels
from pipeline.estimation.parted.outline import ROWS, Outline, count_column, unit_columns
from pipeline.estimation.residuals import Term
from pipeline.estimation.stages import Stage, Units


@dataclass(frozen=True, eq=False)
class Parted:
    """What is known of a sample before its rows are added up; sent to whoever adds them.

    Attributes:
        ask: what is estimated.
        size: number of rows.
        labels: the categories of all parts.
        groups: which sampling unit a row is in; the stratum, where each row is a unit.
        domains: which domain a row is in.
        margins: which of the categories that the population counts a row is in.
        stages: of sampling. Where each row is a unit, `parent` has one entry a row of the
            outline, and only what is known of strata may be asked.
        adjustment: what adjusts the weights, or None.
    """

    ask: Ask
    size: int
    labels: Labels
    groups: Tuples
    domains: Tuples
    margins: Tuples
    stages: tuple[Stage, ...]
    adjustment: Adjustment | None = None

    @classmethod
    def of(cls, ask: Ask, outline: Outline) -> "Parted":
        """The sample without its adjustment.

        Raises:
            SurveyError: EST-011 to EST-015, EST-018 and EST-020, whatever does not fit.
        """
        design = ask.design
        refuse(_missing(outline, design))
        labels = Labels({name: _labels(found) for name, found in outline.distinct.items()})
        counts = [count for count in design.fpc if isinstance(count, str)]
        refuse(_wrong(outline, counts))
        stages = _stages(outline, design, labels)
        refuse(lonely(stages, design))
        refuse(_wrong(outline, [] if design.weights is None else [design.weights]))
        refuse(wrong_weights(outline.below, outline.above, outline.size, design))
        groups = Tuples.of(labels.of_texts(outline.units, unit_columns(design)))
        domains = Tuples.of(labels.of_texts(outline.domains, ask.by))
        columns = [margin.column for margin in ask.margins]
        margins = Tuples.of(labels.of_texts(outline.margins, columns))
        return cls(ask, outline.size, labels, groups, domains, margins, stages)

    @property
    def design(self) -> Design:
        """How the sample was drawn."""
        return self.ask.design

    @property
    def rows_are_units(self) -> bool:
        """Whether each row is a sampling unit, so that sums are kept by stratum."""
        return not self.design.clusters

    @property
    def units(self) -> Units:
        """The stages, without any rows."""
        return Units(self.stages, np.zeros(0, dtype=np.int64))

    @property
    def states_no_error(self) -> bool:
        """Whether no sampling error can be stated, because units were chosen by judgement."""
        return self.design.kind is Kind.PURPOSIVE

    @property
    def is_complete(self) -> bool:
        """Whether every unit of the population is in the sample, so that nothing varies."""
        return not any(np.any(stage.varies) for stage in self.stages)

    @cached_property
    def domain_labels(self) -> tuple[str, ...]:
        """How each domain is written."""
        return domain_labels(self.domains, self.ask.by, self.labels)

    @property
    def inclusion(self) -> Floats:
        """(groups,) probability of a group's rows to be in the sample, by the fractions."""
        last = self.stages[-1]
        by_parent = last.share * last.fraction
        return by_parent if self.rows_are_units else by_parent[last.parent]

    def with_adjustment(self, adjustment: Adjustment | None) -> "Parted":
        """The same with adjusted weights."""
        return replace(self, adjustment=adjustment)


@dataclass(frozen=True, eq=False)
class Answers:
    """A part's rows, in the codes of all parts.

    Attributes:
        parted: the sample.
        frame: (n rows) the part.
    """

    parted: Parted
    frame: pd.DataFrame

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.frame)

    @cached_property
    def group(self) -> Codes:
        """(n,) the sampling unit of each row; its stratum, where each row is a unit."""
        return self._numbered(self.parted.groups, unit_columns(self.parted.design))

    @cached_property
    def domain(self) -> Categories:
        """The domain of each row."""
        codes = self._numbered(self.parted.domains, self.parted.ask.by)
        return Categories(codes, self.parted.domain_labels)

    @cached_property
    def given(self) -> Floats:
        """(n,) the weights before they are adjusted."""
        design = self.parted.design
        if design.weights:
            return numbers(self.frame, design.weights)
        return 1.0 / self.parted.inclusion[self.group] if design.fpc else np.ones(self.size)

    @cached_property
    def seen(self) -> Seen:
        """What an adjustment sees of the rows."""
        ask = self.parted.ask
        return Seen(
            self._numbered(self.parted.margins, [margin.column for margin in ask.margins]),
            {name: self.numbers(name) for name in ask.totals},
        )

    @cached_property
    def weights(self) -> Floats:
        """(n,) the final weights."""
        adjustment = self.parted.adjustment
        return self.given if adjustment is None else adjustment.weights(self.given, self.seen)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The auxiliary columns of the adjustment."""
        adjustment = self.parted.adjustment
        return () if adjustment is None else adjustment.terms(self.given, self.seen)

    def categories(self, column: str) -> Categories:
        """A column as categories."""
        return self.parted.labels.read(self.frame, column)

    def numbers(self, column: str) -> Floats:
        """A column as numbers, NaN where it is missing."""
        return numbers(self.frame, column)

    def _numbered(self, tuples: Tuples, columns: Sequence[str]) -> Codes:
        return tuples.numbered([self.categories(name) for name in columns], self.size)


def _missing(outline: Outline, design: Design) -> Iterator[Problem]:
    if not outline.size:
        yield no_rows()
        return
    for column in design.columns:
        if missing := outline.missing[column]:
            yield missing_in(column, missing, outline.size)


def _wrong(outline: Outline, columns: Sequence[str]) -> Iterator[Problem]:
    for column in columns:
        if wrong := outline.wrong[column]:
            yield not_numbers(column, wrong, outline.size)


def refuse_wrong_numbers(outline: Outline, columns: Sequence[str]) -> None:
    """Refuse answers that are not numbers.

    Raises:
        SurveyError: EST-020.
    """
    refuse(_wrong(outline, columns))


def _labels(values: "pd.Series[Any]") -> tuple[str, ...]:
    return categories(values.to_frame("values"), "values").labels


def _stages(outline: Outline, design: Design, labels: Labels) -> tuple[Stage, ...]:
    """The stages, from one row for each combination of strata, clusters and population counts."""
    units = outline.units
    columns: Mapping[str, object] = {
        name: pd.Categorical(units[name], categories=list(labels.of[name]))
        for name in unit_columns(design)
    }
    fpc = tuple(count_column(one) if isinstance(one, str) else one for one in design.fpc)
    counts = {name: units[name] for name in fpc if isinstance(name, str)}
    frame = pd.DataFrame({**columns, **counts}, index=units.index)
    rows = units[ROWS].to_numpy(dtype=np.int64)
    return drawn_stages(Columns(frame), replace(design, fpc=fpc), rows)[0]
