"""The paper form holds every question and choice in order, and says every skip in words."""

import re
import shutil
import subprocess
import zipfile

import docx
import pytest

from pipeline.forms.excel_layout import kind_of_line
from pipeline.forms.excel_words import readable
from pipeline.forms.paper import paper_bytes, write_paper_form
from pipeline.questionnaire.load import load
from pipeline.questionnaire.model import Choice, Group, Question, Questionnaire
from tests.conftest import PROJECT, require_tool
from tests.questionnaires import every_type_questionnaire

LANGUAGES = ("en", "zh-Hant", "ja")
NAMES = ("organisation_profile", "acceptance_interview", "activity_record", "refugee_roundtable")


@pytest.fixture(scope="module")
def forms():
    loaded = [load(PROJECT / "instruments" / f"{name}.yaml") for name in NAMES]
    return {form.form_id: form for form in (*loaded, every_type_questionnaire())}


@pytest.fixture(scope="module")
def papers(forms, tmp_path_factory):
    """(form, language) -> the file."""
    folder = tmp_path_factory.mktemp("paper")
    made = {}
    for name, form in forms.items():
        for language in LANGUAGES:
            made[name, language] = folder / f"{name}.paper.{language}.docx"
            write_paper_form(form, language, made[name, language])
    return made


def lines(path):
    """Text of each paragraph in the order of the document, those of tables among them."""
    body = docx.Document(path).element.body
    return ["".join(part.text or "" for part in p.iter(f"{{{p.nsmap['w']}}}t")) for p in
            body.iter(f"{{{body.nsmap['w']}}}p")]  # fmt: skip


def asked(form, language):
    """What must be read, in order: each label, and the labels of each list."""
    for item in form.items:
        if kind_of_line(item.question) is None:
            continue
        yield readable(item.question.label, language).split("\n")[0]
        if item.question.row.list_kind == "list":
            for choice in form.choices_of(item.question):
                yield readable(choice.label, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*NAMES, "every_type"])
def test_every_question_and_choice_stands_in_it_in_order(forms, papers, name, language):
    shown = iter(lines(papers[name, language]))
    expected = [re.sub(r"\$\{.*", "", text) for text in asked(forms[name], language)]
    assert len(expected) > 20
    missing = [text for text in expected if not any(text in line for line in shown)]
    assert missing == []


def test_every_condition_is_said_above_its_question(forms, papers):
    """As many sentences as questions, groups and repeats that have a condition of their own."""
    form = forms["organisation_profile"]
    own = [item.question.relevant for item in form.items if kind_of_line(item.question)]
    own += [repeat.node.relevant for repeat in form.repeats.values()]
    own += [node.relevant for node in form.survey if isinstance(node, Group)]
    shown = lines(papers["organisation_profile", "en"])
    said = [line for line in shown if re.match("Ask (this part )?only if ", line)]
    assert len(said) == sum(relevant is not None for relevant in own)


def small_form():
    """SYNTHETIC."""
    yes_no = (Choice(name="yes", label="Yes"), Choice(name="no", label="No"))
    return Questionnaire(
        form_id="small",
        title="Small (SYNTHETIC)",
        choices={"yes_no": yes_no},
        survey=(
            Question(name="helps", type="select_one yes_no", label="Do you help?"),
            Question(name="how", type="text", label="How?", relevant="${helps} = 'yes'"),
            Question(name="cases", type="integer", label="Cases?", relevant="${helps} != 'no'"),
            Question(name="big", type="text", label="Why?", relevant="${cases} > 9"),
            Question(name="last", type="select_one yes_no", label="More?"),
            Question(name="what", type="text", label="What?", relevant="not(${last} = 'no')"),
        ),
    )


def test_an_answer_sends_to_the_next_question_that_it_does_not_rule_out(tmp_path):
    """Question 4 hangs on question 3 and is left to its own sentence."""
    write_paper_form(small_form(), "en", tmp_path / "small.docx")
    shown = lines(tmp_path / "small.docx")
    start = shown.index("1Do you help?")
    assert shown[start:-1] == [
        "1Do you help?", "Tick one.", "□Yes", "□No   → go to question 4",
        "Ask only if question 1 is “Yes”.", "2How?", "",
        "Ask only if question 1 is not “No”.", "3Cases?", "______________  whole number",
        "Ask only if question 3 is more than 9.", "4Why?", "",
        "5More?", "Tick one.", "□Yes", "□No   → go to the end",
        "Ask only if question 5 is not “No”.", "6What?", "",
    ]  # fmt: skip


def test_it_names_readable_fonts_for_both_scripts(papers):
    with zipfile.ZipFile(papers["organisation_profile", "ja"]) as file:
        styles = file.read("word/styles.xml").decode()
    assert set(re.findall(r'w:(?:ascii|hAnsi|eastAsia)="([^"]+)"', styles)) >= {"Meiryo UI"}
    assert 'w:eastAsia="Meiryo UI"' in styles


@pytest.mark.parametrize("language", LANGUAGES)
def test_equal_questionnaires_give_equal_bytes(forms, papers, language):
    form = forms["activity_record"]
    assert paper_bytes(form, language) == papers["activity_record", language].read_bytes()


def test_no_clock_is_written(papers):
    with zipfile.ZipFile(papers["activity_record", "en"]) as file:
        assert {info.date_time for info in file.infolist()} == {(2011, 8, 1, 0, 0, 0)}
        core = file.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2011-08-01T00:00:00Z"}


def test_markup_in_a_label_is_shown_and_not_obeyed(tmp_path):
    form = Questionnaire(
        form_id="f", title="F", survey=(Question(name="q", type="text", label="a < b & c \x07"),)
    )
    write_paper_form(form, "en", tmp_path / "f.docx")
    assert "1a < b & c" in lines(tmp_path / "f.docx")


def test_a_word_processor_opens_every_one_on_a4(papers, soffice, tmp_path):
    """Each becomes a PDF; the last page's footer says form and version."""
    pdftotext = require_tool("pdftotext")
    files = [shutil.copy(path, tmp_path) for path in papers.values()]
    subprocess.run(
        [soffice, f"-env:UserInstallation=file://{tmp_path}/.libreoffice", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, files)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    for name, language in papers:
        pdf = tmp_path / f"{name}.paper.{language}.pdf"
        text = subprocess.run(
            [pdftotext, "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
        ).stdout
        pages = text.rstrip("\f").split("\f")
        assert all(name in page and "2011." in page for page in pages), (name, language)
        assert b"595.3" in pdf.read_bytes()
