"""What a returned file may hold besides answers: each has a rule, and is told."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import SurveyError
from pipeline.forms.excel import write_excel_form
from pipeline.returns.guard import guard_open_document
from pipeline.returns.source import SourceFile
from pipeline.returns.table import read_table
from pipeline.returns.workbook import read_workbook
from pipeline.returns.workbook_file import open_workbook
from pipeline.settings import Caps
from tests.questionnaires import every_type_questionnaire
from tests.returns.test_workbook_hostile import with_parts

FORM = every_type_questionnaire()


@pytest.fixture(scope="module")
def form(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    write_excel_form(FORM, "en", path)
    return path


def read(path: Path):
    return read_workbook(path, FORM, response_id="r", source_file="f", received_at="t")


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.bin", "external_link"),
        ("xl/embeddings/oleObject1.bin", "external_link"),
        ("xl/activeX/activeX1.bin", "external_link"),
    ],
)
def test_macros_and_links_are_told_and_the_answers_are_read(form, tmp_path, part, code):
    """Nothing of ours runs or follows them; whoever opens the file next should know."""
    path = with_parts(form, tmp_path / "x.xlsx", {part: b"SYNTHETIC"})
    plain, found = read(form), read(path)
    assert set(found.issues["code"]) - set(plain.issues["code"]) == {code}
    assert found.main.equals(plain.main)


def test_an_answer_in_a_hidden_row_is_read_and_told(form, tmp_path):
    """The form itself hides no row that holds an answer."""
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[1]
    cell = next(cell for row in sheet.iter_rows() for cell in row if not cell.protection.locked)
    cell.value = "7"
    book.save(tmp_path / "shown.xlsx")
    sheet.row_dimensions[cell.row].hidden = True
    book.save(tmp_path / "hidden.xlsx")
    shown, hidden = (read(tmp_path / f"{name}.xlsx") for name in ("shown", "hidden"))
    assert "hidden_answer" not in set(shown.issues["code"])
    told = hidden.issues[hidden.issues["code"] == "hidden_answer"]
    assert list(told["source_place"]) == [f"{sheet.title}!{cell.coordinate}"]
    assert hidden.main.equals(shown.main)


def test_a_table_with_macros_is_told(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["_uuid", "code"])
    book.active.append(["SYNTHETIC-1", "A"])
    stream = io.BytesIO()
    book.save(stream)
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/vbaProject.bin", b"SYNTHETIC")
    found = read_table(SourceFile(path, "f", "0" * 64, "t"), FORM)
    assert "macros" in set(found.issues["code"])


@pytest.mark.parametrize("caps", [Caps(cell_characters=10), Caps(columns=1)])
def test_a_table_has_caps(tmp_path, caps):
    path = tmp_path / "t.csv"
    path.write_text("_uuid,code\nk,SYNTHETIC-long\n")
    with pytest.raises(SurveyError) as error:
        read_table(SourceFile(path, "f", "0" * 64, "t"), FORM, caps=caps)
    (problem,) = error.value.problems
    assert problem.code == "TABLE-005"
    assert "SYNTHETIC" not in str(problem)


KIND = "application/vnd.oasis.opendocument.spreadsheet"


def ods(*parts: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("mimetype", KIND)
        for name, part in parts:
            made.writestr(name, part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


BAD_ODS = {
    "a bomb": (ods(("content.xml", b"<a>" + b" " * (64 << 20))), "GUARD-005"),
    "a document type": (ods(("content.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>')), "GUARD-008"),
    "a part outside": (ods(("content.xml", b"<a/>"), ("../x.xml", b"<a/>")), "GUARD-006"),
    "no content": (ods(("other.xml", b"<a/>")), "GUARD-003"),
    "a password": (
        ods(
            ("META-INF/manifest.xml", b"<m><manifest:encryption-data/></m>"),
            ("content.xml", b"\x8a\x01\x02"),
        ),
        "GUARD-004",
    ),
}


@pytest.mark.parametrize("case", BAD_ODS)
def test_an_ods_is_guarded_as_an_xlsx_is(case):
    content, code = BAD_ODS[case]
    with pytest.raises(SurveyError) as error:
        guard_open_document(content, shown="f")
    assert [problem.code for problem in error.value.problems] == [code]


@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_a_password_of_libreoffice_is_named_as_such(form, tmp_path, soffice, ending):
    """Whatever the format, the sender is told to save it without one."""
    source = tmp_path / "form.xlsx"
    shutil.copyfile(form, source)
    filters = {"ods": "calc8", "xls": "MS Excel 97"}
    target = tmp_path / f"locked.{ending}"
    script = Path(__file__).with_name("lock_workbook.py")
    command = ["/usr/bin/python3", script, soffice, tmp_path / "profile", source, target]
    subprocess.run([*command, filters[ending]], check=True, timeout=200, capture_output=True)
    with pytest.raises(SurveyError) as error:
        open_workbook(target, shown="f")
    assert [problem.code for problem in error.value.problems] == ["GUARD-004"]
