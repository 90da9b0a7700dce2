"""Raking: weights that reproduce several margins at once, by iterative proportional fitting.

Source: Deville & Särndal (1992), Calibration Estimators in Survey Sampling; for the residuals of
raked weights R's `survey::svyrecvar`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.errors import SurveyError
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Codes, Columns, Floats, compacted
from pipeline.estimation.design import Margin
from pipeline.estimation.margins import margin_cells
from pipeline.estimation.problems import problem
from pipeline.estimation.residuals import Calibration, Term, spread_of
from pipeline.estimation.stages import Units

_SETTLED = 1e-12  # of the population: further rounds would move no count by more
_REACHED = 1e-9
_MOST_ROUNDS = 10_000  # near empty cells the weights settle slowly
_RESIDUAL_ROUNDS = 10  # R's survey takes out the margins of raked weights ten times in turn


def raked(
    data: Columns, margins: Sequence[Margin], weights: Floats, units: Units
) -> tuple[Floats, Callable[[], Calibration]]:
    """Post-stratify to each margin in turn until all hold.

    Returns:
        (n,) the final weights, and what makes of them a calibration when a variance needs it.

    Raises:
        SurveyError: EST-016, the counts do not fit the sample; EST-017, it does not settle.
    """
    rows, factors = fitted([margin_cells(data, margin, weights) for margin in margins], weights)
    final = weights * factors[-1][rows.cell]

    def calibration() -> Calibration:
        terms, gain = residual_terms(rows, factors, weights, (weights != 0).astype(np.float64))
        return Calibration(terms, gain, spread_of(terms, units))

    return final, calibration


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """Rows by their combination of the margins' categories: those of one are raked alike.

    Attributes:
        cell: (n,) the combination of each row, without gaps from 0.
        margins: the rows by the category of each margin.
        narrow: the combinations by the category of each margin.
    """

    cell: Codes
    margins: tuple[Cells, ...]
    narrow: tuple[Cells, ...]

    @classmethod
    def of(cls, margins: Sequence[Cells]) -> "Combined":
        """The combinations that occur, from (n,) the rows by the category of each margin."""
        cell = margins[0].codes + 1
        for one in margins[1:]:
            cell = compacted(cell * (one.width + 1) + one.codes + 1)[1]
        cell = compacted(cell)[1]
        narrow = []
        for one in margins:
            codes = np.empty(int(cell.max()) + 1, dtype=np.int64)
            codes[cell] = one.codes
            narrow.append(Cells(codes, one.width))
        return cls(cell, tuple(margins), tuple(narrow))


def fitted(
    margins: Sequence[tuple[Cells, Floats]], weights: Floats
) -> tuple[Combined, list[Floats]]:
    """Rows by their combination of categories, and what each combination's weights become.

    Args:
        margins: for each (n,) the rows by category, and the categories' counts.
        weights: (n,) the given ones.

    Returns:
        The combinations, and (combinations,) by what weights are multiplied after each margin of
        the last round.

    Raises:
        SurveyError: EST-016, the margins count differently; EST-017, it does not settle.
    """
    sizes = [counts.sum() for _, counts in margins]
    if max(sizes) - min(sizes) > _SETTLED * 1e3 * max(sizes):
        message = "The margins do not count the same number of units."
        raise SurveyError([problem("EST-016", message, "Make their sums agree.", "rake")])
    rows = Combined.of([cells for cells, _ in margins])
    return rows, _fitted(rows, [counts for _, counts in margins], weights, sizes[0])


def _fitted(
    rows: Combined, margins: Sequence[Floats], weights: Floats, size: float
) -> list[Floats]:
    sums = np.bincount(rows.cell, weights=weights)
    factor = np.ones(len(sums))
    steps = [factor]
    for _ in range(_MOST_ROUNDS):
        steps, before = [], factor
        for cells, counts in zip(rows.narrow, margins, strict=True):
            factor = factor * (counts / cells.sums(sums * factor))[cells.codes]
            steps.append(factor)
        if (sums * np.abs(factor - before)).sum() <= _SETTLED * size:
            break
    # weights may also settle where the margins exclude each other
    final = sums * factor
    apart = max(
        float(np.abs(cells.sums(final) - counts).max())
        for cells, counts in zip(rows.narrow, margins, strict=True)
    )
    if not apart <= _REACHED * size:
        message = f"No weights reach all the margins within {_MOST_ROUNDS} rounds."
        repair = "Join small categories: some combination of margins may not be in the sample."
        raise SurveyError([problem("EST-017", message, repair, "rake")])
    return steps


def residual_terms(
    rows: Combined, factors: Sequence[Floats], weights: Floats, counts: Floats
) -> tuple[tuple[Term, ...], Floats]:
    """What R's `survey` takes out of the variance of raked weights: the terms and their gain.

    Args:
        rows: n rows by combination.
        factors: of `fitted`.
        weights: (n,) the given ones.
        counts: (n,) how many rows with a weight other than 0 each stands for.
    """
    steps = [weights * factor[rows.cell] for factor in factors]
    final = steps[-1]
    means = [
        counts * _inverse(step * cells.sums(counts)[cells.codes])
        for cells, step in zip(rows.margins, steps, strict=True)
    ]
    terms = tuple(
        Term(cells, mean * final, step)
        for cells, mean, step in zip(rows.margins, means, steps, strict=True)
    )
    return terms, _raking_gain(terms, means)


def _raking_gain(terms: Sequence[Term], means: Sequence[Floats]) -> Floats:
    """The coefficients of ten rounds of taking out the mean of each margin's categories in turn.

    With values scaled by the weights of each step, one round is a Gauss-Seidel sweep over the
    margins; the map from first sums to final coefficients is linear, so it is found once.
    """
    widths = [term.cells.width for term in terms]
    edges = np.concatenate([[0], np.cumsum(widths)])
    blocks = [
        [_overlap(left, mean, right) for right in terms]
        for left, mean in zip(terms, means, strict=True)
    ]
    gain = np.zeros((edges[-1], edges[-1]))
    first = np.eye(edges[-1])
    for _ in range(_RESIDUAL_ROUNDS):
        for i in range(len(terms)):
            rows = slice(edges[i], edges[i + 1])
            gain[rows] += first[rows] - np.hstack(blocks[i]) @ gain
    return gain


def _overlap(left: Term, mean: Floats, right: Term) -> Floats:
    """Mean, in each category of one margin, of what another margin's coefficients take out."""
    inside = np.maximum(left.cells.codes, 0)
    return right.cells.by_group(right.after * mean, inside, left.cells.width)


def _inverse(values: Floats) -> Floats:
    return np.divide(1.0, values, out=np.zeros(len(values)), where=values != 0)
