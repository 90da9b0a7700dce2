"""A questionnaire out of its YAML, with all that is wrong in it found at once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.errors import Problem, Severity, SurveyError, raise_errors
from pipeline.questionnaire.assemble import Assembled, assemble
from pipeline.questionnaire.check import findings
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.or_other import write_out_or_other
from pipeline.questionnaire.places import Finding
from pipeline.questionnaire.wrong_values import put_right, wrong_values

_NEVER_TAKEN = frozenset(["LOAD-025"])
"""What stays an error in an imported form too: nothing could be done with its answers."""


def load(path: Path, *, shown: str | None = None) -> Questionnaire:
    """Read a questionnaire.

    Args:
        path: the YAML file; blocks under `include` lie relative to it.
        shown: its name in problems, `instruments/FORM.yaml`; the path itself where none is given.

    Raises:
        SurveyError: every problem of the file and its blocks, LOAD-0xx and EXPR-0xx, with file,
            line, question, rule and column.
    """
    questionnaire, problems = load_problems(path, shown=shown)
    raise_errors(problems)
    if questionnaire is None:  # pragma: no cover - a file without errors gives a questionnaire
        raise SurveyError(problems)
    return questionnaire


def load_problems(
    path: Path, *, shown: str | None = None
) -> tuple[Questionnaire | None, list[Problem]]:
    """Read a questionnaire and all its problems, warnings included; never raises.

    Returns:
        The questionnaire, None where the file does not hold one; the problems, in the order of
        files and lines.
    """
    assembled = assemble(path, shown or path.as_posix())
    problems = list(assembled.problems)
    questionnaire = None
    if assembled.content is not None:
        try:
            questionnaire = _questionnaire(assembled.content)
        except ValidationError as error:
            problems += wrong_values(error, assembled)
            problems += _besides(error, assembled)
        else:
            problems += (
                _placed(finding, questionnaire, assembled) for finding in findings(questionnaire)
            )
    return questionnaire, sorted(problems, key=_in_order)


def _questionnaire(content: Any) -> Questionnaire:
    return write_out_or_other(Questionnaire.model_validate(content))


def _in_order(problem: Problem) -> tuple[str, int]:
    return problem.place.file or "", problem.place.line or 0


def _besides(error: ValidationError, assembled: Assembled) -> Iterator[Problem]:
    """What else is wrong, looked for with the wrong values put right; what hangs on them is not."""
    content, changed = put_right(error, assembled.content)
    try:
        rest = _questionnaire(content)
    except ValidationError:
        return
    for finding in findings(rest):
        if (finding.location, finding.problem.place.rule) not in changed:
            yield _placed(finding, rest, assembled)


def _placed(finding: Finding, questionnaire: Questionnaire, assembled: Assembled) -> Problem:
    file, line = assembled.place(finding.location)
    problem = finding.problem
    as_it_is = questionnaire.imported_from and problem.code not in _NEVER_TAKEN
    severity = Severity.WARNING if as_it_is else problem.severity
    place = replace(problem.place, file=file, line=line)
    return replace(problem, place=place, severity=severity)
