"""Weights that reproduce known population counts, and what they take out of a variance.

Source: Deville & Särndal (1992), Calibration Estimators in Survey Sampling; Särndal, Swensson &
Wretman (1992), ch. 6 and 7.
"""

from collections.abc import Callable, Sequence

import numpy as np

from pipeline.errors import SurveyError
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Columns, Floats, numbers
from pipeline.estimation.design import Design, Distance, KnownTotal, Margin
from pipeline.estimation.margins import margin_cells
from pipeline.estimation.problems import problem
from pipeline.estimation.raking import raked
from pipeline.estimation.residuals import Calibration, Term, cross, spread_of
from pipeline.estimation.stages import Units

_SETTLED = 1e-12  # of the population: further rounds would move no count by more
_DEPENDENT = 1e-13  # columns nearer than this to a sum of others add nothing
_MOST_ROUNDS = 1000
_REFINEMENTS = 2  # of the linear solution, against rounding


def calibrated(
    data: Columns, design: Design, weights: Floats, units: Units
) -> tuple[Floats, Callable[[], Calibration] | None]:
    """The design's final weights, from the given ones.

    Returns:
        (n,) weights, and what makes of them a calibration when a variance needs it.

    Raises:
        SurveyError: EST-016, the counts do not fit the sample; EST-017, raking does not settle.
    """
    if design.post_strata:
        return _linear(data, (design.post_strata,), Distance.LINEAR, weights, units)
    if design.calibrate:
        return _linear(data, design.calibrate, design.distance, weights, units)
    if design.rake:
        return raked(data, design.rake, weights, units)
    return weights, None


def _linear(
    data: Columns,
    known: Sequence[Margin | KnownTotal],
    distance: Distance,
    weights: Floats,
    units: Units,
) -> tuple[Floats, Callable[[], Calibration]]:
    """Calibrate by one linear predictor; post-stratification is its plainest case."""
    columns: list[Cells] = []
    totals: list[Floats] = []
    for one in known:
        if isinstance(one, Margin):
            cells, counts = margin_cells(data, one, weights)
        else:
            everyone = np.zeros(len(data.frame), dtype=np.int64)
            cells = Cells(everyone, 1, numbers(data.frame, one.column))
            counts = np.array([one.total])
        columns.append(cells)
        totals.append(counts)
    target = np.concatenate(totals)
    ratio = ratios(columns, target, weights, distance)
    final = weights * ratio

    def calibration() -> Calibration:
        terms = tuple(Term(cells, weights, final) for cells in columns)
        return Calibration(terms, inverted(gram(columns, weights)), spread_of(terms, units))

    return final, calibration


def ratios(columns: Sequence[Cells], target: Floats, weights: Floats, distance: Distance) -> Floats:
    """(n,) by what each weight is multiplied so that the sums are the known ones.

    Raises:
        SurveyError: EST-016, no weights reproduce them.
    """
    predictor = np.zeros(len(weights))
    ratio = np.ones(len(weights))
    for _ in range(_REFINEMENTS if distance is Distance.LINEAR else _MOST_ROUNDS):
        short = target - np.concatenate([cells.sums(weights * ratio) for cells in columns])
        slope = gram(columns, weights if distance is Distance.LINEAR else weights * ratio)
        predictor += predicted(columns, inverted(slope) @ short)
        with np.errstate(over="ignore"):
            ratio = 1.0 + predictor if distance is Distance.LINEAR else np.exp(predictor)
        if not np.isfinite(ratio).all():
            break
        if np.abs(short).max() <= _SETTLED * np.abs(target).max():
            break
    demand_reached(np.concatenate([cells.sums(weights * ratio) for cells in columns]), target)
    return ratio


def linear_coefficients(totals: Floats, slope: Floats, target: Floats) -> Floats:
    """(q,) what a row's values are multiplied with, added up and 1 added, to calibrate its weight.

    Args:
        totals: (q,) weighted sums of the auxiliary columns.
        slope: (q, q) their weighted cross products.
        target: (q,) the known sums.

    Raises:
        SurveyError: EST-016, no weights reproduce them.
    """
    found = np.zeros(len(target))
    for _ in range(_REFINEMENTS):
        found += inverted(slope) @ (target - (totals + slope @ found))
    demand_reached(totals + slope @ found, target)
    return found


def demand_reached(reached: Floats, target: Floats) -> None:
    """Refuse sums that are not the known ones.

    Raises:
        SurveyError: EST-016.
    """
    if not np.allclose(reached, target, rtol=1e-9, atol=1e-9 * np.abs(target).max()):
        message = "No weights reproduce all the known counts and totals at once."
        repair = "Check that the counts of each column add up to the same population."
        raise SurveyError([problem("EST-016", message, repair, "calibrate")])


def inverted(matrix: Floats) -> Floats:
    """A generalised inverse; columns are scaled first, since counts and totals differ in size."""
    size = np.sqrt(np.diag(matrix))
    scale = np.divide(1.0, size, out=np.zeros(len(size)), where=size > 0)
    scaled = matrix * scale[:, None] * scale
    return np.asarray(np.linalg.pinv(scaled, rcond=_DEPENDENT, hermitian=True) * scale[:, None]) * (
        scale
    )


def predicted(columns: Sequence[Cells], coefficients: Floats) -> Floats:
    """(n,) each row's sum of its values times their coefficients."""
    total = np.zeros(len(columns[0].codes))
    first = 0
    for cells in columns:
        own = np.append(coefficients[first : first + cells.width], 0.0)  # -1 finds the 0
        total += own[cells.codes] if cells.amounts is None else own[cells.codes] * cells.amounts
        first += cells.width
    return total


def gram(columns: Sequence[Cells], weights: Floats) -> Floats:
    """(q, q) weighted cross products of the auxiliary columns."""
    rows = [[cross(Term(left, weights, weights), right) for right in columns] for left in columns]
    return np.asarray(np.block(rows))
