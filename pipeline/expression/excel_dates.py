"""Days and times in Excel 2010: serial numbers, and their spelling in any language of Excel."""

import re

from pipeline.expression.excel_parts import (
    UNIX_EPOCH,
    Gives,
    Piece,
    Unsayable,
    amount,
    kept,
    quoted,
    single,
    words,
)
from pipeline.expression.meaning import DATE_MARKS, MONTHS, WEEKDAYS
from pipeline.expression.values import parse_moment

_MIDDLE = (2_958_465 - UNIX_EPOCH - UNIX_EPOCH) // 2  # of Excel's calendar, in days since 1970


def with_time(value: Piece) -> str:
    """A number; a day keeps its part of the day."""
    if value.gives is Gives.DAY:
        return f"{kept(value)}-{UNIX_EPOCH}"
    return amount(value)


def today() -> Piece:
    """The day on which the form is open."""
    return Piece("TODAY()", Gives.DAY)


def date(value: Piece) -> Piece:
    """`date()`."""
    if isinstance(value.literal, str):
        at = parse_moment(value.literal)
        if at is None:
            raise Unsayable("a text that is no date")
        clock = f"+TIME({at.hour},{at.minute},{at.second})" if at.hour or at.minute else ""
        return Piece(f"DATE({at.year},{at.month},{at.day}){clock}", Gives.DAY, is_blank=True)
    if value.gives is Gives.DAY:
        return Piece(f'IFERROR(INT({kept(value)}),"")', Gives.DAY, is_blank=True)
    if value.gives is Gives.NUMBER:
        return _serial(f"TRUNC({amount(value)})")
    raise Unsayable("a date out of a text that is answered")


def _serial(days: str) -> Piece:
    """A serial number of days since 1970-01-01; blank outside of Excel's calendar, 1900 to 9999."""
    is_day = f"ABS({days}-{_MIDDLE})<={_MIDDLE + UNIX_EPOCH - 1}"
    return Piece(f'IFERROR(IF({is_day},{days}+{UNIX_EPOCH},""),"")', Gives.DAY, is_blank=True)


def date_time(value: Piece) -> Piece:
    """`date-time()`."""
    if value.gives is Gives.DAY:
        return value
    if value.gives is Gives.NUMBER:
        return _serial(amount(value))
    return date(value)


def decimal_date_time(value: Piece) -> Piece:
    """`decimal-date-time()`."""
    if value.gives in {Gives.DAY, Gives.NUMBER}:
        formula = f'IFERROR({with_time(value)},"")'
        return Piece(formula, Gives.NUMBER, is_blank=value.is_blank)
    return decimal_date_time(date(value))


def decimal_time(value: Piece) -> Piece:
    """`decimal-time()`."""
    if value.gives is Gives.CLOCK:
        formula = single(value).formula
        return Piece(f'IF({formula}="","",{formula})', Gives.NUMBER, is_blank=True)
    formula = f'IFERROR(MOD({decimal_date_time(value).formula},1),"")'
    return Piece(formula, Gives.NUMBER, is_blank=value.is_blank)


def format_date(value: Piece, pattern: Piece) -> Piece:
    """`format-date()`, in any language of Excel."""
    if value.gives not in {Gives.DAY, Gives.CLOCK}:
        value = date_time(value)
    if not isinstance(pattern.literal, str):
        raise Unsayable("a date in a form that is worked out")
    at = single(value).formula
    parts = [_mark(piece, at) for piece in re.findall(r"%.|[^%]+|%", pattern.literal)]
    return words(f'IF({at}="","",{"&".join(parts) or chr(34) * 2})')


def _mark(piece: str, at: str) -> str:
    if piece[0] != "%" or piece[1:] not in DATE_MARKS:
        return quoted(piece).formula
    months = ",".join(f'"{name}"' for name in MONTHS)
    weekdays = ",".join(f'"{name}"' for name in WEEKDAYS)
    marks = {
        "%": '"%"',
        "Y": f'TEXT(YEAR({at}),"0000")',
        "y": f'TEXT(MOD(YEAR({at}),100),"00")',
        "m": f'TEXT(MONTH({at}),"00")',
        "n": f"MONTH({at})",
        "b": f"CHOOSE(MONTH({at}),{months})",
        "d": f'TEXT(DAY({at}),"00")',
        "e": f"DAY({at})",
        "H": f'TEXT(HOUR({at}),"00")',
        "h": f"HOUR({at})",
        "M": f'TEXT(MINUTE({at}),"00")',
        "S": f'TEXT(SECOND({at}),"00")',
        "a": f"CHOOSE(WEEKDAY({at},2),{weekdays})",
    }
    if piece[1] not in marks:
        raise Unsayable("thousandths of a second")
    return marks[piece[1]]
