"""How each function is said in Excel 2010: one way of writing a function."""

from collections.abc import Callable, Sequence

from pipeline.expression.excel_dates import (
    date,
    date_time,
    decimal_date_time,
    decimal_time,
    format_date,
    today,
    with_time,
)
from pipeline.expression.excel_parts import (
    ENDLESS,
    Gives,
    Piece,
    Unsayable,
    amount,
    as_number,
    as_text,
    as_truth,
    kept,
    numeric,
    plain,
    quoted,
    single,
    truth,
    words,
)
from pipeline.expression.excel_texts import (
    after,
    before,
    join,
    normalize,
    substr,
    text_test,
    translate,
    whole,
)
from pipeline.expression.meaning import MOST_PLACES


def _selected(answer: Piece, choice: Piece) -> Piece:
    names = as_text(answer).formula
    if isinstance(choice.literal, str):
        wanted = quoted(f" {choice.literal.strip()} ").formula
    else:
        wanted = f'" "&TRIM({as_text(choice).formula})&" "'
    return truth(f'ISNUMBER(FIND({wanted}," "&{names}&" "))')


def _count_selected(answer: Piece) -> Piece:
    names = f"TRIM({as_text(answer).formula})"
    spaces = f'LEN({names})-LEN(SUBSTITUTE({names}," ",""))'
    return Piece(f'IF({names}="",0,{spaces}+1)', Gives.NUMBER)


def _selected_at(answer: Piece, position: Piece) -> Piece:
    names = f'SUBSTITUTE(TRIM({as_text(answer).formula})," ",REPT(" ",255))'
    return words(f'IFERROR(TRIM(MID({names},TRUNC({whole(position)})*255+1,255)),"")')


def _round(value: Piece, places: Piece | None = None) -> Piece:
    given = amount(value)
    digits = 0.0 if places is None else as_number(places).literal
    if not isinstance(digits, float):
        raise Unsayable("round() with a number of places that is worked out")
    count = int(digits)
    if abs(count) > MOST_PLACES:
        return Piece('""', Gives.NUMBER)
    if count < 0:
        step = 10**-count
        return numeric(f"TRUNC(({given})/{step}+0.5)*{step}")
    step = 10**count
    return numeric(f"IF(({given})<0,INT(({given})*{step}+0.5)/{step},ROUND({given},{count}))")


def _power(base: Piece, exponent: Piece) -> Piece:
    one, other = amount(base), amount(exponent)
    return Piece(
        f'IFERROR(IF(({other})+0=0,1,POWER({one},{other})),"")',
        Gives.NUMBER,
    )


def _of_number(name: str) -> Callable[[Piece], Piece]:
    def say(value: Piece) -> Piece:
        return numeric(f"{name}({with_time(value)})")

    return say


def _logarithm(name: str) -> Callable[[Piece], Piece]:
    def say(value: Piece) -> Piece:
        given = with_time(value)
        return numeric(f"IF(({given})+0=0,-{ENDLESS},{name}({given}))")

    return say


def _extreme(name: str, sign: str) -> Callable[..., Piece]:
    def say(*pieces: Piece) -> Piece:
        if all(piece.is_cell and piece.gives is Gives.NUMBER for piece in pieces):
            listed = ",".join(piece.formula for piece in pieces)
            return Piece(f'IF(COUNT({listed})=0,"",{name}({listed}))', Gives.NUMBER)
        first, *rest = (amount(piece) for piece in pieces)
        for other in rest:
            best = f"IF(({first}){sign}({other}),{first},{other})"
            first = f'IF(({first})="",{other},IF(({other})="",{first},{best}))'
        return Piece(first, Gives.NUMBER)

    return say


def _sum(nodes: Piece) -> Piece:
    return Piece(f"SUM({nodes.formula})", Gives.NUMBER) if nodes.is_cell else numeric(nodes.formula)


def _count(nodes: Piece) -> Piece:
    if nodes.gives is not Gives.BOOLEAN or not nodes.is_range:
        raise Unsayable("how many instances there are")
    return Piece(f"COUNTIF({nodes.formula},TRUE)", Gives.NUMBER)


def _count_non_empty(nodes: Piece) -> Piece:
    return Piece(f'SUMPRODUCT(--({nodes.formula}<>""))', Gives.NUMBER)


def _indexed(field: Piece, _: Piece, number: Piece) -> Piece:
    if not field.is_range:
        raise Unsayable("another instance of the repeat that the question is in")
    entry = f"INDEX({field.formula},MAX(1,TRUNC({whole(number)})))"
    return Piece(f'IFERROR(IF({entry}="","",{entry}),"")', field.gives, is_blank=True)


def _coalesce(first: Piece, second: Piece) -> Piece:
    if second.literal == "":
        return first
    if first.gives is not second.gives:
        raise Unsayable("coalesce() of a number and a text")
    one, other = single(first).formula, kept(second)
    return Piece(f'IF({one}="",{other},{one})', first.gives, is_blank=second.is_blank)


def choice(condition: Piece, yes: Piece, no: Piece) -> Piece:
    """`if()`: pieces of one type stay so; a blank goes with every type."""
    formula = f"IF({as_truth(condition).formula},{kept(yes)},{kept(no)})"
    if yes.gives is no.gives:
        return Piece(formula, yes.gives, is_blank=yes.is_blank and no.is_blank)
    for one, other in ((yes, no), (no, yes)):
        if one.literal == "" and other.gives in {Gives.NUMBER, Gives.DAY, Gives.CLOCK}:
            return Piece(formula, other.gives, is_blank=True)
    return Piece(formula, Gives.ANY)


def _boolean_from_string(value: Piece) -> Piece:
    text = as_text(value).formula
    return truth(f'OR(EXACT(LOWER({text}),"true"),EXACT({text},"1"))')


def _checklist(least: Piece, most: Piece, *factors: Piece) -> Piece:
    count = "+".join(f"IF({as_truth(factor).formula},1,0)" for factor in factors) or "0"
    return _between(f"({count})", least, most, endless=True)


def _weighted(least: Piece, most: Piece, *pairs: Piece) -> Piece:
    weights = [
        f"IF({as_truth(flag).formula},{amount(weight)},0)"
        for flag, weight in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    return _between(f"({'+'.join(weights)})", least, most, endless=False)


def _between(count: str, least: Piece, most: Piece, *, endless: bool) -> Piece:
    low, high = as_number(least).literal, as_number(most).literal
    if not isinstance(low, float) or not isinstance(high, float):
        raise Unsayable("a checklist with limits that are worked out")
    tests = []
    if not endless or low >= 0:
        tests.append(f"{count}>={low:g}")
    if not endless or high >= 0:
        tests.append(f"{count}<={high:g}")
    return truth(f"IFERROR(AND({','.join(tests) or 'TRUE'}),FALSE)")


def divided(left: Piece, right: Piece) -> Piece:
    """`div`: by zero it is endless, or no number."""
    one, other = amount(left), amount(right)
    by_zero = f'IF(({one})+0=0,"",SIGN({one})*{ENDLESS})'
    return numeric(f"IF(({other})+0=0,{by_zero},({one})/({other}))")


def remainder(left: Piece, right: Piece) -> Piece:
    """`mod` with the sign of the first, unlike Excel's MOD."""
    one, other = amount(left), amount(right)
    return numeric(f"({one})-({other})*TRUNC(({one})/({other}))")


def _atan2(y: Piece, x: Piece) -> Piece:
    one, other = with_time(y), with_time(x)
    return numeric(f"IF(AND(({one})+0=0,({other})+0=0),0,ATAN2({other},{one}))")


SAYINGS: dict[str, Callable[..., Piece]] = {
    "selected": _selected,
    "is-selected": _selected,
    "count-selected": _count_selected,
    "selected-at": _selected_at,
    "if": choice,
    "coalesce": _coalesce,
    "not": lambda value: truth(f"NOT({as_truth(value).formula})"),
    "boolean": as_truth,
    "boolean-from-string": _boolean_from_string,
    "true": lambda: truth("TRUE"),
    "false": lambda: truth("FALSE"),
    "checklist": _checklist,
    "weighted-checklist": _weighted,
    "number": lambda value: Piece(amount(value), Gives.NUMBER),
    "int": lambda value: numeric(f"TRUNC({amount(value)})"),
    "round": _round,
    "pow": _power,
    "abs": _of_number("ABS"),
    "sqrt": _of_number("SQRT"),
    "exp": _of_number("EXP"),
    "log": _logarithm("LN"),
    "log10": _logarithm("LOG10"),
    "sin": _of_number("SIN"),
    "cos": _of_number("COS"),
    "tan": _of_number("TAN"),
    "asin": _of_number("ASIN"),
    "acos": _of_number("ACOS"),
    "atan": _of_number("ATAN"),
    "exp10": lambda value: numeric(f"POWER(10,{with_time(value)})"),
    "atan2": _atan2,
    "pi": lambda: Piece("PI()", Gives.NUMBER),
    "min": _extreme("MIN", "<"),
    "max": _extreme("MAX", ">"),
    "sum": _sum,
    "count": _count,
    "count-non-empty": _count_non_empty,
    "string": as_text,
    "string-length": lambda value: Piece(f"LEN({as_text(value).formula})", Gives.NUMBER),
    "concat": lambda *pieces: join(quoted(""), *pieces),
    "join": join,
    "substr": substr,
    "substring-before": before,
    "substring-after": after,
    "translate": translate,
    "normalize-space": normalize,
    "contains": text_test('OR({y}="",ISNUMBER(FIND({y},{x})))'),
    "starts-with": text_test("EXACT(LEFT({x},LEN({y})),{y})"),
    "ends-with": text_test("EXACT(RIGHT({x},LEN({y})),{y})"),
    "today": today,
    "now": lambda: Piece("NOW()", Gives.DAY),
    "date": date,
    "date-time": date_time,
    "format-date": format_date,
    "format-date-time": format_date,
    "decimal-date-time": decimal_date_time,
    "decimal-time": decimal_time,
    "indexed-repeat": _indexed,
}


def say(name: str, pieces: Sequence[Piece]) -> Piece:
    """A function of pieces.

    Raises:
        Unsayable: with the reason.
    """
    if name not in SAYINGS:
        raise Unsayable(f"{name}()")
    try:
        return SAYINGS[name](*pieces)
    except TypeError:
        raise Unsayable(f"{name}() with so many arguments") from None


__all__ = ["SAYINGS", "choice", "divided", "plain", "remainder", "say"]
