"""Days within the fieldwork, hours of the day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.questionnaire.types import Storage
from pipeline.synthetic.amounts import amount
from pipeline.synthetic.asked import Asked, Respondent, lean
from pipeline.synthetic.profile import Clock, Day

_SUNDAY = 7


@dataclass(frozen=True)
class Visit:
    """When a device says that one interview began and ended: both on one day."""

    start: dt.datetime
    end: dt.datetime


def visit_of(who: Respondent) -> Visit:
    """An interview on a day of the fieldwork, in office hours, as long as interviews take."""
    spec, random = Clock(), who.random
    day = random.choice(_open_days(Day(), who.period.start, who.period.end))
    low, high = (_minutes(text) for text in spec.between)
    start = dt.datetime.combine(day, dt.time()) + dt.timedelta(
        minutes=random.randrange(low, high + 1, spec.step)
    )
    lasting = dt.timedelta(minutes=round(amount(spec.minutes, 0.0, random)))
    midnight = dt.datetime.combine(day, dt.time(23, 59))
    return Visit(start, min(start + lasting, midnight))


def date_answer(asked: Asked, who: Respondent) -> str:
    """A day as ISO text; no Sunday unless the profile says so."""
    spec = asked.spec.day or Day()
    return who.random.choice(_open_days(spec, *_span(spec, asked, who))).isoformat()


def _open_days(spec: Day, first: dt.date, last: dt.date) -> Sequence[dt.date]:
    days = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    return [day for day in days if spec.sundays or day.isoweekday() != _SUNDAY] or days


def _span(spec: Day, asked: Asked, who: Respondent) -> tuple[dt.date, dt.date]:
    if spec.after and asked.given.get(spec.after):
        start = dt.date.fromisoformat(str(asked.given[spec.after]))
        return start + dt.timedelta(spec.days[0]), start + dt.timedelta(spec.days[1])
    if spec.between is None or not all(_word(name, asked, who) for name in spec.between):
        return who.period.start, who.period.end
    first = _day(_word(spec.between[0], asked, who))[0]
    last = _day(_word(spec.between[1], asked, who))[1]
    if spec.part is None:
        return first, last
    part, parts = (int(_word(name, asked, who) or 1) for name in spec.part)
    length = ((last - first).days + 1) / parts
    start = first + dt.timedelta(round(length * (part - 1)))
    return start, first + dt.timedelta(round(length * part) - 1)


def _word(name: str, asked: Asked, who: Respondent) -> str:
    """What a name stands for: a row's column, an earlier answer, or itself."""
    if name.startswith("row."):
        return who.row.get(name[4:], "")
    return str(asked.given.get(name) or name)


def _day(text: str) -> tuple[dt.date, dt.date]:
    """First and last day of an ISO date or month."""
    if len(text) > len("2011-08"):
        day = dt.date.fromisoformat(text)
        return day, day
    first = dt.date.fromisoformat(f"{text}-01")
    return first, (first + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)


def time_answer(asked: Asked, who: Respondent) -> str:
    """A time of day as `HH:MM:SS`."""
    spec = asked.spec.clock or Clock()
    random = who.random
    if spec.after and asked.given.get(spec.after):
        later = amount(spec.minutes, lean(asked.spec, who.traits), random)
        minutes = min(_minutes(str(asked.given[spec.after])) + round(later), 24 * 60 - 1)
    else:
        low, high = (_minutes(text) for text in spec.between)
        minutes = random.randrange(low, high + 1, spec.step)
    return f"{minutes // 60:02}:{minutes % 60:02}:00"


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def moment_answer(asked: Asked, who: Respondent) -> str:
    """A day and a time as ISO text, without a zone."""
    return f"{date_answer(asked, who)}T{time_answer(asked, who)}"


def clock_answer(asked: Asked, who: Respondent, visit: Visit | None, day: dt.date) -> str:
    """What the device's clock says: of one visit, unless the profile says when.

    Args:
        asked: a question of type start, end or today.
        who: the respondent.
        visit: when the interview was.
        day: its day, which an answer may have moved.
    """
    is_day = asked.question.storage is Storage.DATE
    if visit is None or asked.spec.day or asked.spec.clock:
        return date_answer(asked, who) if is_day else moment_answer(asked, who)
    if is_day:
        return day.isoformat()
    moment = visit.end if asked.question.type_name == "end" else visit.start
    return dt.datetime.combine(day, moment.time()).isoformat()
