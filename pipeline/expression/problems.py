"""The problems of this room: a code each, with its title."""

from pipeline.errors import Place, Problem, Severity, SurveyError
from pipeline.expression.tree import Node

CODES: dict[str, str] = {
    "EXPR-001": "Nothing written",
    "EXPR-002": "A character that no expression holds",
    "EXPR-003": "Something is missing or in the wrong place",
    "EXPR-004": "Nested too deeply",
    "EXPR-010": "Unknown name",
    "EXPR-011": "Unknown function",
    "EXPR-012": "Wrong number of arguments",
    "EXPR-013": "Wrong type",
    "EXPR-014": "Refers to itself",
    "EXPR-015": "Refers to a question that comes later",
    "EXPR-016": "Refers into a repeat from outside",
    "EXPR-017": "Unknown choice list or column",
    "EXPR-018": "Unknown choice",
    "EXPR-019": "A pattern or a date that cannot be read",
    "EXPR-020": "More than one value where one is needed",
    "EXPR-021": "ODK's engines differ",
    "EXPR-022": "Not possible offline",
    "EXPR-023": "A path that cannot be followed",
}


def problem(  # noqa: D417 - the three plain words are Problem's own
    code: str,
    message: str,
    repair: str,
    *,
    at: Node | None = None,
    place: Place | None = None,
    severity: Severity = Severity.ERROR,
) -> Problem:
    """A problem of this room.

    Args:
        at: the node concerned; its start becomes the column.
        place: question and rule, where they are known.
        severity: error or warning.
    """
    known = place or Place()
    column = at.span[0] + 1 if at is not None else known.column
    where = Place(known.file, known.line, known.cell, known.question, known.rule, column)
    return Problem(code, message, repair, where, severity)


def refuse(code: str, message: str, repair: str, at: Node | None = None) -> SurveyError:
    """The error to raise when an expression cannot be followed any further."""
    return SurveyError([problem(code, message, repair, at=at)])
