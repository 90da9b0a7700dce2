"""The peer of a row does the same work: its numbers are ours. `make peers` installs it."""

from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

from tests.bench.rows_estimation import rows
from tests.conftest import missing


@pytest.fixture(scope="module")
def estimates_and_raking() -> list:
    if find_spec("svy") is None:
        missing("svy")
    return [(row.ours(), row.peer()) for row in rows(small=True)]


def test_shares_and_their_logit_intervals_are_those_of_svy(estimates_and_raking):
    """To 1e-9, with standard errors that take in strata and sampling units."""
    ours, theirs = estimates_and_raking[0]
    names = {"est": "estimate", "se": "se", "lci": "low", "uci": "high"}
    for one in theirs:
        table = one.to_polars().to_pandas()
        question = table.columns[0]
        mine = ours[ours["variable"] == question].reset_index(drop=True)
        assert mine["category"].to_list() == table[question].to_list()
        np.testing.assert_allclose(mine[list(names.values())], table[list(names)], rtol=1e-9)
    assert len(theirs) == ours["variable"].nunique()


def test_raked_weights_are_those_of_svy(estimates_and_raking):
    """To 1e-9 of each weight, once svy is told to come as near to the margins."""
    ours, theirs = estimates_and_raking[1]
    raked = pd.Series(theirs.data["rk_wgt"].to_numpy())
    np.testing.assert_allclose(ours.weights, raked, rtol=1e-9)
