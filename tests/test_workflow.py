"""Commands that answer questions about a study, on the SYNTHETIC set of the repository."""

import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.study import Study
from pipeline.workflow.returned import ledger, process
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
