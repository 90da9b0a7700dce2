"""The names that a form cannot use are those that its tables of answers have."""

from pipeline.cleaning.process import process, write_processed
from pipeline.questionnaire.load import load_problems
from pipeline.questionnaire.reserved import (
    INSTANCE_COLUMNS,
    MISSING_ENDING,
    RESPONSE_COLUMNS,
    TABLES,
)
from pipeline.responses import KEYS, REPEAT_KEYS, REPEAT_SOURCES
from pipeline.settings import Settings
from tests.cleaning.forms import form, returns


def test_they_are_the_columns_and_files_of_processed(tmp_path):
    survey = form({"repeat": "members", "questions": [{"name": "born", "type": "integer"}]})
    paths = write_processed(process(returns([{}]), survey, Settings()), tmp_path)
    files = {path.stem for path in paths}
    assert files == {*TABLES, "members", f"members{MISSING_ENDING}"}
    assert set(KEYS) == RESPONSE_COLUMNS
    assert {*REPEAT_KEYS, *REPEAT_SOURCES} == INSTANCE_COLUMNS


def test_an_imported_form_cannot_have_them_either(tmp_path):
    """Everything else is taken as it is; with these, answers would overwrite keys."""
    path = tmp_path / "form.yaml"
    path.write_text(
        "form_id: form\ntitle: SYNTHETIC\nimported_from: form.xlsx\n"
        "survey:\n  - {name: serial, type: text}\n"
    )
    problems = load_problems(path)[1]
    assert [(one.code, one.severity) for one in problems if one.code != "LOAD-017"] == [
        ("LOAD-025", "error")
    ]
