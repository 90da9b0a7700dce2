"""What a returned file could not work out itself is worked out from its answers."""

from pipeline.cleaning.process import process
from pipeline.responses import Issue, issues_frame
from pipeline.settings import Settings
from tests.cleaning.forms import form, returns, told

AGE = {"name": "age", "type": "integer"}
ADULT = {"name": "adult", "type": "calculate", "calculation": "if(${age} >= 18, 1, 0)"}
WORK = {"name": "work", "type": "text", "relevant": "${adult} = 1"}


def cleaned(survey, *rows, mode="excel", **more):
    held = [{"mode": mode, **row} for row in rows]
    return process(returns(held, **more), survey, Settings())


def values(frame, name):
    return frame[name].astype(object).where(frame[name].notna(), None).tolist()


def test_an_excel_form_carries_no_calculations_so_its_skips_rest_on_ours():
    """Only the child's answer about work was not asked for."""
    survey = form(AGE, ADULT, WORK)
    done = cleaned(survey, {"age": "40", "work": "x"}, {"age": "4", "work": "x"})
    assert told(done.issues) == [("r2", "work", "not_asked")]
    assert values(done.main, "adult") == ["1", "0"]
    assert done.ledger[["answers_in", "kept"]].sum().tolist() == [4, 4]
    assert len(done.raw_text) == 0


def test_what_came_with_a_value_or_could_have_is_left_as_it_came():
    """A tablet works out its own calculations: there a blank is a blank."""
    survey = form(AGE, ADULT)
    done = cleaned(survey, {"age": "40", "adult": "0"}, {"age": "40"}, mode="odk")
    assert values(done.main, "adult") == ["0", None]
    assert told(done.issues) == [("r1", "adult", "calculation_differs")]


def test_a_table_without_the_column_is_completed():
    """But not from a question that the table does not hold either."""
    survey = form(
        AGE,
        ADULT,
        {**ADULT, "name": "tall", "calculation": "${height} > 170"},
        AGE | {"name": "height"},
    )
    absent = issues_frame(
        Issue(None, name, "absent_column", source_file="raw/small/SYNTHETIC.csv")
        for name in ("adult", "tall", "height")
    )
    done = cleaned(survey, {"age": "40"}, mode="table", issues=absent)
    assert values(done.main, "adult") == ["1"]
    assert values(done.main, "tall") == [None]


def test_a_calculation_may_name_one_that_stands_behind_it():
    survey = form(AGE, {**ADULT, "name": "twice", "calculation": "${adult} * 2"}, ADULT)
    assert values(cleaned(survey, {"age": "40"}).main, "twice") == ["2"]


def test_calculations_in_a_repeat_find_their_rows():
    """As for the schooling of each member of a household, found by number."""
    survey = form(
        {"repeat": "roster", "questions": [AGE, ADULT]},
        {
            "repeat": "jobs",
            "questions": [
                {"name": "at", "type": "calculate", "calculation": "position(..)"},
                {
                    "name": "is_adult",
                    "type": "calculate",
                    "calculation": "indexed-repeat(${adult}, ${roster}, ${at})",
                },
                {**WORK, "relevant": "${is_adult} = 1"},
            ],
        },
    )
    roster = [{"response_id": "r1", "position": n, "age": age} for n, age in ((1, "4"), (2, "40"))]
    jobs = [{"response_id": "r1", "position": n, "work": "x"} for n in (1, 2)]
    done = cleaned(survey, {}, repeats={"roster": roster, "jobs": jobs})
    assert told(done.issues, "question", "position", "code") == [("work", 1, "not_asked")]
    assert values(done.repeats["jobs"], "is_adult") == ["0", "1"]


def test_a_calculation_that_is_skipped_is_blank():
    """And what rests on it behind the skip is worked out without it."""
    survey = form(
        AGE,
        {**ADULT, "relevant": "${age} > 100"},
        {"name": "seen", "type": "calculate", "calculation": "if(${adult} = 1, 'yes', 'no')"},
    )
    done = cleaned(survey, {"age": "40"})
    assert (values(done.main, "adult"), values(done.main, "seen")) == ([None], ["no"])
    assert told(done.issues) == []
    assert done.missing["adult"].astype("str").tolist() == ["not_asked"]


def test_what_rests_on_chance_or_on_the_device_stays_blank():
    survey = form(
        {"name": "start", "type": "start"},
        {"name": "id", "type": "calculate", "calculation": "uuid()"},
        {"name": "now", "type": "calculate", "calculation": "now()"},
        {"name": "began", "type": "calculate", "calculation": "${start}"},
    )
    done = cleaned(survey, {})
    assert [values(done.main, name) for name in ("id", "now", "began")] == [[None]] * 3
