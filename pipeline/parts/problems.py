"""What can go wrong with parts and their workers."""

from pipeline.errors import Place, Problem, SurveyError

CODES = {
    "PARTS-001": "Workers died at the same part again and again.",
    "PARTS-002": "Dask is not installed.",
    "PARTS-003": "There is no Dask scheduler at this address.",
    "PARTS-004": "A setting for the parts makes no sense.",
}
_REPAIRS = {
    "PARTS-001": "Give workers more memory, or make parts smaller: part_responses in study.yaml.",
    "PARTS-002": "Install it: pip install survey-pipeline[cluster]; or leave --engine out.",
    "PARTS-003": "Start one with `dask scheduler`, and workers that see the study folder.",
    "PARTS-004": "Correct it; see survey process --help.",
}


def _problem(code: str, place: Place | None = None, more: str = "") -> Problem:
    message = f"{CODES[code]} {more}".rstrip()
    return Problem(code, message, _REPAIRS[code], place or Place())


def died(number: int) -> SurveyError:
    """PARTS-001, at the part of this number from 0."""
    return SurveyError([_problem("PARTS-001", more=f"It is part {number + 1}.")])


def no_dask() -> Problem:
    """PARTS-002."""
    return _problem("PARTS-002", Place(rule="--engine"))


def no_scheduler(address: str) -> Problem:
    """PARTS-003."""
    return _problem("PARTS-003", Place(rule="--scheduler"), f"Asked was {address}.")


def senseless(option: str, why: str) -> Problem:
    """PARTS-004, at an option of the command line."""
    return _problem("PARTS-004", Place(rule=option), why)
