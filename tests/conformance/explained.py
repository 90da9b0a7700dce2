"""Every difference from ODK's engines that has a reason; any other fails the tests."""

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Explained:
    """One row of the table.

    Attributes:
        form: pattern of the form's name.
        question: pattern of the question, `(form)` for the whole.
        verdict: asked, rule, calculated or stops.
        reason: why it is so, and what it means for the field.
    """

    form: str
    question: str
    verdict: str
    reason: str


EXPLAINED = (
    Explained(
        "msna/*",
        "(form)",
        "stops",
        "The form asks for one answer of a repeat where several are given, and stops in both "
        "engines (EXPR-020). JavaRosa stops only once it reads that far: it leaves the right side "
        "of `and` unread where the left is false.",
    ),
    Explained(
        "odk/002_socio-economic*",
        "SEClass",
        "calculated",
        "`jr:itext()` of a choice that is not in the list: JavaRosa writes `[itext:]`, we leave "
        "the answer blank.",
    ),
)


def reason(form: str, question: str, verdict: str) -> str | None:
    """Why a difference is as it is; None where nobody knows."""
    for row in EXPLAINED:
        patterns = zip((form, question), (row.form, row.question), strict=True)
        if row.verdict == verdict and all(fnmatchcase(*pair) for pair in patterns):
            return row.reason
    return None
