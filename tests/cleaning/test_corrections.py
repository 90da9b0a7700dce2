"""The stage corrections: the log is data, and every row of it comes to something that is told."""

import pandas as pd
import pytest

from pipeline.cleaning.corrections_log import CORRECTION_COLUMNS, read_corrections
from pipeline.cleaning.process import process
from pipeline.cleaning.unclaimed import unclaimed
from pipeline.errors import SurveyError
from pipeline.settings import Settings
from pipeline.study import Study
from tests.cleaning.forms import form, returns, told

SURVEY = form(
    {"name": "age", "type": "integer"},
    {"name": "day", "type": "date"},
    {
        "group": "water",
        "questions": [
            {"name": "source", "type": "select_multiple sources"},
            {"name": "safe", "type": "select_one yes_no"},
        ],
    },
    {"repeat": "members", "questions": [{"name": "born", "type": "integer"}]},
    choices={"sources": [{"name": "well"}, {"name": "river"}, {"name": "tap"}]},
)
LOG = "raw/corrections/SYNTHETIC-log.csv"


def correction(question=None, new=None, old=None, *, kind="change_response", **more):
    return {
        "response_id": "r1",
        "question": question,
        "new_value": new,
        "old_value": old,
        "change_type": kind,
        **more,
    }


def cleaned(row, *log, repeats=None, survey=SURVEY):
    frame = pd.DataFrame(list(log)).reindex(columns=list(CORRECTION_COLUMNS))
    frame = frame.astype({name: "str" for name in frame if name != "position"})
    frame["position"] = frame["position"].astype("Int64")
    frame["source_file"] = frame["source_file"].fillna(LOG)
    frame["source_place"] = [f"row {number}" for number in range(2, len(frame) + 2)]
    responses = returns([row], repeats=repeats)
    return process(responses, survey, Settings(day_first=True), frame)


def outcomes(done):
    return told(done.issues[done.issues["stage"] == "corrections"], "code", "action")


@pytest.mark.parametrize("old", ["45", "45.0", "４５", " 045", None])
def test_the_old_value_guards_by_type(old):
    """`45` is `45.0`; a blank old value guards nothing."""
    done = cleaned({"age": "45.0"}, correction("age", "54", old))
    assert done.main["age"].tolist() == [54]
    assert outcomes(done) == [("correction_applied", "changed")]
    assert told(done.raw_text, "question", "text") == [("age", "45.0")]


def test_a_correction_that_no_longer_fits_is_told_and_not_applied():
    done = cleaned({"age": "45"}, correction("age", "54", "46"))
    assert done.main["age"].tolist() == [45]
    assert outcomes(done) == [("correction_unfit", "none")]


def test_a_text_that_could_not_be_read_is_corrected_by_what_was_written():
    done = cleaned({"age": "about forty"}, correction("age", "40", "about forty"))
    assert done.main["age"].tolist() == [40]
    assert outcomes(done) == [("correction_applied", "changed")]
    assert done.ledger[["kept", "changed", "blanked"]].to_numpy().tolist() == [[0, 1, 0]]


def test_a_blank_is_filled_where_the_log_knew_it_was_blank():
    """An answer that nobody gave is in no count of the ledger, and in the issues."""
    done = cleaned({"day": None}, correction("day", "2/3/2011", "NA"))
    assert done.main["day"].tolist() == [pd.Timestamp("2011-03-02")]
    assert len(done.ledger) == 0
    assert outcomes(done) == [("correction_applied", "changed")]


@pytest.mark.parametrize("name", ["source/river", "source.river", "water/source/river"])
def test_a_choice_is_corrected_and_its_question_kept_in_step(name):
    done = cleaned({"source": "well"}, correction(name, "1", "0"))
    assert done.main["source"].tolist() == ["well river"]
    assert done.main["source/river"].tolist() == [True]


def test_the_last_choice_taken_away_leaves_a_blank():
    done = cleaned({"source": "well"}, correction("source.well", "FALSE", "TRUE"))
    assert done.main["source"].isna().tolist() == [True]
    assert done.main[["source/well", "source/river"]].to_numpy().tolist() == [[False, False]]
    assert done.missing["source"].tolist() == ["set_missing"]
    assert done.ledger["blanked"].tolist() == [1]


def test_a_question_is_corrected_and_its_choices_kept_in_step():
    done = cleaned({"source": "well tap"}, correction("source", "river tap", "tap well"))
    columns = ["source/well", "source/river", "source/tap"]
    assert done.main[columns].to_numpy().tolist() == [[False, True, True]]


def test_a_blank_response_is_set_missing():
    done = cleaned({"age": "45"}, correction("age", kind="blank_response"))
    assert outcomes(done) == [("correction_applied", "blanked")]
    assert done.missing["age"].tolist() == ["set_missing"]
    assert done.ledger["blanked"].tolist() == [1]


def test_a_removed_survey_is_set_aside_once():
    done = cleaned({"age": "45"}, *[correction(kind="remove_survey")] * 2)
    assert len(done.main) == 0
    assert outcomes(done) == [
        ("removed_by_correction", "set_aside"),
        ("correction_repeated", "none"),
    ]
    assert done.ledger["set_aside"].tolist() == [1]


def test_no_action_is_no_issue():
    done = cleaned({"age": "45"}, correction("age", kind="no_action"))
    assert len(done.issues) == 0


def test_corrections_may_follow_from_one_another():
    """Each begins where the one before ended; the last value stands."""
    chain = [correction("age", "50", "45"), correction("age", "55", "50")]
    done = cleaned({"age": "45"}, *chain)
    assert done.main["age"].tolist() == [55]
    assert outcomes(done) == [("correction_applied", "changed")] * 2


@pytest.mark.parametrize("olds", [("45", "45"), (None, None), ("45", None)])
def test_corrections_that_contradict_one_another_are_not_applied(olds):
    """Two people changed the same answer to different ones: nobody knows which is right."""
    done = cleaned(
        {"age": "45"},
        *(correction("age", new, old) for new, old in zip(("50", "55"), olds, strict=True)),
    )
    assert done.main["age"].tolist() == [45]
    assert outcomes(done) == [("correction_contradicts", "none")] * 2
    assert done.ledger["kept"].tolist() == [1]


def test_the_same_correction_twice_is_applied_once():
    done = cleaned({"age": "45"}, *[correction("age", "50", "45")] * 2)
    assert outcomes(done) == [("correction_applied", "changed"), ("correction_repeated", "none")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (correction("age", "50", response_id="r9", form_id="small"), "correction_unmatched"),
        (correction("agee", "50"), "correction_unknown_question"),
        (correction("source/sea", "1"), "correction_unknown_question"),
        (correction("age.well", "1"), "correction_unknown_question"),
        (correction(None, "50"), "correction_unknown_question"),
        (correction("age", "many"), "correction_unreadable"),
        (correction("age", None), "correction_unreadable"),
        (correction("source/well", "perhaps"), "correction_unreadable"),
        (correction("age", "50", kind="chnge"), "correction_unreadable"),
        (correction("born", "1950"), "correction_unmatched"),
        (correction("born", "1950", position=3), "correction_unmatched"),
    ],
)
def test_a_row_that_cannot_be_applied_says_why(row, code):
    repeats = {
        "members": [{"response_id": "r1", "born": "1960"}, {"response_id": "r1", "position": 2}]
    }
    done = cleaned({"age": "45", "source": "well"}, row, repeats=repeats)
    assert outcomes(done) == [(code, "none")]
    assert told(done.issues, "source_file", "source_place") == [(LOG, "row 2")]
    assert done.main["age"].tolist() == [45]


def test_a_row_of_a_repeat_is_named_by_its_position():
    repeats = {
        "members": [
            {"response_id": "r1", "position": 1, "born": "1960"},
            {"response_id": "r1", "position": 2, "born": "1970"},
        ]
    }
    done = cleaned({}, correction("born", "1971", "1970", position=2), repeats=repeats)
    assert done.repeats["members"]["born"].tolist() == [1960, 1971]
    assert told(done.raw_text, "question", "position", "text") == [("born", 2, "1970")]


def test_a_new_choice_name_is_taken_and_then_held_against_the_form():
    """A correction is no better than an answer: the rules look at both."""
    done = cleaned({"safe": "yes"}, correction("safe", "perhaps"))
    assert done.main["safe"].tolist() == ["perhaps"]
    assert told(done.issues, "code") == [("correction_applied",), ("not_a_choice",)]


def test_a_log_about_other_forms_is_left_to_them():
    """A row that names no form is told by the form of its response; where there is none, apart."""
    others = [
        correction("age", "50", response_id="nobody"),
        correction("age", "50", form_id="another_form"),
        correction("age", "50", form_id="no_form"),
        correction("age", "50", response_id="nobody", kind="No action"),
        correction("age", "50"),
    ]
    assert outcomes(cleaned({"age": "45"}, *others)) == [("correction_applied", "changed")]
    log = pd.DataFrame(others).reindex(columns=list(CORRECTION_COLUMNS)).astype("str")
    log["source_place"] = [f"row {number}" for number in range(2, len(log) + 2)]
    found = unclaimed(log, ["r1"], ["small", "another_form"])
    assert told(found, "response_id", "code", "action", "source_place") == [
        ("nobody", "correction_unclaimed", "none", "row 2"),
        ("r1", "correction_unclaimed", "none", "row 4"),
    ]


def study(tmp_path, name, content):
    (tmp_path / "raw" / "corrections").mkdir(parents=True)
    (tmp_path / "instruments").mkdir()
    (tmp_path / "instruments" / "small.yaml").touch()
    path = tmp_path / "raw" / "corrections" / name
    path.write_bytes(content)
    return Study(tmp_path)


def test_a_log_is_read_in_its_own_columns(tmp_path):
    """`_uuid`, `questions`, `reported_date`: read; "NA" stays a text, a blank is missing."""
    content = (
        "\ufeff_uuid,questions,old_value,new_value,change_type,reason,reported_date,enumerator_num\n"
        "r1,age,45,NA,change_response,SYNTHETIC,2011-09-01,7\n,,,,,,,\nr2,,,,remove_survey,,,\n"
    )
    log = read_corrections(study(tmp_path, "a.csv", content.encode()))
    shown = ["response_id", "question", "new_value", "change_type", "by", "form_id", "source_place"]
    assert told(log, *shown) == [
        ("r1", "age", "NA", "change_response", "7", "small", "row 2"),
        ("r2", None, None, "remove_survey", None, "small", "row 4"),
    ]
    assert list(log.columns) == list(CORRECTION_COLUMNS)


def test_a_workbook_is_read_as_a_log(tmp_path):
    path = tmp_path / "log.xlsx"
    rows = [{"uuid": "r1", "question": "age", "change_type": "change_response", "new_value": 50}]
    pd.DataFrame(rows).to_excel(path, index=False)
    log = read_corrections(study(tmp_path, "log.xlsx", path.read_bytes()))
    assert told(log, "response_id", "new_value") == [("r1", "50")]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"a,b\n1,2\n", "CLEAN-003"), (b"\xff\xfe\x00", "CLEAN-002"), (b"PK nothing", "CLEAN-002")],
)
def test_a_log_that_cannot_be_used_stops_the_work(tmp_path, content, code):
    """Corrections that silently do not apply are what users of other tools complain of most."""
    with pytest.raises(SurveyError) as caught:
        read_corrections(study(tmp_path, "a.csv", content))
    assert [problem.code for problem in caught.value.problems] == [code]
