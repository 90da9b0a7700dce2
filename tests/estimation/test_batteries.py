"""Questions of several columns: select_multiple, items on one scale, every question at once."""

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.estimation.batteries import every_variable, likert, multiple_response
from pipeline.estimation.design import Design, Kind
from pipeline.estimation.estimates import means, ratios, shares
from pipeline.estimation.sample import Sample

DATA = pd.DataFrame(
    {
        "needs": ["law work", "work", None, "law", "none"],
        "needs/law": [1, 0, None, 1, 0],
        "needs/work": [1, 1, None, 0, 0],
        "trust": ["agree", "disagree", "agree", "neither", None],
        "safety": ["agree", "agree", "strongly_agree", "disagree", "neither"],
        "kind": ["a", "a", "b", "b", "b"],
        "age": [20, 30, 40, 50, 60],
        "remark": [None] * 5,
    }
)
SCALE = ["strongly_disagree", "disagree", "neither", "agree", "strongly_agree"]


@pytest.fixture
def sample():
    return Sample.draw(DATA, Design(Kind.SRS))


def test_choices_are_shares_of_those_who_answered(sample):
    """Each choice is the mean of its 0 and 1; together they may exceed 1."""
    found = multiple_response(sample, "needs")
    assert found[["variable", "category", "estimate", "base"]].to_numpy().tolist() == [
        ["needs", "law", 0.5, 4],
        ["needs", "work", 0.5, 4],
    ]
    same = means(sample, ["needs/law", "needs/work"])
    assert found["se"].tolist() == same["se"].tolist()


def test_choices_may_be_shares_of_all_that_was_chosen(sample):
    """Ratios of totals, which add up to 1 in each domain; who chose nothing is not in the base."""
    found = multiple_response(sample, "needs", of="responses")
    assert found[["estimate", "base"]].to_numpy().tolist() == [[0.5, 3], [0.5, 3]]
    data = DATA.assign(mentions=DATA["needs/law"] + DATA["needs/work"]).query("mentions > 0")
    same = ratios(Sample.draw(data, Design(Kind.SRS)), "needs/law", "mentions")
    assert found["estimate"].iloc[0] == same["estimate"].item()


def test_choices_by_domain_have_the_bases_of_their_domains(sample):
    """The second of the three of kind b did not answer."""
    found = multiple_response(sample, "needs", "kind")
    assert found[["category", "domain", "estimate", "base"]].to_numpy().tolist() == [
        ["law", "kind=a", 0.5, 2],
        ["law", "kind=b", 0.5, 2],
        ["work", "kind=a", 1.0, 2],
        ["work", "kind=b", 0.0, 2],
    ]


def test_a_choice_that_was_offered_to_fewer_says_so():
    """The base stays that of the question."""
    data = DATA.assign(**{"needs/work": [1, 1, None, 0, None]})
    found = multiple_response(Sample.draw(data, Design(Kind.SRS)), "needs")
    assert found["base"].tolist() == [4, 4]
    assert found["note"].fillna("").tolist() == ["", "offered to 3 of those who answered"]


def test_columns_may_be_called_otherwise(sample):
    """And may hold true and false."""
    data = DATA.assign(yes=[True, False, True, True, False], no=["TRUE", "false", "", None, "0"])
    found = multiple_response(
        Sample.draw(data, Design(Kind.SRS)), "any", choices={"one": "yes", "two": "no"}
    )
    assert found[["category", "estimate", "base"]].to_numpy().tolist() == [
        ["one", 0.6, 5],
        ["two", pytest.approx(1 / 3), 3],
    ]


def test_a_likert_table_shows_every_point_and_what_they_add_up_to(sample):
    """Points in the order of the scale, unchosen ones too, then sides, balance and mean."""
    found = likert(sample, "safety", SCALE)
    assert found[["category", "estimate"]].to_numpy().tolist() == [
        ["strongly_disagree", 0],
        ["disagree", pytest.approx(0.2)],
        ["neither", pytest.approx(0.2)],
        ["agree", pytest.approx(0.4)],
        ["strongly_agree", pytest.approx(0.2)],
        ["(negative)", pytest.approx(0.2)],
        ["(positive)", pytest.approx(0.6)],
        ["(balance)", pytest.approx(0.4)],
        ["(mean)", pytest.approx(3.6)],
    ]
    assert set(found["base"]) == {5}


def test_likert_items_have_bases_of_their_own(sample):
    """Who did not answer an item is not in its base."""
    found = likert(sample, ["trust", "safety"], SCALE)
    assert found.groupby("variable")["base"].unique().map(list).to_dict() == {
        "trust": [4],
        "safety": [5],
    }


def test_every_variable_is_tabulated_as_what_it_is(sample):
    """Means of numbers, shares of words, choices of a select_multiple; nothing of empty columns."""
    found = every_variable(sample)
    parts = {
        "needs": multiple_response(sample, "needs", degrees_of="domain"),
        "trust": shares(sample, "trust", degrees_of="domain"),
        "age": means(sample, "age", degrees_of="domain"),
    }
    assert found["variable"].unique().tolist() == ["needs", "trust", "safety", "kind", "age"]
    for name, part in parts.items():
        own = found[found["variable"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, part)


def test_numbers_may_be_codes(sample):
    """Named as categorical they are shared out instead of averaged."""
    found = every_variable(sample, ["age"], categorical=["age"])
    assert found["category"].tolist() == ["20", "30", "40", "50", "60"]


@pytest.mark.parametrize(
    ("work", "codes"),
    [
        (lambda s: multiple_response(s, "trust"), ["EST-010"]),
        (lambda s: multiple_response(s, "x", choices={"a": "age"}), ["EST-020"]),
        (lambda s: multiple_response(s, "needs", of="people"), ["EST-021"]),
        (lambda s: likert(s, ["trust", "kind", "safety"], ["agree", "disagree"]), ["EST-023"] * 3),
        (lambda s: likert(s, "trust", ["agree"]), ["EST-022"]),
        (lambda s: likert(s, "trust", ["agree", "agree"]), ["EST-022"]),
        (lambda s: every_variable(s, ["age", "nobody", "no one"]), ["EST-010", "EST-010"]),
    ],
)
def test_what_does_not_fit_is_refused_all_at_once(sample, work, codes):
    """Every item and variable is looked at before anything is reported."""
    with pytest.raises(SurveyError) as error:
        work(sample)
    assert [one.code for one in error.value.problems] == codes


def test_a_scale_with_a_middle_keeps_it_out_of_both_sides():
    """One without a middle has none to keep."""
    data = pd.DataFrame({"x": ["a", "b", "c", "d"]})
    sample = Sample.draw(data, Design(Kind.SRS))
    four = likert(sample, "x", list("abcd")).set_index("category")["estimate"]
    assert np.allclose(
        four[["(negative)", "(positive)", "(balance)", "(mean)"]], [0.5, 0.5, 0, 2.5]
    )
