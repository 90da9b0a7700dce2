"""Every kind of error at once, around the answers too: each is found and named, and nothing else.

The form has a version before it, from which a question was renamed, a choice renamed and a question
dropped, and a question for the interview that a back-check checks. What is left out of the count is
what drawn respondents do by chance as real ones do, and no error: numbers far from the others, a
battery answered all alike, an interviewer unlike the others.
"""

import datetime as dt
import os
from collections import Counter

import pandas as pd
import pytest

from pipeline.cleaning.corrections_log import read_corrections
from pipeline.cleaning.fieldwork_checks import with_queries
from pipeline.cleaning.process import process
from pipeline.questionnaire.model import Change, Question
from pipeline.returns.manifest import read_manifest
from pipeline.returns.read import read_form
from pipeline.returns.receive import receive
from pipeline.study import Study
from pipeline.synthetic.around import AROUND
from pipeline.synthetic.file_errors import FILE_ERRORS
from pipeline.synthetic.planted import ERROR_KINDS
from pipeline.synthetic.returned import ways_of
from pipeline.synthetic.simulate import Respondents, simulate
from pipeline.synthetic.truth import read_truth
from tests.conftest import PROJECT
from tests.synthetic.test_found import planted

FORM = "organisation_profile"
NOW = dt.datetime(2011, 11, 1, 9, tzinfo=dt.UTC)
BY_CHANCE = {
    "outlier",
    "straight_line",
    "short_interview",
    "long_interview",
    "interviewer_missing",
    "interviewer_dont_know",
    "interviewer_agreement",
}
FATES = ["kept", "changed", "blanked", "set_aside"]
WAYS = ways_of("excel,excel,odk,odk,odk,odk,odk,table,table,table")


def with_a_past(form):
    """The form with what it needs for every kind: an older version, and originals."""
    changes = (
        Change(version="2011.05.1"),
        Change(
            version=form.version,
            rename={"kind_of_body": "org_kind"},
            choices={"legal_form": {"corporation": "foundation"}},
            dropped=("fax_number",),
        ),
    )
    further = (
        Question(name="original_interview", type="hidden"),
        Question(
            name="number_of_networks", type="calculate", calculation="count-selected(${networks})"
        ),
    )
    return form.model_copy(update={"survey": (*form.survey, *further), "changes": changes})


@pytest.fixture
def past(study, tmp_path, questionnaires):
    """A study with that form, nothing received yet; its settings name the originals' question."""
    (tmp_path / "study/raw").mkdir(parents=True)
    (tmp_path / "study/instruments").symlink_to(PROJECT / "instruments")
    made = Study(tmp_path / "study")
    roles = made.settings.roles[FORM].model_copy(update={"original": "original_interview"})
    settings = made.settings.model_copy(update={"roles": {FORM: roles}})
    made.__dict__["settings"] = settings
    return made, {FORM: with_a_past(questionnaires[FORM])}


def seen_through(past, tmp_path, n, seed, each):
    """Plant, receive, read, clean, ask: what was reported, what was planted, the ledger."""
    study, forms = past
    around = {kind: 1 if kind == "undeclared_question" else each for kind in AROUND}
    respondents = Respondents(
        n, seed=seed, ways=WAYS, languages=("zh-Hant", "en", "ja"), around=around
    )
    truth = simulate(study, forms[FORM], respondents, tmp_path / "sent")
    receipts = receive(study, [tmp_path / "sent" / FORM], forms, now=NOW)
    responses = read_form(study, forms[FORM], read_manifest(study))
    cleaned = process(responses, forms[FORM], study.settings, read_corrections(study))
    cleaned = with_queries(cleaned, forms[FORM], study.settings)
    issues = cleaned.issues[~cleaned.issues["code"].isin(BY_CHANCE)]
    place = ["response_id", "question", "position"]
    shown = issues[place].astype("str").where(issues[place].notna(), "").assign(code=issues["code"])
    found = Counter(("issues", *row) for row in shown.itertuples(index=False, name=None))
    found += Counter(
        ("receipt", receipt.file.rpartition("/")[2], "", "", str(receipt.outcome))
        for receipt in receipts
        if receipt.outcome != "received"
    )
    return found, truth, cleaned


def held(found, truth, cleaned):
    """What was planted is what was found; what was read without an issue is there.

    A date in another year breaks its constraint and lies outside the fieldwork: one error, of which
    two checks tell.
    """
    expected = planted(truth)
    cells = {(row.response_key, row.question): row.planted for row in read_truth(truth)}
    again = {row for row in found if row[-1] == "outside_fieldwork"}
    assert {cells[row[1], row[2]] for row in again} <= {"broken_constraint"}
    assert found == expected + Counter(again)
    assert (cleaned.ledger["answers_in"] == cleaned.ledger[FATES].sum(axis="columns")).all()
    main = cleaned.main.set_index("response_id")
    older = [row for row in read_truth(truth) if row.planted == "older_name"]
    assert len(older) > 0
    assert main.loc[[row.response_key for row in older], "org_kind"].notna().all()


def test_every_kind_of_error_is_found_and_nothing_else_is(past, tmp_path):
    """35 kinds in 150 responses."""
    found, truth, cleaned = seen_through(past, tmp_path, n=150, seed=5, each=1)
    held(found, truth, cleaned)
    assert {row.planted for row in read_truth(truth)} == {*ERROR_KINDS, *FILE_ERRORS, *AROUND}
    assert len({*ERROR_KINDS, *FILE_ERRORS, *AROUND}) == 35


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_thousand_responses_are_seen_through(past, tmp_path, seed):
    found, truth, cleaned = seen_through(past, tmp_path, n=2000, seed=seed, each=5)
    held(found, truth, cleaned)
    if target := os.environ.get("PLANTED_FIGURES"):
        rows = [(seed, row.planted, row.code) for row in read_truth(truth)]
        pd.DataFrame(rows).to_csv(target, mode="a", header=False, index=False)
