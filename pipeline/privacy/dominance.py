"""Sums that one or two contributors make up: a competitor could work out the largest one."""

import pandas as pd


def dominated(
    contributions: pd.DataFrame, by: list[str], value: str, *, percent: float = 10.0
) -> pd.Series:
    """Which sums fail the p% rule.

    The second largest contributor takes its own part from the sum; what is left must not tell the
    largest part more closely than `percent` of it.

    Args:
        contributions: one row a contributor; `by` columns name the cell, `value` is not negative.
        by: the columns that name a cell.
        value: the column that is summed.
        percent: p of the rule, above 0.

    Returns:
        One bool a cell, indexed by `by`; cells whose sum is 0 are not dominated.

    Raises:
        ValueError: a contribution is negative, for which the rule has no meaning.

    Source: Hundepool et al. (2012), Statistical Disclosure Control, ch. 4.2.2.
    """
    given = contributions.dropna(subset=[value])
    if (given[value] < 0).any():
        raise ValueError("a contribution is negative")
    ranked = given.sort_values(value, ascending=False, kind="stable")
    groups = ranked.groupby(by, observed=True, sort=True)[value]
    total, first = groups.sum(), groups.max()
    two = ranked.groupby(by, observed=True, sort=True).head(2)
    rest = total - two.groupby(by, observed=True, sort=True)[value].sum()
    return ((rest < first * percent / 100) & (total > 0)).rename("is_dominated")
