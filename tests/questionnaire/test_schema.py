"""The published JSON Schema: in step with the model, and it refuses what loading refuses."""

import json

import jsonschema
import pytest

from pipeline.questionnaire.document import read_document
from pipeline.questionnaire.model import Question
from pipeline.questionnaire.schema import json_schema, write_json_schema
from pipeline.questionnaire.to_yaml import to_yaml
from pipeline.questionnaire.types import QUESTION_TYPES
from tests.conftest import PROJECT
from tests.questionnaires import every_type_questionnaire

INSTRUMENTS = PROJECT / "instruments"
PUBLISHED = INSTRUMENTS / "questionnaire.schema.json"
FORMS = [path for path in sorted(INSTRUMENTS.glob("*.yaml")) if path.name != "study.yaml"]


def problems_of(content, part=None):
    schema = json_schema()
    if part:
        schema = {**schema["$defs"][part], "$defs": schema["$defs"]}
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(content)]


def test_the_published_schema_is_in_step(tmp_path):
    """Made again, it is the same file; `write_json_schema` brings it up to date."""
    write_json_schema(tmp_path / "made.json")

    assert PUBLISHED.read_text(encoding="utf-8") == (tmp_path / "made.json").read_text("utf-8")
    jsonschema.Draft202012Validator.check_schema(json.loads(PUBLISHED.read_text("utf-8")))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_our_own_questionnaires_fit_the_schema(path):
    content = read_document(path.read_text(encoding="utf-8"), shown=path.name).content

    assert problems_of(content) == []


@pytest.mark.parametrize(
    "path", sorted((INSTRUMENTS / "blocks").glob("*.yaml")), ids=lambda path: path.stem
)
def test_our_own_blocks_fit_the_schema_of_a_block(path):
    content = read_document(path.read_text(encoding="utf-8"), shown=path.name).content

    assert problems_of(content, "Block") == []


def test_every_question_type_fits_the_schema():
    assert problems_of(read_document(to_yaml(every_type_questionnaire()), shown="a").content) == []


def form(**question):
    return {"form_id": "a", "title": "A", "survey": [{"name": "q", "type": "text", **question}]}


@pytest.mark.parametrize(
    "content",
    [
        {"title": "A", "survey": []},
        form(lable="Q"),
        form(type="intger"),
        form(type="select_one"),
        form(type="text list"),
        form(label={}),
        form(label={"en": 1}),
        form(required=3),
        form(sensitivity="secret"),
        {**form(), "include": "blocks/opening.yaml"},
        {**form(), "choices": {"l": [{"label": "no name"}]}},
    ],
)
def test_what_loading_refuses_the_schema_refuses_too(content):
    assert problems_of(form()) == []
    assert problems_of(content) != []


def test_each_question_type_is_offered():
    """An editor completes every type without a list, and takes every type with one."""
    for name, row in QUESTION_TYPES.items():
        kind = f"{name} some_list" if row.list_kind else name
        assert problems_of(form(type=kind)) == [], kind


def test_an_editor_shows_what_a_field_is_for():
    described = json_schema()["$defs"]["Question"]["properties"]

    assert described["sensitivity"]["description"].startswith("what the answer can do to a person")
    assert "ODK" in described["relevant"]["description"]
    assert set(described) == set(Question.model_fields)
