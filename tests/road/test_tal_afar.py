"""Tal Afar, 2021: a survey that nobody here made goes the whole road by the command line.

Form, export and correction log are the real ones; so are the clean data and the 479 estimates that
the analysts published. What is demanded of the cleaning and of the estimates is stated once, in
`tests/cleaning/test_real_survey.py` and `tests/estimation/test_real_survey.py`; here the very same
tests are held against the files in processed/.
"""

import os
import re
from pathlib import Path
from types import SimpleNamespace

import lxml.html
import pandas as pd
import pytest

from pipeline.cleaning.corrections_log import read_corrections
from pipeline.estimation.batteries import every_variable
from pipeline.estimation.design import Design, Kind
from pipeline.estimation.sample import Sample
from pipeline.questionnaire.types import Filled
from pipeline.study import Study, open_study
from pipeline.workflow.questionnaires import load_questionnaires
from tests.cleaning.test_real_survey import (  # noqa: F401 - tests and fixtures, asked by name
    SETTINGS,
    folder,
    test_a_column_that_is_absent_is_told_once,
    test_broken_rules_are_told_and_the_answers_stay,
    test_every_cell_is_the_analysts_but_those_that_are_theirs,
    test_every_row_of_the_log_is_accounted_for,
    test_no_old_value_is_refused_for_its_spelling,
    test_the_interviews_are_the_analysts,
    test_the_ledger_adds_up_to_the_export,
)
from tests.conftest import require_tool
from tests.estimation.test_real_survey import (  # noqa: F401 - tests and fixtures, asked by name
    compared,
    published,
    test_bases_are_exact,
    test_estimates_and_limits_agree,
    test_every_published_estimate_is_found_once,
)
from tests.road.accessible import barriers
from tests.road.browser import Browser
from tests.road.command import survey

pytestmark = pytest.mark.xdist_group("tal_afar")

FORM = "tal_afar_water"
STUDY_YAML = """\
timezone: Asia/Baghdad
"""
"""All that the study has to be told: the clock by which times without a zone were written down."""


@pytest.fixture(scope="module")
def said(folder, tmp_path_factory) -> tuple[Study, dict[str, str]]:  # noqa: F811 - the fixture
    """The study, and what each command said."""
    study = tmp_path_factory.mktemp("tal_afar") / "study"
    told = {"init": survey(study, "init", study)}
    (study / "instruments/study.yaml").write_text(STUDY_YAML, encoding="utf-8")
    told["import-form"] = survey(study, "import-form", folder / "form.xlsx")
    returned = [folder / "kobo_export.csv", folder / "cleaning_log.csv"]
    told["receive"] = survey(study, "receive", *returned)
    told["process"] = survey(study, "process")
    return open_study(study), told


@pytest.fixture(scope="module")
def study(said) -> Study:
    return said[0]


@pytest.fixture(scope="module")
def questionnaire(study):
    """The form as `import-form` wrote it into instruments/."""
    return load_questionnaires(study)[FORM]


@pytest.fixture(scope="module")
def log(study) -> pd.DataFrame:
    return read_corrections(study)


@pytest.fixture(scope="module")
def cleaned(study) -> SimpleNamespace:
    """What lies in processed/."""
    tables = {
        path.stem: pd.read_parquet(path) for path in (study.processed / FORM).glob("*.parquet")
    }
    return SimpleNamespace(**tables, main=tables["responses"])


@pytest.fixture(scope="module")
def found(cleaned, published) -> pd.DataFrame:  # noqa: F811 - the fixture
    """Every published question estimated from processed/, as a simple random sample."""
    coded = published.loc[published["choice"].notna(), "main_variable"].unique()
    sample = Sample.draw(cleaned.main, Design(Kind.SRS))
    return every_variable(sample, published["main_variable"].unique(), categorical=coded)


def test_the_study_needs_one_setting(study):
    assert study.settings == SETTINGS


def test_each_command_says_what_it_did(said):
    """The form is named by its form_id, the export known by its columns, the log by its own."""
    _, told = said
    assert [line.split("/")[-1] for line in told["init"].splitlines()] == [
        "study.yaml",
        "0_summary.py",
        "1_fieldwork.py",
        "every_question.py",
        "methods.py",
        ".gitignore",
        "identity.txt",
        "pseudonym.txt",
    ]
    assert told["import-form"].splitlines()[-1].endswith(f"instruments/{FORM}.yaml")
    assert told["receive"] == (
        f"received: kobo_export.csv {FORM} -> raw/{FORM}/c1dc70a8c6e05a3e-kobo_export.csv\n"
        f"  Matched by its columns: 341 of 341 are questions of {FORM}.\n"
        "received: cleaning_log.csv corrections"
        " -> raw/corrections/fca61311a7cec62c-cleaning_log.csv\n"
    )
    assert told["process"] == (
        f"{FORM}: 632 came back, 578 kept, 1321 issues\n"
        "queries: 1104 open, for 1 workbooks in outputs/queries/\n"
    )


def test_the_imported_form_passes_its_check(study):
    """With warnings alone, each with its line: what its authors left unsaid."""
    said = survey(study.root, "check").splitlines()
    heads = [line for line in said if line.startswith("[")]
    assert all(
        re.match(rf"\[\S+\] instruments/{FORM}.yaml:\d+, .*\(warning\)$", line) for line in heads
    )
    assert len(heads) * 2 == len(said)


@pytest.fixture(scope="module")
def report(study) -> Path:
    """The English report, by the notebooks that a new study begins with."""
    survey(study.root, "analyze", environment=os.environ | {"REPORT_LANGUAGE": "en"})
    return study.outputs / "report"


def test_everybody_can_read_its_pages(report, tmp_path):
    """The page with a table for each of 200 questions too."""
    pages = sorted(report.rglob("*.html"))
    assert len(pages) == 5
    assert barriers(pages, tmp_path) == {}


OPEN = "[...document.querySelectorAll('details.fold[open] h3')].map((one) => one.textContent)"
TABLES_SEEN = """
[...document.querySelectorAll("figure.table")].filter((one) => one.checkVisibility()).length
"""


def test_its_200_tables_are_folded_by_group_and_found_all_the_same(report, tmp_path):
    """A link opens its group, print shows all of them, and the contents lead to each table."""
    chromium = require_tool("chromium", "chromium-browser")
    page = report / "en/every_question.html"
    tree = lxml.html.parse(page)
    tables = tree.xpath("//main//figure[@class='table']/@id")
    assert [one[1:] for one in tree.xpath("//nav[@id='contents']//li//li/a/@href")] == tables
    address = page.as_uri()
    with Browser.start(chromium, tmp_path) as browser:
        assert browser.open(address, OPEN).answer == []
        assert browser.open(address, TABLES_SEEN).answer == 0
        linked = browser.open(f"{address}#{FORM}_water_sources", OPEN)
        assert linked.answer == ["Water Sources"]
        assert browser.open(address, TABLES_SEEN, media="print").answer == len(tables)


def test_a_report_needs_no_code(study, questionnaire, report):
    """The notebook of a new study has a table for each question that a person answered."""
    tables = {
        path.stem.removeprefix(f"every_question.{FORM}_")
        for path in (report / "en/tables").glob("*.csv")
    }
    shown = {
        item.name
        for item in questionnaire.items
        if item.question.has_answer and item.question.row.filled is Filled.PERSON
    }
    assert shown - tables == set()
    pages = {path.name for path in (report / "en").glob("*.html")}
    assert pages == {"0_summary.html", "1_fieldwork.html", "every_question.html", "methods.html"}
    summary = (report / "en/0_summary.html").read_text(encoding="utf-8")
    assert summary.count('href="every_question.html#') >= 10
    assert (report / "en/0_summary.docx").is_file()
    assert "SYNTHETIC" not in (report / "index.html").read_text(encoding="utf-8")


def test_the_returned_key_is_kept(cleaned):
    """An answer can be followed back to the interview in KoboToolbox."""
    assert cleaned.main["_uuid"].equals(cleaned.main["response_id"].rename("_uuid"))


def test_what_came_back_twice_is_reported_as_such(study, folder):  # noqa: F811 - the fixture
    again = survey(study.root, "receive", folder / "kobo_export.csv")
    assert again.startswith("already received: kobo_export.csv tal_afar_water")
    assert survey(study.root, "verify").startswith("2 files as they were received\n")
