"""What was planted is found and named right, and nothing else is: receipt, reading, cleaning."""

import datetime as dt
import shutil
from collections import Counter

import pandas as pd
import pytest

from pipeline.cleaning.process import process
from pipeline.returns.manifest import read_manifest
from pipeline.returns.read import read_form
from pipeline.returns.receive import receive
from pipeline.study import Study
from pipeline.synthetic.first_set import first_set
from pipeline.synthetic.returned import ways_of
from pipeline.synthetic.simulate import Respondents, simulate
from pipeline.synthetic.truth import read_truth
from tests.conftest import PROJECT
from tests.synthetic.conftest import FORMS

NOW = dt.datetime(2011, 11, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def empty_study(tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(PROJECT / "instruments", folder / "instruments")
    (folder / "raw").mkdir()
    return Study(folder)


def reported(study, questionnaires, form_id, folder):
    """Everything that receipt and cleaning report, each as often as it is reported."""
    receipts = receive(study, [folder], questionnaires, now=NOW)
    responses = read_form(study, questionnaires[form_id], read_manifest(study))
    cleaned = process(responses, questionnaires[form_id], study.settings)
    at_receipt = [
        ("receipt", receipt.file.rpartition("/")[2], "", "", str(receipt.outcome))
        for receipt in receipts
        if receipt.outcome != "received"
    ]
    issues = cleaned.issues[["response_id", "question", "position", "code"]].astype("str")
    blank = cleaned.issues[["response_id", "question", "position"]].isna()
    issues = issues.mask(blank.reindex(columns=issues.columns, fill_value=False), "")
    in_issues = [("issues", *row) for row in issues.itertuples(index=False, name=None)]
    return Counter([*at_receipt, *in_issues]), cleaned


def planted(path):
    return Counter(
        (
            row.reported_by,
            row.file if row.reported_by == "receipt" else row.response_key,
            row.question,
            row.position,
            row.code,
        )
        for row in read_truth(path)
        if row.code
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2011])
def test_the_first_set_is_seen_through(tmp_path, empty_study, questionnaires, seed):
    """Every planted error of all four forms, and none that was not planted."""
    for path in first_set(empty_study, questionnaires, tmp_path / "sent", seed):
        form_id = path.name.removeprefix("SYNTHETIC-").removesuffix("-truth.csv")
        folder = tmp_path / "sent" / form_id
        found, cleaned = reported(empty_study, questionnaires, form_id, folder)
        assert found == planted(path)
        assert len(cleaned.ledger) > 0


@pytest.mark.parametrize("kind", ["excel", "odk", "table", "excel,odk", "excel,odk,table"])
@pytest.mark.parametrize("form_id", FORMS)
def test_each_kind_of_file_is_seen_through(tmp_path, empty_study, questionnaires, form_id, kind):
    """Whatever the kind of file, one of each kind of error that can happen in it."""
    respondents = Respondents(40, seed=6, ways=ways_of(kind), languages=("zh-Hant", "en", "ja"))
    path = simulate(empty_study, questionnaires[form_id], respondents, tmp_path / "sent")
    folder = tmp_path / "sent" / form_id
    found, _ = reported(empty_study, questionnaires, form_id, folder)
    assert found == planted(path)
    assert len(found) >= 7


def test_a_spelling_is_read_as_what_it_means(tmp_path, empty_study, questionnaires):
    """A date of the Republic's calendar and full-width digits come out as plain values."""
    errors = {"republic_era_date": 3, "year_of_three_digits": 3, "full_width_digits": 3}
    respondents = Respondents(12, seed=6, errors=errors)
    form_id = "organisation_profile"
    path = simulate(empty_study, questionnaires[form_id], respondents, tmp_path / "sent")
    found, cleaned = reported(empty_study, questionnaires, form_id, tmp_path / "sent" / form_id)
    assert found == planted(path)
    main = cleaned.main.set_index("response_id")
    for row in read_truth(path):
        value = main.loc[row.response_key, row.question]
        if row.planted != "full_width_digits":
            assert pd.Timestamp("2011-08-01") <= value <= pd.Timestamp("2011-10-31")
        else:
            assert int(value) >= 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_thousand_responses_are_seen_through(tmp_path, empty_study, questionnaires, seed):
    form_id = "organisation_profile"
    respondents = Respondents(2000, seed=seed, ways=ways_of("table"), languages=("zh-Hant", "en"))
    path = simulate(empty_study, questionnaires[form_id], respondents, tmp_path / "sent")
    found, _ = reported(empty_study, questionnaires, form_id, tmp_path / "sent" / form_id)
    assert found == planted(path)
    assert sum(found.values()) > 500
