"""Notebooks become pages: run by a real kernel in every language, self-contained, repeatable."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from pipeline.analysis.collect import keep_counts
from pipeline.analysis.execute import shared_kernels
from pipeline.analysis.kept_files import counts_file
from pipeline.analysis.kernels import Job, Kernels
from pipeline.analysis.phrases import phrase
from pipeline.analysis.render import render_index_html
from pipeline.analysis.report import (
    languages_of,
    notebooks,
    render_index,
    run_notebook,
    run_notebooks,
)
from pipeline.errors import SurveyError
from pipeline.study import open_study
from tests.analysis.conftest import FORM
from tests.analysis.drawn import LANGUAGES, study_of, write_answers, write_drawn

NOTEBOOK = """\
# ---
# jupyter:
#   titles: {en: First page, zh-Hant: 第一頁, ja: 最初のページ}
# ---

# %% [markdown]
# Words for whoever edits this.

# %%
from pipeline.analysis.every_question import show_form
from pipeline.analysis.page import Page

page = Page.open(notebook="1_first")

# %%
show_form(page, "little")
"""


class Links(HTMLParser):
    """Every address that a page names, its anchors, and its words outside of code."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses, self.anchors, self.words = list[str](), set[str](), list[str]()

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in {"href", "src"}:
                self.addresses.append(value)
            if name == "id":
                self.anchors.add(value)

    def handle_data(self, data):
        self.words.append(data)


def links(page: Path) -> Links:
    parsed = Links()
    parsed.feed(page.read_text(encoding="utf-8"))
    return parsed


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """A study with one notebook and 60 drawn responses, rendered in three languages."""
    study = study_of(tmp_path_factory.mktemp("study"), FORM)
    write_drawn(study, FORM, 60, seed=1)
    (study.notebooks / "1_first.py").write_text(NOTEBOOK, encoding="utf-8")
    (notebook,) = notebooks(study)
    made = run_notebook(study, notebook, languages_of(study))
    render_index(study, languages_of(study))
    return study, made


def test_every_language_has_its_page_notebook_tables_and_figures(rendered):
    study, made = rendered
    report = study.outputs / "report"
    for language in LANGUAGES:
        names = {p.relative_to(report / language).as_posix() for p in made if language in p.parts}
        table = "1_first.little_colour"
        assert {
            "1_first.html",
            "1_first.ipynb",
            f"tables/{table}.csv",
            f"tables/{table}.xlsx",
        } <= names
        assert {f"figures/{table}.svg", f"figures/{table}.png"} <= names
    assert all(path.is_file() for path in made)


def test_every_link_is_alive_and_nothing_asks_the_network(rendered):
    study, _ = rendered
    pages = sorted((study.outputs / "report").rglob("*.html"))
    assert len(pages) == 1 + len(LANGUAGES)
    for page in pages:
        found = links(page)
        for address in found.addresses:
            assert not re.match(r"(https?:)?//", address)
            if address.startswith("#"):
                assert address[1:] in found.anchors
            elif not address.startswith("data:"):
                assert (page.parent / address).is_file(), address


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["First page", "Colour", "Base", "SYNTHETIC: these answers"]),
        ("zh-Hant", ["第一頁", "中Colour", "計算基數", "SYNTHETIC（模擬資料）"]),
        ("ja", ["最初のページ", "日Colour", "集計母数", "SYNTHETIC（架空のデータ）"]),
    ],
)
def test_a_page_speaks_its_language_and_says_that_nobody_was_asked(rendered, language, words):
    study, _ = rendered
    page = study.outputs / "report" / language / "1_first.html"
    assert f'<html lang="{language}" dir="ltr">' in page.read_text(encoding="utf-8")
    text = " ".join(links(page).words)
    assert [word for word in words if word not in text] == []
    assert "Words for whoever edits this" not in text


def test_the_code_is_there_but_folded_away(rendered):
    study, _ = rendered
    html = (study.outputs / "report/en/1_first.html").read_text(encoding="utf-8")
    for code in re.findall(r"<div class=\"highlight.*?</div>", html, flags=re.DOTALL):
        assert html[: html.index(code)].rstrip().endswith("</summary>")
    assert "show_form" in html


def test_identifiers_and_open_answers_are_on_no_page_and_in_no_file(rendered):
    _, made = rendered
    for path in made:
        if path.suffix in {".html", ".ipynb", ".csv"}:
            assert not re.search(r"SYNTHETIC \d", path.read_text(encoding="utf-8-sig"))


def test_a_second_run_makes_the_same_bytes_and_removes_what_an_earlier_one_left(rendered):
    study, made = rendered
    before = {path: path.read_bytes() for path in made}
    old = study.outputs / "report/en/tables/1_first.no_longer.csv"
    old.write_text("", encoding="utf-8")
    again = run_notebook(study, notebooks(study)[0], languages_of(study))
    assert [path for path in again if path.read_bytes() != before.get(path)] == []
    assert set(again) == set(before)
    assert not old.exists()


def test_a_kernel_that_has_run_another_notebook_makes_the_same_bytes(rendered):
    """Notebooks that share kernels leave nothing to one another: neither names nor numbers."""
    study, made = rendered
    before = {path: path.read_bytes() for path in made}
    other = study.notebooks / "0_other.py"
    other.write_text("# %%\nleft = page = show_form = 1\n", encoding="utf-8")
    asks = study.notebooks / "2_asks.py"
    asks.write_text("# %%\nassert 'left' not in globals()\n", encoding="utf-8")
    with shared_kernels():
        run_notebook(study, other, languages_of(study))
        run_notebook(study, asks, languages_of(study))
        other.unlink()
        asks.unlink()
        again = run_notebook(study, study.notebooks / "1_first.py", languages_of(study))
    assert [path for path in again if path.read_bytes() != before.get(path)] == []


def test_languages_are_the_studys_or_else_those_of_its_questionnaires(tmp_path):
    said = study_of(tmp_path / "a", FORM, settings="languages: [ja]\n")
    unsaid = study_of(tmp_path / "b", FORM, settings="title: A study\n")
    empty = study_of(tmp_path / "c", settings="title: A study\n")
    found = [languages_of(study) for study in (said, unsaid, empty)]
    assert found == [("ja",), ("en", "zh-Hant", "ja"), ("en",)]


def problems_of(tmp_path, *cells: str) -> list[str]:
    study = study_of(tmp_path, FORM)
    write_answers(study, FORM, pd.DataFrame({"why": ["SYNTHETIC secret"]}))
    book = study.notebooks / "1_x.py"
    book.write_text("\n".join(f"# %%\n{cell}\n" for cell in cells), encoding="utf-8")
    with pytest.raises(SurveyError) as caught:
        run_notebook(study, book, ["en", "ja"])
    assert list((study.outputs / "report").rglob("*.html")) == []
    return [str(problem) for problem in caught.value.problems]


def test_a_cell_that_fails_is_named_by_line_in_every_language_without_any_answer(tmp_path):
    said = problems_of(tmp_path, "x = 1", "raise KeyError('SYNTHETIC secret')")
    assert [text.splitlines()[0] for text in said] == ["[REPORT-001] notebooks/1_x.py:5"] * 2
    assert [language in text for language, text in zip(("en", "ja"), said, strict=True)]
    assert not any("secret" in text for text in said)


def test_what_goes_past_the_page_stops_the_report(tmp_path):
    """A frame left on a cell's last line would show persons; so would print."""
    shown = "import pandas as pd\npd.DataFrame({'a': ['SYNTHETIC secret']})"
    said = problems_of(tmp_path, shown, "print('SYNTHETIC secret')")
    assert [text.split()[0] for text in said] == ["[REPORT-003]"] * 2
    assert not any("secret" in text for text in said)


def test_a_page_without_returns_says_so(tmp_path):
    study = study_of(tmp_path, FORM)
    (study.notebooks / "1_first.py").write_text(NOTEBOOK, encoding="utf-8")
    run_notebook(study, notebooks(study)[0], ["ja"])
    text = " ".join(links(study.outputs / "report/ja/1_first.html").words)
    assert "まだ1件も戻っていません" in text
    assert "SYNTHETIC（架空" not in text


def test_the_generic_notebook_of_a_new_study_runs_as_it_is(tmp_path):
    study = study_of(tmp_path, FORM)
    write_drawn(study, FORM, 30, seed=2)
    template = Path(open_study.__code__.co_filename).parent / "templates/every_question.py"
    (study.notebooks / "every_question.py").write_bytes(template.read_bytes())
    made = run_notebook(study, notebooks(study)[0], ["zh-Hant"])
    page = next(path for path in made if path.suffix == ".html")
    assert "逐題結果" in page.read_text(encoding="utf-8")
    asked = {item.name for item in FORM.items if item.question.sensitivity is None}
    tables = {
        path.stem.removeprefix("every_question.little_") for path in made if path.suffix == ".csv"
    }
    assert tables == asked


def test_chromium_shows_the_page_without_an_error_and_makes_its_tables_sortable(rendered):
    """The page's own script runs under its own policy, and nothing is refused or missing."""
    import subprocess  # noqa: PLC0415 - only this test starts a browser

    from tests.conftest import require_tool  # noqa: PLC0415

    study, _ = rendered
    chromium = require_tool("chromium", "chromium-browser")
    page = study.outputs / "report/ja/1_first.html"
    quiet = "--headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run"
    profile = f"--user-data-dir={study.root / 'browser'}"
    done = subprocess.run(
        [chromium, *quiet.split(), profile, "--enable-logging=stderr", "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "aria-sort" in done.stdout
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []


def test_a_notebook_that_fails_while_it_is_counted_is_counted_again(tmp_path):
    """What it told before it failed is kept for this run, with that of all others."""
    study = study_of(tmp_path, FORM)
    write_drawn(study, FORM, 60, seed=1)
    whole, broken = (study.notebooks / name for name in ("1_first.py", "2_broken.py"))
    whole.write_text(NOTEBOOK, encoding="utf-8")
    text = NOTEBOOK.replace('notebook="1_first"', 'notebook="2_broken"')
    broken.write_text(f"{text}\n# %%\nraise KeyError\n", encoding="utf-8")
    assert keep_counts(study, notebooks(study), "en") == {whole}
    told = [counts_file(study, path).read_text(encoding="utf-8") for path in (whole, broken)]
    assert told[0] == told[1]
    assert counts_file(study, whole).stat().st_mode & 0o077 == 0


def test_notebooks_that_fail_are_named_together_and_the_others_are_made(tmp_path):
    study = study_of(tmp_path, FORM)
    for name, cell in (("1_a", "1 / 0"), ("2_b", "x = 1"), ("3_c", "1 / 0")):
        (study.notebooks / f"{name}.py").write_text(f"# %%\n{cell}\n", encoding="utf-8")
    made = []
    with pytest.raises(SurveyError) as caught:
        run_notebooks(study, notebooks(study), ["en"], lambda path, _: made.append(path.stem))
    assert made == ["2_b"]
    assert [(one.code, one.place.file) for one in caught.value.problems] == [
        ("REPORT-001", "notebooks/1_a.py"),
        ("REPORT-001", "notebooks/3_c.py"),
    ]


def test_what_fails_is_raised_when_nothing_is_at_work_any_more(tmp_path):
    """What ends later, while kernels are stopped, asyncio would log with words that may hold
    an answer."""
    study = study_of(tmp_path, FORM)
    paths = [study.notebooks / f"{name}.py" for name in "ab"]
    for path, seconds in zip(paths, (0, 2), strict=True):
        path.write_text(f"# %%\nimport time\ntime.sleep({seconds})\n", encoding="utf-8")
    ended = []

    def fail(ran):
        ended.append(ran.job.notebook.stem)
        raise KeyError(ran.job.notebook.stem)

    with Kernels() as kernels:
        with pytest.raises(KeyError, match="a"):
            kernels.run(study, [Job(path, "en") for path in paths], fail)
        assert ended == ["a", "b"][: os.cpu_count()]


def test_the_index_says_nothing_twice_where_its_words_are_not_translated(tmp_path):
    """A form in French and Spanish: the labels are theirs, fixed words are English, once."""
    study = study_of(tmp_path, FORM)
    page = render_index_html(study, ["fr", "ja", "es"], synthetic=True)
    for key in ("synthetic", "moved"):
        assert [page.count(phrase(key, code)) for code in ("en", "ja")] == [1, 1]
    assert page.count('lang="fr"') > page.count('lang="es"')
