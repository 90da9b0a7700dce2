"""What people decide about texts: workbooks out, decisions back, before and after the cleaning."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.store import write_through
from pipeline.study import Study

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.cleaning.process import Cleaned
    from pipeline.questionnaire.added import Added
    from pipeline.questionnaire.code_frame import CodeFrame
    from pipeline.questionnaire.model import Questionnaire
    from pipeline.recoding import Task


@dataclass(frozen=True, eq=False)
class Recoding:
    """What came back of the recoding workbooks of one form.

    Attributes:
        form: the questionnaire with what the decisions add.
        added: what they add.
        decisions: `recoding.DECISION_COLUMNS`.
        issues: rows of workbooks that cannot be read, `responses.ISSUE_COLUMNS`.
        frame: by which open answers are coded, if any are.
    """

    form: "Questionnaire"
    added: "Added"
    decisions: "pd.DataFrame"
    issues: "pd.DataFrame"
    frame: "CodeFrame | None" = None


def read_recoding(study: Study, questionnaire: "Questionnaire") -> Recoding:
    """Read every decision about one form."""
    from pipeline.cleaning.recoding import added_choices
    from pipeline.questionnaire.added import joined, with_added
    from pipeline.questionnaire.code_frame import added_codes
    from pipeline.returns.manifest import read_manifest
    from pipeline.returns.recoding import read_recoding as work

    caps = study.settings.caps
    decisions, issues = work(study, questionnaire, read_manifest(study), caps)
    frame = code_frame_of(study, questionnaire)
    added = joined(added_choices(questionnaire, decisions), added_codes(frame, questionnaire))
    return Recoding(with_added(questionnaire, added), added, decisions, issues, frame)


def code_frame_of(study: Study, questionnaire: "Questionnaire") -> "CodeFrame | None":
    """The code frame of a form, if it has one.

    Raises:
        SurveyError: FRAME-..., everything that is wrong in it.
    """
    from pipeline.questionnaire.code_frame import frame_path, read_code_frame

    path = frame_path(study.instruments, questionnaire.form_id)
    return read_code_frame(path, questionnaire, shown=study.shown(path))


def write_recoding(study: Study, cleaned: "Cleaned", recoding: Recoding) -> tuple[Path, ...]:
    """Write what is left to decide into outputs/recoding/, and what was added beside the answers.

    A workbook about which there is nothing left to say or to change is taken away.
    """
    from pipeline.cleaning.recoding_tasks import coding_table, tasks_of
    from pipeline.forms.recoding_workbook import write_recoding as write
    from pipeline.questionnaire.added import write_added

    form_id = recoding.form.form_id
    folder = study.outputs / "recoding"
    languages = study.settings.languages or recoding.form.language_codes
    made = []
    frame, decisions = recoding.frame, recoding.decisions
    for task in tasks_of(cleaned, recoding.form, decisions, languages, frame):
        made.append(folder / task.file_name)
        write(task, made[-1])
    names = folder / f"{form_id}.names.xlsx"
    for stale in sorted(set(folder.glob(f"{form_id}.*.xlsx")) - {*made, names}):
        stale.unlink()
    processed = study.processed / form_id
    if frame is not None:
        made.append(processed / "coding.parquet")
        table = coding_table(cleaned, recoding.form, decisions, frame)
        write_through(made[-1], partial(table.to_parquet, index=False), mode=0o600)
    return (*made, *write_added(recoding.added, processed))


def matched_names(
    study: Study, cleaned: "Cleaned", recoding: Recoding
) -> tuple[tuple[tuple[str, str], ...], int]:
    """Pairs of names that a person has matched, and how many names wait for that."""
    from pipeline.cleaning.names import same_names
    from pipeline.settings import Roles

    roles = study.settings.roles.get(recoding.form.form_id, Roles())
    tables = {"": cleaned.main, **cleaned.repeats}
    pairs = same_names(tables, recoding.form, roles, recoding.decisions)
    task = _names_task(study, cleaned, recoding)
    return pairs, 0 if task is None else int(task.rows["decision"].isna().sum())


def write_names_to_match(study: Study, cleaned: "Cleaned", recoding: Recoding) -> Path | None:
    """Write outputs/recoding/FORM.names.xlsx; None where the form has no names to match."""
    from pipeline.forms.recoding_workbook import write_recoding as write

    task = _names_task(study, cleaned, recoding)
    if task is None:
        return None
    path = study.outputs / "recoding" / task.file_name
    write(task, path)
    return path


def _names_task(study: Study, cleaned: "Cleaned", recoding: Recoding) -> "Task | None":
    from pipeline.cleaning.recoding_tasks import names_to_match
    from pipeline.settings import Roles

    roles = study.settings.roles.get(recoding.form.form_id, Roles())
    languages = study.settings.languages or recoding.form.language_codes
    return names_to_match(cleaned, recoding.form, roles, recoding.decisions, languages)
