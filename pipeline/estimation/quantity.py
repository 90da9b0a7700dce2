"""Totals and ratios of totals, which is what means, shares and ratios are, with their precision.

Source: Lumley (2010), Complex Surveys, ch. 2 and 5; Särndal, Swensson & Wretman (1992), ch. 5.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Codes, Floats
from pipeline.estimation.design import LonelyStratum, VarianceMethod
from pipeline.estimation.replicates import Jackknife
from pipeline.estimation.sample import Sample
from pipeline.estimation.variance import covariance, variances

_CELLS_AT_ONCE = 8_000_000  # of units x columns, so that memory stays near 200 MB
_SCALED = 1 + 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """What is estimated: k totals, or k ratios of totals.

    Attributes:
        numerator: k columns of values.
        denominator: d columns, one for each domain; None for totals.
        base: d columns of ones, for the rows that an estimate rests on.
        domain: (k,) which of the d columns belongs to each numerator, ascending.
    """

    numerator: Cells
    denominator: Cells | None
    base: Cells
    domain: Codes


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
    """

    estimate: Floats
    se: Floats
    logit_se: Floats | None
    base: Codes
    base_degrees: Codes
    deff: Floats


def estimated(sample: Sample, quantity: Quantity) -> Estimated:
    """Estimate every column of a quantity at once."""
    weights = sample.weights
    total, below = _totals(sample, quantity)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = total / below
    base = quantity.base.counts(weights)[quantity.domain]
    estimate = np.where(base > 0, estimate, np.nan)
    unstated = np.full(len(estimate), np.nan)
    if sample.states_no_error:
        none = np.zeros(len(estimate), dtype=np.int64)
        return Estimated(estimate, unstated, None, base, none, unstated)
    parts = [
        _errors(sample, quantity, (estimate, below), part)
        for part in _portions(sample, quantity.numerator.width)
    ]
    variance, log_odds, degrees = (np.concatenate(part) for part in zip(*parts, strict=True))
    variance = np.where(base > 0, variance, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        deff = variance / _simple_variance(sample, quantity, estimate, below)
    deff = unstated if sample.is_complete else np.where(np.isinf(deff), np.nan, deff)
    replicated = sample.design.variance is VarianceMethod.JACKKNIFE
    logit_se = np.sqrt(log_odds) if replicated else None
    return Estimated(estimate, np.sqrt(variance), logit_se, base, degrees, deff)


def share_covariance(sample: Sample, quantity: Quantity) -> tuple[Floats, Floats]:
    """(k,) estimates and their (k, k) covariance, for columns that rest on the same rows."""
    total, below = _totals(sample, quantity)
    estimate = total / below
    width = quantity.numerator.width
    above, base, used = _unit_totals(sample, quantity, slice(0, width))
    if sample.design.variance is VarianceMethod.JACKKNIFE:
        jackknife = Jackknife.of(sample.units, sample.design.lonely_stratum)
        return estimate, jackknife.covariance(_replicated(sample, jackknife, above, base))
    linear = _linearised(above, base, estimate, below)
    rule = sample.design.lonely_stratum
    return estimate, covariance(sample.units, rule, linear, used)


def _totals(sample: Sample, quantity: Quantity) -> tuple[Floats, Floats]:
    total = quantity.numerator.sums(sample.weights)
    if quantity.denominator is None:
        return total, np.ones(len(total))
    return total, quantity.denominator.sums(sample.weights)[quantity.domain]


def _portions(sample: Sample, width: int) -> Iterator[slice]:
    step = max(1, _CELLS_AT_ONCE // sample.units.count)
    for first in range(0, max(width, 1), step):
        yield slice(first, min(first + step, width))


def _errors(
    sample: Sample, quantity: Quantity, point: tuple[Floats, Floats], part: slice
) -> tuple[Floats, Floats, Codes]:
    """Variances, variances of the log odds, and degrees of freedom of some of the columns."""
    estimate, below = point
    above, base, used = _unit_totals(sample, quantity, part)
    degrees = _degrees(sample, quantity, part)
    if sample.design.variance is VarianceMethod.JACKKNIFE:
        jackknife = Jackknife.of(sample.units, sample.design.lonely_stratum)
        replicated = _replicated(sample, jackknife, above, base)
        with np.errstate(divide="ignore", invalid="ignore"):
            odds = np.log(replicated / (1 - replicated))
            variance = jackknife.variances(replicated)
            return variance, jackknife.variances(odds), degrees
    linear = _linearised(above, base, estimate[part], below[part])
    variance = variances(sample.units, sample.design.lonely_stratum, linear, used)
    return variance, variance, degrees


def _unit_totals(
    sample: Sample, quantity: Quantity, part: slice
) -> tuple[Floats, Floats | None, Floats | None]:
    """By sampling unit: numerators, their denominators, and numbers of rows used."""
    domain = quantity.domain[part]
    totals = partial(_residual_totals, sample)
    above = totals(quantity.numerator.only(part.start, part.stop))
    lowest, beyond = (int(domain[0]), int(domain[-1]) + 1) if len(domain) else (0, 0)
    base = used = None
    if quantity.denominator is not None:
        base = totals(quantity.denominator.only(lowest, beyond))[:, domain - lowest]
    if sample.design.lonely_stratum is LonelyStratum.AVERAGE and sample.calibration is None:
        ones = np.ones(sample.size)
        rows = quantity.base.only(lowest, beyond)
        used = rows.by_group(ones, sample.units.of_row, sample.units.count)[:, domain - lowest]
    return above, base, used


def replicated_totals(sample: Sample, *columns: Cells) -> tuple[Jackknife, list[Floats]]:
    """The replicates of a jackknife design, and (replicates, k) totals of each set of columns."""
    jackknife = Jackknife.of(sample.units, sample.design.lonely_stratum)
    units = sample.units
    return jackknife, [
        jackknife.totals(
            units.first_stage(cells.by_group(sample.weights, units.of_row, units.count))
        )
        for cells in columns
    ]


def _residual_totals(sample: Sample, cells: Cells) -> Floats:
    per_unit = cells.by_group(sample.weights, sample.units.of_row, sample.units.count)
    if sample.calibration is None:
        return per_unit
    return sample.calibration.residual_totals(per_unit, cells)


def _linearised(above: Floats, base: Floats | None, estimate: Floats, below: Floats) -> Floats:
    if base is None:
        return above
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((above - estimate * base) / below)


def _replicated(sample: Sample, jackknife: Jackknife, above: Floats, base: Floats | None) -> Floats:
    totals = jackknife.totals(sample.units.first_stage(above))
    if base is None:
        return totals
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(totals / jackknife.totals(sample.units.first_stage(base)))


def _degrees(sample: Sample, quantity: Quantity, part: slice) -> Codes:
    domain = quantity.domain[part]
    if not len(domain):
        return domain
    weighted = sample.weights > 0
    used = quantity.base.used & weighted
    if quantity.base.width == 1 and np.array_equal(used, weighted):
        return np.full(len(domain), sample.degrees)
    lowest, beyond = int(domain[0]), int(domain[-1]) + 1
    rows = quantity.base.only(lowest, beyond)
    counts = rows.by_group(weighted.astype(float), sample.units.of_row, sample.units.count)
    return sample.units.degrees_of_counts(counts)[domain - lowest]


def _simple_variance(sample: Sample, quantity: Quantity, estimate: Floats, below: Floats) -> Floats:
    """(k,) variance of a simple random sample with as many rows from the same population.

    Where the weights do not add up to a population, that sample is drawn with replacement.
    """
    count = quantity.base.counts(sample.weights)[quantity.domain].astype(np.float64)
    population = quantity.base.sums(sample.weights)[quantity.domain]
    unsampled = np.ones(len(count))
    everyone = int((sample.weights > 0).sum())
    if sample.weights.sum() > everyone * _SCALED:
        unsampled = 1.0 - count / population
        unsampled[unsampled < 0] = np.nan
    spread = _population_variance(sample, quantity, estimate, population)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = population / below
        return np.asarray(spread * count / (count - 1) * scale**2 * unsampled / count)


def _population_variance(
    sample: Sample, quantity: Quantity, estimate: Floats, population: Floats
) -> Floats:
    """(k,) weighted variance of the values whose total is the numerator's linearised one."""
    cells = quantity.numerator
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = cells.sums(sample.weights) / population
        if cells.amounts is None:
            return np.asarray(mean * (1 - mean))
        centre, against = mean, quantity.denominator
        values = cells.amounts - np.append(centre, 0.0)[cells.codes]
        if against is not None and against.amounts is not None:
            values = cells.amounts - np.append(estimate, 0.0)[cells.codes] * against.amounts
        return np.asarray(Cells(cells.codes, cells.width, values**2).sums(sample.weights)) / (
            population
        )
