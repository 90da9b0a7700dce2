"""No name is found outside the encrypted store, and open answers only where docs/security.md says.

Canaries stand in the place of every identifier and every open answer of the SYNTHETIC set. Then
everything that is made, printed or shown in an error is searched, packed files included. Some of
them are dressed as formulas and scripts, which must come out as the texts that they are.
"""

import base64
import csv
import os
import re
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from pipeline.privacy.identifier_file import read_identifiers
from pipeline.privacy.keys import read_identity
from pipeline.spreadsheet_text import NEUTRALISED, restored
from tests.conftest import require_tool
from tests.road.browser import Browser, outside
from tests.security.canaries import CANARY, DRESSES, canaries_in
from tests.security.failures import FAILURES, every_command
from tests.security.forked import survey
from tests.security.marked_study import MarkedStudy, mark_study

pytestmark = [
    pytest.mark.xdist_group("leaks"),
    pytest.mark.skipif(os.name == "nt", reason="Windows has no fork"),
]

OPEN_PLACES = re.compile(
    r"processed/[a-z_]+/(responses|ties|programmes|populations|follow_ups)\.parquet:.*"
    r"|processed/[a-z_]+/(raw_text|queries)\.parquet:.*"
    r"|outputs/(queries|recoding)/[^/]+\.xlsx"
    r"|outputs/recoding/.+"
)
"""Where an open answer may stand; the list of docs/security.md."""

NAMED_PLACES = re.compile(
    r"processed/organisation_profile/responses\.parquet:public_name|outputs/report/.+"
)
"""Where an organisation stands that consented to be named."""

QUOTED_PLACES = re.compile(r"outputs/report/en/2_refugee_acceptance\.(html|ipynb)")
"""Where an open answer stands whose respondent consented to be quoted."""


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> MarkedStudy:
    return mark_study(tmp_path_factory.mktemp("leaks"))


# --- the search itself


def packed_in_each_way(folder: Path) -> None:
    """A canary in a file of each kind that the pipeline makes, and in some that it does not."""
    text = "CANARY-7-ID-x"
    pd.DataFrame({"a": [text]}).to_parquet(folder / "a.parquet")
    pyreadstat.write_sav(pd.DataFrame({"a": [text]}), folder / "a.sav", compress=True)
    pyreadstat.write_dta(pd.DataFrame({"a": [text]}), folder / "a.dta")
    (folder / "a.csv").write_text(f"a\n{text}\n", encoding="utf-16")
    inner = BytesIO()
    for kind, part in (("xlsx", "xl/x.xml"), ("docx", "word/x.xml"), ("ods", "content.xml")):
        with zipfile.ZipFile(folder / f"a.{kind}", "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr(part, f"<a>{text}</a>" * 9)
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("x", text * 9)
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("inner.zip", inner.getvalue())
    drawing = base64.b64encode(f"<svg>{text}</svg>".encode()).decode()
    (folder / "a.html").write_text(f'<img src="data:image/svg+xml;base64,{drawing}">')
    (folder / "a.ipynb").write_text(f'{{"text/html": "<img src=\\"data:;base64,{drawing}\\">"}}')
    (folder / "a.log").write_text(f"Traceback: {text}")


def test_a_canary_is_found_in_each_kind_of_file(tmp_path):
    packed_in_each_way(tmp_path)
    places = {place.partition(":")[0] for place in canaries_in(tmp_path)["CANARY-7-ID-x"]}
    assert places == {path.name for path in tmp_path.iterdir()}


def test_the_canaries_came_back_and_were_read(marked):
    """Otherwise nothing below shows anything: names are in the encrypted store, texts in tables."""
    study = marked.study
    path = study.processed / "organisation_profile" / "identifiers.age"
    identity = read_identity(study.keys / "identity.txt", shown="")
    kept = read_identifiers(path, identity, shown="")
    names = {value for value in kept["value"] if CANARY.search(value)}
    assert len(names) > 100
    assert {"contact_name", "contact_mail", "org_name_zh"} <= set(kept["question"])
    assert len([one for one in marked.found if "-OPEN-" in one]) > 50
    assert len(marked.quoted) > 1
    made = {place for places in marked.found.values() for place in places}
    assert {Path(place).suffix for place in made} >= {".html", ".ipynb", ".csv", ".xlsx"}


# --- names and open answers


def test_no_identifier_is_in_anything_that_is_made(marked):
    """But the name of an organisation that consented to be named."""
    leaked = {one: places for one, places in marked.found.items() if "-ID-" in one}
    assert leaked.keys() <= marked.consented
    places = {place for found in leaked.values() for place in found}
    assert {place for place in places if not NAMED_PLACES.fullmatch(place)} == set()


def test_open_answers_are_only_where_it_is_said(marked):
    """Tables, queries and recoding workbooks; the report quotes whoever consented, and nobody else.

    Pages, notebooks, tables, figures, delivered data and notes of the run are searched.
    """
    opened = {one: places for one, places in marked.found.items() if "-OPEN-" in one}
    elsewhere = {
        one: {place for place in places if not OPEN_PLACES.fullmatch(place)}
        for one, places in opened.items()
    }
    elsewhere = {one: places for one, places in elsewhere.items() if places}
    assert elsewhere.keys() == marked.quoted
    quoted_at = {place for places in elsewhere.values() for place in places}
    assert {place for place in quoted_at if not QUOTED_PLACES.fullmatch(place)} == set()


def test_files_with_answers_are_their_owners_alone(marked):
    """Whatever holds an open answer or a name, and all of processed/, raw/ and the data."""
    study = marked.study
    paths = {place.partition(":")[0] for found in marked.found.values() for place in found}
    paths = {path for path in paths if not path.startswith("outputs/report/")}
    paths |= {
        path.relative_to(study.root).as_posix()
        for top in (study.raw, study.processed, study.outputs / "data")
        for path in top.rglob("*")
        if path.suffix in {".parquet", ".age", ".csv", ".sav", ".dta", ".xlsx", ".xml"}
    }
    shared = {path for path in paths if (study.root / path).stat().st_mode & 0o077}
    assert shared == set()


def test_no_command_prints_an_answer(marked):
    assert CANARY.findall(marked.said) == []


# --- commands that fail


def test_each_command_is_made_to_fail(tmp_path):
    """The list of failures leaves no command out."""
    form = tmp_path / "raw/organisation_profile"
    processed = tmp_path / "processed/organisation_profile"
    for folder in (form, processed, tmp_path / "instruments/synthetic/keys"):
        folder.mkdir(parents=True)
    (tmp_path / "instruments/synthetic/keys/identity.txt").touch()
    (tmp_path / "instruments/organisation_profile.yaml").touch()
    (tmp_path / "outputs/data/organisation_profile").mkdir(parents=True)
    tried = set()
    for fail in FAILURES:
        shutil.rmtree(tmp_path / "keys", ignore_errors=True)
        shutil.rmtree(tmp_path / "hostile", ignore_errors=True)
        (tmp_path / "instruments/synthetic/keys").mkdir(exist_ok=True)
        (tmp_path / "instruments/synthetic/keys/identity.txt").touch()
        (form / "a.xml").touch()
        (form / "a.xlsx").touch()
        pd.DataFrame({"response_id": ["a"]}).to_parquet(processed / "responses.parquet")
        command = [str(word) for word in fail(tmp_path)]
        tried.add(" ".join(command[: 1 + (command[0] in {"keys", "translations"})]))
    assert tried == set(every_command())


@pytest.mark.parametrize("fail", FAILURES, ids=lambda work: work.__name__)
def test_a_command_that_fails_shows_no_answer_and_no_traceback(marked, tmp_path, fail):
    """Each failure says what to do, and says it without what somebody answered."""
    study = tmp_path / "study"
    left_out = shutil.ignore_patterns("report", "forms", "restricted", "translations")
    shutil.copytree(marked.study.root, study, ignore=left_out)
    code, said = survey(study, *fail(study))
    assert code == 1, said
    assert re.search(r"^\[[A-Z]+-\d{3}\] |^(unrecognised|refused): ", said, re.MULTILINE), said
    assert CANARY.findall(said) == []
    assert "Traceback" not in said
    assert "[CLI-002]" not in said, said
    reasons = study / "raw/unrecognised/REASONS.csv"
    assert not reasons.exists() or CANARY.findall(reasons.read_text()) == []


# --- answers that look like something else

RAN = (
    "[document.title, document.querySelectorAll('[onerror],[onload],[src=x]').length + "
    "[...document.scripts].filter(one => one.textContent.includes('document.title')).length]"
)
SHOWN = "document.body.innerText"


@pytest.fixture(scope="module")
def pages(marked, tmp_path_factory) -> dict[str, str]:
    """Each page of the report that shows an answer dressed as a script -> what a reader sees."""
    chromium = require_tool("chromium", "chromium-browser")
    report = marked.study.outputs / "report"
    shown = {}
    with Browser.start(chromium, tmp_path_factory.mktemp("profile")) as browser:
        for path in sorted(report.rglob("*.html")):
            if "document.title" not in path.read_text(encoding="utf-8"):
                continue
            titled = browser.open(path.as_uri(), "document.title").answer
            waited = f"new Promise(done => setTimeout(() => done({RAN}), 300))"
            opened = browser.open(path.as_uri(), waited)
            assert (opened.answer, opened.complaints) == ([titled, 0], [])
            assert outside(opened.requests) == []
            assert {Path(address).name for address in opened.requests} <= {path.name, ""} | {
                Path(address).name for address in opened.requests if address.startswith("data:")
            }
            assert titled != "ran"
            shown[path.name] = browser.open(path.as_uri(), SHOWN).answer
    return shown


def test_a_script_in_an_answer_does_not_run_in_chromium(pages, marked):
    """In excerpts, cards, tables and the names on them it is shown as the text that it is."""
    assert {"2_refugee_acceptance.html", "3_potential_partners.html"} <= pages.keys()
    assert re.search(r"=<script>document\.title='ran'</script>CANARY", "".join(pages.values()))
    quoted = [one for one in marked.quoted if one in pages["2_refugee_acceptance.html"]]
    assert frozenset(quoted) == marked.quoted
    assert "document.title='ran'" in pages["3_potential_partners.html"]


def dressed_texts(texts: "list[str]") -> set[str]:
    return {text for text in texts if CANARY.search(text) and not text.startswith("CANARY")}


WORN = re.compile("|".join(re.escape(dress).replace(r"\{\}", CANARY.pattern) for dress in DRESSES))


def test_no_csv_begins_a_cell_like_a_formula_and_each_text_can_be_given_back(marked):
    """One apostrophe before it, which can be taken away again."""
    dressed = set()
    for path in marked.study.outputs.rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        live = [cell for cell in cells if cell.startswith(NEUTRALISED) and cell[0] != "'"]
        assert [cell for cell in live if not re.fullmatch(r"-[0-9.e-]+", cell)] == []
        dressed |= {restored(cell) for cell in cells if "CANARY" in cell}
    worn = {text for text in dressed if WORN.fullmatch(text)}
    assert len(worn) > 3
    assert dressed_texts(list(dressed)) == worn


def test_no_workbook_works_an_answer_out_and_each_text_is_there_as_it_came(marked):
    """Tables of the report, queries and recoding workbooks."""
    texts = set()
    for path in marked.study.outputs.rglob("*.xlsx"):
        if path.is_relative_to(marked.study.outputs / "translations"):
            continue
        for sheet in openpyxl.load_workbook(path).worksheets:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                if not isinstance(cell.value, str) or "CANARY" not in cell.value:
                    continue
                assert cell.data_type == "s", (path.name, sheet.title, cell.coordinate)
                texts.add(cell.value)
                if cell.value.startswith(NEUTRALISED):
                    assert cell.quotePrefix, (path.name, sheet.title, cell.coordinate)
    assert len([text for text in texts if WORN.fullmatch(text)]) > 3
