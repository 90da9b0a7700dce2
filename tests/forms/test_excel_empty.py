"""A form shows its status before any program has worked its formulas out."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from pipeline.forms.excel import write_excel_form
from pipeline.forms.excel_file import without_values
from pipeline.forms.office_file import member
from pipeline.questionnaire.model import Question, Questionnaire
from tests.conformance.forms import OURS
from tests.libreoffice import save_anew
from tests.questionnaires import every_type_questionnaire

LANGUAGES = ("en", "zh-Hant", "ja")
UNVALUED = re.compile(rb'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?><f>[^<]*</f><v></v>')
"""A formula without a value; one whose value is an empty text says that it is a text."""


def visible_formulas(path: Path, worked_out: Path) -> dict[tuple[str, str], object]:
    """Sheet and cell of every formula in sight -> the value that stands in the other file."""
    formulas, values = (
        openpyxl.load_workbook(path),
        openpyxl.load_workbook(worked_out, data_only=True),
    )
    return {
        (sheet.title, cell.coordinate): values[sheet.title][cell.coordinate].value or ""
        for sheet in formulas
        if sheet.sheet_state == "visible"
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def unvalued(path: Path, folder: Path) -> Path:
    """The same form without the values of its formulas, so that they must be worked out."""
    target = folder / path.name
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            copy.writestr(member(name), without_values(source.read(name)))
    return target


@pytest.mark.parametrize(
    ("form", "language"),
    list(zip(OURS, ("ja", "zh-Hant", "en", "ja"), strict=True)),
    ids=lambda value: getattr(value, "name", value),
)
def test_every_formula_in_sight_has_a_value_in_the_file(tmp_path, form, language):
    """A telephone's preview works nothing out, nor does Excel's protected view."""
    write_excel_form(form.questionnaire, language, tmp_path / "form.xlsx")
    with zipfile.ZipFile(tmp_path / "form.xlsx") as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        without = [name for name in names[:-2] if UNVALUED.search(archive.read(name))]
    assert len(names) >= 4
    assert without == []


def test_the_values_are_those_that_libreoffice_works_out(soffice, tmp_path):
    """Our four forms and one of every type of question, each in one of the languages."""
    made = []
    for at, form in enumerate([*(form.questionnaire for form in OURS), every_type_questionnaire()]):
        made.append(tmp_path / f"{form.form_id}.xlsx")
        write_excel_form(form, LANGUAGES[at % 3], made[-1])
    (tmp_path / "bare").mkdir()
    bare = [unvalued(path, tmp_path / "bare") for path in made]
    for path, worked_out in zip(made, save_anew(soffice, bare, tmp_path / "saved"), strict=True):
        assert visible_formulas(path, path) == visible_formulas(path, worked_out)


def test_nothing_is_said_of_a_form_whose_start_cannot_be_foreseen(tmp_path):
    """A skip that Excel cannot follow: no value is better than a wrong one."""
    name = Question(name="name", type="text", label="Name")
    more = Question(name="more", type="text", label="More?", relevant="regex(${name}, '(a|b)c+')")
    form = Questionnaire(form_id="skips", title="Skips (SYNTHETIC)", survey=(name, more))
    write_excel_form(form, "en", tmp_path / "form.xlsx")
    values = visible_formulas(tmp_path / "form.xlsx", tmp_path / "form.xlsx").values()
    assert set(values) == {""}
