"""Whoever withdraws consent is in nothing that is made; that it was so stays on record."""

import csv
import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import SurveyError
from pipeline.privacy.consent import retention, withdraw, withdrawn
from pipeline.study import Study, open_study
from pipeline.workflow.delivered import deliver
from pipeline.workflow.init import init_study
from pipeline.workflow.people import identify
from pipeline.workflow.returned import process, receive, verify
from pipeline.workflow.traced import trace
from pipeline.workflow.verified import verify_all

NOW = dt.datetime(2011, 9, 2, 8, 15, tzinfo=dt.UTC)
FORM = """\
form_id: visit
version: "1"
title: SYNTHETIC visit
choices:
  yes_no:
    - {name: "yes", label: "Yes"}
    - {name: "no", label: "No"}
survey:
  - {name: who, type: text, label: Name, sensitivity: identifier}
  - {name: age, type: integer, label: Age, constraint: ". < 100"}
  - repeat: children
    label: Children
    questions:
      - {name: nick, type: text, label: Nickname, sensitivity: identifier}
      - {name: years, type: integer, label: Years}
"""
GONE = "CANARYkey2"
SUBMISSION = (
    '<visit id="visit" version="1"><who>SYNTHETIC {name}</who><age>{age}</age>'
    "<children><nick>SYNTHETIC c{name}</nick><years>3</years></children>"
    "<meta><instanceID>uuid:{key}</instanceID></meta></visit>"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("consent") / "study"
    init_study(folder)
    (folder / "instruments" / "visit.yaml").write_text(FORM)
    inbox = folder.parent / "in"
    inbox.mkdir()
    for number, (age, key) in enumerate([(30, "key1"), (300, GONE), (31, "key3")], 1):
        text = SUBMISSION.format(name=number, age=age, key=key)
        (inbox / f"{number}.xml").write_text(text)
    study = open_study(folder)
    receive(study, [inbox], None)
    process(study)
    return folder


@pytest.fixture
def study(made, tmp_path) -> Study:
    shutil.copytree(made, tmp_path / "study")
    return open_study(tmp_path / "study")


def table(study: Study, name: str) -> pd.DataFrame:
    return pd.read_parquet(study.processed / "visit" / f"{name}.parquet")


def test_a_withdrawn_response_is_in_no_table_and_leaves_a_record(study):
    before = table(study, "ledger")
    assert withdraw(study, ["visit"], GONE, now=NOW)
    process(study)
    assert list(table(study, "responses")["response_id"]) == ["key1", "key3"]
    assert set(table(study, "children")["response_id"]) == {"key1", "key3"}
    issues = table(study, "issues")
    told = issues[issues["response_id"] == GONE]
    assert list(told["code"]) == ["consent_withdrawn"]
    assert list(told["action"]) == ["set_aside"]
    after = table(study, "ledger")
    of_file = after[after["source_file"] == told["source_file"].iloc[0]]
    assert (of_file["answers_in"] == of_file["set_aside"]).all()
    assert of_file["answers_in"].sum() == 4
    assert after["answers_in"].sum() == before["answers_in"].sum()


def test_its_answers_are_in_no_file_that_is_made(study):
    """Neither in the clear nor encrypted: what identifies is not encrypted again."""
    sizes = (study.processed / "visit" / "identifiers.age").stat().st_size
    withdraw(study, ["visit"], GONE, now=NOW)
    process(study)
    assert (study.processed / "visit" / "identifiers.age").stat().st_size < sizes
    for path in study.processed.rglob("*.parquet"):
        if path.stem != "issues":
            assert GONE not in pd.read_parquet(path).astype("str").to_csv(), path.name
    with pytest.raises(SurveyError) as error:
        trace(study, ["visit", GONE])
    assert [problem.code for problem in error.value.problems] == ["WORK-006"]


def test_the_returned_file_stays_as_it_was_received(study):
    """Deleting it is a decision of people, and leaves a gap that survey verify names."""
    withdraw(study, ["visit"], GONE, now=NOW)
    process(study)
    assert verify(study) == 3


def test_the_register_has_one_line_and_only_grows(study):
    path = study.raw / "_register" / "withdrawals.csv"
    assert withdraw(study, ["visit"], GONE, reason="asked us", now=NOW)
    before = path.read_bytes()
    assert not withdraw(study, ["visit"], GONE, now=NOW)
    assert path.read_bytes() == before
    withdraw(study, ["visit"], "key1", now=NOW)
    assert path.read_bytes().startswith(before)
    assert withdrawn(study) == {GONE, "key1"}
    heading, line, _ = csv.reader(path.open())
    assert heading == ["at", "by", "response_id", "reason"]
    assert [line[0], *line[2:]] == ["2011-09-02T08:15:00Z", GONE, "asked us"]


def test_a_key_that_nobody_has_is_a_problem_and_not_a_line(study):
    """A mistyped key would leave somebody in the tables without a word."""
    with pytest.raises(SurveyError) as error:
        withdraw(study, ["visit"], "nobody", now=NOW)
    assert [problem.code for problem in error.value.problems] == ["CONS-001"]
    assert withdrawn(study) == frozenset()


@pytest.mark.parametrize(("day", "passed"), [("2011-09-02", False), ("2011-09-01", True)])
def test_the_day_until_which_answers_may_be_kept(study, day, passed):
    """Told from the day after it."""
    path = study.instruments / "study.yaml"
    path.write_text(path.read_text() + f"\nretain_until: {day}\n")
    told = retention(open_study(study.root), NOW.date())
    assert (told is not None) == passed
    assert told is None or (told.code, day in told.message) == ("CONS-002", True)


@pytest.fixture
def delivered(study) -> Study:
    """With everything that is made only when somebody asks for it."""
    for restricted in (False, True):
        deliver(study, language=None, restricted=restricted)
    return study


def test_delivered_data_of_a_withdrawn_response_are_taken_away_and_told(delivered):
    """Both editions; what is delivered afterwards stays."""
    withdraw(delivered, ["visit"], GONE, now=NOW)
    said = [line for line in process(delivered) if line.startswith("withdrawn: ")]
    assert [line.split()[1] for line in said] == [
        "outputs/data/visit",
        "outputs/restricted/data/visit",
    ]
    assert all("survey deliver makes it again" in line for line in said)
    left = (path for path in (delivered.outputs / "data").rglob("*") if path.is_file())
    assert list(left) == []
    deliver(delivered, language=None)
    assert not [line for line in process(delivered) if line.startswith("withdrawn: ")]
    everything = [path for path in delivered.outputs.rglob("*") if path.is_file()]
    holding = [path for path in everything if GONE.encode() in path.read_bytes()]
    assert [path.name for path in holding] == []
    verify_all(delivered)


def test_nothing_is_delivered_of_what_was_withdrawn_since_the_cleaning(study):
    withdraw(study, ["visit"], GONE, now=NOW)
    with pytest.raises(SurveyError) as error:
        deliver(study, language=None)
    assert [problem.code for problem in error.value.problems] == ["WORK-013"]
    with pytest.raises(SurveyError) as error:
        identify(study, GONE, key=None, reason="")
    assert [problem.code for problem in error.value.problems] == ["KEYS-006"]
