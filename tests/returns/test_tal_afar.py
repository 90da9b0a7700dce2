"""A real KoboToolbox export, 632 interviews that nobody here wrote, comes in whole."""

import csv

import pytest

from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.returns.manifest import read_manifest, verify
from pipeline.returns.read import read_form
from pipeline.returns.receive import receive
from tests.returns.conftest import NOW

FORM = "tal_afar_water"


@pytest.fixture(scope="module")
def real(shared_dir):
    return shared_dir / "real-survey"


@pytest.fixture(scope="module")
def form(real):
    return read_xlsform(real / "form.xlsx")[0]


@pytest.fixture
def receipts(study, form, real):
    files = [real / name for name in ("kobo_export.csv", "cleaning_log.csv", "sample_frame.csv")]
    return receive(study, files, {FORM: form}, now=NOW)


def test_export_and_log_are_known_by_their_columns(study, receipts):
    """The export is matched to its form, the log to the corrections, the frame to nothing."""
    assert [(r.file, r.outcome, r.form, r.reason.split(".")[0]) for r in receipts] == [
        (
            "kobo_export.csv",
            "received",
            FORM,
            f"Matched by its columns: 341 of 341 are questions of {FORM}",
        ),
        ("cleaning_log.csv", "received", "corrections", ""),
        (
            "sample_frame.csv",
            "unrecognised",
            "",
            "Its headings are not the question names of any form",
        ),
    ]
    assert verify(study) == []


def test_every_cell_is_as_it_came(study, form, real, receipts):
    """632 rows by 348 columns, each cell equal as text to the CSV's own."""
    read = read_form(study, form, read_manifest(study))
    with (real / "kobo_export.csv").open(encoding="utf-8-sig", newline="") as stream:
        headings, *rows = csv.reader(stream)
    frame = read.main[headings]
    assert frame.shape == (632, 348)
    cells = [tuple(cell or None for cell in row) for row in rows]
    ours = frame.astype(object).where(frame.notna(), None)
    assert list(ours.itertuples(index=False, name=None)) == cells
    assert list(read.main["response_id"]) == list(read.main["_uuid"])
    assert list(read.main["source_row"]) == list(range(2, 634))


def test_absent_columns_are_one_issue_each(study, form, receipts):
    """66 questions of the form have no column in the export; nothing else is noticed."""
    read = read_form(study, form, read_manifest(study))
    assert set(read.issues["code"]) == {"absent_column"}
    assert len(read.issues) == 66
    absent = list(read.issues["question"])
    assert len(set(absent)) == 66
    assert read.main[absent].isna().all(axis=None)


def test_the_form_itself_is_not_a_return(study, form, real):
    """Who sends the XLSForm by mistake is told what to do with it."""
    [receipt] = receive(study, [real / "form.xlsx"], {FORM: form}, now=NOW)
    assert (receipt.outcome, receipt.reason) == (
        "unrecognised",
        "This is an XLSForm, not a return. Use: survey import-form.",
    )
