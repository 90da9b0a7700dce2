"""What holds for any sample, whatever its numbers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.estimation import quantity
from pipeline.estimation.association import association, crosstab
from pipeline.estimation.design import Design, Kind, LonelyStratum, Margin
from pipeline.estimation.estimates import means, ratios, shares, totals
from pipeline.estimation.quantiles import medians
from pipeline.estimation.sample import Sample

FEW = settings(deadline=None, max_examples=30)
NUMBERS = ["estimate", "se", "low", "high"]


@st.composite
def samples(draw):
    """A few strata of two or three clusters, with weights, missing answers and odd labels."""
    places = [
        (f"s{stratum}", 10 * stratum + cluster)
        for stratum in range(draw(st.integers(1, 3)))
        for cluster in range(draw(st.integers(2, 3)))
        for _ in range(draw(st.integers(1, 4)))
    ]
    answers = st.tuples(
        st.sampled_from([0.5, 1.0, 2.0, 7.25]),
        st.sampled_from(["yes", "no", "maybe", None]),
        st.sampled_from(["a", "b"]),
        st.sampled_from([18.0, 30.5, 44.0, 71.0, np.nan]),
        st.integers(1, 9),
    )
    rows = [(*place, *draw(answers)) for place in places]
    names = ["stratum", "cluster", "weight", "answer", "group", "age", "size"]
    return pd.DataFrame(rows, columns=names)


CLUSTERS = Design(Kind.CLUSTER, strata="stratum", clusters=("cluster",), weights="weight")


def values(frame: pd.DataFrame) -> np.ndarray:
    return frame[NUMBERS].to_numpy(dtype=float)


@FEW
@given(samples())
def test_shares_of_those_who_answered_add_up_to_1(data):
    """In every domain, whatever was not answered."""
    found = shares(Sample.draw(data, CLUSTERS), "answer", "group")
    if data["answer"].notna().any():
        sums = found.groupby("domain")["estimate"].sum(min_count=1).dropna()
        assert np.allclose(sums, 1)
    assert ((found["base"] == 0) == found["estimate"].isna()).all()


@FEW
@given(samples())
def test_a_share_is_the_mean_of_its_indicator(data):
    """Estimate, standard error, limits and design effect agree, column by column."""
    data = data.assign(yes=(data["answer"] == "yes").where(data["answer"].notna()).astype(float))
    sample = Sample.draw(data, CLUSTERS)
    share = shares(sample, "answer", "group")
    share = share[share["category"] == "yes"]
    mean = means(sample, "yes", "group")
    if len(share):
        for name in [*NUMBERS, "deff"]:
            assert share[name].to_list() == pytest.approx(mean[name].to_list(), nan_ok=True)


@FEW
@given(samples())
def test_a_mean_is_the_ratio_to_a_constant(data):
    """And the ratio of a variable to itself is 1 without error."""
    sample = Sample.draw(data.assign(one=1), CLUSTERS)
    mean, ratio = means(sample, "age"), ratios(sample, "age", "one")
    assert np.allclose(values(mean), values(ratio), equal_nan=True)
    assert ratios(sample, "size", "size")[["estimate", "se"]].to_numpy().tolist() == [[1, 0]]


@FEW
@given(samples(), st.floats(0.01, 1000))
def test_means_do_not_ask_for_the_unit_of_the_weights(data, factor):
    """Weights ten times as large give totals ten times as large and the same means."""
    scaled = Sample.draw(data.assign(weight=data["weight"] * factor), CLUSTERS)
    plain = Sample.draw(data, CLUSTERS)
    before, after = means(plain, "age", "group"), means(scaled, "age", "group")
    assert np.allclose(values(before), values(after), equal_nan=True, rtol=1e-9, atol=1e-9)
    before, after = totals(plain, "size"), totals(scaled, "size")
    assert np.allclose(values(before) * factor, values(after), rtol=1e-9)


@FEW
@given(samples(), st.randoms(use_true_random=False))
def test_nothing_depends_on_the_order_of_rows_or_their_index(data, random):
    """A shuffled file with a repeated index gives the same table."""
    order = list(range(len(data)))
    random.shuffle(order)
    shuffled = data.iloc[order].set_axis([0] * len(data))
    for work in (
        lambda d: shares(Sample.draw(d, CLUSTERS), "answer", "group"),
        lambda d: means(Sample.draw(d, CLUSTERS), ["age", "size"], ["group", "stratum"]),
        lambda d: medians(Sample.draw(d, CLUSTERS), "size", "group"),
        lambda d: crosstab(Sample.draw(d, CLUSTERS), "group", "stratum", percent="row"),
    ):
        pd.testing.assert_frame_equal(work(shuffled), work(data), rtol=1e-9, atol=1e-9)


@FEW
@given(samples())
def test_columns_estimated_a_few_at_a_time_are_the_same(data):
    """Memory is bounded by taking columns in portions, which changes nothing."""
    sample = Sample.draw(data, CLUSTERS)
    whole = shares(sample, "answer", ["group", "stratum"])
    kept, quantity._CELLS_AT_ONCE = quantity._CELLS_AT_ONCE, 1
    try:
        pd.testing.assert_frame_equal(shares(sample, "answer", ["group", "stratum"]), whole)
    finally:
        quantity._CELLS_AT_ONCE = kept


@FEW
@given(samples())
def test_one_row_a_cluster_is_a_stratified_sample(data):
    """Clusters of one are units."""
    data = data.drop_duplicates("cluster")
    stratified = Design(Kind.STRATIFIED, strata="stratum", weights="weight")
    found = means(Sample.draw(data, CLUSTERS), "size", "group")
    pd.testing.assert_frame_equal(found, means(Sample.draw(data, stratified), "size", "group"))


@FEW
@given(samples())
def test_the_jackknife_of_a_total_is_its_linearised_variance(data):
    """Totals are linear, so that both agree; without a lonely stratum."""
    jackknife = Design(
        Kind.CLUSTER,
        strata="stratum",
        clusters=("cluster",),
        weights="weight",
        variance="jackknife",
    )
    found = totals(Sample.draw(data, jackknife), "size")
    assert np.allclose(
        values(found), values(totals(Sample.draw(data, CLUSTERS), "size")), rtol=1e-9
    )


@FEW
@given(samples())
def test_post_strata_are_reproduced_without_error(data):
    """After post-stratification the counts are the known ones and do not vary."""
    known = Margin(
        "group", tuple((name, 50.0 + i) for i, name in enumerate(data["group"].unique()))
    )
    design = Design(
        Kind.CLUSTER,
        strata="stratum",
        clusters=("cluster",),
        weights="weight",
        post_strata=known,
    )
    found = totals(Sample.draw(data, design), "group").set_index("category")
    for name, count in known.counts:
        assert found.loc[name, "estimate"] == pytest.approx(count)
        assert found.loc[name, "se"] == pytest.approx(0, abs=1e-6)


@FEW
@given(samples())
def test_a_test_of_association_does_not_ask_which_variable_comes_first(data):
    """Rows and columns exchanged give the same statistic and p-value."""
    sample = Sample.draw(data, CLUSTERS)
    for statistic in ("F", "Chisq", "Wald", "adjWald"):
        one = association(sample, "answer", "group", statistic=statistic).iloc[0]
        two = association(sample, "group", "answer", statistic=statistic).iloc[0]
        if pd.isna(one["note"]) and one["statistic"] < 1e6:
            names = ["statistic", "df", "df_denominator", "p_value"]
            assert one[names].to_list() == pytest.approx(
                two[names].to_list(), rel=1e-5, abs=1e-9, nan_ok=True
            )


@pytest.mark.parametrize("rule", ["remove", "adjust", "average", "certainty"])
def test_a_lonely_stratum_taken_whole_adds_nothing(rule):
    """Its one unit stands for itself alone, so that no rule is needed."""
    data = pd.DataFrame({"h": list("aaab"), "N": [9, 9, 9, 1], "y": [1.0, 4.0, 2.0, 8.0]})
    made = Design(Kind.STRATIFIED, strata="h", fpc=("N",), lonely_stratum=LonelyStratum(rule))
    plain = Design(Kind.STRATIFIED, strata="h", fpc=("N",))
    found, expected = (totals(Sample.draw(data, one), "y") for one in (made, plain))
    pd.testing.assert_frame_equal(found, expected)
