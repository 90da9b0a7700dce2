"""Names that SPSS, Stata, R and pandas all keep as they are.

Source: IBM SPSS Statistics, "Variable names" (64 bytes, reserved words); Stata, [U] 11.3 (32
characters, reserved names).
"""

import re
from collections.abc import Iterable

from pipeline.delivery.problems import warning
from pipeline.errors import Problem

LONGEST = 28
"""Characters. Stata holds 32; pyreadstat calls a set of value labels by the variable's name and its
number, which must fit into 32 as well: 28 leave room for 10,000 variables."""
LONGEST_BYTES = 64
_SPSS = "all and by eq ge gt le lt ne not or to with"
_STATA = (
    "_all _b byte _coef _cons double float if in int long _n _pi _pred _rc _se _skip str strl using"
)
RESERVED = frozenset(f"{_SPSS} {_STATA}".split())
_STATA_STRING = re.compile(r"str\d+")


def safe_names(names: Iterable[str]) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Give each name one that every format keeps, no two the same but for case.

    A name that is right already stays, whatever comes before it.

    Args:
        names: distinct names of the columns of one file, in order.

    Returns:
        Name -> delivered name, in order, and a warning for each that had to change.
    """
    wanted = list(names)
    fitting = {name: _fit(name) for name in wanted}
    taken: set[str] = set()
    kept: dict[str, str] = {}
    for name in wanted:
        if fitting[name][0] == name and name.casefold() not in taken:
            kept[name] = name
            taken.add(name.casefold())
    problems = []
    for name in wanted:
        if name in kept:
            continue
        fitted, code = fitting[name]
        kept[name] = _free(fitted, taken)
        taken.add(kept[name].casefold())
        problems.append(_renamed(name, kept[name], code or "DATA-004"))
    return {name: kept[name] for name in wanted}, tuple(problems)


def _fit(name: str) -> tuple[str, str | None]:
    """A name that a file may hold, and the code of the last reason to change it."""
    code = None
    fitted = re.sub(r"\W", "_", name).rstrip("_")
    if not fitted or not fitted[0].isalpha():
        fitted = f"q_{fitted.lstrip('_')}".rstrip("_")
    if fitted != name:
        code = "DATA-001"
    if len(_cut(fitted, LONGEST)) < len(fitted):
        fitted, code = _cut(fitted, LONGEST).rstrip("_"), "DATA-002"
    lower = fitted.casefold()
    if lower in RESERVED or _STATA_STRING.fullmatch(lower):
        fitted, code = f"{fitted}_q", "DATA-003"
    return fitted, code


def _cut(name: str, longest: int) -> str:
    cut = name[:longest]
    while len(cut.encode()) > LONGEST_BYTES - (LONGEST - longest):
        cut = cut[:-1]
    return cut


def _free(fitted: str, taken: set[str]) -> str:
    """The name, or the name with the first number that makes it no other's."""
    found, number = fitted, 1
    while found.casefold() in taken:
        number += 1
        tail = f"_{number}"
        found = _cut(fitted, LONGEST - len(tail)) + tail
    return found


def _renamed(name: str, new: str, code: str) -> Problem:
    reasons = {
        "DATA-001": "The name holds characters that SPSS or Stata forbids",
        "DATA-002": "The name is too long for SPSS or Stata",
        "DATA-003": "SPSS or Stata keeps this name for itself",
        "DATA-004": "Another variable has this name, but for case or for what had to be cut",
    }
    return warning(
        code,
        f"{reasons[code]}; it is delivered as {new}.",
        "Give the question another name if the new one does not please.",
        name,
        rule="name",
    )
