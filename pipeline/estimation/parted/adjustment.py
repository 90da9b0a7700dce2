"""Adjusted weights of data in parts, from sums over the categories that the population counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.estimation.calibration import (
    gram,
    inverted,
    linear_coefficients,
    predicted,
    ratios,
)
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Codes, Columns, Floats
from pipeline.estimation.design import Design, Distance, KnownTotal, Margin
from pipeline.estimation.margins import margin_cells
from pipeline.estimation.raking import fitted, residual_terms
from pipeline.estimation.residuals import Term


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What an adjustment sees of n rows.

    Attributes:
        combination: (n,) of the margins' categories.
        totals: column -> (n,) its numbers, of those whose total is known.
    """

    combination: Codes
    totals: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows by their combination of the margins' categories, c combinations.

    Attributes:
        frame: (c rows) the categories of each margin's column.
        weights: (c,) sums of the given weights.
        rows: (c,) number of rows with a weight other than 0.
    """

    frame: pd.DataFrame
    weights: Floats
    rows: Floats


@dataclass(frozen=True, slots=True, eq=False)
class ByCombination:
    """Rows of one combination are adjusted alike: post-strata, raking, calibration to counts.

    Attributes:
        factor: (c,) by what weights are multiplied.
        cells: the combinations by the categories of each margin.
        before: for each margin (c,) what a linearised value is multiplied with.
        after: for each margin (c,) what the given weight is multiplied with.
        gain: (q, q) from sums by auxiliary column to coefficients.
        is_weighted: whether `before` is multiplied with the given weight too.
    """

    factor: Floats
    cells: tuple[Cells, ...]
    before: tuple[Floats, ...]
    after: tuple[Floats, ...]
    gain: Floats
    is_weighted: bool

    def weights(self, given: Floats, seen: Seen) -> Floats:
        """(n,) final weights."""
        return given * self.factor[seen.combination]

    def terms(self, given: Floats, seen: Seen) -> tuple[Term, ...]:
        """The auxiliary columns of n rows."""
        at = seen.combination
        scale = given if self.is_weighted else (given != 0).astype(np.float64)
        return tuple(
            Term(Cells(cells.codes[at], cells.width), scale * before[at], given * after[at])
            for cells, before, after in zip(self.cells, self.before, self.after, strict=True)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """The general regression estimator, to counts and to totals of numbers.

    Attributes:
        known: counts and totals, in order.
        cells: column -> the combinations by its categories, of those whose counts are known.
        coefficients: (q,) of the auxiliary columns.
        gain: (q, q) from sums by auxiliary column to coefficients.
    """

    known: tuple[Margin | KnownTotal, ...]
    cells: Mapping[str, Cells]
    coefficients: Floats
    gain: Floats

    def weights(self, given: Floats, seen: Seen) -> Floats:
        """(n,) final weights."""
        return given * (1.0 + predicted(auxiliary(self.known, self.cells, seen), self.coefficients))

    def terms(self, given: Floats, seen: Seen) -> tuple[Term, ...]:
        """The auxiliary columns of n rows."""
        final = self.weights(given, seen)
        return tuple(Term(one, given, final) for one in auxiliary(self.known, self.cells, seen))


Adjustment = ByCombination | Linear
"""How weights are adjusted, and what that takes out of a variance."""


def auxiliary(
    known: Sequence[Margin | KnownTotal], cells: Mapping[str, Cells], seen: Seen
) -> list[Cells]:
    """The columns of counts and totals of n rows."""
    everyone = np.zeros(len(seen.combination), dtype=np.int64)
    return [
        Cells(cells[one.column].codes[seen.combination], cells[one.column].width)
        if isinstance(one, Margin)
        else Cells(everyone, 1, seen.totals[one.column])
        for one in known
    ]


def by_combination(design: Design, table: Table) -> ByCombination:
    """The adjustment of a design that knows counts alone.

    Raises:
        SurveyError: EST-016, the counts do not fit the sample; EST-017, raking does not settle.
    """
    columns = Columns(table.frame)
    if design.rake:
        read = [margin_cells(columns, one, table.weights, table.rows) for one in design.rake]
        rows, factors = fitted(read, table.weights)
        terms, gain = residual_terms(rows, factors, table.weights, table.rows)
        each = np.divide(1.0, table.rows, out=np.zeros(len(table.rows)), where=table.rows > 0)
        after = tuple(factor[rows.cell] for factor in factors)
        before = tuple(term.before * each for term in terms)
        return ByCombination(after[-1], rows.margins, before, after, gain, is_weighted=False)
    known = counts_of(design)
    read = [margin_cells(columns, one, table.weights, table.rows) for one in known]
    cells = tuple(one for one, _ in read)
    target = np.concatenate([counts for _, counts in read])
    distance = design.distance if design.calibrate else Distance.LINEAR
    factor = ratios(cells, target, table.weights, distance)
    ones = np.ones(len(factor))
    gain = inverted(gram(cells, table.weights))
    same = len(cells)
    return ByCombination(factor, cells, (ones,) * same, (factor,) * same, gain, is_weighted=True)


def linear(
    design: Design, cells: Mapping[str, Cells], target: Floats, totals: Floats, slope: Floats
) -> Linear:
    """The adjustment of a design that knows totals of numbers.

    Args:
        design: how weights are calibrated.
        cells: column -> the combinations by category, of those whose counts are known.
        target: (q,) the known counts and totals.
        totals: (q,) their weighted sums in the sample.
        slope: (q, q) the weighted cross products of the auxiliary columns.

    Raises:
        SurveyError: EST-016, no weights reproduce them.
    """
    found = linear_coefficients(totals, slope, target)
    return Linear(design.calibrate, cells, found, inverted(slope))


def counts_of(design: Design) -> tuple[Margin, ...]:
    """The counts to which weights are post-stratified or calibrated."""
    if design.post_strata is not None:
        return (design.post_strata,)
    return tuple(one for one in design.calibrate if isinstance(one, Margin))
