"""A questionnaire as the YAML that a person would have written: `load(to_yaml(q)) == q`."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.questionnaire.model import ANY_LANGUAGE, Questionnaire

WIDTH = 110
"""A mapping stays on its line up to this many characters."""

_TEXT_KEYS = frozenset(
    (
        "title",
        "label",
        "hint",
        "guidance_hint",
        "required_message",
        "constraint_message",
        "unit",
    )
)
_NODE_LISTS = frozenset(("survey", "questions"))
_RESERVED = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|=|<<|---.*|\.\.\..*|[-+]?\.?(inf|nan)", re.IGNORECASE
)
_INDICATORS = "-?:,[]{}#&*!|>'\"%@`"
_SPECIAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def to_yaml(questionnaire: Questionnaire) -> str:
    """Write a questionnaire down: texts on one line where they fit, every node as a block."""
    content = questionnaire.model_dump(mode="json", exclude_defaults=True)
    return "".join(f"{line}\n" for line in _mapping(_without_any_language(content), 0))


def _without_any_language(value: Any, key: str = "", above: str = "") -> Any:
    """Texts without a language as bare strings."""
    is_text = key in _TEXT_KEYS or above == "media"
    if isinstance(value, dict):
        if is_text and list(value) == [ANY_LANGUAGE]:
            return value[ANY_LANGUAGE]
        return {name: _without_any_language(part, name, key) for name, part in value.items()}
    if isinstance(value, list):
        return [_without_any_language(part, "", key) for part in value]
    return value


def _mapping(content: Mapping[str, Any], indent: int) -> Iterator[str]:
    pad = " " * indent
    for key, value in content.items():
        start = f"{pad}{scalar(key, flow=True)}:"
        if indent == 0 and key in {"choices", "survey", "changes", "sheets"}:
            yield ""
        yield from _value(start, key, value, indent)


def _value(start: str, key: str, value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, dict | list) and value:
        one_line = None if key in _NODE_LISTS else _fitting(f"{start} ", value)
        if one_line is not None:
            yield one_line
            return
        yield start
        if isinstance(value, dict):
            yield from _mapping(value, indent + 2)
        else:
            yield from _items(value, indent + 2, are_nodes=key in _NODE_LISTS)
    elif isinstance(value, str) and (block := _literal(value, indent + 2)):
        yield f"{start} {block[0]}"
        yield from block[1:]
    else:
        yield f"{start} {_flow(value, in_block=True)}"


def _items(items: list[Any], indent: int, *, are_nodes: bool) -> Iterator[str]:
    pad = " " * indent
    for item in items:
        one_line = None if are_nodes else _fitting(f"{pad}- ", item)
        if one_line is not None:
            yield one_line
            continue
        if not isinstance(item, dict):
            yield f"{pad}- {_flow(item, in_block=True)}"
            continue
        first, *rest = _mapping(item, indent + 2)
        yield f"{pad}- {first.lstrip()}"
        yield from rest


def _fitting(start: str, value: Any) -> str | None:
    """The value on the line that has begun, if it fits there and needs no line of its own."""
    if _needs_lines(value):
        return None
    line = start + _flow(value, in_block=not isinstance(value, dict | list))
    return line if len(line) <= WIDTH else None


def _needs_lines(value: Any) -> bool:
    """Whether something in it is of several lines, or a list of mappings."""
    if isinstance(value, dict):
        return any(_needs_lines(part) for part in value.values())
    if isinstance(value, list):
        return any(isinstance(part, dict) or _needs_lines(part) for part in value)
    return isinstance(value, str) and "\n" in value


def _flow(value: Any, *, in_block: bool = False) -> str:
    if isinstance(value, dict):
        parts = (f"{scalar(key, flow=True)}: {_flow(part)}" for key, part in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(part) for part in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return scalar(value, flow=not in_block)


def scalar(text: str, *, flow: bool) -> str:
    """A text as one YAML scalar on one line: plain where every reader takes it for that text.

    Args:
        text: any text.
        flow: whether it stands inside `{}` or `[]`, or is a key.
    """
    plain = (
        text
        and text == text.strip()
        and text[0] not in _INDICATORS
        and not re.match(r"[-+.]?\d", text)
        and not _RESERVED.fullmatch(text)
        and not re.search(r":(\s|$)|\s#|[\t\n\r]", text)
        and not _SPECIAL.search(text)
        and not (flow and re.search(r"[,\[\]{}:#]", text))
    )
    if plain:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _SPECIAL.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)


def _literal(text: str, indent: int) -> list[str] | None:
    """A text of several lines as a literal block, where such a block can hold it."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    unfit = (
        "\n" not in text
        or body != body.strip("\n ")
        or _SPECIAL.search(text)
        or "\t" in text
        or any(line != line.rstrip() for line in lines)
    )
    if unfit:
        return None
    pad = " " * indent
    mark = "|" if text.endswith("\n") else "|-"
    return [mark, *(pad + line if line else "" for line in lines)]
