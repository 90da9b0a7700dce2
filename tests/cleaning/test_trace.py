"""A reviewer points at an answer and sees its whole life."""

import pandas as pd

from pipeline.cleaning.corrections_log import CORRECTION_COLUMNS
from pipeline.cleaning.trace import HIDDEN, Step, trace
from pipeline.settings import Settings
from tests.cleaning.forms import form, returns

SURVEY = form(
    {"name": "has", "type": "select_one yes_no"},
    {"name": "age", "type": "integer", "relevant": "${has} = 'yes'", "constraint": ". < 120"},
    {"name": "day", "type": "date"},
    {"name": "person", "type": "text", "sensitivity": "identifier"},
    {"repeat": "members", "questions": [{"name": "born", "type": "integer"}]},
)
ROWS = [
    {"has": "yes", "age": " 400.0", "day": "民國100年8月5日", "person": "SECRET"},
    {"has": "no", "age": "5"},
]
MEMBERS = [{"response_id": "r1", "position": 1, "born": "many"}]
LOG = pd.DataFrame(
    [
        {
            "response_id": "r1",
            "question": "age",
            "old_value": "400",
            "new_value": "140",
            "change_type": "change_response",
            "form_id": "small",
            "source_file": "raw/corrections/SYNTHETIC.csv",
            "source_place": "row 2",
        }
    ]
).reindex(columns=list(CORRECTION_COLUMNS))


def followed(response_id, question=None):
    settings = Settings.model_validate({"blank": {"not_asked": True}})
    responses = returns(ROWS, repeats={"members": MEMBERS})
    return trace(responses, SURVEY, settings, LOG, response_id=response_id, question=question)


def test_each_stage_with_an_effect_is_a_step():
    (age,) = followed("r1", "age")
    assert age.steps == (
        Step("returned", " 400.0"),
        Step("text", "400"),
        Step("corrections", "140", ("correction_applied",)),
        Step("constraints", "140", ("constraint",)),
    )
    assert (age.value, age.missing, age.set_aside) == ("140", None, False)
    assert (age.source_file, age.source_place) == ("raw/small/SYNTHETIC.csv", "row 2")


def test_a_blanked_answer_shows_who_blanked_it_and_why_it_is_missing():
    (age,) = followed("r2", "age")
    assert age.steps[-1] == Step("skips", None, ("not_asked",))
    assert age.missing == "not_asked"


def test_a_row_of_a_repeat_is_followed_too():
    (born,) = followed("r1", "born")
    assert born.position == 1
    assert born.steps == (Step("returned", "many"), Step("text", None, ("not_a_number",)))


def test_a_whole_response_leaves_out_what_nothing_happened_to():
    assert [one.question for one in followed("r2")] == ["has", "age"]
    assert [one.question for one in followed("r1")] == ["has", "age", "day", "person", "born"]
    assert followed("r9") == ()
    assert followed("r1", "nothing") == ()


def test_a_date_is_shown_as_a_date_and_an_identifier_not_at_all():
    (day,) = followed("r1", "day")
    assert day.value == "2011-08-05"
    (person,) = followed("r1", "person")
    assert person.steps == (Step("returned", HIDDEN),)
    assert "SECRET" not in repr(followed("r1"))
