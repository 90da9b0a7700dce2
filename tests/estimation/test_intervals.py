"""Intervals for proportions: of plain counts those of R's stats, and what a design makes of them.

Numbers: ../shared/reference/proportion_ci_unweighted.csv.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SurveyError
from pipeline.estimation.design import Design, Kind
from pipeline.estimation.estimates import shares
from pipeline.estimation.intervals import proportion_interval
from pipeline.estimation.sample import Sample

OURS = {
    "wilson": "wilson",
    "wilson_cc": "wilson_continuity",
    "clopper_pearson": "clopper_pearson",
    "jeffreys": "jeffreys",
}


@pytest.fixture(scope="module")
def reference(shared_dir) -> pd.DataFrame:
    return pd.read_csv(shared_dir / "reference/proportion_ci_unweighted.csv")


@pytest.mark.parametrize("method", OURS)
def test_plain_intervals_are_those_of_r(reference, method):
    """From 1 to 200 answers, none and all of them of the kind counted included."""
    rows = reference[reference["method"] == method]
    assert len(rows) == 61
    found = proportion_interval(rows["x"], rows["n"], OURS[method])
    for theirs, ours in {"estimate": "estimate", "ci_low": "low", "ci_high": "high"}.items():
        np.testing.assert_allclose(found[ours], rows[theirs], rtol=1e-9, atol=1e-9)


def test_hmisc_differs_only_by_its_own_correction(reference):
    """Hmisc's Wilson is ours but where one answer is, or all but one are, of the kind counted."""
    rows = reference[reference["method"] == "wilson_Hmisc"]
    plain = rows[(rows["x"] != 1) & (rows["x"] != rows["n"] - 1)]
    assert len(plain) == 40
    found = proportion_interval(plain["x"], plain["n"])
    np.testing.assert_allclose(found["low"], plain["ci_low"], atol=1e-9)
    np.testing.assert_allclose(found["high"], plain["ci_high"], atol=1e-9)


@settings(deadline=None)
@given(
    size=st.integers(2, 60),
    data=st.data(),
    method=st.sampled_from(["wilson", "clopper_pearson"]),
    level=st.sampled_from([0.8, 0.9, 0.95, 0.99]),
)
def test_a_simple_random_sample_needs_no_effective_size(size, data, method, level):
    """Without weights and corrections the design's intervals are the plain ones, in domains too."""
    hits = data.draw(st.integers(0, size))
    others = data.draw(st.integers(0, 20))
    answers = pd.DataFrame(
        {
            "answer": ["yes"] * hits + ["no"] * (size - hits) + ["yes"] * others,
            "group": ["asked"] * size + ["others"] * others,
        }
    )
    found = shares(
        Sample.draw(answers, Design(Kind.SRS)), "answer", "group", interval=method, level=level
    )
    row = found[(found["category"] == "yes") & (found["domain"] == "group=asked")]
    plain = proportion_interval(hits, size, method, level)
    if len(row) == 0:
        assert hits == 0
        return
    for name in ("estimate", "low", "high"):
        assert row[name].iloc[0] == pytest.approx(plain[name].iloc[0], abs=1e-12)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((5, 3), "EST-022"),
        ((-1, 3), "EST-022"),
        ((0, 0), "EST-022"),
        ((1, 3, "exact"), "EST-021"),
        ((1, 3, "wilson", 95), "EST-021"),
    ],
)
def test_counts_that_cannot_be_are_refused(arguments, code):
    """More successes than answers, no answers, an unknown method, a level that is none."""
    with pytest.raises(SurveyError) as error:
        proportion_interval(*arguments)
    assert [one.code for one in error.value.problems] == [code]


UNANIMOUS = pd.DataFrame({"answer": ["yes"] * 12, "district": [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]})


@pytest.mark.parametrize(
    ("interval", "low", "note"),
    [
        ("wald", 1.0, None),
        ("logit", np.nan, "all answers alike: this method has no interval"),
        ("beta", 0.5259, "all answers alike: interval from the number of answers"),
        ("wilson", 0.5991, "all answers alike: interval from the number of answers"),
        ("clopper_pearson", 0.5259, "all answers alike: interval from the number of answers"),
    ],
)
def test_unanimous_answers(interval, low, note):
    """Where all agree there is no standard error: a method says what it does instead.

    Twelve answers from four districts count as 12 (t(11) / t(3))^2 = 5.74: 0.025^(1 / 5.74) is
    0.526, and 5.74 / (5.74 + 1.96^2) is 0.599.
    """
    sample = Sample.draw(UNANIMOUS, Design(Kind.CLUSTER, clusters=("district",)))
    row = shares(sample, "answer", interval=interval).iloc[0]
    assert (row["estimate"], row["se"], row["base"]) == (1.0, 0.0, 12)
    assert row["low"] == pytest.approx(low, abs=5e-5, nan_ok=True)
    assert pd.isna(row["high"]) if np.isnan(low) else row["high"] == 1.0
    assert (None if pd.isna(row["note"]) else row["note"]) == note
