"""Pieces of Excel formulas with the type of what they give, and the conversions between types.

A piece that has no value gives the empty text, never an error; so `AND` and `OR` may look at all of
their arguments. Everything is Excel 2010's, and LibreOffice works it out alike.
"""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.expression.values import number

UNIX_EPOCH = 25569  # the serial number of 1970-01-01
ENDLESS = "1E+307"  # stands for infinity, which Excel does not have
LONGEST_LITERAL = 255
_DIGITS = '"0123456789.-"'
_ROWS = "ROW($1:$255)"


class Unsayable(Exception):  # noqa: N818 - it is no error, but an answer
    """Excel 2010 cannot say this without macros; its text is the reason, in words."""


class Gives(StrEnum):
    """What a piece gives."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DAY = "day"
    CLOCK = "clock"
    ANY = "any"


@dataclass(frozen=True)
class Piece:
    """A piece of a formula.

    Attributes:
        formula: Excel's spelling, without `=`.
        gives: its type; a day is a serial number, a clock time a part of a day.
        is_cell: a cell or range alone, which may be written more than once.
        is_blank: the empty text stands for a blank answer, not for a number that is none.
        literal: the text or number that it is, if it is one.
        is_range: a range, one cell an instance of a repeat.
    """

    formula: str
    gives: Gives
    is_cell: bool = False
    is_blank: bool = False
    literal: str | float | None = None
    is_range: bool = False


def quoted(text: str) -> Piece:
    """A text literal."""
    if len(text) > LONGEST_LITERAL:
        raise Unsayable("a text of more than 255 characters")
    written = text.replace('"', '""')
    return Piece(f'"{written}"', Gives.TEXT, is_cell=True, is_blank=True, literal=text)


def plain(value: float) -> Piece:
    """A number literal."""
    written = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004 - the digits Excel keeps
    return Piece(written.upper(), Gives.NUMBER, is_cell=True, literal=value)


def numeric(formula: str) -> Piece:
    """A calculation that may fail: no number then."""
    return Piece(f'IFERROR({formula},"")', Gives.NUMBER)


def truth(formula: str) -> Piece:
    """A truth."""
    return Piece(formula, Gives.BOOLEAN)


def words(formula: str) -> Piece:
    """A text."""
    return Piece(formula, Gives.TEXT, is_blank=True)


def single(piece: Piece) -> Piece:
    """The piece, unless it is a whole range where one value is needed."""
    if piece.is_range:
        raise Unsayable("an answer of each instance of a repeat where one is needed")
    return piece


def amount(piece: Piece) -> str:
    """A number for arithmetic; an empty cell stays the empty text, where Excel would take 0."""
    return kept(as_number(piece))


def as_number(piece: Piece) -> Piece:
    """As a number, or the empty text."""
    formula = single(piece).formula
    if piece.gives is Gives.NUMBER:
        return piece
    if piece.gives is Gives.BOOLEAN:
        return Piece(f"IF({formula},1,0)", Gives.NUMBER)
    if piece.gives is Gives.DAY:
        return numeric(f"INT({kept(piece)})-{UNIX_EPOCH}")
    if piece.gives is Gives.CLOCK:
        raise Unsayable("a time as a number; write decimal-time()")
    if isinstance(piece.literal, str):
        value = number(piece.literal)
        return plain(value) if value == value else Piece('""', Gives.NUMBER)  # noqa: PLR0124 - NaN
    return Piece(_read_number(piece), Gives.NUMBER)


def kept(piece: Piece) -> str:
    """The value as it is; an empty cell stays the empty text, where Excel would take 0."""
    formula = single(piece).formula
    is_bare = piece.is_cell and piece.literal is None
    return f'IF({formula}="","",{formula})' if is_bare else formula


def _read_number(piece: Piece) -> str:
    """A text that is written as a plain number; VALUE alone also takes dates, money and 1E3."""
    _repeatable(piece)
    formula = piece.formula
    padded = f'{formula}&REPT("0",255)'  # LibreOffice finds no empty text
    digits = f"SUMPRODUCT(--ISNUMBER(FIND(MID({padded},{_ROWS},1),{_DIGITS})))=255"
    is_plain = f'AND(NOT({formula}=""),{digits},ISERROR(FIND("-",{formula},2)))'
    return f'IF(ISNUMBER({formula}),{formula},IFERROR(IF({is_plain},VALUE({formula}),""),""))'


def _repeatable(piece: Piece, most: int = 200) -> None:
    if not piece.is_cell and len(piece.formula) > most:
        raise Unsayable("a formula too long for a cell; put a part of it into a calculation")


def as_text(piece: Piece) -> Piece:
    """As a text; a day is its date."""
    formula = single(piece).formula
    if piece.gives is Gives.TEXT:
        return piece
    if piece.gives is Gives.BOOLEAN:
        return words(f'IF({formula},"true","false")')
    if piece.gives is Gives.DAY:
        return words(f'IF({formula}="","",{date_text(formula)})')
    if piece.gives is Gives.NUMBER:
        _repeatable(piece)
        empty = "" if piece.is_blank else "NaN"
        return words(f'IF({formula}="","{empty}",{number_text(formula)})')
    raise Unsayable("a value that is now a number, now a text, as a text")


def date_text(formula: str) -> str:
    """YYYY-MM-DD in any language of Excel, unlike TEXT()."""
    month, day = (f'RIGHT("0"&{part}({formula}),2)' for part in ("MONTH", "DAY"))
    return f'YEAR({formula})&"-"&{month}&"-"&{day}'


def number_text(formula: str) -> str:
    """A number as Java writes it: whole ones without a point, very large and small ones with E."""
    short = f"IF({formula}=INT({formula}),ABS({formula})<=2147483647,"
    short += f"AND(ABS({formula})>=0.001,ABS({formula})<10000000))"
    long = f'SUBSTITUTE(TEXT({formula},"0.0##############E+0"),"E+","E")'
    return f'IF(ABS({formula})<1E-12,"0",IF({short},{formula}&"",{long}))'


def as_truth(piece: Piece) -> Piece:
    """As a truth: blank, zero and what is no number are false."""
    formula = single(piece).formula
    if piece.gives is Gives.BOOLEAN:
        return piece
    if piece.gives is Gives.NUMBER:
        return truth(f"IFERROR(ABS({amount(piece)})>1E-12,FALSE)")
    if piece.gives is Gives.ANY:
        raise Unsayable("a value that is now a number, now a text, as a truth")
    return truth(f'NOT({formula}="")')


def compared(left: Piece, sign: str, right: Piece) -> Piece:
    """`<`, `<=`, `>` or `>=` as numbers; false where one of them is none."""
    if left.gives is right.gives is Gives.DAY:
        return truth(f"IFERROR(INT({kept(left)})-INT({kept(right)}){sign}0,FALSE)")
    one, other = as_number(left), as_number(right)
    if one.is_cell and other.is_cell:
        tests = [f"ISNUMBER({p.formula})" for p in (one, other) if p.literal is None]
        return truth(f"AND({','.join([*tests, f'{one.formula}{sign}{other.formula}'])})")
    return truth(f"IFERROR(({amount(one)})-({amount(other)}){sign}0,FALSE)")


def equal(left: Piece, right: Piece) -> Piece:
    """`=` as XPath has it: as truths, numbers or texts by what the two are."""
    kinds = {single(left).gives, single(right).gives}
    if Gives.ANY in kinds or Gives.CLOCK in kinds:
        raise Unsayable("a comparison of a time, or of a value that is now a number, now a text")
    if Gives.BOOLEAN in kinds:
        return truth(f"({as_truth(left).formula})=({as_truth(right).formula})")
    for one, other in ((left, right), (right, left)):
        if one.literal == "":
            return _is_blank(other)
    if kinds == {Gives.DAY}:
        same = f"IFERROR(INT({kept(left)})=INT({kept(right)}),FALSE)"
        return truth(f'OR(AND({left.formula}="",{right.formula}=""),{same})')
    if Gives.NUMBER in kinds:
        return _equal_numbers(left, right)
    return truth(f"EXACT({as_text(left).formula},{as_text(right).formula})")


def _is_blank(piece: Piece) -> Piece:
    if piece.gives is Gives.NUMBER and not piece.is_blank:
        return truth("FALSE")
    return truth(f'{piece.formula}=""')


def _equal_numbers(left: Piece, right: Piece) -> Piece:
    one, other = as_number(left), as_number(right)
    if one.literal is not None and other.is_cell:
        one, other = other, one
    if one.is_cell and other.literal is not None:
        same = f"AND(ISNUMBER({one.formula}),{one.formula}={other.formula})"
    else:
        same = f"IFERROR(ABS(({amount(one)})-({amount(other)}))<1E-12,FALSE)"
    if left.is_blank and right.is_blank and left.literal is None and right.literal is None:
        same = f'OR(AND({left.formula}="",{right.formula}=""),{same})'
    return truth(same)
