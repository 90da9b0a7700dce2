"""Rows that few others are alike to: found, and answers left out until there are none."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.privacy.k_anonymity import blank, keys_of, risk, too_rare


def keys(**columns):
    return pd.DataFrame({name: list(values) for name, values in columns.items()})


def after(frame, found):
    return frame.assign(
        **{name: frame[name].mask(rows, "(left out)") for name, rows in found.cells.items()}
    )


def test_a_row_is_rare_if_too_few_are_alike_in_everything():
    frame = keys(county="aaabbb", kind="xxyxyy")
    assert too_rare(frame, 2).tolist() == [False, False, True, True, False, False]
    assert not too_rare(frame, 1).any()


def test_answers_of_rare_rows_alone_are_left_out():
    frame = keys(county="aaaabbbbcde", kind="xxxxxxxxxxx")
    found = blank(frame, 3)
    assert found.is_enough
    assert not too_rare(after(frame, found), 3).any()
    assert set(found.cells) == {"county"}


def test_fewer_rows_than_must_be_alike_are_never_enough():
    assert not blank(keys(county="ab"), 3).is_enough


def test_without_quasi_identifiers_nothing_is_left_out():
    assert blank(pd.DataFrame(index=range(9)), 5).cells == {}


def test_why_an_answer_is_missing_tells_rows_apart():
    answers = pd.DataFrame({"county": ["a", None, None]})
    kinds = pd.DataFrame({"county": [None, "refused", "not_asked"]})
    assert too_rare(keys_of(answers, kinds, ["county"]), 2).all()


def test_the_risk_is_the_mean_of_one_over_the_rows_alike():
    assert risk(keys(county="aab")) == (0.5 + 0.5 + 1) / 3


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 40), st.integers(1, 4), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_what_is_left_is_k_anonymous(rows, columns, k, seed):
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({f"v{n}": random.integers(0, 4, rows).astype(str) for n in range(columns)})
    found = blank(frame, k)
    assert found.is_enough == (rows >= k)
    if found.is_enough:
        assert not too_rare(after(frame, found), k).any()
