"""The answers that queries are about: as they are kept, or as they were written; no names."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.cleaning.answer_text import as_text
from pipeline.cleaning.process import Cleaned
from pipeline.cleaning.query_log import Target
from pipeline.questionnaire.model import Item, Questionnaire, Sensitivity
from pipeline.questionnaire.types import Filled, Storage


@dataclass(frozen=True, eq=False)
class GivenAnswers:
    """The answers to one form, looked up one by one."""

    cleaned: Cleaned
    form: Questionnaire

    @cached_property
    def order(self) -> dict[str, int]:
        """response_id -> its place among the responses that were kept."""
        return {response: at for at, response in enumerate(self.cleaned.main["response_id"])}

    def item(self, name: str | None) -> Item | None:
        """A question by its name."""
        return self.form.by_name.get(name or "")

    def is_hidden(self, name: str | None) -> bool:
        """Whether a question's answers name somebody."""
        item = self.item(name)
        return item is not None and item.question.sensitivity is Sensitivity.IDENTIFIER

    def is_by_person(self, name: str | None) -> bool:
        """Whether a person answers the question."""
        item = self.item(name)
        return item is not None and item.question.row.filled is Filled.PERSON

    def can_ask(self, name: str | None) -> bool:
        """Whether a workbook can ask a person for it."""
        item = self.item(name)
        return item is not None and self.is_by_person(name) and item.question.row.in_excel

    def place(self, response: str, name: str | None, position: int | None) -> int | None:
        """The row of a question's table that is meant: 0 for main, None where it is not one row."""
        item = self.item(name)
        if item is None:
            return None
        if item.repeat is None:
            return 0
        rows = self._rows[item.repeat].get((response, position), [])
        return position if len(rows) == 1 else None

    def text(self, target: Target) -> str | None:
        """An answer as text: as it is kept, else as it was written; None where there is none."""
        response, name, position = target
        item = self.form.by_name[name or ""]
        if item.repeat is None:
            frame, row = self.cleaned.main, self.order[response]
        else:
            frame = self.cleaned.repeats[item.repeat]
            row = self._rows[item.repeat][response, position][0]
        value = frame[item.name].iloc[row] if item.name in frame else None
        if value is None or pd.isna(value):
            return self._written.get((response, item.name, position))
        return as_text(value, item.question.storage)

    def about(self, response: str, name: str | None) -> str | None:
        """What a response holds in a column of the main table; nothing that names somebody."""
        if name is None or name not in self.cleaned.main or self.is_hidden(name):
            return None
        value = self.cleaned.main[name].iloc[self.order[response]]
        item = self.item(name)
        storage = item.question.storage if item else Storage.TEXT
        return None if pd.isna(value) else as_text(value, storage)

    @cached_property
    def _rows(self) -> dict[str, dict[tuple[str, int | None], list[int]]]:
        """Rows of a repeat by response and position: an inner repeat counts anew in each parent."""
        found: dict[str, dict[tuple[str, int | None], list[int]]] = {}
        for name, frame in self.cleaned.repeats.items():
            keys = zip(frame["response_id"].tolist(), frame["position"].tolist(), strict=True)
            rows = found.setdefault(name, {})
            for row, key in enumerate(keys):
                rows.setdefault(key, []).append(row)
        return found

    @cached_property
    def _written(self) -> dict[Target, str]:
        texts = self.cleaned.raw_text
        asked = texts[texts["response_id"].isin(self.cleaned.issues["response_id"])]
        keys = asked[["response_id", "question", "position"]].astype("object")
        rows = keys.where(keys.notna(), None).itertuples(index=False, name=None)
        return dict(zip(rows, asked["text"].tolist(), strict=True))
