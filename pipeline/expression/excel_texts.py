"""Functions of texts in Excel 2010."""

import math
from collections.abc import Callable

from pipeline.expression.excel_parts import (
    Piece,
    Unsayable,
    amount,
    as_number,
    as_text,
    kept,
    quoted,
    truth,
    words,
)

_ALL = 32767  # the longest text of a cell


def whole(piece: Piece) -> str:
    """A number, 0 where there is none."""
    return (
        amount(piece) if as_number(piece).literal is not None else f"IFERROR(0+{amount(piece)},0)"
    )


def join(mark: Piece, *pieces: Piece) -> Piece:
    """`join()` and `concat()`."""
    if any(piece.is_range for piece in pieces):
        raise Unsayable("texts of all instances put together")
    between = f"&{as_text(mark).formula}&" if mark.literal != "" else "&"
    return words(between.join(f"{as_text(piece).formula}" for piece in pieces) or '""')


def substr(value: Piece, start: Piece, end: Piece | None = None) -> Piece:
    """`substr()`."""
    text, length = as_text(value).formula, f"LEN({as_text(value).formula})"
    first = _index(start, length)
    last = length if end is None else _index(end, length)
    return words(f"MID({text},MIN({_ALL},{first}+1),MAX(0,{last}-{first}))")


def _index(piece: Piece, length: str) -> str:
    literal = as_number(piece).literal
    if isinstance(literal, float):
        place = math.trunc(literal)
        return str(place) if place >= 0 else f"MAX(0,{length}{place})"
    whole_text = f"TRUNC({whole(piece)})"
    return f"MAX(0,{whole_text}+IF({whole_text}<0,{length},0))"


def before(value: Piece, mark: Piece) -> Piece:
    """`substring-before()`."""
    text, found = as_text(value).formula, as_text(mark).formula
    return words(f'IFERROR(LEFT({text},FIND({found},{text})-1),"")')


def after(value: Piece, mark: Piece) -> Piece:
    """`substring-after()`."""
    text, found = as_text(value).formula, as_text(mark).formula
    after = f'IFERROR(MID({text},FIND({found},{text})+LEN({found}),{_ALL}),"")'
    return words(after if mark.literal else f'IF({found}="",{kept(as_text(value))},{after})')


def translate(value: Piece, old: Piece, new: Piece) -> Piece:
    """`translate()`."""
    if not isinstance(old.literal, str) or not isinstance(new.literal, str):
        raise Unsayable("translate() with characters that are worked out")
    if set(old.literal) & set(new.literal):
        raise Unsayable("translate() where a new character is also an old one")
    formula = as_text(value).formula
    for place, character in enumerate(dict.fromkeys(old.literal)):
        put = new.literal[old.literal.index(character) :][:1]
        del place
        formula = f"SUBSTITUTE({formula},{quoted(character).formula},{quoted(put).formula})"
    return words(formula)


def normalize(value: Piece) -> Piece:
    """`normalize-space()`."""
    formula = as_text(value).formula
    for code in (9, 10, 13):
        formula = f'SUBSTITUTE({formula},CHAR({code})," ")'
    return words(f"TRIM({formula})")


def text_test(formula: str) -> Callable[[Piece, Piece], Piece]:
    """A test of two texts: `{x}` and `{y}` in the formula."""

    def say(value: Piece, part: Piece) -> Piece:
        return truth(formula.format(x=as_text(value).formula, y=as_text(part).formula))

    return say
