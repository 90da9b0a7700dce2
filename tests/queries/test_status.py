"""`survey status`: one screen, without an answer, on any study."""

import datetime as dt
import json
import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.forms.excel import write_excel_form
from pipeline.returns.register import read_register
from pipeline.study import Study
from pipeline.workflow.analyze import analyze
from pipeline.workflow.issued import issue_copies
from pipeline.workflow.questionnaires import load_questionnaires
from pipeline.workflow.returned import process, receive
from pipeline.workflow.status import CountyStatus, FormStatus, PersonStatus, status
from pipeline.workflow.status_text import status_lines
from tests.queries.rounds import new_study

DAY = dt.date(2011, 9, 10)
ASSIGN = """county,interviewer,due
hualien,AB01,2011-09-01
hualien,AB01,2011-09-30
taipei,,2011-09-01
hualien,CD02,2011-09-01
"""


@pytest.fixture(scope="module")
def processed(tmp_path_factory):
    """Three returns, one of them wrong; four copies issued, of which one is back."""
    folder = tmp_path_factory.mktemp("status")
    study = new_study(folder / "study", {"cases": "900"}, {"code": "CD02"}, {"code": "花蓮"})
    (folder / "assignments.csv").write_text(ASSIGN, encoding="utf-8")
    issue_copies(study, "visit", copies=None, assign=folder / "assignments.csv", language="en")
    serial = read_register(study)[3].serial
    write_excel_form(
        load_questionnaires(study)["visit"],
        "en",
        folder / "SYNTHETIC-back.xlsx",
        serial=serial,
        prefilled={"code": "CD02", "org_name": "SYNTHETIC two", "has": "no"},
    )
    (folder / "SYNTHETIC-note.txt").write_text("SYNTHETIC", encoding="utf-8")
    log = "uuid,question,old_value,new_value,change_type\nr1,cases,1,2,change_response\n"
    (folder / "SYNTHETIC-log.csv").write_text(log, encoding="utf-8")
    receive(study, sorted(folder.glob("SYNTHETIC*")), None)
    process(study)
    return study


def test_the_whole_status(processed):
    found = status(processed, DAY)
    assert found.forms == (FormStatus("visit", 2, 0, 4, 0, 1),)
    assert found.people == (
        PersonStatus("AB01", {"visit": 1}, 1, 2, 0, 1),
        PersonStatus("CD02", {"visit": 2}, 0, 1, 1, 0),
        PersonStatus("(not known)", {"visit": 1}, 0, 1, 0, 1),
    )
    assert found.counties == (
        CountyStatus("hualien", 3, 1, 1),
        CountyStatus("taipei", 1, 0, 1),
    )
    first, _, third, _ = (row.serial for row in read_register(processed))
    assert found.overdue == {first: "AB01", third: "(not known)"}
    assert (found.unrecognised, found.correction_files, found.workbooks) == (1, 1, 1)
    assert found.not_applied == {"correction_unfit": 1}


def test_a_copy_is_overdue_from_the_day_after_it_was_due(processed):
    assert status(processed, dt.date(2011, 9, 1)).overdue == {}
    assert len(status(processed, dt.date(2011, 9, 2)).overdue) == 2


def test_it_fits_one_screen_and_shows_no_answer(processed):
    lines = status_lines(status(processed, DAY))
    assert len(lines) <= 50
    assert max(map(len, lines)) <= 120
    main = pd.read_parquet(processed.processed / "visit" / "responses.parquet")
    text = "\n".join(lines)
    assert not any(str(value) in text for value in main["began"].dropna())
    assert "900" not in text
    assert "花蓮" not in text


def test_a_new_study_has_a_status(tmp_path):
    """Nothing there yet, and nothing to fail on."""
    run = CliRunner().invoke
    assert run(app, ["init", str(tmp_path)]).exit_code == 0
    done = run(app, ["--study", str(tmp_path), "status"])
    assert done.exit_code == 0
    assert "no questionnaire in instruments/ yet" in done.output


def test_a_form_that_is_not_processed_says_so(processed, tmp_path):
    shutil.copytree(processed.root, tmp_path / "study")
    shutil.rmtree(tmp_path / "study" / "processed")
    found = status(Study(tmp_path / "study"), DAY)
    assert found.forms == (FormStatus("visit", 2),)
    assert "visit" in status_lines(found)[3]
    assert status_lines(found)[3].split()[1:] == ["2", "?", "?", "?", "?"]


def test_what_is_out_of_date_is_named_until_it_is_done(processed, tmp_path):
    shutil.copytree(processed.root, tmp_path / "study")
    study = Study(tmp_path / "study")
    stale = status(study, DAY).out_of_date
    assert stale is not None
    assert {"forms visit", "copies visit", "process visit", "queries"} <= set(stale)
    analyze(study)
    assert status(study, DAY).out_of_date == ()


def test_for_programs_it_is_json(processed):
    done = CliRunner().invoke(app, ["--study", str(processed.root), "status", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.output)["forms"][0]["queries"] == 1


@pytest.mark.parametrize(("until", "told"), [("2011-10-31", True), ("9999-12-31", False)])
def test_it_says_when_the_day_has_come_until_which_answers_are_kept(tmp_path, until, told):
    assert CliRunner().invoke(app, ["init", str(tmp_path / "new")]).exit_code == 0
    settings = tmp_path / "new/instruments/study.yaml"
    settings.write_text(f"title: SYNTHETIC\nretain_until: {until}\n", encoding="utf-8")
    shown = CliRunner().invoke(app, ["--study", str(tmp_path / "new"), "status"])
    assert shown.exit_code == 0
    assert ("[CONS-002]" in shown.stderr) is told
