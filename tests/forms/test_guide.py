"""The guide beside each form: two pages, and pictures that show what the form itself shows."""

import io
import subprocess
import zipfile

import docx
import openpyxl
import pytest
from openpyxl.workbook import Workbook
from PIL import Image

from pipeline.forms.excel import numbers_of, write_excel_form
from pipeline.forms.excel_keys import FormMark
from pipeline.forms.excel_layout import lay_out
from pipeline.forms.excel_paper import Drawing
from pipeline.forms.excel_slots import ANSWERED, MISSING, NOT_ASKED, WRONG, slots_of
from pipeline.forms.guide import guide_bytes
from pipeline.forms.guide_examples import Examples, examples_of
from pipeline.forms.guide_pictures import wrapped
from pipeline.forms.phrases_guide import GUIDE_PHRASES
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.synthetic.filled_workbook import fill_workbook
from tests.conformance.forms import FORMS, OURS
from tests.conftest import require_tool
from tests.libreoffice import save_anew
from tests.questionnaires import every_type_questionnaire

LANGUAGES = ("en", "zh-Hant", "ja")


def examples(form: Questionnaire, language: str) -> Examples:
    layout = lay_out(form, language)
    mark = FormMark(form.form_id, form.version, language, "")
    parts = (layout, mark, {}, numbers_of(layout), slots_of(form, layout))
    return examples_of(Drawing(Workbook(), form, language, *parts))


@pytest.mark.parametrize(
    "languages",
    [pytest.param(LANGUAGES, marks=pytest.mark.slow, id="all"), pytest.param((), id="one each")],
)
def test_every_guide_has_two_pages(soffice, tmp_path, languages):
    """The four forms, in three languages or each in one, as LibreOffice lays them out."""
    pdfinfo = require_tool("pdfinfo")
    made = []
    for at, form in enumerate(OURS):
        for language in languages or (LANGUAGES[at % 3],):
            made.append(tmp_path / f"{form.name}.{language}.docx")
            made[-1].write_bytes(guide_bytes(form.questionnaire, language))
    for path in save_anew(soffice, made, tmp_path / "pdf", "pdf"):
        said = subprocess.run([pdfinfo, path], capture_output=True, text=True, check=True).stdout
        assert "Pages:           2\n" in said, path.stem


def test_pictures_show_what_the_form_shows(soffice, tmp_path):
    """The same answers, written into the form: state, remark, status line and list are the same."""
    work = []
    for at, form in enumerate(OURS):
        language = LANGUAGES[at % 3]
        shown = examples(form.questionnaire, language)
        names = {
            number: name
            for name, number in numbers_of(lay_out(form.questionnaire, language)).items()
        }
        written = {names[line.number]: line.answer for line in shown.lines if line.answer}
        path = tmp_path / f"{form.name}.xlsx"
        write_excel_form(form.questionnaire, language, tmp_path / "empty.xlsx")
        fill_workbook(tmp_path / "empty.xlsx", written, path)
        work.append((path, shown, lay_out(form.questionnaire, language)))
    saved = save_anew(soffice, [path for path, _, _ in work], tmp_path / "saved")
    for path, (_, shown, layout) in zip(saved, work, strict=True):
        book = openpyxl.load_workbook(path, data_only=True)
        lines = {
            str(row[2].value): (row[6].value or "", row[7].value)
            for row in book[layout.questions].iter_rows(min_row=5)
        }
        assert {line.state for line in shown.lines} == {ANSWERED, MISSING, NOT_ASKED, WRONG}
        for line in shown.lines:
            assert lines[line.number] == (line.remark, line.state), line.number
        cover = [cell.value for row in book[layout.cover].iter_rows() for cell in row]
        assert shown.status in cover
        listed = {text for item in shown.listed for text in item}
        assert listed <= set(cover)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_names_the_file_to_return_and_shows_two_pictures(language):
    made = guide_bytes(every_type_questionnaire(), language)
    text = "\n".join(part.text for part in docx.Document(io.BytesIO(made)).paragraphs)
    assert "every_type_" in text
    assert ".xlsx" in text
    assert "{" not in text
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        pictures = [name for name in archive.namelist() if name.startswith("word/media/")]
        sizes = [Image.open(io.BytesIO(archive.read(name))).size for name in pictures]
    assert len(sizes) == 2
    assert all(width == 1781 and height > 200 for width, height in sizes)


def test_equal_questionnaires_give_equal_bytes():
    form = every_type_questionnaire()
    assert guide_bytes(form, "ja") == guide_bytes(form, "ja")


@pytest.mark.parametrize(
    "form", [form for form in FORMS if not form.is_ours][::4], ids=lambda form: form.name
)
def test_real_forms_have_a_guide_too(shared_dir, form):
    """Whatever a form's questions can show of themselves."""
    questionnaire = form.questionnaire
    shown = examples(questionnaire, questionnaire.default_language)
    assert len({line.number for line in shown.lines}) == len(shown.lines)
    assert guide_bytes(questionnaire, questionnaire.default_language)[:2] == b"PK"


def test_a_form_without_such_questions_has_a_guide_without_pictures_of_them():
    name = Question(name="name", type="text", label="Name")
    form = Questionnaire(form_id="one", title="One question (SYNTHETIC)", survey=(name,))
    assert examples(form, "en").lines == ()
    assert guide_bytes(form, "en")[:2] == b"PK"


def test_wide_characters_break_anywhere_and_words_at_spaces():
    assert wrapped("one two", 60, 26) == ["one", "two"]
    assert wrapped("一二三四", 60, 26) == ["一二", "三四"]


def test_every_text_is_in_every_language():
    for key, texts in GUIDE_PHRASES.items():
        assert set(texts) == set(LANGUAGES), key
        assert all(texts.values()), key
