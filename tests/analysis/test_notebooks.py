"""The study's notebooks: their order and their titles."""

from pipeline.analysis.notebooks import notebooks, title_of
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
