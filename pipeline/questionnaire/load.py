"""A questionnaire out of its YAML, with all that is wrong in it found at once."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from pipeline.errors import Place, Problem, Severity, SurveyError, raise_errors
from pipeline.questionnaire.assemble import Assembled, assemble
from pipeline.questionnaire.check import findings
from pipeline.questionnaire.document import Location
from pipeline.questionnaire.model import (
    Change,
    Choice,
    Group,
    Question,
    Questionnaire,
    Repeat,
)
from pipeline.questionnaire.or_other import write_out_or_other
from pipeline.questionnaire.places import Finding
from pipeline.questionnaire.problems import did_you_mean

_NODES: dict[str, type[BaseModel]] = {"question": Question, "group": Group, "repeat": Repeat}
_ITEMS: dict[str, type[BaseModel]] = {"choices": Choice, "changes": Change}
_QUOTABLE = (bool, int, float)


def load(path: Path, *, shown: str | None = None) -> Questionnaire:
    """Read a questionnaire.

    Args:
        path: the YAML file; blocks under `include` lie relative to it.
        shown: its name in problems, `instruments/FORM.yaml`; the path itself where none is given.

    Raises:
        SurveyError: every problem of the file and its blocks, LOAD-0xx and EXPR-0xx, with file,
            line, question, rule and column.
    """
    questionnaire, problems = load_problems(path, shown=shown)
    raise_errors(problems)
    if questionnaire is None:  # pragma: no cover - a file without errors gives a questionnaire
        raise SurveyError(problems)
    return questionnaire


def load_problems(
    path: Path, *, shown: str | None = None
) -> tuple[Questionnaire | None, list[Problem]]:
    """Read a questionnaire and all its problems, warnings included; never raises.

    Returns:
        The questionnaire, None where the file does not hold one; the problems, in the order of
        files and lines.
    """
    assembled = assemble(path, shown or path.as_posix())
    problems = list(assembled.problems)
    questionnaire = None
    if assembled.content is not None:
        try:
            questionnaire = write_out_or_other(Questionnaire.model_validate(assembled.content))
        except ValidationError as error:
            problems += _wrong_values(error, assembled)
            problems += _besides(error, assembled)
        else:
            problems += _placed(questionnaire, assembled)
    return questionnaire, sorted(problems, key=_in_order)


def _in_order(problem: Problem) -> tuple[str, int]:
    return problem.place.file or "", problem.place.line or 0


def _placed(questionnaire: Questionnaire, assembled: Assembled) -> Iterator[Problem]:
    for finding in findings(questionnaire):
        yield _with_place(finding, questionnaire, assembled)


def _with_place(finding: Finding, questionnaire: Questionnaire, assembled: Assembled) -> Problem:
    file, line = assembled.place(finding.location)
    problem = finding.problem
    severity = Severity.WARNING if questionnaire.imported_from else problem.severity
    place = replace(problem.place, file=file, line=line)
    return replace(problem, place=place, severity=severity)


def _besides(error: ValidationError, assembled: Assembled) -> Iterator[Problem]:
    """What else is wrong, looked for with the wrong values put right; what hangs on them is not."""
    content = deepcopy(assembled.content)
    put_right: set[tuple[Location, str | int]] = set()
    for number, wrong in enumerate(error.errors(include_url=False)):
        location, owner, _ = _follow(assembled.content, wrong["loc"])
        *above, key = location
        holder = _value_at(content, tuple(above))
        if isinstance(holder, dict):
            put_right.add((tuple(above), key))
            _put_right(holder, str(key), owner, number)
    try:
        rest = write_out_or_other(Questionnaire.model_validate(content))
    except ValidationError:
        return
    for finding in findings(rest):
        if (finding.location, finding.problem.place.rule) not in put_right:
            yield _with_place(finding, rest, assembled)


def _put_right(holder: dict[str, Any], key: str, owner: type[BaseModel], number: int) -> None:
    field = owner.model_fields.get(key)
    if field is None or not field.is_required():
        holder.pop(key, None)
    elif key in holder and key not in {"questions", "survey", "title"}:
        holder[key] = str(holder[key])
    else:
        placeholders = {"type": "note", "title": "-", "questions": [], "survey": []}
        holder[key] = placeholders.get(key, f"unnamed_{number}")


def _value_at(content: Any, location: Location) -> Any:
    for part in location:
        content = content[part]
    return content


def _wrong_values(error: ValidationError, assembled: Assembled) -> Iterator[Problem]:
    """Pydantic's findings, one a place, in the words of the file."""
    seen: set[Location] = set()
    for wrong in error.errors(include_url=False):
        location, owner, names = _follow(assembled.content, wrong["loc"])
        if location in seen:
            continue
        seen.add(location)
        code, message, repair = _explain(wrong, owner)
        file, line = assembled.place(location)
        place = Place(file, line, question=names, rule=_rule(location, owner))
        yield Problem(code, message, repair, place)


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
        if not isinstance(value, dict | list):
            break
        location.append(part)
        if isinstance(value, dict) and part not in value:
            break
        value = value[part]  # type: ignore[index]  # pydantic went this way before
        if among_nodes:
            owner = _NODES[str(next(parts, "question"))]
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
    if wrong["type"] == "string_type" and isinstance(given, _QUOTABLE):
        return "LOAD-006", "This must be text.", "Put it in quotes."
    if given is None or wrong["type"] == "too_short":
        return "LOAD-014", f"There is nothing after '{key}'.", "Write its value, or take it out."
    if key in {"bool", "str"}:
        return "LOAD-006", "This is neither yes nor no.", "Write true, false or an expression."
    return "LOAD-006", f"{wrong['msg']}.", "Write it so."
