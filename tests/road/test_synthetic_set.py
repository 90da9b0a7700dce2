"""The SYNTHETIC first set in raw/: what was planted in it is found, and nothing else is.

Beside these tests lies the truth: every planted error, with the code under which it must be
reported.
"""

import re
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from pipeline.returns.manifest import read_manifest
from pipeline.returns.read import read_form
from pipeline.study import open_study
from pipeline.synthetic.truth import read_truth
from pipeline.workflow.questionnaires import load_questionnaires
from tests.road.command import survey
from tests.synthetic.test_found import planted

pytestmark = pytest.mark.xdist_group("road")

FORMS = ("organisation_profile", "acceptance_interview", "refugee_roundtable", "activity_record")
TRUTH = Path(__file__).with_name("truth")
FATES = ["kept", "changed", "blanked", "set_aside"]
A_PLACE = ["response_id", "question", "position"]


def truth_of(form_id: str) -> Path:
    return TRUTH / f"SYNTHETIC-{form_id}-truth.csv"


def processed(study, form_id: str, table: str) -> pd.DataFrame:
    return pd.read_parquet(study.processed / form_id / f"{table}.parquet")


@pytest.mark.parametrize("form_id", FORMS)
def test_what_was_planted_is_found_and_named_and_nothing_else_is(analysed, form_id):
    issues = processed(analysed, form_id, "issues")
    issues = issues[issues["stage"] != "fieldwork_checks"]
    places = issues[A_PLACE].astype("str").where(issues[A_PLACE].notna(), "")
    rows = places.assign(code=issues["code"]).itertuples(index=False, name=None)
    found = Counter(("issues", *row) for row in rows)
    in_answers = {row: n for row, n in planted(truth_of(form_id)).items() if row[0] == "issues"}
    assert found == Counter(in_answers)
    assert found.total() > 0


def test_what_looks_odd_about_an_interview_is_a_query_and_no_change(analysed):
    """One date in another year was planted; the rest is what drawn respondents do by chance."""
    parts = [processed(analysed, form_id, "issues") for form_id in FORMS]
    queries = pd.concat(parts).query("stage == 'fieldwork_checks'")
    assert set(queries["action"]) == {"queried"}
    assert queries["code"].value_counts().to_dict() == {
        "straight_line": 2,
        "long_interview": 2,
        "short_interview": 1,
        "outlier": 1,
        "outside_fieldwork": 1,
    }


def test_every_kind_of_error_is_in_the_set():
    """As many kinds as a form can bring back: in answers, in files, and between files."""
    kinds = {row.code or row.planted for form_id in FORMS for row in read_truth(truth_of(form_id))}
    assert kinds == {
        "ambiguous_date",
        "already_received",
        "calculation_differs",
        "constraint",
        "duplicate_differs",
        "duplicate_instance",
        "duplicate_serial",
        "full_width_digits",
        "grouped_number",
        "not_a_choice",
        "not_a_date",
        "not_a_number",
        "not_a_time",
        "not_asked",
        "republic_date",
        "republic_era_date",
        "required",
        "unrecognised",
    }


@pytest.mark.parametrize("form_id", FORMS)
def test_an_unusual_spelling_is_read_and_the_text_is_kept(analysed, form_id):
    """What was planted without a code, dates of the Republic's era and full-width digits."""
    answers = processed(analysed, form_id, "responses").set_index("response_id")
    kept = processed(analysed, form_id, "raw_text").set_index(["response_id", "question"])
    for row in read_truth(truth_of(form_id)):
        if not row.code:
            assert pd.notna(answers.loc[row.response_key, row.question])
            assert (row.response_key, row.question) in kept.index
            if row.planted == "republic_era_date":
                assert answers.loc[row.response_key, row.question].year in {2011, 2012}


def answers_in(responses, questionnaire) -> Counter[str]:
    """Question -> how many answers one file holds, in the form and in its repeats."""
    frames = {None: responses.main, **responses.repeats}
    return Counter(
        {
            item.name: int(frame[item.name].notna().sum())
            for repeat, frame in frames.items()
            for item in questionnaire.answered(repeat)
        }
    )


@pytest.mark.parametrize("form_id", FORMS)
def test_the_ledger_adds_up(analysed, form_id):
    """By file and question every answer that came back is kept, changed, blanked or set aside.

    How many came back is counted anew, each file read by itself.
    """
    ledger = processed(analysed, form_id, "ledger")
    assert ledger["answers_in"].tolist() == ledger[FATES].sum(axis="columns").tolist()
    questionnaire = load_questionnaires(analysed, [form_id])[form_id]
    files = [row for row in read_manifest(analysed) if row.form == form_id]
    for file in files:
        came_back = answers_in(read_form(analysed, questionnaire, [file]), questionnaire)
        of_it = ledger[ledger["source_file"] == file.source_file]
        counted = dict(zip(of_it["question"], of_it["answers_in"], strict=True))
        assert +Counter(counted) == +came_back
    assert set(ledger["source_file"]) == {file.source_file for file in files}


@pytest.mark.parametrize("form_id", FORMS)
def test_what_is_not_kept_has_its_issue(analysed, form_id):
    """A blanked answer has one issue that says so; set aside are the files that issues name."""
    ledger, issues = (processed(analysed, form_id, name) for name in ("ledger", "issues"))
    blanked = issues[issues["action"] == "blanked"]
    fates = ledger.set_index(["source_file", "question"])
    assert Counter(zip(blanked["source_file"], blanked["question"], strict=True)) == Counter(
        fates["blanked"][fates["blanked"] > 0].to_dict()
    )
    aside = set(ledger.loc[ledger["set_aside"] > 0, "source_file"])
    assert aside == set(issues.loc[issues["action"] == "set_aside", "source_file"])
    assert ledger["changed"].sum() == 0


@pytest.mark.parametrize("form_id", FORMS)
def test_every_response_is_kept_but_those_set_aside(analysed, form_id):
    received = sum(row.form == form_id for row in read_manifest(analysed))
    issues = processed(analysed, form_id, "issues")
    assert len(processed(analysed, form_id, "responses")) == received - sum(
        issues["action"] == "set_aside"
    )


def test_the_set_received_anew_lies_in_raw_as_it_does_here(copied, tmp_path):
    """Every file is known for what it is; those of no known form or version are named as such."""
    sent, study = tmp_path / "sent", tmp_path / "study"
    shutil.copytree(copied / "instruments", study / "instruments")
    listed = read_manifest(open_study(copied))
    for row in listed:
        target = sent / row.origin
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(copied / "raw" / row.file, target)
    said = survey(study, "receive", sent, code=1)
    outcome = Counter(line.partition(":")[0] for line in said.splitlines() if line[0] != " ")
    unknown = {
        row.file
        for form_id in FORMS
        for row in read_truth(truth_of(form_id))
        if row.code == "unrecognised"
    }
    assert outcome == {"received": len(listed) - len(unknown), "unrecognised": len(unknown)}
    assert {Path(row.origin).name for row in listed if row.form == "unrecognised"} == unknown
    again = read_manifest(open_study(study))
    assert [(row.file, row.sha256, row.form, row.version) for row in again] == [
        (row.file, row.sha256, row.form, row.version) for row in listed
    ]


def test_what_came_twice_lies_in_raw_once(copied):
    names = {Path(row.origin).name for row in read_manifest(open_study(copied))}
    twice = {
        row.file
        for form_id in FORMS
        for row in read_truth(truth_of(form_id))
        if row.code == "already_received"
    }
    assert len(twice) == 3
    assert twice & names == set()


def test_raw_is_as_it_was_received(analysed):
    """`survey verify` holds every file against its hash, after everything that was made of it."""
    listed = len(read_manifest(analysed))
    said = survey(analysed.root, "verify").splitlines()
    assert said[0] == f"{listed} files as they were received"
    assert re.fullmatch(r"\d+ files as they were made", said[1])
    assert len(said) == 2
