"""Out to a person with LibreOffice and back: the answers are the very same."""

from pathlib import Path

import pytest

from pipeline.forms.excel import write_excel_form
from pipeline.synthetic.filled_workbook import fill_workbook
from tests.libreoffice import save_anew
from tests.questionnaires import every_type_questionnaire
from tests.returns.test_workbook import ANSWERS, assert_all_answers, read

LANGUAGES = ("en", "zh-Hant", "ja")


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


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_form_saved_by_libreoffice_reads_back_the_same(soffice, filled, tmp_path, kind):
    """In each language, as .xlsx, as .xls (common in 2011) and as .ods."""
    for path in save_anew(soffice, filled, tmp_path, kind):
        responses = read(path)
        assert_all_answers(responses)
        assert responses.issues.empty
