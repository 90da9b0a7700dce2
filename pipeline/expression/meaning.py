"""What each function gives for plain values: the definition that every other engine must meet.

Source: JavaRosa's XPathFuncExpr, which is tried against these in the tests.
"""

import math
import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, localcontext

import numpy as np

from pipeline.expression.elementary import ELEMENTARY
from pipeline.expression.elementary import power as _power
from pipeline.expression.patterns import compile_java
from pipeline.expression.values import (
    BLANK,
    Value,
    days,
    double,
    moment,
    number,
    text,
    truncate,
    truth,
)

DATE_MARK = re.compile("%(.)")
DATE_MARKS = frozenset("%YymnbdeHhMS3a")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MOST_PLACES = 30  # JavaRosa's limit of round()


def selected(answer: Value, choice: Value) -> bool:
    """Whether the choice is among the space-separated names."""
    return f" {text(choice).strip()} " in f" {text(answer)} "


def names(answer: Value) -> list[str]:
    """The choice names of a select_multiple."""
    return [name for name in text(answer).split(" ") if name]


def count_selected(answer: Value) -> float:
    """How many choices are selected."""
    return float(len(names(answer)))


def selected_at(answer: Value, position: Value) -> str:
    """The name at a position, from 0; blank where there is none."""
    chosen, at = names(answer), number(position)
    index = int(at) if math.isfinite(at) else 0
    return chosen[index] if 0 <= index < len(chosen) else BLANK


def round_half_up(value: Value, places: Value = 0.0) -> float:
    """Rounded half towards plus infinity, in decimal digits."""
    amount, digits = number(value), number(places)
    if not math.isfinite(amount):
        return amount
    scale = int(digits) if math.isfinite(digits) else 0
    if abs(scale) > MOST_PLACES:
        return math.nan
    if scale < 0:
        step = 10.0**-scale
        return float(int(amount / step + 0.5)) * step
    how = ROUND_HALF_DOWN if amount < 0 else ROUND_HALF_UP
    with localcontext(prec=400):  # enough digits for any double
        exact = Decimal(repr(amount)).quantize(Decimal(1).scaleb(-scale), rounding=how)
    return float(exact) + 0.0


def power(base: Value, exponent: Value) -> float:
    """The first to the power of the second; NaN or infinity as Java gives them."""
    return float(_power(np.array([double(base)]), double(exponent))[0])


def elementary(name: str) -> Callable[..., Value]:
    """The function of that name in `ELEMENTARY`: NaN or infinity where others stop."""
    work = ELEMENTARY[name]

    def apply(*values: Value) -> float:
        return float(work(*(np.array([double(value)]) for value in values))[0])

    return apply


def units(written: str) -> int:
    """Length in UTF-16 units, as Java, JavaScript and Excel count."""
    return len(written) + sum(character > "\uffff" for character in written)


def string_length(value: Value) -> float:
    """How many characters the text has."""
    return float(units(text(value)))


def substr(value: Value, start: Value, end: Value | None = None) -> str:
    """The characters from `start` to before `end`, counted from 0, from the end if negative."""
    raw = text(value).encode("utf-16-le", "surrogatepass")
    length = len(raw) // 2
    first = _index(start, length)
    last = length if end is None else _index(end, length)
    return raw[2 * first : 2 * last].decode("utf-16-le", "ignore") if first <= last else BLANK


def _index(value: Value, length: int) -> int:
    amount = number(value)
    index = int(max(min(amount, 2.0**31), -(2.0**31))) if not math.isnan(amount) else 0
    return min(max(index + length if index < 0 else index, 0), length)


def substring_before(value: Value, mark: Value) -> str:
    """What stands before the mark; blank if it does not occur."""
    before, found, _ = text(value).partition(text(mark)) if text(mark) else (BLANK, BLANK, BLANK)
    return before if found else BLANK


def substring_after(value: Value, mark: Value) -> str:
    """What stands after the mark; blank if it does not occur."""
    return text(value).partition(text(mark))[2] if text(mark) else text(value)


def translate(value: Value, old: Value, new: Value) -> str:
    """Each character of `old` replaced by the one at its place in `new`, or taken out."""
    source, target = text(old), text(new)
    table = {
        ord(character): target[position] if position < len(target) else None
        for position, character in reversed(list(enumerate(source)))
    }
    return text(value).translate(table)


def normalize_space(value: Value) -> str:
    """Outer spaces taken out, inner ones made single."""
    trimmed = text(value).strip("".join(map(chr, range(33))))
    for space in "\t\n\v\f\r":
        trimmed = trimmed.replace(space, " ")
    return " ".join(part for part in trimmed.split(" ") if part)


def join(separator: Value, *values: Value) -> str:
    """The values as texts, with the separator between them."""
    return text(separator).join(map(text, values))


def regex(value: Value, pattern: Value) -> bool:
    """Whether the whole text matches the pattern (Java's dialect)."""
    return compile_java(text(pattern)).fullmatch(text(value)) is not None


def boolean_from_string(value: Value) -> bool:
    """True for `true` in any case and for `1`."""
    return text(value).lower() == "true" or text(value) == "1"


def date(value: Value) -> Value:
    """A text becomes its moment (JavaRosa keeps its time of day), a number or moment its day."""
    return moment(value, keep_time=isinstance(value, str))


def decimal_date_time(value: Value) -> Value:
    """Days and parts of days since 1970-01-01; a number stays."""
    if isinstance(value, str | datetime):
        found = moment(value)
        return days(found) if isinstance(found, datetime) else BLANK
    return number(value)


def decimal_time(value: Value) -> Value:
    """The part of the day, from 0 to below 1."""
    amount = decimal_date_time(value)
    return (
        amount - math.floor(amount)
        if isinstance(amount, float) and math.isfinite(amount)
        else amount
    )


def format_date(value: Value, pattern: Value) -> str:
    """The moment in the pattern's form: %Y %y %m %n %b %d %e %H %h %M %S %3 %a."""
    found = moment(value)
    if not isinstance(found, datetime):
        return BLANK
    parts = _date_parts(found)
    return DATE_MARK.sub(lambda mark: parts.get(mark[1], mark[0]), text(pattern))


def _date_parts(at: datetime) -> dict[str, str]:
    return {
        "%": "%",
        "Y": f"{at.year:04d}",
        "y": f"{at.year % 100:02d}",
        "m": f"{at.month:02d}",
        "n": str(at.month),
        "b": MONTHS[at.month - 1],
        "d": f"{at.day:02d}",
        "e": str(at.day),
        "H": f"{at.hour:02d}",
        "h": str(at.hour),
        "M": f"{at.minute:02d}",
        "S": f"{at.second:02d}",
        "3": f"{at.microsecond // 1000:03d}",
        "a": WEEKDAYS[at.weekday()],
    }


def smallest(*values: Value) -> float:
    """The smallest number; what is none is passed over."""
    return min(_numbers(values), default=math.nan)


def largest(*values: Value) -> float:
    """The largest number; what is none is passed over."""
    return max(_numbers(values), default=math.nan)


def total(*values: Value) -> float:
    """The sum of the numbers; what is none is passed over."""
    return float(sum(_numbers(values)))


def _numbers(values: tuple[Value, ...]) -> list[float]:
    return [amount for amount in map(number, values) if not math.isnan(amount)]


def checklist(least: Value, most: Value, *factors: Value) -> bool:
    """Whether as many are true as allowed; a limit of -1 is none."""
    low, high, count = number(least), number(most), sum(map(truth, factors))
    return (low < 0 or count >= truncate(low)) and (high < 0 or count <= truncate(high))


def weighted_checklist(least: Value, most: Value, *pairs: Value) -> bool:
    """Whether the weights of what is true add up to between the limits."""
    weights = [number(w) for flag, w in zip(pairs[::2], pairs[1::2], strict=True) if truth(flag)]
    return number(least) <= float(sum(weights)) <= number(most)
