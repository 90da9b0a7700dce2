"""The floors: a room imports only from floors below, and neighbours on the short list."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import PROJECT

FLOORS = {
    "cli": 6,
    "templates": 6,
    "workflow": 5,
    "synthetic": 5,
    "parts": 5,
    "forms": 4,
    "returns": 4,
    "cleaning": 4,
    "privacy": 4,
    "analysis": 4,
    "delivery": 4,
    "estimation": 3,
    "recoding": 3,
    "responses": 3,
    "queries": 3,
    "questionnaire": 2,
    "expression": 1,
    "errors": 0,
    "register": 0,
    "serials": 0,
    "store": 0,
    "yaml_limits": 0,
    "freshness": 0,
    "spreadsheet_text": 0,
    "settings": 0,
    "study": 0,
}
NEIGHBOURS = {
    ("analysis", "privacy"): "no table leaves before privacy has been asked",
    ("delivery", "privacy"): "no row leaves before privacy has been asked",
    ("analysis", "cleaning"): "issues are called what the cleaning calls them",
    ("returns", "forms"): "an Excel form is read back by the keys with which it was written",
    ("workflow", "synthetic"): "`survey simulate` is ordered like every other work",
    ("workflow", "parts"): "large forms are ordered like small ones, by another hand",
    ("study", "errors"): "the ground floor stands on its own error base",
    ("study", "settings"): "a study folder knows what its study.yaml says",
    ("study", "yaml_limits"): "and reads its settings within them",
    ("register", "errors"): "the ground floor stands on its own error base",
    ("freshness", "store"): "and keeps its memory in its own store",
}


def room_of(path: Path) -> str:
    return path.relative_to(PROJECT / "pipeline").parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Every module that is imported, wherever the import stands, and every name from a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_rooms(path: Path) -> Iterator[str]:
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "pipeline" and len(parts) > 1 and parts[1] in FLOORS:
            yield parts[1]


def sources() -> list[Path]:
    return sorted((PROJECT / "pipeline").rglob("*.py"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_imports_point_down(path):
    """Every module of a room imports lower floors, its own room, or a listed neighbour."""
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        return
    wrong = [
        other
        for other in imported_rooms(path)
        if other != room and FLOORS[other] >= FLOORS[room] and (room, other) not in NEIGHBOURS
    ]
    assert wrong == []


def test_every_room_has_a_floor():
    """A new room is given its floor here before it can be used."""
    rooms = {room_of(path) for path in sources()} - {"__init__", "__main__"}
    assert rooms <= set(FLOORS)


def test_no_module_imports_itself_by_way_of_others():
    """Not even for the type checker's sake: each can be read after those that it stands on."""
    modules = {
        ".".join(path.relative_to(PROJECT).with_suffix("").parts): path for path in sources()
    }
    stands_on = {name: set(imported(path)) & set(modules) for name, path in modules.items()}
    TopologicalSorter(stands_on).prepare()  # raises CycleError, which names them
