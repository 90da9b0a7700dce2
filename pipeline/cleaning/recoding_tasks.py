"""Everything about one form that a person has to decide."""

import pandas as pd

from pipeline.cleaning.batch import MAIN
from pipeline.cleaning.decisions import of_form, settle
from pipeline.cleaning.names import names_task
from pipeline.cleaning.other_texts import other_task
from pipeline.cleaning.process import Cleaned
from pipeline.questionnaire.model import Questionnaire
from pipeline.recoding import Task, Work
from pipeline.study import Roles


def tasks_of(
    cleaned: Cleaned, form: Questionnaire, decisions: pd.DataFrame, languages: tuple[str, ...]
) -> tuple[Task, ...]:
    """The workbooks to be written.

    Args:
        cleaned: answers after the last stage, names still in them.
        form: the questionnaire with what recoding has added.
        decisions: `recoding.DECISION_COLUMNS`.
        languages: of the workbooks.
    """
    tables = {MAIN: cleaned.main, **cleaned.repeats}
    known = of_form(decisions, form.form_id)
    found = (other_task(tables, form, settle(known, Work.OTHER, form.form_id), languages),)
    return tuple(task for task in found if task is not None)


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
