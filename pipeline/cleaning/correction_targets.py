"""Which answer a row of a correction log means: its response, question, choice and row."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipeline.cleaning.batch import MAIN, Batch, Ints
from pipeline.questionnaire.model import Item
from pipeline.questionnaire.types import Storage

_WHOLE = "remove_survey"
ID_MARK = "uuid:"


@dataclass(frozen=True, slots=True)
class Target:
    """An answer, or with no item a whole response.

    Attributes:
        row: row of its table.
        choice: a choice of a select_multiple, None for the whole answer.
    """

    table: str
    row: int
    item: Item | None = None
    choice: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a row of the log means nothing that is here."""

    code: str


class Targets:
    """Finds what rows of a log mean in a batch."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        rows = np.flatnonzero(batch.standing(MAIN))
        ids = batch.main["response_id"].to_numpy()[rows]
        self.rows = dict(zip(ids.tolist(), rows.tolist(), strict=True))

    def find(
        self, response_id: str, question: str, position: int | None, change_type: str
    ) -> Target | Refused:
        """The answer meant, or why there is none."""
        row = self.rows.get(response_id, self.rows.get(response_id.removeprefix(ID_MARK)))
        if row is None:
            return Refused("correction_unmatched")
        if change_type == _WHOLE:
            return Target(MAIN, row)
        found = self.question(question)
        if found is None:
            return Refused("correction_unknown_question")
        item, choice = found
        if item.repeat is None:
            return Target(MAIN, row, item, choice)
        inside = self._inside(item.repeat, row, position)
        if len(inside) != 1:
            return Refused("correction_unmatched")
        return Target(item.repeat, int(inside[0]), item, choice)

    def question(self, name: str) -> tuple[Item, str | None] | None:
        """The question meant by a name, a path, `question/choice` or `question.choice`."""
        if item := self._item(name):
            return item, None
        for mark in ("/", "."):
            head, found, choice = name.rpartition(mark)
            item = self._item(head) if found else None
            if item is not None and item.question.storage is Storage.SELECT_MULTIPLE:
                if f"{item.name}/{choice}" in self._columns:
                    return item, choice
                return None
        return None

    def _item(self, name: str) -> Item | None:
        item = self.batch.questionnaire.by_name.get(name)
        if item is None and "/" in name:
            item = self.batch.questionnaire.by_name.get(name.rsplit("/", 1)[1])
            if item is not None and not "/".join((*item.path, item.name)).endswith(name):
                return None
        return item if item is not None and item.question.has_answer else None

    @cached_property
    def _columns(self) -> frozenset[str]:
        frames = self.batch.frames.values()
        return frozenset(str(name) for frame in frames for name in frame.columns)

    def _inside(self, repeat: str, row: int, position: int | None) -> Ints:
        """Rows of a repeat that belong to a response, and have the position where one is given."""
        rows = np.flatnonzero(self.batch.owner[repeat] == row)
        if position is None:
            return rows
        positions = self.batch.frames[repeat]["position"].to_numpy(dtype="int64", na_value=-1)
        there: Ints = rows[positions[rows] == position]
        return there
