"""Whom the cells of a table count, and how these add up beyond what the table itself shows.

Tables are protected together because a cell is named for whom it counts: those who chose `b` are
the same cell in every table. Bases are known by the very rows that they count, so that two
questions put to the same respondents share a base whatever their filters are called.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.analysis.answers import MULTIPLE, Mask
from pipeline.analysis.data import Dataset
from pipeline.errors import SurveyError
from pipeline.expression.parse import parse, references
from pipeline.privacy.count_table import Cell, Relation, cell
from pipeline.questionnaire.model import MissingKind
from pipeline.questionnaire.types import Storage

ANSWERED = "(answered)"
NOT_ASKED = "(not asked)"
NO_GROUP = "(no group)"


@dataclass(frozen=True)
class Counted:
    """What is known of the cells of a table beyond the table.

    Attributes:
        everybody: the population; its number is no secret.
        counts: of all cells.
        relations: how they add up.
        implied: points of a scale of which a mean is made.
        figures: cells that the threshold does not apply to: sums behind means, missing answers.
        rows: cell -> hash over the rows that it counts, of cells that may be the same as another's.
    """

    everybody: Cell
    counts: Mapping[Cell, int]
    relations: tuple[Relation, ...] = ()
    implied: frozenset[Cell] = frozenset()
    figures: frozenset[Cell] = frozenset()
    rows: Mapping[Cell, str] = field(default_factory=dict)


class Counting:
    """Collects whom a table counts while it is made.

    Args:
        dataset: of the form.
        question: any of those that the table counts answers to; says which rows there are.
    """

    def __init__(self, dataset: Dataset, question: str) -> None:
        repeat = dataset.item(question).repeat
        self._dataset = dataset
        self.size = len(dataset.frame_of(question))
        form = dataset.form_id if repeat is None else f"{dataset.form_id}/{repeat}"
        # With its size, so that a part of a dataset is another population than the whole.
        self._place = f"{form}[{self.size}]"
        self._counts: dict[Cell, int] = {}
        self._relations: list[Relation] = []
        self._implied: set[Cell] = set()
        self._figures: set[Cell] = set()
        self._rows: dict[Cell, str] = {}
        self.everybody = self.base(np.ones(self.size, dtype=bool))

    def add(self, rows: Mask, *pairs: tuple[str, str]) -> Cell:
        """A cell that counts these rows, for which all these pairs of question and answer hold."""
        one = cell(("", self._place), *pairs)
        self._counts[one] = int(rows.sum())
        return one

    def base(self, rows: Mask, *pairs: tuple[str, str]) -> Cell:
        """The same for a base, which may be the base of other tables too."""
        one = self.add(rows, *pairs)
        if rows.any():
            digest = hashlib.blake2b(np.packbits(rows).tobytes(), digest_size=16).hexdigest()
            self._rows[one] = f"{self._place} {digest}"
        return one

    def adds(
        self, total: Cell, parts: Iterable[Cell], weights: Sequence[int] | None = None
    ) -> None:
        """The parts add up to the total."""
        self._relations.append(
            Relation(total, tuple(parts), None if weights is None else tuple(weights))
        )

    def choices(
        self, question: str, chosen: Mapping[str, Mask], *pairs: tuple[str, str]
    ) -> list[Cell]:
        """A cell a choice; where several answers are possible each choice is its own question."""
        multiple = self._dataset.item(question).question.type_name in MULTIPLE
        return [
            self.add(rows, (f"{question}/{name}", "1") if multiple else (question, name), *pairs)
            for name, rows in chosen.items()
        ]

    def mean(
        self,
        base: Cell,
        points: Mapping[int, Mask],
        variable: str,
        *pairs: tuple[str, str],
        names: Mapping[int, Cell] | None = None,
    ) -> Cell:
        """The sum behind a mean of whole points.

        Args:
            base: those whose points are averaged.
            points: point -> who gave it; every point that could have been given.
            variable: name of what is rated.
            pairs: further answers that hold for all of them.
            names: the points' cells, where they have been added already.
        """
        parts = [
            names[point] if names else self.add(rows, (variable, str(point)), *pairs)
            for point, rows in points.items()
        ]
        total = cell(("", self._place), (variable, "(sum)"), *pairs)
        self._counts[total] = sum(
            n * self._counts[one] for n, one in zip(points, parts, strict=True)
        )
        self._implied.update(parts)
        self._figures.add(total)
        self.adds(base, parts)
        self.adds(total, parts, list(points))
        return total

    def missing(self, question: str, base: Cell, total: Cell, rows: Mask) -> tuple[Cell, Cell]:
        """Those who were not asked and those missing otherwise, and how they add up with the base.

        Args:
            question: whose answers are missing.
            base: those of `rows` who answered.
            total: all of `rows`.
            rows: who is counted at all.
        """
        kinds = self._dataset.missing_kinds(question)
        none = rows & kinds.eq(MissingKind.NOT_ASKED.value).fillna(value=False).to_numpy(bool)
        among = tuple(pair for pair in total if pair[0])
        not_asked = self.base(none, (question, NOT_ASKED), *among)
        other = cell(("", self._place), (question, "(missing)"), *among)
        self._counts[other] = self._counts[total] - self._counts[base] - self._counts[not_asked]
        self._figures.add(other)
        self.adds(total, (base, not_asked, other))
        if not among:
            self._filters(question, not_asked, none)
        return not_asked, other

    def _filters(self, question: str, not_asked: Cell, none: Mask) -> None:
        """Those not asked are those who gave certain answers to the questions of its filter."""
        item = self._dataset.item(question)
        for name in sorted(_names_in(item.relevants)):
            other = self._dataset.questionnaire.by_name.get(name)
            if other is None or other.repeat != item.repeat or other.name == item.name:
                continue
            if other.question.storage is not Storage.SELECT_ONE:
                continue
            answers, parts, rest = self._dataset.answers(name), list[Cell](), none.copy()
            for choice in self._dataset.choice_labels(name):
                rows = answers.eq(choice).fillna(value=False).to_numpy(bool)
                if rows.any() and (none | ~rows).all():
                    parts.append(self.add(rows, (name, choice)))
                    rest &= ~rows
            if parts:
                left = self.base(rest, (question, NOT_ASKED), (name, "(otherwise)"))
                self.adds(not_asked, (*parts, left))

    def counted(self) -> Counted:
        """Everything collected."""
        return Counted(
            self.everybody,
            dict(self._counts),
            tuple(self._relations),
            frozenset(self._implied),
            frozenset(self._figures),
            dict(self._rows),
        )


def _names_in(relevants: Iterable[str]) -> set[str]:
    found = set[str]()
    for text in relevants:
        try:
            found |= references(parse(text))
        except SurveyError:
            continue
    return found
