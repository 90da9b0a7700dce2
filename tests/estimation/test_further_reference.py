"""What ../shared/reference does not hold comes out as in R's `survey` too.

Other variables, missing answers, domains of two columns, clusters in strata, other levels, lonely
strata in domains. The numbers lie in r/further.csv, beside the script that made them.
"""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from pipeline.estimation.association import association
from pipeline.estimation.reading import design_from
from pipeline.estimation.sample import Sample
from pipeline.estimation.tabulate import tabulate
from tests.estimation.designs import DESIGNS, api

FURTHER = pd.read_csv(Path(__file__).parent / "r/further.csv", keep_default_na=False, dtype=str)
COUNTS = {"stype": {"E": 4421, "H": 755, "M": 1018}}
WIDE = {"sch.wide": {"No": 1072, "Yes": 5122}}
OTHERS = {
    "srs": DESIGNS["srs_fpc"],
    "unweighted": ("apisrs", {"kind": "srs"}),
    "strat": DESIGNS["strat_fpc"],
    "clus1": DESIGNS["clus1_fpc"],
    "clus2": DESIGNS["clus2_fpc"],
    "nested": (
        "apiclus1",
        {"kind": "cluster", "strata": "half", "clusters": "dnum", "weights": "pw", "fpc": "fpch"},
    ),
    "nested2": (
        "apiclus2",
        {
            "kind": "cluster",
            "strata": "half",
            "clusters": ["dnum", "snum"],
            "weights": "pw",
            "fpc": ["fpch", "fpc2"],
            "lonely_stratum": "adjust",
        },
    ),
    "raked": DESIGNS["clus1_rake"],
    "post": ("apistrat", {**DESIGNS["strat_fpc"][1], "post_strata": WIDE}),
    **{
        name.removeprefix("strat_"): made
        for name, made in DESIGNS.items()
        if name.startswith("strat_lonely")
    },
}


@cache
def data(name: str) -> pd.DataFrame:
    """The sample, with half of the districts in each of two strata."""
    read = api(OTHERS[name][0])
    even = read["dnum"] % 2 == 0
    half = even.map({True: "even", False: "odd"})
    return read.assign(half=half, fpch=even.map({True: 400, False: 357}))


@cache
def sample(name: str) -> Sample:
    return Sample.draw(data(name), design_from(OTHERS[name][1]))


@cache
def estimates(name: str, statistic: str, variable: str, by: str, level: float) -> pd.DataFrame:
    kind, _, interval = statistic.partition("_")
    rows, _, denominator = variable.partition("/")
    return tabulate(
        data(name),
        design_from(OTHERS[name][1]),
        rows,
        by.split("+") if by else None,
        kind,
        denominator or None,
        interval or "wald",
        level,
    )


def found(expected: pd.Series) -> pd.Series:
    domain = expected["domain"]
    by = "+".join(part.split("=")[0] for part in domain.split(", ")) if domain else ""
    rows = estimates(
        *expected[["design", "statistic", "variable"]], by, float(expected["level"])
    ).fillna({"category": "", "domain": ""})
    rows = rows[(rows["category"] == expected["category"]) & (rows["domain"] == domain)]
    assert len(rows) == 1
    return rows.iloc[0]


def counts_left_out(expected: pd.Series) -> bool:
    """With adjusted weights R counts the rows outside a domain among those of a beta interval."""
    adjusted = expected["design"] in {"raked", "post"}
    return adjusted and expected["statistic"] == "share_beta" and expected["domain"] != ""


def near(text: str, scale: float) -> object:
    wanted = float("nan") if text in {"NA", "NaN"} else float(text)
    return pytest.approx(wanted, rel=1e-9, abs=1e-9 * max(1.0, abs(scale)), nan_ok=True)


ESTIMATES = FURTHER[~FURTHER["statistic"].str.startswith("test")]
TESTS = FURTHER[FURTHER["statistic"].str.startswith("test")]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(part, id="-".join(key))
        for key, part in ESTIMATES.groupby(["design", "statistic", "variable"], sort=False)
    ],
)
def test_estimates_are_those_of_r(rows, shared_dir):
    """Estimates, standard errors and limits, in domains and with missing answers."""
    for _, expected in rows.iterrows():
        ours = found(expected)
        for name in ("estimate", "se", "low", "high"):
            limit = name in {"low", "high"}
            if expected[name] != "NA" and not (limit and counts_left_out(expected)):
                wanted = near(expected[name], ours["estimate"])
                assert ours[name] == wanted, (expected["domain"], name)


@pytest.mark.parametrize("design", dict.fromkeys(TESTS["design"]))
def test_tests_of_association_are_those_of_r(design, shared_dir):
    """Statistic, p-value and degrees of freedom, with missing answers."""
    for _, expected in TESTS[TESTS["design"] == design].iterrows():
        rows, columns = expected["variable"].split(":")
        statistic = expected["statistic"].removeprefix("test_")
        row = association(sample(design), rows, columns, statistic=statistic).iloc[0]
        ours = row[["statistic", "p_value", "df", "df_denominator"]].to_list()
        theirs = expected[["estimate", "se", "low", "high"]]
        assert ours == [near(value, 1.0) for value in theirs]
