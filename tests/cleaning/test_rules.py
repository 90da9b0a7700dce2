"""Skips, required, constraints, choices, calculations: told by row; the answers stay."""

import pytest

from pipeline.cleaning.process import process
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Issue, issues_frame
from pipeline.settings import Settings
from tests.cleaning.forms import form, returns, told

SKIP = {"name": "age", "type": "integer", "relevant": "${has} = 'yes'", "required": True}
HAS = {"name": "has", "type": "select_one yes_no"}


def cleaned(survey: Questionnaire, *rows, blank=False, **more):
    settings = Settings.model_validate({"blank": {"not_asked": blank}})
    return process(returns(rows, **more), survey, settings)


def test_an_answer_to_a_question_that_does_not_apply_is_told_and_stays():
    """A blank skip does not apply either, as in ODK."""
    survey = form(HAS, SKIP)
    done = cleaned(survey, {"has": "no", "age": "5"}, {"age": "6"}, {"has": "yes", "age": "7"})
    assert told(done.issues, "response_id", "question", "code", "rule", "action") == [
        ("r1", "age", "not_asked", "(${has} = 'yes')", "none"),
        ("r2", "age", "not_asked", "(${has} = 'yes')", "none"),
    ]
    assert done.main["age"].tolist() == [5, 6, 7]
    assert done.missing["age"].isna().all()


def test_a_study_may_blank_such_answers_and_what_hangs_on_them():
    """A blanked answer is blank for every skip behind it; the cells are counted as blanked."""
    survey = form(
        HAS,
        {"name": "kind", "type": "select_one yes_no", "relevant": "${has} = 'yes'"},
        {"name": "which", "type": "select_multiple yes_no", "relevant": "${kind} = 'yes'"},
    )
    done = cleaned(survey, {"has": "no", "kind": "yes", "which": "yes no"}, blank=True)
    assert told(done.issues, "question", "code", "action") == [
        ("kind", "not_asked", "blanked"),
        ("which", "not_asked", "blanked"),
    ]
    assert done.main[["kind", "which", "which/yes"]].isna().all(axis=None)
    assert done.missing.iloc[0].astype("str").tolist()[1:] == ["not_asked", "not_asked"]
    assert done.ledger[["kept", "blanked"]].sum().tolist() == [1, 2]
    assert told(done.raw_text, "question", "text") == [("kind", "yes"), ("which", "yes no")]


def test_required_holds_where_the_question_is_asked():
    """Its own skip and those of the groups around it decide."""
    survey = form(HAS, {"group": "g", "relevant": "${has} != 'no'", "questions": [SKIP]})
    done = cleaned(survey, {"has": "yes"}, {"has": "no"}, {"has": "dont_know"})
    assert told(done.issues) == [("r1", "age", "required")]
    assert done.missing["age"].astype("str").tolist() == ["not_answered", "not_asked", "not_asked"]


def test_required_may_be_an_expression():
    survey = form(HAS, {"name": "age", "type": "integer", "required": "${has} = 'yes'"})
    done = cleaned(survey, {"has": "yes"}, {"has": "no"})
    assert told(done.issues) == [("r1", "age", "required")]


def test_an_answer_that_cannot_be_read_is_not_also_missing():
    done = cleaned(form(HAS, SKIP), {"has": "yes", "age": "many"})
    assert told(done.issues, "code") == [("not_a_number",)]


def test_an_excel_form_is_not_blamed_for_what_it_cannot_ask():
    survey = form({"name": "photo", "type": "image", "required": True})
    done = cleaned(survey, {"mode": "excel"}, {"mode": "odk"})
    assert told(done.issues) == [("r2", "photo", "required")]


def test_a_question_without_a_column_breaks_no_rule():
    """It was asked and not exported: neither it nor what it decides can be held against anybody."""
    survey = form(
        HAS,
        SKIP,
        {"name": "total", "type": "integer", "constraint": ". >= ${age}"},
        {"name": "sum", "type": "calculate", "calculation": "${total} + ${age}"},
    )
    absent = [
        Issue(None, name, "absent_column", source_file="raw/small/SYNTHETIC.csv")
        for name in ("has", "age")
    ]
    rows = [{"total": "3", "sum": "7"}, {"source_file": "raw/small/other.csv", "total": "3"}]
    done = cleaned(survey, *rows, issues=issues_frame(absent))
    assert told(done.issues[done.issues["code"] != "absent_column"]) == [
        ("r2", "total", "constraint"),
    ]


def test_a_constraint_is_for_answers():
    """A blank breaks none; the answer that does stays."""
    survey = form({"name": "age", "type": "integer", "constraint": ". >= 0 and . < 120"})
    done = cleaned(survey, {"age": "130"}, {"age": "119"}, {})
    assert told(done.issues, "response_id", "code", "rule", "action", "source_place") == [
        ("r1", "constraint", ". >= 0 and . < 120", "none", "row 2")
    ]
    assert done.main["age"].tolist()[:2] == [130, 119]


def test_a_choice_that_the_form_does_not_have_is_told_and_stays():
    survey = form(HAS, {"name": "several", "type": "select_multiple yes_no"})
    done = cleaned(survey, {"has": "maybe", "several": "yes perhaps"}, {"has": "yes"})
    assert told(done.issues) == [("r1", "has", "not_a_choice"), ("r1", "several", "not_a_choice")]
    assert done.main.loc[0, ["has", "several"]].tolist() == ["maybe", "yes perhaps"]


@pytest.mark.parametrize("kind", ["select_one", "select_multiple"])
def test_a_choice_must_pass_its_filter(kind):
    """The filter's plain names are columns of the list, its references answers of the row."""
    survey = form(
        {"name": "county", "type": "select_one county"},
        {"name": "town", "type": f"{kind} town", "choice_filter": "county = ${county}"},
        choices={
            "county": [{"name": "hualien"}, {"name": "taipei"}],
            "town": [
                {"name": "ruisui", "columns": {"county": "hualien"}},
                {"name": "fuli", "columns": {"county": "hualien"}},
                {"name": "daan", "columns": {"county": "taipei"}},
            ],
        },
    )
    second = "fuli daan" if kind == "select_multiple" else "daan"
    done = cleaned(
        survey,
        {"county": "hualien", "town": "fuli"},
        {"county": "hualien", "town": second},
        {"county": "taipei", "town": "daan"},
        {"county": "taipei"},
    )
    assert told(done.issues) == [("r2", "town", "not_a_choice")]


def test_choices_of_a_file_are_known_where_the_file_is():
    """`select_one_from_file towns.csv`: with its rows the answer is held against them."""
    survey = form(
        {"name": "county", "type": "text"},
        {
            "name": "town",
            "type": "select_one_from_file towns.csv",
            "choice_filter": "in = ${county}",
        },
    )
    rows = [{"county": "hualien", "town": town} for town in ("fuli", "daan", "nowhere")]
    assert told(cleaned(survey, *rows).issues) == []
    files = {
        "towns.csv": (
            {"name": "fuli", "label": "Fuli", "in": "hualien"},
            {"name": "daan", "label": "Daan", "in": "taipei"},
        )
    }
    survey = survey.model_copy(update={"files": files})
    assert told(cleaned(survey, *rows).issues) == [
        ("r2", "town", "not_a_choice"),
        ("r3", "town", "not_a_choice"),
    ]


def test_a_calculation_is_worked_out_again_and_compared():
    """What differs only in written places is the same; the returned value stays."""
    survey = form(
        {"name": "a", "type": "integer"},
        {"name": "third", "type": "calculate", "calculation": "${a} div 3"},
        {"name": "id", "type": "calculate", "calculation": "uuid()"},
        {"name": "at", "type": "calculate", "calculation": "format-date(now(), '%Y')"},
    )
    done = cleaned(
        survey,
        {"a": "1", "third": "0.33333333333", "id": "x", "at": "1999"},
        {"a": "1", "third": "0.34", "id": "y", "at": "1998"},
        {"a": "1"},
    )
    assert told(done.issues) == [("r2", "third", "calculation_differs")]
    assert done.main["third"].tolist()[1] == "0.34"


def test_today_is_the_day_of_the_response():
    """Not the clock's: the same answers give the same issues whenever they are cleaned."""
    survey = form(
        {"name": "day", "type": "today"},
        {"name": "born", "type": "date", "constraint": ". <= today()"},
    )
    rows = [{"day": "2011-08-05", "born": day} for day in ("2011-08-05", "2011-08-06")]
    assert told(cleaned(survey, *rows).issues) == [("r2", "born", "constraint")]
    received = [{"born": day} for day in ("2011-09-02", "2011-09-03")]
    assert told(cleaned(survey, *received).issues) == [("r2", "born", "constraint")]


REPEAT = form(
    HAS,
    {
        "repeat": "members",
        "relevant": "${has} = 'yes'",
        "questions": [
            {"name": "age", "type": "integer", "constraint": ". < 120", "required": True},
            {"name": "school", "type": "select_one yes_no", "relevant": "${age} < 18"},
        ],
    },
    {"name": "total", "type": "calculate", "calculation": "sum(${age})"},
)


def test_rules_hold_for_every_row_of_a_repeat():
    """Skips of the repeat and of its questions, constraints, and sums over it."""
    members = [
        {"response_id": "r1", "position": 1, "age": "130"},
        {"response_id": "r1", "position": 2, "school": "yes"},
        {"response_id": "r2", "position": 1, "age": "30", "school": "yes"},
        {"response_id": "r3", "position": 1, "age": "40"},
    ]
    done = cleaned(
        REPEAT,
        {"has": "yes", "total": "130"},
        {"has": "yes", "total": "31"},
        {"has": "no"},
        repeats={"members": members},
    )
    assert told(done.issues, "response_id", "question", "position", "code") == [
        ("r1", "school", 2, "not_asked"),
        ("r1", "age", 2, "required"),
        ("r1", "age", 1, "constraint"),
        ("r2", "school", 1, "not_asked"),
        ("r2", "total", None, "calculation_differs"),
        ("r3", "age", 1, "not_asked"),
    ]
    assert told(done.repeat_missing["members"], "school") == [
        ("not_asked",),
        (None,),
        (None,),
        ("not_asked",),
    ]


def test_a_nested_row_finds_its_parent():
    """`parent_position` is the row of the parent within the response."""
    survey = form(
        {
            "repeat": "houses",
            "questions": [
                {"name": "big", "type": "select_one yes_no"},
                {
                    "repeat": "rooms",
                    "relevant": "${big} = 'yes'",
                    "questions": [{"name": "beds", "type": "integer"}],
                },
            ],
        }
    )
    houses = [
        {"response_id": "r1", "position": 1, "big": "yes"},
        {"response_id": "r1", "position": 2, "big": "no"},
        {"response_id": "r2", "position": 1, "big": "yes"},
    ]
    rooms = [
        {"response_id": "r1", "position": 1, "parent_position": 2, "beds": "1"},
        {"response_id": "r2", "position": 1, "parent_position": 1, "beds": "2"},
        {"response_id": "r2", "position": 1, "parent_position": 9, "beds": "3"},
    ]
    done = cleaned(survey, {}, {}, repeats={"houses": houses, "rooms": rooms})
    assert told(done.issues, "response_id", "question", "code") == [
        (None, "rooms", "no_parent"),
        ("r1", "beds", "not_asked"),
    ]
    assert done.repeats["rooms"]["beds"].tolist() == [1, 2]
    assert told(done.ledger, "source_file", "question", "set_aside")[-1] == ("", "beds", 1)


def test_missing_kinds_by_choice():
    """Don't know is no answer, unless something else was selected with it."""
    survey = form(HAS, {"name": "several", "type": "select_multiple yes_no"})
    done = cleaned(
        survey, {"has": "dont_know", "several": "dont_know"}, {"several": "yes dont_know"}
    )
    assert told(done.missing, "has", "several") == [
        ("dont_know", "dont_know"),
        ("not_answered", None),
    ]


def test_a_rule_that_cannot_be_worked_out_is_told_once():
    """The answers stay, and the reader knows what was not looked at."""
    survey = form(
        {"name": "a", "type": "integer", "constraint": ". > ${last-saved#a}"},
    )
    done = cleaned(survey, {"a": "1"}, {"a": "2"})
    assert told(done.issues, "question", "code", "rule") == [
        ("a", "rule_not_checked", "constraint")
    ]
