"""How far coders, or the items of a scale, agree.

Sources: Fleiss, Cohen & Everitt (1969), Large Sample Standard Errors of Kappa and Weighted Kappa;
Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; Cronbach (1951), Coefficient
Alpha and the Internal Structure of Tests. R's `psych` gives the same kappa and alpha.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np
import pandas as pd
from scipy import special

from pipeline.errors import SurveyError
from pipeline.estimation.columns import Codes, Floats, as_names, categories, numbers
from pipeline.estimation.frame import Block, table
from pipeline.estimation.intervals import check_level
from pipeline.estimation.problems import problem


class KappaWeights(StrEnum):
    """How much credit near agreement gets: none, by distance, or by its square."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


class Scale(StrEnum):
    """The level of measurement of ratings."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def cohen_kappa(
    ratings: pd.DataFrame,
    first: str,
    second: str,
    *,
    weights: str = KappaWeights.NONE,
    order: Sequence[str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Cohen's kappa of two coders, beyond the agreement that chance would give.

    Args:
        ratings: one row a unit.
        first: the first coder's column.
        second: the second coder's column.
        weights: none, linear or quadratic.
        order: the categories in order, for weights; by default sorted.
        level: confidence level of the large-sample interval.

    Returns:
        One tidy row; base counts the units that both have rated. se, low and high are the
        large-sample ones.

    Raises:
        SurveyError: EST-010, EST-021, or EST-024: no unit rated by both, or a rating that is not
            in `order`.
    """
    check_level(level)
    _known_word(weights, KappaWeights, "weights")
    joint = _joint_shares(ratings, (first, second), order)
    base = round(float(joint.sum()))
    shares = joint / joint.sum()
    credit = _credit(KappaWeights(weights), len(shares))
    by_first, by_second = shares.sum(axis=1), shares.sum(axis=0)
    observed = float((credit * shares).sum())
    chance = float((credit * np.outer(by_first, by_second)).sum())
    name = "cohen_kappa" if weights == KappaWeights.NONE else f"cohen_kappa_{weights}"
    if chance >= 1:
        return _row(f"{first}:{second}", name, np.nan, base, note="only one category was used")
    kappa = (observed - chance) / (1 - chance)
    typical = (credit @ by_second)[:, None] + by_first @ credit
    spread = (shares * (credit * (1 - chance) - typical * (1 - observed)) ** 2).sum()
    lost = (observed * chance - 2 * chance + observed) ** 2
    se = float(np.sqrt(max(spread - lost, 0.0) / base)) / (1 - chance) ** 2
    reach = float(special.ndtri((1 + level) / 2)) * se
    low, high = max(kappa - reach, -1.0), min(kappa + reach, 1.0)  # kappa goes no further
    return _row(f"{first}:{second}", name, kappa, base, error=(se, low, high))


def krippendorff_alpha(
    ratings: pd.DataFrame,
    coders: Sequence[str] | None = None,
    *,
    scale: str = Scale.NOMINAL,
    order: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Krippendorff's alpha of any number of coders, missing ratings allowed.

    Args:
        ratings: one row a unit, a column a coder.
        coders: the columns; by default all.
        scale: nominal, ordinal, interval or ratio; the last two need numbers.
        order: the categories in order, for ordinal ratings that are not numbers.

    Returns:
        One tidy row; base counts the units that at least two coders have rated.

    Raises:
        SurveyError: EST-010, EST-020, EST-021, or EST-024: no unit has two ratings, a rating is
            not in `order`, or a ratio scale has ratings below 0.
    """
    _known_word(scale, Scale, "scale")
    names = as_names(list(ratings.columns) if coders is None else coders)
    codes, values = _ratings(ratings, names, Scale(scale), order)
    counts = np.stack([(codes == i).sum(axis=1) for i in range(len(values))], axis=1)
    counts = counts[counts.sum(axis=1) > 1].astype(np.float64)
    if not len(counts):
        raise _incomparable("No unit has two ratings.", "Let coders rate the same units.")
    pairs = counts.sum(axis=1, keepdims=True) - 1
    coincidence = (counts / pairs).T @ counts - np.diag((counts / pairs).sum(axis=0))
    margin = coincidence.sum(axis=0)
    distance = _DISTANCES[Scale(scale)](values, margin)
    expected = float((np.outer(margin, margin) * distance).sum())
    name = f"krippendorff_alpha_{scale}"
    if expected <= 0:
        note = "only one category was used"
        return _row(":".join(names), name, np.nan, len(counts), note=note)
    disagreement = float((coincidence * distance).sum())
    alpha = 1 - (margin.sum() - 1) * disagreement / expected
    return _row(":".join(names), name, alpha, len(counts))


def cronbach_alpha(
    items: pd.DataFrame, names: Sequence[str] | None = None, *, standardised: bool = False
) -> pd.DataFrame:
    """Cronbach's alpha of the items of a scale, from pairwise complete answers.

    Args:
        items: one row a respondent.
        names: the columns of the items; by default all.
        standardised: from these covariances as correlations, as R's psych.

    Returns:
        One tidy row; base counts the respondents with an answer to at least one item.

    Raises:
        SurveyError: EST-010, EST-020, or EST-024 for fewer than two items.
    """
    columns = as_names(list(items.columns) if names is None else names)
    if len(columns) < 2:  # noqa: PLR2004 - one item cannot agree with itself
        raise _incomparable("A scale has at least two items.", "Name more columns.")
    values = pd.DataFrame({name: numbers(items, name) for name in columns})
    matrix = values.cov().to_numpy()
    count = len(columns)
    with np.errstate(divide="ignore", invalid="ignore"):
        if standardised:
            matrix = matrix / np.sqrt(np.outer(np.diag(matrix), np.diag(matrix)))
        alpha = count / (count - 1) * (1 - np.trace(matrix) / matrix.sum())
    name = "cronbach_alpha_standardised" if standardised else "cronbach_alpha"
    base = int(values.notna().any(axis=1).sum())
    note = "" if np.isfinite(alpha) else "two items were never answered together"
    return _row(":".join(columns), name, float(alpha) if not note else np.nan, base, note=note)


def _joint_shares(
    ratings: pd.DataFrame, names: tuple[str, str], order: Sequence[str] | None
) -> Floats:
    """(categories, categories) counts of units by both coders' ratings."""
    codes, values = _ratings(ratings, names, Scale.NOMINAL, order)
    both = (codes >= 0).all(axis=1)
    if not both.any():
        raise _incomparable("No unit has both ratings.", "Let both coders rate the same units.")
    width = len(values)
    place = codes[both, 0] * width + codes[both, 1]
    counts = np.bincount(place, minlength=width * width).reshape(width, width)
    # a category that neither used would not change kappa, but the distances between others
    used = slice(None) if order is not None else counts.sum(axis=0) + counts.sum(axis=1) > 0
    return counts[used][:, used].astype(np.float64)


def _ratings(
    ratings: pd.DataFrame, names: Sequence[str], scale: Scale, order: Sequence[str] | None
) -> tuple[Codes, Floats]:
    """(units, coders) codes, -1 for none, and the value that each code stands for."""
    read = [categories(ratings, name) for name in names]
    labels = {label for column in read for label in np.array(column.labels)[_seen(column.codes)]}
    if order is not None:
        ordered = list(order)
        if outside := len(labels - set(ordered)):
            message = f"{outside} kinds of rating are not in the order given."
            raise _incomparable(message, "Name every category in order.")
        values = np.arange(len(ordered), dtype=np.float64)
    else:
        ordered, values = _sorted_labels(
            labels, needs_numbers=scale in (Scale.INTERVAL, Scale.RATIO)
        )
    if scale is Scale.RATIO and (values < 0).any():
        raise _incomparable("A ratio scale has no ratings below 0.", "Use interval.")
    place = {label: i for i, label in enumerate(ordered)}
    codes = [
        np.array([*(place.get(label, -1) for label in column.labels), -1])[column.codes]
        for column in read
    ]
    return np.stack(codes, axis=1), values


def _seen(codes: Codes) -> list[int]:
    return [int(code) for code in np.unique(codes) if code >= 0]


def _sorted_labels(labels: set[str], *, needs_numbers: bool) -> tuple[list[str], Floats]:
    parsed = {label: pd.to_numeric(label, errors="coerce") for label in labels}
    numeric = all(np.isfinite(value) for value in parsed.values())
    if numeric:
        ordered = sorted(labels, key=lambda label: float(parsed[label]))
        return ordered, np.array([float(parsed[label]) for label in ordered])
    if needs_numbers:
        message = "Ratings on an interval or ratio scale are numbers."
        repair = "Use nominal, or ordinal with an order."
        raise SurveyError([problem("EST-020", message, repair, "scale")])
    return sorted(labels), np.arange(len(labels), dtype=np.float64)


def _credit(weights: KappaWeights, width: int) -> Floats:
    apart = np.abs(np.subtract.outer(np.arange(width), np.arange(width)))
    if weights is KappaWeights.NONE or width == 1:
        return np.asarray(apart == 0, dtype=np.float64)
    share = apart / (width - 1)
    return np.asarray(1.0 - (share if weights is KappaWeights.LINEAR else share**2))


def _nominal(values: Floats, _margin: Floats) -> Floats:
    return np.asarray(1.0 - np.eye(len(values)))


def _ordinal(_values: Floats, margin: Floats) -> Floats:
    upto = np.cumsum(margin)
    middle = upto - margin / 2
    return np.asarray(np.subtract.outer(middle, middle) ** 2)


def _interval(values: Floats, _margin: Floats) -> Floats:
    return np.asarray(np.subtract.outer(values, values) ** 2)


def _ratio(values: Floats, _margin: Floats) -> Floats:
    both = np.add.outer(values, values)
    apart = np.subtract.outer(values, values)
    return np.asarray(np.divide(apart, both, out=np.zeros_like(both), where=both > 0) ** 2)


_DISTANCES: dict[Scale, Callable[[Floats, Floats], Floats]] = {
    Scale.NOMINAL: _nominal,
    Scale.ORDINAL: _ordinal,
    Scale.INTERVAL: _interval,
    Scale.RATIO: _ratio,
}


def _known_word(word: str, words: type[StrEnum], name: str) -> None:
    if word not in set(words):
        repair = f"Choose {', '.join(words)}."
        raise SurveyError([problem("EST-021", f"There is no {name} '{word}'.", repair, name)])


def _incomparable(message: str, repair: str) -> SurveyError:
    return SurveyError([problem("EST-024", message, repair)])


def _row(
    variable: str,
    name: str,
    estimate: float,
    base: int,
    *,
    error: tuple[float, float, float] = (np.nan, np.nan, np.nan),
    note: str = "",
) -> pd.DataFrame:
    se, low, high = (np.array([value]) for value in error)
    unknown = np.array([np.nan])
    value = np.array([estimate])
    count = np.array([base])
    return table([Block(variable, [name], [""], value, se, low, high, count, unknown, [note])])
