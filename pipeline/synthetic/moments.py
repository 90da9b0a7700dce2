"""Days within the fieldwork, hours of the day."""

import datetime as dt

from pipeline.synthetic.amounts import amount
from pipeline.synthetic.asked import Asked, Respondent, lean
from pipeline.synthetic.profile import Clock, Day

_SUNDAY = 7


def date_answer(asked: Asked, who: Respondent) -> str:
    """A day as ISO text; no Sunday unless the profile says so."""
    spec = asked.spec.day or Day()
    first, last = _span(spec, asked, who)
    days = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    open_days = [day for day in days if spec.sundays or day.isoweekday() != _SUNDAY]
    return who.random.choice(open_days or days).isoformat()


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
