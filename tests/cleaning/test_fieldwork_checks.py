"""Fieldwork checks: reasons to ask the field, never changes."""

import random

import pandas as pd
import pytest

from pipeline.cleaning.fieldwork_checks import Around, fieldwork_checks
from pipeline.cleaning.interviewers import by_interviewer
from pipeline.cleaning.locations import coordinates, distance_km
from pipeline.cleaning.process import process
from pipeline.settings import Checks, Frame, Roles, Settings
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


def checked(changes: dict[int, dict], **limits):
    rows = [{**row, **changes.get(at, {})} for at, row in enumerate(interviews(30), start=1)]
    cleaned = process(returns(rows), SURVEY, SETTINGS)
    given = SETTINGS.model_copy(update={"checks": Checks(**limits)})
    return fieldwork_checks(cleaned, SURVEY, given)


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


def test_a_number_unlike_what_nearly_everybody_says_is_asked():
    """Where more than half say the same there is no median deviation; the mean one decides."""
    rows = [{"staff": str(number)} for number in [1] * 25 + [2] * 4 + [24]]
    cleaned = process(returns(rows), SURVEY, SETTINGS)
    found = fieldwork_checks(cleaned, SURVEY, SETTINGS)
    assert told(found) == [("r30", "staff", "outlier")]


def test_a_date_that_is_the_day_of_the_interview_is_asked_where_hardly_any_is():
    """A device offers that day; where many answers are that day, it is an answer like others."""
    survey = form({"name": "day", "type": "date"}, {"name": "back_since", "type": "date"})
    rows = [{"day": "2011-08-05", "back_since": f"2010-01-{at:02}"} for at in range(1, 30)]
    cleaned = process(returns([*rows, dict.fromkeys(rows[0], "2011-08-05")]), survey, SETTINGS)
    found = fieldwork_checks(cleaned, survey, SETTINGS)
    assert told(found) == [("r30", "back_since", "same_day")]
    many = [dict.fromkeys(rows[0], "2011-08-05") for _ in range(5)]
    cleaned = process(returns([*rows, *many]), survey, SETTINGS)
    assert len(fieldwork_checks(cleaned, survey, SETTINGS)) == 0


def test_a_battery_with_a_gap_is_no_straight_line():
    """A don't know or a blank is no answer like the others."""
    change = {f"rate_{at}": "3" for at in range(5)} | {"rate_5": None}
    assert len(checked({7: change})) == 0


def test_responses_that_are_nearly_the_same_name_one_another():
    """Who is asked sees which other response is meant; the interviewer and the day do not count."""
    twin = {**interviews(30)[2], "who": "b", "day": "2011-08-09", "sure": "no"}
    found = checked({7: twin}, alike_share=0.85, alike_questions=6)
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
        ("a", 2, 61.0, 1 / 16, 1 / 16, found["agreement"][0]),
        ("b", 2, 62.0, 0.0, 0.0, found["agreement"][1]),
    ]


def test_the_time_in_which_the_form_was_open_counts_too():
    """An interview left open over lunch is no long one; one filled in within a minute is short."""
    cleaned = process(returns(interviews(30)), SURVEY, SETTINGS)
    active = pd.Series({f"r{at}": 40.0 + at for at in range(1, 31)} | {"r7": 0.5})
    found = fieldwork_checks(cleaned, SURVEY, SETTINGS, Around(active_minutes=active))
    assert told(found, "response_id", "code", "rule") == [("r7", "short_interview", "audit")]


def test_an_interview_of_somebody_outside_the_frame_is_asked():
    """The question that is named like the frame's key; a blank is no key."""
    survey = form({"name": "frame_id", "type": "text"})
    given = SETTINGS.model_copy(update={"frame": Frame(file="frame.csv", id="frame_id")})
    rows = [{"frame_id": key} for key in ("A1", "A2", "B9", None)]
    cleaned = process(returns(rows), survey, given)
    found = fieldwork_checks(cleaned, survey, given, Around(frame_ids=frozenset(["A1", "A2"])))
    assert told(found, "response_id", "question", "code") == [("r3", "frame_id", "outside_frame")]


def test_a_point_far_from_the_place_named_is_asked():
    """Hualien is 115 km from Taipei; where few points name a place, none is far from it."""
    survey = form({"name": "town", "type": "text"}, {"name": "at", "type": "geopoint"})
    given = Settings.model_validate({"roles": {"small": {"place": "town"}}})
    hualien, taipei = "23.99{} 121.60 0 5", "25.04 121.56 0 5"
    rows = [{"town": "Hualien", "at": hualien.format(at)} for at in range(6)]
    rows += [{"town": "Hualien", "at": taipei}, {"town": "Hualien", "at": None}]
    rows += [{"town": "Taipei", "at": hualien.format(1)}, {"town": "Taipei", "at": taipei}]
    cleaned = process(returns(rows), survey, given)
    found = fieldwork_checks(cleaned, survey, given)
    assert told(found, "response_id", "question", "code", "rule") == [
        ("r7", "at", "far_from_place", "25 km")
    ]


def test_a_distance_is_that_on_the_earth():
    """Taipei to Tokyo: 2,100 km."""
    here, there = (
        coordinates(pd.Series([one])) for one in ("25.0375 121.5637", "35.6895 139.6917")
    )
    assert distance_km(here, there)[0] == pytest.approx(2101, abs=5)
    assert coordinates(pd.Series(["somewhere", "95 10", None])).isna().all(axis=None)


@pytest.mark.parametrize(
    ("answer", "code"),
    [(None, "interviewer_missing"), ("dont_know", "interviewer_dont_know")],
)
def test_an_interviewer_unlike_the_others_is_asked_once(answer, code):
    """At the first of their interviews; the message gives rates, and names nobody."""
    survey = form(
        {"name": "who", "type": "text"},
        *({"name": f"q{at}", "type": "select_one yes_no"} for at in range(10)),
    )
    given = Settings.model_validate({"roles": {"small": {"interviewer": "who"}}})
    draw = random.Random(2011)  # noqa: S311 - drawn answers, no secrets
    rows = [
        {"who": "abcd"[at % 4], **{f"q{n}": draw.choice(["yes", "no"]) for n in range(10)}}
        for at in range(80)
    ]
    cleaned = process(returns(rows), survey, given)
    assert len(fieldwork_checks(cleaned, survey, given)) == 0
    changed = dict.fromkeys([f"q{n}" for n in range(4)], answer)
    rows = [row | changed if row["who"] == "c" else row for row in rows]
    cleaned = process(returns(rows), survey, given)
    found = fieldwork_checks(cleaned, survey, given)
    assert told(found, "response_id", "question", "code", "message") == [
        (
            "r3",
            "who",
            code,
            "20 responses of this interviewer: 40% on average, 0% in those of the others.",
        )
    ]


def test_an_interviewer_whose_answers_nobody_else_gets_is_asked():
    """Nine of ten say yes to everybody but one, who hears no."""
    survey = form(
        {"name": "who", "type": "text"},
        *({"name": f"q{at}", "type": "select_one yes_no"} for at in range(10)),
    )
    given = Settings.model_validate({"roles": {"small": {"interviewer": "who"}}})
    draw = random.Random(2011)  # noqa: S311 - drawn answers, no secrets
    rows = [
        {
            "who": "abcd"[at % 4],
            **{
                f"q{n}": "yes" if (draw.random() < 0.9) != (at % 4 == 1) else "no"
                for n in range(10)
            },
        }
        for at in range(80)
    ]
    cleaned = process(returns(rows), survey, given)
    found = fieldwork_checks(cleaned, survey, given)
    assert ("r2", "who", "interviewer_agreement") in told(found)
    assert set(found["code"]) == {"interviewer_agreement", "straight_line"}
    agreement = by_interviewer(cleaned, survey, given.roles["small"]).set_index("interviewer")
    assert agreement["agreement"].round(1).to_dict() == {"a": 0.9, "b": 0.1, "c": 0.9, "d": 0.9}
