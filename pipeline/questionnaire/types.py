"""The question types of XLSForm, one row a type: what an answer is and who fills it in.

A new type is a new row; every form, reader and schema asks this table and nothing else.
Source: XLSForm reference table (xlsform.org), pyxform's type aliases.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Storage(StrEnum):
    """How an answer is kept once it is parsed; the column's dtype in `Responses`.

    integer -> Int64; decimal -> float64; text -> str; date and datetime -> datetime64; time -> str
    (`HH:MM:SS`); select_one -> str (a choice name); select_multiple and rank -> str (choice names
    joined by one space); geo -> str (ODK's own spelling); file -> str (the file's name);
    none -> the question holds no answer and has no column.
    """

    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    GEO = "geo"
    FILE = "file"
    NONE = "none"


class Filled(StrEnum):
    """Who gives the answer: a person, the form by a calculation, or the device by itself."""

    PERSON = "person"
    FORM = "form"
    DEVICE = "device"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class QuestionType:
    """One row of the table.

    Attributes:
        name: XLSForm's word.
        storage: what the parsed answer is.
        filled: who fills it in.
        list_kind: "" no choices, "list" a list of the choices sheet, "file" an external file,
            "sheet" a list of a further sheet (external_choices, osm).
        in_excel: an Excel form can ask it; otherwise the form says that it is asked by ODK only.
        list_optional: it may also be asked without a list.
    """

    name: str
    storage: Storage
    filled: Filled = Filled.PERSON
    list_kind: str = ""
    in_excel: bool = True
    list_optional: bool = False


_ROWS = (
    QuestionType("integer", Storage.INTEGER),
    QuestionType("decimal", Storage.DECIMAL),
    QuestionType("range", Storage.DECIMAL),
    QuestionType("text", Storage.TEXT),
    QuestionType("select_one", Storage.SELECT_ONE, list_kind="list"),
    QuestionType("select_multiple", Storage.SELECT_MULTIPLE, list_kind="list"),
    QuestionType("select_one_from_file", Storage.SELECT_ONE, list_kind="file"),
    QuestionType("select_multiple_from_file", Storage.SELECT_MULTIPLE, list_kind="file"),
    QuestionType("select_one_external", Storage.SELECT_ONE, list_kind="sheet", in_excel=False),
    QuestionType("rank", Storage.SELECT_MULTIPLE, list_kind="list"),
    QuestionType("date", Storage.DATE),
    QuestionType("time", Storage.TIME),
    QuestionType("dateTime", Storage.DATETIME),
    QuestionType("acknowledge", Storage.SELECT_ONE),
    QuestionType("trigger", Storage.SELECT_ONE),
    QuestionType("geopoint", Storage.GEO),
    QuestionType("geotrace", Storage.GEO, in_excel=False),
    QuestionType("geoshape", Storage.GEO, in_excel=False),
    QuestionType("barcode", Storage.TEXT),
    QuestionType("image", Storage.FILE, in_excel=False),
    QuestionType("audio", Storage.FILE, in_excel=False),
    QuestionType("video", Storage.FILE, in_excel=False),
    QuestionType("file", Storage.FILE, in_excel=False),
    QuestionType("osm", Storage.FILE, list_kind="sheet", in_excel=False, list_optional=True),
    QuestionType("background-audio", Storage.FILE, Filled.DEVICE),
    QuestionType("calculate", Storage.TEXT, Filled.FORM),
    QuestionType("hidden", Storage.TEXT, Filled.FORM),
    QuestionType("xml-external", Storage.NONE, Filled.NOBODY),
    QuestionType("csv-external", Storage.NONE, Filled.NOBODY),
    QuestionType("note", Storage.NONE, Filled.NOBODY),
    QuestionType("start", Storage.DATETIME, Filled.DEVICE),
    QuestionType("end", Storage.DATETIME, Filled.DEVICE),
    QuestionType("today", Storage.DATE, Filled.DEVICE),
    QuestionType("start-geopoint", Storage.GEO, Filled.DEVICE),
    QuestionType("background-geopoint", Storage.GEO, Filled.DEVICE),
    QuestionType("audit", Storage.FILE, Filled.DEVICE),
    QuestionType("deviceid", Storage.TEXT, Filled.DEVICE),
    QuestionType("username", Storage.TEXT, Filled.DEVICE),
    QuestionType("email", Storage.TEXT, Filled.DEVICE),
    QuestionType("phonenumber", Storage.TEXT, Filled.DEVICE),
    QuestionType("subscriberid", Storage.TEXT, Filled.DEVICE),
    QuestionType("simserial", Storage.TEXT, Filled.DEVICE),
)

QUESTION_TYPES: Mapping[str, QuestionType] = MappingProxyType({row.name: row for row in _ROWS})
