"""What a table asks of each row: the quantities of its variables, alike in every part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.estimation.batteries import ticked
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import blank
from pipeline.estimation.estimates import (
    category_labels,
    category_quantity,
    ratio_quantity,
    total_quantity,
)
from pipeline.estimation.parted.sample import Answers
from pipeline.estimation.quantity import Quantity
from pipeline.estimation.tabulate import Statistic


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A quantity with its labels.

    Attributes:
        variable: its name.
        category: (k,) categories; empty for none.
        domain: (k,) domains.
        quantity: of n rows, in k columns.
        of_answered: counts who answered a select_multiple, and is no estimate.
    """

    variable: str
    category: Sequence[str]
    domain: Sequence[str]
    quantity: Quantity
    of_answered: bool = False


def quantities(answers: Answers) -> Iterator[Named]:
    """The quantities of the table, in the order of its rows.

    Raises:
        SurveyError: EST-020, a choice's column holds something else than 1 and 0.
    """
    ask, groups = answers.parted.ask, answers.domain
    none = [""] * len(groups.labels)
    for name in ask.rows:
        if name in ask.choices:
            yield from _chosen(answers, name)
        elif ask.statistic is Statistic.SHARE or name in ask.counted:
            column = answers.categories(name)
            is_share = ask.statistic is Statistic.SHARE
            found = category_quantity(column, groups, as_shares=is_share)
            yield Named(name, *category_labels(column, groups), found)
        elif ask.statistic is Statistic.TOTAL:
            yield Named(name, none, groups.labels, total_quantity(answers.numbers(name), groups))
        elif ask.denominator is not None:
            both = answers.numbers(name), answers.numbers(ask.denominator)
            pair = f"{name}/{ask.denominator}"
            yield Named(pair, none, groups.labels, ratio_quantity(both, groups))
        else:
            values = (answers.numbers(name),)
            yield Named(name, none, groups.labels, ratio_quantity(values, groups))


def _chosen(answers: Answers, question: str) -> Iterator[Named]:
    ask, groups = answers.parted.ask, answers.domain
    width = len(groups.labels)
    if question in ask.with_column:
        codes = np.where(blank(answers.frame, question), -1, groups.codes)
        cells = Cells(codes, width)
        answered = Quantity(cells, None, cells, np.arange(width))
        yield Named(question, [""] * width, groups.labels, answered, of_answered=True)
    for choice, column in ask.choices[question].items():
        found = ratio_quantity((ticked(answers.frame, column),), groups)
        yield Named(question, [choice] * width, groups.labels, found)
