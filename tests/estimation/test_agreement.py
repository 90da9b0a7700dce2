"""Agreement of coders and items is that of R's psych and of Krippendorff's own example."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SurveyError
from pipeline.estimation.agreement import cohen_kappa, cronbach_alpha, krippendorff_alpha
from tests.estimation.designs import api

FURTHER = Path(__file__).parent / "r/agreement.csv"


@pytest.fixture(scope="module")
def reference(shared_dir) -> pd.DataFrame:
    return pd.read_csv(shared_dir / "reference/agreement_reference.csv", index_col="stat")


@pytest.fixture(scope="module")
def two_coders(shared_dir) -> pd.DataFrame:
    return pd.read_csv(shared_dir / "reference/agreement_two_coders.csv")


@pytest.mark.parametrize(
    ("weights", "name"),
    [("none", "cohen_kappa_unweighted"), ("quadratic", "cohen_kappa_weighted_quadratic")],
)
def test_kappa_is_that_of_psych(reference, two_coders, weights, name):
    """Kappa, plain and with quadratic weights."""
    row = cohen_kappa(two_coders, "a", "b", weights=weights).iloc[0]
    assert row["estimate"] == pytest.approx(float(reference.loc[name, "estimate"]), abs=1e-9)
    assert row["base"] == 20


def test_limits_of_plain_kappa_are_those_of_psych(reference, two_coders):
    """The large-sample interval."""
    row = cohen_kappa(two_coders, "a", "b").iloc[0]
    expected = reference.loc["cohen_kappa_unweighted", ["ci_low", "ci_high"]].astype(float)
    assert row[["low", "high"]].to_list() == pytest.approx(expected.to_list(), abs=1e-9)


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_standard_errors_of_kappa_follow_from_the_multinomial(two_coders, weights):
    """Fleiss, Cohen and Everitt's is the delta method on the shares of the joint table.

    psych 2.2.9 sums the weighted margin of the first coder along the wrong side for weighted kappa,
    so that its limits lie 0.0002 away from theirs.
    """
    joint = pd.crosstab(two_coders["a"], two_coders["b"]).to_numpy() / len(two_coders)
    apart = np.abs(np.subtract.outer(range(3), range(3))) / 2
    credit = 1 - {"none": (apart > 0) * 1.0, "linear": apart, "quadratic": apart**2}[weights]

    def kappa(shares):
        chance = (credit * np.outer(shares.sum(axis=1), shares.sum(axis=0))).sum()
        return ((credit * shares).sum() - chance) / (1 - chance)

    steps = 1e-6 * np.eye(9).reshape(9, 3, 3)
    slope = np.array([(kappa(joint + d) - kappa(joint - d)) / 2e-6 for d in steps])
    flat = joint.ravel()
    variance = (flat @ slope**2 - (flat @ slope) ** 2) / len(two_coders)
    found = cohen_kappa(two_coders, "a", "b", weights=weights)["se"].item()
    assert found == pytest.approx(np.sqrt(variance), abs=1e-8)


@pytest.mark.parametrize("scale", ["nominal", "ordinal", "interval", "ratio"])
def test_krippendorff_is_his_own_example(reference, shared_dir, scale):
    """Four coders, twelve units, missing ratings, at every level of measurement."""
    ratings = pd.read_csv(shared_dir / "reference/agreement_krippendorff_4x12.csv")
    found = krippendorff_alpha(ratings.drop(columns="unit"), scale=scale).iloc[0]
    expected = float(reference.loc[f"krippendorff_alpha_{scale}", "estimate"])
    assert found["estimate"] == pytest.approx(expected, abs=1e-9)
    assert found["base"] == 11


@pytest.mark.parametrize(
    ("standardised", "name"), [(False, "cronbach_alpha_raw"), (True, "cronbach_alpha_std")]
)
def test_cronbach_is_that_of_psych(reference, standardised, name):
    """From covariances and from correlations."""
    items = ["api00", "api99", "full", "avg.ed"]
    row = cronbach_alpha(api("apistrat"), items, standardised=standardised).iloc[0]
    assert row["estimate"] == pytest.approx(float(reference.loc[name, "estimate"]), abs=1e-9)
    assert row["base"] == 200


@settings(deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=30).filter(lambda r: len(set(r)) > 1))
def test_who_agrees_always_agrees_fully(ratings):
    """Kappa and alpha of a coder with herself are 1."""
    twice = pd.DataFrame({"one": ratings, "two": ratings})
    assert cohen_kappa(twice, "one", "two")["estimate"].item() == pytest.approx(1)
    assert krippendorff_alpha(twice)["estimate"].item() == pytest.approx(1)


@settings(deadline=None)
@given(st.data())
def test_alpha_does_not_ask_who_the_coder_was(data):
    """Exchanging coders, or the order of units, leaves Krippendorff's alpha as it is."""
    rating = st.sampled_from([1.0, 2.0, 3.0, np.nan])
    rows = data.draw(st.lists(st.tuples(rating, rating, rating), min_size=3, max_size=12))
    ratings = pd.DataFrame(rows, columns=list("abc"))
    if (ratings.notna().sum(axis=1) < 2).all():
        return
    alpha = krippendorff_alpha(ratings, scale="ordinal")["estimate"].item()
    moved = ratings.sample(frac=1, random_state=1)[["c", "a", "b"]]
    again = krippendorff_alpha(moved, scale="ordinal")["estimate"].item()
    assert again == pytest.approx(alpha, nan_ok=True)


def test_one_category_says_that_nothing_can_be_told():
    """Where only one category was used chance agreement is certain."""
    ratings = pd.DataFrame({"a": ["yes"] * 3, "b": ["yes"] * 3})
    for found in (cohen_kappa(ratings, "a", "b"), krippendorff_alpha(ratings)):
        assert found["estimate"].isna().all()
        assert found["note"].item() == "only one category was used"


def test_an_order_gives_words_their_distance():
    """Weights follow the order given, used or not, instead of the alphabet."""
    ratings = pd.DataFrame({"a": ["low", "high", "low", "mid"], "b": ["low", "high", "mid", "mid"]})
    order = ["low", "mid", "high"]
    found = cohen_kappa(ratings, "a", "b", weights="linear", order=order).iloc[0]
    codes = ratings.apply(lambda column: column.map(order.index))
    same = cohen_kappa(codes, "a", "b", weights="linear").iloc[0]
    assert found["estimate"] == pytest.approx(same["estimate"])
    assert found["category"] == "cohen_kappa_linear"


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (lambda r: cohen_kappa(r, "a", "nobody"), "EST-010"),
        (lambda r: cohen_kappa(r, "a", "empty"), "EST-024"),
        (lambda r: cohen_kappa(r, "a", "b", weights="cubic"), "EST-021"),
        (lambda r: cohen_kappa(r, "a", "b", order=["x"]), "EST-024"),
        (lambda r: krippendorff_alpha(r, ["a", "b"], scale="interval"), "EST-020"),
        (lambda r: krippendorff_alpha(r, ["a", "empty"]), "EST-024"),
        (lambda r: krippendorff_alpha(r, ["n", "minus"], scale="ratio"), "EST-024"),
        (lambda r: cronbach_alpha(r, ["n"]), "EST-024"),
        (lambda r: cronbach_alpha(r, ["n", "a"]), "EST-020"),
    ],
)
def test_what_cannot_be_compared_is_refused(work, code):
    """Columns, words and ratings that do not fit are reported by code."""
    ratings = pd.DataFrame(
        {"a": ["x", "y"], "b": ["x", "x"], "n": [1, 2], "minus": [-1, 2], "empty": [None, None]}
    )
    with pytest.raises(SurveyError) as error:
        work(ratings)
    assert [one.code for one in error.value.problems] == [code]


@pytest.mark.parametrize("row", pd.read_csv(FURTHER, dtype=str).to_dict("records"), ids=range(4))
def test_ratings_and_items_drawn_at_random_are_those_of_psych(row):
    """Kappa with its limits, which end at 1, and both alphas where an answer is missing."""
    columns = {name: pd.Series(row[name].split(";")).replace("NA", None) for name in "abpqr"}
    drawn = pd.DataFrame(columns).astype(float)
    plain = cohen_kappa(drawn, "a", "b").iloc[0]
    ours = {
        "kappa": plain["estimate"],
        "low": plain["low"],
        "high": plain["high"],
        "weighted": cohen_kappa(drawn, "a", "b", weights="quadratic")["estimate"].item(),
        "alpha": cronbach_alpha(drawn, list("pqr"))["estimate"].item(),
        "standardised": cronbach_alpha(drawn, list("pqr"), standardised=True)["estimate"].item(),
    }
    assert ours == pytest.approx({name: float(row[name]) for name in ours}, abs=1e-12)
