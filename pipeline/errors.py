"""What is wrong, where, by which rule, and how to repair it: as data, collected before it is shown.

Every room finds all of its problems first and then raises one `SurveyError` that carries them all.
A problem never holds an answer's value: a place, a rule and a repair are enough to find it.
"""

import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    """How much a problem matters: an error stops the work, a warning is only shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem lies; every part that is known is shown.

    Attributes:
        file: path as the user knows it, relative to the study folder where it can be.
        line: line of a text file, from 1.
        cell: `sheet!B12` of a workbook, or the path inside an XML file.
        question: name of the question, group, repeat or choice list.
        rule: the XLSForm word of the part concerned: `relevant`, `constraint`, `label`, ...
        column: character inside that rule's text, from 1.
    """

    file: str | None = None
    line: int | None = None
    cell: str | None = None
    question: str | None = None
    rule: str | None = None
    column: int | None = None

    def __str__(self) -> str:
        file = self.file or ""
        if file and self.line is not None:
            file = f"{file}:{self.line}"
        parts = [
            file,
            self.cell or "",
            f"question {self.question}" if self.question else "",
            self.rule or "",
            f"column {self.column}" if self.column is not None else "",
        ]
        return ", ".join(part for part in parts if part) or "(no place)"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        code: room and number, `EXPR-003`; listed in that room's `CODES`.
        message: what is wrong, one sentence.
        repair: what to do about it, one sentence that begins with a verb or "Did you mean".
        place: where.
        severity: error or warning.
    """

    code: str
    message: str
    repair: str
    place: Place = field(default_factory=Place)
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        mark = " (warning)" if self.severity is Severity.WARNING else ""
        return f"[{self.code}] {self.place}{mark}\n  {self.message} {self.repair}".rstrip()


class SurveyError(Exception):
    """All the problems that a piece of work found, raised once it has found them all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["SurveyError"], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # so that it comes whole out of another process


def where_of(error: Exception, caught_in: str) -> str:
    """Kind and place of a defect, without what it says: that may be an answer.

    Args:
        error: what nobody foresaw.
        caught_in: `__file__` of whoever caught it, which is no place of a defect.
    """
    found = traceback.extract_tb(error.__traceback__)
    frames = [frame for frame in found if frame.filename != caught_in] or list(found)
    ours = [frame for frame in frames if "pipeline" in Path(frame.filename).parts] or frames
    return f"{type(error).__name__}, {Path(ours[-1].filename).name}:{ours[-1].lineno}"


def raise_errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Raise if any of the problems is an error; otherwise give back the warnings.

    Raises:
        SurveyError: with every problem, warnings included, when at least one is an error.
    """
    found = tuple(problems)
    if any(problem.severity is Severity.ERROR for problem in found):
        raise SurveyError(found)
    return found
