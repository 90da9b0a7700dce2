"""Names, types and lists: whether every part of a questionnaire can be told from the others."""

import re
from collections.abc import Iterator

from pipeline.errors import Severity
from pipeline.questionnaire.document import Location
from pipeline.questionnaire.model import (
    Choice,
    Group,
    MissingKind,
    Node,
    Question,
    Questionnaire,
    Repeat,
)
from pipeline.questionnaire.places import Finding, found, kind_of, name_of, nodes
from pipeline.questionnaire.problems import did_you_mean
from pipeline.questionnaire.reserved import (
    INSTANCE_COLUMNS,
    MISSING_ENDING,
    RESPONSE_COLUMNS,
    TABLES,
)
from pipeline.questionnaire.types import QUESTION_TYPES

_XML_NAME = re.compile(r"[^\W\d][\w.\-]*")
CHOICE_KINDS = (MissingKind.DONT_KNOW, MissingKind.REFUSED, MissingKind.NOT_APPLICABLE)
"""Kinds of missing answer that a choice can stand for."""

_LIST_COLUMNS = ("list_name", "list name")
_FILE_TYPES = (".csv", ".xml", ".geojson")


def check_form_id(questionnaire: Questionnaire) -> Iterator[Finding]:
    """The form_id names a folder, so it must not lead elsewhere."""
    form_id = questionnaire.form_id
    if not form_id.strip() or form_id.startswith(".") or re.search(r"[/\\\0]", form_id):
        repair = "Use letters, digits, '_' and '-'; an imported form is given one with --as NAME."
        yield found("LOAD-013", "A folder cannot bear this form_id.", repair, ("form_id",))


def check_names(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Names that ODK refuses, and names that stand twice."""
    for location, node in nodes(questionnaire):
        if not _XML_NAME.fullmatch(name_of(node)):
            yield found(
                "LOAD-013",
                f"ODK takes no {kind_of(node)} named '{name_of(node)}'.",
                "Use letters, digits and '_', with a letter first.",
                location,
                question=name_of(node),
                rule="name",
            )
    yield from _twice_among_siblings(questionnaire.survey, ("survey",))
    yield from _repeat_twice(questionnaire)
    yield from _question_twice(questionnaire)


def check_reserved(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Names that the tables of answers need for themselves."""
    places = [place for place, node in nodes(questionnaire) if isinstance(node, Question)]
    for place, item in zip(places, questionnaire.items, strict=True):
        columns = INSTANCE_COLUMNS if item.repeat else RESPONSE_COLUMNS
        answered = item.question.type_name in QUESTION_TYPES and item.question.has_answer
        if item.name in columns and answered:
            yield _reserved(item.name, "question", "column", place)
    for place, node in nodes(questionnaire):
        name = name_of(node).lower()
        if isinstance(node, Repeat) and (name in TABLES or name.endswith(MISSING_ENDING)):
            yield _reserved(node.repeat, "repeat", "table", place)


def _reserved(name: str, kind: str, what: str, location: Location) -> Finding:
    message = f"No {kind} can be named '{name}': a {what} of every form's answers is."
    repair = "Give it another name, for instance with the form's topic before it."
    return found("LOAD-025", message, repair, location, question=name, rule="name")


def _twice_among_siblings(siblings: tuple[Node, ...], location: Location) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, node in enumerate(siblings):
        name = name_of(node)
        if name in seen:
            message = f"'{name}' stands here a second time."
            yield _name_twice(message, (*location, at), name)
        seen.add(name)
        if isinstance(node, Group | Repeat):
            yield from _twice_among_siblings(node.questions, (*location, at, "questions"))


def _repeat_twice(questionnaire: Questionnaire) -> Iterator[Finding]:
    seen: set[str] = set()
    for location, node in nodes(questionnaire):
        if not isinstance(node, Repeat):
            continue
        if node.repeat in seen:
            yield _name_twice(f"Another repeat is named '{node.repeat}'.", location, node.repeat)
        seen.add(node.repeat)


def _question_twice(questionnaire: Questionnaire) -> Iterator[Finding]:
    """The same name in two groups: ODK takes it, but nothing can refer to it."""
    groups: dict[str, set[Location]] = {}
    for location, node in nodes(questionnaire):
        if not isinstance(node, Question):
            continue
        seen = groups.setdefault(node.name, set())
        if seen and location[:-1] not in seen:
            yield found(
                "LOAD-012",
                f"Another group has a question '{node.name}' too; both columns of the answers are "
                f"named with their group, 'group/{node.name}'.",
                "Give each question a name of its own.",
                location,
                question=node.name,
                rule="name",
                severity=Severity.WARNING,
            )
        seen.add(location[:-1])


def _name_twice(message: str, location: Location, name: str) -> Finding:
    repair = "Give each a name of its own."
    return found("LOAD-012", message, repair, location, question=name, rule="name")


def check_types(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Unknown types; lists that the type needs, must not have, or that are not there."""
    for location, node in nodes(questionnaire):
        if isinstance(node, Question) and (wrong := _wrong_type(node, questionnaire)):
            code, message, repair = wrong
            place = (*location, "type")
            yield found(code, message, repair, place, question=node.name, rule="type")


def _wrong_type(question: Question, questionnaire: Questionnaire) -> tuple[str, str, str] | None:
    parts = question.type.split()
    row = QUESTION_TYPES.get(parts[0]) if parts else None
    if row is None:
        shown = parts[0] if parts else ""
        repair = did_you_mean(shown, QUESTION_TYPES, "See XLSForm's question types, xlsform.org.")
        return "LOAD-010", f"There is no question type '{shown}'.", repair
    if parts[2:] or (parts[1:] and not row.list_kind):
        repair = (
            "Write or_other: true on a line of its own."
            if "other" in parts[-1]
            else f"Write '{row.name}'{' and the list' if row.list_kind else ''} only."
        )
        return "LOAD-010", f"'{question.type}' says too much for a type.", repair
    if row.list_kind and not parts[1:] and not row.list_optional:
        known = _list_names(questionnaire, row.list_kind)
        repair = f"Write '{row.name} {next(iter(known), 'LIST')}'."
        return "LOAD-010", f"{row.name} does not say from which list.", repair
    return _wrong_list(parts[1], row.list_kind, questionnaire) if parts[1:] else None


def _wrong_list(
    name: str, list_kind: str, questionnaire: Questionnaire
) -> tuple[str, str, str] | None:
    if list_kind == "file":
        if name.endswith(_FILE_TYPES):
            return None
        return "LOAD-011", f"'{name}' is no CSV, XML or GeoJSON file.", "Name one with its ending."
    if name.startswith("${"):
        known = {name_of(node) for _, node in nodes(questionnaire)}
        if name[2:-1] in known:
            return None
        return (
            "LOAD-011",
            f"There is no question '{name[2:-1]}' to choose from.",
            did_you_mean(name[2:-1], known, "Name a question inside a repeat."),
        )
    lists = _list_names(questionnaire, list_kind)
    if name in lists:
        return None
    repair = did_you_mean(name, lists, "Add it under 'choices'.")
    return "LOAD-011", f"There is no choice list '{name}'.", repair


def _list_names(questionnaire: Questionnaire, list_kind: str) -> list[str]:
    if list_kind != "sheet":
        return list(questionnaire.choices)
    return list(
        dict.fromkeys(
            row[column]
            for sheet in ("external_choices", "osm")
            for row in questionnaire.sheets.get(sheet, ())
            for column in _LIST_COLUMNS
            if column in row
        )
    )


def check_choices(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Empty lists; choices that stand twice, have no usable name, or a kind they cannot have."""
    several = _lists_of_several(questionnaire)
    twice_allowed = questionnaire.settings.get("allow_choice_duplicates", "no").lower() in {
        "yes",
        "true",
        "true()",
    }
    for list_name, choices in questionnaire.choices.items():
        here: Location = ("choices", list_name)
        if not choices:
            message, repair = f"The list '{list_name}' has no choices.", "Add some, or take it out."
            yield found("LOAD-014", message, repair, here, question=list_name)
        seen: set[str] = set()
        for at, choice in enumerate(choices):
            if choice.name in seen and not twice_allowed:
                message = f"The choice '{choice.name}' stands here a second time."
                repair = "Give each choice of a list a name of its own."
                yield found("LOAD-012", message, repair, (*here, at), question=list_name)
            seen.add(choice.name)
            if wrong := _wrong_choice(choice, several=list_name in several):
                yield found("LOAD-018", *wrong, (*here, at), question=list_name)


def _lists_of_several(questionnaire: Questionnaire) -> frozenset[str | None]:
    """Lists of select_multiple, whose answers are choice names joined by spaces."""
    asked = (item.question for item in questionnaire.items)
    return frozenset(one.list_name for one in asked if one.type_name == "select_multiple")


def _wrong_choice(choice: Choice, *, several: bool) -> tuple[str, str] | None:
    if not choice.name.strip():
        return "A choice has no name.", "Give it the code that is to be stored."
    if several and " " in choice.name:
        message = f"The choice '{choice.name}' has a space, and a select_multiple uses its list."
        return message, "Write '_' instead of the space."
    if choice.missing and choice.missing not in CHOICE_KINDS:
        kinds = ", ".join(CHOICE_KINDS)
        return f"No choice can stand for '{choice.missing}'.", f"Use one of {kinds}."
    return None
