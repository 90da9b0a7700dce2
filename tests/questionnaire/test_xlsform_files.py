"""Choices that lie in files beside an XLSForm, or in its sheet external_choices."""

import pytest

from pipeline.questionnaire.check import check
from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.questionnaire.load import load
from pipeline.questionnaire.model import Choice
from pipeline.questionnaire.to_yaml import to_yaml
from tests.questionnaire.xlsforms import FORMS

FORM = """
| survey | | | | |
| | type | name | label | parameters | choice_filter |
| | select_one_from_file places.csv | place | Place | value=code label=title | region = 'east' |
| | select_multiple_from_file places.csv | places | Places | | |
| | select_one_from_file camps.geojson | camp | Camp | | |
| | select_one_from_file trees.xml | tree | Tree | | |
"""
FILES = {
    "places.csv": "\ufeffcode,title,name,label,region\n1,One,a,A,east\n2,Two,b,B,\n",
    "camps.geojson": '{"features": [{"type": "Feature", "id": "c1", "properties": {"title": "C"},'
    ' "geometry": null}, {"properties": {"id": 2, "title": "D"}}]}',
    "trees.xml": "<root><item><name>oak</name><label>Oak</label></item></root>",
}


@pytest.fixture
def with_files(xlsform, tmp_path):
    def write(table=FORM, **changed):
        for name, text in (FILES | changed).items():
            if text is not None:
                (tmp_path / name).write_text(text, encoding="utf-8")
        return read_xlsform(xlsform(table))

    return write


def offered(questionnaire, name):
    choices = questionnaire.choices_of(questionnaire.by_name[name].question)
    return [(choice.name, choice.label["default"]) for choice in choices]


def test_choices_come_from_the_file_beside_the_form(with_files):
    """CSV, GeoJSON and XML; the parameters say in which columns name and label stand."""
    questionnaire, problems = with_files()

    assert problems == []
    assert offered(questionnaire, "place") == [("1", "One"), ("2", "Two")]
    assert offered(questionnaire, "places") == [("a", "A"), ("b", "B")]
    assert offered(questionnaire, "camp") == [("c1", "C"), ("2", "D")]
    assert offered(questionnaire, "tree") == [("oak", "Oak")]


def test_further_columns_can_filter(with_files):
    """A filter may name the file's columns, and no other."""
    questionnaire, _ = with_files()
    place = questionnaire.choices_of(questionnaire.by_name["place"].question)[0]

    assert place.columns["region"] == "east"
    assert [problem for problem in check(questionnaire) if problem.code.startswith("EXPR")] == []


def test_the_rows_are_kept_in_the_yaml(with_files, tmp_path):
    """The questionnaire does not need the file again."""
    questionnaire, _ = with_files()
    path = tmp_path / "form.yaml"
    path.write_text(to_yaml(questionnaire), encoding="utf-8")

    assert load(path) == questionnaire
    assert offered(load(path), "camp") == [("c1", "C"), ("2", "D")]


def test_a_file_that_is_not_there_is_named_once(with_files):
    questionnaire, problems = with_files(**{"places.csv": None})

    assert [(p.code, p.place.question, str(p.severity)) for p in problems] == [
        ("IMPORT-007", "place", "warning")
    ]
    assert "'places.csv' is not beside the form" in problems[0].message
    assert offered(questionnaire, "place") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("camps.geojson", "{"),
        ("camps.geojson", '{"features": [3]}'),
        ("camps.geojson", "[]"),
        ("trees.xml", "<root><item>"),
        ("trees.xml", '<!DOCTYPE r [<!ENTITY x "y">]><root><item><name>&x;</name></item></root>'),
    ],
)
def test_a_file_that_cannot_be_read_is_named(with_files, name, text):
    """No broken list ends in a traceback, and no entity is followed."""
    _, problems = with_files(**{name: text})

    assert [problem.code for problem in problems] == ["IMPORT-007"]
    assert name in problems[0].message


def test_external_choices_are_choices(xlsform):
    questionnaire, _ = read_xlsform(xlsform(FORMS["external choices"]))

    assert questionnaire.choices_of(questionnaire.by_name["city"].question) == (
        Choice(
            name="a",
            label={"default": "a"},
            columns={"list_name": "cities", "name": "a", "state": "s1"},
        ),
    )
