"""Totals and ratios of totals, which is what means, shares and ratios are, with their precision.

Source: Lumley (2010), Complex Surveys, ch. 2 and 5; Särndal, Swensson & Wretman (1992), ch. 5.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Codes, Floats
from pipeline.estimation.design import LonelyStratum, VarianceMethod
from pipeline.estimation.replicates import Jackknife
from pipeline.estimation.sample import Sample, degrees_of
from pipeline.estimation.variance import UNITS_AT_ONCE, covariance, variances

_CELLS_AT_ONCE = 8_000_000  # of units x columns: 64 MB
_SCALED = 1 + 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """What is estimated: k totals, or k ratios of totals.

    Attributes:
        numerator: k columns of values.
        denominator: d columns, one for each domain; None for totals.
        base: d columns of ones, for the rows that an estimate rests on.
        domain: (k,) which of the d columns belongs to each numerator, ascending.
        asked: d columns of ones, for the rows of a domain whether they have an answer or not;
            None where they are those of the base.
    """

    numerator: Cells
    denominator: Cells | None
    base: Cells
    domain: Codes
    asked: Cells | None = None

    def part(self, columns: slice) -> "Quantity":
        """Some of the k columns, with the domains that they need."""
        if (columns.start, columns.stop) == (0, self.numerator.width):
            return self
        domain = self.domain[columns]
        needed = (int(domain[0]), int(domain[-1]) + 1) if len(domain) else (0, 0)
        base = self.base.only(*needed)
        below = base if self.denominator is self.base else self.denominator
        if below is not None and below is not base:
            below = below.only(*needed)
        above = self.numerator.only(columns.start, columns.stop)
        asked = None if self.asked is None else self.asked.only(*needed)
        return Quantity(above, below, base, domain - needed[0], asked)


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """Estimates of a quantity.

    Attributes:
        estimate: (k,) estimates; NaN where no row has an answer.
        se: (k,) standard errors; NaN where none can be stated.
        logit_se: (k,) standard errors of the log odds where replicates give their own, or None.
        base: (k,) number of rows an estimate rests on.
        base_degrees: (k,) degrees of freedom of those rows.
        deff: (k,) variance relative to that of a simple random sample as large.
        asked: (k,) number of rows that R's beta interval counts.
        asked_degrees: (k,) degrees of freedom of the rows of the domain.
    """

    estimate: Floats
    se: Floats
    logit_se: Floats | None
    base: Codes
    base_degrees: Codes
    deff: Floats
    asked: Codes
    asked_degrees: Codes


def estimated(sample: Sample, quantity: Quantity) -> Estimated:
    """Estimate every column of a quantity at once."""
    parts = [
        _estimated_part(sample, quantity.part(columns))
        for columns in _portions(sample, quantity.numerator.width)
    ]
    if len(parts) == 1:
        return parts[0]
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("estimate", "se", "base", "base_degrees", "deff", "asked", "asked_degrees")
    }
    logits = [part.logit_se for part in parts if part.logit_se is not None]
    return Estimated(logit_se=np.concatenate(logits) if logits else None, **joined)


def share_covariance(sample: Sample, quantity: Quantity) -> tuple[Floats, Floats]:
    """(k,) estimates and their (k, k) covariance, for columns that rest on the same rows."""
    totals = _UnitTotals.of(sample, quantity)
    estimate = totals.estimate
    if sample.design.variance is VarianceMethod.JACKKNIFE:
        jackknife, replicated = _replicated(sample, totals)
        return estimate, jackknife.covariance(replicated)
    used = _used(sample, quantity)
    rule = sample.design.lonely_stratum
    return estimate, covariance(sample.units, rule, _linearised(sample, totals), used)


def replicated_totals(sample: Sample, *columns: Cells) -> tuple[Jackknife, list[Floats]]:
    """The replicates of a jackknife design, and (replicates, k) totals of each set of columns."""
    jackknife = Jackknife.of(sample.units, sample.design.lonely_stratum)
    per_unit = [_unit_totals(sample, cells) for cells in columns]
    return jackknife, [jackknife.totals(sample.units.first_stage(one)) for one in per_unit]


@dataclass(frozen=True, slots=True, eq=False)
class _UnitTotals:
    """A quantity summed up by sampling unit, and its estimate.

    Attributes:
        quantity: k columns in d domains.
        above: (units, k) weighted totals of the numerators.
        below: (units, d) of the denominators, or None.
        sums: (k,) totals of the denominators, 1 for totals.
        estimate: (k,) estimates.
    """

    quantity: Quantity
    above: Floats
    below: Floats | None
    sums: Floats
    estimate: Floats

    @classmethod
    def of(cls, sample: Sample, quantity: Quantity) -> "_UnitTotals":
        above = _unit_totals(sample, quantity.numerator)
        if above is sample.unit_weights:
            above = above.copy()  # for it will be overwritten
        below, sums = None, np.ones(above.shape[1])
        if quantity.denominator is not None:
            below = _unit_totals(sample, quantity.denominator)
            sums = below.sum(axis=0)[quantity.domain]
        with np.errstate(divide="ignore", invalid="ignore"):
            return cls(quantity, above, below, sums, above.sum(axis=0) / sums)


def _unit_totals(sample: Sample, cells: Cells) -> Floats:
    if cells.is_whole:
        return sample.unit_weights
    return cells.by_group(sample.weights, sample.units.of_row, sample.units.count)


def _portions(sample: Sample, width: int) -> Iterator[slice]:
    step = max(1, _CELLS_AT_ONCE // sample.units.count)
    for first in range(0, max(width, 1), step):
        yield slice(first, min(first + step, width))


def _estimated_part(sample: Sample, quantity: Quantity) -> Estimated:
    totals = _UnitTotals.of(sample, quantity)
    base = _base(sample, quantity)
    estimate = np.where(base > 0, totals.estimate, np.nan)
    unstated = np.full(len(estimate), np.nan)
    if sample.states_no_error:
        none = np.zeros_like(base)
        return Estimated(estimate, unstated, None, base, none, unstated, base, none)
    simple = _simple_variance(sample, totals, base)
    variance, log_odds = _variances(sample, totals)
    with np.errstate(divide="ignore", invalid="ignore"):
        deff = variance / simple
    deff = unstated if sample.is_complete else np.where(np.isinf(deff), np.nan, deff)
    se = np.where(base > 0, np.sqrt(variance), np.nan)
    logit_se = None if log_odds is None else np.sqrt(log_odds)
    degrees = _degrees(sample, quantity.base, quantity.domain)
    asked = quantity.base if quantity.asked is None else quantity.asked
    return Estimated(
        estimate,
        se,
        logit_se,
        base,
        degrees,
        deff,
        _asked(sample, asked, quantity.domain),
        degrees if quantity.asked is None else _degrees(sample, asked, quantity.domain),
    )


def _base(sample: Sample, quantity: Quantity) -> Codes:
    if quantity.base.is_whole:
        return np.full(len(quantity.domain), sample.responding)
    return quantity.base.counts(sample.weights)[quantity.domain]


def _variances(sample: Sample, totals: _UnitTotals) -> tuple[Floats, Floats | None]:
    """(k,) variances, and those of the log odds where replicates give them."""
    if sample.design.variance is VarianceMethod.JACKKNIFE:
        jackknife, replicated = _replicated(sample, totals)
        with np.errstate(divide="ignore", invalid="ignore"):
            odds = np.log(replicated / (1 - replicated))
        return jackknife.variances(replicated), jackknife.variances(odds)
    used = _used(sample, totals.quantity)
    linear = _linearised(sample, totals)
    return variances(sample.units, sample.design.lonely_stratum, linear, used), None


def _linearised(sample: Sample, totals: _UnitTotals) -> Floats:
    """(units, k) totals of the values whose variance is the estimate's; overwrites `above`."""
    above, below = totals.above, totals.below
    if sample.calibration is not None:
        above = sample.calibration.residual_totals(above, totals.quantity.numerator)
        if below is not None and totals.quantity.denominator is not None:
            below = sample.calibration.residual_totals(below, totals.quantity.denominator)
    if below is None:
        return above
    domain = totals.quantity.domain if below.shape[1] > 1 else slice(None)
    with np.errstate(divide="ignore", invalid="ignore"):
        for first in range(0, len(above), UNITS_AT_ONCE):
            block = slice(first, first + UNITS_AT_ONCE)
            above[block] -= below[block][:, domain] * totals.estimate
            above[block] /= totals.sums
    return above


def _replicated(sample: Sample, totals: _UnitTotals) -> tuple[Jackknife, Floats]:
    jackknife = Jackknife.of(sample.units, sample.design.lonely_stratum)
    above = jackknife.totals(sample.units.first_stage(totals.above))
    if totals.below is None:
        return jackknife, above
    below = jackknife.totals(sample.units.first_stage(totals.below))[:, totals.quantity.domain]
    with np.errstate(divide="ignore", invalid="ignore"):
        return jackknife, above / below


def _used(sample: Sample, quantity: Quantity) -> Floats | None:
    """(units, k) numbers of rows used, where a lonely stratum's rule depends on them."""
    if sample.design.lonely_stratum is not LonelyStratum.AVERAGE or sample.explained is not None:
        return None
    ones = np.ones(sample.size)
    rows = quantity.base.by_group(ones, sample.units.of_row, sample.units.count)
    return rows[:, quantity.domain]


def _degrees(sample: Sample, rows: Cells, domain: Codes) -> Codes:
    if rows.is_whole:
        return np.full(len(domain), sample.degrees)
    weighted = (sample.weights != 0).astype(np.float64)
    counts = rows.by_group(weighted, sample.units.of_row, sample.units.count)
    return degrees_of(sample.design, sample.units, counts)[domain]


def _asked(sample: Sample, rows: Cells, domain: Codes) -> Codes:
    """Rows of each domain; R keeps all rows in a domain of a sample whose weights are adjusted."""
    if sample.explained is not None or rows.is_whole:
        return np.full(len(domain), sample.size)
    return rows.counts(np.ones(sample.size))[domain]


def _simple_variance(sample: Sample, totals: _UnitTotals, base: Codes) -> Floats:
    quantity = totals.quantity
    if quantity.denominator is quantity.base:
        population = totals.sums
    else:
        # unit by unit, as the numerators: where all are in one category the two are the very same
        population = _unit_totals(sample, quantity.base).sum(axis=0)[quantity.domain]
    return simple_variance(
        _squares(sample, totals, population),
        population,
        totals.sums,
        base,
        is_without_replacement=stands_for_more(float(sample.unit_weights.sum()), sample.responding),
    )


def stands_for_more(weights: float, responding: int) -> bool:
    """Whether weights add up to a population that is larger than the sample."""
    return weights > responding * _SCALED


def simple_variance(
    squares: Floats,
    population: Floats,
    sums: Floats,
    base: Codes,
    *,
    is_without_replacement: bool,
) -> Floats:
    """(k,) variance of a simple random sample with as many rows from the same population.

    Where the weights do not add up to a population, that sample is drawn with replacement.

    Args:
        squares: (k,) weighted sums of squares about their mean.
        population: (k,) weighted totals of the rows.
        sums: (k,) totals of the denominators.
        base: (k,) numbers of rows.
        is_without_replacement: whether it is drawn so.
    """
    count = base.astype(np.float64)
    unsampled = np.ones(len(count))
    if is_without_replacement:
        sampled = np.divide(count, population, out=np.ones(len(count)), where=population > 0)
        unsampled = np.where(sampled <= 1, 1.0 - sampled, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = squares / population * (count / (count - 1))
        return np.asarray(spread * (population / sums) ** 2 * unsampled / count)


def _squares(sample: Sample, totals: _UnitTotals, population: Floats) -> Floats:
    """(k,) weighted sums of squares about their mean of the linearised values, times `sums`."""
    cells = totals.quantity.numerator
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = totals.estimate * totals.sums / population
    if cells.amounts is None:
        return np.asarray(mean * (1 - mean) * population)
    apart = apart_from(totals.quantity, mean, totals.estimate)
    if cells.is_full:
        return np.array([np.dot(sample.weights, np.square(apart, out=apart))])
    return Cells(cells.codes, cells.width, apart**2).sums(sample.weights)


def apart_from(quantity: Quantity, mean: Floats, ratio: Floats) -> Floats:
    """(n,) how far each row's value is from its column's mean, or from what its ratio makes it."""
    cells, below = quantity.numerator, quantity.denominator
    amounts = np.ones(len(cells.codes)) if cells.amounts is None else cells.amounts
    if below is not None and below.amounts is not None:
        return np.asarray(amounts - _for_rows(ratio, cells) * below.amounts)
    return np.asarray(amounts - _for_rows(mean, cells))


def _for_rows(values: Floats, cells: Cells) -> Floats:
    """(n,) each row's value among (k,), 0 where it has no column; one number if all share it."""
    return values if cells.is_full else np.append(values, 0.0)[cells.codes]
