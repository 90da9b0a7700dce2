"""A table and a figure for each question of a form, in order, whatever the form asks."""

from matplotlib.figure import Figure

from pipeline.analysis.data import Dataset
from pipeline.analysis.drawing import drawn_rows
from pipeline.analysis.figures import bar, has_values, spread
from pipeline.analysis.page import Page
from pipeline.analysis.table import Table
from pipeline.analysis.tables import question_table
from pipeline.estimation.design import Design
from pipeline.questionnaire.model import (
    Group,
    Item,
    Node,
    Question,
    Repeat,
    Sensitivity,
    words,
)
from pipeline.questionnaire.types import Filled, Storage

_DRAWN_AS_BARS = {Storage.SELECT_ONE, Storage.SELECT_MULTIPLE, Storage.DATE, Storage.DATETIME}
_DRAWN_AS_SPREAD = {Storage.INTEGER, Storage.DECIMAL}


def show_form(page: Page, form_id: str, *, design: Design | None = None) -> None:
    """Show every question of a form that a person answered, under the headings of the form.

    Args:
        page: on which they stand.
        form_id: the questionnaire's name.
        design: how the respondents were sampled; None states nothing about it.
    """
    dataset = page.dataset(form_id).participants()
    page.heading(dataset.title)
    if dataset.main.empty:
        page.text(dataset.say("no_returns"))
        return
    items = reported(dataset)
    parted = any(item.path for item in items)
    path: tuple[str, ...] | None = None
    for item in items:
        if parted and item.path != path:
            path = item.path
            opening = "opening_questions" if item is items[0] else "further_questions"
            heading = heading_of(dataset, path) if path else page.say(opening)
            page.heading(heading, level=3, folds=True)
        show_question(page, dataset, item.name, design=design)
    if any(
        item.question.sensitivity is Sensitivity.IDENTIFIER for item in dataset.questionnaire.items
    ):
        page.text(dataset.say("identifiers_note"))


def show_question(
    page: Page, dataset: Dataset, question: str, *, design: Design | None = None
) -> None:
    """Show one question's table and, where there is something to draw, its figure."""
    table = question_table(dataset, question, design=design)
    page.table(table)
    if (figure := figure_of(dataset, question, table)) is not None:
        page.figure(figure, table.name, table.title)


def figure_of(dataset: Dataset, question: str, table: Table) -> Figure | None:
    """The figure of a question's table; None where no number is shown, or a single bar."""
    storage = dataset.item(question).question.storage
    if storage in _DRAWN_AS_BARS and len(drawn_rows(table)) > 1 and has_values(table, "share"):
        return bar(table, dataset.language)
    if storage in _DRAWN_AS_SPREAD and has_values(table, "median"):
        return spread(table, dataset.language)
    return None


def reported(dataset: Dataset) -> tuple[Item, ...]:
    """The questions that are reported, in order: all that a person answered, and dates.

    Identifiers never are; what a device says of itself is of no interest to a reader.
    """
    return tuple(item for item in dataset.questionnaire.items if _is_reported(item.question))


def _is_reported(question: Question) -> bool:
    if not question.has_answer or question.sensitivity is Sensitivity.IDENTIFIER:
        return False
    is_day = question.storage in {Storage.DATE, Storage.DATETIME}
    return question.row.filled is not Filled.DEVICE or is_day


def heading_of(dataset: Dataset, path: tuple[str, ...]) -> str:
    """The labels of the groups and repeats around a question, outermost first.

    Where none of them has a label, their names.
    """
    nodes: tuple[Node, ...] = dataset.questionnaire.survey
    labels = []
    for name in path:
        node = next(one for one in nodes if _name_of(one) == name)
        assert isinstance(node, Group | Repeat)  # noqa: S101 - a path names groups and repeats
        labels.append(words(node.label, dataset.language))
        nodes = node.questions
    return " / ".join(filter(None, labels) if any(labels) else path)


def _name_of(node: Node) -> str:
    if isinstance(node, Question):
        return ""
    return node.group if isinstance(node, Group) else node.repeat
