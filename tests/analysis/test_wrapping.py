"""Labels on lines that fit: words whole, no closing punctuation at the start of a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.wrapping import width_of, wrapped


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("two words", ["two words"]),
        ("seven short words stand in this line", ["seven short", "words stand", "in this line"]),
        ("難民の受入れについて。", ["難民の", "受入れにつ", "いて。"]),
        ("（難民）と「人」", ["（難民）", "と「人」"]),
        ("組織（NGO）人員或志工", ["組織", "（NGO）", "人員或志工"]),
        ("難民・庇護希望者", ["難民・", "庇護希望者"]),
        ("x" * 30, ["x" * 10] * 3),
    ],
)
def test_a_text_breaks_where_a_reader_expects_it(text, lines):
    assert wrapped(text, 12 if text[0] == "s" else 10).splitlines() == lines


@given(st.text(alphabet="ab 難民の、。「」()", min_size=1, max_size=60), st.integers(8, 40))
def test_wrapping_loses_no_letter_and_no_line_is_much_too_wide(text, width):
    lines = wrapped(text, width).splitlines()
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    punctuation = sum(letter in "、。「」()" for letter in text)
    assert all(width_of(line) <= width + 2 * punctuation for line in lines)
