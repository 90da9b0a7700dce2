"""Everything about one form that a person has to decide."""

import pandas as pd

from pipeline.cleaning.batch import MAIN
from pipeline.cleaning.coding import coded_units, coding_of, coding_tasks
from pipeline.cleaning.decisions import of_form, settle
from pipeline.cleaning.names import names_task
from pipeline.cleaning.other_texts import other_task
from pipeline.cleaning.process import Cleaned
from pipeline.questionnaire.code_frame import CodeFrame
from pipeline.questionnaire.model import Questionnaire
from pipeline.recoding import Task, Work
from pipeline.settings import Roles


def tasks_of(
    cleaned: Cleaned,
    form: Questionnaire,
    decisions: pd.DataFrame,
    languages: tuple[str, ...],
    frame: CodeFrame | None = None,
) -> tuple[Task, ...]:
    """The workbooks to be written.

    Args:
        cleaned: answers after the last stage, names still in them.
        form: the questionnaire with what recoding has added.
        decisions: `recoding.DECISION_COLUMNS`.
        languages: of the workbooks.
        frame: by which open answers are coded.
    """
    tables = {MAIN: cleaned.main, **cleaned.repeats}
    known = of_form(decisions, form.form_id)
    other = other_task(
        tables, form, settle(known, Work.OTHER, form.form_id), languages, cleaned.raw_text
    )
    found = () if other is None else (other,)
    if frame is None:
        return found
    coded = coding_of(frame, decisions, form.form_id)
    return (*found, *coding_tasks(tables, form, coded, languages))


def coding_table(
    cleaned: Cleaned, form: Questionnaire, decisions: pd.DataFrame, frame: CodeFrame
) -> pd.DataFrame:
    """Every coded answer with what each coder said, `coding.CODING_COLUMNS`."""
    tables = {MAIN: cleaned.main, **cleaned.repeats}
    return coded_units(tables, form, coding_of(frame, decisions, form.form_id))


def names_to_match(
    cleaned: Cleaned,
    form: Questionnaire,
    roles: Roles,
    decisions: pd.DataFrame,
    languages: tuple[str, ...],
) -> Task | None:
    """The workbook of organisations' names, which is written only when it is asked for."""
    tables = {MAIN: cleaned.main, **cleaned.repeats}
    known = settle(of_form(decisions, form.form_id), Work.NAMES, form.form_id)
    return names_task(tables, form, roles, known, languages)
