"""The problems of this room: a code each, with its title."""

from pipeline.errors import Place, Problem

CODES: dict[str, str] = {
    "EST-001": "A design file that cannot be read",
    "EST-002": "An unknown word in a design",
    "EST-003": "A value of the wrong kind in a design",
    "EST-004": "Parts of a design that contradict each other",
    "EST-005": "Something a design needs is missing",
    "EST-010": "No such column",
    "EST-011": "A sampling unit without weight, stratum, cluster or population count",
    "EST-012": "A weight that is not a number from 0",
    "EST-013": "A population count that cannot be right",
    "EST-014": "A cluster that lies in more than one stratum",
    "EST-015": "A stratum with only one sampling unit",
    "EST-016": "Population counts that do not fit the sample",
    "EST-017": "Raking that does not settle",
    "EST-018": "Too few sampling units",
    "EST-020": "Answers that are not numbers",
    "EST-021": "An unknown statistic, interval or level",
    "EST-022": "Arguments that do not fit the statistic",
    "EST-023": "Answers that are not on the scale",
    "EST-024": "Ratings that cannot be compared",
}


def problem(code: str, message: str, repair: str, rule: str | None = None) -> Problem:
    """A problem of this room; `rule` is the word of the design or the argument concerned."""
    return Problem(code, message, repair, Place(rule=rule))
