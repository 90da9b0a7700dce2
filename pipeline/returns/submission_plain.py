"""A submission read from its text, where it is exactly as the form and Collect have it.

Nearly every submission holds elements of the form alone, without attributes, entities or comments.
To split such a text at each `<` and to follow the form is a whole check that it is well-formed, and
takes half the time of parsing it and walking over the tree. Anything else, from a stray attribute
to a missing end, is not plain: lxml parses it, and says what is wrong with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.returns.submission_plan import IGNORED, Group

Found = list[tuple[int, int, list[str | None]]]
"""Rows of a submission in the order of their beginnings: number of the table, index in this list of
the row around it, and the answers."""

_SPACE = " \n\t"
_END, _TEXT = 0, 1
_MOST_STARTS = 64
_MOST_BYTES = 1 << 20
_UNUSUAL = bytes([*range(9), 11, 12, *range(13, 32), ord("&")])
_LOOKED_AT = _UNUSUAL + b"]\xef"
_START = re.compile(
    r"""(?:<\?xml[ ]version=['"]1\.0['"](?:[ ]encoding=['"](?:utf|UTF)-8['"])?"""
    r"""(?:[ ]standalone="yes")?[ ]?\?>)?\s*"""
    r"""<([A-Za-z_][\w.-]*)(?:\s+[A-Za-z_][\w.:-]*=(?:"[^"<>&]*"|'[^'<>&]*'))*\s*>"""
)


class NotPlainError(Exception):
    """The text is to be parsed: something in it stands in no plain submission."""


@dataclass(slots=True)
class _Inside:
    """What stands inside a group, as the text writes it, without the first `<`.

    Attributes:
        known: `name/>` that holds nothing -> None; `name>` of a group -> what is inside; the
            group's own end -> `_END`.
        answers: `name` -> column, and the end that follows the text.
        table: number of the repeat's table; None for a group.
    """

    table: int | None
    known: "dict[str, _Inside | int | None]" = field(default_factory=dict)
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Start:
    """How submissions begin: everything up to the end of the root's first tag.

    Attributes:
        version: of the form, as the root names it.
        inside: the whole form.
    """

    version: str | None
    inside: _Inside


class PlainReader:
    """Reads the submissions of one form that begin as one did that lxml has read."""

    def __init__(self, root: Group, blanks: tuple[list[str | None], ...]) -> None:
        """Take the form's plan and an empty row of each table."""
        self._root = root
        self._blanks = blanks
        self._starts: dict[str, _Start] = {}
        self._written: dict[tuple[tuple[str, str], ...], _Inside] = {}

    def learn(self, content: bytes, root: etree._Element) -> None:
        """Note how a submission begins that lxml has read and found to be one."""
        text = content.decode("utf-8", "replace")
        start, head = _START.match(text), _head(text)
        if start is None or start[0] != head or start[1] != root.tag:
            return
        if head in self._starts or len(self._starts) >= _MOST_STARTS:
            return
        prefixes = tuple((uri, prefix) for prefix, uri in root.nsmap.items() if prefix)
        if prefixes not in self._written:
            self._written[prefixes] = _as_written(self._root, dict(prefixes))
        version = root.get("version") or None
        form = self._written[prefixes]
        inside = _Inside(None, {**form.known, f"/{start[1]}>": _END}, form.answers)
        self._starts[head] = _Start(version, inside)

    def read(self, content: bytes) -> tuple[str | None, Found]:
        """The version that it names and its rows; the first is the main table's.

        Raises:
            NotPlainError: it is to be parsed.
        """
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            raise NotPlainError from error
        head = _head(text)
        start = self._starts.get(head)
        if start is None or _is_unusual(content):
            raise NotPlainError
        parts = iter(text[len(head) :].split("<"))
        next(parts)  # between the root's first tag and the first element
        try:
            found = self._follow(parts, start.inside)
        except StopIteration as error:
            raise NotPlainError from error
        if next(parts, None) is not None:
            raise NotPlainError
        return start.version, found

    def _follow(self, parts: Iterator[str], inside: _Inside) -> Found:  # noqa: C901, PLR0912 - a call for each answer would cost as much again
        """Put every answer up to the root's end into its row; the loop that costs the time."""
        row = self._blanks[0].copy()
        found: Found = [(0, 0, row)]
        around = list[tuple[_Inside, int]]()
        at, known, answers = 0, inside.known.get, inside.answers.get
        for part in parts:
            what = known(part, _TEXT)
            if what is None:
                continue
            if what is _TEXT:
                tag, mark, text = part.partition(">")
                answer = answers(tag)
                if answer is not None and mark:
                    column, end = answer
                    closing = next(parts)
                    if closing != end and closing.rstrip(_SPACE) != end:
                        raise NotPlainError
                    if text and column != IGNORED:
                        if row[column] is not None:
                            raise NotPlainError
                        row[column] = text
                    continue
                what = known(part.rstrip(_SPACE), _TEXT)
            if isinstance(what, _Inside):
                around.append((inside, at))
                inside = what
                if inside.table is not None:
                    found.append((inside.table, at, self._blanks[inside.table].copy()))
                    at = len(found) - 1
            elif what == _END:
                if not around:
                    return found
                inside, at = around.pop()
            elif what is None:
                continue
            else:
                raise NotPlainError
            row, known, answers = found[at][2], inside.known.get, inside.answers.get
        raise NotPlainError


def _head(text: str) -> str:
    """Everything up to the end of the root's first tag."""
    after = text.find("?>") + 2 if text.startswith("<?xml") else 0
    return text[: text.find(">", after) + 1]


def _is_unusual(content: bytes) -> bool:
    """Whether it is long, or XML forbids a character of it, or gives one a meaning."""
    if len(content) > _MOST_BYTES:
        return True
    if len(content.translate(None, _LOOKED_AT)) == len(content):
        return False
    return (
        len(content.translate(None, _UNUSUAL)) != len(content)
        or b"]]>" in content
        or b"\xef\xbf" in content  # U+FFFE and U+FFFF are no characters, and their neighbours rare
    )


def _as_written(group: Group, prefixes: dict[str, str], table: int | None = None) -> _Inside:
    """A part of the plan by the names that a text writes under these prefixes."""
    made = _Inside(table)
    for name, what in group.inside.items():
        uri, _, local = name.rpartition("}")
        prefix = prefixes.get(uri[1:])
        if uri and prefix is None:
            continue
        written = f"{prefix}:{local}" if uri else name
        if isinstance(what, Group):
            number = what.table.number if what.table else None
            below = _as_written(what, prefixes, number)
            below.known[f"/{written}>"] = _END
            made.known[f"{written}>"] = below
            if number is None:
                made.known[f"{written}/>"] = None
        else:
            made.answers[written] = what, f"/{written}>"
            made.known[f"{written}/>"] = None
    return made
