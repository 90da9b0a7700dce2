"""The problems of this room: a code each, with its title."""

from pipeline.errors import Place, Problem, SurveyError

CODES: dict[str, str] = {
    "CONS-001": "No response whose consent could be withdrawn",
    "CONS-002": "The day until which answers may be kept has passed",
    "DISC-001": "A small count is shown",
    "DISC-002": "A small count can be worked out",
    "DISC-003": "Numbers that contradict each other",
    "DISC-004": "A table that cannot be audited",
    "DISC-005": "Data in which somebody can be found",
    "DISC-006": "A number that its table hides",
    "DISC-007": "Files that do not say the same",
    "DISC-008": "Small numbers in a table of which nothing is known",
    "DISC-009": "A file that cannot be audited",
    "DISC-010": "A count that differs by few from that of an earlier report",
    "KEYS-001": "No key to encrypt identifiers with",
    "KEYS-002": "A key that cannot be read",
    "KEYS-003": "The demonstration key for returns that are not SYNTHETIC",
    "KEYS-004": "Keys are there already",
    "KEYS-005": "Encrypted for somebody else",
    "KEYS-006": "Nothing to identify",
    "KEYS-007": "study.yaml cannot take the keys",
    "SEAL-001": "Something stands in the way",
    "SEAL-002": "raw/ cannot be sealed",
    "SEAL-003": "The archive is not as it was sealed",
    "SEAL-004": "Cannot be written or read",
}


def refusal(code: str, message: str, repair: str, *, file: str, rule: str = "") -> SurveyError:
    """One reason why something is not done, ready to be raised."""
    return SurveyError([Problem(code, message, repair, Place(file=file, rule=rule or None))])
