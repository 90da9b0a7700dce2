"""Responses that are nearly the same are found, all of them, without comparing each with each."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cleaning.soft_duplicates import PAIR_COLUMNS, Alike, soft_duplicates


def each_with_each(answers: pd.DataFrame, alike: Alike) -> list[tuple[int, int, int, int]]:
    """What the search must find, by the slow way."""
    rows = [[None if pd.isna(one) else one for one in row] for row in answers.to_numpy(object)]
    found = []
    for second in range(len(rows)):
        for first in range(second):
            pairs = list(zip(rows[first], rows[second], strict=True))
            either = [(a, b) for a, b in pairs if a is not None or b is not None]
            equal = sum(a == b for a, b in either)
            if len(either) >= alike.compared and equal >= alike.share * len(either):
                found.append((first, second, len(either), equal))
    return sorted(found)


def columns_of(answers):
    return (answers[name] for name in answers)


CELLS = st.sampled_from([None, "a", "b"])


@given(
    st.integers(1, 9).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=14)
    ),
    st.sampled_from([0.5, 0.75, 0.9, 1.0]),
    st.integers(1, 4),
)
def test_every_pair_that_is_alike_is_found(rows, share, compared):
    """And no other, however the groups are parted: groups of two are the smallest there can be."""
    answers = pd.DataFrame(rows, dtype=object)
    alike = Alike(share=share, compared=compared, bucket=2)
    pairs = soft_duplicates(columns_of(answers), alike)
    found = list(pairs[list(PAIR_COLUMNS[:4])].itertuples(index=False, name=None))
    assert found == each_with_each(answers, alike)


def test_questions_that_neither_answered_count_for_nothing():
    """Two short interviews are not alike because both skipped the rest."""
    answers = pd.DataFrame({f"q{at}": ["a", "a"] if at < 3 else [None, None] for at in range(30)})
    assert len(soft_duplicates(columns_of(answers))) == 0
    assert soft_duplicates(columns_of(answers), Alike(compared=3))["share"].tolist() == [1.0]


def test_a_limit_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="share"):
        Alike(share=0)


@pytest.mark.slow
def test_a_hundred_thousand_responses_take_less_than_a_minute():
    """Low in information, with many skips; fifty pairs planted, all of them found."""
    rng = np.random.default_rng(2011)
    size = 100_000
    answers = pd.DataFrame(
        {
            f"q{at}": rng.choice(["yes", "no", "dont_know"], size, p=[0.7, 0.25, 0.05])
            for at in range(60)
        }
    )
    answers.loc[rng.random(size) < 0.4, [f"q{at}" for at in range(40, 60)]] = None
    planted = rng.choice(size, (50, 2), replace=False)
    answers.loc[planted[:, 1]] = answers.loc[planted[:, 0]].to_numpy()
    answers.loc[planted[:, 1], "q0"] = "other"
    pairs = soft_duplicates(columns_of(answers))
    assert {tuple(sorted(pair)) for pair in planted.tolist()} <= set(
        zip(pairs["first"], pairs["second"], strict=True)
    )
