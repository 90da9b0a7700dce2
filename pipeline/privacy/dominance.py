"""Sums that one or two contributors make up: a competitor could work out the largest one."""

from collections.abc import Sequence

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


def hidden_sums(groups: Sequence[Sequence[float]], *, percent: float = 10.0) -> list[bool]:
    """Which groups' sums (or means) to hide where the sum of all groups is known.

    What all hidden groups make up together follows from the rest. So further groups are hidden,
    those with the least sums first, until that is not dominated either, nor one group's alone.

    Args:
        groups: each group's contributions, none negative.
        percent: p of the rule.

    Returns:
        One bool a group; none where no group is dominated.
    """
    hidden = [_is_dominated(one, percent) for one in groups]
    if not any(hidden):
        return hidden
    order = sorted(range(len(groups)), key=lambda n: (sum(groups[n]), n))
    for n in order:
        parts = (one for one, is_in in zip(groups, hidden, strict=True) if is_in)
        joined = [value for part in parts for value in part]
        if sum(hidden) > 1 and not _is_dominated(joined, percent):
            break
        hidden[n] |= bool(groups[n])
    return hidden


def _is_dominated(contributions: Sequence[float], percent: float) -> bool:
    frame = pd.DataFrame({"group": 0, "value": contributions})
    return bool(dominated(frame, ["group"], "value", percent=percent).any())
