"""Repeats that came with another number of rows than the form counts."""

import pytest

from pipeline.cleaning.process import process
from pipeline.settings import Settings
from tests.cleaning.forms import form, returns, told

SIZE = {"name": "size", "type": "integer"}
AGE = {"name": "age", "type": "integer"}
ROSTER = {"repeat": "roster", "repeat_count": "${size}", "questions": [AGE]}


def codes(survey, size, ages, *, mode="excel"):
    rows = [
        {"response_id": "r1", "position": number, "age": age} for number, age in enumerate(ages, 1)
    ]
    held = returns([{"mode": mode, "size": size}], repeats={"roster": rows})
    return told(process(held, survey, Settings()).issues, "response_id", "question", "code", "rule")


@pytest.mark.parametrize(
    ("size", "ages", "code"),
    [
        ("2", ["30", "4"], None),
        ("3", ["30", "4"], "too_few_instances"),
        ("1", ["30", "4"], "too_many_instances"),
        ("0", [], None),
        (None, ["30"], None),
    ],
)
def test_the_rows_are_held_against_what_the_form_counts(size, ages, code):
    expected = [] if code is None else [("r1", "roster", code, "repeat_count")]
    assert codes(form(SIZE, ROSTER), size, ages) == expected


def test_a_repeat_that_does_not_apply_is_not_counted():
    survey = form(SIZE, {"group": "home", "relevant": "${size} > 5", "questions": [ROSTER]})
    assert codes(survey, "3", []) == []


def test_rows_that_would_ask_nothing_need_not_be_there():
    """Only children are asked about school: a household of adults fills in no row."""
    school = {**ROSTER, "questions": [{**AGE, "relevant": "${size} > 5"}]}
    assert codes(form(SIZE, school), "3", []) == []


def test_an_exported_table_may_hold_its_repeats_elsewhere():
    assert codes(form(SIZE, ROSTER), "3", [], mode="table") == []
