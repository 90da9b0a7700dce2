"""The problems of this room: a code each, with its title and its repair."""

from pipeline.errors import Place, Problem

CODES: dict[str, str] = {
    "SYN-001": "A profile that cannot be used",
    "SYN-002": "No answer satisfies the form",
    "SYN-003": "An error that fits nowhere",
    "SYN-004": "No such kind of file",
    "SYN-005": "A folder that cannot be written to",
    "SYN-006": "A study without a first set",
}

_REPAIRS = {
    "SYN-001": "Correct it there, or take the profile away to draw from the form's rules alone.",
    "SYN-002": "Look whether its rules contradict each other, or give answers in its profile.",
    "SYN-003": "Draw more respondents, or plant fewer errors.",
    "SYN-004": "Choose excel, odk or table.",
    "SYN-005": "Name a folder that may be written to, and that is no file.",
    "SYN-006": "Name a form: survey simulate FORM --to FOLDER; or write the file.",
}


def problem(code: str, message: str, place: Place | None = None) -> Problem:
    """A problem of this room with its repair."""
    return Problem(code, message, _REPAIRS[code], place or Place())
