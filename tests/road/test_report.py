"""`survey analyze` makes a report that a reviewer can open, offline, in three languages.

The study is the repository's own with its SYNTHETIC first set.
"""

import csv
import json
import re
import shutil
import string
import subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import docx
import lxml.html
import matplotlib.image
import pandas as pd
import pytest
from lxml import etree

from pipeline.analysis.data import open_dataset
from pipeline.analysis.methods import disclosure_items
from pipeline.analysis.phrases import every_phrase, phrase
from pipeline.questionnaire.model import Group, Repeat
from pipeline.settings import Methods
from pipeline.workflow.questionnaires import load_questionnaires
from tests.conftest import require_tool
from tests.road.accessible import barriers
from tests.road.browser import Browser, outside
from tests.road.pages import Page

pytestmark = pytest.mark.xdist_group("road")

FORMS = ("acceptance_interview", "activity_record", "organisation_profile", "refugee_roundtable")
NOTEBOOKS = (
    "0_summary",
    "1_fieldwork",
    "2_refugee_acceptance",
    "3_potential_partners",
    "4_activities",
    "5_methods",
)
LANGUAGES = ("en", "zh-Hant", "ja")

PICTURES = """
document.fonts.ready.then(() => [...document.images].map((one) => one.decode().then(
  () => one.naturalWidth * one.naturalHeight)).reduce(
  async (all, one) => [...await all, await one], []))
"""
"""The size in pixels of every picture on the page, once it is drawn."""


WIDER = """
[...document.querySelectorAll("figure, .cards, .provenance table")]
  .filter((one) => Math.max(one.scrollWidth, ...[...one.querySelectorAll("table, img")]
    .map((part) => part.getBoundingClientRect().width)) > innerWidth + 1)
  .map((one) => one.id || one.className)
"""
"""What on a printed page is wider than the paper, and so would be cut."""
PAPER = 680
"""Width of an A4 page between its margins, in CSS pixels."""
PHONE = 390


@pytest.fixture(scope="session")
def report(analysed) -> Path:
    return analysed.outputs / "report"


@pytest.fixture(scope="session")
def pages(report) -> dict[str, Page]:
    """Every page by its path below the report."""
    return {
        path.relative_to(report).as_posix(): Page(path) for path in sorted(report.rglob("*.html"))
    }


@pytest.fixture(scope="session")
def opened(report, pages, tmp_path_factory):
    """Every page as a browser without a network opens it."""
    chromium = require_tool("chromium", "chromium-browser")
    with Browser.start(chromium, tmp_path_factory.mktemp("profile")) as browser:
        return {name: browser.open((report / name).as_uri(), PICTURES) for name in pages}


# --- running it


def test_the_first_run_does_everything_in_order(first):
    assert first.lines == (
        *(f"forms {form}" for form in FORMS),
        "verify raw",
        *(f"process {form}" for form in FORMS),
        "process corrections",
        "queries",
        "numbers before",
        *(f"counts {notebook}" for notebook in NOTEBOOKS),
        "disclosure",
        *(f"notebook {notebook}" for notebook in NOTEBOOKS),
        "report index",
    )


def test_everything_that_was_promised_is_there(first):
    forms = {
        f"outputs/forms/{form}/{form}.{ending}"
        for form in FORMS
        for ending in (
            *(f"{language}.xlsx" for language in LANGUAGES),
            "xlsform.xlsx",
            "xform.xml",
            "codebook.html",
        )
    }
    cleaned = {
        f"processed/{form}/{table}.parquet"
        for form in FORMS
        for table in ("responses", "issues", "ledger", "missing", "raw_text")
    }
    report = {
        f"outputs/report/{language}/{notebook}.{ending}"
        for language in LANGUAGES
        for notebook in NOTEBOOKS
        for ending in ("html", "ipynb")
    }
    promised = forms | cleaned | report | {"outputs/report/index.html"}
    assert promised - first.hashes.keys() == set()


def test_every_language_has_the_same_tables_and_figures(first):
    made = {
        language: {
            name.removeprefix(f"outputs/report/{language}/")
            for name in first.hashes
            if name.startswith(f"outputs/report/{language}/")
        }
        for language in LANGUAGES
    }
    assert made["en"] == made["zh-Hant"] == made["ja"]
    assert {Path(name).name.partition(".")[0] for name in made["en"]} == set(NOTEBOOKS)
    of_kind = Counter(Path(name).suffix for name in made["en"])
    assert set(of_kind) == {".html", ".ipynb", ".docx", ".csv", ".xlsx", ".svg", ".png", ".json"}
    assert of_kind[".csv"] == of_kind[".xlsx"] > 20
    assert of_kind[".svg"] == of_kind[".png"] > 10


def test_a_second_run_does_nothing_and_says_so(first, second):
    """Not a file is written, and it takes less than a tenth of the first."""
    assert second.lines == ("nothing has changed",)
    assert second.stamps == first.stamps
    assert second.seconds < first.seconds / 10


def test_what_is_deleted_comes_back_byte_for_byte(first, anew):
    """processed/, forms, pages, tables and figures: all but the note of when they were made.

    What is encrypted is never the same bytes twice; the digest beside it says that it is the same.
    """
    note, encrypted = "outputs/.made.json", "processed/organisation_profile/identifiers.age"
    apart = {
        name
        for name in first.hashes.keys() | anew.hashes.keys()
        if first.hashes.get(name) != anew.hashes.get(name)
    }
    assert apart == {note, encrypted}


# --- reading it


def test_there_is_an_index_and_a_page_for_each_notebook_and_language(pages):
    expected = {f"{language}/{notebook}.html" for language in LANGUAGES for notebook in NOTEBOOKS}
    assert set(pages) == {"index.html", *expected}
    assert {name: page.language for name, page in pages.items() if name != "index.html"} == {
        name: name.partition("/")[0] for name in expected
    }


def test_every_link_is_alive(pages):
    """Files exist, and so do the anchors in them."""
    by_path = {page.path.resolve(): page for page in pages.values()}
    dead = []
    for name, page in pages.items():
        for address in page.addresses:
            if address.startswith("data:"):
                continue
            file, _, anchor = unquote(address).partition("#")
            target = (page.path.parent / file).resolve() if file else page.path.resolve()
            if not target.is_file() or (anchor and anchor not in by_path[target].anchors):
                dead.append((name, address))
    assert dead == []


def test_every_page_is_reached_from_the_index(pages):
    by_path = {page.path.resolve(): name for name, page in pages.items()}
    reached, todo = set(), ["index.html"]
    while todo:
        page = pages[todo.pop()]
        reached.add(page.path.resolve())
        links = {(page.path.parent / one.partition("#")[0]).resolve() for one in page.addresses}
        todo.extend(by_path[path] for path in links & by_path.keys() - reached)
    assert {by_path[path] for path in reached} == set(pages)


def test_every_table_and_figure_is_linked_from_its_page(report, pages):
    linked = {
        (page.path.parent / address).resolve()
        for page in pages.values()
        for address in page.addresses
        if not address.startswith("data:")
    }
    made = {
        path.resolve()
        for path in report.glob("*/*/*")
        if path.is_file() and path.suffix != ".json"  # for `survey audit` and `survey trace`
    }
    assert made - linked == set()


def test_no_page_names_another_machine(pages):
    asking = {name: page.asks_the_network for name, page in pages.items() if page.asks_the_network}
    assert asking == {}


def test_no_figure_names_another_machine(report):
    """Namespaces are names; what a figure draws or links to lies in itself."""
    elsewhere = [
        path.name
        for path in report.rglob("*.svg")
        for element in etree.parse(path).iter()
        for name, value in element.attrib.items()
        if name.rpartition("}")[2] in {"href", "src"} and not value.startswith(("#", "data:"))
    ]
    assert elsewhere == []


def test_a_browser_opens_every_page_without_a_complaint(opened):
    """No error, no warning, nothing that the page's own policy refuses."""
    assert {name: one.complaints for name, one in opened.items() if one.complaints} == {}


def test_a_browser_asks_for_nothing_but_the_page(opened, report):
    asked = {
        name: [one for one in page.requests if one[:5] != "data:"] for name, page in opened.items()
    }
    assert asked == {name: [(report / name).as_uri()] for name in opened}
    assert all(outside(page.requests) == [] for page in opened.values())


def test_axe_finds_nothing_serious_on_any_page(report, pages, tmp_path_factory):
    """Contrast, names, structure, keyboard."""
    for language in (*LANGUAGES, "."):
        shown = [report / name for name in pages if Path(name).parent == Path(language)]
        assert shown
        assert barriers(shown, tmp_path_factory.mktemp("axe")) == {}


def test_nothing_is_cut_on_paper_and_a_phone_scrolls_only_tables(report, pages, tmp_path_factory):
    """Tables and figures fit an A4 page; on a narrow screen the page itself is no wider than it."""
    chromium = require_tool("chromium", "chromium-browser")
    is_wider = "document.documentElement.scrollWidth > innerWidth"
    with Browser.start(chromium, tmp_path_factory.mktemp("print")) as browser:
        for name in pages:
            address = (report / name).as_uri()
            assert browser.open(address, WIDER, width=PAPER, media="print").answer == [], name
            assert browser.open(address, is_wider, width=PHONE).answer is False, name


def test_the_summary_fits_one_page_of_paper(report, soffice, tmp_path):
    """Printed from the browser, and as a Word document as LibreOffice lays it out."""
    chromium = require_tool("chromium", "chromium-browser")
    printed = dict[str, bytes]()
    with Browser.start(chromium, tmp_path / "profile") as browser:
        for language in LANGUAGES:
            printed[language] = browser.pdf((report / language / "0_summary.html").as_uri())
            shutil.copy(report / language / "0_summary.docx", tmp_path / f"{language}.docx")
    convert = ["--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    documents = sorted(map(str, tmp_path.glob("*.docx")))
    subprocess.run([soffice, profile, *convert, *documents], check=True, capture_output=True)
    for language in LANGUAGES:
        document = (tmp_path / f"{language}.pdf").read_bytes()
        assert [pages_in(printed[language]), pages_in(document)] == [1, 1], language


def pages_in(pdf: bytes) -> int:
    """How many pages it has, by the tree of pages that it must hold."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_every_figure_is_drawn_on_a_page(opened, report):
    figures = Counter(path.parts[-3] for path in report.glob("*/figures/*.svg"))
    drawn = Counter[str]()
    for name, page in opened.items():
        assert all(size > 0 for size in page.answer), name
        drawn[name.partition("/")[0]] += len(page.answer)
    assert +drawn == figures


def test_every_page_says_that_nobody_was_asked(pages):
    for name, page in pages.items():
        said = phrase("synthetic", page.language)
        assert any(text.startswith(said) for text in page.texts), name


def test_no_cell_ended_in_an_error_or_a_warning(report):
    """The executed notebooks hold neither errors nor anything that went past the page."""
    executed = sorted(report.glob("*/*.ipynb"))
    assert len(executed) == len(LANGUAGES) * len(NOTEBOOKS)
    for path in executed:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        outputs = [output for cell in code for output in cell["outputs"]]
        assert all(cell["execution_count"] for cell in code), path.name
        assert {output["output_type"] for output in outputs} <= {"display_data"}, path.name


def test_every_figure_is_drawn_as_svg_and_as_png(report):
    """Each with shapes to see, in both files, under the same name."""
    drawings = sorted(report.glob("*/figures/*.svg"))
    pictures = sorted(report.glob("*/figures/*.png"))
    assert [path.with_suffix(".png") for path in drawings] == pictures != []
    for path in drawings:
        shapes = [one for one in etree.parse(path).iter("{*}path", "{*}use") if one.attrib]
        assert len(shapes) > 10, path.name
    for path in pictures:
        picture = matplotlib.image.imread(path)
        assert min(picture.shape[:2]) > 100, path.name
        assert picture[..., :3].std() > 0.02, path.name


# --- what a reviewer asks of it


ABOUT = ("base", "missing", "unit", "weighting", "method", "inputs", "code_version", "trace")
"""What stands under every table: keys of the phrases that head it."""


def shown_under(table: etree._Element) -> dict[str, str]:
    """Heading -> words of what is said under a table."""
    said = {}
    for line in table.iterfind(".//dl/div"):
        heading, words = line.find("dt"), line.find("dd")
        said["".join(heading.itertext())] = "".join(words.itertext()).strip()
    return said


@pytest.fixture(scope="session")
def tables(report) -> dict[str, dict[str, etree._Element]]:
    """Page -> name -> every table of it."""
    found = {}
    for path in sorted(report.glob("*/*.html")):
        page = lxml.html.fromstring(path.read_bytes())
        shown = page.xpath("//figure[@class='table']")
        found[path.relative_to(report).as_posix()] = {one.get("id"): one for one in shown}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_says_what_it_rests_on(tables, language):
    """Base, missing answers, unit, weighting, method, data, code, and the way to the responses."""
    headings = {phrase(key, language) for key in ABOUT}
    silent = {
        (page, name): missing
        for page, shown in tables.items()
        if page.startswith(f"{language}/")
        for name, table in shown.items()
        if (missing := headings - {name for name, text in shown_under(table).items() if text})
    }
    assert silent == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_a_title_and_the_wording_of_each_of_its_questions(report, tables, language):
    """What the table's own list of questions names stands under it, each with its wording."""
    for page, shown in tables.items():
        if not page.startswith(f"{language}/"):
            continue
        notebook = Path(page).stem
        for name, table in shown.items():
            listed = report / language / "tables" / f"{notebook}.{name}.questions.json"
            asked = set(json.loads(listed.read_text(encoding="utf-8"))["questions"])
            assert table.xpath("figcaption/bdi[2]")[0].text_content().strip(), (page, name)
            lines = table.xpath(".//details[@class='made']//li")
            told = {one.find("code").text: (one.find("code").tail or "").strip() for one in lines}
            assert (set(told), "" in told.values()) == (asked, False), (page, name)


SMALL_SIGN = "†"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_estimate_is_marked_where_its_base_is_small_and_nowhere_else(tables, language):
    """Of rated tables, whose rows say how many answered: below 30 a mark, from 30 on none."""
    answered, seen = phrase("answered", language), Counter[bool]()
    for page, shown in tables.items():
        for name, table in shown.items() if page.startswith(f"{language}/") else ():
            heads = [one.text_content() for one in table.xpath(".//thead/tr[last()]/th")]
            if answered not in heads:
                continue
            for row in table.xpath(".//tbody/tr"):
                base = row[heads.index(answered)].get("data-value")
                estimates = row.xpath("td[contains(@class,'share') or contains(@class,'number ')]")
                for cell in estimates:
                    if (
                        base is None
                        or cell.get("data-value") is None
                        or "count" in cell.get("class")
                    ):
                        continue
                    is_marked = SMALL_SIGN in cell.text_content()
                    assert is_marked == (float(base) < 30), (page, name)
                    seen[is_marked] += 1
    assert all(seen[one] for one in (True, False))


def test_every_table_names_its_data_and_code_by_their_hashes(tables):
    said = [shown_under(one) for shown in tables.values() for one in shown.values()]
    assert len(said) > 100
    for language in LANGUAGES:
        data = [one[phrase("inputs", language)] for one in said if phrase("trace", language) in one]
        assert all(re.search(r"SHA-256 [0-9a-f]{64}$", text) for text in data)


def test_no_page_lists_who_answered(report, analysed):
    """No response's key stands on a page, in a table or in a figure."""
    keys = set()
    for path in analysed.processed.glob("*/responses.parquet"):
        keys |= set(pd.read_parquet(path, columns=["response_id"])["response_id"])
    texts = [
        path for path in report.rglob("*") if path.suffix in {".html", ".csv", ".svg", ".ipynb"}
    ]
    found = {path.name for path in texts for key in keys if key in path.read_text(encoding="utf-8")}
    assert found == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_is_said_by_the_table_that_it_links_to(report, tables, language):
    """Every number of a sentence stands in the table; every sentence has a base."""
    page = lxml.html.fromstring((report / language / "0_summary.html").read_bytes())
    lines = page.xpath("//ul[@class='findings']/li")
    assert len(lines) >= 8
    for line in lines:
        notebook, name = line.find("a").get("href").split("#")
        table = tables[f"{language}/{notebook}"][name]
        shown = " ".join(table.find(".//table").itertext())
        numbers = re.findall(r"\d[\d.,]*%?", (line.text or "").replace("。", ""))
        rows = len(table.findall(".//tbody/tr"))
        known = set(re.findall(r"\d[\d.,]*%?", shown)) | {str(rows)}
        assert {one.strip(".,") for one in numbers} <= known | {one.strip(".,") for one in known}
        rests = line.xpath("span[@class='rests']")[0].text_content()
        assert phrase("base", language) in rests


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_is_a_word_document_too(report, language):
    """The same sentences, on one page of A4 or little more, with links to the tables beside it."""
    page = lxml.html.fromstring((report / language / "0_summary.html").read_bytes())
    said = [(line.text or "").strip() for line in page.xpath("//ul[@class='findings']/li")]
    document = docx.Document(report / language / "0_summary.docx")
    lines = [one.text for one in document.paragraphs if one.style.name == "List Bullet"]
    assert [line.startswith(text) for line, text in zip(lines, said, strict=True)] == [True] * len(
        said
    )
    links = [one.target_ref for one in document.part.rels.values() if one.is_external]
    assert len(links) == len(
        {line.xpath("a/@href")[0] for line in page.xpath("//ul[@class='findings']/li")}
    )
    assert all((report / language / link.split("#")[0]).is_file() for link in links)


@pytest.mark.parametrize("language", LANGUAGES)
def test_excerpts_are_those_of_people_who_consented_to_be_quoted(report, analysed, language):
    page = lxml.html.fromstring((report / language / "2_refugee_acceptance.html").read_bytes())
    said = {one.text_content() for one in page.xpath("//div[@class='excerpts']//p")}
    main = pd.read_parquet(analysed.processed / "acceptance_interview/responses.parquet")
    allowed = main[main["consent_quote"].eq("yes")].filter(like="comment")
    assert said
    assert said <= set(allowed.melt()["value"].dropna())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_item_of_the_methods_annex_is_empty(analysed, language):
    """AAPOR's disclosure items: each has something said under it, in each language."""
    forms = [path.stem for path in analysed.questionnaire_files()]
    datasets = [open_dataset(analysed, form, language) for form in forms]
    items = disclosure_items(analysed.settings, datasets)
    assert len(items) == 15
    assert [item.name for item in items if not item.said] == []
    for name in Methods.model_fields:
        assert getattr(analysed.settings.methods, name).get(language, "").strip(), name


# --- in the reader's language


def untranslated(phrase_en: str, texts: list[str]) -> list[str]:
    """The texts that are, or begin or end with, an English phrase, its places filled in."""
    literal, places = "", False
    for before, name, _, _ in string.Formatter().parse(phrase_en):
        literal += re.escape(before) + (".{1,200}?" if name is not None else "")
        places |= name is not None
    if len(re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w*\}", "", phrase_en))) < (2 if places else 1):
        return []
    whole = re.compile(literal)
    several = len(phrase_en.split()) > 3
    return [text for text in texts if (whole.search if several else whole.fullmatch)(text)]


@pytest.fixture(scope="session")
def english_only(analysed) -> dict[str, set[str]]:
    """Language -> English words, of the report's phrases and the forms, that it says otherwise."""
    said = [dict(words) for words in every_phrase().values()]
    for questionnaire in load_questionnaires(analysed).values():
        said.append(dict(questionnaire.title))
        said += [dict(item.question.label or {}) for item in questionnaire.items]
        said += [dict(one.label or {}) for row in questionnaire.choices.values() for one in row]
        said += [dict(node.label or {}) for node in groups_of(questionnaire.survey)]
    english = [words["en"] for words in said if words]
    return {
        language: set(english) - {words[language] for words in said if words}
        for language in LANGUAGES
        if language != "en"
    }


def groups_of(nodes):
    for node in nodes:
        if isinstance(node, Group | Repeat):
            yield node
            yield from groups_of(node.questions)


@pytest.mark.parametrize("language", ["zh-Hant", "ja"])
def test_no_english_words_are_left_on_a_page_in_another_language(pages, english_only, language):
    texts = [text for page in pages.values() if page.language == language for text in page.texts]
    assert len(texts) > 500
    left = {en: found for en in english_only[language] if (found := untranslated(en, texts))}
    assert left == {}


@pytest.mark.parametrize("language", ["zh-Hant", "ja"])
def test_no_english_words_are_left_in_its_tables_and_figures(report, english_only, language):
    texts = []
    for path in (report / language).glob("tables/*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            texts += [cell for row in csv.reader(stream) for cell in row]
    for path in (report / language).glob("figures/*.svg"):
        tree = etree.parse(path)
        texts += ["".join(one.itertext()).strip() for one in tree.iter("{*}text", "{*}title")]
        texts += [str(one.text).strip() for one in tree.iter(etree.Comment)]
    assert len(texts) > 500
    left = {en: found for en in english_only[language] if (found := untranslated(en, texts))}
    assert left == {}


def test_the_guard_against_english_words_sees_them():
    """It finds phrases with and without places, and not words that merely hold the same letters."""
    assert untranslated("{n} who gave an answer", ["表", "12 who gave an answer"])
    assert untranslated(
        "Shares are of those who gave an answer.", ["註 Shares are of those who gave an answer."]
    )
    assert untranslated("Base", ["Base"])
    assert not untranslated("Base", ["Database", "計算基數"])
    assert not untranslated("{kind} {n}", ["表 1"])
