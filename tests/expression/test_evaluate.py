"""The meaning of an expression, where spreadsheets and good sense often differ from ODK."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.expression.evaluate import Answers, Instance, evaluate
from pipeline.expression.functions import FUNCTIONS, is_remade
from pipeline.expression.infer import kind_of
from pipeline.expression.kinds import Kind
from pipeline.expression.parse import parse
from pipeline.expression.to_pandas import Table, link, to_pandas, truth

TODAY = date(2011, 9, 1)
KINDS = {
    "n": Kind.INTEGER,
    "s": Kind.TEXT,
    "t": Kind.SELECT_ONE,
    "d": Kind.DATE,
    "age": Kind.INTEGER,
}


def both(text, **values):
    """The truth of an expression for one response, which both engines must share."""
    answers = {"n": None, "s": None, "t": "yes", "d": None} | values
    one = evaluate(parse(text), Answers(Instance(answers), TODAY, KINDS))
    frame = pd.DataFrame(
        {
            "n": pd.array([answers["n"]], dtype="Int64"),
            "s": pd.array([answers["s"]], dtype="str"),
            "t": pd.Categorical([answers["t"]]),
            "d": pd.to_datetime([answers["d"]]),
        }
    )
    (other,) = truth(parse(text), Table(frame, KINDS, TODAY))
    assert bool(one) == bool(other)
    return bool(one)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${n} < 18", False),
        ("${n} >= 0", False),
        ("${n} = 0", False),
        ("${n} != 0", True),
        ("${n} = ''", True),
        ("${s} = ''", True),
        ("${t} = 'YES'", False),
        ("'10' < '9'", False),
        ("selected(${s}, 'x')", False),
        ("count-selected(${s}) = 0", True),
        ("-5 mod 2 = -1", True),
        ("int(-2.5) = -2", True),
        ("round(-2.5) = -2", True),
        ("regex('abc', 'b')", False),
        ("${d} < today()", False),
        ("today() = '2011-09-01'", True),
        ("sum(${n}) = 0", True),
    ],
)
def test_a_blank_is_neither_zero_nor_anything_else(text, expected):
    """The differences table: n, s and d are blank, t is 'yes'; today is a parameter."""
    assert both(text) is expected


def test_two_blank_answers_are_equal():
    """Both are the empty text, as JavaRosa has it."""
    assert both("${n} = ${s}")
    assert not both("${n} = ${s}", n=1)


FRAME = pd.DataFrame({"n": pd.array([2, None, 7], dtype="Int64")}, index=["a", "b", "c"])
ROSTER = pd.DataFrame({"age": pd.array([3, 40, None, 7], dtype="Int64")})


def tables():
    main = Table(FRAME, KINDS, TODAY, children={})
    return link(main, {"roster": (ROSTER, "", np.array([0, 0, 2, 2]))}, KINDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(${roster})", [2, 0, 2]),
        ("sum(${age})", [43, 0, 7]),
        ("max(${age})", [40, None, 7]),
        ("count(${roster}[${age} > 5])", [1, 0, 1]),
        ("indexed-repeat(${age}, ${roster}, 2)", [40, None, 7]),
        ("${roster}[position() = 1]/age", [3, None, None]),
    ],
)
def test_a_repeat_is_taken_together_for_each_response(text, expected):
    """One value a response, the repeat's frame being another."""
    found = to_pandas(parse(text), tables()[""])
    pd.testing.assert_series_equal(
        found, pd.Series(expected, index=FRAME.index, dtype="float64"), check_names=False
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("position(..)", [1, 2, 1, 2]),
        ("${n} + ${age}", [5, 42, None, 14]),
        ("indexed-repeat(${age}, ${roster}, position(..) - 1)", [3, 3, None, None]),
    ],
)
def test_an_instance_sees_its_response_and_its_neighbours(text, expected):
    """One value an instance; the first has no neighbour before it, so JavaRosa takes the first."""
    found = to_pandas(parse(text), tables()["roster"], "age")
    assert found.tolist() == pytest.approx(
        [float("nan") if value is None else value for value in expected], nan_ok=True
    )


def test_several_answers_are_refused_where_one_is_needed():
    """No engine picks one of them in silence."""
    with pytest.raises(SurveyError) as raised:
        to_pandas(parse("${age} > 3"), tables()[""])
    assert [problem.code for problem in raised.value.problems] == ["EXPR-020"]


def test_what_chance_decides_is_never_worked_out_again():
    """uuid() and random() are kept as they came."""
    assert not is_remade(parse("concat('x', uuid())"))
    assert is_remade(parse("concat('x', ${n})"))
    with pytest.raises(SurveyError) as raised:
        evaluate(parse("uuid()"), Answers(Instance(), TODAY))
    assert [problem.code for problem in raised.value.problems] == ["EXPR-022"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("if(${n} > 1, 1, '')", Kind.INTEGER),
        ("if(${n} > 1, 1, 0.5)", Kind.DECIMAL),
        ("if(${n} > 1, 'a', 1)", Kind.TEXT),
        ("${n} > 1", Kind.BOOLEAN),
        ("${n} div 2", Kind.DECIMAL),
        ("today()", Kind.DATE),
        ("concat(${s}, 'x')", Kind.TEXT),
        ("indexed-repeat(${age}, ${roster}, 1)", Kind.INTEGER),
        ("coalesce(${n}, 0)", Kind.INTEGER),
    ],
)
def test_a_calculation_has_the_kind_that_it_gives(text, kind):
    """What its column holds is known before it is worked out."""
    assert kind_of(parse(text), KINDS) is kind


def test_every_function_says_what_it_means():
    """A row has words; one whose value is remade by no plain meaning is known to the engines."""
    assert all(row.means for row in FUNCTIONS.values())
    assert len(FUNCTIONS) == len({row.name for row in FUNCTIONS.values()})
