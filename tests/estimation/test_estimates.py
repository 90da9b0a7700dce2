"""The frame of estimates: its columns, its order, its notes, and what it refuses to say."""

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.estimation.association import association
from pipeline.estimation.design import Design, Kind, Margin
from pipeline.estimation.estimates import means, ratios, shares, totals
from pipeline.estimation.frame import COLUMNS
from pipeline.estimation.quantiles import medians, quantiles
from pipeline.estimation.sample import Sample
from pipeline.estimation.variances import population_variances

DATA = pd.DataFrame(
    {
        "county": ["A", "A", "A", "B", "B", None],
        "consent": pd.Categorical(
            ["yes", "no", "yes", "yes", None, "yes"], ["yes", "no", "refused"], ordered=True
        ),
        "staff": pd.array([3, 10, 5, 4, None, 8], dtype="Int64"),
        "open": [True, False, True, True, True, False],
        "code": ["1", "2", "2", " ", "", "1"],
        "mixed": [1, "1", 1.0, "b", None, np.nan],
        "none": [None] * 6,
    }
)


def test_the_frame_is_tidy():
    """A row a domain and category, in the categories' own order, unchosen ones with 0."""
    found = shares(Sample.draw(DATA, Design(Kind.SRS)), "consent", "county")
    assert tuple(found.columns) == COLUMNS
    assert found[["variable", "category", "domain", "estimate", "base"]].to_numpy().tolist() == [
        ["consent", "yes", "county=A", pytest.approx(2 / 3), 3],
        ["consent", "no", "county=A", pytest.approx(1 / 3), 3],
        ["consent", "refused", "county=A", 0, 3],
        ["consent", "yes", "county=B", 1, 1],
        ["consent", "no", "county=B", 0, 1],
        ["consent", "refused", "county=B", 0, 1],
    ]
    assert found["note"].isna().all()


def test_without_domain_or_category_those_are_missing_never_empty():
    """The mean of the whole sample has neither."""
    found = means(Sample.draw(DATA, Design(Kind.SRS)), "staff")
    assert found[["category", "domain", "note"]].isna().all(axis=None)
    assert found["estimate"].tolist() == [6]
    assert found["base"].tolist() == [5]


def test_a_simple_random_sample_has_the_textbook_error():
    """s / sqrt(n), Student's t with n - 1 degrees of freedom, design effect 1."""
    data = DATA.dropna(subset="staff")
    row = means(Sample.draw(data, Design(Kind.SRS)), "staff").iloc[0]
    se = np.sqrt(np.var([3, 10, 5, 4, 8], ddof=1) / 5)
    assert row["se"] == pytest.approx(se)
    assert row["high"] - row["estimate"] == pytest.approx(2.7764451051977987 * se)
    assert row["deff"] == pytest.approx(1)


def every_statistic(sample):
    return pd.concat(
        [
            means(sample, "staff", "county"),
            totals(sample, ["staff", "code"]),
            shares(sample, "consent", interval="wilson"),
            ratios(sample, "staff", "open"),
            medians(sample, "staff", "county"),
            population_variances(sample, "staff"),
        ],
        ignore_index=True,
    )


@pytest.mark.parametrize(
    "design",
    [
        Design(Kind.PURPOSIVE),
        Design(Kind.PURPOSIVE, post_strata=Margin("open", (("True", 70.0), ("False", 30.0)))),
    ],
)
def test_a_purposive_sample_pretends_no_interval(design):
    """Estimates describe those asked, weighted or not; every one of them says so."""
    found = every_statistic(Sample.draw(DATA, design))
    assert found["estimate"].notna().all()
    assert found[["se", "low", "high", "deff"]].isna().all(axis=None)
    assert set(found["note"]) == {
        "purposive sample: it describes those asked, no sampling error can be stated"
    }


def test_a_purposive_sample_is_not_tested():
    """A test of association would pretend what an interval would."""
    row = association(Sample.draw(DATA, Design(Kind.PURPOSIVE)), "consent", "open").iloc[0]
    assert pd.isna(row["p_value"])
    assert row["note"] == "purposive sample: no test can be made"


def test_a_census_does_not_vary():
    """Every unit was asked: the standard error is 0, and the limits are the estimate."""
    found = every_statistic(Sample.draw(DATA, Design(Kind.CENSUS)))
    assert (found["se"] == 0).all()
    assert (found["low"] == found["estimate"]).all()
    assert (found["high"] == found["estimate"]).all()
    assert set(found["note"]) == {"census: every unit was asked, no sampling error"}


def test_a_domain_without_answers_is_shown_empty():
    """Not left out, and not 0."""
    data = pd.DataFrame({"y": [1.0, 2.0, np.nan], "d": ["a", "a", "b"], "c": ["x", "y", None]})
    for found in (
        means(Sample.draw(data, Design(Kind.SRS)), "y", "d"),
        shares(Sample.draw(data, Design(Kind.SRS)), "c", "d").iloc[::2],
        medians(Sample.draw(data, Design(Kind.SRS)), "y", "d"),
    ):
        row = found.iloc[1]
        assert (row["domain"], row["base"], row["note"]) == ("d=b", 0, "no answers")
        assert row[["estimate", "se", "low", "high", "deff"]].isna().all()


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("open", ["False", "True"]),
        ("code", ["1", "2"]),
        ("mixed", ["1", "b"]),
        ("staff", ["3", "4", "5", "8", "10"]),
        ("none", []),
    ],
)
def test_categories_are_written_as_people_write_them(column, expected):
    """1, 1.0 and "1" are one; numbers come in their order; blank text is no answer."""
    assert shares(Sample.draw(DATA, Design(Kind.SRS)), column)["category"].tolist() == expected


def test_totals_of_words_are_counts_of_categories():
    """And of numbers in text their sum."""
    sample = Sample.draw(DATA, Design(Kind.SRS, fpc=(60,)))
    counts = totals(sample, "consent").set_index("category")["estimate"]
    assert counts.to_dict() == {"yes": 40, "no": 10, "refused": 0}
    assert totals(sample, "code")["estimate"].tolist() == [60]


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (lambda s: means(s, "staff", "region"), "EST-010"),
        (lambda s: means(s, "nobody"), "EST-010"),
        (lambda s: means(s, "mixed"), "EST-020"),
        (lambda s: ratios(s, "staff", "county"), "EST-020"),
        (lambda s: shares(s, "open", interval="exact"), "EST-021"),
        (lambda s: shares(s, "open", level=1.0), "EST-021"),
        (lambda s: means(s, "staff", degrees_of="sample"), "EST-021"),
        (lambda s: medians(s, "staff", rule="hf6"), "EST-021"),
        (lambda s: quantiles(s, "staff", [50]), "EST-022"),
        (lambda s: association(s, "open", "code", statistic="G"), "EST-021"),
    ],
)
def test_what_cannot_be_estimated_is_refused(work, code):
    """Columns, answers, methods and levels that do not fit, by code."""
    with pytest.raises(SurveyError) as error:
        work(Sample.draw(DATA, Design(Kind.SRS)))
    assert [one.code for one in error.value.problems] == [code]


def test_a_refusal_never_shows_an_answer():
    """It counts the answers that are not numbers."""
    with pytest.raises(SurveyError) as error:
        means(Sample.draw(DATA, Design(Kind.SRS)), "mixed")
    assert str(error.value) == (
        "[EST-020] mixed\n  1 of the 6 answers to mixed are not numbers. "
        "Choose a numeric column, or tabulate shares of this one."
    )


@pytest.mark.parametrize(("rule", "expected"), [("math", 4), ("school", 4.5), ("hf7", 4.5)])
def test_rules_of_the_median_differ_between_two_answers(rule, expected):
    """Of 3, 4, 5 and 10 the lower, the mean, and Hyndman and Fan's seventh."""
    data = pd.DataFrame({"y": [10, 3, 5, 4]})
    found = medians(Sample.draw(data, Design(Kind.SRS)), "y", rule=rule)
    assert found["estimate"].tolist() == [expected]


def test_a_heavy_first_answer_is_the_median():
    """It holds more than half of the weight; its limits lie about it."""
    data = pd.DataFrame({"y": [1, 7, 8], "w": [10, 1, 1]})
    row = medians(Sample.draw(data, Design(Kind.SRS, weights="w")), "y").iloc[0]
    assert row["estimate"] == 1


def test_one_category_alone_leaves_the_sample_as_it_was():
    """Estimating a share of 1 does not disturb what comes after it."""
    data = DATA.assign(all="x")
    sample = Sample.draw(data, Design(Kind.SRS))
    before = means(sample, "staff")
    assert shares(sample, "all")["se"].tolist() == [0]
    pd.testing.assert_frame_equal(means(sample, "staff"), before)
