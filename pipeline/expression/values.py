"""What one value is as a number, text, truth or date: XPath's conversions as JavaRosa makes them.

A value is a text, a number, a truth or a moment; a blank answer is the empty text. Moments are wall
clock times of the place where the response was given (a date is its midnight, a time lies on
1970-01-01).
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite, isinf, isnan, nan
from numbers import Real

import numpy as np

from pipeline.expression.kinds import Kind

Value = str | float | bool | datetime
BLANK = ""
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall clock, see the module's docstring
CLOSE = 1e-12  # JavaRosa takes numbers nearer than this for equal
_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_DATE = re.compile(r"([+-]?[0-9]{1,6})-([0-9]{1,2})-([0-9]{1,2})")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(\.[0-9]*)?)?(?:Z|[+-][0-9:]+)?")
_ASCII_SPACE = "".join(map(chr, range(33)))
_INT_MAX = 2**31 - 1


def from_answer(answer: object, kind: Kind | None) -> Value:  # noqa: PLR0911 - one line a type
    """An answer as the engines see it; missing is the empty text."""
    if answer is None:
        return BLANK
    if isinstance(answer, bool | np.bool_):
        return bool(answer)
    if isinstance(answer, Real):
        return BLANK if isnan(answer) else float(answer)
    if isinstance(answer, datetime):
        return answer.replace(tzinfo=None)
    if isinstance(answer, date):
        return datetime.combine(answer, time())
    if isinstance(answer, time):
        return datetime.combine(EPOCH, answer.replace(tzinfo=None))
    return from_text(str(answer), kind)


def from_text(text: str, kind: Kind | None) -> Value:
    """An answer kept as text: only times are (`HH:MM:SS`); all else stays the text it is."""
    if kind is not Kind.TIME or not text:
        return text
    moment = parse_moment(f"1970-01-01T{text}")
    return text if moment is None else moment


def number(value: Value) -> float:
    """As a number; NaN where it is none. A moment is its whole days since 1970-01-01."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, float):
        return value
    if isinstance(value, datetime):
        return float((value - EPOCH).days)
    written = value.replace(",", ".").strip(_ASCII_SPACE)
    return float(written) if _NUMBER.fullmatch(written) else nan


def double(value: Value) -> float:
    """As a number for arithmetic functions, where a moment keeps its part of the day."""
    return days(value) if isinstance(value, datetime) else number(value)


def days(moment: datetime) -> float:
    """Days and parts of days since 1970-01-01."""
    return (moment - EPOCH) // timedelta(milliseconds=1) / 86_400_000


def text(value: Value) -> str:
    """As a text; a moment is its date."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}".rjust(10, "0")
    return value


def number_text(value: float) -> str:
    """A number as Java writes it: whole without a point, very large and small ones with E."""
    if isnan(value):
        return "NaN"
    if abs(value) < CLOSE:
        return "0"
    if isinf(value):
        return "-Infinity" if value < 0 else "Infinity"
    whole = max(min(int(value), _INT_MAX), -_INT_MAX - 1)
    if abs(value - whole) < CLOSE:
        return str(whole)
    if 1e-3 <= abs(value) < 1e7:  # noqa: PLR2004 - Double.toString's own limits
        plain = format(Decimal(repr(value)), "f")
        return plain if "." in plain else f"{plain}.0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    written = "".join(map(str, digits))
    power = len(written) - 1 + int(exponent)
    return f"{'-' if sign else ''}{written[0]}.{written[1:] or '0'}E{power}"


def truth(value: Value) -> bool:
    """As a truth: blank, zero and NaN are false, everything else is true."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return not isnan(value) and abs(value) > CLOSE
    return isinstance(value, datetime) or value != BLANK


def is_null(value: Value) -> bool:
    """Blank or not a number: what `coalesce` passes over."""
    return value == BLANK or (isinstance(value, float) and isnan(value))


def equal(left: Value, right: Value) -> bool:
    """`=`: as truths if one is a truth, else as numbers if one is a number, else as texts."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return abs(number(left) - number(right)) < CLOSE
    return text(left) == text(right)


def moment(value: Value, *, keep_time: bool = True) -> Value:
    """As a moment: from ISO text or from days since 1970-01-01; blank where there is none.

    JavaRosa stops the form at a text that is no date; we go on with a blank.
    """
    found: datetime | None
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, str):
        found = parse_moment(value)
        return BLANK if found is None else found
    else:
        found = _from_days(number(value) if keep_time else truncate(number(value)))
    if found is None:
        return BLANK
    return found if keep_time else datetime.combine(found, time())


def _from_days(count: float) -> datetime | None:
    if not isfinite(count):
        return None
    try:
        return EPOCH + timedelta(milliseconds=int(count * 86_400_000))
    except OverflowError:
        return None


def parse_moment(written: str) -> datetime | None:
    """`2011-08-01`, `2011-8-1T09:30:00.000+08:00`: the wall clock as written, or None."""
    day, _, clock = written.partition("T")
    found = _DATE.fullmatch(day)
    if found is None:
        return None
    at = _CLOCK.fullmatch(clock or "0:0")
    if at is None:
        return None
    hour, minute, second = (int(part or 0) for part in at.groups()[:3])
    microsecond = int(float(at[4] or 0) * 1000) * 1000 if at[4] not in {None, "."} else 0
    year, month, day_of_month = (int(part) for part in found.groups())
    try:
        return datetime(year, month, day_of_month, hour, minute, second, microsecond)  # noqa: DTZ001 - wall clock
    except (ValueError, OverflowError):
        return None


def truncate(value: float) -> float:
    """`int()`: towards zero; what is no finite number stays."""
    return float(int(value)) if isfinite(value) else value
