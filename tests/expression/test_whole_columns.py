"""The fast ways over whole columns mean what the reference means, in awkward answers too.

Hypothesis draws few rows of plain answers (`test_pandas_agrees.py`); here are the numbers and
texts at which numpy's and Arrow's own functions would part from the reference.
"""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from pipeline.expression.answers import Answers, Instance
from pipeline.expression.evaluate import evaluate
from pipeline.expression.kinds import Kind
from pipeline.expression.parse import parse
from pipeline.expression.to_pandas import Table, to_pandas

TODAY = date(2011, 9, 1)
KINDS = {"n": Kind.DECIMAL, "m": Kind.DECIMAL, "s": Kind.TEXT, "t": Kind.TEXT, "at": Kind.DATETIME}
NUMBERS = [
    *(0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 1.4999999999999998, 1.005, 2.675),
    *(-1.005, 1e-13, 1e15, 2.0**52 + 1, 2.0**53 - 1, -(2.0**52) - 1, 1e22, 1e300, -1e300, 5e-324),
    *(-5.0, -17.0, -323.0, -400.0, 308.0, 309.0, 710.0, -746.0, 1.0, -1.0, 1000.0, np.nan),
]
TEXTS = [
    None,
    "a",
    "b",
    "a b",
    "b  a",
    " a ",
    "ab",
    "é a",
    "東京 都",
    "𠮷野 a",
    "a𠮷",
    "-",
    "a\nb",
    "7.5",
]
OF_NUMBERS = [
    *("abs", "sqrt", "exp", "exp10", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan"),
    *("round", "int"),
]


def frame():
    """Awkward numbers, then many drawn ones; every text beside every other."""
    random = np.random.default_rng(4)
    drawn = np.concatenate([random.normal(0, 10, 1000), random.random(1000), np.arange(-30.0, 31)])
    n = np.concatenate([np.repeat(NUMBERS, 2), drawn])
    texts = random.choice(np.array(TEXTS, dtype=object), (2, len(n)))
    return pd.DataFrame(
        {
            "n": n,
            "m": random.choice([np.nan, 0.0, 2.0, -1.0, 0.5, 3.0], len(n)),
            "s": pd.Series(texts[0], dtype="str"),
            "t": pd.Series(texts[1], dtype="str"),
        }
    )


def plain(value):
    """As a frame holds it: blank is missing."""
    return None if value == "" or value != value else value  # noqa: PLR0124 - NaN


def both(text, of):
    """The values that the frame and the reference give, row by row."""
    expression, rows = parse(text), of.astype(object).where(of.notna(), None).to_dict("records")
    found = to_pandas(expression, Table(of, KINDS, TODAY))
    expected = [evaluate(expression, Answers(Instance(row), TODAY, KINDS)) for row in rows]
    assert list(found.index) == list(of.index)
    return list(map(plain, found.tolist())), list(map(plain, expected))


@pytest.mark.parametrize(
    "text",
    [
        *(f"{name}(${{n}})" for name in OF_NUMBERS),
        *("round(${n}, 1)", "round(${n}, 2)", "round(${n}, 15)", "atan2(${n}, ${m})"),
        *(f"pow(${{n}}, {times})" for times in ("2", "3", "0.5", "-1", "-2", "0", "1 div 3", "''")),
        *("pow(${n}, ${m})", "pow(2, ${n})", "min(${n}, ${m})", "max(${n}, ${m}, 1)"),
        *("${n} = ${m}", "${n} != ${m}", "${m} = ${m}", "${n} = 0", "${n} = ${n} + 0"),
        *("${n} > 0 and ${m} > 0", "${n} > 0 or ${m} > 0 or ${n}", "${m} and ${n} and ${s}"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "backwards"])
def test_numbers_agree_to_the_last_digit(text, backwards):
    """A frame turned round gives numpy other loops, and must not give other digits."""
    found, expected = both(text, frame()[::-1] if backwards else frame())
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        *("selected(${s}, 'a')", "selected(${s}, ' a ')", "selected(${s}, 'a b')"),
        *("selected(${s}, '')", "selected(${s}, ${t})", "string-length(${s})", "string(${s})"),
        *("substr(${s}, 1)", "substr(${s}, 0, 2)", "substr(${s}, 2, 1)", "substr(${s}, -1)"),
        *("substr(${s}, 0, -1)", "substr(${s}, 1 div 0)", "substr(${s}, ${m}, 2)"),
        *("substr(${s}, 1.9, 2.9)", "substr(${s}, '', 1)", "substr('abc', 1)"),
        *(
            "concat(${s}, '-', ${t})",
            "concat(${s}, ${t})",
            "concat(${s}, ${m})",
            "concat('a', 'b')",
        ),
        *("concat(substr(${s}, 0, 1), ${t}) = ${s}", "concat(${s}, '') = ''"),
        *("if(concat(${s}, ${t}) = 'ab', concat(${s}, 'x'), ${t})", "concat(${n} > 0, ${t})"),
        *("regex(${s}, 'a')", "regex(${s}, '^[a-z]+$')", "regex(${s}, '[a-z ]*')"),
        *("regex(${s}, '^[^a]$')", "regex(${s}, '[^b]{2,3}')", r"regex(${s}, '^\d\.\d$')"),
        *("regex(${s}, '')", r"regex(${s}, 'a\nb')", "regex(${s}, 'a|b')", "regex(${s}, '.+')"),
        *("regex(${s}, '^a$b')", "regex(${s}, ${t})", "regex(${s}, '-')", "regex(${s}, 'a+?')"),
        *("coalesce(substr(${s}, 1), 'none')", "string-length(concat(${s}, ${t}))"),
    ],
)
@pytest.mark.parametrize("wide", [False, True], ids=["of one unit a character", "of two"])
def test_texts_agree(text, wide):
    """Without characters beyond the first 65,536 of Unicode Arrow counts them, with them we do."""
    of = frame()
    if not wide:
        of[["s", "t"]] = of[["s", "t"]].apply(lambda texts: texts.str.replace("𠮷", "大"))
    found, expected = both(text, of)
    assert found == expected


@pytest.mark.parametrize(
    "text", ["abs(${at})", "sqrt(${at})", "pow(${at}, 2)", "exp10(${at} * -1)"]
)
def test_a_moment_keeps_its_part_of_the_day_in_arithmetic(text):
    """As decimal-date-time() gives it; comparisons and sums take whole days."""
    moments = [datetime(2011, 8, 1, 10, 30), datetime(1969, 12, 31, 22, 0, 1), None]  # noqa: DTZ001 - wall clock
    of = pd.DataFrame({"at": pd.Series(moments, dtype="datetime64[us]")})
    found, expected = both(text, of)
    assert found == expected


def test_what_comes_out_is_apart_from_the_frame():
    """Putting a value into the result leaves the answers as they came."""
    of = frame()
    before = of.copy(deep=True)
    for text in (
        "min(${n})",
        "max(${n}, ${m})",
        "${s}",
        "string(${s})",
        "abs(${n})",
        "pow(${n}, 1)",
    ):
        result = to_pandas(parse(text), Table(of, KINDS, TODAY))
        result.iloc[0] = result.iloc[1]
        result.iloc[:] = result.iloc[3]
    pd.testing.assert_frame_equal(of, before)


def test_what_is_exact_in_decimals_stays_exact():
    """Whole powers of ten there and back, squares, and whole roots, of one value and of many."""
    places = np.arange(-22.0, 23.0)
    tens = np.array([float(f"1e{place:.0f}") for place in places])
    of = pd.DataFrame({"n": places, "m": tens})
    assert both("exp10(${n})", of) == (tens.tolist(), tens.tolist())
    assert both("log10(${m})", of) == (places.tolist(), places.tolist())
    squares = (places**2).tolist()
    assert both("pow(${n}, 2)", of) == (squares, squares)
    of = pd.DataFrame({"n": squares, "m": squares})
    assert both("sqrt(${n})", of) == (abs(places).tolist(), abs(places).tolist())
