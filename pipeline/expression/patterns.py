"""Java's regular expressions, which XLSForms are written in, as Python's: the same texts match."""

import re
from functools import lru_cache

_CLASSES = {"L": "", "N": r"\d", "Alpha": "a-zA-Z", "Digit": "0-9", "Alnum": "a-zA-Z0-9"}
_CLASSES |= {"Lower": "a-z", "Upper": "A-Z", "Space": r"\s", "ASCII": r"\x00-\x7f"}
_CLASSES |= {"IsHan": "㐀-䶿一-鿿豈-﫿𠀀-𲎯", "IsHiragana": "ぁ-ゟ", "IsKatakana": "ァ-ヿ"}
_PROPERTY = re.compile(r"\\p\{(\w+)\}")


_LONGEST = 100  # so that RE2 never finds the pattern too large
_SOME = r"\[\^?(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|[A-Za-z0-9 _.,:;/])+\]"
_ONE = rf"(?:[A-Za-z0-9 _@,:;/=-]|\\[d.+*?()/-]|{_SOME})"
_TIMES = r"(?:[+*?]|\{[0-9]{1,2}(?:,[0-9]{0,2})?\})?"
_ALIKE = re.compile(rf"\^?((?:{_ONE}{_TIMES})*)\$?")


class UnreadablePatternError(ValueError):
    """The pattern is broken, or uses what Python cannot say (`&&`, a class inside a class)."""


@lru_cache(maxsize=1000)
def compile_java(pattern: str) -> re.Pattern[str]:
    r"""A pattern for `fullmatch`.

    Java's `\w`, `\d` and `\s` know ASCII only, and `[\w-.]` holds a plain hyphen.

    Raises:
        UnreadablePatternError: it cannot be read.
    """
    try:
        return re.compile(_translate(pattern), re.ASCII)
    except (re.error, RecursionError, OverflowError) as error:
        raise UnreadablePatternError(str(error)) from None


def read_alike(pattern: str) -> str | None:
    """The pattern without its anchors, if Java, Python and RE2 read it alike for a whole text.

    Plain characters, simple classes and how often each may stand: no alternatives, no groups.
    """
    found = _ALIKE.fullmatch(pattern) if len(pattern) <= _LONGEST else None
    return None if found is None else found[1]


def _translate(pattern: str) -> str:
    written: list[str] = []
    position, inside = 0, False
    while position < len(pattern):
        piece = _piece(pattern, position)
        position += len(piece)
        if piece in {"[", "[^"} and not inside:
            inside = True
        elif inside and (piece[0] == "[" or pattern.startswith("&&", position - 1)):
            raise UnreadablePatternError("a class inside a class, or &&")
        elif piece == "]":
            inside = False
        elif inside and piece == "-" and _is_plain(pattern, position - 1):
            piece = r"\-"
        written.append(_property(piece, inside=inside))
    return "".join(written)


def _piece(pattern: str, position: int) -> str:
    """The next character, with its escape or its property name."""
    if found := _PROPERTY.match(pattern, position):
        return found[0]
    if pattern[position] == "\\":
        return pattern[position : position + 2]
    if pattern.startswith("[^", position):
        return "[^"
    return pattern[position]


def _is_plain(pattern: str, position: int) -> bool:
    r"""A hyphen beside a class such as `\w` spans no range."""
    before, after = pattern[:position][-2:], pattern[position + 1 : position + 3]
    return before in {r"\w", r"\d", r"\s"} or after in {r"\w", r"\d", r"\s"}


def _property(piece: str, *, inside: bool) -> str:
    found = _PROPERTY.fullmatch(piece)
    if found is None:
        return piece
    if found[1] not in _CLASSES or (inside and found[1] == "L"):
        raise UnreadablePatternError(f"the property {found[1]}")
    if found[1] == "L":
        return r"(?u:[^\W\d_])"
    return _CLASSES[found[1]] if inside else f"[{_CLASSES[found[1]]}]"
