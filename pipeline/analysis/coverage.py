"""The smallest set of partners that covers the needs, exactly, by integer programming."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp


def smallest_cover(
    offers: pd.DataFrame, preference: pd.Series | None = None
) -> tuple[list[object], list[object]]:
    """Choose as few organisations as possible so that every need that can be met is met.

    Args:
        offers: a row an organisation, a column a need, true where the organisation meets it.
        preference: score from 0 to 1 an organisation; decides between sets of equal size.

    Returns:
        The chosen organisations in the order of the rows, and the needs that nobody meets.

    Source: set covering by scipy's milp (HiGHS), which is exact.
    """
    met = offers.to_numpy(dtype=bool)
    coverable = np.logical_or.reduce(met, axis=0)
    unmet: list[object] = list(offers.columns[~coverable])
    if not coverable.any():
        return [], unmet
    scores = np.zeros(len(offers)) if preference is None else preference.to_numpy(np.float64)
    # All scores together weigh less than one organisation, so that the number always comes first.
    cost = 1.0 - scores / (len(offers) + 1)
    result = milp(
        cost,
        integrality=np.ones(len(offers)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(met[:, coverable].T.astype(float), lb=1.0),
    )
    chosen = [name for name, taken in zip(offers.index, result.x > 0.5, strict=True) if taken]  # noqa: PLR2004 - a solver's 0 or 1
    return chosen, unmet


def always_needed(offers: pd.DataFrame, chosen: Sequence[object]) -> frozenset[object]:
    """Those of a smallest set that stand in every smallest set; all, where it is the only one.

    Args:
        offers: as for `smallest_cover`.
        chosen: its result for them.
    """
    met = set(offers.columns[offers.any()])
    needed = set()
    for one in chosen:
        others = offers.drop(index=one)
        if set(others.columns[others.any()]) != met or len(smallest_cover(others)[0]) > len(chosen):
            needed.add(one)
    return frozenset(needed)
