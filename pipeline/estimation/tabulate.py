"""One table from data and a design: what `survey tabulate` prints."""

from collections.abc import Sequence
from enum import StrEnum

import pandas as pd

from pipeline.errors import SurveyError
from pipeline.estimation.batteries import choice_columns, multiple_response
from pipeline.estimation.columns import as_names
from pipeline.estimation.design import Design
from pipeline.estimation.estimates import means, ratios, shares, totals
from pipeline.estimation.intervals import Interval
from pipeline.estimation.problems import problem
from pipeline.estimation.quantiles import medians
from pipeline.estimation.sample import Sample


class Statistic(StrEnum):
    """What a table gives of its variable."""

    MEAN = "mean"
    TOTAL = "total"
    SHARE = "share"
    MEDIAN = "median"
    RATIO = "ratio"


def tabulate(  # noqa: PLR0917 - the command's arguments, in its order
    data: pd.DataFrame,
    design: Design,
    rows: str | Sequence[str],
    by: str | Sequence[str] | None = None,
    statistic: str = "share",
    denominator: str | None = None,
    interval: str = "wald",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate one statistic of one or several variables, in each domain.

    Args:
        data: one row a responding unit.
        design: how the rows were drawn.
        rows: the variables; a select_multiple by its name, if columns `rows/choice` exist.
        by: columns whose combinations are the domains; none for the whole sample.
        statistic: mean, total, share, median or ratio.
        denominator: the variable below, for a ratio.
        interval: wald, logit, beta, wilson or clopper_pearson; means, totals and ratios have
            wald only.
        level: confidence level.

    Returns:
        The tidy frame: variable, category, domain, estimate, se, low, high, base, deff, note.

    Raises:
        SurveyError: EST-010 to EST-022.
    """
    refuse_contradictions(statistic, denominator, interval)
    sample = Sample.draw(data, design)
    names = as_names(rows)
    if statistic == Statistic.MEAN:
        return means(sample, names, by, level=level)
    if statistic == Statistic.TOTAL:
        return totals(sample, names, by, level=level)
    if statistic == Statistic.MEDIAN:
        return medians(sample, names, by, interval=interval, level=level)
    if statistic == Statistic.RATIO:
        found = [ratios(sample, name, str(denominator), by, level=level) for name in names]
    else:
        found = [_shares(sample, name, by, interval, level) for name in names]
    return pd.concat(found, ignore_index=True)


def _shares(
    sample: Sample, name: str, by: str | Sequence[str] | None, interval: str, level: float
) -> pd.DataFrame:
    if choice_columns(sample.data, name):
        return multiple_response(sample, name, by, interval=interval, level=level)
    return shares(sample, name, by, interval=interval, level=level)


def refuse_contradictions(statistic: str, denominator: str | None, interval: str) -> None:
    """Refuse arguments that do not fit each other.

    Raises:
        SurveyError: EST-021 and EST-022.
    """
    found = []
    if statistic not in set(Statistic):
        repair = f"Choose {', '.join(Statistic)}."
        message = f"There is no statistic '{statistic}'."
        found.append(problem("EST-021", message, repair, "statistic"))
    if (statistic == Statistic.RATIO) != (denominator is not None):
        message = "A ratio has a denominator, and nothing else has."
        repair = "Name one with statistic ratio, or leave it out."
        found.append(problem("EST-022", message, repair, "denominator"))
    wald_only = (Statistic.MEAN, Statistic.TOTAL, Statistic.RATIO)
    if statistic in wald_only and interval in set(Interval) - {Interval.WALD}:
        message = f"The interval {interval} is for shares and medians."
        found.append(problem("EST-022", message, "Use wald.", "interval"))
    if interval not in set(Interval):
        message, repair = f"There is no interval '{interval}'.", f"Choose {', '.join(Interval)}."
        found.append(problem("EST-021", message, repair, "interval"))
    if found:
        raise SurveyError(found)
