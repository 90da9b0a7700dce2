"""The one place that orders the rooms: what is read, in which order, and what is out of date."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Place, Problem, SurveyError
from pipeline.freshness import Ledger, Step
from pipeline.study import Study

if TYPE_CHECKING:
    from pipeline.questionnaire.model import Questionnaire
    from pipeline.returns.receive import Receipt

CODES = {"WORK-001": "no such questionnaire", "WORK-002": "a file stands in the way"}

Progress = Callable[[str, int], AbstractContextManager[Callable[[], None]]]

_CODE = Path(__file__).parent
_GROUND = ("errors.py", "store.py", "study.py", "questionnaire", "expression")


def silent(_title: str, _total: int) -> AbstractContextManager[Callable[[], None]]:
    """Progress that nobody watches."""
    return nullcontext(lambda: None)


def form_names(study: Study, wanted: Iterable[str] = ()) -> tuple[str, ...]:
    """Names of the study's questionnaires, or those wanted of them.

    Raises:
        SurveyError: WORK-001, one that is wanted does not exist.
    """
    there = tuple(path.stem for path in study.questionnaire_files())
    chosen = tuple(wanted) or there
    if unknown := [name for name in chosen if name not in there]:
        raise SurveyError(
            Problem(
                "WORK-001",
                f"There is no questionnaire {name!r} in instruments/.",
                f"Choose one of: {', '.join(there) or '(none yet; see survey import-form)'}.",
                Place(file=f"instruments/{name}.yaml"),
            )
            for name in unknown
        )
    return chosen


def load_questionnaires(study: Study, wanted: Iterable[str] = ()) -> dict[str, "Questionnaire"]:
    """Load questionnaires by form_id; the problems of all of them are raised together."""
    from pipeline.questionnaire.load import load

    loaded, problems = {}, list[Problem]()
    for name in form_names(study, wanted):
        path = study.instruments / f"{name}.yaml"
        try:
            questionnaire = load(path, shown=study.shown(path))
            loaded[questionnaire.form_id] = questionnaire
        except SurveyError as error:
            problems.extend(error.problems)
    if problems:
        raise SurveyError(problems)
    return loaded


def check(study: Study) -> tuple[Problem, ...]:
    """Check study.yaml and every questionnaire; gives back the warnings.

    Raises:
        SurveyError: every problem of every file, when one is an error.
    """
    from pipeline.errors import raise_errors
    from pipeline.questionnaire.load import load_problems

    problems = list[Problem]()
    try:
        _ = study.settings
    except SurveyError as error:
        problems.extend(error.problems)
    for path in study.questionnaire_files():
        problems.extend(load_problems(path, shown=study.shown(path))[1])
    return raise_errors(problems)


def receive(study: Study, paths: Sequence[Path], form: str | None) -> tuple["Receipt", ...]:
    """Take returned files into raw/."""
    from pipeline.returns.receive import receive as work

    questionnaires = load_questionnaires(study)
    return work(study, paths, questionnaires, form=form, now=dt.datetime.now(dt.UTC))


def verify(study: Study) -> int:
    """Hold raw/ against its manifest; gives back the number of files.

    Raises:
        SurveyError: every file that is altered, missing or unlisted.
    """
    from pipeline.returns.manifest import read_manifest
    from pipeline.returns.manifest import verify as work

    if problems := work(study):
        raise SurveyError(problems)
    return len(read_manifest(study))
