"""Estimates of quantities that have been summed up over parts.

The formulas are those of `pipeline.estimation.quantity`, whose functions do the work.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.estimation.columns import Codes, Floats
from pipeline.estimation.design import Design, LonelyStratum
from pipeline.estimation.parted.quantities import Named
from pipeline.estimation.parted.sample import Parted
from pipeline.estimation.parted.spread import Middle, Spread
from pipeline.estimation.parted.sums import Summed, Sums
from pipeline.estimation.quantity import Estimated, Quantity, simple_variance, stands_for_more
from pipeline.estimation.variance import averaging, centre_and_scale, variances


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """What the rows come to, as a sample that estimates are framed with.

    Attributes:
        parted: the sample.
        summed: all of its groups.
    """

    parted: Parted
    summed: Summed

    @property
    def design(self) -> Design:
        """How the sample was drawn."""
        return self.parted.design

    @property
    def states_no_error(self) -> bool:
        """Whether no sampling error can be stated."""
        return self.parted.states_no_error

    @property
    def is_complete(self) -> bool:
        """Whether every unit of the population is in the sample."""
        return self.parted.is_complete

    @property
    def degrees(self) -> int:
        """Degrees of freedom of the whole design."""
        return int(_degrees(self.parted, self.summed.rows[:, None])[0])

    @property
    def responding(self) -> int:
        """Number of rows with a weight other than 0."""
        return int(self.summed.rows.sum())


def middle_of(total: Total, one: Named, sums: Sums) -> Middle:
    """What the distances of a quantity's rows are taken from."""
    parted, quantity = total.parted, one.quantity
    estimate, below = _ratios(quantity, sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = estimate * below / sums.population.sum(axis=0)[quantity.domain]
    adjustment = parted.adjustment
    taken = None if adjustment is None else adjustment.gain @ sums.explained_above
    is_ratio = quantity.denominator is not None
    taken_below = None
    if adjustment is not None and is_ratio:
        taken_below = adjustment.gain @ sums.explained_below
    centre = scale = None
    if parted.rows_are_units and not total.states_no_error:
        linear = _linearised(total, quantity, sums)
        rule = parted.design.lonely_stratum
        centre, scale = centre_and_scale(parted.stages[0], rule, linear)
    return Middle(mean, estimate, below, taken, taken_below, centre, scale)


def estimated(total: Total, one: Named, sums: Sums, spread: Spread) -> Estimated:
    """The estimates of a quantity's k columns.

    Args:
        total: what all rows come to.
        one: the quantity, without rows.
        sums: of the quantity.
        spread: its sums of squares.
    """
    parted, quantity = total.parted, one.quantity
    domain = quantity.domain
    ratio, below = _ratios(quantity, sums)
    base = np.asarray(sums.rows.sum(axis=0), dtype=np.int64)[domain]
    estimate = np.where(base > 0, ratio, np.nan)
    if total.states_no_error:
        unstated, none = np.full(len(base), np.nan), np.zeros_like(base)
        return Estimated(estimate, unstated, None, base, none, unstated, base, none)
    population = sums.population.sum(axis=0)[domain]
    squares = spread.squares
    if quantity.numerator.amounts is None:
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = ratio * below / population
            squares = np.asarray(mean * (1 - mean) * population)
    is_more = stands_for_more(float(total.summed.weights.sum()), total.responding)
    simple = simple_variance(squares, population, below, base, is_without_replacement=is_more)
    variance = _variances(total, quantity, sums, spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        deff = variance / simple
    deff = np.where(np.isinf(deff) | total.is_complete, np.nan, deff)
    se = np.where(base > 0, np.sqrt(variance), np.nan)
    asked = np.asarray(sums.everyone, dtype=np.int64)[domain]
    if parted.adjustment is not None:  # as R, which keeps all rows in a domain of such a sample
        asked = np.full(len(domain), parted.size)
    return Estimated(
        estimate,
        se,
        None,
        base,
        _degrees(parted, sums.rows)[domain],
        deff,
        asked,
        _degrees(parted, sums.asked)[domain],
    )


def _ratios(quantity: Quantity, sums: Sums) -> tuple[Floats, Floats]:
    """(k,) totals over (k,) totals of the denominators, and these, 1 for totals."""
    above = sums.above.sum(axis=0)
    below = np.ones(len(above))
    if quantity.denominator is not None:
        below = sums.below.sum(axis=0)[quantity.domain]
    with np.errstate(divide="ignore", invalid="ignore"):
        return above / below, below


def _linearised(total: Total, quantity: Quantity, sums: Sums) -> Floats:
    """(groups, k) totals of the values whose variance is the estimate's."""
    adjustment = total.parted.adjustment
    above, below = sums.above, sums.below
    if adjustment is not None:
        spread = total.summed.spread
        above = above - spread @ (adjustment.gain @ sums.explained_above)
        if quantity.denominator is not None:
            below = below - spread @ (adjustment.gain @ sums.explained_below)
    if quantity.denominator is None:
        return above
    ratio, divisor = _ratios(quantity, sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((above - below[:, quantity.domain] * ratio) / divisor)


def _variances(total: Total, quantity: Quantity, sums: Sums, spread: Spread) -> Floats:
    parted = total.parted
    rule = parted.design.lonely_stratum
    used = None
    if rule is LonelyStratum.AVERAGE and parted.adjustment is None:
        used = sums.used[:, quantity.domain]
    if parted.rows_are_units:
        with np.errstate(invalid="ignore"):
            return np.asarray(spread.deviations * averaging(parted.stages[0], rule, used))
    return variances(parted.units, rule, _linearised(total, quantity, sums), used)


def _degrees(parted: Parted, rows: Floats) -> Codes:
    """(k,) degrees of freedom that (groups, k) numbers of used rows leave."""
    if parted.rows_are_units:
        return np.asarray(rows.sum(axis=0) - (rows > 0).sum(axis=0), dtype=np.int64)
    return parted.units.degrees_of_counts(rows)
