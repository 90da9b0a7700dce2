"""Dates and times as people write them, Western and Republic years; what is unclear stays text."""

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pipeline.cleaning.numbers import Read
from pipeline.cleaning.spelling import fold

DATE = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
"""A date as programs write it."""
DATETIME = (
    r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
"""A moment with its zone as programs write it."""
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"
"""A time as it is kept."""

FIRST_YEAR, LAST_YEAR = 1850, 2149
"""Western years outside are no years of a survey: `0100-03-05` is not the year 100."""
_REPUBLIC, _REPUBLIC_YEARS = 1911, range(100, 200)
_ERAS = {
    "民國": 1911,
    "民国": 1911,
    "中華民國": 1911,
    "中華民国": 1911,
    "ROC": 1911,
    "R.O.C.": 1911,
    "大正": 1911,
    "昭和": 1925,
    "平成": 1988,
    "令和": 2018,
}
_ERA = re.compile(
    rf"({'|'.join(map(re.escape, sorted(_ERAS, key=len, reverse=True)))}) ?"
    r"([0-9]{1,3}|元) ?[年./-] ?([0-9]{1,2}) ?[月./-] ?([0-9]{1,2}) ?日?"
)
_KANJI = re.compile(r"([0-9]{1,4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日")
_YEAR_FIRST = re.compile(r"([0-9]{3,4})([./-])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_SHORT = re.compile(r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{1,2}")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_CLOCK = re.compile(
    r"(?:(上午|下午|午前|午後|AM|PM|am|pm) ?)?([0-9]{1,2}) ?[:時时點] ?([0-9]{1,2})分?"
    r"(?::([0-9]{2})(?:\.([0-9]{1,9}))?)? ?(AM|PM|am|pm|a\.m\.|p\.m\.)?"
    r" ?(Z|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})?"
)
_AFTERNOON = {"下午", "午後", "pm", "p.m."}
_NOON = 12


@dataclass(frozen=True, slots=True)
class Habits:
    """What the study says about dates.

    Attributes:
        day_first: 02/03/2011 is the second of March; None: such a date is not read.
        timezone: of times that came without one.
    """

    day_first: bool | None = None
    timezone: str = "UTC"


def read_date(text: str, habits: Habits) -> Read:
    """A date; the time of a moment is left out."""
    plain = fold(text)
    found = _date(plain, habits)
    if found.value is None and (parts := _parted(plain)) is not None and _clock(parts[1]):
        return _date(parts[0], habits)
    return found


def read_moment(text: str, habits: Habits) -> Read:
    """A date with its time; without a zone it is a time of the study's."""
    parts = _parted(fold(text))
    clock = None if parts is None else _clock(parts[1])
    if parts is None or clock is None:
        return Read(None, "not_a_date")
    day = _date(parts[0], habits)
    if not isinstance(day.value, dt.date):
        return day
    at, zone = clock
    local = dt.datetime.combine(day.value, at, zone or ZoneInfo(habits.timezone))
    return Read(local.astimezone(dt.UTC), day.code)


def read_time(text: str) -> Read:
    """A time of day as `HH:MM:SS`; a zone behind it is left out."""
    clock = _clock(fold(text))
    return Read(None, "not_a_time") if clock is None else Read(f"{clock[0]:%H:%M:%S}")


def _parted(plain: str) -> tuple[str, str] | None:
    for mark in ("T", " "):
        day, _, clock = plain.partition(mark)
        if any(sign in clock for sign in ":時时點"):
            return day, clock
    return None


def _date(plain: str, habits: Habits) -> Read:
    if match := _ERA.fullmatch(plain):
        year = 1 if match[2] == "元" else int(match[2])
        return _day(_ERAS[match[1]] + year, match[3], match[4])
    if match := _KANJI.fullmatch(plain):
        return _of_year(match[1], match[2], match[3])
    if match := _YEAR_FIRST.fullmatch(plain):
        return _of_year(match[1], match[3], match[4])
    if match := _COMPACT.fullmatch(plain):
        return _day(int(match[1]), match[2], match[3])
    if match := _YEAR_LAST.fullmatch(plain):
        return _year_last(match[1], match[3], int(match[4]), habits)
    return Read(None, "ambiguous_date" if _SHORT.fullmatch(plain) else "not_a_date")


def _of_year(year: str, month: str, day: str) -> Read:
    """A year of four digits is Western; one of three from 100 on can only be of the Republic."""
    if len(year) == len("2011"):
        return _day(int(year), month, day)
    if int(year) in _REPUBLIC_YEARS:
        return _day(int(year) + _REPUBLIC, month, day, "republic_date")
    return Read(None, "ambiguous_date")


def _year_last(first: str, second: str, year: int, habits: Habits) -> Read:
    by_day, by_month = _day(year, second, first), _day(year, first, second)
    if habits.day_first is not None:
        return by_day if habits.day_first else by_month
    if by_day.value is None or by_day == by_month:
        return by_month
    return by_day if by_month.value is None else Read(None, "ambiguous_date")


def _day(year: int, month: str, day: str, code: str = "") -> Read:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Read(None, "not_a_date")
    try:
        return Read(dt.date(year, int(month), int(day)), code)
    except ValueError:
        return Read(None, "not_a_date")


def _clock(plain: str) -> tuple[dt.time, dt.tzinfo | None] | None:
    match = _CLOCK.fullmatch(plain.strip())
    if match is None:
        return None
    before, hours, minutes, seconds, fraction, after, zone = match.groups()
    half = (before or after or "").lower()
    hour = int(hours)
    if half:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half in _AFTERNOON else 0)
    try:
        micro = int((fraction or "0").ljust(6, "0")[:6])
        return dt.time(hour, int(minutes), int(seconds or 0), micro), _zone(zone)
    except ValueError:
        return None


def _zone(zone: str | None) -> dt.tzinfo | None:
    if zone is None:
        return None
    if zone == "Z":
        return dt.UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    away = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(away if zone[0] == "+" else -away)
