"""What SPSS and Stata would cut or rename in silence, and what must not leave."""

from pipeline.errors import Place, Problem, Severity

CODES = {
    "DATA-001": "a name with characters that SPSS or Stata forbids",
    "DATA-002": "a name longer than 28 characters or 64 bytes",
    "DATA-003": "a name that SPSS or Stata keeps for itself",
    "DATA-004": "a name that another variable has, but for case",
    "DATA-005": "a label longer than a format holds",
    "DATA-006": "codes of missing answers moved away from answers",
    "DATA-007": "a text longer than Stata holds",
    "DATA-008": "a variable that nobody answered",
    "DATA-009": "a moment whose time zone the formats drop",
    "DATA-010": "a column of no question",
    "DATA-011": "a question left out because of what it may say",
    "DATA-012": "a choice without a label in the language",
    "DATA-013": "a number that SPSS and Stata cannot hold exactly",
    "DATA-014": "an answer that is no choice of its question",
    "DATA-015": "a text that pandas and R read as missing",
    "DATA-020": "an identifier among the answers",
    "DATA-021": "answers and their kinds of missing do not fit",
    "DATA-022": "no data to deliver",
    "DATA-023": "a language that the questionnaire does not have",
    "DATA-030": "fewer responses than must be alike",
    "DATA-031": "answers left out so that responses are alike",
    "DATA-032": "a question of a repeat left out because it narrows down",
    "DATA-033": "a sensitive answer that all who are alike share",
}


def warning(
    code: str, message: str, repair: str, question: str, *, rule: str | None = None
) -> Problem:
    """Something that was renamed, shortened or left out."""
    return Problem(code, message, repair, Place(question=question, rule=rule), Severity.WARNING)


def refusal(
    code: str, message: str, repair: str, question: str, *, rule: str | None = None
) -> Problem:
    """Something with which no file is written."""
    return Problem(code, message, repair, Place(question=question, rule=rule))
