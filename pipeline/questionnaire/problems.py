"""The problems of this room: a code each, with its title."""

from collections.abc import Iterable
from difflib import get_close_matches

CODES: dict[str, str] = {
    "LOAD-001": "The file cannot be read",
    "LOAD-002": "Not YAML",
    "LOAD-003": "A key stands twice",
    "LOAD-004": "Unknown key",
    "LOAD-005": "Something is missing",
    "LOAD-006": "A wrong kind of value",
    "LOAD-007": "A block cannot be included",
    "LOAD-010": "Unknown question type",
    "LOAD-011": "Unknown choice list",
    "LOAD-012": "A name stands twice",
    "LOAD-013": "A name that ODK refuses",
    "LOAD-014": "Nothing in it",
    "LOAD-015": "A text lacks a language",
    "LOAD-016": "Unknown language",
    "LOAD-017": "No label",
    "LOAD-018": "A choice cannot be so",
    "LOAD-019": "A rule where no answer is",
    "LOAD-020": "A constraint without its message",
    "LOAD-021": "A trigger that leads nowhere",
    "LOAD-022": "A change that leads nowhere",
    "LOAD-023": "A calculation that calculates nothing",
    "LOAD-024": "Rules that wait for each other",
    "LOAD-025": "A name that the answers' tables need",
    "LOAD-026": "A default that is no answer",
    "IMPORT-001": "The form cannot be read",
    "IMPORT-002": "A sheet that is not part of an XLSForm",
    "IMPORT-003": "A row that is left out",
    "IMPORT-004": "A cell that is left out",
    "IMPORT-005": "Groups and repeats do not close",
    "IMPORT-006": "Something is missing in a row",
    "IMPORT-007": "A file that is not at hand",
    "TRY-001": "No such question to answer",
    "TRY-002": "A repeat that is no list",
    "TRY-003": "An answer of the wrong type",
    "TRY-004": "Rules that never settle",
    "TRY-005": "Too many instances",
    "TRY-006": "No answers in JSON",
}


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """The repair of a misspelling: the nearest known word, else what may stand there."""
    nearest = get_close_matches(word, list(known), n=1)
    return f"Did you mean '{nearest[0]}'?" if nearest else otherwise
