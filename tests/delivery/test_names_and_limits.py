"""What SPSS and Stata would rename or cut in silence is renamed or cut before, and reported."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.delivery.limits import shorten, shorten_bytes
from pipeline.delivery.names import LONGEST, LONGEST_BYTES, RESERVED, safe_names
from pipeline.delivery.text_files import neutralise, restore


@pytest.mark.parametrize(
    ("names", "delivered", "codes"),
    [
        (["age", "income"], ["age", "income"], []),
        (["group/age", "a-b"], ["group_age", "a_b"], ["DATA-001", "DATA-001"]),
        (["_uuid", "2nd"], ["q_uuid", "q_2nd"], ["DATA-001", "DATA-001"]),
        (["all", "With", "str12"], ["all_q", "With_q", "str12_q"], ["DATA-003"] * 3),
        (["Age", "age"], ["Age", "age_2"], ["DATA-004"]),
        (["a-b", "a_b"], ["a_b_2", "a_b"], ["DATA-001"]),
        (["x" * 40, "x" * 41], ["x" * 28, "x" * 26 + "_2"], ["DATA-002", "DATA-002"]),
        (["難" * 22], ["難" * 21], ["DATA-002"]),
    ],
)
def test_a_name_that_would_be_renamed_in_silence_is_renamed_with_a_warning(names, delivered, codes):
    found, problems = safe_names(names)
    assert list(found) == names
    assert list(found.values()) == delivered
    assert [problem.code for problem in problems] == codes


@given(st.lists(st.text(min_size=1, max_size=50), unique=True, max_size=12))
def test_delivered_names_are_legal_and_differ_by_more_than_case(names):
    delivered = list(safe_names(names)[0].values())
    assert len({name.casefold() for name in delivered}) == len(names)
    assert all(len(name) <= LONGEST for name in delivered)
    assert all(len(name.encode()) <= LONGEST_BYTES for name in delivered)
    assert all(name[0].isalpha() and name.casefold() not in RESERVED for name in delivered)


@given(st.text(max_size=200), st.integers(4, 100))
def test_a_shortened_label_fits_and_says_so(text, longest):
    for cut, size in ((shorten(text, longest), len), (shorten_bytes(text, longest), _bytes)):
        assert size(cut) <= longest
        assert cut == text if size(text) <= longest else cut.endswith("…")


def _bytes(text: str) -> int:
    return len(text.encode())


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1))
def test_no_text_in_a_csv_begins_like_a_formula_and_every_text_comes_back(texts):
    written = neutralise(pd.Series(texts, dtype="str"))
    assert not written.str.startswith(("=", "+", "-", "@", "\t", "\r", "\n")).any()
    assert restore(written).tolist() == texts
