"""Samples of random designs come out as in R's `survey` too, to 1e-9.

Strata, clusters, two stages, lonely strata, post-stratified and raked weights, missing answers and
small domains, as they fall. The SYNTHETIC samples and what R made of them lie in r/.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from pipeline.estimation.reading import design_from
from pipeline.estimation.tabulate import tabulate

FOLDER = Path(__file__).parent / "r"
DESIGNS = YAML(typ="safe").load(FOLDER / "random_designs.yaml")
SAMPLES = pd.read_csv(FOLDER / "random_samples.csv")
EXPECTED = pd.read_csv(FOLDER / "random.csv", keep_default_na=False, dtype=str)
NUMBERS = ["estimate", "se", "low", "high"]
GROUPS = list(EXPECTED.groupby(["survey", "statistic"], sort=False))


@cache
def estimates(survey: int, statistic: str, variable: str, by: str | None) -> pd.DataFrame:
    """What `tabulate` gives, by category and domain ('' for none)."""
    kind, _, interval = statistic.partition("_")
    rows, _, denominator = variable.partition("/")
    sample = SAMPLES[SAMPLES["survey"] == survey].reset_index(drop=True)
    design = design_from(DESIGNS[survey])
    options = {
        "statistic": kind,
        "denominator": denominator or None,
        "interval": interval or "wald",
    }
    found = tabulate(sample, design, rows, by=by, **options)
    keys = found[["category", "domain"]].fillna("")
    return found.assign(**keys).set_index(["category", "domain"])


@pytest.mark.parametrize(("key", "expected"), GROUPS, ids=["-".join(key) for key, _ in GROUPS])
def test_random_designs_agree(key, expected):
    """Estimates, standard errors and limits; what R leaves missing is not compared."""
    survey, statistic = int(key[0]), key[1]
    compared = 0
    for row in expected.to_dict("records"):
        found = estimates(survey, statistic, row["variable"], "dom" if row["domain"] else None)
        ours = found.loc[(row["category"], row["domain"]), NUMBERS].to_numpy(float)
        theirs = pd.to_numeric(pd.Series([row[name] for name in NUMBERS])).to_numpy(float)
        known = np.isfinite(theirs)
        np.testing.assert_allclose(
            ours[known], theirs[known], rtol=1e-9, atol=1e-9, err_msg=str(row)
        )
        compared += int(known.sum())
    assert compared
