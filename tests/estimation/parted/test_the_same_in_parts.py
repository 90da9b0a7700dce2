"""Estimates from data in parts are those from all rows at once, to 1e-9."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SurveyError
from pipeline.estimation.design import Design, Distance, Kind, KnownTotal, LonelyStratum, Margin
from pipeline.estimation.parted.ask import Ask, needs_all_rows
from pipeline.estimation.parted.tabulate import tabulate_parts
from pipeline.estimation.reading import design_from
from pipeline.estimation.sample import Sample
from pipeline.estimation.tabulate import tabulate
from tests.estimation import test_random_designs as random_designs
from tests.estimation.designs import DESIGNS, api, design
from tests.estimation.parted.rows import assert_the_same, cut
from tests.estimation.test_properties import samples

TABLES = {
    "shares": (["stype", "comp.imp"], "share", None, "logit"),
    "a share, beta": ("awards", "share", None, "beta"),
    "means": (["api00", "enroll"], "mean", None, "wald"),
    "totals and counts": (["enroll", "stype"], "total", None, "wald"),
    "a ratio": ("api00", "ratio", "api99", "wald"),
}
SUMMABLE = [name for name in DESIGNS if needs_all_rows(design(name), "mean") is None]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", SUMMABLE)
def test_the_designs_whose_numbers_are_r_s(name, table):
    """Strata, one and two stages, population counts, lonely strata, adjusted weights."""
    rows, statistic, denominator, interval = TABLES[table]
    data = api(DESIGNS[name][0])
    for by, size in ((None, 9), ("stype", 40), (["sch.wide", "stype"], 70)):
        options = (rows, by, statistic, denominator)
        assert_the_same(data, design(name), size, *options, interval=interval)


@pytest.mark.parametrize("survey", sorted(random_designs.DESIGNS))
def test_random_designs(survey):
    """The SYNTHETIC samples that R has estimated from too."""
    data = random_designs.SAMPLES
    data = data[data["survey"] == survey].reset_index(drop=True)
    drawn = design_from(random_designs.DESIGNS[survey])
    asked = random_designs.EXPECTED
    asked = asked[asked["survey"].astype(int) == survey]
    tables = 0
    for statistic, variable, domain in sorted(
        set(zip(asked["statistic"], asked["variable"], asked["domain"] != "", strict=True))
    ):
        kind, _, interval = statistic.partition("_")
        if needs_all_rows(drawn, kind):
            continue
        rows, _, denominator = variable.partition("/")
        options = (rows, "dom" if domain else None, kind, denominator or None)
        assert_the_same(data, drawn, 9, *options, interval=interval or "wald")
        tables += 1
    assert tables or needs_all_rows(drawn, "mean")


@settings(deadline=None, max_examples=25)
@given(
    data=samples(),
    size=st.integers(1, 12),
    rule=st.sampled_from(LonelyStratum),
    order=st.randoms(use_true_random=False),
)
def test_any_sample_cut_anywhere_in_any_order(data, size, rule, order):
    """Missing answers, rows of weight 0, parts that lack a category, a stratum or a domain."""
    shuffled = data.sample(frac=1, random_state=order.randint(0, 99)).reset_index(drop=True)
    shuffled.loc[:: order.randint(2, 9), "weight"] = 0.0
    shuffled.loc[0, "weight"] = 1.0
    clustered = Design(
        Kind.CLUSTER,
        strata="stratum",
        clusters=("cluster",),
        weights="weight",
        lonely_stratum=rule,
    )
    by_row = Design(Kind.STRATIFIED, strata="stratum", weights="weight", lonely_stratum=rule)
    for drawn in (clustered, by_row):
        try:
            Sample.draw(shuffled, drawn)
        except SurveyError:
            continue
        assert_the_same(shuffled, drawn, size, ["answer", "group"], None, "share")
        assert_the_same(shuffled, drawn, size, "answer", ["group", "stratum"], "share")
        assert_the_same(shuffled, drawn, size, ["age", "size"], "group", "mean")
        assert_the_same(shuffled, drawn, size, ["age", "answer"], "group", "total")
        assert_the_same(shuffled, drawn, size, "age", "group", "ratio", "size")


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (Kind.CENSUS, {}),
        (Kind.PURPOSIVE, {"weights": "pw"}),
        (Kind.SRS, {"fpc": (6194.0,)}),
        (Kind.SRS, {"weights": "pw", "calibrate": (KnownTotal("api99", 3914069.0),)}),
        (
            Kind.SRS,
            {
                "weights": "pw",
                "calibrate": (Margin("stype", (("E", 4421), ("H", 755), ("M", 1018))),),
                "distance": Distance.RAKING,
            },
        ),
    ],
    ids=["census", "purposive", "one fraction", "a known total", "calibrated by raking"],
)
def test_other_designs_of_single_rows(kind, more):
    for options in (("stype",), ("api00", "stype", "mean"), ("enroll", None, "total")):
        assert_the_same(api("apisrs"), Design(kind, **more), 30, *options)


def test_every_dtype_is_read_as_in_the_whole_column():
    """Nullable and plain numbers, truth values, dictionaries, text that a part lacks."""
    size = 60
    number = np.arange(size)
    data = pd.DataFrame(
        {
            "whole": pd.array(np.where(number % 7 == 0, None, number % 3), dtype="Int64"),
            "parted": [float(n % 2) if n > size / 2 else np.nan for n in number],
            "truth": number % 5 == 0,
            "text": [None if n % 4 == 0 else f" {n % 3}" for n in number],
            "scale": pd.Categorical(
                [["low", "high"][n % 2] for n in number], ["low", "middle", "high"], ordered=True
            ),
            "mixed": [n % 2 if n < size / 2 else str(n % 3) for n in number],
        }
    )
    for drawn in (Design(Kind.SRS), Design(Kind.CLUSTER, clusters=("whole",))):
        known = data.dropna(subset="whole").reset_index(drop=True)
        assert_the_same(known, drawn, 11, list(known.columns), None, "share")
        assert_the_same(known, drawn, 11, ["parted", "truth"], ["scale", "text"], "mean")
        assert_the_same(known, drawn, 11, ["parted", "scale"], "truth", "total")


def test_choices_of_a_select_multiple():
    """With the question's own column, whose answers are the base, and without."""
    data = api("apiclus1").assign(**{"needs/food": 1.0, "needs/legal": 0.0, "needs/home": np.nan})
    data.loc[::3, "needs/food"] = 0.0
    data.loc[::5, ["needs/food", "needs/legal"]] = np.nan
    for columns in ({}, {"needs": data["needs/food"].astype("str").where(data.index % 5 > 0)}):
        found = data.assign(**columns)
        whole = assert_the_same(found, design("clus1_rake"), 40, "needs", "stype", "share")
    assert set(whole["category"]) == {"food", "legal", "home"}


@pytest.mark.parametrize(
    ("design_of", "options"),
    [
        ({"kind": "srs", "weights": "gap"}, ("stype",)),
        ({"kind": "srs", "weights": "below"}, ("stype",)),
        ({"kind": "srs", "weights": "stype"}, ("stype",)),
        ({"kind": "srs", "weights": "nothing"}, ("stype",)),
        ({"kind": "srs"}, ("stype", None, "mean")),
        ({"kind": "srs"}, ("api00", None, "ratio", "stype")),
        ({"kind": "stratified", "strata": "alone", "weights": "pw"}, ("stype",)),
        ({"kind": "cluster", "clusters": "one", "weights": "pw"}, ("stype",)),
        ({"kind": "cluster", "strata": "sch.wide", "clusters": "dnum"}, ("stype",)),
        ({"kind": "stratified", "strata": "stype", "fpc": "varies"}, ("api00", None, "mean")),
        ({"kind": "srs", "weights": "pw", "post_strata": {"stype": {"E": 4421}}}, ("stype",)),
        ({"kind": "srs", "rake": {"stype": {"E": 1, "H": 1, "M": 1, "X": 4}}}, ("stype",)),
        (
            {"kind": "srs", "rake": {"stype": {"E": 2, "H": 1, "M": 1}, "awards": {"No": 9}}},
            ("stype",),
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_the_same_words(design_of, options):
    """Counts of rows too, although no part has them all."""
    data = api("apiclus1").assign(one=1, gap=lambda d: d["pw"].where(d.index % 3 > 0))
    data["below"] = data["pw"].where(data.index % 4 > 0, -1.0)
    data["alone"] = np.where(data.index == 17, "a", data["stype"])
    data["varies"] = np.where(data.index % 6 == 0, 5000, 6000)
    drawn = design_from(design_of)
    with pytest.raises(SurveyError) as whole:
        tabulate(data, drawn, *options)
    with pytest.raises(SurveyError) as parts:
        tabulate_parts(cut(data, 20), Ask.of(list(data.columns), drawn, *options))
    assert str(parts.value) == str(whole.value)


@pytest.mark.parametrize(
    ("name", "statistic", "reason"),
    [
        ("srs_fpc", "median", "a median"),
        ("clus1_jk1", "mean", "a jackknife"),
        ("clus1_rake", "total", None),
        ("clus1_greg", "share", None),
    ],
)
def test_what_cannot_be_told_from_sums_is_named(name, statistic, reason):
    assert needs_all_rows(design(name), statistic) == reason
