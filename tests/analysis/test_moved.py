"""What moved since the last run: which tables, how many numbers of each, and why."""

import json

import pytest

from pipeline.analysis.moved import BEFORE, RUN, Moved, keep_before, keep_run, what_moved
from pipeline.analysis.render import render_index_html
from pipeline.analysis.report import run_notebook
from tests.analysis.conftest import FORM
from tests.analysis.drawn import study_of, write_drawn

INPUTS = {
    "returns": {"little": "a", "other": "a"},
    "corrections": {"little": "b", "other": "b"},
    "questionnaire": {"little": "c", "other": "c"},
    "settings": "d",
    "notebook": {"page": "e"},
    "code": "f",
}
TABLE = {
    "titles": {"en": "Kind"},
    "forms": ["little"],
    "values": {"n": ["12", "30"], "share": ["0.4", "1"]},
}


@pytest.fixture
def noted(tmp_path):
    """Two notes in outputs/, of the run before and of this one; gives back what moved."""

    def make(before: tuple[dict, dict] | None, now: tuple[dict, dict]):
        study = study_of(tmp_path, FORM)
        for name, note in ((BEFORE, before), (RUN, now)):
            if note is not None:
                study.outputs.mkdir(parents=True, exist_ok=True)
                text = json.dumps({"inputs": note[0], "tables": note[1]})
                (study.outputs / name).write_text(text, encoding="utf-8")
        return what_moved(study)

    return make


def with_values(**columns: list[str]) -> dict:
    return {**TABLE, "values": {**TABLE["values"], **columns}}


def test_without_an_earlier_run_nothing_is_known(noted):
    assert noted(None, (INPUTS, {"page.kind": TABLE})) is None


def test_a_table_with_the_same_numbers_has_not_moved(noted):
    """Whatever else changed."""
    changed = {**INPUTS, "code": "other"}
    assert noted((INPUTS, {"page.kind": TABLE}), (changed, {"page.kind": TABLE})) == ()


@pytest.mark.parametrize(
    ("change", "causes"),
    [
        ({"returns": {"little": "new", "other": "a"}}, ("returns",)),
        ({"corrections": {"little": "new", "other": "b"}}, ("corrections",)),
        ({"questionnaire": {"little": "new", "other": "c"}}, ("questionnaire",)),
        ({"settings": "new"}, ("settings",)),
        ({"notebook": {"page": "new"}}, ("notebook",)),
        ({"code": "new"}, ("code",)),
        ({"returns": {"little": "a", "other": "new"}}, ()),
        ({"returns": {"little": "new", "other": "a"}, "code": "new"}, ("returns", "code")),
    ],
)
def test_a_table_that_moved_names_what_changed_of_its_own_inputs(noted, change, causes):
    """New returns of another form are no cause; several causes are all named."""
    before = (INPUTS, {"page.kind": TABLE})
    now = ({**INPUTS, **change}, {"page.kind": with_values(n=["13", "31"])})
    assert noted(before, now) == (Moved("page", "kind", {"en": "Kind"}, 2, 4, causes, "changed"),)


def test_tables_that_came_and_went_are_told(noted):
    found = noted((INPUTS, {"page.old": TABLE}), (INPUTS, {"page.new": TABLE}))
    assert [(one.name, one.kind, one.changed) for one in found] == [
        ("new", "new", None),
        ("old", "gone", None),
    ]


def test_another_number_of_rows_is_no_count_of_numbers(noted):
    longer = with_values(n=["12", "30", "5"])
    (moved,) = noted((INPUTS, {"page.kind": TABLE}), (INPUTS, {"page.kind": longer}))
    assert (moved.kind, moved.changed) == ("changed", None)


def test_a_note_that_cannot_be_read_is_none(noted, tmp_path):
    noted(None, (INPUTS, {}))
    study = study_of(tmp_path, FORM)
    (study.outputs / BEFORE).write_text("{", encoding="utf-8")
    assert what_moved(study) is None


NOTEBOOK = """\
# ---
# jupyter:
#   titles: {en: Page, zh-Hant: 頁, ja: ページ}
# ---

# %%
from pipeline.analysis.every_question import show_form
from pipeline.analysis.page import Page

page = Page.open(notebook="page")
show_form(page, "little")
"""


def test_the_report_is_held_against_its_own_last_run(tmp_path):
    """The same data move nothing; other data move their tables; no old number is shown."""
    study = study_of(tmp_path, FORM, settings="disclosure: {public: 1}\nlanguages: [en]\n")
    study.notebooks.mkdir(exist_ok=True)
    notebook = study.notebooks / "page.py"
    notebook.write_text(NOTEBOOK, encoding="utf-8")
    write_drawn(study, FORM, 40, seed=1)
    run_notebook(study, notebook, ["en"])
    keep_run(study, ["en"], INPUTS)
    keep_before(study)
    keep_run(study, ["en"], INPUTS)
    assert what_moved(study) == ()
    write_drawn(study, FORM, 40, seed=2)
    run_notebook(study, notebook, ["en"])
    keep_run(study, ["en"], {**INPUTS, "returns": {"little": "new"}})
    moved = what_moved(study)
    assert {one.causes for one in moved} == {("returns",)}
    assert "little_kind" in {one.name for one in moved}
    html = render_index_html(study, ["en"], synthetic=False, moved=moved)
    assert 'href="en/page.html#little_kind"' in html
    assert "new returns" in html
