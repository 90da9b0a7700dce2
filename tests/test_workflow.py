"""Commands that answer questions about a study, on the SYNTHETIC set of the repository."""

import json
import shutil

import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.store import write_text
from pipeline.study import Study
from pipeline.workflow.returned import ledger, process, receive
from pipeline.workflow.traced import trace
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The repository's own study, processed elsewhere."""
    root = tmp_path_factory.mktemp("study")
    for name in ("instruments", "raw", "notebooks"):
        (root / name).symlink_to(PROJECT / name)
    made = Study(root)
    process(made, ["refugee_roundtable"])
    return made


def test_the_ledger_adds_up_for_every_file_and_in_all(study, tmp_path):
    (tmp_path / "ledger.csv").write_text(ledger(study, ["refugee_roundtable"]), encoding="utf-8")
    rows = pd.read_csv(tmp_path / "ledger.csv")
    parts = rows[["kept", "changed", "blanked", "set_aside"]].sum(axis=1)
    assert parts.tolist() == rows["answers_in"].tolist()
    files, total = rows.iloc[:-1], rows.iloc[-1]
    assert total["source_file"] == "(all)"
    assert files["answers_in"].sum() == total["answers_in"]
    assert len(files) == 31


def test_an_answer_that_did_not_apply_is_followed_to_its_blank(study):
    """What came back, which stage blanked it, by which rule, and why there is no answer now."""
    issues = pd.read_parquet(study.processed / "refugee_roundtable" / "issues.parquet")
    found = issues[issues["code"] == "not_asked"].iloc[0]
    lines = trace(study, ["refugee_roundtable", found["response_id"], found["question"]])
    assert trace(study, [found["response_id"], found["question"]]) == lines
    assert lines[0].startswith(f"{found['question']}: {found['source_file']}, ")
    assert lines[1].startswith("  returned: ")
    assert lines[2:] == ("  skips: (blank) not_asked", "  missing: not_asked")


def test_nothing_to_trace_is_a_problem(study):
    with pytest.raises(SurveyError) as caught:
        trace(study, ["nobody"])
    assert [problem.code for problem in caught.value.problems] == ["WORK-006"]


def test_a_ledger_before_processing_is_a_problem(study):
    with pytest.raises(SurveyError) as caught:
        ledger(study, ["activity_record"])
    assert [problem.code for problem in caught.value.problems] == ["WORK-005"]


@pytest.mark.parametrize("words", [["activity_record", "r1"], ["activity_record", "r1", "x"]])
def test_a_trace_before_processing_is_a_problem(study, words):
    with pytest.raises(SurveyError) as caught:
        trace(study, words)
    assert [problem.code for problem in caught.value.problems] == ["WORK-005"]


def test_an_answer_is_followed_to_its_query_its_correction_and_its_tables(study, tmp_path):
    """The log's row with who, when and why; the query with its rule; the table with its base."""
    root = tmp_path / "study"
    shutil.copytree(study.instruments, root / "instruments")
    shutil.copytree(study.raw, root / "raw", symlinks=False)
    made = Study(root)
    form, name = "organisation_profile", "interview_date"
    process(made, [form])
    issues = pd.read_parquet(made.processed / form / "issues.parquet")
    found = issues[issues["code"] == "outside_fieldwork"].iloc[0]
    log = tmp_path / "SYNTHETIC-log.csv"
    log.write_text(
        "uuid,question,old_value,new_value,change_type,reason,by,date,form\n"
        f"{found['response_id']},{name},2011-09-09,2011-09-01,change_response,asked again,EF01,"
        f"2011-11-02,{form}\n"
    )
    receive(made, [log], None)
    process(made, [form])
    table = made.outputs / "report/en/tables/page.days"
    write_text(
        table.with_name("page.days.questions.json"),
        json.dumps({"table": "days", "forms": [form], "questions": [name], "base": 57}),
    )
    lines = trace(made, [found["response_id"], name])
    assert any("correction_unfit" in line for line in lines)
    (stored,) = (made.raw / "corrections").glob("*-SYNTHETIC-log.csv")
    said = "change_response, EF01, 2011-11-02, asked again"
    assert lines[-3:] == (
        f"  correction: {made.shown(stored)}, row 2: {said}",
        "  query: outside_fieldwork (fieldwork) Outside the fieldwork dates.",
        "  table: outputs/report/en/tables/page.days.csv (base 57)",
    )
