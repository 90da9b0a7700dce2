"""Variances of totals of a complex sample, for many columns at once.

Source: Särndal, Swensson & Wretman (1992), ch. 4; Lumley (2010), ch. 2 and 3 and R's
`survey::svyrecvar`, whose rules for lonely strata these are.
"""

from collections.abc import Iterator

import numpy as np

from pipeline.estimation.columns import Floats
from pipeline.estimation.design import LonelyStratum
from pipeline.estimation.stages import Stage, Units

UNITS_AT_ONCE = 16_384  # so that a block of columns stays in the processor's cache


def variances(
    units: Units, rule: LonelyStratum, per_unit: Floats, used: Floats | None = None
) -> Floats:
    """Variances of k totals.

    Args:
        units: the sampling units.
        rule: what a lonely stratum adds.
        per_unit: (units of the last stage, k) totals of weighted values in each unit.
        used: (units of the last stage, k) how many rows of each unit an estimate uses; only the
            rule `average` asks for it, None for all.

    Returns:
        (k,).
    """
    total = np.zeros(per_unit.shape[1])
    for stage, values, rows in _by_stage(units, per_unit, used):
        part = np.zeros(per_unit.shape[1])
        for spread in _deviations(stage, rule, values):
            part += np.einsum("ij,ij->j", spread, spread)
        with np.errstate(invalid="ignore"):  # no group of the domain tells anything
            total += part * averaging(stage, rule, _by_group(stage, rows))
    return total


def covariance(
    units: Units, rule: LonelyStratum, per_unit: Floats, used: Floats | None = None
) -> Floats:
    """The (k, k) covariance of k totals that use the same rows; arguments as in `variances`."""
    total = np.zeros((per_unit.shape[1], per_unit.shape[1]))
    for stage, values, rows in _by_stage(units, per_unit, used):
        part = np.zeros_like(total)
        for spread in _deviations(stage, rule, values):
            part += spread.T @ spread
        total += part * averaging(stage, rule, _by_group(stage, rows))[0]
    return total


def _by_stage(
    units: Units, per_unit: Floats, used: Floats | None
) -> Iterator[tuple[Stage, Floats, Floats | None]]:
    for stage in reversed(units.stages):
        yield stage, per_unit, used
        if stage is not units.stages[0]:
            per_unit = stage.sums(per_unit)
            used = None if used is None else stage.sums(used)


def _by_group(stage: Stage, per_unit: Floats | None) -> Floats | None:
    return None if per_unit is None else stage.sums(per_unit)


def _deviations(stage: Stage, rule: LonelyStratum, per_unit: Floats) -> Iterator[Floats]:
    """Scaled distances of units from their group's mean, whose squares add up to the variance.

    They come in blocks of units.
    """
    centre, scale = centre_and_scale(stage, rule, stage.sums(per_unit))
    for first in range(0, len(per_unit), UNITS_AT_ONCE):
        block = slice(first, first + UNITS_AT_ONCE)
        group = stage.parent[block]
        yield (per_unit[block] - centre[group]) * scale[group, None]


def centre_and_scale(stage: Stage, rule: LonelyStratum, sums: Floats) -> tuple[Floats, Floats]:
    """What a unit's distance is taken from, and what it is multiplied with before it is squared.

    Args:
        stage: of sampling.
        rule: what a lonely stratum adds.
        sums: (groups, k) totals of weighted values.

    Returns:
        (groups, k) and (groups,).
    """
    size = stage.size.astype(np.float64)
    several = np.maximum(size - 1.0, 1.0)
    unsampled = np.where(stage.varies, 1.0 - stage.fraction, 0.0)
    scale = np.sqrt(stage.share * unsampled * np.where(size > 1, size, 1.0) / several)
    centre = sums / size[:, None]
    if rule is LonelyStratum.ADJUST:
        centre[stage.lonely] = 0.0  # the mean of the whole sample's linearised values
    return centre, scale


def averaging(stage: Stage, rule: LonelyStratum, used: Floats | None) -> Floats:
    """By how much the other groups' variance is raised to speak for the lonely ones.

    Args:
        stage: of sampling.
        rule: what a lonely stratum adds.
        used: (groups, k) numbers of rows used; None for all.
    """
    if rule is not LonelyStratum.AVERAGE:
        return np.ones(1)
    present = np.ones((len(stage.size), 1), dtype=bool) if used is None else used > 0
    telling = present & ~stage.lonely[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(present.sum(axis=0) / telling.sum(axis=0), dtype=np.float64)
