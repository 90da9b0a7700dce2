"""A form that was tampered with is refused with a reason; it never takes the process down."""

import zipfile
from pathlib import Path

import pytest

from pipeline.errors import SurveyError
from pipeline.forms.excel import write_excel_form
from pipeline.returns.source import SourceFile
from pipeline.returns.workbook import read_workbook, read_workbooks, sniff_workbook
from pipeline.store import sha256_file
from tests.questionnaires import every_type_questionnaire

QUESTIONS = "xl/worksheets/sheet2.xml"


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    write_excel_form(every_type_questionnaire(), "en", path)
    return path


def with_parts(form: Path, target: Path, parts: dict[str, bytes]) -> Path:
    """A copy of the form with some members replaced or added."""
    with zipfile.ZipFile(form) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            if name not in parts:
                made.writestr(name, source.read(name), zipfile.ZIP_DEFLATED)
        for name, data in parts.items():
            made.writestr(name, data, zipfile.ZIP_DEFLATED)
    return target


def question_sheet(form: Path) -> bytes:
    with zipfile.ZipFile(form) as archive:
        return archive.read(QUESTIONS)


def far_cell(form: Path) -> dict[str, bytes]:
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return {QUESTIONS: question_sheet(form).replace(b"</sheetData>", row)}


def wide_cell(form: Path) -> dict[str, bytes]:
    row = b'<row r="2400"><c r="XFD2400"><v>1</v></c></row></sheetData>'
    return {QUESTIONS: question_sheet(form).replace(b"</sheetData>", row)}


def bomb(form: Path) -> dict[str, bytes]:
    padding = b"<!--" + b" " * (64 << 20) + b"-->"
    return {QUESTIONS: question_sheet(form) + padding}


def entities(form: Path) -> dict[str, bytes]:
    head = b'<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet'
    return {QUESTIONS: question_sheet(form).replace(b"<worksheet", head, 1)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (far_cell, "GUARD-007"),
        (wide_cell, "GUARD-007"),
        (bomb, "GUARD-005"),
        (entities, "GUARD-008"),
    ],
)
def test_a_dangerous_workbook_is_refused_before_it_is_opened(form, tmp_path, change, code):
    path = with_parts(form, tmp_path / "bad.xlsx", change(form))
    with pytest.raises(SurveyError) as caught:
        sniff_workbook(path)
    assert [problem.code for problem in caught.value.problems] == [code]
    issues = read_workbooks([source(path)], every_type_questionnaire()).issues
    assert issues[["code", "rule"]].to_numpy().tolist() == [["unreadable_file", code]]


def source(path: Path) -> SourceFile:
    return SourceFile(path, f"raw/{path.name}", sha256_file(path), "2011-09-02T08:15:00Z")


def test_a_damaged_sheet_is_refused(form, tmp_path):
    """XML that breaks off in the middle is damage, never a shorter form."""
    cut = question_sheet(form)[:20_000]
    path = with_parts(form, tmp_path / "cut.xlsx", {QUESTIONS: cut})
    with pytest.raises(SurveyError) as caught:
        read_workbook(
            path, every_type_questionnaire(), response_id="r", source_file="f", received_at=""
        )
    assert [problem.code for problem in caught.value.problems] == ["READ-005"]
