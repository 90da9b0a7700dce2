"""The XForm that goes to tablets is what ODK's own validator accepts, without a warning."""

import subprocess
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH
from pyxform.xls2xform import convert

from pipeline.errors import SurveyError
from pipeline.forms.xform import write_xform, xform_text
from pipeline.forms.xlsform import write_xlsform, xlsform_sheets
from pipeline.questionnaire.load import load
from pipeline.questionnaire.model import Question, Questionnaire
from tests.conftest import PROJECT

FORMS = ("organisation_profile", "acceptance_interview", "refugee_roundtable", "activity_record")


@pytest.fixture(scope="module")
def ours():
    return {name: load(PROJECT / "instruments" / f"{name}.yaml") for name in FORMS}


def test_pyxform_warns_of_nothing(ours):
    assert {name: xform_text(form)[1] for name, form in ours.items()} == dict.fromkeys(FORMS, ())


def test_odk_validate_accepts_every_form(ours, tmp_path, java):
    """ODK Validate loads each form into JavaRosa, steps through it and checks its expressions."""
    files = [tmp_path / f"{name}.xml" for name in FORMS]
    for file, form in zip(files, ours.values(), strict=True):
        write_xform(form, file)
    result = subprocess.run(
        [java, "-jar", str(ODK_VALIDATE_PATH), *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    said = result.stdout + result.stderr
    assert result.returncode == 0, said
    assert said.count("Xform is valid!") == len(FORMS), said
    assert "warning" not in said.lower(), said


@pytest.mark.parametrize("name", FORMS)
def test_the_workbook_and_the_xform_are_the_same_form(ours, name, tmp_path):
    """pyxform makes of our XLSForm workbook exactly the XForm that we ship."""
    path = tmp_path / f"{name}.xlsform.xlsx"
    write_xlsform(ours[name], path)
    assert convert(str(path), form_name="data").xform == xform_text(ours[name])[0]


def test_equal_questionnaires_give_equal_bytes(ours, tmp_path):
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_xlsform(ours["refugee_roundtable"], first)
    write_xlsform(ours["refugee_roundtable"], second)
    assert first.read_bytes() == second.read_bytes()


def test_a_text_that_looks_like_a_formula_stays_text(tmp_path):
    form = Questionnaire(
        form_id="f", title="F", survey=(Question(name="a", type="text", label="=1+1"),)
    )
    write_xlsform(form, tmp_path / "f.xlsx")
    sheet = load_workbook(BytesIO((tmp_path / "f.xlsx").read_bytes()))["survey"]
    assert [cell.value for cell in sheet[2]] == ["text", "a", "=1+1"]
    assert sheet["C2"].data_type == "s"


def test_a_unit_is_shown_with_the_number():
    """XLSForm has no column for units; who answers on a tablet sees it in the hint."""
    question = Question(name="n", type="integer", label="How many?", unit={"default": "cases"})
    form = Questionnaire(form_id="f", title="F", survey=(question,))
    assert xlsform_sheets(form).survey == [
        {"type": "integer", "name": "n", "label": "How many?", "hint": "(cases)"}
    ]


def test_what_pyxform_refuses_is_a_problem_with_its_words():
    form = Questionnaire(
        form_id="f", title="F", survey=(Question(name="a b", type="text", label="A"),)
    )
    with pytest.raises(SurveyError) as caught:
        xform_text(form)
    assert [problem.code for problem in caught.value.problems] == ["FORM-001"]


def test_what_pyxform_refuses_is_shown_at_its_question():
    """Its row is none that the author of a YAML knows."""
    question = Question(name="n", type="range", label="How many?", parameters={"stp": 2})
    first = Question(name="a", type="text", label="A")
    with pytest.raises(SurveyError) as caught:
        xform_text(Questionnaire(form_id="f", title="F", survey=(first, question)))
    (problem,) = caught.value.problems
    assert (problem.place.question, problem.place.rule) == ("n", "parameters")
    assert problem.message.startswith("The accepted parameter keys for this question type are")
