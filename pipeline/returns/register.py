"""The register of issued copies: who has which form, for whom, and until when; only added to."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from pipeline.errors import Place, Problem, SurveyError
from pipeline.questionnaire.model import Questionnaire
from pipeline.returns.manifest import REGISTER, locked
from pipeline.returns.sheets import read_csv
from pipeline.serials import prefix_of, serial_of
from pipeline.store import write_text
from pipeline.study import Study

FILE = "assignments.csv"
_NUMBER = re.compile(r"[A-Z]+-(\d+)-.")
_PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class Assignment:
    """One issued copy of a form.

    Attributes:
        frame_id: the organisation in the sampling frame; empty for a copy for nobody in particular.
        county: choice name, as in the sampling frame.
        interviewer: code of the person who has it.
        due: ISO date by which it is to be back; empty where none was set.
        issued_at: UTC, `2011-08-01T08:15:00Z`.
    """

    serial: str
    form_id: str
    form_version: str
    language: str
    frame_id: str = ""
    county: str = ""
    interviewer: str = ""
    due: str = ""
    issued_at: str = ""


COLUMNS = tuple(field.name for field in fields(Assignment))
_WANTED = ("frame_id", "county", "interviewer", "due", "language")


def read_register(study: Study) -> tuple[Assignment, ...]:
    """Every copy that was issued, in order; empty before the first.

    Raises:
        SurveyError: REG-001, with the line.
    """
    path = study.raw / REGISTER / FILE
    if not path.exists():
        return ()
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    wrong = [at for at, row in enumerate(rows, start=1) if len(row) != len(COLUMNS)]
    if not rows or tuple(rows[0]) != COLUMNS or wrong:
        raise SurveyError(_damaged(study.shown(path), at) for at in wrong or [1])
    return tuple(Assignment(*row) for row in rows[1:])


def issue(
    study: Study, questionnaire: Questionnaire, wanted: Sequence[Assignment], now: dt.datetime
) -> tuple[Assignment, ...]:
    """Number copies and add them to the register.

    Args:
        study: the study folder.
        questionnaire: the form.
        wanted: one a copy, not yet numbered.
        now: the moment, with its time zone.

    Returns:
        The copies with their serials, which no other copy of the study has.

    Raises:
        SurveyError: REG-001 the register is damaged, RAW-005 it cannot be written.
    """
    moment = now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with locked(study):
        before = read_register(study)
        numbers = [int(m[1]) for row in before if (m := _NUMBER.fullmatch(row.serial))]
        first = max(numbers, default=0) + 1
        prefix = prefix_of(questionnaire.form_id)
        fresh = tuple(
            Assignment(
                serial_of(prefix, number),
                questionnaire.form_id,
                questionnaire.version,
                one.language,
                one.frame_id,
                one.county,
                one.interviewer,
                one.due,
                moment,
            )
            for number, one in enumerate(wanted, start=first)
        )
        _write(study.raw / REGISTER / FILE, (*before, *fresh))
    return fresh


def read_assignments(
    path: Path, questionnaire: Questionnaire, counties: Mapping[str, str], language: str
) -> tuple[Assignment, ...]:
    """What is to be issued, a row a copy, not yet numbered.

    Args:
        path: a CSV with any of the columns frame_id, county, interviewer, due, language.
        questionnaire: the form.
        counties: frame_id -> county, of the sampling frame.
        language: of the copies whose row names none.

    Raises:
        SurveyError: TABLE-00x no CSV; REG-002 a column that means nothing; REG-003 not in the
            sampling frame; REG-004 no date; REG-005 no language of the form. All of them at once.
    """
    shown = path.name
    sheet = read_csv(_content(path), shown=shown)
    problems = [_column(shown, name) for name in sheet.headings if name not in _WANTED]
    cells = sheet.cells.astype("object").where(sheet.cells.notna(), "")
    found = []
    for at, values in zip(sheet.rows, cells.itertuples(index=False, name=None), strict=True):
        row = {n: str(v).strip() for n, v in zip(sheet.headings, values, strict=True)}
        row = {name: row.get(name, "") for name in _WANTED}
        row["language"] = row["language"] or language
        row["county"] = row["county"] or counties.get(row["frame_id"], "")
        problems += _problems(row, counties, questionnaire, Place(file=shown, line=int(at)))
        found.append(Assignment("", questionnaire.form_id, questionnaire.version, **row))
    if problems:
        raise SurveyError(problems)
    return tuple(found)


def _problems(
    row: Mapping[str, str], counties: Mapping[str, str], form: Questionnaire, place: Place
) -> Iterable[Problem]:
    if row["frame_id"] and row["frame_id"] not in counties:
        yield Problem(
            "REG-003",
            "This frame_id is not in the sampling frame.",
            "Correct it, or add the organisation to the sampling frame.",
            place,
        )
    if row["due"] and not _is_day(row["due"]):
        message, repair = "This due date is no date.", "Write it as 2011-09-30."
        yield Problem("REG-004", message, repair, place)
    if row["language"] not in form.language_codes:
        known = ", ".join(form.language_codes)
        message, repair = "The form has no such language.", f"Choose one of: {known}."
        yield Problem("REG-005", message, repair, place)


def _is_day(text: str) -> bool:
    try:
        return bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message, repair = "The file cannot be read.", "Name a CSV in UTF-8."
        raise SurveyError([Problem("REG-006", message, repair, Place(file=path.name))]) from error


def _column(shown: str, name: str) -> Problem:
    return Problem(
        "REG-002",
        f"The column {name!r} means nothing here.",
        f"Use these columns: {', '.join(_WANTED)}.",
        Place(file=shown, line=1),
    )


def _damaged(shown: str, line: int) -> Problem:
    return Problem(
        "REG-001",
        "This is not a line of the register as it was written.",
        "Bring the file back from a backup; nobody but `survey export --copies` writes it.",
        Place(file=shown, line=line),
    )


def _write(path: Path, rows: Iterable[Assignment]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(row) for row in rows)
    write_text(path, text.getvalue(), mode=_PRIVATE)
