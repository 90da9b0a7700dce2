"""Every difference from ODK's engines that has a reason; any other fails the tests."""

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Explained:
    """One row of the table.

    Attributes:
        engine: JavaRosa or Web Forms.
        form: pattern of the form's name.
        question: pattern of the question, `(form)` for the whole.
        verdict: asked, rule, calculated or stops.
        reason: why it is so, and what it means for the field.
    """

    engine: str
    form: str
    question: str
    verdict: str
    reason: str


JAVAROSA, WEB_FORMS = "JavaRosa", "Web Forms"
EXPLAINED = (
    Explained(
        JAVAROSA,
        "odk/002_socio-economic*",
        "SEClass",
        "calculated",
        "`jr:itext()` of a choice that is not in the list: JavaRosa writes `[itext:]`, we leave "
        "the answer blank.",
    ),
    Explained(
        WEB_FORMS,
        "activity_record",
        "participants_total",
        "calculated",
        "The sum over a repeat in which a required number is still missing: Web Forms leaves it "
        "blank, Collect and we count the missing one as 0. A form that can be sent has none.",
    ),
)


def reason(form: str, question: str, verdict: str, engine: str = JAVAROSA) -> str | None:
    """Why a difference is as it is; None where nobody knows."""
    for row in EXPLAINED:
        if row.engine != engine:
            continue
        patterns = zip((form, question), (row.form, row.question), strict=True)
        if row.verdict == verdict and all(fnmatchcase(*pair) for pair in patterns):
            return row.reason
    return None
