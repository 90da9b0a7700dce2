"""Tal Afar, 2021: a real export and its analysts' own log give the analysts' own clean data."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.cleaning.compare import compare
from pipeline.cleaning.corrections_log import read_log
from pipeline.cleaning.fieldwork_checks import fieldwork_checks
from pipeline.cleaning.process import process
from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.responses import Responses
from pipeline.returns.source import SourceFile
from pipeline.returns.table import read_table
from pipeline.store import sha256_file
from pipeline.study import Settings

SETTINGS = Settings(timezone="Asia/Baghdad")
"""The study.yaml of this survey: one line."""

LEFT_IN_STEP = {"water_sources": 2, "treat_drink_water_how": 2}
WRITTEN_BY_R = {"spend_tap": 8}


@pytest.fixture(scope="module")
def folder(shared_dir: Path) -> Path:
    return shared_dir / "real-survey"


@pytest.fixture(scope="module")
def questionnaire(folder):
    return read_xlsform(folder / "form.xlsx", form_id="tal_afar")[0]


def table(path: Path, questionnaire) -> Responses:
    source = SourceFile(
        path, f"raw/tal_afar/{path.name}", sha256_file(path), "2021-07-20T00:00:00Z"
    )
    return read_table(source, questionnaire)


@pytest.fixture(scope="module")
def log(folder) -> pd.DataFrame:
    path = folder / "cleaning_log.csv"
    return read_log(path, shown="raw/corrections/cleaning_log.csv").assign(form_id="tal_afar")


@pytest.fixture(scope="module")
def cleaned(folder, questionnaire, log):
    responses = table(folder / "kobo_export.csv", questionnaire)
    return process(responses, questionnaire, SETTINGS, log)


def test_the_interviews_are_the_analysts(cleaned, folder):
    """Exactly the 578 interviews that the analysts kept are left."""
    expected = pd.read_csv(folder / "expected_clean.csv", dtype="str", usecols=["_uuid"])
    assert set(cleaned.main["response_id"]) == set(expected["_uuid"])
    assert len(cleaned.main) == 578


def test_every_cell_is_the_analysts_but_those_that_are_theirs(cleaned, folder, questionnaire):
    """12 cells of 578 interviews differ, each for a reason that is the analysts'.

    They ticked a choice column and left the question's own text as it was (4 cells), where we keep
    the two in step; and R wrote eight zeros of `spend_tap` as `False`, which is no number.
    """
    differences = compare(
        cleaned.main,
        table(folder / "expected_clean.csv", questionnaire),
        questionnaire,
        SETTINGS,
    )
    assert set(differences["differs"]) == {"answer"}
    assert differences["column"].value_counts().to_dict() == LEFT_IN_STEP | WRITTEN_BY_R


def test_every_row_of_the_log_is_accounted_for(cleaned, log):
    """The 106 rows that ask for something are each one issue: what became of it, and why."""
    told = cleaned.issues[cleaned.issues["stage"] == "corrections"]
    assert len(told) == (log["change_type"] != "no_action").sum() == 106
    assert told.groupby(["code", "action"]).size().to_dict() == {
        ("correction_applied", "changed"): 46,
        ("correction_applied", "blanked"): 3,
        ("correction_repeated", "none"): 3,
        ("removed_by_correction", "set_aside"): 54,
    }
    repeated = told[told["code"] == "correction_repeated"]
    assert list(repeated["source_place"]) == ["row 13", "row 14", "row 680"]


def test_no_old_value_is_refused_for_its_spelling(cleaned):
    """`0` guards False, `45` guards 45.0: all 13 old values fit by type, 7 of them as text."""
    assert "correction_unfit" not in set(cleaned.issues["code"])


def test_broken_rules_are_told_and_the_answers_stay(cleaned):
    """What the form alone finds: the anonymised codes, and blanks that had to be answered."""
    told = cleaned.issues[cleaned.issues["code"].isin(["not_a_choice", "required", "constraint"])]
    assert told.groupby(["code", "question"]).size().to_dict() == {
        ("not_a_choice", "neighbourhood"): 578,
        ("not_a_choice", "pay_water_charges_when"): 35,
        ("required", "spend_piped"): 393,
        # asked only since two corrections ticked the borehole
        ("required", "days_available_borehole"): 2,
        ("required", "hours_available_borehole"): 2,
        ("required", "satisfaction_borehole"): 2,
        ("required", "spend_borehole"): 2,
        ("required", "tank_store_borehole"): 2,
    }
    assert set(told["action"]) == {"none"}


def test_a_column_that_is_absent_is_told_once(cleaned):
    """66 questions have no column in the export: 66 issues, none of them by row."""
    absent = cleaned.issues[cleaned.issues["code"] == "absent_column"]
    assert len(absent) == 66
    told = cleaned.issues[cleaned.issues["code"] != "absent_column"]
    assert not set(absent["question"]) & set(told["question"].dropna())


def test_our_own_checks_would_have_raised_some_of_the_analysts_changes(folder, questionnaire, log):
    """Made from the form alone, on the raw 632: rules and queries, and what the analysts changed.

    The answers that they found by reading along (a date of return copied from the day of the
    interview) break no rule of the form, and no check of ours finds them.
    """
    raw = process(table(folder / "kobo_export.csv", questionnaire), questionnaire, SETTINGS)
    queries = fieldwork_checks(raw, questionnaire, SETTINGS)
    assert raw.issues["code"].value_counts().to_dict() == {
        "not_a_choice": 632 + 35,
        "required": 438,
        "absent_column": 66,
    }
    assert queries["code"].value_counts().to_dict() == {"long_interview": 87, "outlier": 75}
    odd = set(zip(queries["response_id"], queries["question"], strict=True))
    changes = log[log["change_type"] == "change_response"]
    found = [
        key for key in zip(changes["response_id"], changes["question"], strict=True) if key in odd
    ]
    assert (len(found), len(changes)) == (3, 48)


def test_the_ledger_adds_up_to_the_export(cleaned, folder, questionnaire):
    """Every answer of the export is kept, changed, blanked or set aside."""
    raw = pd.read_csv(folder / "kobo_export.csv", dtype="str", keep_default_na=False)
    questions = [name for name in raw.columns if name in questionnaire.by_name]
    counts = cleaned.ledger[["kept", "changed", "blanked", "set_aside"]].sum().to_dict()
    assert cleaned.ledger["answers_in"].sum() == (raw[questions] != "").sum().sum() == 54473
    assert counts == {"kept": 49797, "changed": 42, "blanked": 5, "set_aside": 4629}
