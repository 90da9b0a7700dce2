"""`survey audit` reads every kind of file that leaves: a small count put into one of them is found.

Each test puts one number (3 or 7, which nothing shows) into one file of a report that passes.
"""

import base64
import json
import re
import shutil
import zipfile

import docx
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from lxml import html
from typer.testing import CliRunner

from pipeline.analysis.collect import protect_together
from pipeline.analysis.report import languages_of, notebooks, render_index, run_notebook
from pipeline.cli import app
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.study import open_study
from tests.analysis.conftest import FORM
from tests.analysis.drawn import study_of, write_answers

KINDS = ["ngo"] * 30 + ["office"] * 30
COLOURS = ["red"] * 27 + ["green"] * 3 + ["red"] * 12 + ["blue"] * 18
NOTEBOOK = """\
# ---
# jupyter:
#   titles: {en: First page, zh-Hant: 第一頁, ja: 最初のページ}
# ---

# %%
from pipeline.analysis.figures import bar
from pipeline.analysis.findings import Source
from pipeline.analysis.page import Page
from pipeline.analysis.tables import question_table

page = Page.open(notebook="1_first")
dataset = page.dataset("little")

# %%
page.table(question_table(dataset, "kind"))
table = question_table(dataset, "colour")
page.table(table)
page.figure(bar(table, page.language), table.name, table.title)
page.table(question_table(dataset, "colour", by="kind"))

# %%
source = Source.of(question_table(dataset, "kind"), "1_first", dataset)
told = {"came": source.said(source.last, "count"), "kept": source.said(0, "count")}
page.findings([("What came back", [source.finding("summary_returns", **told)])])
"""
REPORT = "outputs/report/en"
HIDDEN = '<td class="number count hidden">[c]</td>'


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """A SYNTHETIC report of one page in three languages, protected together and rendered."""
    study = study_of(tmp_path_factory.mktemp("study"), FORM)
    write_answers(study, FORM, pd.DataFrame({"kind": KINDS, "colour": COLOURS}))
    (study.notebooks / "1_first.py").write_text(NOTEBOOK, encoding="utf-8")
    protect_together(study, notebooks(study), "en")
    for notebook in notebooks(study):
        run_notebook(study, notebook, languages_of(study))
    render_index(study, languages_of(study))
    return study.root


@pytest.fixture
def study(rendered, tmp_path):
    """A copy of it, to be tampered with."""
    shutil.copytree(rendered, tmp_path / "copy")
    return open_study(tmp_path / "copy")


def audited(study) -> str:
    """What `survey audit` says of a leak; it ends with code 1."""
    done = CliRunner().invoke(app, ["--study", str(study.root), "audit"])
    assert done.exit_code == 1, done.output
    assert not re.search(r"(?<![\w.-])[37](?![\w.-])", done.output.replace("DISC-003", ""))
    return done.output


def replace_in(file, old, new, count=1):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, count), encoding="utf-8")


def test_an_untouched_report_passes_and_what_cannot_be_read_is_named(study):
    done = CliRunner().invoke(app, ["--study", str(study.root), "audit"])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "public: 9 tables and codebooks held together at 10",
        "data: 0 forms held to 5 responses alike",
        "not audited: outputs/report/en/figures/1_first.little_colour.png",
        "not audited: outputs/report/index.html",
        "not audited: outputs/report/ja/figures/1_first.little_colour.png",
        "not audited: outputs/report/zh-Hant/figures/1_first.little_colour.png",
    ]


def test_a_hidden_cell_shown_on_the_page_is_named_by_page_cell_and_table(study):
    replace_in(study.root / REPORT / "1_first.html", HIDDEN, '<td class="number count">3</td>')
    said = audited(study)
    assert "[DISC-006] outputs/report/en/1_first.html, B3, little_colour\n" in said


@pytest.mark.parametrize(
    "cell",
    [
        '<td class="number count hidden" data-value="3">[c]</td>',
        '<td class="number share hidden" style="--share:0.1000">[c]</td>',
        '<td class="number count hidden" title="3">[c]</td>',
    ],
    ids=["value for programs", "length of a bar", "words on pointing"],
)
def test_a_number_that_only_programs_see_in_a_hidden_cell_is_found(study, cell):
    replace_in(study.root / REPORT / "1_first.html", HIDDEN, cell)
    assert "[DISC-006] outputs/report/en/1_first.html, B3, little_colour\n" in audited(study)


def test_a_number_in_the_words_around_a_table_is_found(study):
    """Who gave no answer stands beneath a table, not in it."""
    page = study.root / REPORT / "1_first.html"
    text = page.read_text(encoding="utf-8")
    start = text.index('<dl class="about">')
    old = re.search(r'<dd dir="auto">[^<]*</dd>', text[text.index("</dd>", start) :])[0]
    page.write_text(text.replace(old, '<dd dir="auto">Refused: 3</dd>', 1), encoding="utf-8")
    assert "[DISC-006] outputs/report/en/1_first.html, little_kind\n" in audited(study)


@pytest.mark.parametrize("place", ["</h1>", "</main>", "</body>"])
def test_a_sentence_added_to_a_page_is_found_wherever_it_stands(study, place):
    page = study.root / REPORT / "1_first.html"
    replace_in(page, place, f"{place}<p>Of these 3 are green.</p>")
    assert "[DISC-007] outputs/report/en/1_first.html\n" in audited(study)


@pytest.mark.parametrize("ending", ["html", "ipynb"])
def test_a_finding_says_only_what_its_table_shows(study, ending):
    file = study.root / REPORT / f"1_first.{ending}"
    replace_in(file, "60 responses came back", "7 responses came back")
    assert f"[DISC-006] outputs/report/en/1_first.{ending}, little_kind\n" in audited(study)


def test_a_hidden_cell_shown_in_the_executed_notebook_is_found(study):
    old = HIDDEN.replace('"', '\\"')
    replace_in(study.root / REPORT / "1_first.ipynb", old, old.replace("[c]", "3"))
    assert "[DISC-006] outputs/report/en/1_first.ipynb, B3, little_colour\n" in audited(study)


def test_a_number_kept_in_the_notebook_to_compare_runs_by_is_found(study):
    file = study.root / REPORT / "1_first.ipynb"
    book = json.loads(file.read_text(encoding="utf-8"))
    values = next(
        output["metadata"]["page"]["values"]
        for cell in book["cells"]
        for output in cell["outputs"]
        if output["metadata"].get("page", {}).get("table") == "little_colour"
    )
    values["count"][1] = "3"
    file.write_text(json.dumps(book), encoding="utf-8")
    assert "[DISC-006] outputs/report/en/1_first.ipynb, little_colour\n" in audited(study)


def test_a_figure_shows_no_number_that_its_table_hides(study):
    file = study.root / REPORT / "figures/1_first.little_colour.svg"
    replace_in(file, "</svg>", '<text x="9" y="9">3</text></svg>')
    said = audited(study)
    assert "[DISC-006] outputs/report/en/figures/1_first.little_colour.svg, little_colour\n" in said
    assert "[DISC-007] outputs/report/en/1_first.html, little_colour\n" in said


def test_a_drawing_inside_the_page_is_the_one_beside_it(study):
    file = study.root / REPORT / "1_first.html"
    text = file.read_text(encoding="utf-8")
    drawing = re.search('data:image/svg\\+xml;base64,([^"]*)', text)[1]
    other = base64.b64decode(drawing).replace(b"[c]", b"3")
    file.write_text(text.replace(drawing, base64.b64encode(other).decode()), encoding="utf-8")
    assert "[DISC-007] outputs/report/en/1_first.html, little_colour\n" in audited(study)


def test_the_word_document_says_only_what_the_page_says(study):
    file = study.root / REPORT / "1_first.docx"
    document = docx.Document(file)
    document.add_paragraph("Of these 3 are green.")
    document.save(file)
    assert "[DISC-007] outputs/report/en/1_first.docx\n" in audited(study)


def test_a_finding_in_the_word_document_says_only_what_its_table_shows(study):
    file = study.root / REPORT / "1_first.docx"
    document = docx.Document(file)
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("60 responses", "7 responses")
    document.save(file)
    assert "[DISC-006] outputs/report/en/1_first.docx, little_kind\n" in audited(study)


@pytest.mark.parametrize("sheet", ["table", "further"])
def test_a_workbook_holds_no_number_outside_its_table(study, sheet):
    file = study.root / REPORT / "tables/1_first.little_colour.xlsx"
    book = openpyxl.load_workbook(file)
    target = book["table"] if sheet == "table" else book.create_sheet("further")
    target.cell(30, 9, 3)
    book.save(file)
    said = audited(study)
    assert "[DISC-006] outputs/report/en/tables/1_first.little_colour.xlsx, little_colour\n" in said


def test_a_page_without_its_notebook_or_a_table_without_its_csv_cannot_be_audited(study):
    (study.root / REPORT / "1_first.ipynb").unlink()
    (study.root / REPORT / "tables/1_first.little_kind.csv").unlink()
    said = audited(study)
    assert said.count("[DISC-004] outputs/report/en/1_first.html\n") == 2


COUNTS = pd.DataFrame({"colour": ["red", "green"], "people": [40, 3]})


def as_html(path):
    path.write_text(COUNTS.to_html(index=False), encoding="utf-8")


def as_word(path):
    document = docx.Document()
    table = document.add_table(rows=0, cols=2)
    for line in ["colour", "people"], ["red", "40"], ["green", "3"]:
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = text
    document.save(path)


STRAYS = {
    "counts.csv": lambda path: COUNTS.to_csv(path, index=False),
    "counts.tsv": lambda path: COUNTS.to_csv(path, index=False, sep="\t"),
    "counts.xlsx": lambda path: COUNTS.to_excel(path, index=False),
    "counts.parquet": COUNTS.to_parquet,
    "counts.sav": lambda path: pyreadstat.write_sav(COUNTS, path),
    "counts.dta": lambda path: pyreadstat.write_dta(COUNTS, path),
    "counts.html": as_html,
    "counts.docx": as_word,
}


@pytest.mark.parametrize("name", STRAYS)
def test_a_table_that_somebody_put_there_shows_no_small_whole_number(study, name):
    STRAYS[name](study.outputs / name)
    assert f"[DISC-008] outputs/{name}, B3\n" in audited(study)


def test_an_archive_is_opened_and_what_lies_inside_is_audited(study):
    replace_in(study.root / REPORT / "1_first.html", HIDDEN, '<td class="number count">3</td>')
    with zipfile.ZipFile(study.outputs / "for_the_press.zip", "w") as archive:
        for path in sorted((study.root / REPORT).rglob("*")):
            archive.write(path, f"en/{path.relative_to(study.root / REPORT)}")
    shutil.rmtree(study.outputs / "report")
    place = "outputs/for_the_press.zip!en/1_first.html, B3, little_colour\n"
    assert f"[DISC-006] {place}" in audited(study)


def test_a_picture_beside_a_leak_is_named_as_not_audited(study):
    as_html(study.outputs / "counts.html")
    (study.outputs / "photo.jpg").write_bytes(b"\xff\xd8")
    assert "[DISC-009] outputs/photo.jpg (warning)\n" in audited(study)


def test_the_page_parser_of_the_audit_sees_what_a_browser_shows(study):
    """Else a leak could hide in what only one of them reads."""
    page = study.root / REPORT / "1_first.html"
    seen = html.fromstring(page.read_bytes()).xpath("//figure//td[text()='[c]']")
    assert len(seen) == page.read_text(encoding="utf-8").count(">[c]</td>")


ASKED = "How often in the last 3 months, on a scale from 1,0 to 7,0?"
SUMMARY = """\
# ---
# jupyter:
#   titles: {en: Summary}
# ---

# %%
from pipeline.analysis.page import Page
from pipeline.analysis.question_findings import question_findings
from pipeline.analysis.tables import question_table

page = Page.open(notebook="1_first")
dataset = page.dataset("asked")
page.table(question_table(dataset, "often"))
page.findings([("Findings", question_findings(dataset, "1_first"))])
"""


@pytest.mark.parametrize("ending", ["html", "ipynb"])
def test_numbers_in_a_question_s_wording_are_words_and_only_there(tmp_path, ending):
    """A finding repeats its question, whose own 3 is no number of anybody; another 3 is."""
    form = Questionnaire(
        form_id="asked",
        title={"en": "Asked (SYNTHETIC)"},
        default_language="en",
        languages={"en": "English"},
        survey=(Question(name="often", type="decimal", label={"en": ASKED}),),
    )
    study = study_of(tmp_path, form, settings="title: {en: A study}\nlanguages: [en]\n")
    write_answers(study, form, pd.DataFrame({"often": [20.0, 21.0, 22.0] * 20}))
    (study.notebooks / "1_first.py").write_text(SUMMARY, encoding="utf-8")
    protect_together(study, notebooks(study), "en")
    run_notebook(study, notebooks(study)[0], languages_of(study))
    render_index(study, languages_of(study))
    done = CliRunner().invoke(app, ["--study", str(study.root), "audit"])
    assert done.exit_code == 0, done.output
    file = study.root / REPORT / f"1_first.{ending}"
    replace_in(file, f"{ASKED} In the middle: 21.0", f"{ASKED} In the middle: 3")
    assert f"[DISC-006] outputs/report/en/1_first.{ending}, asked_often\n" in audited(study)
