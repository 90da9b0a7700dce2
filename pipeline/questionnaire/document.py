"""A YAML file as plain values, with the line of every one of them.

Read as YAML 1.2 (only `true`, `false`, `null` and numbers are not text), through libyaml where
PyYAML has it: a questionnaire of 90 questions in three languages takes some tens of milliseconds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from pipeline.errors import Place, Problem
from pipeline.yaml_limits import yaml_fault

Location = tuple[str | int, ...]
"""Where a value stands: keys and positions from the top, `("survey", 2, "label", "en")`."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_QUOTES = frozenset("'\"|>")  # quoted or a block: always text
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}|0o[0-7]{1,18}|0x[0-9a-fA-F]{1,15}")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class Document:
    """What a file holds.

    Attributes:
        content: mappings, lists, texts, numbers, true, false, None; None where it is not YAML.
        lines: the line, from 1, of each location; of a mapping's value, the line of its key.
        problems: LOAD-002 not YAML, LOAD-003 each key that stands twice.
    """

    content: Any
    lines: Mapping[Location, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def line(self, location: Location) -> int | None:
        """The line of a location, or of the nearest place above it."""
        for length in range(len(location), -1, -1):
            if (line := self.lines.get(location[:length])) is not None:
                return line
        return None


def read_document(text: str, *, shown: str) -> Document:
    """Read YAML; never raises, every problem is in the document.

    Args:
        text: the file's text.
        shown: the file's name in problems.
    """
    try:
        if fault := yaml_fault(text):
            repair = "Write it out plainly: no form needs that."
            problem = Problem("LOAD-002", fault, repair, Place(file=shown))
            return Document(None, problems=(problem,))
        top = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        return Document(None, problems=(_not_yaml(error, shown),))
    reading = _Reading(shown)
    content = None if top is None else reading.value(top, ())
    return Document(content, reading.lines, tuple(reading.problems))


class _Reading:
    """One pass over the nodes of a file, which gathers lines and problems."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.lines: dict[Location, int] = {}
        self.problems: list[Problem] = []
        self._open: set[int] = set()

    def value(self, node: yaml.Node, location: Location) -> Any:
        self.lines.setdefault(location, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if id(node) in self._open:
            self._refuse("LOAD-002", "An alias refers to what it stands in.", "Write it out.", node)
            return None
        self._open.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            read = [self.value(item, (*location, at)) for at, item in enumerate(node.value)]
            self._open.discard(id(node))
            return read
        mapping = self._mapping(node, location)
        self._open.discard(id(node))
        return mapping

    def _mapping(self, node: yaml.Node, location: Location) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse("LOAD-002", "A key must be a word.", "Write a word.", key_node)
                continue
            key = key_node.value
            if key in mapping:
                before = self.lines[(*location, key)]
                self._refuse(
                    "LOAD-003",
                    f"The key '{key}' stands here and in line {before}.",
                    "Take one of the two out.",
                    key_node,
                )
                continue
            self.lines[(*location, key)] = key_node.start_mark.line + 1
            mapping[key] = self.value(value_node, (*location, key))
        return mapping

    def _refuse(self, code: str, message: str, repair: str, node: yaml.Node) -> None:
        place = Place(file=self.shown, line=node.start_mark.line + 1)
        self.problems.append(Problem(code, message, repair, place))


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    if node.style in _QUOTES:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text


def _not_yaml(error: yaml.YAMLError, shown: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    return Problem(
        "LOAD-002",
        f"This is not YAML: {what}.",
        "Mend the line; put text that holds ': ' or ' #' in quotes.",
        Place(
            file=shown,
            line=mark.line + 1 if mark else None,
            column=mark.column + 1 if mark else None,
        ),
    )
