"""Tables of questions: what was answered, by whom, with what is missing beneath.

Every function gives a `Table` whose small counts are taken out already by the study's public
threshold; figures and files are made from it as it is.
"""

from collections.abc import Sequence

from pipeline.analysis.data import Dataset
from pipeline.analysis.table import Column, Kind, Mark, Table
from pipeline.estimation.design import Design

__all__ = ["Column", "Kind", "Mark", "Table", "cross_table", "likert_table", "question_table"]


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
        by: a select_one in the same table of answers, whose choices become groups.
        design: how the respondents were sampled; None says that they were chosen on purpose.
        name: of the table; by default form and question.
        title: by default the question's wording.

    Returns:
        select_one: a row a choice; count and share. select_multiple: the same, several answers
        possible. Numbers: a row a group; count, mean, quartiles. Dates: a row a month. Everything
        else: how many answered.
    """
    raise NotImplementedError


def likert_table(
    dataset: Dataset, questions: Sequence[str], title: str, *, name: str, by: str | None = None
) -> Table:
    """Questions on one rating scale, one a row: shares of its points, base and mean.

    Args:
        dataset: of the form.
        questions: select_one questions that share a choice list; its choices, but those that stand
            for missing kinds, are the points, low first.
        title: in the dataset's language.
        name: of the table.
        by: a select_one; then there is a row for each question and group.
    """
    raise NotImplementedError


def cross_table(
    dataset: Dataset, rows: str, columns: str, title: str, *, name: str | None = None
) -> Table:
    """How many chose each pair of choices of two questions, and shares of each column."""
    raise NotImplementedError
