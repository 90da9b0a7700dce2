"""Every difference between a workbook and `survey try` that has a reason; any other fails."""

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Explained:
    """One row of the table.

    Attributes:
        form: pattern of the form's name.
        place: pattern of the question, `(status)` for the line on the cover.
        reason: why it is so, and what it means for the field.
    """

    form: str
    place: str
    reason: str


EXPLAINED: tuple[Explained, ...] = ()


def reason(form: str, place: str) -> str | None:
    """Why a difference is as it is; None where nobody knows."""
    for row in EXPLAINED:
        if fnmatchcase(form, row.form) and fnmatchcase(place, row.place):
            return row.reason
    return None
