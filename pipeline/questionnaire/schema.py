"""The JSON Schema of a questionnaire's YAML: editors complete and check it while one types.

The published copy is `instruments/questionnaire.schema.json`; a YAML file names it in its first
line: `# yaml-language-server: $schema=questionnaire.schema.json`.
"""

import inspect
import json
import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pipeline.questionnaire.model import Change, Choice, Group, Question, Questionnaire, Repeat
from pipeline.questionnaire.types import QUESTION_TYPES
from pipeline.store import write_text

_MODELS: tuple[type[BaseModel], ...] = (Questionnaire, Question, Group, Repeat, Choice, Change)
_ATTRIBUTE = re.compile(r"^    (?P<name>[\w, ]+): (?P<words>.+(?:\n        .+)*)", re.MULTILINE)
_INCLUDE = {
    "type": "array",
    "items": {"type": "string"},
    "description": "Blocks, relative to this file: choices are added, their survey comes first.",
}
_EXPRESSION = " An expression in ODK's language."
_EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count")


def json_schema() -> dict[str, Any]:
    """The schema of a questionnaire; `$defs/Block` is that of an included block."""
    schema = Questionnaire.model_json_schema(mode="validation")
    definitions = schema["$defs"]
    schema["properties"]["include"] = _INCLUDE
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Questionnaire"
    definitions["Question"]["properties"]["type"] = _types()
    for model in _MODELS:
        part = schema if model is Questionnaire else definitions[model.__name__]
        _describe(part, model)
    definitions["Block"] = {
        "title": "Block",
        "description": "Choices and questions that several questionnaires include.",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: schema["properties"][key] for key in ("choices", "survey")},
    }
    return schema


def write_json_schema(path: Path) -> None:
    """Write the schema, readable, with its keys in a fixed order."""
    write_text(path, json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n")


def _types() -> dict[str, Any]:
    with_list = "|".join(name for name, row in QUESTION_TYPES.items() if row.list_kind)
    without_list = [
        name for name, row in QUESTION_TYPES.items() if not row.list_kind or row.list_optional
    ]
    return {
        "anyOf": [
            {"enum": without_list},
            {"type": "string", "pattern": rf"^({with_list}) \S+$"},
        ]
    }


def _describe(part: dict[str, Any], model: type[BaseModel]) -> None:
    """Put the words of the class's docstring on its properties."""
    text = inspect.getdoc(model) or ""
    part["description"] = text.split("\n\n", maxsplit=1)[0]
    for found in _ATTRIBUTE.finditer(text):
        for name in found["name"].split(", "):
            if name in part["properties"]:
                part["properties"][name]["description"] = re.sub(r"\s+", " ", found["words"])
    for name in _EXPRESSIONS:
        if name in part["properties"]:
            described = part["properties"][name].get("description", name.replace("_", " ").title())
            part["properties"][name]["description"] = described.rstrip(".") + "." + _EXPRESSION
