"""Patterns of `regex()` that Excel can test: alternatives of so many characters of a set."""

import re
from dataclasses import dataclass

from pipeline.expression.excel_parts import Piece, Unsayable, as_text, quoted, truth

_PIECE = re.compile(
    r"(?P<set>\[(?!\^)(?:\\.|[^\]\\])+\]|\\[d]|\\[^a-zA-Z0-9]|[^\\\[\](){}.*+?|^$])"
    r"(?P<times>\{\d+(?:,\d*)?\}|[+*?])?"
)
_ALTERNATIVES = re.compile(r"\((?:[^()|\[\]\\]|\[[^()|\]\\]*\]|\|)+\)")
"""One bracket around plain alternatives, `(a|b[0-9])`, none of them with a bracket of its own."""
_LONGEST_FORMULA = 500
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
        Unsayable: the pattern is more than alternatives of runs of characters, where a run that
            varies stands last or before a mark by which the text can be cut in two.
    """
    text = as_text(value).formula
    inner = pattern.removeprefix("^").removesuffix("$")
    choices = inner[1:-1].split("|") if _ALTERNATIVES.fullmatch(inner) else [inner]
    found = [_matches(text, _runs(choice)) for choice in choices]
    return truth(found[0] if len(found) == 1 else f"OR({','.join(found)})")


def _matches(text: str, runs: list[_Run]) -> str:
    if len(text) > _LONGEST_FORMULA:
        raise Unsayable("a formula too long for a cell")
    *fixed, last = runs
    if any(run.least != run.most for run in fixed):
        return _cut_in_two(text, runs)
    least = sum(run.least for run in runs)
    tests = [f"LEN({text})>={least}"]
    start = 1
    for run in fixed:
        tests.append(_all(text, start, run.least, run.characters))
        start += run.least
    longest = _LONGEST if last.most is None else least - last.least + last.most
    tests.append(f"LEN({text})<={longest}")
    tests.append(_all(text, start, longest - start + 1, last.characters))
    return f"AND({','.join(test for test in tests if test)})"


def _cut_in_two(text: str, runs: list[_Run]) -> str:
    """Test the text before and after a mark that only one place of it can be."""
    for at, run in enumerate(runs[1:-1], start=1):
        left, right, mark = runs[:at], runs[at + 1 :], run.characters
        if (run.least, run.most, len(mark)) != (1, 1, 1):
            continue
        if not any(mark in other.characters for other in left):
            place = f"FIND({quoted(mark).formula},{text})"
        elif not any(mark in other.characters for other in right):
            without = f'SUBSTITUTE({text},{quoted(mark).formula},"")'
            count = f"LEN({text})-LEN({without})"
            place = f"FIND(CHAR(1),SUBSTITUTE({text},{quoted(mark).formula},CHAR(1),{count}))"
        else:
            continue
        before = _matches(f"LEFT({text},{place}-1)", left)
        after = _matches(f"MID({text},{place}+1,{_LONGEST})", right)
        return f"IFERROR(AND({before},{after}),FALSE)"
    raise Unsayable("this pattern")


def _all(text: str, start: int, count: int, characters: str) -> str:
    """Each of these places is of the set; a place behind the end is."""
    if count == 0:
        return ""
    rows = f"ROW($1:${count})"
    known, filler = quoted(characters).formula, quoted(characters[0]).formula
    place = f"MID({text}&REPT({filler},{_LONGEST}),{rows}+{start - 1},1)"
    return f"SUMPRODUCT(--ISERROR(FIND({place},{known})))=0"


def _runs(pattern: str) -> list[_Run]:
    runs, position = [], 0
    while position < len(pattern):
        found = _PIECE.match(pattern, position)
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
