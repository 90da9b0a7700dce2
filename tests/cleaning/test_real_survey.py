"""Tal Afar, 2021: a real export and its analysts' own log give the analysts' own clean data."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.cleaning.compare import compare
from pipeline.cleaning.process import process
from tests.cleaning.real_survey import (
    MARK,
    SETTINGS,
    TARGET,
    compared,
    form_of,
    log_of,
    table,
    written,
)

LEFT_IN_STEP = {"water_sources": 2, "treat_drink_water_how": 2}
WRITTEN_BY_R = {"spend_tap": 8}


@pytest.fixture(scope="module")
def folder(shared_dir: Path) -> Path:
    return shared_dir / "real-survey"


@pytest.fixture(scope="module")
def questionnaire(folder):
    return form_of(folder)


@pytest.fixture(scope="module")
def log(folder) -> pd.DataFrame:
    return log_of(folder)


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


def test_our_own_checks_would_have_raised_half_of_what_the_analysts_did(folder):
    """Made from the form alone, on the raw 632: 44 of their 51 answers, 10 of 55 removals.

    docs/real-survey.md shows the same tables. Beyond the reach of any rule are the 32 pilot
    interviews and what an enumerator remembered.
    """
    found = compared(folder)
    by_rule = found.by_rule.set_index("code")
    assert by_rule["found"].to_dict() == {
        "long_interview": 53,
        "not_a_choice": 632 + 35,
        "outlier": 116,
        "required": 438,
        "same_day": 34,
        "short_interview": 4,
    }
    asked = found.by_intervention.set_index("intervention")
    removals = asked.index.str.startswith("remove_survey")
    assert asked[~removals].sum().to_dict() == {"rows": 51, "raised": 44}
    assert asked[removals].sum().to_dict() == {"rows": 55, "raised": 10}
    assert written(found) == MARK + TARGET.read_text(encoding="utf-8").partition(MARK)[2]


def test_the_ledger_adds_up_to_the_export(cleaned, folder, questionnaire):
    """Every answer of the export is kept, changed, blanked or set aside."""
    raw = pd.read_csv(folder / "kobo_export.csv", dtype="str", keep_default_na=False)
    questions = [name for name in raw.columns if name in questionnaire.by_name]
    counts = cleaned.ledger[["kept", "changed", "blanked", "set_aside"]].sum().to_dict()
    assert cleaned.ledger["answers_in"].sum() == (raw[questions] != "").sum().sum() == 54473
    assert counts == {"kept": 49797, "changed": 42, "blanked": 5, "set_aside": 4629}
