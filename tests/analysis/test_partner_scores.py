"""Partner assessment, against tables small enough to work out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.partner_scores import (
    Acceptability,
    Scores,
    criterion_scores,
    gate_results,
    smaa,
    topsis,
    verdicts,
    weighted_sum,
    weights_of,
)
from pipeline.questionnaire.model import Choice, Question, Questionnaire
from pipeline.settings import Criterion, Gate, Partners

NA = pd.NA
FORM = Questionnaire(
    form_id="f",
    title="F",
    choices={
        "willing": (
            *(Choice(name=name) for name in "12345"),
            Choice(name="dont_know", missing="dont_know"),
        ),
        "service": (
            Choice(name="legal"),
            Choice(name="housing"),
            Choice(name="none", exclusive=True),
        ),
    },
    survey=(
        Question(name="with_japan", type="select_one willing"),
        Question(name="with_macao", type="select_one willing"),
        Question(name="services", type="select_multiple service"),
    ),
)
SCORES = {"1": 0, "2": 0.25, "3": 0.5, "4": 0.75, "5": 1}


def frame(**columns):
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})


def test_a_gate_is_failed_by_one_wrong_answer_and_open_without_one():
    """Nothing makes up for a failed item; a missing one is asked again."""
    main = frame(policy=["yes", "no", NA, "yes", NA], registered=["yes", NA, "yes", "no", NA])
    missing = frame(
        policy=[NA, NA, "refused", NA, "not_asked"],
        registered=[NA, "not_answered", NA, NA, "not_asked"],
    )
    gates = (
        Gate(name="care", label="Care", questions=("policy", "registered")),
        Gate(name="policy", label="Policy", questions=("policy",)),
    )
    result = gate_results(main, missing, gates)
    assert result.to_dict("list") == {
        "care": ["passed", "failed", "open", "failed", "passed"],
        "policy": ["passed", "failed", "open", "passed", "passed"],
    }
    assert verdicts(result).tolist() == ["passed", "failed", "open", "failed", "passed"]


def test_a_criterion_averages_what_applies_and_keeps_missing_answers_as_intervals():
    main = frame(
        with_japan=["5", "dont_know", NA, "1"],
        with_macao=["3", "3", NA, NA],
        services=["legal housing", "none", NA, "legal"],
    )
    missing = frame(
        with_japan=[NA, "dont_know", "not_asked", NA],
        with_macao=[NA, NA, "not_asked", "not_answered"],
        services=[NA, NA, "not_answered", NA],
    )
    partners = Partners(
        criteria=(
            Criterion(
                name="willing", label="W", questions=("with_japan", "with_macao"), scores=SCORES
            ),
            Criterion(name="range", label="R", questions=("services",), count_of=2, weight=3),
        )
    )
    scores = criterion_scores(main, missing, FORM, partners)
    assert scores.low.to_dict("list") == {
        "willing": [0.75, 0.25, 0.0, 0.0],
        "range": [1.0, 0.0, 0.0, 0.5],
    }
    assert scores.high.to_dict("list") == {
        "willing": [0.75, 0.75, 0.0, 0.5],
        "range": [1.0, 0.0, 1.0, 0.5],
    }
    weights = weights_of(partners)
    assert weights.to_dict() == {"willing": 0.25, "range": 0.75}
    assert weighted_sum(scores, weights)["low"].tolist() == [0.9375, 0.0625, 0.0, 0.375]


def test_topsis_by_hand():
    """Two criteria of equal weight, three organisations; the vectors are 3-4-5 triangles."""
    scores = pd.DataFrame({"a": [0.6, 0.8, 0.0], "b": [0.0, 0.6, 0.8]}, index=["x", "y", "z"])
    weights = pd.Series({"a": 0.5, "b": 0.5})
    # Norms are 1 and 1. Weighted: x (.3, 0), y (.4, .3), z (0, .4); best (.4, .4), worst (0, 0).
    best = [np.hypot(0.1, 0.4), 0.1, 0.4]
    worst = [0.3, 0.5, 0.4]
    expected = [low / (low + high) for low, high in zip(worst, best, strict=True)]
    assert topsis(scores, weights).to_dict() == pytest.approx(
        dict(zip("xyz", expected, strict=True))
    )


def test_topsis_of_equals_is_a_half():
    scores = pd.DataFrame({"a": [0.4, 0.4]})
    assert topsis(scores, pd.Series({"a": 1.0})).tolist() == [0.5, 0.5]


def test_who_is_best_at_everything_is_first_under_every_weighting():
    scores = pd.DataFrame({"a": [0.9, 0.5, 0.1], "b": [0.8, 0.4, 0.3]}, index=["x", "y", "z"])
    result = smaa(Scores(scores, scores), draws=2_000)
    assert result.ranks.to_numpy().tolist() == np.eye(3).tolist()
    assert result.expected.tolist() == [1.0, 2.0, 3.0]
    assert result.central_weights.loc["x"].tolist() == pytest.approx([0.5, 0.5], abs=0.02)
    assert result.central_weights.loc["z"].isna().all()


def test_ranks_between_which_most_weightings_put_an_organisation():
    """As much is cut off at either end; all of it where a rank is certain."""
    certain = [1.0, 0.0, 0.0]
    spread = [0.04, 0.9, 0.06]
    ranks = pd.DataFrame([certain, spread], index=["sure", "moves"], columns=[1, 2, 3])
    told = Acceptability(ranks, ranks[1], ranks)
    assert told.between(0.9).to_dict("list") == {"best": [1, 2], "worst": [1, 3]}
    assert told.between(0.8).loc["moves"].tolist() == [2, 2]


def test_mirror_images_share_the_first_rank():
    """Each is first where its own criterion weighs more: half of all weightings, by symmetry."""
    scores = pd.DataFrame({"a": [1.0, 0.0], "b": [0.0, 1.0]})
    result = smaa(Scores(scores, scores), draws=20_000)
    assert result.ranks[1].tolist() == pytest.approx([0.5, 0.5], abs=0.01)
    # The centre of the weightings that put the first one first: (3/4, 1/4).
    assert result.central_weights.loc[0].tolist() == pytest.approx([0.75, 0.25], abs=0.01)


def test_a_missing_answer_widens_the_ranks():
    """Against a middling one, an organisation of which nothing is known is first or last."""
    low = pd.DataFrame({"a": [0.5, 0.0]})
    high = pd.DataFrame({"a": [0.5, 1.0]})
    assert smaa(Scores(low, high), draws=20_000).ranks[1].tolist() == pytest.approx(
        [0.5, 0.5], abs=0.01
    )


def test_nobody_to_rank_is_an_empty_table():
    nobody = pd.DataFrame({"a": pd.Series(dtype="float64")})
    assert smaa(Scores(nobody, nobody)).ranks.empty


@given(
    st.lists(
        st.tuples(*[st.floats(0, 1, allow_nan=False)] * 3),
        min_size=1,
        max_size=6,
    )
)
def test_every_organisation_has_one_rank_in_every_draw(rows):
    scores = pd.DataFrame(rows)
    ranks = smaa(Scores(scores, scores), draws=50).ranks
    assert ranks.sum(axis=1).tolist() == pytest.approx([1.0] * len(rows))
    assert ranks.sum(axis=0).tolist() == pytest.approx([1.0] * len(rows))
