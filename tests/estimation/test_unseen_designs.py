"""What R's `survey` makes of designs drawn at random, beyond test_random_designs.

Sampling fractions, weights of 0, calibrated and raked weights, jackknifes and their degrees of
freedom, design effects, quantiles by three rules, variances, tests. The SYNTHETIC samples and what
R made of them lie in r/. Numbers that R leaves missing, or that docs/estimation.md says to differ
(quantiles below the first answer's share, limits that pass the estimate, no error at all), are not
compared.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.estimation.association import association
from pipeline.estimation.estimates import means, ratios, shares, totals
from pipeline.estimation.quantiles import quantiles
from pipeline.estimation.reading import design_from
from pipeline.estimation.sample import Sample
from pipeline.estimation.variances import population_variances

FOLDER = Path(__file__).parent / "r"
DESIGNS = json.loads((FOLDER / "unseen_designs.json").read_text(encoding="utf-8"))
SAMPLES = pd.read_csv(FOLDER / "unseen_samples.csv")
EXPECTED = pd.read_csv(FOLDER / "unseen.csv", keep_default_na=False, dtype=str)
NUMBERS = ["estimate", "se", "low", "high", "deff"]
GROUPS = list(EXPECTED.groupby(["survey", "statistic"], sort=False))


@cache
def sample(survey: int) -> Sample:
    data = SAMPLES[SAMPLES["survey"] == survey].reset_index(drop=True)
    return Sample.draw(data, design_from(DESIGNS[str(survey)]))


@cache
def estimates(survey: int, statistic: str, variable: str, by: str | None) -> pd.DataFrame:
    """Our frame, by category and domain ('' for none)."""
    kind, _, more = statistic.partition("_")
    drawn = sample(survey)
    if kind == "quantile":
        rule, _, p = more.partition("_")
        found = quantiles(drawn, variable, [float(p)], by, rule=rule).assign(category="")
    elif kind == "ratio":
        found = ratios(drawn, *variable.split("/"), by)
    elif kind == "share":
        found = shares(drawn, variable, by, interval=more)
    else:
        work = {"mean": means, "total": totals, "variance": population_variances}[kind]
        found = work(drawn, variable, by)
    keys = found[["category", "domain"]].fillna("")
    return found.assign(**keys).set_index(["category", "domain"])


def ours(row: dict[str, str]) -> np.ndarray:
    survey, statistic = int(row["survey"]), row["statistic"]
    drawn = sample(survey)
    if statistic == "degrees":
        return np.array([drawn.degrees, *[np.nan] * 4])
    if statistic == "weights":
        return np.array([drawn.weights.sum(), (drawn.weights**2).sum(), *[np.nan] * 3])
    if statistic.startswith("test_"):
        test = association(
            drawn, *row["variable"].split(":"), statistic=statistic.removeprefix("test_")
        ).iloc[0]
        return np.array([*test[["statistic", "p_value", "df", "df_denominator"]], np.nan], float)
    found = estimates(survey, statistic, row["variable"], "dom" if row["domain"] else None)
    return found.loc[(row["category"], row["domain"]), NUMBERS].to_numpy(float)


def said_to_differ(row: dict[str, str], found: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Which of the numbers docs/estimation.md says to differ from R's."""
    estimate, se, low, _, _ = theirs
    differ = np.zeros(len(NUMBERS), dtype=bool)
    if row["statistic"].startswith("quantile"):
        differ[:] = found[0] < estimate or low > estimate
    if row["statistic"].startswith("test_") and np.isnan(se):
        differ[:] = True  # no test was possible
    if se < 1e-9:
        differ[2:] = True  # R divides rounding by rounding
    return differ | (
        np.isinf(theirs) | (np.arange(len(NUMBERS)) == NUMBERS.index("deff")) & np.isnan(found)
    )


@pytest.mark.parametrize(("key", "expected"), GROUPS, ids=["-".join(key) for key, _ in GROUPS])
def test_unseen_designs_agree(key, expected):
    """Estimates, standard errors, limits and design effects, to 1e-9."""
    compared = 0
    for row in expected.to_dict("records"):
        found = ours(row)
        theirs = pd.to_numeric(pd.Series([row[name] for name in NUMBERS])).to_numpy(float)
        known = ~np.isnan(theirs) & ~said_to_differ(row, found, theirs)
        near = 1e-9 * max(1.0, abs(theirs[0]))
        np.testing.assert_allclose(
            found[known], theirs[known], rtol=1e-9, atol=near, err_msg=str(row)
        )
        compared += int(known.sum())
    assert compared or key[1].startswith("test_")
