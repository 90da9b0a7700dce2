"""Questionnaires by their names: find, load, check, try, compare, bring in."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Place, Problem, Severity, SurveyError
from pipeline.study import Study

if TYPE_CHECKING:
    from pipeline.questionnaire.model import Questionnaire
    from pipeline.settings import Caps


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
            problems.extend(_misnamed(path, questionnaire, study.shown(path)))
            loaded[name] = questionnaire
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
    from pipeline.workflow.recoded import code_frame_of

    problems = list[Problem]()
    try:
        _ = study.settings
    except SurveyError as error:
        problems.extend(error.problems)
    for path in study.questionnaire_files():
        questionnaire, found = load_problems(path, shown=study.shown(path))
        problems.extend(found)
        if questionnaire is not None:
            problems.extend(_misnamed(path, questionnaire, study.shown(path)))
        try:
            if questionnaire is not None:
                code_frame_of(study, questionnaire)
        except SurveyError as error:
            problems.extend(error.problems)
        if questionnaire and not any(one.severity is Severity.ERROR for one in found):
            problems.extend(_refused(questionnaire, study.shown(path)))
    return raise_errors(problems)


def _misnamed(path: Path, questionnaire: "Questionnaire", shown: str) -> list[Problem]:
    """A questionnaire is known by its file's name, and what came back by its form_id: one word."""
    if path.stem == questionnaire.form_id:
        return []
    message = "The file is not named after its form_id, as of a questionnaire that was copied."
    repair = f"Write form_id: {path.stem}, or name the file after the form."
    return [Problem("WORK-015", message, repair, Place(file=shown, rule="form_id"))]


def _refused(questionnaire: "Questionnaire", shown: str) -> list[Problem]:
    """What pyxform alone finds; a form that was imported may be in the field as it is."""
    from pipeline.forms.xform import xform_text

    try:
        xform_text(questionnaire)
    except SurveyError as error:
        severity = Severity.WARNING if questionnaire.imported_from else Severity.ERROR
        return [
            replace(one, place=replace(one.place, file=shown), severity=severity)
            for one in error.problems
        ]
    return []


def any_form(folder: Path, form: str) -> "Questionnaire":
    """A questionnaire by its name in the study, or by the path of a YAML or an XLSForm.

    Raises:
        SurveyError: everything that keeps it from being read; WORK-001, there is none.
    """
    from pipeline.errors import raise_errors
    from pipeline.questionnaire.from_xlsform import read_xlsform
    from pipeline.questionnaire.load import load
    from pipeline.returns.guard import guard_form
    from pipeline.study import open_study

    path = Path(form)
    if path.suffix.lower() in {".yaml", ".yml"}:
        return load(path)
    if path.suffix:
        guard_form(path)
        questionnaire, problems = read_xlsform(path)
        raise_errors(problems)
        return questionnaire
    study = open_study(folder)
    return next(iter(load_questionnaires(study, [form]).values()))


def try_form(folder: Path, form: str, answers: Path, *, engine: str, language: str | None) -> str:
    """Try a questionnaire on the answers of a JSON file; gives back JSON.

    Raises:
        SurveyError: the form or the answers cannot be read; WORK-004; TRY-..., EXPR-....
    """
    import json

    from pipeline.questionnaire.try_answers import ENGINES, read_json, try_answers

    if engine not in ENGINES:
        place = Place(rule="--engine")
        message, repair = "There is no such engine.", f"Choose one of: {', '.join(ENGINES)}."
        raise SurveyError([Problem("WORK-004", message, repair, place)])
    now = dt.datetime.now().replace(microsecond=0)  # noqa: DTZ005 - the wall clock, as a tablet's
    tried = try_answers(
        any_form(folder, form),
        read_json(answers),
        today=now.date(),
        now=now,
        language=language,
        engine=ENGINES[engine],
    )
    return json.dumps(tried.as_json(), ensure_ascii=False, indent=2)


def diff_forms(folder: Path, before: str, after: str) -> tuple[str, ...]:
    """What changed between two versions of a questionnaire, a line each."""
    from pipeline.questionnaire.versions import diff

    found = diff(any_form(folder, before), any_form(folder, after))
    return tuple(map(str, found)) or ("nothing has changed",)


def import_form(study: Study, file: Path, name: str | None) -> tuple[Path, tuple[Problem, ...]]:
    """Bring an XLSForm into instruments/; gives back the YAML and what could not be carried.

    Raises:
        SurveyError: the file is no XLSForm; LOAD-013, its form_id is no file's name; WORK-002, a
            questionnaire of that name is there already.
    """
    from pipeline.errors import raise_errors
    from pipeline.questionnaire.check_names import check_form_id
    from pipeline.questionnaire.to_yaml import to_yaml
    from pipeline.store import write_text

    questionnaire, problems = _read_apart(file, name, study.settings.caps)
    warnings = raise_errors(problems)
    if any(check_form_id(questionnaire)):
        raise SurveyError([_no_file_name(file, is_named=name is not None)])
    target = study.instruments / f"{questionnaire.form_id}.yaml"
    if target.exists():
        raise SurveyError(
            [
                Problem(
                    "WORK-002",
                    "A questionnaire of this name is there already.",
                    "Remove it first, or give the new one another name with --as NAME.",
                    Place(file=study.shown(target)),
                )
            ]
        )
    write_text(target, to_yaml(questionnaire))
    return target, warnings


def _no_file_name(file: Path, *, is_named: bool) -> Problem:
    return Problem(
        "LOAD-013",
        "A file cannot bear this form_id.",
        "Give it one of letters, digits, '_' and '-': --as NAME.",
        Place(file=file.as_posix(), rule="--as" if is_named else "form_id"),
    )


def _read_apart(
    file: Path, name: str | None, caps: "Caps"
) -> "tuple[Questionnaire, list[Problem]]":
    """Read an XLSForm in the process in which returned files are parsed, with its limits."""
    from pipeline.returns.child import ChildError, in_child
    from pipeline.returns.guard import guard_form

    guard_form(file, caps)
    try:
        questionnaire, problems = in_child(_read_here, file, name, caps=caps)
    except ChildError as error:
        raise SurveyError(error.problems) from None
    return questionnaire, problems


def _read_here(file: Path, name: str | None) -> "tuple[Questionnaire, list[Problem]]":
    from pipeline.questionnaire.from_xlsform import read_xlsform
    from pipeline.returns.child_side import begin

    begin(file.name)
    return read_xlsform(file, form_id=name)
