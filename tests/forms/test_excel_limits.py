"""What Excel forbids, checked on exported workbooks, since Excel itself cannot be run here."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.forms.excel import excel_form, write_excel_form
from pipeline.forms.excel_file import workbook_bytes
from pipeline.forms.excel_values import LABEL
from pipeline.questionnaire.model import Choice, Group, Question, Questionnaire, Repeat
from tests.conformance.forms import FORMS as ALL_FORMS
from tests.conformance.forms import OURS
from tests.forms.excel_limits import broken_limits, formula_faults
from tests.questionnaires import every_type_questionnaire

LANGUAGES = ("en", "zh-Hant", "ja")
OTHERS = [form for form in ALL_FORMS if not form.is_ours]


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
def test_forms_of_every_type_and_of_strange_texts_keep_to_excels_limits(name, language):
    """Lengths, nesting, names, functions of Excel 2010: see `tests.forms.excel_limits`."""
    assert list(broken_limits(workbook_bytes(excel_form(FORMS[name], language)))) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", OURS, ids=lambda form: form.name)
def test_our_four_forms_keep_to_excels_limits(form, language):
    assert list(broken_limits(workbook_bytes(excel_form(form.questionnaire, language)))) == []


@pytest.mark.parametrize("form", OTHERS, ids=lambda form: form.name)
def test_imported_real_forms_keep_to_excels_limits(form, shared_dir):
    """Fourteen real XLSForms, up to 530 questions, in their default language."""
    made = excel_form(form.questionnaire, form.questionnaire.default_language)
    assert list(broken_limits(workbook_bytes(made))) == []


def test_imported_real_forms_are_at_hand(shared_dir):
    assert len(OTHERS) >= 14


BROKEN = {
    "=1" + "+1" * 4096: "formula longer than 8192",
    f'="{"x" * 256}"': "text in a formula longer than 255",
    f"={'(' * 65}1{')' * 65}": "nested 65 deep",
    f"=SUM({','.join('1' * 256)})": "256 arguments",
    '=IF(A1="ok",XLOOKUP(A1,B1,C1),1)': "functions that Excel 2010 does not have: XLOOKUP",
    '=_xlfn.TEXTJOIN(",",TRUE,A1)': "functions that Excel 2010 does not have: _xlfn.TEXTJOIN",
    "=SUM(A1#)": "spelling of a later Excel",
    "=XFE1": "a cell beyond the last column",
    "=" + "+".join(["A1"] * 2700): "more than 16384 bytes once parsed",
}


@pytest.mark.parametrize("formula", BROKEN, ids=BROKEN.values())
def test_a_formula_that_excel_would_refuse_is_found(formula):
    assert BROKEN[formula] in list(formula_faults(formula[1:]))


def test_a_workbook_that_excel_would_refuse_is_found():
    """A name that looks like a cell, a validation that is too long, a row that is too high."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "History"
    sheet.row_dimensions[1].height = 410
    book.defined_names["AB12"] = DefinedName("AB12", attr_text="Sheet!$A$1")
    check = DataValidation(type="list", formula1=f'"{"x" * 254}"', errorTitle="x" * 33)
    check.add("A1")
    sheet.add_data_validation(check)
    assert [one.partition(": ")[2] for one in broken_limits(workbook_bytes(book))] == [
        "row 1: higher than 409.0",
        "validation of A1: title longer than 32",
        "validation of A1: formula1 longer than 255",
        "name of a sheet: History",
        "defined name AB12",
    ]


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


def test_the_cover_names_a_question_in_at_most_255_characters(book):
    """Excel's HYPERLINK gives an error where the text that it shows is longer."""
    labels = [cell.value for cell in book["_rules"][LABEL] if cell.value]
    assert labels
    assert max(map(len, labels)) <= 255


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
