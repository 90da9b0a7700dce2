"""A reviewer's corrections go into the YAML as lines changed, and into no other line."""

import difflib
import shutil

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import SurveyError
from pipeline.forms.translation_edits import edited
from pipeline.forms.translation_texts import entries
from pipeline.forms.translations import import_translations, write_translations
from pipeline.questionnaire.load import load
from tests.conftest import PROJECT
from tests.libreoffice import save_anew

SMALL = """\
# SYNTHETIC; this comment stays
form_id: small
title: {en: Small, ja: 小}   # two languages of three
default_language: en
languages: {en: English (en), zh-Hant: 繁體中文 (zh), ja: 日本語 (ja)}
include: [blocks/first.yaml]
survey:

  - name: age # of the person
    type: integer
    label:
      en: >-
        How old are you, in whole years, counted as the law of the country
        counts them?
      ja: 何歳ですか。  # plain
    hint: "Years: whole ones"
"""
BLOCK = """\
choices:
  yes_no:
    - {name: "yes", label: {en: "Yes", zh-Hant: 是, ja: はい}}
    - {name: "no", label: {en: "No", zh-Hant: 否, ja: いいえ}}
survey:
  - {name: first, type: select_one yes_no, label: {en: First, zh-Hant: 一, ja: 一}}
"""
AGE, FIRST = "survey/age/label", "survey/first/label"


@pytest.fixture
def instruments(tmp_path):
    folder = tmp_path / "instruments"
    (folder / "blocks").mkdir(parents=True)
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    (folder / "blocks" / "first.yaml").write_text(BLOCK, encoding="utf-8")
    return folder


@pytest.fixture
def book(instruments, tmp_path):
    write_translations(instruments / "small.yaml", tmp_path / "small.xlsx")
    return tmp_path / "small.xlsx"


def correct(book, changes):
    """Write {(key, language): text} as a reviewer would."""
    work = load_workbook(book)
    sheet = work["translations"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=3)}
    for (key, language), text in changes.items():
        sheet.cell(rows[key], columns[language]).value = text
    work.save(book)


def changed_lines(before, after):
    return [
        line
        for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]


def codes(error):
    return [
        (problem.code, problem.place.question, problem.place.rule) for problem in error.problems
    ]


def test_the_workbook_shows_every_text_with_its_file_and_languages(book):
    sheet = load_workbook(book)["translations"]
    assert [[cell.value for cell in row[:5]] for row in sheet.iter_rows(min_row=3)] == [
        ["title", "small.yaml", "Small", None, "小"],
        ["choices/yes_no/yes/label", "blocks/first.yaml", "Yes", "是", "はい"],
        ["choices/yes_no/no/label", "blocks/first.yaml", "No", "否", "いいえ"],
        [FIRST, "blocks/first.yaml", "First", "一", "一"],
        [
            AGE, "small.yaml",
            "How old are you, in whole years, counted as the law of the country counts them?",
            None, "何歳ですか。",
        ],
        ["survey/age/hint", "small.yaml", None, None, None],
    ]  # fmt: skip


def test_missing_and_changed_texts_are_marked_by_the_spreadsheet(book, soffice, tmp_path):
    correct(book, {(FIRST, "ja"): "最初"})
    (again,) = save_anew(soffice, [book], tmp_path / "anew")
    sheet = load_workbook(again, data_only=True)["translations"]
    state = next(cell.column for cell in sheet[1] if cell.value == "state")
    shown = {row[0].value: row[state - 1].value or "" for row in sheet.iter_rows(min_row=3)}
    assert shown == {
        "title": "missing",
        "choices/yes_no/yes/label": "",
        "choices/yes_no/no/label": "",
        FIRST: "changed",
        AGE: "missing",
        "survey/age/hint": "",
    }


def test_only_the_lines_of_the_corrected_texts_change(book, instruments):
    """A plain text with its comment, a folded one, and one of an included block."""
    correct(
        book,
        {
            (AGE, "ja"): "おいくつですか。",
            (AGE, "en"): "How old are you: in whole years?",
            (FIRST, "zh-Hant"): "第一，真的",
        },
    )
    counts = import_translations([book], instruments)
    assert counts == {instruments / "small.yaml": 2, instruments / "blocks" / "first.yaml": 1}
    assert changed_lines(SMALL, (instruments / "small.yaml").read_text("utf-8")) == [
        "-        How old are you, in whole years, counted as the law of the country",
        "-        counts them?",
        "-      ja: 何歳ですか。  # plain",
        "+        How old are you: in whole years?",
        "+      ja: おいくつですか。  # plain",
    ]
    assert changed_lines(BLOCK, (instruments / "blocks" / "first.yaml").read_text("utf-8")) == [
        "-  - {name: first, type: select_one yes_no, label: {en: First, zh-Hant: 一, ja: 一}}",
        "+  - {name: first, type: select_one yes_no, label: {en: First, zh-Hant: 第一，真的, ja: 一}}",  # noqa: E501 - the line as it is
    ]


def test_a_text_for_a_language_that_was_not_there_is_added(book, instruments):
    correct(book, {("title", "zh-Hant"): "小, 的", (AGE, "zh-Hant"): "幾歲？",
                   ("survey/age/hint", "ja"): "満年齢"})  # fmt: skip
    import_translations([book], instruments)
    assert changed_lines(SMALL, (instruments / "small.yaml").read_text("utf-8")) == [
        "-title: {en: Small, ja: 小}   # two languages of three",
        '+title: {en: Small, ja: 小, zh-Hant: "小, 的"}   # two languages of three',
        '-    hint: "Years: whole ones"',
        "+      zh-Hant: 幾歲？",
        '+    hint: {default: "Years: whole ones", ja: 満年齢}',
    ]
    assert load(instruments / "small.yaml").title["zh-Hant"] == "小, 的"


def test_what_does_not_fit_is_reported_together_and_nothing_is_written(book, instruments):
    """A changed key, a language that the form does not have, an emptied text."""
    correct(book, {(FIRST, "ja"): "最初", (AGE, "ja"): None})
    work = load_workbook(book)
    sheet = work["translations"]
    sheet["A3"] = "titel"
    sheet["D1"] = "ko"
    sheet["D4"] = "예"
    work.save(book)
    with pytest.raises(SurveyError) as caught:
        import_translations([book], instruments)
    assert codes(caught.value) == [
        ("TRAN-003", "titel", None),
        ("TRAN-004", "choices/yes_no/yes/label", "ko"),
        ("TRAN-004", "choices/yes_no/no/label", "ko"),
        ("TRAN-004", FIRST, "ko"),
        ("TRAN-006", AGE, "ja"),
    ]
    assert (instruments / "blocks" / "first.yaml").read_text("utf-8") == BLOCK


def test_a_text_that_was_changed_meanwhile_is_not_overwritten(book, instruments):
    correct(book, {(AGE, "ja"): "おいくつですか。"})
    newer = SMALL.replace("何歳ですか。", "年齢は。")
    (instruments / "small.yaml").write_text(newer, encoding="utf-8")
    with pytest.raises(SurveyError) as caught:
        import_translations([book], instruments)
    assert codes(caught.value) == [("TRAN-005", AGE, "ja")]
    assert (instruments / "small.yaml").read_text("utf-8") == newer


def test_what_is_no_workbook_of_translations_is_refused(instruments, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    with pytest.raises(SurveyError) as caught:
        import_translations([tmp_path / "a.xlsx"], instruments)
    assert codes(caught.value) == [("TRAN-001", None, None)]


def test_the_command_line_takes_a_real_form_there_and_back(tmp_path):
    """A workbook that nobody changed changes nothing; three texts change three lines."""
    shutil.copytree(PROJECT / "instruments", tmp_path / "instruments")
    study = ["--study", str(tmp_path), "translations"]
    assert CliRunner().invoke(app, [*study, "export", "activity_record"]).exit_code == 0
    book = tmp_path / "outputs" / "translations" / "activity_record.translations.xlsx"
    answer = CliRunner().invoke(app, [*study, "import", str(book)])
    assert answer.output == "nothing has changed\n"
    path = tmp_path / "instruments" / "activity_record.yaml"
    found = [entry for entry in entries(path, {}) if entry.file == path][5:50:20]
    correct(book, {(entry.key, "en"): "Other words" for entry in found})
    answer = CliRunner().invoke(app, [*study, "import", str(book)])
    assert answer.output == "instruments/activity_record.yaml: 3 texts changed\n"
    before = (PROJECT / "instruments" / "activity_record.yaml").read_text("utf-8")
    lines = changed_lines(before, path.read_text("utf-8"))
    assert len([line for line in lines if "Other words" in line]) == 3
    assert len([line for line in lines if line.startswith("+")]) == 3


TEXTS = st.text(
    st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" :#,{}[]'\"\\\n-?!|>&*%@`"),
    min_size=1,
).map(str.strip).filter(bool)  # fmt: skip


@given(TEXTS, TEXTS, st.sampled_from(["title", "survey/age/label", "survey/first/label"]))
def test_any_text_reads_back_as_it_was_written(tmp_path_factory, one, other, key):
    """Whatever a reviewer writes, whatever the style of the text before it."""
    form, block = tmp_path_factory.getbasetemp() / "f.yaml", "blocks/first.yaml"
    sources = {form: SMALL, form.parent / block: BLOCK}
    entry = {entry.key: entry for entry in entries(form, sources)}[key]
    sources[entry.file] = edited(sources[entry.file], [(entry, {"en": one, "zh-Hant": other})])
    yaml.safe_load(sources[entry.file])
    now = {entry.key: entry.texts for entry in entries(form, sources)}[key]
    assert now == {**entry.texts, "en": one, "zh-Hant": other}
