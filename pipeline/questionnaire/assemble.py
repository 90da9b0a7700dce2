"""A questionnaire's YAML with the blocks that it includes, and where each part came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import Place, Problem
from pipeline.questionnaire.document import Document, Location, read_document
from pipeline.questionnaire.problems import did_you_mean

_BLOCK_KEYS = ("choices", "survey")


@dataclass(frozen=True)
class Part:
    """One file, and the parts of the whole that stand in it.

    Attributes:
        shown: the file's name in problems.
        first, end: its nodes are `survey[first:end]` of the whole.
        lists: its choice lists.
    """

    shown: str
    document: Document
    first: int = 0
    end: int = 0
    lists: frozenset[str] = frozenset()

    def place(self, location: Location) -> tuple[str, int | None]:
        """File and line of a location of the whole."""
        if location[:1] == ("survey",) and len(location) > 1 and isinstance(location[1], int):
            location = ("survey", location[1] - self.first, *location[2:])
        return self.shown, self.document.line(location)


@dataclass(frozen=True)
class Assembled:
    """The whole as one mapping; `content` is None where no questionnaire could be read."""

    content: dict[str, Any] | None
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]

    def place(self, location: Location) -> tuple[str, int | None]:
        """File and line of a location of the whole."""
        form, *blocks = self.parts
        for block in blocks:
            if location[:1] == ("survey",) and len(location) > 1:
                if isinstance(location[1], int) and block.first <= location[1] < block.end:
                    return block.place(location)
            elif location[:1] == ("choices",) and len(location) > 1 and location[1] in block.lists:
                return block.place(location)
        return form.place(location)


def assemble(path: Path, shown: str) -> Assembled:
    """Read a questionnaire and its blocks; never raises.

    Args:
        path: the YAML file; the files under `include` lie relative to it.
        shown: its name in problems.
    """
    document = _read(path, shown)
    problems = list(document.problems)
    content = document.content
    if not isinstance(content, dict):
        if not problems:
            repair = "Begin with form_id, title and survey."
            message = "There is no questionnaire in this file."
            problems.append(Problem("LOAD-005", message, repair, Place(file=shown)))
        return Assembled(None, (Part(shown, document),), tuple(problems))
    whole: dict[str, Any] = {key: value for key, value in content.items() if key != "include"}
    choices: dict[str, Any] = {}
    survey: list[Any] = []
    blocks: list[Part] = []
    for at, name in _included(content, document, shown, problems):
        place = Place(file=shown, line=document.line(("include", at)))
        block = _block(path, name, place, problems)
        if block is None:
            continue
        added = _mapping(block.content, "choices")
        _refuse_twice(added, choices, block, _beside(shown, name), problems)
        nodes = block.content.get("survey") or []
        end = len(survey) + len(nodes)
        blocks.append(Part(_beside(shown, name), block, len(survey), end, frozenset(added)))
        choices |= added
        survey += nodes
    _refuse_twice(_mapping(content, "choices"), choices, document, shown, problems)
    form = Part(shown, document, first=len(survey))
    if blocks:
        if isinstance(content.get("choices", {}), dict):
            whole["choices"] = choices | _mapping(content, "choices")
        if isinstance(content.get("survey", []), list):
            whole["survey"] = survey + (content.get("survey") or [])
    return Assembled(whole, (form, *blocks), tuple(problems))


def _read(path: Path, shown: str) -> Document:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        message, repair = "There is no such file.", "Look at its name and folder."
    except (OSError, UnicodeDecodeError):
        message, repair = "The file cannot be read as UTF-8 text.", "Save it as UTF-8."
    else:
        return read_document(text, shown=shown)
    return Document(None, problems=(Problem("LOAD-001", message, repair, Place(file=shown)),))


def _included(
    content: Mapping[str, Any], document: Document, shown: str, problems: list[Problem]
) -> list[tuple[int, str]]:
    names = content.get("include") or []
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return list(enumerate(names))
    place = Place(file=shown, line=document.line(("include",)), rule="include")
    message, repair = "include is a list of files.", "Write include: [blocks/opening.yaml]."
    problems.append(Problem("LOAD-007", message, repair, place))
    return []


def _block(path: Path, name: str, place: Place, problems: list[Problem]) -> Document | None:
    """A block that can be used, or None after its problems were added."""
    file = path.parent / name
    if not file.is_file():
        problems.append(
            Problem(
                "LOAD-007",
                f"There is no block '{name}' beside the questionnaire.",
                "Name a file relative to this one.",
                place,
            )
        )
        return None
    shown = _beside(place.file or "", name)
    block = _read(file, shown)
    problems.extend(block.problems)
    if block.content is None and block.problems:
        return None
    if not isinstance(block.content, dict):
        message, repair = "A block has 'choices', 'survey' or both.", "Write one of the two."
        problems.append(Problem("LOAD-007", message, repair, Place(file=shown)))
        return None
    for key in block.content:
        if key not in _BLOCK_KEYS:
            where = Place(file=shown, line=block.line((key,)))
            repair = did_you_mean(key, _BLOCK_KEYS, "A block has 'choices' and 'survey' only.")
            problems.append(Problem("LOAD-004", f"Unknown key '{key}' of a block.", repair, where))
    wrong = [
        ("choices", "lists by name", dict),
        ("survey", "a list of questions", list),
    ]
    for key, what, kind in wrong:
        if not isinstance(block.content.get(key) or kind(), kind):
            where = Place(file=shown, line=block.line((key,)))
            problems.append(Problem("LOAD-006", f"'{key}' is not {what}.", "Write it so.", where))
            return None
    return block


def _mapping(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = content.get(key) or {}
    return value if isinstance(value, dict) else {}


def _refuse_twice(
    added: Mapping[str, Any],
    before: Mapping[str, Any],
    document: Document,
    shown: str,
    problems: list[Problem],
) -> None:
    for name in added:
        if name in before:
            place = Place(shown, document.line(("choices", name)), question=name)
            message = f"The choice list '{name}' is already in an included block."
            problems.append(Problem("LOAD-012", message, "Use that list, or rename this.", place))


def _beside(shown: str, name: str) -> str:
    folder = shown.rpartition("/")[0]
    return f"{folder}/{name}" if folder else name
