"""Every estimate of this room comes out as in R's `survey` 4.1.

The numbers are read from ../shared/reference/survey_reference.csv. They hold to 1e-9 of the
estimate's size (of 1 for small ones); the limits of `svyciprop`'s logit, which R finds by fitting
a model, to 5e-9 (the fit stops at about 5e-10 of the share), or to 2e-8 where a jackknife fits one
for each replicate.
"""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from pipeline.estimation.association import association, crosstab
from pipeline.estimation.estimates import means, ratios, shares, totals
from pipeline.estimation.quantiles import quantiles
from pipeline.estimation.variances import population_variances
from tests.conftest import missing
from tests.estimation.designs import REFERENCE, sample

EXACT = 1e-9
FITTED = 5e-9
FITTED_OFTEN = 2e-8
NOT_OURS = {
    "svyciprop_likelihood": "R reads them off a spline through the profile, to about 1e-5",
    "svyttest": "regression and rank tests belong to no table of this project",
    "svyranktest_wilcoxon": "as svyttest",
    "svyranktest_median": "as svyttest",
    "svyranktest_KruskalWallis": "as svyttest",
    "svyglm_gaussian": "as svyttest",
    "svyglm_quasibinomial": "as svyttest",
}


def reference() -> pd.DataFrame:
    if not REFERENCE.is_dir():
        return pd.DataFrame(columns=["design", "estimator", "variable"])
    return pd.read_csv(REFERENCE / "survey_reference.csv", keep_default_na=False, dtype=str)


def groups() -> list:
    """One test for each design, estimator and variable."""
    rows = reference()
    rows = rows[~rows["estimator"].isin(NOT_OURS)]
    return [
        pytest.param(part, id="-".join(key))
        for key, part in rows.groupby(["design", "estimator", "variable"], sort=False)
    ] or [pytest.param(None, id="absent")]


def kish(name: str) -> pd.DataFrame:
    weights = sample(name).weights
    squares = (weights**2).sum()
    return pd.DataFrame(
        {
            "level": ["sum", "kish_deff", "n_eff"],
            "estimate": [
                weights.sum(),
                len(weights) * squares / weights.sum() ** 2,
                weights.sum() ** 2 / squares,
            ],
        }
    )


def cells(name: str, percent: str) -> pd.DataFrame:
    return crosstab(sample(name), "stype", "sch.wide", percent=percent)


def chi_squared(name: str, variable: str, statistic: str) -> pd.DataFrame:
    """A test's row in R's words for its degrees of freedom."""
    rows, columns = variable.split(":")
    row = association(sample(name), rows, columns, statistic=statistic).iloc[0]
    df = "df" if statistic == "Chisq" else "ndf"
    levels = {"statistic": "statistic", "df": df, "df_denominator": "ddf", "p_value": "p_value"}
    return pd.DataFrame({"level": levels.values(), "estimate": [row[name] for name in levels]})


def by_domain(name: str, method: str, variable: str) -> pd.DataFrame:
    """Domains are tabulated together; a subset on its own has its own degrees of freedom."""
    if method == "svyciprop_logit":
        return shares(sample(name), variable, "stype", interval="logit")
    if variable == "sch.wide":
        return shares(sample(name), variable, "stype")
    return pd.concat([means(sample(name), variable, by) for by in ("stype", "both")])


def subset(name: str, _method: str, variable: str) -> pd.DataFrame:
    return means(sample(name), variable, "stype", degrees_of="domain")


def mean_or_shares(name: str, _method: str, variable: str) -> pd.DataFrame:
    if _method == "interaction":
        found = cells(name, "total")
        return found.assign(category=found["category"].str.replace(":", "."))
    return (means if variable.startswith("api") else shares)(sample(name), variable)


def with_interval(name: str, method: str, variable: str) -> pd.DataFrame:
    return shares(sample(name), variable, interval="wald" if method == "mean" else method)


def at_quantiles(name: str, method: str, variable: str) -> pd.DataFrame:
    rule, _, interval = method.partition("_")
    wanted = (0.25, 0.5, 0.75)
    return quantiles(sample(name), variable, wanted, rule=rule, interval=interval or "wald")


def cell_totals(name: str, method: str, _variable: str) -> pd.DataFrame:
    if not method:
        return cells(name, "count")
    found = cells(name, "total")
    return found.assign(estimate=found["estimate"] * 100)


OURS = {
    "svymean": mean_or_shares,
    "svytotal": lambda name, _, variable: totals(sample(name), variable),
    "svyciprop": with_interval,
    "svyby": by_domain,
    "subset": subset,
    "svyquantile": at_quantiles,
    "svyratio": lambda name, _, variable: ratios(sample(name), *variable.split("/")),
    "svytable": cell_totals,
    "svychisq": lambda name, method, variable: chi_squared(name, variable, method),
    "svyvar": lambda name, _, variable: population_variances(sample(name), variable),
    "weights": lambda name, *_: kish(name),
}


@cache
def estimates(name: str, estimator: str, variable: str) -> pd.DataFrame:
    """Our numbers for one estimator of the reference."""
    kind, _, method = estimator.partition("_")
    return OURS[kind](name, method, variable)


def our_row(expected: pd.Series) -> pd.Series:
    found = estimates(expected["design"], expected["estimator"], expected["variable"])
    found = found.rename(columns={"category": "level"})
    if "domain" in found:
        found = found[found["domain"].fillna("") == expected["domain"]]
    level = {"TRUE": "True"}.get(expected["level"], expected["level"])
    found = found[found["level"].fillna("").astype(str) == level]
    assert len(found) == 1
    return found.iloc[0]


def tolerance(expected: pd.Series, column: str) -> float:
    """Relative to the estimate for an estimate, its error and limits; else to the number."""
    least = EXACT
    if expected["estimator"].endswith("ciprop_logit"):
        least = FITTED_OFTEN if "_jk" in expected["design"] else FITTED
    numbers = [expected[column]] if column in {"deff", "df"} else [expected["estimate"]]
    return least * max(1.0, *(abs(float(n)) for n in [*numbers, "0"]))


def turned_back(expected: pd.Series, column: str, ours: float) -> bool:
    """R lets an arcsine below 0 come back as a lower limit above 0; here it is 0."""
    place = ("svyciprop_asin", "api00>850", "ci_low")
    return (expected["estimator"], expected["variable"], column) == place and ours == 0


@pytest.mark.parametrize("rows", groups())
def test_estimates_are_those_of_r(rows):
    """Estimate, standard error, limits and design effect of every row are R's."""
    if rows is None:
        missing("the folder ../shared")
    for _, expected in rows.iterrows():
        found = our_row(expected)
        for theirs, ours in (
            ("estimate", "estimate"),
            ("se", "se"),
            ("ci_low", "low"),
            ("ci_high", "high"),
            ("deff", "deff"),
        ):
            if not expected[theirs] or turned_back(expected, theirs, found[ours]):
                continue
            near = pytest.approx(
                float(expected[theirs]), rel=EXACT, abs=tolerance(expected, theirs)
            )
            assert found[ours] == near, (expected["level"], expected["domain"], theirs)


@pytest.mark.parametrize("name", dict.fromkeys(reference()["design"]))
def test_degrees_of_freedom_are_those_of_r(name, shared_dir):
    """Sampling units less strata, as R's degf."""
    rows = reference()
    rows = rows[(rows["design"] == name) & (rows["estimator"] == "svymean")]
    assert set(rows["df"].astype(int)) == {sample(name).degrees}


def test_calibrated_weights_are_those_of_r(shared_dir):
    """Raked, post-stratified and calibrated weights, unit by unit."""
    expected = pd.read_csv(REFERENCE / "apiclus1_calibrated_weights.csv")
    for ours, theirs in {
        "clus1_rake": "rake",
        "clus1_post": "post",
        "clus1_calraking": "calraking",
        "clus1_greg": "greg",
    }.items():
        np.testing.assert_allclose(sample(ours).weights, expected[theirs], rtol=1e-9)


def test_what_is_left_out_is_named(shared_dir):
    """Each estimator of the reference is either tested above or left out with its reason."""
    present = set(reference()["estimator"])
    assert set(NOT_OURS) <= present
    covered = reference()["estimator"].isin(set(NOT_OURS)).value_counts()
    assert dict(covered) == {False: 1514, True: 280}
