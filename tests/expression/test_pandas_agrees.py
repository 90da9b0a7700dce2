"""Whole frames mean what the reference interpreter means, for every expression and response."""

import math
from dataclasses import replace

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from pipeline.errors import SurveyError
from pipeline.expression.evaluate import evaluate
from pipeline.expression.to_pandas import to_pandas, work_out
from pipeline.expression.tree import Expression
from pipeline.expression.values import Value
from tests.expression.drawn import Study, expressions, responses, study

CURRENT = {"": "n", "roster": "age", "visit": "why"}
REFUSED = "refused"


def reference(expression: Expression, drawn: Study, level: str) -> list[Value] | str:
    try:
        return [
            evaluate(expression, replace(place, current=CURRENT[level]))
            for place in drawn.places[level]
        ]
    except SurveyError:
        return REFUSED


def frames(expression: Expression, drawn: Study, level: str) -> list[Value] | str:
    table = drawn.tables[level]
    try:
        column = work_out(expression, table, CURRENT[level])
    except SurveyError:
        return REFUSED
    codes, pool = column.factor()
    found = [pool[code] for code in codes.tolist()]
    return found * len(table) if len(found) == 1 else found


def alike(left: Value, right: Value) -> bool:
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left):
        return math.isnan(right)
    return type(left) is type(right) and left == right


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    expressions, responses, st.booleans(), st.booleans(), st.sampled_from(["", "roster", "visit"])
)
def test_frames_agree_with_the_reference(expression, found, categories, beside, level):
    """Every row has the reference's value, of the same type; what one refuses, both refuse."""
    drawn = study(found, categories=categories, beside=beside)
    expected = reference(expression, drawn, level)
    got = frames(expression, drawn, level)
    event("refused" if expected == REFUSED else "worked out")
    if expected == [] or (got == REFUSED and not len(drawn.tables[level])):
        return
    assert (expected == REFUSED) == (got == REFUSED), (expected, got)
    if expected != REFUSED:
        assert len(expected) == len(got)
        assert all(map(alike, expected, got)), (expected, got)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(expressions, responses)
def test_the_series_has_the_index_of_the_frame(expression, found):
    """One value a row, of dtype bool, boolean, float64, str or datetime64."""
    table = study(found, categories=True, beside=False).tables[""]
    table.frame.index = [f"response {row}" for row in range(len(table))]
    try:
        series = to_pandas(expression, table, "n")
    except SurveyError:
        return
    assert list(series.index) == list(table.frame.index)
    assert str(series.dtype) in {"bool", "boolean", "float64", "str", "datetime64[us]"}
