"""Tables of questions: what was answered, by whom, with what is missing beneath.

Every function gives a `Table` whose small counts are taken out already by the study's public
threshold; figures and files are made from it as it is.
"""

from pipeline.analysis.choice_tables import choice_table, choice_table_by
from pipeline.analysis.data import Dataset
from pipeline.analysis.number_tables import answered_table, date_table, number_table
from pipeline.analysis.rating_tables import likert_table
from pipeline.analysis.table import Column, Kind, Mark, Table
from pipeline.estimation.design import Design
from pipeline.estimation.design import Kind as DesignKind
from pipeline.questionnaire.types import Storage

__all__ = [
    "PURPOSIVE",
    "Column",
    "Kind",
    "Mark",
    "Table",
    "cross_table",
    "likert_table",
    "question_table",
]

PURPOSIVE = Design(DesignKind.PURPOSIVE)
"""Respondents were chosen on purpose: tables say so, and state no sampling error."""

_CHOICES = {Storage.SELECT_ONE, Storage.SELECT_MULTIPLE}
_NUMBERS = {Storage.INTEGER, Storage.DECIMAL}
_DAYS = {Storage.DATE, Storage.DATETIME}


def question_table(
    dataset: Dataset,
    question: str,
    *,
    by: str | None = None,
    design: Design | None = None,
    name: str | None = None,
    title: str | None = None,
) -> Table:
    """The answers to one question, whatever its type.

    Args:
        dataset: of the form.
        question: its name.
        by: a select_one of the same repeat, or of the main table, whose choices become groups;
            dates and open answers are not grouped.
        design: how the respondents were sampled; None states nothing about it.
        name: of the table; by default form and question.
        title: by default the question's wording.

    Returns:
        select_one: a row a choice; count and share. select_multiple: the same, several answers
        possible. Numbers: a row a group; count, mean, quartiles. Dates: a row a month. Everything
        else: how many answered.

    Raises:
        KeyError: there is no such question.
        SurveyError: the design does not fit the data.
    """
    storage = dataset.item(question).question.storage
    if storage in _CHOICES and by is not None:
        return choice_table_by(dataset, question, by, design=design, name=name, title=title)
    if storage in _CHOICES:
        return choice_table(dataset, question, design=design, name=name, title=title)
    if storage in _NUMBERS:
        return number_table(dataset, question, by=by, design=design, name=name, title=title)
    make = date_table if storage in _DAYS else answered_table
    return make(dataset, question, name=name, title=title)


def cross_table(
    dataset: Dataset,
    rows: str,
    columns: str,
    title: str | None = None,
    *,
    design: Design | None = None,
    name: str | None = None,
) -> Table:
    """How many chose each pair of choices of two questions, and shares within each column.

    Args:
        dataset: of the form.
        rows: the question whose choices are the rows.
        columns: a select_one whose choices are the columns.
        title: by default the wording of the first.
        design: as in `question_table`.
        name: of the table.
    """
    return choice_table_by(dataset, rows, columns, design=design, name=name, title=title)
