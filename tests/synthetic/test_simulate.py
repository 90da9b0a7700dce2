"""Simulated returns come back through the readers as what was filled in, errors where planted."""

import datetime as dt
import re
import shutil
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.returns.manifest import read_manifest
from pipeline.returns.read import read_form
from pipeline.returns.receive import receive
from pipeline.study import Study
from pipeline.synthetic.draw import draw, without_calculated
from pipeline.synthetic.first_set import first_set
from pipeline.synthetic.planted import ERROR_KINDS
from pipeline.synthetic.profile import read_profile
from pipeline.synthetic.returned import Way
from pipeline.synthetic.rows import source_rows
from pipeline.synthetic.simulate import Respondents, simulate
from pipeline.synthetic.truth import TruthRow, read_truth, write_truth
from tests.conftest import PROJECT
from tests.synthetic.conftest import FORMS

NOW = dt.datetime(2011, 11, 1, 9, tzinfo=dt.UTC)
LANGUAGES = ("zh-Hant", "en", "ja")


def study_in(folder):
    shutil.copytree(PROJECT / "instruments", folder / "instruments")
    (folder / "raw").mkdir()
    return Study(folder)


def received(study, questionnaires, folder):
    return receive(study, [folder], questionnaires, now=NOW)


def drawn(study, questionnaire, respondents):
    profile = read_profile(study, questionnaire.form_id)
    rows = source_rows(study, profile.source)
    return draw(
        questionnaire,
        respondents.n,
        respondents.seed,
        profile=profile,
        rows=rows,
        languages=respondents.languages,
    )


def cells(questionnaire, answers, key):
    """Every answer of a response as (question, position) -> text."""
    found = {}
    for name, answer in answers.items():
        if name in questionnaire.repeats:
            for position, inside in enumerate(answer, start=1):
                for inner, (_, text) in cells(questionnaire, inside, key).items():
                    found[inner[0], position] = (key, text)
        else:
            text = answer if isinstance(answer, str) else " ".join(answer)
            found[name, None] = (key, text)
    return found


def read_cells(questionnaire, responses):
    """Every answer that was read, as (number of the respondent, question, position) -> text."""
    numbers = {}
    found = {}
    for _, row in responses.main.iterrows():
        match = re.search(r"-(\d{3})[._]", row["source_file"])
        number = int(match[1]) if match else int(row["source_row"]) - 1
        numbers[row["response_id"]] = number
        for item in questionnaire.answered():
            if item.name in row.index and pd.notna(row[item.name]):
                found[number, item.name, None] = row[item.name]
    for name, frame in responses.repeats.items():
        for _, row in frame.iterrows():
            for item in questionnaire.answered(name):
                if item.name in row.index and pd.notna(row[item.name]):
                    at = numbers[row["response_id"]], item.name, int(row["position"])
                    found[at] = row[item.name]
    return found, {number: key for key, number in numbers.items()}


def as_drawn(questionnaire, answers, way):
    found = {}
    for number, one in enumerate(answers, start=1):
        kept = without_calculated(questionnaire, one) if way is Way.EXCEL else one
        for (name, position), (_, text) in cells(questionnaire, kept, number).items():
            found[number, name, position] = text
    return found


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("form_id", FORMS)
def test_what_is_read_back_is_what_was_drawn(tmp_path, questionnaires, form_id, way):
    """Without planted errors every answer of every respondent comes back, and no issue."""
    study = study_in(tmp_path / "study")
    questionnaire = questionnaires[form_id]
    respondents = Respondents(6, seed=3, ways=(way,), languages=LANGUAGES, errors={})
    truth = simulate(study, questionnaire, respondents, tmp_path / "sent")
    assert read_truth(truth) == []
    received(study, questionnaires, tmp_path / "sent" / form_id)
    responses = read_form(study, questionnaire, read_manifest(study))
    found, _ = read_cells(questionnaire, responses)
    assert found == as_drawn(questionnaire, drawn(study, questionnaire, respondents), way)
    assert responses.issues.empty


@pytest.mark.parametrize("way", list(Way))
def test_what_differs_from_the_draw_is_what_the_truth_lists(tmp_path, questionnaires, way):
    """The files differ from undisturbed answers in exactly the places of the truth file."""
    study = study_in(tmp_path / "study")
    questionnaire = questionnaires["organisation_profile"]
    fitting = [kind for kind, error in ERROR_KINDS.items() if way in error.ways]
    errors = {kind: 2 for kind in fitting if kind != "wrong_calculation"}
    respondents = Respondents(40, seed=5, ways=(way,), languages=LANGUAGES, errors=errors)
    path = simulate(study, questionnaire, respondents, tmp_path / "sent")
    truth = [row for row in read_truth(path) if row.question]
    received(study, questionnaires, tmp_path / "sent" / "organisation_profile")
    responses = read_form(study, questionnaire, read_manifest(study))
    found, keys = read_cells(questionnaire, responses)
    meant = as_drawn(questionnaire, drawn(study, questionnaire, respondents), way)
    differing = {
        (keys[at[0]], at[1], str(at[2] or ""))
        for at in meant.keys() | found.keys()
        if meant.get(at) != found.get(at)
    }
    assert differing == {(row.response_key, row.question, row.position) for row in truth}
    assert Counter(row.planted for row in truth) == errors


def test_receipts_are_those_of_the_truth(tmp_path, questionnaires):
    """A file sent twice, an unknown version and a file of no form are told apart on receipt."""
    study = study_in(tmp_path / "study")
    respondents = Respondents(30, seed=5, ways=(Way.EXCEL, Way.ODK), languages=LANGUAGES)
    path = simulate(study, questionnaires["acceptance_interview"], respondents, tmp_path / "sent")
    receipts = received(study, questionnaires, tmp_path / "sent" / "acceptance_interview")
    outcomes = {r.file.rpartition("/")[2]: str(r.outcome) for r in receipts}
    truth = {row.file: row.code for row in read_truth(path) if row.reported_by == "receipt"}
    assert {file: code for file, code in outcomes.items() if code != "received"} == truth
    assert set(truth.values()) == {"already_received", "unrecognised"}


def tree(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("way", list(Way))
def test_the_same_seed_gives_the_same_bytes(tmp_path, study, questionnaires, way):
    respondents = Respondents(8, seed=4, ways=(way,), languages=LANGUAGES)
    form = questionnaires["activity_record"]
    for name in ("once", "again"):
        simulate(study, form, respondents, tmp_path / name)
    assert tree(tmp_path / "once") == tree(tmp_path / "again")
    simulate(study, form, replace(respondents, seed=9), tmp_path / "other")
    assert tree(tmp_path / "other") != tree(tmp_path / "once")


def test_an_error_that_was_asked_for_and_fits_nowhere_is_reported(tmp_path, study, questionnaires):
    respondents = Respondents(2, seed=4, ways=(Way.ODK,), errors={"republic_era_date": 1})
    with pytest.raises(SurveyError) as raised:
        simulate(study, questionnaires["activity_record"], respondents, tmp_path)
    assert [problem.code for problem in raised.value.problems] == ["SYN-003"]


def test_every_file_says_that_it_is_synthetic(tmp_path, study, questionnaires):
    respondents = Respondents(4, seed=4, ways=(Way.EXCEL, Way.ODK))
    simulate(study, questionnaires["refugee_roundtable"], respondents, tmp_path)
    assert all(path.name.startswith("SYNTHETIC-") for path in tmp_path.rglob("*") if path.is_file())


def test_the_first_set_holds_what_its_file_says(tmp_path, study, questionnaires):
    """About 60 organisations, 40 interviews, 30 sheets; 21 activities of 23 planned, one more."""
    truths = first_set(study, questionnaires, tmp_path, seed=2011)
    assert [path.name for path in truths] == [f"SYNTHETIC-{form_id}-truth.csv" for form_id in FORMS]
    first_files = {
        form_id: [
            path
            for path in (tmp_path / form_id).iterdir()
            if re.search(r"-\d{3}\.(xlsx|xml)$", path.name)
        ]
        for form_id in FORMS
    }
    assert {form_id: len(files) for form_id, files in first_files.items()} == {
        "organisation_profile": 60,
        "acceptance_interview": 40,
        "refugee_roundtable": 30,
        "activity_record": 22,
    }
    kinds = {path.suffix for path in first_files["organisation_profile"]}
    assert kinds == {".xlsx", ".xml"}
    planted = {row.planted for path in truths for row in read_truth(path)}
    assert len(planted) >= 14


def test_the_truth_file_is_read_as_it_was_written(tmp_path):
    rows = [
        TruthRow("SYNTHETIC-f-002.xml", "b", "q", "2", "no_such_choice", "not_a_choice", "issues"),
        TruthRow("SYNTHETIC-f-001.xml", "a", "", "", "no_form", "unrecognised", "receipt"),
    ]
    write_truth(rows, tmp_path / "truth.csv")
    assert read_truth(tmp_path / "truth.csv") == sorted(rows)


def test_a_truth_file_among_the_returns_is_passed_over(tmp_path, questionnaires):
    """Who receives the whole folder is told what the truth file is; raw/ does not get it."""
    study = study_in(tmp_path / "study")
    respondents = Respondents(3, seed=5, ways=(Way.ODK,), languages=LANGUAGES, errors={})
    simulate(study, questionnaires["acceptance_interview"], respondents, tmp_path / "sent")
    first, *others = received(study, questionnaires, tmp_path / "sent")
    assert (first.outcome, first.stored) == ("passed_over", None)
    assert first.file == "sent/SYNTHETIC-acceptance_interview-truth.csv"
    assert first.reason.startswith("It says which errors survey simulate planted")
    assert [one.outcome for one in others] == ["received"] * 3
    assert len(read_manifest(study)) == 3
