"""Every way in which an XLSForm may spell a question's type, and the one name that we use.

Source: pyxform's aliases and its question type dictionary.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pipeline.questionnaire.types import QUESTION_TYPES

_FILE_ENDINGS = (".csv", ".xml", ".geojson")

_SPELLINGS: dict[str, str] = {
    "image": "photo, q picture, q image, add image prompt, add photo prompt",
    "audio": "q audio, add audio prompt",
    "video": "q video, add video prompt",
    "file": "add file prompt",
    "dateTime": "datetime, date time, q dateTime, q date time, add dateTime prompt,"
    " add date time prompt",
    "date": "q date, add date prompt",
    "text": "string, q string, add text prompt",
    "integer": "int, q int, add integer prompt",
    "decimal": "q decimal, add decimal prompt",
    "note": "q note, add note prompt",
    "calculate": "q calculate, add calculate prompt",
    "acknowledge": "q acknowledge, add acknowledge prompt",
    "geopoint": "gps, location, q location, q geopoint, add location prompt",
    "geoshape": "q geoshape",
    "geotrace": "q geotrace",
    "barcode": "q barcode, add barcode prompt",
    "start": "start time, get start time",
    "end": "end time, get end time",
    "today": "get today",
    "deviceid": "imei, device id, get device id",
    "simserial": "sim id, get sim id",
    "subscriberid": "subscriber id, get subscriber id",
    "phonenumber": "get phone number",
}
_SELECTS: dict[str, str] = {
    "select_one": "select one, select1, select one from, select one using, q select1,"
    " add select one prompt using",
    "select_multiple": "select multiple, select all that apply, select all that apply from,"
    " select multiple from, select multiple using, q select, add select multiple prompt using",
    "select_one_from_file": "select one from file",
    "select_multiple_from_file": "select multiple from file",
    "select_one_external": "select one external",
    "rank": "",
    "osm": "",
}


def _by_spelling(spellings: Mapping[str, str]) -> dict[str, str]:
    found = {name: name for name in spellings}
    for name, others in spellings.items():
        found |= {other.strip(): name for other in others.split(",") if other.strip()}
    return found


_DAYS = {"month": 31, "six months": 183, "year": 365}


@dataclass(frozen=True, slots=True)
class TypeRead:
    """What a type cell says.

    Attributes:
        type: our type with its list.
        or_other: whether the form adds "other".
        cells: what the type itself brings along, by field; the row's own cells go first.
    """

    type: str
    or_other: bool = False
    cells: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


_PLAIN = {
    name: name for name, row in QUESTION_TYPES.items() if not row.list_kind or row.list_optional
}
_PLAIN |= _by_spelling(_SPELLINGS)
_SPECIAL: dict[str, TypeRead] = {
    "percentage": TypeRead("integer", cells={"constraint": "0 <= . and . <= 100"}),
    "phone number": TypeRead(
        "text", cells={"constraint": r"regex(., '^\d*$')", "hint": "Enter numbers only."}
    ),
    **{
        f"number of days in last {period}": TypeRead(
            "integer",
            cells={"constraint": f"0 <= . and . <= {most}", "hint": f"Enter a number 0-{most}."},
        )
        for period, most in _DAYS.items()
    },
    **{
        f"uri:{name}": TypeRead(name, cells={"bind::jr:preloadParams": f"uri:{name}"})
        for name in ("deviceid", "email", "phonenumber", "simserial", "subscriberid", "username")
    },
}
_SELECT = re.compile(
    r"(?P<select>"
    + "|".join(sorted(map(re.escape, _by_spelling(_SELECTS)), key=len, reverse=True))
    + r") (?P<list>\S+)(?P<other> (or specify other|or_other|or other))?"
)
_CONTROL = re.compile(
    r"(?P<edge>begin|end)[\s_](?P<kind>looped group|lgroup|group|repeat|loop)"
    r"( (over )?(?P<list>\S+))?"
)


def read_type(text: str) -> TypeRead | None:
    """The type that a question's cell names; None where there is no such type."""
    if special := _SPECIAL.get(text):
        return special
    if (plain := _PLAIN.get(text)) is not None:
        return TypeRead(plain)
    if not (parts := _SELECT.fullmatch(text)):
        return None
    name, list_name = _by_spelling(_SELECTS)[parts["select"]], parts["list"]
    if name in {"select_one", "select_multiple"} and list_name.endswith(_FILE_ENDINGS):
        name += "_from_file"
    return TypeRead(f"{name} {list_name}", or_other=parts["other"] is not None)


def read_control(text: str) -> tuple[str, str, str | None] | None:
    """What a cell begins or ends: edge, kind (group, repeat or loop), the loop's list."""
    parts = _CONTROL.fullmatch(text)
    if not parts:
        return None
    kind = {"lgroup": "repeat", "looped group": "repeat"}.get(parts["kind"], parts["kind"])
    return parts["edge"], kind, parts["list"]
