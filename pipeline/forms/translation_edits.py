"""Corrected words put into a YAML file at their place: every other character stays as it is.

A YAML library that reads and writes the whole file would wrap long lines anew; a reviewer's change
of three texts must be a change of three lines.
"""

import json
import textwrap

import yaml

from pipeline.forms.translation_texts import Entry
from pipeline.questionnaire.document import read_document
from pipeline.questionnaire.model import ANY_LANGUAGE

_LINE_LENGTH = 110
_Edit = tuple[int, int, str]


def edited(source: str, corrections: list[tuple[Entry, dict[str, str]]]) -> str:
    """The source with other words.

    Args:
        source: the file's text, from which the entries were read.
        corrections: each text with its new words by language; a language may be a new one.
    """
    # An alias brings one text in twice; an insertion comes before the text that it stands behind.
    edits = {edit for entry, words in corrections for edit in _edits(source, entry, words)}
    for start, end, words in sorted(edits, reverse=True):
        source = source[:start] + words + source[end:]
    return source


def _edits(source: str, entry: Entry, words: dict[str, str]) -> list[_Edit]:
    known = {code: new for code, new in words.items() if code in entry.words}
    added = {code: new for code, new in words.items() if code not in entry.words}
    if added and isinstance(entry.node, yaml.ScalarNode):
        together = {ANY_LANGUAGE: entry.node.value.strip(), **words}
        inner = ", ".join(f"{code}: {_flow(new, None)}" for code, new in together.items())
        return [(*_extent(source, entry.node), f"{{{inner}}}")]
    flow = isinstance(entry.node, yaml.MappingNode) and bool(entry.node.flow_style)
    edits = [_replaced(source, entry.words[code], new, flow=flow) for code, new in known.items()]
    if added:
        edits.append(_inserted(source, entry, added, flow=flow))
    return edits


def _extent(source: str, node: yaml.Node) -> tuple[int, int]:
    start, end = node.start_mark.index, node.end_mark.index
    return start, start + len(source[start:end].rstrip())


def _replaced(source: str, node: yaml.ScalarNode, new: str, *, flow: bool) -> _Edit:
    start, end = _extent(source, node)
    if node.style in {"|", ">"}:
        return start, end, _block(source[start:end], new, node.style) or _flow(new, '"')
    return start, end, _flow(new, node.style) if flow else _plain(new, node.style)


def _inserted(source: str, entry: Entry, added: dict[str, str], *, flow: bool) -> _Edit:
    last = list(entry.words.values())[-1]
    end = _extent(source, last)[1]
    if flow:
        return end, end, "".join(f", {code}: {_flow(new, None)}" for code, new in added.items())
    line_end = source.find("\n", end)
    line_end = len(source) if line_end < 0 else line_end
    if source[line_end - 1 : line_end] == "\r":
        line_end -= 1
    new_line = "\r\n" if "\r\n" in source else "\n"
    indent = " " * entry.node.start_mark.column
    lines = (f"{new_line}{indent}{code}: {_plain(new, None)}" for code, new in added.items())
    return line_end, line_end, "".join(lines)


def _flow(new: str, style: str | None) -> str:
    """A text inside `{...}`, in the style of the old one where that reads back the same."""
    return _first_that_reads(new, style, "{{k: {}}}")


def _plain(new: str, style: str | None) -> str:
    """A text that is the rest of its line."""
    return _first_that_reads(new, style, "k: {}\n")


def _first_that_reads(new: str, style: str | None, around: str) -> str:
    doubled = new.replace("'", "''")
    quoted = json.dumps(new, ensure_ascii=False)
    wanted = {None: new, "": new, "'": f"'{doubled}'"}.get(style, quoted)
    return wanted if _reads_as(around.format(wanted), new) else quoted


def _reads_as(snippet: str, new: str) -> bool:
    """Whether every YAML reader takes it so: libyaml is more lenient than others."""
    try:
        plainly = yaml.compose(snippet, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    is_one = isinstance(plainly, yaml.MappingNode) and plainly.value[0][1].value == new
    return is_one and read_document(snippet, shown="").content == {"k": new}


def _block(old: str, new: str, style: str) -> str:
    """A block text under its old header, as deep as before; empty where it cannot be one."""
    header, _, body = old.partition("\n")
    new_line = "\r\n" if header.endswith("\r") else "\n"
    first = next((line for line in body.split("\n") if line.strip()), "")
    indent = " " * (len(first) - len(first.lstrip(" ")))
    if style == ">":
        lines = textwrap.wrap(
            new,
            max(_LINE_LENGTH - len(indent), 40),
            break_long_words=False,
            break_on_hyphens=False,
        )
    else:
        lines = new.split("\n")
    rendered = new_line.join((header.rstrip("\r"), *(f"{indent}{line}" for line in lines)))
    read = read_document(f"k: {rendered}\n", shown="").content
    return rendered if isinstance(read, dict) and str(read["k"]).strip() == new else ""
