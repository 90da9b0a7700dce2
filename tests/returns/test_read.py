"""All received files of a form become one, in an order that does not depend on their receipt."""

import itertools

import pandas as pd
import pytest

from pipeline.forms.excel import write_excel_form
from pipeline.questionnaire.model import Questionnaire
from pipeline.returns.manifest import read_manifest
from pipeline.returns.problems import CODES, ISSUE_CODES
from pipeline.returns.read import read_form
from pipeline.returns.receive import receive
from pipeline.study import open_study
from pipeline.synthetic.filled_submission import fill_submission
from pipeline.synthetic.filled_table import fill_table
from pipeline.synthetic.filled_workbook import fill_workbook
from tests.questionnaires import every_type_questionnaire
from tests.returns.conftest import NOW, answers_of, issue_codes, rows_of, written
from tests.returns.test_guard import with_cells

ANSWERS = {
    "code": "AB01",
    "staff": "34",
    "has_cases": "yes",
    "services": ["legal", "housing"],
    "visited_on": "2011-09-02",
    "ties": [{"tie_name": "T1", "projects": [{"project_name": "p"}]}, {"tie_name": "T2"}],
}
COMPARED = ("form_id", "form_version", "code", "staff", "has_cases", "services", "visited_on")


@pytest.fixture
def form() -> Questionnaire:
    return every_type_questionnaire()


@pytest.fixture
def returned(form, tmp_path):
    """The same answers as an Excel form, a submission and an exported table."""
    folder = tmp_path / "in"
    folder.mkdir()
    write_excel_form(form, "zh-Hant", tmp_path / "empty.xlsx")
    fill_workbook(tmp_path / "empty.xlsx", ANSWERS, folder / "form.xlsx")
    fill_submission(form, ANSWERS, instance_id="k1", target=folder / "s.xml")
    fill_table(form, [ANSWERS], folder / "t.xlsx", keys=["k2"])
    return sorted(folder.iterdir())


def read_after(study, form, files):
    receipts = receive(study, files, {form.form_id: form}, now=NOW)
    assert [receipt.outcome for receipt in receipts] == ["received"] * len(files)
    return read_form(study, form, read_manifest(study))


def test_three_ways_say_the_same(study, form, returned):
    """Excel form, submission and table of one respondent give three equal responses."""
    read = read_after(study, form, returned)
    assert list(read.main["mode"]) == ["excel", "odk", "table"]
    assert list(read.main["response_id"])[1:] == ["k1", "k2"]
    assert len(set(answers_of(read, *COMPARED))) == 1
    assert answers_of(read, *COMPARED)[0] == (
        "every_type", "2011.08.1", "AB01", "34", "yes", "legal housing", "2011-09-02"
    )  # fmt: skip
    ties, projects = (rows_of(read.repeats[name]) for name in ("ties", "projects"))
    for key in read.main["response_id"]:
        assert [
            (row["position"], row["parent_position"], row["tie_name"])
            for row in ties
            if row["response_id"] == key
        ] == [(1, 1, "T1"), (2, 1, "T2")]
        assert [
            (row["position"], row["parent_position"], row["project_name"])
            for row in projects
            if row["response_id"] == key
        ] == [(1, 1, "p")]


def test_the_order_of_receipt_does_not_matter(form, returned, tmp_path):
    """Every order of receiving the files gives the same tables."""
    found = []
    for number, files in enumerate(itertools.permutations(returned)):
        folder = tmp_path / str(number)
        written(folder, {"instruments/study.yaml": "title: SYNTHETIC\n"})
        study = open_study(folder)
        for file in files:
            receive(study, [file], {form.form_id: form}, now=NOW)
        found.append(read_form(study, form, read_manifest(study)))
    for read in found[1:]:
        pd.testing.assert_frame_equal(read.main, found[0].main)
        pd.testing.assert_frame_equal(read.issues, found[0].issues)
        for name, frame in read.repeats.items():
            pd.testing.assert_frame_equal(frame, found[0].repeats[name])


def test_a_file_that_cannot_be_read_stops_nothing(study, household, tmp_path):
    """A ragged table, a damaged one and one taken away: each one issue; the good one is read."""
    good = "_uuid,start,age,remark,water\nk1,,5,,well\n"
    files = written(
        tmp_path / "in", {"good.csv": good, "ragged.csv": good + "k2,\n", "gone.csv": good + "\n"}
    )
    receive(study, files, {"household": household}, now=NOW)
    rows = read_manifest(study)
    gone = next(row for row in rows if row.origin == "gone.csv")
    (study.raw / gone.file).unlink()
    read = read_form(study, household, rows)
    assert answers_of(read, "response_id", "age") == [("k1", "5")]
    names = {row.source_file: row.origin for row in rows}
    assert sorted(
        (names[issue["source_file"]], issue["code"], issue["rule"], issue["action"])
        for issue in read.issues.to_dict("records")
    ) == [
        ("gone.csv", "unreadable_file", "GUARD-001", "set_aside"),
        ("ragged.csv", "unreadable_file", "TABLE-002", "set_aside"),
    ]


def test_other_forms_are_passed_over(study, household, tmp_path):
    """Only the rows of this form count; with none there are empty tables."""
    files = written(tmp_path / "in", {"log.csv": "_uuid,question,change_type,new_value\n"})
    receive(study, files, {"household": household}, now=NOW)
    read = read_form(study, household, read_manifest(study))
    assert (len(read.main), issue_codes(read)) == (0, [])
    assert list(read.main)[-4:] == ["start", "age", "remark", "water"]


def test_a_far_cell_never_reaches_the_parser(study, household, tmp_path):
    """One cell at XFD1048576 aborts calamine, and with it the process that imports it."""
    cells = '<c r="A1" t="n"><v>1</v></c><c r="XFD1048576" t="n"><v>1</v></c>'
    files = written(tmp_path / "in", {"far.xlsx": with_cells(cells)})
    [receipt] = receive(study, files, {"household": household}, now=NOW)
    assert receipt.outcome == "unrecognised"
    assert "Delete what stands far below" in receipt.reason


def test_every_code_is_listed_once():
    """Codes are short words or ROOM-000, each with a title."""
    assert all(title and not title.endswith(".") for title in {**CODES, **ISSUE_CODES}.values())
    assert not set(CODES) & set(ISSUE_CODES)
