"""What a value can be: the kinds of answers, and of what an expression gives."""

from enum import StrEnum


class Kind(StrEnum):
    """Kind of an answer or of a result; `boolean` is no question's, `other` is e.g. a place."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    BOOLEAN = "boolean"
    OTHER = "other"


NUMERIC = frozenset({Kind.INTEGER, Kind.DECIMAL})
TEMPORAL = frozenset({Kind.DATE, Kind.TIME, Kind.DATETIME})
TEXTUAL = frozenset({Kind.TEXT, Kind.SELECT_ONE, Kind.SELECT_MULTIPLE, Kind.OTHER})
