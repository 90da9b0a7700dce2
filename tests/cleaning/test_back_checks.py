"""The stage back_checks: what the second interview says otherwise is asked at the first."""

from pipeline.cleaning.process import process
from pipeline.settings import Settings
from tests.cleaning.forms import form, returns, told

SURVEY = form(
    {"name": "again_of", "type": "text"},
    {"name": "who", "type": "text"},
    {"name": "age", "type": "integer"},
    {"name": "safe", "type": "select_one yes_no", "required": True},
)
ROLES = {"roles": {"small": {"original": "again_of", "interviewer": "who"}}}
FIRST = {"age": "40", "safe": "yes", "who": "a", "serial": "S7"}


def cleaned(*rows, **settings):
    return process(returns(rows), SURVEY, Settings.model_validate(ROLES | settings))


def test_another_answer_is_asked_at_the_original_and_nobody_counts_twice():
    """The interviewer may differ, and a number by a tenth; a blank says nothing."""
    done = cleaned(FIRST, {"again_of": "r1", "age": "43", "safe": "no", "who": "b"})
    assert done.main["response_id"].tolist() == ["r1"]
    assert told(done.issues, "response_id", "question", "code", "action") == [
        ("r1", "safe", "back_check_differs", "queried"),
        ("r2", "again_of", "back_check", "set_aside"),
    ]
    assert done.ledger["set_aside"].sum() == 4
    assert done.main["safe"].tolist() == ["yes"]


def test_how_far_numbers_may_differ_is_the_study_s():
    row = {"again_of": "uuid:r1", "age": "43", "safe": "yes"}
    strict = {"checks": {"back_check_tolerance": 0.05}}
    assert told(cleaned(FIRST, row).issues, "code") == [("back_check",)]
    assert told(cleaned(FIRST, row, **strict).issues, "question", "code", "rule") == [
        ("age", "back_check_differs", "back-check, 5%"),
        ("again_of", "back_check", "original"),
    ]


def test_an_original_is_found_by_its_serial_number_too():
    done = cleaned(FIRST, {"again_of": "S7", "safe": "no"})
    assert ("r1", "safe", "back_check_differs") in told(done.issues)


def test_a_back_check_of_no_interview_stays_and_is_told():
    """Nor is one back-check the original of another."""
    rows = [FIRST, {"again_of": "r9", "safe": "no"}, {"again_of": "r2", "safe": "no"}]
    done = cleaned(*rows)
    assert len(done.main) == 3
    assert told(done.issues, "response_id", "code", "action") == [
        ("r2", "back_check_unmatched", "none"),
        ("r3", "back_check_unmatched", "none"),
    ]


def test_without_the_role_nothing_is_compared():
    rows = [FIRST, {"again_of": "r1", "safe": "no"}]
    assert len(process(returns(rows), SURVEY, Settings()).issues) == 0
