"""Values of the wrong kind in a questionnaire's YAML, in the words of the file."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from pipeline.errors import Place, Problem
from pipeline.questionnaire.assemble import Assembled
from pipeline.questionnaire.check_names import CHOICE_KINDS
from pipeline.questionnaire.document import Location
from pipeline.questionnaire.model import Change, Choice, Group, Question, Questionnaire, Repeat
from pipeline.questionnaire.problems import did_you_mean

_NODES: dict[str, type[BaseModel]] = {"question": Question, "group": Group, "repeat": Repeat}
_ITEMS: dict[str, type[BaseModel]] = {"choices": Choice, "changes": Change}
_QUOTABLE = (bool, int, float)


def wrong_values(error: ValidationError, assembled: Assembled) -> Iterator[Problem]:
    """Pydantic's findings, one a place: LOAD-004 to LOAD-006 and LOAD-014."""
    seen: set[Location] = set()
    for wrong in error.errors(include_url=False):
        location, owner, name = _follow(assembled.content, wrong["loc"])
        if location in seen:
            continue
        seen.add(location)
        code, message, repair = _explain(wrong, owner)
        file, line = assembled.place(location)
        place = Place(file, line, question=name, rule=_rule(location, owner))
        yield Problem(code, message, repair, place)


def put_right(
    error: ValidationError, content: Any
) -> tuple[Any, frozenset[tuple[Location, str | int]]]:
    """The content with what pydantic refused taken out or filled in, to look for the rest.

    Returns:
        A changed copy; and what was changed in it, each the location of a mapping and a key.
    """
    changed = deepcopy(content)
    places: set[tuple[Location, str | int]] = set()
    for number, wrong in enumerate(error.errors(include_url=False)):
        location, owner, _ = _follow(content, wrong["loc"])
        *above, key = location
        holder = changed
        for part in above:
            holder = holder[part]
        if isinstance(holder, dict):
            places.add((tuple(above), key))
            if wrong["type"] == "extra_forbidden":
                holder.pop(key, None)
            else:
                _put_right(holder, str(key), owner.model_fields.get(str(key)), number)
    return changed, frozenset(places)


def _put_right(holder: dict[str, Any], key: str, field: FieldInfo | None, number: int) -> None:
    """Take out what may be absent, make text of what must be text, fill in what is missing."""
    placeholders: dict[str, Any] = {"type": "note", "title": "-", "questions": [], "survey": []}
    can_be_absent = field is None or not field.is_required()
    if isinstance(holder.get(key), _QUOTABLE) and (field is None or not can_be_absent):
        holder[key] = str(holder[key])
    elif can_be_absent:
        holder.pop(key, None)
    else:
        holder[key] = placeholders.get(key, f"unnamed_{number}")


def _follow(
    content: Any, loc: tuple[str | int, ...]
) -> tuple[Location, type[BaseModel], str | None]:
    """Where pydantic's loc lies in the file, what it is a part of, and that part's name.

    Pydantic puts the kind of node after its number, and the branch of a union at the end; neither
    stands in the file.
    """
    location: list[str | int] = []
    owner: type[BaseModel] = Questionnaire
    name: str | None = None
    value = content
    parts = iter(loc)
    for part in parts:
        among_nodes = isinstance(part, int) and location[-1] in {"survey", "questions"}
        if not isinstance(value, dict | list) or isinstance(part, int) != isinstance(value, list):
            break
        location.append(part)
        if isinstance(value, dict) and part not in value:
            break
        value = value[part]  # type: ignore[index]  # the branches above leave no other way
        if among_nodes:
            owner = _NODES.get(str(next(parts, "question")), owner)
            name = _name(value, name)
        elif isinstance(part, int):
            owner = _ITEMS.get(str(location[0]), owner)
            name = str(location[1]) if location[0] == "choices" else name
    return tuple(location), owner, name


def _rule(location: Location, owner: type[BaseModel]) -> str | None:
    keys = [part for part in location if isinstance(part, str)]
    fields = (key for key in reversed(keys) if key in owner.model_fields)
    return next(fields, keys[-1] if keys else None)


def _name(node: Any, otherwise: str | None) -> str | None:
    named = node if isinstance(node, Mapping) else {}
    found = next((named[key] for key in ("name", "group", "repeat") if key in named), None)
    return str(found) if found is not None else otherwise


def _explain(wrong: Mapping[str, Any], owner: type[BaseModel]) -> tuple[str, str, str]:
    key = str(wrong["loc"][-1])
    given = wrong.get("input")
    if wrong["type"] == "missing":
        return "LOAD-005", f"'{key}' is missing.", "Add it."
    if wrong["type"] == "extra_forbidden":
        known = [*owner.model_fields, *(["include"] if owner is Questionnaire else [])]
        repair = did_you_mean(key, known, f"Here may stand: {', '.join(known)}.")
        return "LOAD-004", f"Unknown key '{key}'.", repair
    if given is None or wrong["type"] == "too_short":
        return "LOAD-014", f"There is nothing after '{key}'.", "Write its value, or take it out."
    return "LOAD-006", *_wrong_kind(wrong, key)


def _wrong_kind(wrong: Mapping[str, Any], key: str) -> tuple[str, str]:
    if wrong["type"] == "string_type" and isinstance(wrong.get("input"), _QUOTABLE):
        return "This must be text.", "Put it in quotes."
    if key in {"bool", "str"}:
        return "This is neither yes nor no.", "Write true, false or an expression."
    if key == "missing":
        return "This is no kind of missing answer.", f"Write one of {', '.join(CHOICE_KINDS)}."
    if wrong["type"] in {"dict_type", "model_type", "model_attributes_type"}:
        return "This must be a map of keys and values.", "Write {key: value, ...}."
    if wrong["type"] in {"tuple_type", "list_type"}:
        return "This must be a list.", "Write each entry on a line that begins with '- '."
    return f"{wrong['msg']}.", "Write it so."
