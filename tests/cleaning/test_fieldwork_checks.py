"""Fieldwork checks: reasons to ask the field, never changes."""

import random

import pytest

from pipeline.cleaning.fieldwork_checks import Limits, by_interviewer, fieldwork_checks
from pipeline.cleaning.process import process
from pipeline.cleaning.soft_duplicates import Alike
from pipeline.study import Roles, Settings
from tests.cleaning.forms import form, returns, told

SCALE = [{"name": str(number)} for number in range(1, 6)]
SURVEY = form(
    {"name": "who", "type": "text"},
    {"name": "day", "type": "date"},
    {"name": "begun", "type": "time"},
    {"name": "done", "type": "time"},
    {"name": "staff", "type": "integer"},
    {
        "group": "ratings",
        "questions": [{"name": f"rate_{at}", "type": "select_one scale"} for at in range(6)],
    },
    {"name": "sure", "type": "select_one yes_no"},
    choices={"scale": SCALE},
)
SETTINGS = Settings.model_validate(
    {
        "roles": {"small": {"interviewer": "who", "date": "day", "start": "begun", "end": "done"}},
        "fieldwork": {"small": {"start": "2011-08-01", "end": "2011-10-31"}},
    }
)


def interviews(number: int) -> list[dict]:
    """So many interviews that differ a little, as interviews do."""
    ratings = random.Random(2011)  # noqa: S311 - drawn answers, no secrets
    return [
        {
            "who": "ab"[at % 2],
            "day": "2011-08-05",
            "begun": "09:00",
            "done": f"10:{at % 30:02}",
            "staff": str(10 + at),
            **{f"rate_{item}": str(ratings.randint(1, 5)) for item in range(6)},
            "sure": "yes",
        }
        for at in range(number)
    ]


def checked(changes: dict[int, dict], limits: Limits | None = None):
    rows = [{**row, **changes.get(at, {})} for at, row in enumerate(interviews(30), start=1)]
    cleaned = process(returns(rows), SURVEY, SETTINGS)
    return fieldwork_checks(cleaned, SURVEY, SETTINGS, limits)


@pytest.mark.parametrize(
    ("change", "question", "code"),
    [
        ({"done": "08:30"}, None, "end_before_start"),
        ({"done": "09:02"}, None, "short_interview"),
        ({"done": "23:59"}, None, "long_interview"),
        ({"staff": "900000"}, "staff", "outlier"),
        ({"day": "2011-07-31"}, "day", "outside_fieldwork"),
        ({f"rate_{at}": "3" for at in range(6)}, "rate_0", "straight_line"),
    ],
)
def test_what_looks_odd_is_asked(change, question, code):
    """One odd interview among thirty: that one is queried, and nothing else."""
    before = checked({})
    assert len(before) == 0
    assert told(checked({7: change}), "response_id", "question", "code", "action") == [
        ("r7", question, code, "queried")
    ]


def test_a_battery_with_a_gap_is_no_straight_line():
    """A don't know or a blank is no answer like the others."""
    change = {f"rate_{at}": "3" for at in range(5)} | {"rate_5": None}
    assert len(checked({7: change})) == 0


def test_responses_that_are_nearly_the_same_name_one_another():
    """Who is asked sees which other response is meant; the interviewer and the day do not count."""
    twin = {**interviews(30)[2], "who": "b", "day": "2011-08-09", "sure": "no"}
    alike = Limits(alike=Alike(share=0.85, compared=6))
    found = checked({7: twin}, alike)
    assert told(found, "response_id", "code") == [
        ("r3", "soft_duplicate"),
        ("r7", "soft_duplicate"),
    ]
    assert found["message"].tolist() == [
        "7 of 8 answers are those of response r7.",
        "7 of 8 answers are those of response r3.",
    ]


def test_few_values_have_no_outliers():
    """Nothing is far from a median of five values."""
    rows = [{"staff": number} for number in ("1", "2", "3", "4", "90000")]
    cleaned = process(returns(rows), SURVEY, SETTINGS)
    assert len(fieldwork_checks(cleaned, SURVEY, SETTINGS)) == 0


def test_a_form_without_roles_is_looked_at_as_far_as_it_goes():
    cleaned = process(returns(interviews(30)), SURVEY, Settings())
    assert len(fieldwork_checks(cleaned, SURVEY, Settings())) == 0
    assert len(by_interviewer(cleaned, SURVEY, Roles())) == 0


def test_interviewers_are_compared():
    """Shares of the questions asked: what was left blank, and what nobody knew."""
    rows = interviews(4)
    rows[0] |= {"staff": None, "sure": "dont_know"}
    cleaned = process(returns(rows), SURVEY, SETTINGS)
    found = by_interviewer(cleaned, SURVEY, SETTINGS.roles["small"])
    assert told(found, *found.columns) == [
        ("a", 2, 61.0, 1 / 16, 1 / 16),
        ("b", 2, 62.0, 0.0, 0.0),
    ]
