"""The variance of an answer in the population, as a quantity to estimate."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Categories, Floats, as_names, domains, numbers
from pipeline.estimation.design import VarianceMethod
from pipeline.estimation.frame import Confidence, DegreesOf, block, table
from pipeline.estimation.intervals import Interval
from pipeline.estimation.quantity import Estimated, Quantity, estimated, replicated_totals
from pipeline.estimation.sample import Sample


def population_variances(
    sample: Sample,
    variables: str | Sequence[str],
    by: str | Sequence[str] | None = None,
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the population variances of numeric variables, in each domain.

    Args:
        sample: a design applied to its data.
        variables: names of numeric columns.
        by: columns whose combinations are the domains; none for the whole sample.
        level: confidence level of Wald's interval with Student's t.

    Returns:
        A row a domain and variable, in the square of the variable's unit.

    Raises:
        SurveyError: EST-010, EST-020 or EST-021.

    Source: R's `survey::svyvar`: the mean of squared distances from the estimated mean, times
    n / (n - 1), n the rows of the domain.
    """
    confidence = Confidence.of(Interval.WALD, level, DegreesOf.DESIGN)
    groups = domains(sample.data, as_names(by))
    labels = ([""] * len(groups.labels), groups.labels)
    return table(
        [
            block(
                sample,
                name,
                labels,
                _variances(sample, numbers(sample.data, name), groups),
                confidence,
            )
            for name in as_names(variables)
        ]
    )


def _variances(sample: Sample, values: Floats, groups: Categories) -> Estimated:
    width = len(groups.labels)
    codes = np.where(np.isnan(values), -1, groups.codes)
    base = Cells(codes, width)
    replicated = sample.design.variance is VarianceMethod.JACKKNIFE
    # R's svyvar leaves missing answers out of this count only with replicates
    rows = base if replicated else Cells(groups.codes, width)
    count = rows.counts(sample.weights).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = Cells(codes, width, np.nan_to_num(values)).sums(sample.weights)
        mean = np.append(mean / base.sums(sample.weights), 0.0)
        several = np.append(count / (count - 1), 0.0)
    distance = np.where(codes >= 0, np.nan_to_num(values) - mean[codes], 0.0)
    squares = Cells(codes, width, distance**2 * several[codes])
    found = estimated(sample, Quantity(squares, base, base, np.arange(width)))
    if not replicated or sample.states_no_error:
        return found
    # each replicate has a mean of its own
    jackknife, totals = replicated_totals(sample, squares, base, Cells(codes, width, distance))
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = (totals[2] / totals[1]) ** 2 * several[:-1]
        repeated = totals[0] / totals[1] - shift
        return replace(found, se=np.sqrt(jackknife.variances(repeated)))
