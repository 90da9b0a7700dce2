"""A study's status as text for one screen."""

import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict

from pipeline.workflow.status import CountyStatus, PersonStatus, Status

_MOST = 12
_NONE = "-"
_NOT_YET = "?"
"""Of a form that has not been processed."""
Heading = Callable[[str], str]


def as_json(found: Status) -> str:
    """The status as JSON."""
    return json.dumps(asdict(found), ensure_ascii=False, indent=2)


def status_lines(found: Status, heading: Heading = str) -> tuple[str, ...]:
    """The status as lines.

    Args:
        found: the status.
        heading: how a heading looks; plain by default.
    """
    parts = [
        _forms(found, heading),
        _people(found, heading),
        _counties(found, heading),
        _open(found, heading),
        _stale(found, heading),
    ]
    lines = [f"As of {found.day}"]
    for part in parts:
        lines += ["", *part] if part else []
    return tuple(lines)


def _forms(found: Status, heading: Heading) -> list[str]:
    rows = [
        (one.form, one.files, one.unread, one.kept, one.set_aside, one.queries)
        for one in found.forms
    ]
    if not rows:
        return [heading("RETURNS"), "  no questionnaire in instruments/ yet"]
    lines = _table("RETURNS", ("files", "unread", "kept", "set aside", "queries"), rows, heading)
    if found.unrecognised:
        lines.append(
            f"  {found.unrecognised} files not recognised: see raw/unrecognised/REASONS.csv"
        )
    return lines


def _people(found: Status, heading: Heading) -> list[str]:
    if not found.people:
        return []
    forms = [one.form for one in found.forms if any(one.form in p.returns for p in found.people)]
    short = [_short(form) for form in forms]
    out = any(person.issued for person in found.people)

    def row(person: PersonStatus) -> tuple[str | int, ...]:
        counts = (person.returns.get(form, 0) for form in forms)
        copies = (person.issued, person.back, person.overdue) if out else ()
        return person.interviewer, *counts, person.queries, *copies

    columns = (*short, "queries", *(("issued", "back", "overdue") if out else ()))
    rows = [row(person) for person in found.people[:_MOST]]
    lines = _table("BY INTERVIEWER", columns, rows, heading)
    more = len(found.people) - _MOST
    return [*lines, f"  and {more} more: see --json"] if more > 0 else lines


def _counties(found: Status, heading: Heading) -> list[str]:
    if not found.counties:
        return []

    def row(one: CountyStatus) -> tuple[str | int, ...]:
        return one.county, one.issued, one.back, one.overdue

    late_first = sorted(found.counties, key=lambda one: -one.overdue)
    rows = [row(one) for one in late_first[:_MOST]]
    lines = _table("COPIES BY COUNTY", ("issued", "back", "overdue"), rows, heading)
    more = len(found.counties) - _MOST
    return [*lines, f"  and {more} more: see --json"] if more > 0 else lines


def _open(found: Status, heading: Heading) -> list[str]:
    asked = sum(form.queries or 0 for form in found.forms)
    lines = [heading("OPEN")]
    lines.append(f"  {asked} queries, in {found.workbooks} workbooks in outputs/queries/")
    waiting = sum(found.not_applied.values())
    why = ", ".join(
        f"{code.removeprefix('correction_')} {count}" for code, count in found.not_applied.items()
    )
    said = f"  {found.correction_files} files of corrections; {waiting} corrections not applied"
    lines.append(f"{said} ({why})" if why else said)
    if found.overdue:
        serials = list(found.overdue)
        shown = ", ".join(serials[:_MOST]) + (", ..." if len(serials) > _MOST else "")
        lines.append(f"  {len(serials)} copies overdue: {shown}")
    return lines


def _stale(found: Status, heading: Heading) -> list[str]:
    if found.out_of_date is None:
        return [heading("OUT OF DATE"), "  cannot be said: see survey check"]
    if not found.out_of_date:
        return [heading("OUT OF DATE"), "  nothing"]
    names = list(found.out_of_date)
    shown = names[:_MOST] + ([f"and {len(names) - _MOST} more"] if len(names) > _MOST else [])
    return [heading("OUT OF DATE"), *(f"  {name}" for name in shown), "  -> survey analyze"]


def _table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | int | None]],
    heading: Heading,
) -> list[str]:
    """Rows below each other: names to the left, numbers to the right, wide characters counted."""
    shown = [[_cell(value) for value in row] for row in rows]
    widths = [
        max(_width(row[at]) for row in [[f"  {title}", *columns], *shown])
        for at in range(len(columns) + 1)
    ]
    first = max(widths[0], *(_width(row[0]) + 2 for row in shown)) if shown else widths[0]
    head = title + " " * (first - _width(title))
    head += "".join(
        _right(name, width + 3) for name, width in zip(columns, widths[1:], strict=True)
    )
    lines = [heading(head)]
    for row in shown:
        name = f"  {row[0]}" + " " * (first - _width(row[0]) - 2)
        cells = (_right(cell, width + 3) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append(name + "".join(cells))
    return lines


def _cell(value: str | int | None) -> str:
    if value is None:
        return _NOT_YET
    return _NONE if value == 0 else str(value)


def _right(text: str, width: int) -> str:
    return " " * (width - _width(text)) + text


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _short(form: str) -> str:
    return form if len(form) <= 12 else form[:11] + "…"  # noqa: PLR2004 - the column's width
