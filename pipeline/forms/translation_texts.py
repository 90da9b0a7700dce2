"""Every text of a questionnaire's YAML with the place in the file where each language stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipeline.questionnaire.model import ANY_LANGUAGE

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

FIELDS = ("label", "hint", "guidance_hint", "required_message", "constraint_message", "unit")
"""The parts of a question, group, repeat or choice that a respondent or interviewer reads."""


@dataclass(frozen=True)
class Entry:
    """One text in its languages.

    Attributes:
        key: `title`, `choices/LIST/CHOICE/label`, `survey/GROUP/QUESTION/hint`; unique.
        file: the file in which it stands, the form's own or an included block.
        node: the mapping of languages, or the bare text.
        words: language -> where its words stand.
    """

    key: str
    file: Path
    node: yaml.Node
    words: dict[str, yaml.ScalarNode]

    @property
    def texts(self) -> dict[str, str]:
        """Language -> words, as a reviewer compares them: without white space around them."""
        return {language: node.value.strip() for language, node in self.words.items()}


def source_of(path: Path) -> str:
    """A file's text with its line ends as they are."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return stream.read()


def entries(path: Path, sources: dict[Path, str]) -> list[Entry]:
    """The texts of a questionnaire that loads, in the order of its forms; blocks come first.

    Args:
        path: the questionnaire's file; its blocks lie relative to it.
        sources: texts of files, used before the files themselves; what is read is added.
    """
    top = _top(path, sources)
    included = _value(top, "include")
    blocks = [path.parent / node.value for node in _items(included)]
    found = list(_text(top, "title", "title", path))
    found += [entry for file in (*blocks, path) for entry in _choices(file, sources)]
    found += [entry for file in (*blocks, path) for entry in _survey(file, sources)]
    return _told_apart(found)


def languages(path: Path, sources: dict[Path, str]) -> dict[str, str]:
    """Language code -> name, in the form's order; texts without a language come last."""
    declared = {
        key.value: value.value
        for key, value in _pairs(_value(_top(path, sources), "languages"))
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    }
    used = {language for entry in entries(path, sources) for language in entry.words}
    rest = {ANY_LANGUAGE: ANY_LANGUAGE} if ANY_LANGUAGE in used else {}
    return {**declared, **rest}


def _top(path: Path, sources: dict[Path, str]) -> yaml.Node | None:
    if path not in sources:
        sources[path] = source_of(path)
    return yaml.compose(sources[path], Loader=_LOADER)


def _choices(path: Path, sources: dict[Path, str]) -> Iterator[Entry]:
    for name, choices in _pairs(_value(_top(path, sources), "choices")):
        for choice in _items(choices):
            code = _value(choice, "name")
            yield from _text(choice, "label", f"choices/{_word(name)}/{_word(code)}/label", path)


def _survey(path: Path, sources: dict[Path, str]) -> Iterator[Entry]:
    yield from _below(_value(_top(path, sources), "survey"), "survey", path)


def _below(siblings: yaml.Node | None, above: str, path: Path) -> Iterator[Entry]:
    for node in _items(siblings):
        named = next((found for word in _NAMES if (found := _value(node, word))), None)
        here = f"{above}/{_word(named)}"
        for field in FIELDS:
            yield from _text(node, field, f"{here}/{field}", path)
        yield from _below(_value(node, "questions"), here, path)


_NAMES = ("name", "group", "repeat")


def _text(node: yaml.Node | None, field: str, key: str, path: Path) -> Iterator[Entry]:
    text = _value(node, field)
    if isinstance(text, yaml.ScalarNode):
        yield Entry(key, path, text, {ANY_LANGUAGE: text})
    elif isinstance(text, yaml.MappingNode):
        words = {_word(k): v for k, v in text.value if isinstance(v, yaml.ScalarNode)}
        yield Entry(key, path, text, words)


def _told_apart(found: list[Entry]) -> list[Entry]:
    """Names that an imported form has twice in one place get a number."""
    seen: dict[str, int] = {}
    told = []
    for entry in found:
        seen[entry.key] = times = seen.get(entry.key, 0) + 1
        key = entry.key if times == 1 else f"{entry.key}#{times}"
        told.append(Entry(key, entry.file, entry.node, entry.words))
    return told


def _pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    return next((value for name, value in _pairs(node) if _word(name) == key), None)


def _word(node: yaml.Node | None) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else ""
