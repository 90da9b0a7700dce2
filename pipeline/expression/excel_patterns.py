"""Patterns of `regex()` that Excel can test without macros: so many characters of a set in turn."""

import re
from dataclasses import dataclass

from pipeline.expression.excel_parts import Piece, Unsayable, as_text, quoted, truth

_PIECE = re.compile(
    r"(?P<set>\[(?!\^)(?:\\.|[^\]\\])+\]|\\[d]|\\[^a-zA-Z0-9]|[^\\\[\](){}.*+?|^$])"
    r"(?P<times>\{\d+(?:,\d*)?\}|[+*?])?"
)
_LONGEST_FORMULA = 255
_LONGEST = 1000  # characters looked at; a longer answer is not taken for right


@dataclass(frozen=True)
class _Run:
    """So many characters, each out of a set; `most` is None without end."""

    characters: str
    least: int
    most: int | None


def matches(value: Piece, pattern: str) -> Piece:
    """Whether the whole text has the pattern's form.

    Raises:
        Unsayable: the pattern is more than runs of characters of which at most the last varies.
    """
    runs = _runs(pattern)
    text = as_text(value).formula
    if len(text) > _LONGEST_FORMULA:
        raise Unsayable("a formula too long for a cell")
    *fixed, last = runs
    if any(run.least != run.most for run in fixed):
        raise Unsayable("this pattern")
    least = sum(run.least for run in runs)
    tests = [f"LEN({text})>={least}"]
    start = 1
    for run in fixed:
        tests.append(_all(text, start, run.least, run.characters))
        start += run.least
    longest = _LONGEST if last.most is None else least - last.least + last.most
    tests.append(f"LEN({text})<={longest}")
    tests.append(_all(text, start, longest - start + 1, last.characters))
    return truth(f"AND({','.join(test for test in tests if test)})")


def _all(text: str, start: int, count: int, characters: str) -> str:
    """Each of these places is of the set; a place behind the end is."""
    if count == 0:
        return ""
    rows = f"ROW($1:${count})"
    known, filler = quoted(characters).formula, quoted(characters[0]).formula
    place = f"MID({text}&REPT({filler},{_LONGEST}),{rows}+{start - 1},1)"
    return f"SUMPRODUCT(--ISERROR(FIND({place},{known})))=0"


def _runs(pattern: str) -> list[_Run]:
    inner = pattern.removeprefix("^").removesuffix("$")
    runs, position = [], 0
    while position < len(inner):
        found = _PIECE.match(inner, position)
        if found is None:
            raise Unsayable("this pattern")
        runs.append(_Run(_characters(found["set"]), *_times(found["times"])))
        position = found.end()
    if not runs:
        raise Unsayable("this pattern")
    return runs


def _times(written: str | None) -> tuple[int, int | None]:
    if written is None:
        return 1, 1
    if written in "+*?":
        return {"+": (1, None), "*": (0, None), "?": (0, 1)}[written]
    low, comma, high = written[1:-1].partition(",")
    if not comma:
        return int(low), int(low)
    return int(low), int(high) if high else None


def _characters(written: str) -> str:
    if written[0] != "[":
        return _one(written)
    found, inner, position = "", written[1:-1], 0
    while position < len(inner):
        width = 2 if inner[position] == "\\" else 1
        one = inner[position : position + width]
        position += width
        if inner[position : position + 1] == "-" and position + 1 < len(inner) and len(one) == 1:
            found += _span(one, inner[position + 1])
            position += 2
        else:
            found += _one(one)
    return found


def _span(first: str, last: str) -> str:
    if last == "\\" or not first <= last or ord(last) - ord(first) > _LONGEST:
        raise Unsayable("this pattern")
    return "".join(map(chr, range(ord(first), ord(last) + 1)))


def _one(written: str) -> str:
    if written == r"\d":
        return "0123456789"
    if len(written) == 2 and written[1].isalnum():  # noqa: PLR2004 - an escape is two characters
        raise Unsayable("this pattern")
    return written[-1]
