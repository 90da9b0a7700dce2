"""Two variables at once: cross tables, and tests of whether they go together.

Sources: Rao & Scott (1984), On Chi-squared Tests for Multiway Contingency Tables; Thomas & Rao
(1987); Koch, Freeman & Freeman (1975) for Wald's; R's `survey::svychisq`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from scipy import special

from pipeline.errors import SurveyError
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Categories, Floats, categories
from pipeline.estimation.frame import Confidence, DegreesOf, block, table
from pipeline.estimation.intervals import Interval
from pipeline.estimation.problems import problem
from pipeline.estimation.quantity import Quantity, estimated, share_covariance
from pipeline.estimation.sample import Sample


class Statistic(StrEnum):
    """Which test of independence.

    F: Pearson's with Rao and Scott's second-order correction. Chisq: with their first-order one.
    Wald: on the distances from independence. adjWald: Wald's, for few sampling units.
    """

    F = "F"
    CHISQ = "Chisq"
    WALD = "Wald"
    ADJUSTED_WALD = "adjWald"


class PercentOf(StrEnum):
    """What the shares of a cross table add up to 1 over; `count` gives population counts."""

    TOTAL = "total"
    ROW = "row"
    COLUMN = "column"
    COUNT = "count"


def crosstab(
    sample: Sample,
    rows: str,
    columns: str,
    *,
    percent: str = PercentOf.TOTAL,
    interval: str = Interval.WALD,
    level: float = 0.95,
) -> pd.DataFrame:
    """The cells of two categorical variables, among rows that answer both.

    Args:
        sample: a design applied to its data.
        rows: name of a column.
        columns: name of another column.
        percent: total, row, column, or count for population counts.
        interval: wald, logit, beta, wilson or clopper_pearson; wald for counts.
        level: confidence level.

    Returns:
        A row a cell; variable `rows:columns`, category `row:column`.

    Raises:
        SurveyError: EST-010 or EST-021; EST-022, counts have Wald's interval only.
    """
    if percent not in set(PercentOf):
        repair = f"Choose {', '.join(PercentOf)}."
        raise SurveyError(
            [problem("EST-021", f"No percentages of '{percent}'.", repair, "percent")]
        )
    if percent == PercentOf.COUNT and interval != Interval.WALD:
        message = "Population counts have Wald's interval only."
        raise SurveyError([problem("EST-022", message, "Use wald.", "interval")])
    confidence = Confidence.of(interval, level, DegreesOf.DESIGN)
    pair = _Pair.of(sample, rows, columns)
    quantity, order = pair.quantity(PercentOf(percent))
    labels = [pair.labels[i] for i in order]
    found = estimated(sample, quantity)
    return table([block(sample, pair.name, (labels, [""] * len(labels)), found, confidence)])


def association(
    sample: Sample, rows: str, columns: str, *, statistic: str = Statistic.F
) -> pd.DataFrame:
    """Test whether two categorical variables are independent in the population.

    Args:
        sample: a design applied to its data.
        rows: name of a column.
        columns: name of another column.
        statistic: F, Chisq, Wald or adjWald. Chisq is scaled to the number of all rows, those
            without an answer included, as R's survey does; its p-value does not depend on it.

    Returns:
        One row: variable, test, statistic, df, df_denominator, p_value, base, note. The numbers
        are missing, and the note says why, where no test is possible.

    Raises:
        SurveyError: EST-010 or EST-021.
    """
    if statistic not in set(Statistic):
        repair = f"Choose {', '.join(Statistic)}."
        raise SurveyError([problem("EST-021", f"No test '{statistic}'.", repair, "statistic")])
    pair = _Pair.of(sample, rows, columns).occurring(sample)
    base = int(pair.base.counts(sample.weights)[0])
    note = _impossible(sample, pair)
    result = (np.nan,) * 4
    if not note:
        result = _TESTS[Statistic(statistic)](sample, pair)
        if np.isnan(result[0]):
            note = "empty cells, or too little variation or too few sampling units for this test"
    names = ("statistic", "df", "df_denominator", "p_value")
    row = {"variable": pair.name, "test": statistic, **dict(zip(names, result, strict=True))}
    frame = pd.DataFrame([{**row, "base": base, "note": note or pd.NA}])
    return frame.astype({"variable": "str", "test": "str", "note": "str"})


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """Two columns at once; cell (i, j) is column i * len(second) + j."""

    name: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    cells: Cells

    @classmethod
    def of(cls, sample: Sample, rows: str, columns: str) -> "_Pair":
        one, two = categories(sample.data, rows), categories(sample.data, columns)
        return cls._joined(f"{rows}:{columns}", one, two)

    @classmethod
    def _joined(cls, name: str, one: Categories, two: Categories) -> "_Pair":
        width = len(two.labels)
        both = (one.codes >= 0) & (two.codes >= 0)
        codes = np.where(both, one.codes * width + two.codes, -1)
        return cls(name, one.labels, two.labels, Cells(codes, len(one.labels) * width))

    @property
    def labels(self) -> list[str]:
        return [f"{one}:{two}" for one in self.first for two in self.second]

    @property
    def base(self) -> Cells:
        return Cells(np.where(self.cells.used, 0, -1), 1)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.first), len(self.second)

    def occurring(self, sample: Sample) -> "_Pair":
        """Without categories that nobody chose, which would test nothing."""
        weight = self.cells.sums(sample.weights).reshape(self.shape)
        rows, columns = np.flatnonzero(weight.sum(axis=1)), np.flatnonzero(weight.sum(axis=0))
        moved = np.full(weight.size + 1, -1, dtype=np.int64)
        kept = (rows[:, None] * self.shape[1] + columns).ravel()
        moved[kept] = np.arange(len(kept))
        first = tuple(self.first[i] for i in rows)
        second = tuple(self.second[i] for i in columns)
        return _Pair(self.name, first, second, Cells(moved[self.cells.codes], len(kept)))

    def quantity(self, percent: PercentOf) -> tuple[Quantity, list[int]]:
        """The cells as shares or counts, in an order in which each base's cells lie together."""
        rows, columns = self.shape
        place = np.arange(rows * columns).reshape(rows, columns)
        if percent in (PercentOf.TOTAL, PercentOf.COUNT):
            base = self.base
            below = None if percent is PercentOf.COUNT else base
            domain = np.zeros(place.size, dtype=np.int64)
            return Quantity(self.cells, below, base, domain), list(place.ravel())
        along = place if percent is PercentOf.ROW else place.T
        order = along.ravel()
        of_place = np.append(np.argsort(order), -1)
        cells = Cells(of_place[self.cells.codes], place.size)
        base = Cells(np.where(cells.used, cells.codes // along.shape[1], -1), len(along))
        domain = np.repeat(np.arange(len(along)), along.shape[1])
        return Quantity(cells, base, base, domain), list(order)


def _impossible(sample: Sample, pair: _Pair) -> str:
    if sample.states_no_error:
        return "purposive sample: no test can be made"
    if sample.is_complete:
        return "the whole population was asked: nothing to test"
    if min(pair.shape) < 2:  # noqa: PLR2004 - one category cannot differ from another
        return "a variable has only one category"
    return "" if sample.test_degrees > 0 else "too few sampling units for a test"


Result = tuple[float, float, float, float]
_NO_TEST: Result = (np.nan, np.nan, np.nan, np.nan)
_NOTHING = 1e-9  # less variation between sampling units than this is rounding


def _rao_scott(sample: Sample, pair: _Pair) -> tuple[float, Floats]:
    """Pearson's statistic, and the matrix of generalised design effects."""
    total = Quantity(pair.cells, pair.base, pair.base, np.zeros(pair.cells.width, dtype=np.int64))
    share, variance = share_covariance(sample, total)
    rows, columns = pair.shape
    observed = share.reshape(rows, columns)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0))
    size = sample.size
    pearson = float(size * ((observed - expected) ** 2 / expected).sum())
    inverse = np.divide(1.0, share, out=np.zeros(len(share)), where=share > 0)
    contrasts = np.kron(_contrasts(rows), _contrasts(columns)) * inverse[:, None]
    simple = (contrasts * (share[:, None] / size)).T @ contrasts
    return pearson, _solved(simple, contrasts.T @ variance @ contrasts)


def _contrasts(width: int) -> Floats:
    """(width, width - 1) columns that add up to 0."""
    return np.vstack([np.eye(width - 1), -np.ones((1, width - 1))])


def _solved(left: Floats, right: Floats) -> Floats:
    if np.linalg.matrix_rank(left, hermitian=True) < len(left):
        return np.full(right.shape, np.nan)
    return np.asarray(np.linalg.solve(left, right))


def _second_order(sample: Sample, pair: _Pair) -> Result:
    pearson, effects = _rao_scott(sample, pair)
    trace = float(np.trace(effects))
    if not trace > _NOTHING:
        return _NO_TEST
    df = trace**2 / float(np.trace(effects @ effects))
    denominator = df * sample.test_degrees
    statistic = pearson / trace
    return statistic, df, denominator, float(special.fdtrc(df, denominator, max(statistic, 0.0)))


def _first_order(sample: Sample, pair: _Pair) -> Result:
    pearson, effects = _rao_scott(sample, pair)
    df = float(len(effects))
    mean_effect = float(np.trace(effects)) / df
    if not mean_effect > _NOTHING:
        return _NO_TEST
    return pearson, df, np.nan, float(special.chdtrc(df, pearson / mean_effect))


def _wald(sample: Sample, pair: _Pair) -> Result:
    statistic, df = _wald_statistic(sample, pair)
    if np.isnan(statistic):
        return _NO_TEST
    p_value = float(special.fdtrc(df, sample.test_degrees, max(statistic / df, 0.0)))
    return statistic / df, df, float(sample.test_degrees), p_value


def _adjusted_wald(sample: Sample, pair: _Pair) -> Result:
    statistic, df = _wald_statistic(sample, pair)
    denominator = sample.test_degrees - df + 1
    if denominator <= 0:
        return _NO_TEST
    scaled = statistic * denominator / (df * sample.test_degrees)
    return scaled, df, denominator, float(special.fdtrc(df, denominator, max(scaled, 0.0)))


def _wald_statistic(sample: Sample, pair: _Pair) -> tuple[float, float]:
    """Wald's statistic of counts less those expected, and how many distances it rests on."""
    one = np.zeros(pair.cells.width, dtype=np.int64)
    count, variance = share_covariance(sample, Quantity(pair.cells, None, pair.base, one))
    rows, columns = pair.shape
    table_ = count.reshape(rows, columns)
    total, by_row, by_column = table_.sum(), table_.sum(axis=1), table_.sum(axis=0)
    distance = (table_ - np.outer(by_row, by_column) / total).ravel()
    same_row = np.kron(np.eye(rows), np.ones((columns, columns)))
    same_column = np.kron(np.ones((rows, rows)), np.eye(columns))
    of_row, of_column = np.repeat(by_row, columns), np.tile(by_column, rows)
    jacobian = (
        np.eye(rows * columns)
        - same_row * of_column[:, None] / total
        - same_column * of_row[:, None] / total
        + (of_row * of_column)[:, None] / total**2
    )
    free = np.arange(rows * columns).reshape(rows, columns)[1:, 1:].ravel()
    spread = (jacobian @ variance @ jacobian.T)[np.ix_(free, free)]
    if not np.trace(spread) > (_NOTHING * total) ** 2:
        return np.nan, float(len(free))
    statistic = float(distance[free] @ _solved(spread, distance[free]))
    return statistic, float(len(free))


_TESTS: dict[Statistic, Callable[[Sample, _Pair], Result]] = {
    Statistic.F: _second_order,
    Statistic.CHISQ: _first_order,
    Statistic.WALD: _wald,
    Statistic.ADJUSTED_WALD: _adjusted_wald,
}
