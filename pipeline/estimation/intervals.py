"""Confidence intervals, from an estimate, its standard error and its degrees of freedom.

Sources: Korn & Graubard (1998), Confidence Intervals for Proportions with Small Expected Number
of Positive Counts; Brown, Cai & DasGupta (2001), Interval Estimation for a Binomial Proportion;
Dean & Pagano (2015), Evaluating Confidence Interval Methods for Binomial Proportions in
Clustered Surveys; R's `survey::svyciprop`.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from scipy import special

from pipeline.errors import SurveyError
from pipeline.estimation.columns import Codes, Floats
from pipeline.estimation.problems import problem

_ENDLESS = 1e14


class Interval(StrEnum):
    """How an interval is made.

    wald: estimate and Student's t times the standard error; the only one for means and totals.
    logit: Wald on the log odds, carried back; a jackknife repeats the log odds themselves.
    xlogit: as logit, with the standard error of the share carried over to the log odds.
    asin: Wald on the arcsine of the root, carried back.
    beta: Korn & Graubard's, Clopper-Pearson with the effective sample size, as R's survey has it.
    wilson, clopper_pearson: the binomial intervals with the effective sample size, which is the
        number of answers itself where the sample is simple random.
    """

    WALD = "wald"
    LOGIT = "logit"
    XLOGIT = "xlogit"
    ASIN = "asin"
    BETA = "beta"
    WILSON = "wilson"
    CLOPPER_PEARSON = "clopper_pearson"


@dataclass(frozen=True, slots=True, eq=False)
class Precision:
    """What is known of k estimates beside the estimates themselves.

    Attributes:
        se: standard errors.
        degrees: degrees of freedom for Student's t.
        base: number of answers that each estimate rests on.
        base_degrees: degrees of freedom of the rows it rests on.
        rows: number of rows of the whole sample.
        logit_se: standard errors of the log odds, for shares.
        complete: whether the whole population was asked.
        asked: number of rows of the domain, answered or not; those of the base by default.
        asked_degrees: their degrees of freedom.
    """

    se: Floats
    degrees: Codes
    base: Codes
    base_degrees: Codes
    rows: int
    logit_se: Floats | None = None
    complete: bool = False
    asked: Codes | None = None
    asked_degrees: Codes | None = None


def limits(
    interval: Interval, estimate: Floats, precision: Precision, level: float
) -> tuple[Floats, Floats]:
    """Lower and upper limits; NaN where the method has none.

    Args:
        interval: the method; all but Wald's are for shares (0-1).
        estimate: (k,) estimates.
        precision: (k,) what is known of them.
        level: confidence level, above 0 and below 1.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if interval is Interval.WALD:
            reach = student(precision.degrees, level) * precision.se
            return estimate - reach, estimate + reach
        if interval in {Interval.LOGIT, Interval.XLOGIT}:
            own = precision.logit_se if interval is Interval.LOGIT else None
            return _logit(estimate, precision, level, own)
        if interval is Interval.ASIN:
            return _arcsine(estimate, precision, level)
        effective = _effective_size(interval, estimate, precision, level)
        if interval is Interval.WILSON:
            low, high = _wilson(estimate, effective, level)
        else:
            low, high = _clopper_pearson(estimate, effective, level)
        # beyond any real sample the binomial is its normal limit, and the beta quantile overflows
        reach = special.ndtri((1 + level) / 2) * np.sqrt(estimate * (1 - estimate) / effective)
        endless = effective > _ENDLESS
        return (
            np.where(endless, estimate - reach, low),
            np.where(endless, estimate + reach, high),
        )


def proportion_interval(
    successes: "pd.Series[int] | Codes | int",
    size: "pd.Series[int] | Codes | int",
    method: str = "wilson",
    level: float = 0.95,
) -> pd.DataFrame:
    """Intervals for proportions of plain counts, without any design.

    Args:
        successes: how many of `size` independent answers are of the kind counted.
        size: number of answers, at least 1.
        method: wilson, wilson_continuity (Yates's correction), clopper_pearson or jeffreys
            (with Brown, Cai & DasGupta's rule at the ends).
        level: confidence level.

    Returns:
        A row a proportion: estimate, low, high (0-1), base.

    Raises:
        SurveyError: EST-021, unknown method or level; EST-022, counts that cannot be.
    """
    check_level(level)
    x, n = np.broadcast_arrays(np.atleast_1d(successes), np.atleast_1d(size))
    if not ((x >= 0) & (x <= n) & (n > 0)).all():
        message = "Successes lie between 0 and the number of answers, which is at least 1."
        raise SurveyError([problem("EST-022", message, "Check both counts.", "successes")])
    share, base = x / n, n.astype(np.float64)
    if method == "wilson":
        low, high = _wilson(share, base, level)
    elif method == "wilson_continuity":
        low, high = _wilson(share, base, level, correction=0.5)
    elif method == "clopper_pearson":
        low, high = _clopper_pearson(share, base, level)
    elif method == "jeffreys":
        low, high = _jeffreys(x, n, level)
    else:
        repair = "Choose wilson, wilson_continuity, clopper_pearson or jeffreys."
        raise SurveyError([problem("EST-021", f"No method '{method}'.", repair, "method")])
    return pd.DataFrame({"estimate": share, "low": low, "high": high, "base": n})


def check_level(level: float) -> None:
    """Refuse a confidence level that is none.

    Raises:
        SurveyError: EST-021.
    """
    if isinstance(level, bool) or not 0 < level < 1:
        message = "A confidence level lies between 0 and 1."
        raise SurveyError([problem("EST-021", message, "Use 0.95, for example.", "level")])


def student(degrees: Codes, level: float) -> Floats:
    """(k,) the two-sided quantile of Student's t; NaN without degrees of freedom."""
    quantile = special.stdtrit(np.maximum(degrees, 1), (1 + level) / 2)
    return np.asarray(np.where(degrees > 0, quantile, np.nan))


def _logit(
    estimate: Floats, precision: Precision, level: float, error: Floats | None
) -> tuple[Floats, Floats]:
    centre = special.logit(estimate)
    if error is None:
        error = precision.se / (estimate * (1 - estimate))
    reach = student(precision.degrees, level) * error
    low, high = special.expit(centre - reach), special.expit(centre + reach)
    inner = np.isfinite(centre)
    end = np.where(precision.complete & ~inner, estimate, np.nan)
    return np.where(inner, low, end), np.where(inner, high, end)


def _arcsine(estimate: Floats, precision: Precision, level: float) -> tuple[Floats, Floats]:
    centre = np.arcsin(np.sqrt(np.clip(estimate, 0.0, 1.0)))
    error = precision.se / (2 * np.sqrt(estimate * (1 - estimate)))
    reach = student(precision.degrees, level) * error
    # a limit beyond the ends would turn back on the sine
    low = np.sin(np.maximum(centre - reach, 0.0)) ** 2
    high = np.sin(np.minimum(centre + reach, np.pi / 2)) ** 2
    return low, high


def _effective_size(
    interval: Interval, estimate: Floats, precision: Precision, level: float
) -> Floats:
    """How many independent answers would tell as much, less what few sampling units cost.

    Where all answers agree there is no standard error to go by, and the base itself is taken.
    """
    if precision.complete:
        return np.full(len(estimate), np.inf)
    size = estimate * (1 - estimate) / precision.se**2
    if interval is not Interval.BETA and precision.rows > 1:
        size = size * (precision.rows / (precision.rows - 1))
    rows, degrees = precision.base, precision.base_degrees
    if interval is Interval.BETA and precision.asked is not None:
        rows = precision.asked  # as R's svyciprop, which does not leave out missing answers here
        degrees = degrees if precision.asked_degrees is None else precision.asked_degrees
    few = student(rows - 1, level) / student(degrees, level)
    unanimous = (estimate <= 0) | (estimate >= 1)
    return np.where(unanimous, precision.base, size) * np.where(precision.base == 1, 1.0, few**2)


def _wilson(
    share: Floats, size: Floats, level: float, correction: float = 0.0
) -> tuple[Floats, Floats]:
    z = special.ndtri((1 + level) / 2)
    # R's prop.test corrects by no more than the distance from one half
    yates = np.minimum(correction, size * np.abs(share - 0.5))

    def bound(side: int) -> Floats:
        moved = share + side * yates / size
        root = np.sqrt(moved * (1 - moved) / size + z**2 / (4 * size**2))
        return np.asarray((moved + z**2 / (2 * size) + side * z * root) / (1 + z**2 / size))

    low = np.where(share <= 0, 0.0, np.maximum(bound(-1), 0.0))
    return low, np.where(share >= 1, 1.0, np.minimum(bound(1), 1.0))


def _clopper_pearson(share: Floats, size: Floats, level: float) -> tuple[Floats, Floats]:
    tail = (1 - level) / 2
    hits, misses = size * share, size * (1 - share)
    low = np.where(share <= 0, 0.0, special.betaincinv(hits, misses + 1, tail))
    return low, np.where(share >= 1, 1.0, special.betaincinv(hits + 1, misses, 1 - tail))


def _jeffreys(x: Codes, n: Codes, level: float) -> tuple[Floats, Floats]:
    tail = (1 - level) / 2
    low = np.where(x == 0, 0.0, special.betaincinv(x + 0.5, n - x + 0.5, tail))
    return low, np.where(x == n, 1.0, special.betaincinv(x + 0.5, n - x + 0.5, 1 - tail))
