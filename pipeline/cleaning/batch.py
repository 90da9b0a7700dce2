"""The responses of one form between two stages, and what the stages have found out about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.questionnaire.model import Item, Questionnaire
from pipeline.responses import Action, IssueSeverity

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
MAIN = ""
"""Name of the main table among the repeats."""


_NO_LOSS = frozenset(["nothing_written", "not_asked"])


class Fate(StrEnum):
    """What became of an answer that was not simply kept."""

    CHANGED = "changed"
    BLANKED = "blanked"


@dataclass(frozen=True, eq=False)
class Finding:
    """The same issue about several answers of one question, or about several responses.

    Attributes:
        code: a row of `codes.ISSUE_CODES`.
        table: repeat, or `MAIN`.
        rows: rows of that table.
        question: None for an issue about the response.
        rule: the rule's own text or name.
        severity: None: the code's own.
        message: None: the code's title.
    """

    code: str
    table: str
    rows: Ints
    question: str | None = None
    rule: str = ""
    action: Action = Action.NONE
    severity: IssueSeverity | None = None
    message: str | None = None
    stage: str = ""


@dataclass(frozen=True, eq=False)
class Fated:
    """Answers of one question that were changed or blanked, and the issue that says why."""

    question: str
    rows: Ints
    fate: Fate
    code: str


@dataclass(frozen=True, slots=True)
class Left:
    """Answers that are set aside with their question or their row, and not with a response."""

    source_file: str
    question: str
    count: int
    table: str


@dataclass(frozen=True, eq=False)
class RawText:
    """Texts as they came, where they are not how the value is written."""

    question: str
    rows: Ints
    texts: pa.LargeStringArray


@dataclass(frozen=True, eq=False)
class Asked:
    """Whether a question was asked in each row, as far as the answers tell.

    A skip that names a question without a column in the returned table tells nothing: then the
    question may have been asked and may not, and no rule is held against it.

    Attributes:
        maybe: asked, or not known; None: every row.
        surely: asked; None: as `maybe`.
    """

    maybe: Bools | None = None
    surely: Bools | None = None

    def not_asked(self, length: int) -> Bools:
        """Rows where it was surely not asked."""
        return np.zeros(length, bool) if self.maybe is None else ~self.maybe

    def is_asked(self, length: int) -> Bools:
        """Rows where it surely was."""
        known = self.maybe if self.surely is None else self.surely
        return np.ones(length, bool) if known is None else known


ALWAYS = Asked()


@dataclass(frozen=True, eq=False)
class Batch:
    """What travels from stage to stage; no row leaves it before the end.

    Attributes:
        questionnaire: the form.
        frames: main table (`MAIN`) and repeats; the same rows all the way.
        owner: repeat -> row of the main table for each of its rows.
        parent: repeat -> row of the table above.
        aside: rows of the main table that are set aside with their response.
        findings: issues about rows, in the order of the stages.
        noted: issues about files, columns and correction logs.
        fated: answers changed or blanked; what comes later counts.
        raw_texts: texts as they came.
        asked: question -> where it was asked; filled by the stage `skips`.
        absent: question -> rows of the main table whose file has no column for it.
        choice_columns: file -> the `question/choice` columns that stood in it.
        worked_out: question -> rows of its table where a calculation was worked out after return.
        touched: table -> columns that were replaced since every answer got its type.
        others: table -> returned columns that are no question's of this version, text.
        left: answers that belong to no question of this version, or to no response.
    """

    questionnaire: Questionnaire
    frames: Mapping[str, pd.DataFrame]
    owner: Mapping[str, Ints] = field(default_factory=dict)
    parent: Mapping[str, Ints] = field(default_factory=dict)
    aside: Bools = field(default_factory=lambda: np.zeros(0, bool))
    findings: tuple[Finding, ...] = ()
    noted: tuple[pd.DataFrame, ...] = ()
    fated: tuple[Fated, ...] = ()
    raw_texts: tuple[RawText, ...] = ()
    asked: Mapping[str, Asked] = field(default_factory=dict)
    absent: Mapping[str, Bools] = field(default_factory=dict)
    choice_columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    worked_out: Mapping[str, Bools] = field(default_factory=dict)
    touched: Mapping[str, frozenset[str]] = field(default_factory=dict)
    others: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    left: tuple[Left, ...] = ()

    @property
    def main(self) -> pd.DataFrame:
        """The main table."""
        return self.frames[MAIN]

    def items(self, table: str) -> tuple[Item, ...]:
        """The questions that have a column in a table."""
        return self.questionnaire.answered(table or None)

    def rows_of_main(self, table: str, rows: Ints) -> Ints:
        """The row of the main table for rows of a table."""
        return rows if table == MAIN else self.owner[table][rows]

    def spread(self, flags: Bools, table: str) -> Bools:
        """Flags of the main table's rows, for the rows of a table."""
        return flags if table == MAIN else flags[self.owner[table]]

    def spread_up(self, flags: Bools, table: str | None) -> Bools:
        """Flags of a table's rows, for the rows of the main table: where they hold for all."""
        if not table:
            return flags
        lacking = np.bincount(self.owner[table][~flags], minlength=len(self.main))
        return np.asarray(lacking == 0)

    def standing(self, table: str) -> Bools:
        """Rows of a table that are not set aside."""
        return ~self.spread(self.aside, table)

    def absent_in(self, name: str, table: str) -> Bools | None:
        """Rows of a table whose file has no column for a question; None: every file has one."""
        flags = self.absent.get(name)
        return None if flags is None else self.spread(flags, table)

    def came_with(self, column: str, table: str) -> Bools:
        """Rows of a table whose file had a `question/choice` column."""
        files = [file for file, held in self.choice_columns.items() if column in held]
        return self.spread(self.main["source_file"].isin(files).to_numpy(dtype=bool), table)

    def set_missing(self, name: str) -> Ints:
        """Rows whose answer to a question was taken away: nobody can be asked for it again."""
        taken = [
            found.rows
            for found in self.fated
            if found.question == name and found.fate is Fate.BLANKED and found.code not in _NO_LOSS
        ]
        return np.concatenate(taken) if taken else np.zeros(0, np.int64)

    def with_columns(self, table: str, columns: Mapping[str, Any]) -> "Batch":
        """The batch with columns of a table replaced; everything else is shared."""
        if not columns:
            return self
        frame = self.frames[table].copy(deep=False)
        for name, values in columns.items():
            frame[name] = values
        touched = self.touched.get(table, frozenset()) | columns.keys()
        return replace(
            self,
            frames={**self.frames, table: frame},
            touched={**self.touched, table: touched},
        )

    def adding(
        self,
        *,
        findings: Sequence[Finding] = (),
        noted: Sequence[pd.DataFrame] = (),
        fated: Sequence[Fated] = (),
        raw_texts: Sequence[RawText] = (),
    ) -> "Batch":
        """The batch with what a stage found; findings about no row are left out."""
        return replace(
            self,
            findings=(*self.findings, *(found for found in findings if len(found.rows))),
            noted=(*self.noted, *(frame for frame in noted if len(frame))),
            fated=(*self.fated, *(found for found in fated if len(found.rows))),
            raw_texts=(*self.raw_texts, *(found for found in raw_texts if len(found.rows))),
        )


def rows_where(flags: Bools) -> Ints:
    """The rows that are flagged."""
    return np.flatnonzero(flags).astype(np.int64)
