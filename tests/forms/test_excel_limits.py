"""What Excel forbids, checked on exported workbooks, since Excel itself cannot be run here."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from pipeline.forms.excel import excel_form, write_excel_form
from pipeline.questionnaire.model import Choice, Group, Question, Questionnaire, Repeat
from tests.questionnaires import every_type_questionnaire

LANGUAGES = ("en", "zh-Hant", "ja")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
CELL_LIKE = re.compile(r"(?i)[a-z]{1,3}[0-9]+|r[0-9]*c?[0-9]*|c[0-9]*")


def strange_questionnaire() -> Questionnaire:
    """Texts as long, names as odd and labels as alike as a form can have."""
    long = "很長的文字，" * 60
    alike = (Choice(name="a", label="Same"), Choice(name="b", label="same"), Choice(name="c"))
    many = tuple(Choice(name=f"c{number}", label=f"=Choice {number}") for number in range(300))
    return Questionnaire(
        form_id="strange",
        title=f"A & B [x] {long}",
        choices={"list-one.x": alike, "LIST_one_x": many, "list one": alike},
        survey=(
            Question(name="bare", type="text", label="A question in no group"),
            Group(
                group="g1",
                label="Sheet: name / with * forbidden [marks] that is longer than Excel allows",
                hint=long,
                questions=(
                    Question(
                        name="q1",
                        type="select_one list-one.x",
                        label=f"<b>Bold</b> **strong** ${{bare}} {long}",
                        hint=long,
                        constraint_message=long,
                    ),
                    Question(name="q2", type="select_one LIST_one_x", label="=1+1"),
                    Question(name="q3", type="integer", label="N", constraint_message=long),
                    Question(name="q4", type="select_multiple LIST_one_x", label="#N/A"),
                ),
            ),
            Repeat(
                repeat="r1",
                label="Sheet: name / with * forbidden [marks] that is longer than Excel allows",
                questions=(Question(name="r1q", type="text", label=long),),
            ),
            Repeat(
                repeat="r2",
                label="Sheet: name / with * forbidden [marks] that is longer than Excel allows",
                questions=(Question(name="r2q", type="select_multiple list-one.x", label="x"),),
            ),
        ),
    )


FORMS = {
    "every type": every_type_questionnaire(),
    "strange": strange_questionnaire(),
}


@pytest.fixture(scope="module", params=FORMS, ids=str)
def form(request, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    write_excel_form(FORMS[request.param], "zh-Hant", path)
    return path


@pytest.fixture(scope="module")
def book(form) -> openpyxl.Workbook:
    return openpyxl.load_workbook(form, rich_text=True)


def test_sheet_names_are_short_distinct_and_without_forbidden_marks(book):
    names = [name.casefold() for name in book.sheetnames]
    assert len(set(names)) == len(names)
    for name in book.sheetnames:
        assert 1 <= len(name) <= 31
        assert not set(name) & set("[]:*?/\\'")


def test_validations_keep_to_255_characters_and_their_texts_to_32_and_224(book):
    checks = [check for sheet in book for check in sheet.data_validations.dataValidation]
    assert checks
    for check in checks:
        assert len(check.formula1 or "") <= 255
        assert len(check.formula2 or "") <= 255
        assert len(check.errorTitle or "") <= 32
        assert len(check.promptTitle or "") <= 32
        assert len(check.error or "") <= 224
        assert len(check.prompt or "") <= 255


def test_formulas_keep_to_8192_characters_and_texts_to_32767(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                limit = 8192 if cell.data_type == "f" else 32767
                assert len(str(cell.value or "")) <= limit


def test_defined_names_are_names_and_not_cells(book):
    names = list(book.defined_names)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert len(name) <= 255
        assert NAME.fullmatch(name)
        assert not CELL_LIKE.fullmatch(name)


def test_validations_and_formats_name_other_sheets_only_by_defined_name(book):
    """Excel 2007 refuses a sheet's name there, 2010 loses it on saving for 2007."""
    for sheet in book:
        for check in sheet.data_validations.dataValidation:
            assert "!" not in (check.formula1 or "")
        for formats in sheet.conditional_formatting:
            assert all("!" not in formula for rule in formats.rules for formula in rule.formula)


def test_a_label_is_never_a_formula(book):
    """A label that begins with `=` stays a text."""
    for sheet in book:
        for row in sheet.iter_rows(values_only=False):
            for cell in row:
                if str(cell.value).startswith(("=Choice", "=1+1")):
                    assert cell.data_type == "s"


def test_everything_is_locked_but_the_answer_cells(book):
    for sheet in book:
        assert sheet.protection.sheet or sheet.sheet_state != "visible"
        open_cells = [
            cell
            for row in sheet.iter_rows()
            for cell in row
            if type(cell).__name__ == "Cell" and not cell.protection.locked
        ]
        keyed = sheet["A2"].value == "#key"
        assert bool(open_cells) == keyed
        for cell in open_cells:
            heading = str(sheet.cell(2, cell.column).value)
            row_key = sheet.cell(cell.row, 1).value
            assert row_key, "an answer cell stands in a row with a key"
            assert heading in {"#answer", "#parent"} or not heading.startswith("#")


def test_the_form_opens_on_its_cover_and_prints_on_a4_with_page_numbers(book):
    assert book.active.title == "封面"
    for sheet in book:
        if sheet.sheet_state == "visible":
            assert sheet.page_setup.paperSize == 9
            assert "&P" in sheet.oddFooter.right.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_questionnaire_gives_the_same_bytes(tmp_path, language):
    for name in ("a.xlsx", "b.xlsx"):
        write_excel_form(every_type_questionnaire(), language, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_no_clock_is_written_into_a_form(form):
    with zipfile.ZipFile(form) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2011, 8, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2011-08-01T00:00:00Z") == 2


def test_markup_and_references_are_said_in_words():
    """`${bare}` is shown as the number of the question, markup goes."""
    book = excel_form(strange_questionnaire(), "en")
    shown = [str(cell.value) for cell in book["Questions"]["D"] if cell.value]
    assert any(text.startswith("Bold strong [answer to question 1]") for text in shown)


def test_labels_that_look_alike_show_their_names():
    """A drop-down gives back nothing but its text, so two choices never share one."""
    book = excel_form(strange_questionnaire(), "en")
    shown = [book["_lists"].cell(row, 1).value for row in (3, 4, 5)]
    assert shown == ["Same [a]", "same [b]", "c"]


def test_questions_of_other_media_are_said_and_not_asked():
    """A photograph cannot be taken in Excel; the form says so and has no cell for it."""
    book = excel_form(every_type_questionnaire(), "en")
    sheet = book["Questions"]
    line = next(row for row in sheet.iter_rows() if str(row[3].value).startswith("A photograph"))
    assert "Asked on the telephone or tablet only" in str(line[3].value)
    assert line[4].protection.locked


def test_device_and_calculated_answers_are_left_out():
    book = excel_form(every_type_questionnaire(), "en")
    keys = {cell.value for cell in book["Questions"]["A"]}
    assert not keys & {"start", "staff_twice", "photo", "welcome"}
