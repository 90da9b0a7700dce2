"""The study's notebooks: their order, their titles, and the forms that they read."""

import pytest

from pipeline.analysis.notebooks import forms_of, notebooks, title_of
from pipeline.analysis.page import Page
from pipeline.errors import SurveyError
from tests.analysis.conftest import FORM
from tests.analysis.drawn import study_of

HEADER = "# ---\n# jupyter:\n#   titles: {en: First, ja: 最初}\n# ---\n\n# %%\n"


def test_notebooks_come_in_the_order_of_their_names_without_those_that_begin_with_a_line(tmp_path):
    study = study_of(tmp_path, FORM)
    for name in ("2_b.py", "1_a.py", "_draft.py", "notes.md"):
        (study.notebooks / name).write_text("", encoding="utf-8")
    assert [path.name for path in notebooks(study)] == ["1_a.py", "2_b.py"]


def test_a_title_comes_from_the_header_in_the_language_or_in_english_or_from_the_name(tmp_path):
    given, bare = tmp_path / "1_given.py", tmp_path / "2_bare_one.py"
    given.write_text(HEADER, encoding="utf-8")
    bare.write_text("# %%\n", encoding="utf-8")
    assert title_of(given, "ja") == "最初"
    assert title_of(given, "zh-Hant") == "First"
    assert title_of(bare, "en") == "2 bare one"


def test_a_broken_header_gives_no_title_and_no_error(tmp_path):
    broken = tmp_path / "1_x.py"
    broken.write_text("# ---\n# jupyter: {titles: [\n# ---\n", encoding="utf-8")
    assert title_of(broken, "en") == "1 x"


@pytest.mark.parametrize(
    ("said", "forms"),
    [("[a, b]", ("a", "b")), ("a", ("a",)), ("[]", ()), ("", None)],
)
def test_a_header_may_name_the_forms_that_are_read(tmp_path, said, forms):
    path = tmp_path / "1_x.py"
    path.write_text(f"# ---\n# jupyter:\n#   forms: {said}\n# ---\n", encoding="utf-8")
    assert forms_of(path) == forms


def test_a_form_that_the_header_does_not_name_is_not_read(tmp_path):
    study = study_of(tmp_path, FORM)
    path = study.notebooks / "1_x.py"
    path.write_text("# ---\n# jupyter:\n#   forms: [other]\n# ---\n", encoding="utf-8")
    page = Page.open(study, notebook="1_x", language="en")
    assert page.forms == ("other",)
    with pytest.raises(SurveyError) as read:
        page.dataset("little")
    with pytest.raises(SurveyError) as counted:
        page.hidden_counts()
    found = [problem for one in (read, counted) for problem in one.value.problems]
    place, rule = "notebooks/1_x.py", "forms"
    assert [(one.code, one.place.file, one.place.rule, one.repair) for one in found] == [
        ("REPORT-006", place, rule, f"{repair} in the header, so that the page is made anew {when}")
        for repair, when in (
            ("Add little to forms", "when that changes."),
            ("Take out forms", "when that changes."),
        )
    ]


def test_a_notebook_that_names_no_forms_reads_all(tmp_path):
    study = study_of(tmp_path, FORM)
    (study.notebooks / "1_x.py").write_text("# %%\n", encoding="utf-8")
    page = Page.open(study, notebook="1_x", language="en")
    assert page.forms == ("little",)
    assert page.dataset("little").form_id == "little"
    assert page.hidden_counts() == {}
