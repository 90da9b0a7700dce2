"""Answers of two waves are set side by side only where the two forms ask the same."""

import pytest

from pipeline.analysis.data import open_dataset
from pipeline.analysis.waves import comparability, comparability_table, wave_table
from pipeline.errors import SurveyError
from tests.cleaning.forms import form
from tests.recoding.conftest import FORM, STUDY, Folder

CHOICES = {"ab": [{"name": "a", "label": {"en": "A"}}, {"name": "b", "label": {"en": "B"}}]}
FIRST = form(
    {"name": "same", "type": "select_one ab", "label": {"en": "Same?"}},
    {"name": "old", "type": "integer", "label": {"en": "How many?"}},
    {"name": "words", "type": "integer", "label": {"en": "How many people?"}},
    {"name": "skip", "type": "integer", "label": {"en": "Skip?"}},
    {"name": "gone", "type": "integer", "label": {"en": "Gone?"}},
    choices=CHOICES,
)
SECOND = form(
    {"name": "same", "type": "select_one ab", "label": {"en": "Same?"}},
    {"name": "renamed", "type": "integer", "label": {"en": "How many?"}},
    {"name": "words", "type": "integer", "label": {"en": "How many families?"}},
    {"name": "skip", "type": "integer", "label": {"en": "Skip?"}, "relevant": "${same} = 'a'"},
    {"name": "new", "type": "integer", "label": {"en": "New?"}},
    choices=CHOICES,
    version="2",
    changes=[{"version": "2", "rename": {"old": "renamed"}, "dropped": ["gone"]}],
)


def test_what_changed_what_was_asked_cannot_be_compared():
    """The same and the renamed question can; other words, another skip and a new one cannot."""
    found = comparability(FIRST, SECOND)
    assert found[["question", "is_comparable"]].to_numpy().tolist() == [
        ["same", True],
        ["renamed", True],
        ["words", False],
        ["skip", False],
        ["new", False],
    ]
    assert found["before"].fillna("-").tolist() == ["same", "old", "words", "skip", "-"]
    assert found.loc[~found["is_comparable"], "reason"].ne("").all()
    assert found.loc[found["is_comparable"], "reason"].eq("").all()


def test_a_form_is_comparable_with_itself():
    assert comparability(SECOND, SECOND)["is_comparable"].all()


@pytest.fixture
def waves(tmp_path):
    """Two study folders of one form; in the later a choice has a new name."""
    later_form = FORM.replace('version: "1"', 'version: "2"').replace("name: shelter", "name: roof")
    later_form += 'changes:\n  - {version: "2", choices: {kind: {shelter: roof}}}\n'
    given = {
        "2011": ["shelter", "shelter", "legal_aid"],
        "2012": ["roof", "legal_aid", "", "other"],
    }
    datasets = []
    for wave, text in (("2011", FORM), ("2012", later_form)):
        (tmp_path / wave).mkdir()
        settings = STUDY.replace('"2011"', f'"{wave}"') + "disclosure: {public: 1, restricted: 1}\n"
        folder = Folder(tmp_path / wave, text, settings)
        folder.receive([{"kind": one, "kind_other": ""} for one in given[wave]])
        folder.survey("process")
        assert folder.table()["wave"].tolist() == [wave] * len(given[wave])
        datasets.append(open_dataset(folder.study, "small", "en"))
    return datasets


def test_two_waves_side_by_side(waves):
    """A renamed choice is one choice; each wave has its own base."""
    table = wave_table(*waves, "kind")
    assert [column.group for column in table.columns if column.group] == ["2011"] * 3 + ["2012"] * 3
    names = ["answer", "before_count", "before_base", "after_count", "after_base"]
    assert table.frame[names].to_numpy().tolist() == [
        ["Legal aid", 1, 3, 1, 3],
        ["Shelter", 2, 3, 1, 3],
        ["Other", 0, 3, 1, 3],
    ]
    assert table.frame["before_share"].tolist() == pytest.approx([1 / 3, 2 / 3, 0])
    assert len(comparability_table(*waves).frame) == 0


def test_what_cannot_be_compared_is_refused_with_its_reason(waves):
    """There is no table, rather than a wrong one."""
    for question in ("kind_other", "nothing"):
        with pytest.raises(SurveyError) as caught:
            wave_table(*waves, question)
        assert [one.code for one in caught.value.problems] == ["WAVE-001"]
