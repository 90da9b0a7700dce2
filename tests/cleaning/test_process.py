"""The whole room: the ledger adds up, the files are the same every time, the gates hold."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cleaning import process as process_module
from pipeline.cleaning.batch import MAIN
from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.cleaning.corrections_log import CORRECTION_COLUMNS
from pipeline.cleaning.issues import STAGE_ORDER
from pipeline.cleaning.ledger import LEDGER_COLUMNS, check_ledger
from pipeline.cleaning.process import process, write_processed
from pipeline.cleaning.schema import Grade, check, schema_of
from pipeline.cleaning.stages import RAW_STAGES, STAGES, Stage
from pipeline.errors import SurveyError
from pipeline.responses import Action, IssueSeverity, concat_responses
from pipeline.settings import Settings
from tests.cleaning.forms import form, returns, told

SURVEY = form(
    {"name": "has", "type": "select_one yes_no", "required": True},
    {"name": "age", "type": "integer", "relevant": "${has} = 'yes'", "constraint": ". < 120"},
    {"name": "several", "type": "select_multiple yes_no"},
    {"name": "day", "type": "date"},
    {
        "repeat": "members",
        "relevant": "${has} = 'yes'",
        "questions": [{"name": "born", "type": "integer"}, {"name": "words", "type": "text"}],
    },
    {"name": "count", "type": "calculate", "calculation": "count(${members})"},
)
MAIN_ANSWERS = {
    "has": ["yes", "no", "dont_know", "maybe"],
    "age": ["5", "5.0", "130", "many", " "],
    "several": ["yes", "yes no", "no  yes", "other"],
    "day": ["2011-08-05", "100/8/5", "02/03/2011", "2011-02-30"],
    "count": ["0", "1", "9"],
}
MEMBER_ANSWERS = {"born": ["1960", "x"], "words": ["SYNTHETIC", " "]}
FILES = ["raw/small/SYNTHETIC-a.csv", "raw/small/SYNTHETIC-b.csv"]


def rows_of(answers, **keys):
    cells = {name: st.sampled_from([None, *values]) for name, values in answers.items()}
    drawn = {name: st.sampled_from(values) for name, values in keys.items()}
    return st.lists(st.fixed_dictionaries({**cells, **drawn}), max_size=6)


LOGS = st.lists(
    st.fixed_dictionaries(
        {
            "response_id": st.sampled_from(["r1", "r2", "r9"]),
            "question": st.sampled_from(["age", "several/no", "several", "born", "nothing"]),
            "old_value": st.sampled_from([None, "5", "yes", "0"]),
            "new_value": st.sampled_from([None, "1", "7", "no"]),
            "change_type": st.sampled_from(
                ["change_response", "blank_response", "remove_survey", "no_action"]
            ),
        }
    ),
    max_size=6,
)


def log_of(rows):
    frame = pd.DataFrame(rows, columns=list(CORRECTION_COLUMNS), dtype=object)
    frame["form_id"] = "small"
    kinds = {name: "Int64" if name == "position" else "str" for name in CORRECTION_COLUMNS}
    return frame.astype(kinds)


@settings(max_examples=60, deadline=None)
@given(
    main=rows_of(MAIN_ANSWERS, response_id=["r1", "r2", "r3"], source_file=FILES),
    members=rows_of(MEMBER_ANSWERS, response_id=["r1", "r2", "r4"], position=[1, 2]),
    log=LOGS,
    blank=st.booleans(),
)
def test_every_answer_is_accounted_for(main, members, log, blank):
    """Whatever comes back: answers in = kept + changed + blanked + set aside, by file and question.

    Answers in are counted here once more, from what was handed over.
    """
    given_settings = Settings.model_validate({"blank": {"not_asked": blank}})
    responses = returns(main, repeats={"members": members})
    done = process(responses, SURVEY, given_settings, log_of(log))
    counts = done.ledger[["kept", "changed", "blanked", "set_aside"]].sum(axis="columns")
    assert (done.ledger["answers_in"] == counts).all()
    came = sum(value is not None for row in main for value in (row[name] for name in MAIN_ANSWERS))
    came += sum(row[name] is not None for row in members for name in MEMBER_ANSWERS)
    assert done.ledger["answers_in"].sum() == came
    told_of = (log_row["change_type"] != "no_action" for log_row in log)
    assert (done.issues["stage"] == "corrections").sum() == sum(told_of)


def test_a_stage_that_loses_an_answer_fails_the_run(monkeypatch):
    """The ledger counts what is there at the end, so a silent loss is no longer silent."""

    def lose(batch, _given):
        ages = batch.main["age"].array.copy()
        ages[0] = None
        return batch.with_columns(MAIN, {"age": ages})

    def change(batch, _given):
        return batch.with_columns(MAIN, {"age": batch.main["age"].array + 1})

    responses = returns([{"has": "yes", "age": "5"}])
    for work in (lose, change):
        broken = (*STAGES, Stage("broken", work))
        monkeypatch.setattr(process_module, "STAGES", broken)
        with pytest.raises(SurveyError) as caught:
            process(responses, SURVEY, Settings())
        (problem,) = caught.value.problems
        assert (problem.code, problem.place.question) == ("CLEAN-001", "age")


def test_a_stage_that_leaves_another_type_is_stopped_at_its_gate(monkeypatch):
    def spoil(batch, _given):
        return batch.with_columns(MAIN, {"age": np.array(["SECRET"], dtype=object)})

    monkeypatch.setattr(process_module, "STAGES", (*STAGES, Stage("broken", spoil)))
    with pytest.raises(SurveyError) as caught:
        process(returns([{"has": "yes", "age": "5"}]), SURVEY, Settings())
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.question) == ("CLEAN-004", "age")
    assert "broken" in problem.message
    assert "SECRET" not in str(caught.value)


def test_a_ledger_that_does_not_add_up_names_file_and_question():
    row = ("raw/small/SYNTHETIC.csv", "age", 5, 3, 0, 1, 0)
    with pytest.raises(SurveyError, match="1 answers are not accounted for") as caught:
        check_ledger(pd.DataFrame([row], columns=list(LEDGER_COLUMNS)))
    place = caught.value.problems[0].place
    assert (place.file, place.question) == ("raw/small/SYNTHETIC.csv", "age")


ROWS = [
    {"response_id": "r2", "has": "yes", "age": "many", "several": "yes no", "day": "2011-08-05"},
    {"response_id": "r1", "has": "no", "age": "5", "several": "yes"},
]
MEMBERS = [{"response_id": "r2", "born": "1960", "words": " SYNTHETIC "}]


def test_the_same_input_gives_the_same_bytes(tmp_path):
    """Each file is written whole, for its owner alone; what no longer belongs there goes."""
    written = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "old_repeat.parquet").touch()
        done = process(returns(ROWS, repeats={"members": MEMBERS}), SURVEY, Settings())
        paths = write_processed(done, folder)
        assert sorted(paths) == sorted(folder.iterdir())
        assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
        written.append({path.name: path.read_bytes() for path in paths})
    assert written[0] == written[1]
    assert sorted(written[0]) == [
        "issues.parquet",
        "ledger.parquet",
        "members.missing.parquet",
        "members.parquet",
        "missing.parquet",
        "raw_text.parquet",
        "responses.parquet",
    ]


def test_what_is_written_reads_back_as_it_was(tmp_path):
    done = process(returns(ROWS, repeats={"members": MEMBERS}), SURVEY, Settings())
    write_processed(done, tmp_path)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "responses.parquet"), done.main)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "missing.parquet"), done.missing)
    members = pd.read_parquet(tmp_path / "members.parquet")
    pd.testing.assert_frame_equal(members, done.repeats["members"])


def test_the_returned_key_is_kept_and_what_the_platform_added_is_not():
    """`_submitted_by` may name somebody, and is no answer."""
    rows = [{**row, "_uuid": row["response_id"], "_submitted_by": "SYNTHETIC"} for row in ROWS]
    main = process(returns(rows), SURVEY, Settings()).main
    assert [name for name in main if name[0] == "_"] == ["_uuid"]


def test_nothing_came_back():
    """A form without returns gives empty tables of the right shape."""
    done = process(returns([]), SURVEY, Settings())
    assert len(done.main) == len(done.issues) == len(done.ledger) == len(done.raw_text) == 0
    assert list(done.missing.columns) == ["has", "age", "several", "day", "count"]
    assert str(done.repeats["members"]["born"].dtype) == "Int64"


def test_parts_may_come_in_several_files():
    """What one file does not ask is blank there."""
    parts = [returns([ROWS[0]]), returns([{"response_id": "r3", "has": "no"}])]
    done = process(concat_responses(parts), SURVEY, Settings())
    assert done.main["response_id"].tolist() == ["r2", "r3"]
    assert done.missing["age"].astype("str").tolist() == ["set_missing", "not_asked"]


def test_a_file_without_choice_columns_gets_them_from_the_answer():
    """Beside a table that had them, blank in places: what each file held decides, row by row."""
    rows = [
        {"has": "yes", "several": "yes", "several/yes": "1", "several/no": None},
        {
            "has": "yes",
            "several": "yes no",
            "mode": "odk",
            "source_file": "raw/small/SYNTHETIC.xml",
        },
        {"has": "yes", "mode": "odk", "source_file": "raw/small/SYNTHETIC-2.xml"},
    ]
    main = process(returns(rows), SURVEY, Settings()).main
    ticks = main[["several/yes", "several/no"]].astype(object)
    assert ticks.where(ticks.notna(), None).to_numpy().tolist() == [
        [True, None],
        [True, True],
        [None, None],
    ]


def test_a_workbook_s_issue_names_its_cell():
    places = pd.DataFrame(
        {
            "response_id": pd.array(["r2"], dtype="str"),
            "question": pd.array(["age"], dtype="str"),
            "position": pd.array([None], dtype="Int64"),
            "place": pd.array(["Questions!E12"], dtype="str"),
        }
    )
    rows = [{**ROWS[0], "mode": "excel"}, {**ROWS[1], "age": "many", "mode": "odk"}]
    done = process(returns(rows, places=places), SURVEY, Settings())
    unread = done.issues[done.issues["code"] == "not_a_number"]
    assert told(unread, "response_id", "source_place") == [("r2", "Questions!E12"), ("r1", "age")]


def test_every_issue_is_of_a_known_kind():
    done = process(returns(ROWS, repeats={"members": MEMBERS}), SURVEY, Settings())
    assert set(done.issues["code"]) <= set(ISSUE_CODES)
    assert set(done.issues["severity"]) <= {severity.value for severity in IssueSeverity}
    assert set(done.issues["action"]) <= {action.value for action in Action}


def test_every_code_has_its_titles():
    """In the three languages, none of them empty, none of them the same as another code's."""
    for language in ("en", "zh-Hant", "ja"):
        titles = [code.title(language) for code in ISSUE_CODES.values()]
        assert all(titles)
        assert len(set(titles)) == len(titles)


def test_a_schema_refuses_a_key_that_comes_twice():
    """response_id is unique and there in what goes to processed/."""
    main = process(returns(ROWS), SURVEY, Settings()).main
    twice = pd.concat([main, main], ignore_index=True)
    schema = schema_of(SURVEY, MAIN, Grade.CLEAN, twice.columns)
    assert isinstance(schema, pa.DataFrameSchema)
    check(main, schema, "process")
    for bad in (twice, main.assign(response_id=pd.array([None, "r1"], dtype="str"))):
        with pytest.raises(SurveyError) as caught:
            check(bad, schema, "process")
        assert {problem.place.question for problem in caught.value.problems} == {"response_id"}


def test_the_responses_handed_over_are_not_changed():
    """Stages are pure: what came in is what it was."""
    responses = returns(ROWS, repeats={"members": MEMBERS})
    before = replace(
        responses,
        main=responses.main.copy(deep=True),
        repeats={"members": responses.repeats["members"].copy(deep=True)},
    )
    process(responses, SURVEY, Settings.model_validate({"blank": {"not_asked": True}}))
    pd.testing.assert_frame_equal(responses.main, before.main)
    pd.testing.assert_frame_equal(responses.repeats["members"], before.repeats["members"])


def test_issues_are_ordered_by_every_stage_there_is():
    """Issues of a response stand in the order of the stages, so each stage has its place."""
    assert tuple(stage.name for stage in (*RAW_STAGES, *STAGES)) == STAGE_ORDER
