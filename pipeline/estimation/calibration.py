"""Weights that reproduce known population counts, and what they take out of a variance.

Source: Deville & Särndal (1992), Calibration Estimators in Survey Sampling; Särndal, Swensson &
Wretman (1992), ch. 6 and 7; for the residuals of raked weights R's `survey::svyrecvar`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.errors import Problem, SurveyError
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Floats, categories, numbers
from pipeline.estimation.design import Design, Distance, KnownTotal, Margin
from pipeline.estimation.problems import problem
from pipeline.estimation.stages import Units

_SETTLED = 1e-12  # of the population: further rounds would move no count by more
_REACHED = 1e-9
_DEPENDENT = 1e-13  # columns nearer than this to a sum of others add nothing
_MOST_ROUNDS = 1000
_REFINEMENTS = 2  # of the linear solution, against rounding
_RESIDUAL_ROUNDS = 10  # R's survey takes out the margins of raked weights ten times in turn


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """Columns of an auxiliary matrix in which each row has one value.

    Attributes:
        cells: which column a row has its value in, and the value.
        before: (n,) what a linearised value is multiplied with when it is summed up by column.
        after: (n,) what a column's coefficient is multiplied with when it is taken out again.
    """

    cells: Cells
    before: Floats
    after: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """How the part of a value that the known counts explain is taken out of its variance.

    Attributes:
        terms: the auxiliary columns.
        gain: (q, q) from sums by auxiliary column to coefficients.
        spread: (units, q) totals by sampling unit of what the coefficients are multiplied with.
    """

    terms: tuple[Term, ...]
    gain: Floats
    spread: Floats

    def residual_totals(self, per_unit: Floats, cells: Cells) -> Floats:
        """Totals by sampling unit of the residuals of weighted values.

        Args:
            per_unit: (units, k) totals of the weighted values.
            cells: the values.
        """
        sums = np.concatenate([_cross(term, cells) for term in self.terms])
        return np.asarray(per_unit - self.spread @ (self.gain @ sums))


def _cross(term: Term, cells: Cells) -> Floats:
    weights = term.before if term.cells.amounts is None else term.before * term.cells.amounts
    inside = np.where(term.cells.used, weights, 0.0)
    return cells.by_group(inside, np.maximum(term.cells.codes, 0), term.cells.width)


def calibrated(
    data: pd.DataFrame, design: Design, weights: Floats, units: Units
) -> tuple[Floats, Calibration | None]:
    """The design's final weights, from the given ones.

    Raises:
        SurveyError: EST-016, the counts do not fit the sample; EST-017, raking does not settle.
    """
    if design.post_strata:
        return _linear(data, (design.post_strata,), Distance.LINEAR, weights, units)
    if design.calibrate:
        return _linear(data, design.calibrate, design.distance, weights, units)
    if design.rake:
        return _raked(data, design.rake, weights, units)
    return weights, None


def _margin_cells(data: pd.DataFrame, margin: Margin, weights: Floats) -> tuple[Cells, Floats]:
    """Each row's category among those of a margin that the population has, and their counts."""
    column = categories(data, margin.column)
    known = [(name, count) for name, count in margin.counts if count > 0]
    place = {name: i for i, (name, _) in enumerate(known)}
    moved = np.array([place.get(label, -1) for label in column.labels] + [-1], dtype=np.int64)
    cells = Cells(moved[column.codes], len(known))
    counts: Floats = np.array([count for _, count in known], dtype=np.float64)
    _refuse(_unmatched(cells, margin.column, [name for name, _ in known], weights))
    return cells, counts


def _unmatched(
    cells: Cells, column: str, names: Sequence[str], weights: Floats
) -> Iterator[Problem]:
    if outside := int((~cells.used & (weights > 0)).sum()):
        message = f"{outside} rows have a category of {column} that has no population count."
        yield problem("EST-016", message, "Give every category its count.", column)
    present = cells.sums(weights) > 0
    if absent := [name for name, there in zip(names, present, strict=True) if not there]:
        message = f"No row of the sample is in {', '.join(absent)} of {column}."
        yield problem("EST-016", message, "Join categories that the sample lacks.", column)


def _refuse(problems: Iterator[Problem]) -> None:
    if found := tuple(problems):
        raise SurveyError(found)


def _linear(
    data: pd.DataFrame,
    known: Sequence[Margin | KnownTotal],
    distance: Distance,
    weights: Floats,
    units: Units,
) -> tuple[Floats, Calibration]:
    """Calibrate by one linear predictor; post-stratification is its plainest case."""
    columns: list[Cells] = []
    totals: list[Floats] = []
    for one in known:
        if isinstance(one, Margin):
            cells, counts = _margin_cells(data, one, weights)
        else:
            everyone = np.zeros(len(data), dtype=np.int64)
            cells = Cells(everyone, 1, numbers(data, one.column))
            counts = np.array([one.total])
        columns.append(cells)
        totals.append(counts)
    target = np.concatenate(totals)
    ratio = _ratios(columns, target, weights, distance)
    final = weights * ratio
    terms = tuple(Term(cells, weights, final) for cells in columns)
    gain = _inverted(_gram(columns, weights))
    return final, Calibration(terms, gain, _spread(terms, units))


def _ratios(
    columns: Sequence[Cells], target: Floats, weights: Floats, distance: Distance
) -> Floats:
    """(n,) by what each weight is multiplied so that the sums are the known ones."""
    predictor = np.zeros(len(weights))
    ratio = np.ones(len(weights))
    for _ in range(_REFINEMENTS if distance is Distance.LINEAR else _MOST_ROUNDS):
        short = target - np.concatenate([cells.sums(weights * ratio) for cells in columns])
        slope = _gram(columns, weights if distance is Distance.LINEAR else weights * ratio)
        predictor += _predicted(columns, _inverted(slope) @ short)
        with np.errstate(over="ignore"):
            ratio = 1.0 + predictor if distance is Distance.LINEAR else np.exp(predictor)
        if not np.isfinite(ratio).all():
            break
        if np.abs(short).max() <= _SETTLED * np.abs(target).max():
            break
    reached = np.concatenate([cells.sums(weights * ratio) for cells in columns])
    if not np.allclose(reached, target, rtol=1e-9, atol=1e-9 * np.abs(target).max()):
        message = "No weights reproduce all the known counts and totals at once."
        repair = "Check that the counts of each column add up to the same population."
        raise SurveyError([problem("EST-016", message, repair, "calibrate")])
    return ratio


def _inverted(gram: Floats) -> Floats:
    """A generalised inverse; columns are scaled first, since counts and totals differ in size."""
    size = np.sqrt(np.diag(gram))
    scale = np.divide(1.0, size, out=np.zeros(len(size)), where=size > 0)
    scaled = gram * scale[:, None] * scale
    return np.asarray(np.linalg.pinv(scaled, rcond=_DEPENDENT, hermitian=True) * scale[:, None]) * (
        scale
    )


def _predicted(columns: Sequence[Cells], coefficients: Floats) -> Floats:
    total = np.zeros(len(columns[0].codes))
    first = 0
    for cells in columns:
        own = np.append(coefficients[first : first + cells.width], 0.0)  # -1 finds the 0
        total += own[cells.codes] if cells.amounts is None else own[cells.codes] * cells.amounts
        first += cells.width
    return total


def _gram(columns: Sequence[Cells], weights: Floats) -> Floats:
    """(q, q) weighted cross products of the auxiliary columns."""
    rows = [[_cross(Term(left, weights, weights), right) for right in columns] for left in columns]
    return np.asarray(np.block(rows))


def _raked(
    data: pd.DataFrame, margins: Sequence[Margin], weights: Floats, units: Units
) -> tuple[Floats, Calibration]:
    """Iterative proportional fitting: post-stratify to each margin in turn until all hold."""
    read = [_margin_cells(data, margin, weights) for margin in margins]
    sizes = [counts.sum() for _, counts in read]
    if max(sizes) - min(sizes) > _SETTLED * 1e3 * max(sizes):
        message = "The margins do not count the same number of units."
        raise SurveyError([problem("EST-016", message, "Make their sums agree.", "rake")])
    final, steps = _fitted(read, weights, sizes[0])
    means = [
        _inverse(step * cells.counts(final)[cells.codes])
        for (cells, _), step in zip(read, steps, strict=True)
    ]
    terms = tuple(
        Term(cells, mean * final, step)
        for (cells, _), mean, step in zip(read, means, steps, strict=True)
    )
    return final, Calibration(terms, _raking_gain(terms, means), _spread(terms, units))


def _fitted(
    margins: Sequence[tuple[Cells, Floats]], weights: Floats, size: float
) -> tuple[Floats, list[Floats]]:
    """The raked weights, and those after each margin of the last round."""
    final, steps = weights, [weights]
    for _ in range(_MOST_ROUNDS):
        steps, before = [], final
        for cells, counts in margins:
            final = final * _fitting(cells, counts, final)
            steps.append(final)
        if np.abs(final - before).sum() <= _SETTLED * size:
            break
    # weights may also settle where the margins exclude each other
    apart = max(float(np.abs(cells.sums(final) - counts).max()) for cells, counts in margins)
    if not apart <= _REACHED * size:
        message = f"No weights reach all the margins within {_MOST_ROUNDS} rounds."
        repair = "Join small categories: some combination of margins may not be in the sample."
        raise SurveyError([problem("EST-017", message, repair, "rake")])
    return final, steps


def _fitting(cells: Cells, counts: Floats, weights: Floats) -> Floats:
    return (counts / cells.sums(weights))[cells.codes]


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


def _spread(terms: Sequence[Term], units: Units) -> Floats:
    return np.hstack([t.cells.by_group(t.after, units.of_row, units.count) for t in terms])


def _inverse(values: Floats) -> Floats:
    return np.divide(1.0, values, out=np.zeros(len(values)), where=values != 0)
