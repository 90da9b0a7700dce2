"""Out to a person with LibreOffice and back: the answers are the very same."""

import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pipeline.forms.excel import write_excel_form
from pipeline.returns.source import SourceFile
from pipeline.returns.workbook import read_workbooks
from pipeline.synthetic.filled_workbook import fill_workbook
from tests.conftest import missing
from tests.forms.conformance.office import ask_office, has_bridge
from tests.libreoffice import FILTERS, save_anew
from tests.questionnaires import every_type_questionnaire
from tests.returns.test_workbook import ANSWERS, assert_all_answers, read

LANGUAGES = ("en", "zh-Hant", "ja")
KINDS = ("xlsx", "xls", "ods")
SCRIPT = Path(__file__).parent / "conformance" / "rearrange.py"

pytestmark = pytest.mark.xdist_group("libreoffice")


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> list[Path]:
    """One filled form a language."""
    folder = tmp_path_factory.mktemp("filled")
    paths = []
    for language in LANGUAGES:
        template = folder / f"form.{language}.xlsx"
        write_excel_form(every_type_questionnaire(), language, template)
        path = folder / f"filled-{language}.xlsx"
        fill_workbook(template, ANSWERS, path)
        paths.append(path)
    return paths


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_saved_by_libreoffice_reads_back_the_same(soffice, filled, tmp_path, kind):
    """In each language, as .xlsx, as .xls (common in 2011) and as .ods."""
    for path in save_anew(soffice, filled, tmp_path, kind):
        responses = read(path)
        assert_all_answers(responses)
        assert responses.issues.empty


@pytest.fixture(scope="module")
def rearranged(soffice, filled, tmp_path_factory) -> dict[tuple[str, str], Path]:
    """Change and kind of file -> the English form, changed and saved with LibreOffice."""
    if not has_bridge():
        missing("LibreOffice's bridge to Python (python3-uno)")
    folder = tmp_path_factory.mktemp("rearranged")
    made = {
        (change, kind): folder / f"{change}.{kind}"
        for change in ("rearrange", "destroy")
        for kind in KINDS
    }
    plan = [
        {
            "form": str(filled[0]),
            "change": change,
            "saved": {FILTERS[kind].partition(":")[2]: str(made[change, kind]) for kind in KINDS},
        }
        for change in ("rearrange", "destroy")
    ]
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    ask_office(SCRIPT, soffice, folder)
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_sheets_renamed_and_moved_rows_hidden_and_columns_widened_change_nothing(rearranged, kind):
    """Done with LibreOffice, and saved by it."""
    names = CalamineWorkbook.from_path(rearranged["rearrange", kind]).sheet_names
    assert names[0].startswith("Something else")
    responses = read(rearranged["rearrange", kind])
    assert_all_answers(responses)
    told = [] if kind != "xlsx" else ["hidden_answer"]  # calamine does not say it of the others
    assert responses.issues["code"].tolist() == told


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_whose_keys_were_deleted_is_set_aside_with_the_reason(rearranged, kind):
    """Nothing is guessed from positions; the file's name and the reason are told."""
    path = rearranged["destroy", kind]
    file = SourceFile(path, f"raw/every_type/{path.name}", "0" * 64, "2011-09-02T08:15:00Z")
    responses = read_workbooks([file], every_type_questionnaire())
    assert responses.main.empty
    issues = responses.issues[["code", "rule", "source_file"]].to_numpy().tolist()
    assert issues == [["unreadable_file", "READ-001", f"raw/every_type/{path.name}"]]
