"""Numbered copies of a form: issued, entered in the register, written out again when need be."""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Place, Problem, SurveyError
from pipeline.settings import Roles
from pipeline.study import Study
from pipeline.workflow.at_work import at_work
from pipeline.workflow.progress import Progress, silent
from pipeline.workflow.questionnaires import form_names, load_questionnaires

if TYPE_CHECKING:
    from pipeline.questionnaire.model import Questionnaire
    from pipeline.returns.register import Assignment

COPIES = "copies"


def issue_copies(
    study: Study,
    form: str,
    *,
    copies: int | None,
    assign: Path | None,
    language: str | None,
    progress: Progress = silent,
) -> tuple[Path, ...]:
    """Issue numbered copies of a form.

    Args:
        study: the study folder.
        form: its name.
        copies: how many; None: one for each row of the assignments.
        assign: a CSV that says who gets which; copies beyond its rows are for nobody yet.
        language: of the copies whose row names none; None: the form's default.
        progress: watches it.

    Returns:
        The copies, `outputs/forms/FORM/copies/SERIAL.xlsx`.

    Raises:
        SurveyError: WORK-001, REG-...; ISSUE-001, fewer copies than rows.
    """
    from pipeline.returns.register import Assignment, issue, read_assignments

    questionnaire = load_questionnaires(study, form_names(study, [form]))[form]
    spoken = _language(questionnaire, language)
    frame = _frame(study)
    counties = {key: row.get("county", "") for key, row in frame.items()}
    wanted = read_assignments(assign, questionnaire, counties, spoken) if assign else ()
    number = len(wanted) if copies is None else copies
    if number < len(wanted):
        raise SurveyError([_too_few(assign, len(wanted))])
    blank = Assignment("", questionnaire.form_id, questionnaire.version, spoken)
    with at_work(study, progress=progress) as memory:
        fresh = issue(
            study,
            questionnaire,
            (*wanted, *[blank] * (number - len(wanted))),
            dt.datetime.now(dt.UTC),
        )
        made = _write(study, questionnaire, fresh, frame, progress)
        memory.note(f"copies {form}", made, more=True)
    return made


def write_copies(study: Study, questionnaire: "Questionnaire") -> tuple[Path, ...]:
    """Write every issued copy of the form's present version again."""
    from pipeline.returns.register import read_register

    ours = [
        row
        for row in read_register(study)
        if (row.form_id, row.form_version) == (questionnaire.form_id, questionnaire.version)
    ]
    return _write(study, questionnaire, ours, _frame(study), silent)


def _write(
    study: Study,
    questionnaire: "Questionnaire",
    rows: "Iterable[Assignment]",
    frame: Mapping[str, Mapping[str, str]],
    progress: Progress,
) -> tuple[Path, ...]:
    from pipeline.forms.excel import write_excel_form

    made = []
    roles = study.settings.roles.get(questionnaire.form_id, Roles())
    rows = list(rows)
    with progress("copies", len(rows)) as advance:
        for row in rows:
            folder = study.outputs / "forms" / questionnaire.form_id / COPIES
            made.append(folder / f"{row.serial}.xlsx")
            answers = _prefilled(row, roles, frame)
            write_excel_form(
                questionnaire, row.language, made[-1], serial=row.serial, prefilled=answers
            )
            advance()
    return tuple(made)


def _prefilled(
    row: "Assignment", roles: Roles, frame: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """What a copy says from the start: who asks, whom, and where."""
    known = {
        roles.interviewer: row.interviewer,
        roles.place: row.county,
        roles.organisation: frame.get(row.frame_id, {}).get("name", ""),
        roles.serial: row.serial,
    }
    return {name: value for name, value in known.items() if name and value}


def _frame(study: Study) -> dict[str, dict[str, str]]:
    """The sampling frame: its id -> county and name; empty without one."""
    frame = study.settings.frame
    if frame is None:
        return {}
    path = study.instruments / frame.file
    parts = {"county": frame.county, "name": frame.name}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return {
                row[frame.id]: {part: row.get(column or "") or "" for part, column in parts.items()}
                for row in csv.DictReader(stream)
            }
    except (OSError, KeyError, UnicodeDecodeError) as error:
        message, repair = "The sampling frame cannot be read.", "See frame: in study.yaml."
        place = Place(file=study.shown(path))
        raise SurveyError([Problem("ISSUE-002", message, repair, place)]) from error


def _language(questionnaire: "Questionnaire", language: str | None) -> str:
    codes = questionnaire.language_codes
    spoken = language or questionnaire.default_language
    if spoken in codes or language is None:
        return spoken if spoken in codes else codes[0]
    message, repair = "The form has no such language.", f"Choose one of: {', '.join(codes)}."
    raise SurveyError([Problem("ISSUE-003", message, repair, Place(rule="--language"))])


def _too_few(assign: Path | None, rows: int) -> Problem:
    return Problem(
        "ISSUE-001",
        f"The assignments have {rows} rows, one a copy.",
        "Ask for as many copies or more, or leave --copies out.",
        Place(file=assign.name if assign else None, rule="--copies"),
    )
