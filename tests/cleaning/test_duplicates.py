"""The stage duplicates: a response is kept once, and nothing else is taken for it."""

import pytest

from pipeline.cleaning.process import process
from pipeline.settings import Settings
from tests.cleaning.forms import form, returns, told

SURVEY = form(
    {"name": "age", "type": "integer"},
    {"name": "number", "type": "text"},
    {"repeat": "members", "questions": [{"name": "born", "type": "integer"}]},
)
FILES = [f"raw/small/SYNTHETIC-{letter}.xml" for letter in "ab"]


def cleaned(*rows, members=(), survey=SURVEY, **settings):
    responses = returns(rows, repeats={"members": members})
    return process(responses, survey, Settings.model_validate(settings))


def twins(first, second, **more):
    return [
        {"response_id": "same", "source_file": file, **answers, **more}
        for file, answers in zip(FILES, (first, second), strict=True)
    ]


def test_the_same_response_again_is_kept_once():
    """Told as information; every cell of the second is counted as set aside."""
    done = cleaned(*twins({"age": "5"}, {"age": "5.0"}), {"age": "5"})
    assert done.main["response_id"].tolist() == ["same", "r3"]
    assert told(done.issues, "response_id", "code", "action", "severity", "source_file") == [
        ("same", "duplicate_instance", "set_aside", "info", FILES[1])
    ]
    assert told(done.ledger, "source_file", "kept", "set_aside") == [
        (FILES[0], 1, 0),
        (FILES[1], 0, 1),
        ("raw/small/SYNTHETIC.csv", 1, 0),
    ]


@pytest.mark.parametrize("second", [{"age": "6"}, {}, {"age": "5", "number": "x"}])
def test_another_response_under_the_same_key_is_an_error(second):
    done = cleaned(*twins({"age": "5"}, second))
    assert done.main["age"].tolist() == [5]
    assert told(done.issues, "code", "action", "severity") == [
        ("duplicate_differs", "set_aside", "error")
    ]


def member(file, born, position=1):
    return {"response_id": "same", "source_file": file, "position": position, "born": born}


def test_repeats_belong_to_the_answers():
    """Same rows: the same response. Another row: another response."""
    same = [member(FILES[0], "1960"), member(FILES[1], "1960")]
    done = cleaned(*twins({}, {}), members=same)
    assert told(done.issues, "code") == [("duplicate_instance",)]
    assert done.repeats["members"]["born"].tolist() == [1960]
    for other in ([*same, member(FILES[1], "1961", 2)], [same[0], member(FILES[1], "1961")]):
        done = cleaned(*twins({}, {}), members=other)
        assert told(done.issues, "code") == [("duplicate_differs",)]
        assert done.repeats["members"]["born"].tolist() == [1960]


def test_rows_of_a_repeat_that_nobody_can_tell_apart_are_nobody_s():
    """Without a file, a row of only one of two copies cannot be given to either."""
    row = {"response_id": "same", "position": 1, "born": "1960"}
    done = cleaned(*twins({}, {}), members=[row])
    assert told(done.issues, "code") == [("no_parent",), ("duplicate_instance",)]
    done = cleaned(*twins({}, {}), members=[row, row])
    assert told(done.issues, "code") == [("duplicate_instance",)]


def test_a_serial_number_that_came_twice_is_told_for_each():
    """Nobody knows which copy was numbered wrongly."""
    done = cleaned({"serial": "7"}, {"serial": "7"}, {"serial": "8"}, {}, {})
    assert told(done.issues, "response_id", "question", "code", "rule") == [
        ("r1", None, "duplicate_serial", "serial"),
        ("r2", None, "duplicate_serial", "serial"),
    ]
    roles = {"small": {"serial": "number"}}
    done = cleaned({"number": "7"}, {"number": "7"}, roles=roles)
    assert told(done.issues, "question", "rule") == [("number", "number")] * 2


def test_responses_that_are_set_aside_break_no_rules():
    survey = form({"name": "age", "type": "integer", "constraint": ". < 3", "required": True})
    done = process(returns(twins({"age": "5"}, {"age": "5"})), survey, Settings())
    assert told(done.issues, "code", "source_file") == [
        ("constraint", FILES[0]),
        ("duplicate_instance", FILES[1]),
    ]
