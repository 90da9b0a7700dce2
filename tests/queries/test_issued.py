"""Numbered copies: issued, filled in, returned; a serial that is not one of them is an issue."""

import csv
import shutil

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import SurveyError
from pipeline.forms.excel import write_excel_form
from pipeline.forms.excel_keys import FormMark
from pipeline.returns.register import COLUMNS, read_register
from pipeline.returns.workbook import sniff_workbook
from pipeline.serials import is_right, serial_of
from pipeline.study import open_study
from pipeline.workflow.analyze import steps
from pipeline.workflow.issued import issue_copies
from pipeline.workflow.questionnaires import load_questionnaires
from pipeline.workflow.returned import process, receive
from tests.queries.rounds import FORM, STUDY, new_study, queries, told

FRAME = "frame_id,name,kind,county\nTW001,SYNTHETIC (one),legal,hualien\nTW002,,legal,taipei\n"
SETTINGS = STUDY.replace("ended}", "ended, organisation: org_name}") + (
    "frame: {file: frame.csv, id: frame_id, kind: kind, county: county, name: name}\n"
)
ASSIGN = "frame_id,interviewer,due,language\nTW001,AB01,2011-09-01,ja\nTW002,CD02,,\n"


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study" / "instruments"
    folder.mkdir(parents=True)
    for name, text in (("study.yaml", SETTINGS), ("visit.yaml", FORM), ("frame.csv", FRAME)):
        (folder / name).write_text(text, encoding="utf-8")
    return open_study(tmp_path / "study")


def assignments(tmp_path, text):
    path = tmp_path / "assignments.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_copies_are_numbered_prefilled_and_registered(study, tmp_path):
    """One a row of the assignments; what is asked for beyond them is for nobody yet."""
    made = issue_copies(
        study, "visit", copies=3, assign=assignments(tmp_path, ASSIGN), language=None
    )
    rows = read_register(study)
    assert [path.stem for path in made] == [row.serial for row in rows]
    assert [row.serial for row in rows] == [serial_of("V", number) for number in (1, 2, 3)]
    assert [(row.frame_id, row.county, row.interviewer, row.due, row.language) for row in rows] == [
        ("TW001", "hualien", "AB01", "2011-09-01", "ja"),
        ("TW002", "taipei", "CD02", "", "zh-Hant"),
        ("", "", "", "", "zh-Hant"),
    ]
    assert [path.stat().st_mode & 0o777 for path in made] == [0o600, 0o600, 0o644]
    mark = sniff_workbook(made[0])
    assert isinstance(mark, FormMark)
    assert (mark.serial, mark.language) == (rows[0].serial, "ja")
    texts = {cell.value for sheet in openpyxl.load_workbook(made[0]) for cell in sheet["E"]}
    assert {"AB01", "花蓮県", "SYNTHETIC (one)"} <= texts


def test_the_register_is_only_added_to_and_no_number_comes_twice(study):
    for _ in range(2):
        issue_copies(study, "visit", copies=2, assign=None, language="en")
    path = study.raw / "_register" / "assignments.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(COLUMNS)
    serials = [row[0] for row in csv.reader(lines[1:])]
    assert serials == [serial_of("V", number) for number in (1, 2, 3, 4)]
    assert all(map(is_right, serials))
    assert path.stat().st_mode & 0o777 == 0o600


def test_deleted_copies_come_back_the_same(study, tmp_path):
    """The register says all that a copy needs."""
    made = issue_copies(
        study, "visit", copies=None, assign=assignments(tmp_path, ASSIGN), language=None
    )
    before = [path.read_bytes() for path in made]
    shutil.rmtree(study.outputs)
    (step,) = (step for step in steps(study) if step.name == "copies visit")
    assert tuple(step.run()) == made
    assert [path.read_bytes() for path in made] == before


def test_everything_wrong_with_assignments_is_told_at_once_and_nothing_is_issued(study, tmp_path):
    wrong = "frame_id,due,language,name\nTW009,2011-09-31,fr,x\n"
    with pytest.raises(SurveyError) as caught:
        issue_copies(
            study, "visit", copies=None, assign=assignments(tmp_path, wrong), language=None
        )
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["REG-002", "REG-003", "REG-004", "REG-005"]
    assert read_register(study) == ()


def test_fewer_copies_than_assignments_are_refused(study, tmp_path):
    with pytest.raises(SurveyError) as caught:
        issue_copies(study, "visit", copies=1, assign=assignments(tmp_path, ASSIGN), language=None)
    assert [problem.code for problem in caught.value.problems] == ["ISSUE-001"]


def test_a_damaged_register_is_refused_with_the_line(study):
    issue_copies(study, "visit", copies=1, assign=None, language=None)
    path = study.raw / "_register" / "assignments.csv"
    path.write_text(path.read_text(encoding="utf-8") + "V-0009-X\n", encoding="utf-8")
    with pytest.raises(SurveyError) as caught:
        read_register(study)
    assert [(p.code, p.place.line) for p in caught.value.problems] == [("REG-001", 3)]


def test_the_command_issues_copies_of_one_form(study):
    run = CliRunner().invoke
    done = run(app, ["--study", str(study.root), "export", "visit", "--copies", "2"])
    assert done.exit_code == 0
    assert done.output.count("made ") == 2
    assert run(app, ["--study", str(study.root), "export", "--copies", "2"]).exit_code == 2


def test_a_serial_that_was_not_issued_is_asked_about(tmp_path):
    """While no copy of the form was issued, serials are the study's own."""
    study = new_study(tmp_path / "study", {})
    blank = tmp_path / "blank.xlsx"
    form = load_questionnaires(study)["visit"]
    right, strange = serial_of("V", 1), serial_of("V", 77)
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    for serial in (right, wrong, strange):
        write_excel_form(form, "en", blank, serial=serial)
        book = openpyxl.load_workbook(blank)
        book.save(tmp_path / f"{serial}.xlsx")
        receive(study, [tmp_path / f"{serial}.xlsx"], None)
    process(study)
    assert told(study, "serial_checks") == []
    issue_copies(study, "visit", copies=1, assign=None, language=None)
    process(study)
    frame = pd.read_parquet(study.processed / "visit" / "responses.parquet")
    by_serial = dict(zip(frame["serial"], frame["response_id"], strict=True))
    assert sorted((row[0], row[2]) for row in told(study, "serial_checks")) == sorted(
        [(by_serial[wrong], "serial_wrong"), (by_serial[strange], "serial_not_issued")]
    )
    assert queries(study)[by_serial[wrong], None] == "serial_wrong"
