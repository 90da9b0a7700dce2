"""Expressions as Excel formulas: Excel 2010's functions, no macros, a blank never taken for 0."""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.expression.excel_functions import divided, remainder, say
from pipeline.expression.excel_parts import (
    Gives,
    Piece,
    Unsayable,
    amount,
    as_number,
    as_truth,
    compared,
    equal,
    numeric,
    plain,
    quoted,
    truth,
)
from pipeline.expression.excel_patterns import matches
from pipeline.expression.kinds import NUMERIC, Kind
from pipeline.expression.tree import (
    Binary,
    Call,
    Current,
    Expression,
    Negate,
    Number,
    Reference,
    Text,
    operands,
)

LONGEST = 8000  # a cell takes 8192 characters, and the caller may put some around
_GIVES = {
    Kind.DATE: Gives.DAY,
    Kind.DATETIME: Gives.DAY,
    Kind.TIME: Gives.CLOCK,
    Kind.BOOLEAN: Gives.BOOLEAN,
}


def to_excel(
    expression: Expression, cells: Mapping[str, str], kinds: Mapping[str, Kind], current: str | None
) -> str | None:
    """Say an expression as an Excel formula.

    Args:
        expression: what to say.
        cells: for each question its cell, or the range of its answers in a repeat, one cell an
            instance. A cell holds a number, a serial number of a day, a part of a day, a text, or
            choice names with a space between; blank is empty or the empty text. For a repeat's own
            name: a range with TRUE for each instance there is. For `..`: the instance's number.
        kinds: kind of each question; of a calculation, what `infer.kind_of` says.
        current: cell of `.`; its kind is that of the question whose cell it is, or is under ".".

    Returns:
        The formula without `=`; blank and what is no number give the empty text, infinity gives
        1E+307. None where Excel 2010 cannot say it; `why_not` gives the reason.
    """
    try:
        return _said(_piece(expression, _Cells(cells, kinds, current)))
    except Unsayable:
        return None


def condition(
    expression: Expression, cells: Mapping[str, str], kinds: Mapping[str, Kind], current: str | None
) -> str | None:
    """Say an expression as a truth: what `relevant`, `constraint` and `required` ask.

    Returns:
        A formula without `=` that is TRUE or FALSE, never an error; None as for `to_excel`.
    """
    try:
        return _said(as_truth(_piece(expression, _Cells(cells, kinds, current))))
    except Unsayable:
        return None


def why_not(
    expression: Expression, cells: Mapping[str, str], kinds: Mapping[str, Kind], current: str | None
) -> str | None:
    """What in the expression Excel cannot say, in words; None where it can say it all."""
    try:
        _said(_piece(expression, _Cells(cells, kinds, current)))
    except Unsayable as reason:
        return str(reason)
    return None


def _said(piece: Piece) -> str:
    if len(piece.formula) > LONGEST:
        raise Unsayable("a formula too long for a cell")
    if piece.is_range:
        raise Unsayable("an answer of each instance of a repeat where one is needed")
    if piece.is_cell and piece.literal is None:
        return f'IF({piece.formula}="","",{piece.formula})'
    return piece.formula


class _Cells:
    """Where the answers stand."""

    def __init__(
        self, cells: Mapping[str, str], kinds: Mapping[str, Kind], current: str | None
    ) -> None:
        self.cells, self.kinds, self.current = cells, kinds, current

    def of(self, name: str) -> Piece:
        """The piece that `${name}` is."""
        if name not in self.cells:
            raise Unsayable(f"'{name}', which is not in this form")
        return self._cell(self.cells[name], self.kinds.get(name, Kind.OTHER))

    def here(self) -> Piece:
        """The piece that `.` is."""
        if self.current is None:
            raise Unsayable("the question itself")
        own = next((name for name, cell in self.cells.items() if cell == self.current), ".")
        return self._cell(self.current, self.kinds.get(".", self.kinds.get(own, Kind.OTHER)))

    def _cell(self, address: str, kind: Kind) -> Piece:
        gives = Gives.NUMBER if kind in NUMERIC else _GIVES.get(kind, Gives.TEXT)
        is_range = ":" in address and not address.startswith("INDEX(")
        if is_range and kind is Kind.OTHER:
            gives = Gives.BOOLEAN
        return Piece(address, gives, is_cell=True, is_blank=True, is_range=is_range)


def _piece(expression: Expression, cells: _Cells) -> Piece:  # noqa: PLR0911 - one a node
    match expression:
        case Number(value):
            return plain(value)
        case Text(value):
            return quoted(value)
        case Reference(name, False):
            return cells.of(name)
        case Current():
            return cells.here()
        case Negate(operand):
            return _negated(as_number(_piece(operand, cells)))
        case Binary():
            return _binary(expression, cells)
        case Call():
            return _call(expression, cells)
        case _:
            raise Unsayable("a path or a choice out of a list")


def _negated(piece: Piece) -> Piece:
    if isinstance(piece.literal, float):
        return replace(plain(-piece.literal), is_cell=False)
    return numeric(f"-({amount(piece)})")


def _binary(expression: Binary, cells: _Cells) -> Piece:
    pieces = [_piece(operand, cells) for operand in operands(expression)]
    sign = expression.operator
    if sign in {"and", "or"}:
        return truth(f"{sign.upper()}({','.join(as_truth(piece).formula for piece in pieces)})")
    first, *rest = pieces
    for piece in rest:
        first = _operated(sign, first, piece)
    return first


def _operated(sign: str, left: Piece, right: Piece) -> Piece:
    if sign == "=":
        return equal(left, right)
    if sign == "!=":
        return truth(f"NOT({equal(left, right).formula})")
    if sign in {"<", "<=", ">", ">="}:
        return compared(left, sign, right)
    if sign == "div":
        return divided(left, right)
    if sign == "mod":
        return remainder(left, right)
    return numeric(f"({amount(left)}){sign}({amount(right)})")


def _call(expression: Call, cells: _Cells) -> Piece:
    match expression:
        case Call("regex", (value, Text(pattern))):
            return matches(_piece(value, cells), pattern)
        case Call("position", (_,)) if ".." in cells.cells:
            return Piece(cells.cells[".."], Gives.NUMBER, is_cell=True)
        case Call("string-length" | "normalize-space" as name, ()):
            return say(name, [cells.here()])
        case Call("indexed-repeat", (Reference(field), _, number)):
            nothing = quoted("")
            return say("indexed-repeat", [cells.of(field), nothing, _piece(number, cells)])
        case Call(name, arguments):
            return say(name, [_piece(argument, cells) for argument in arguments])
