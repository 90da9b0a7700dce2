"""Means, totals, shares and ratios with standard errors, intervals and design effects.

Every function gives the tidy frame of `frame.COLUMNS`: variable, category, domain, estimate, se,
low, high, base (unweighted count of answers), deff, note. Answers that are missing are left out,
variable by variable. Source: Lumley (2010), Complex Surveys; the numbers are those of R's
`survey`: svymean, svytotal, svyciprop, svyratio and svyby.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.errors import SurveyError
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import (
    Categories,
    Floats,
    as_names,
    categories,
    domains,
    numbers,
)
from pipeline.estimation.frame import Block, Confidence, DegreesOf, block, table
from pipeline.estimation.intervals import Interval
from pipeline.estimation.quantity import Quantity, estimated
from pipeline.estimation.sample import Sample


def means(
    sample: Sample,
    variables: str | Sequence[str],
    by: str | Sequence[str] | None = None,
    *,
    level: float = 0.95,
    degrees_of: str = DegreesOf.DESIGN,
) -> pd.DataFrame:
    """Means of numeric variables, in each domain.

    Args:
        sample: a design applied to its data.
        variables: names of numeric columns.
        by: columns whose combinations are the domains; none for the whole sample.
        level: confidence level of Wald's interval with Student's t.
        degrees_of: `design` (as R's svyby) or `domain` (those of the answers used).

    Returns:
        A row a domain and variable, in the unit of the variable.

    Raises:
        SurveyError: EST-010, EST-020 or EST-021.
    """
    confidence = Confidence.of(Interval.WALD, level, degrees_of)
    groups = domains(sample.data, as_names(by))
    return table([_mean(sample, name, groups, confidence) for name in as_names(variables)])


def totals(
    sample: Sample,
    variables: str | Sequence[str],
    by: str | Sequence[str] | None = None,
    *,
    level: float = 0.95,
    degrees_of: str = DegreesOf.DESIGN,
) -> pd.DataFrame:
    """Population totals of numeric variables, and population counts of categories.

    Arguments and errors as for `means`; a column with answers that are not numbers is counted
    by category.

    Returns:
        A row a domain and variable, or a domain and category.
    """
    confidence = Confidence.of(Interval.WALD, level, degrees_of)
    groups = domains(sample.data, as_names(by))
    return table([_total(sample, name, groups, confidence) for name in as_names(variables)])


def shares(
    sample: Sample,
    variables: str | Sequence[str],
    by: str | Sequence[str] | None = None,
    *,
    interval: str = Interval.WALD,
    level: float = 0.95,
    degrees_of: str = DegreesOf.DESIGN,
) -> pd.DataFrame:
    """Shares (0-1) of the categories of variables among those who answered, in each domain.

    Args:
        sample: a design applied to its data.
        variables: names of columns.
        by: columns whose combinations are the domains; none for the whole sample.
        interval: wald, logit, beta, wilson or clopper_pearson.
        level: confidence level.
        degrees_of: `design` (as R's svyby) or `domain`; beta, wilson and clopper_pearson always
            use the domain's, as R's svyciprop.

    Returns:
        A row a domain and category; a category that nobody chose has the share 0.

    Raises:
        SurveyError: EST-010 or EST-021.
    """
    confidence = Confidence.of(interval, level, degrees_of)
    groups = domains(sample.data, as_names(by))
    return table(
        [
            share_block(sample, name, categories(sample.data, name), groups, confidence)
            for name in as_names(variables)
        ]
    )


def ratios(
    sample: Sample,
    numerator: str,
    denominator: str,
    by: str | Sequence[str] | None = None,
    *,
    level: float = 0.95,
    degrees_of: str = DegreesOf.DESIGN,
) -> pd.DataFrame:
    """The ratio of the totals of two numeric variables, among rows that have both.

    Arguments and errors as for `means`.

    Returns:
        A row a domain; the variable is written `numerator/denominator`.
    """
    confidence = Confidence.of(Interval.WALD, level, degrees_of)
    groups = domains(sample.data, as_names(by))
    above, below = numbers(sample.data, numerator), numbers(sample.data, denominator)
    pair = f"{numerator}/{denominator}"
    return table([ratio_block(sample, (pair, ""), (above, below), groups, confidence)])


def share_block(
    sample: Sample, variable: str, column: Categories, groups: Categories, confidence: Confidence
) -> Block:
    """Shares of a column's categories in each domain."""
    quantity = category_quantity(column, groups, as_shares=True)
    labels = category_labels(column, groups)
    return block(sample, variable, labels, estimated(sample, quantity), confidence)


def ratio_block(
    sample: Sample,
    name: tuple[str, str],
    values: tuple[Floats, ...],
    groups: Categories,
    confidence: Confidence,
) -> Block:
    """The ratio of totals in each domain, or the mean if there is one array of values.

    Args:
        sample: a design applied to its data.
        name: variable and category.
        values: (n,) numerator and, for a ratio, (n,) denominator; NaN is missing.
        groups: the domains.
        confidence: how intervals are made.
    """
    labels = ([name[1]] * len(groups.labels), groups.labels)
    quantity = ratio_quantity(values, groups)
    return block(sample, name[0], labels, estimated(sample, quantity), confidence)


def ratio_quantity(values: tuple[Floats, ...], groups: Categories) -> Quantity:
    """The ratio of totals in each domain, or the mean; values as for `ratio_block`."""
    width = len(groups.labels)
    known = ~np.isnan(values[0] if len(values) == 1 else sum(values))
    codes, amounts = groups.codes, values
    if not known.all():
        codes = np.where(known, codes, -1)
        amounts = tuple(np.where(known, one, 0.0) for one in values)
    base = Cells(codes, width)
    columns = [Cells(codes, width, one) for one in amounts]
    below = columns[1] if columns[1:] else base
    asked = None if known.all() else Cells(groups.codes, width)
    return Quantity(columns[0], below, base, np.arange(width), asked)


def total_quantity(values: Floats, groups: Categories) -> Quantity:
    """The total of (n,) values in each domain; NaN is missing."""
    width = len(groups.labels)
    cells = Cells.of(groups.codes, width, values)
    return Quantity(cells, None, Cells(cells.codes, width), np.arange(width))


def _mean(sample: Sample, name: str, groups: Categories, confidence: Confidence) -> Block:
    return ratio_block(sample, (name, ""), (numbers(sample.data, name),), groups, confidence)


def _total(sample: Sample, name: str, groups: Categories, confidence: Confidence) -> Block:
    try:
        values = numbers(sample.data, name)
    except SurveyError as error:
        if error.problems[0].code != "EST-020":
            raise
        column = categories(sample.data, name)
        quantity = category_quantity(column, groups, as_shares=False)
        labels = category_labels(column, groups)
        return block(sample, name, labels, estimated(sample, quantity), confidence)
    labels = ([""] * len(groups.labels), groups.labels)
    quantity = total_quantity(values, groups)
    return block(sample, name, labels, estimated(sample, quantity), confidence)


def category_quantity(column: Categories, groups: Categories, *, as_shares: bool) -> Quantity:
    """The shares, or else the numbers, of a column's categories in each domain."""
    width, many = len(column.labels), len(groups.labels)
    known = (column.codes >= 0) & (groups.codes >= 0)
    base = Cells(np.where(known, groups.codes, -1), many)
    codes = np.where(known, groups.codes * width + column.codes, -1)
    domain = np.repeat(np.arange(many), width)
    asked = None if known.all() else Cells(groups.codes, many)
    return Quantity(Cells(codes, many * width), base if as_shares else None, base, domain, asked)


def category_labels(column: Categories, groups: Categories) -> tuple[Sequence[str], Sequence[str]]:
    """Category and domain of each column of a `category_quantity`."""
    return (
        list(column.labels) * len(groups.labels),
        [label for label in groups.labels for _ in column.labels],
    )
