"""Stage double entry: of two keyings of one paper the first is kept, and the two are compared.

Two returns of a form that is keyed twice, under one serial and in the same way, are keyings of one
paper. Which is the first is decided by the files' hashes, not by when they came.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cleaning.answer_text import as_text
from pipeline.cleaning.batch import MAIN, Batch, Finding, Ints
from pipeline.cleaning.query_log import Target
from pipeline.queries import KEYED_CODE
from pipeline.questionnaire.model import Item
from pipeline.questionnaire.types import Filled, Storage
from pipeline.responses import Action, Issue, IssueSeverity, issues_frame
from pipeline.serials import canonical
from pipeline.settings import Roles
from pipeline.store import write_through

STAGE = "double_entry"
AGREEMENT_COLUMNS = ("response_id", "question", "first_by", "second_by", "compared", "agreed")
FILE = "double_entry.parquet"


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that was keyed in two ways.

    Attributes:
        target: the answer, in the keying that is kept.
        first, second: the two as text; None where nothing was keyed.
        first_by, second_by: who keyed, None where it is not known.
        rows: the repeat whose rows differ in number; then `target` is the whole response.
    """

    target: Target
    first: str | None
    second: str | None
    first_by: str | None
    second_by: str | None
    source_file: str
    rows: str = ""


@dataclass(frozen=True)
class Comparison:
    """Both keyings of every paper, compared.

    Attributes:
        differences: in the order of the responses and of the form.
        agreement: `AGREEMENT_COLUMNS`, one row a paper and question: how many answers were
            compared (1 outside repeats; blanks in both count for nothing), and how many are the
            same. Holds no answer.
    """

    differences: tuple[Difference, ...]
    agreement: pd.DataFrame


def double_entry(batch: Batch, roles: Roles) -> Batch:
    """Set the second keying of every paper aside.

    Args:
        batch: typed answers.
        roles: which question holds the serial, beside the one on an Excel form's cover.
    """
    second = np.array([row for _, row in pairs(batch, roles)], dtype=np.int64)
    aside = batch.aside.copy()
    aside[second] = True
    found = Finding("second_keying", MAIN, second, None, "serial", Action.SET_ASIDE, stage=STAGE)
    return replace(batch, aside=aside).adding(findings=[found])


def pairs(batch: Batch, roles: Roles) -> list[tuple[int, int]]:
    """The rows of the first and of the second keying of each paper; a third one is no keying."""
    main = batch.main
    serial = main["serial"]
    if roles.serial is not None and roles.serial in main:
        serial = serial.fillna(main[roles.serial].astype("str"))
    known = serial.map(canonical, na_action="ignore").where(batch.standing(MAIN))
    groups: dict[tuple[str, str], list[int]] = {}
    for row, (one, mode) in enumerate(zip(known, main["mode"], strict=True)):
        if pd.notna(one):
            groups.setdefault((str(one), str(mode)), []).append(row)
    ids = main["response_id"].tolist()
    return [(rows[0], rows[1]) for rows in groups.values() if len({ids[r] for r in rows}) > 1]


def compare(batch: Batch, roles: Roles) -> Comparison:
    """Compare both keyings of every paper, question by question.

    Args:
        batch: typed answers, before anything is set aside.
        roles: `keyed_by` is who keyed, and is not compared.
    """
    differences, agreement = list[Difference](), list[tuple[Any, ...]]()
    by = roles.keyed_by if roles.keyed_by in batch.main else None
    for first, second in pairs(batch, roles):
        who = [_text(batch, MAIN, by, row) for row in (first, second)]
        paper = _Paper(batch, first, second, who[0], who[1])
        for item in batch.questionnaire.items:
            if item.question.row.filled is Filled.PERSON and item.name != by:
                found, compared = paper.question(item)
                differences += found
                same = compared - len(found)
                agreement.append((paper.response_id, item.name, *who, compared, same))
        differences += paper.rows()
    kinds = dict.fromkeys(AGREEMENT_COLUMNS[:4], "str") | {"compared": "int64", "agreed": "int64"}
    frame = pd.DataFrame(agreement, columns=list(AGREEMENT_COLUMNS), dtype=object)
    return Comparison(tuple(differences), frame.astype(kinds))


def issues_of_differences(found: Comparison) -> pd.DataFrame:
    """One issue a difference, about the keying that is kept; never the answers."""
    return issues_frame(
        Issue(
            response_id=one.target[0],
            question=one.target[1],
            position=one.target[2],
            code=KEYED_CODE,
            rule=one.rows or "double entry",
            severity=IssueSeverity.WARNING,
            action=Action.QUERIED,
            stage=STAGE,
            source_file=one.source_file,
            message="The two keyings differ.",
        )
        for one in found.differences
    )


def write_agreement(agreement: pd.DataFrame, folder: Path) -> Path:
    """Write how the keyings agree into `processed/FORM`, readable by its owner alone."""
    path = folder / FILE
    write_through(path, partial(agreement.to_parquet, index=False), mode=0o600)
    return path


@dataclass(frozen=True, eq=False)
class _Paper:
    batch: Batch
    first: int
    second: int
    first_by: str | None
    second_by: str | None

    @property
    def response_id(self) -> str:
        return str(self.batch.main["response_id"].iloc[self.first])

    def question(self, item: Item) -> tuple[list[Difference], int]:
        """The differences of one question, and how many answers were compared."""
        table = item.repeat or MAIN
        if table not in self.batch.frames or item.name not in self.batch.frames[table]:
            return [], 0
        compared, found = 0, []
        for position, rows in self._rows(table):
            texts = [_text(self.batch, table, item.name, row) for row in rows]
            compared += any(text is not None for text in texts)
            if not _same(texts[0], texts[1], item.question.storage):
                found.append(self._difference(item.name, position, texts[0], texts[1]))
        return found, compared

    def rows(self) -> Iterator[Difference]:
        """Repeats of which one keying has more rows."""
        for repeat in self.batch.owner:
            ours, theirs = (len(self._of(repeat, row)) for row in (self.first, self.second))
            if ours != theirs:
                yield self._difference(None, None, str(ours), str(theirs), repeat)

    def _rows(self, table: str) -> Iterator[tuple[int | None, tuple[int, int]]]:
        """The rows to compare: of a repeat those that both keyings have, in their order."""
        if table == MAIN:
            yield None, (self.first, self.second)
            return
        both = zip(self._of(table, self.first), self._of(table, self.second), strict=False)
        positions = self.batch.frames[table]["position"]
        for ours, theirs in both:
            yield int(positions.iloc[ours]), (int(ours), int(theirs))

    def _of(self, repeat: str, main_row: int) -> Ints:
        rows: Ints = np.flatnonzero(self.batch.owner[repeat] == main_row).astype(np.int64)
        return rows

    def _difference(
        self,
        name: str | None,
        position: int | None,
        first: str | None,
        second: str | None,
        rows: str = "",
    ) -> Difference:
        source = str(self.batch.main["source_file"].iloc[self.second])
        target = (self.response_id, name, position)
        return Difference(target, first, second, self.first_by, self.second_by, source, rows)


def _text(batch: Batch, table: str, name: str | None, row: int) -> str | None:
    """An answer as text: typed or, where it could not be read, as it was written."""
    if name is None:
        return None
    value = batch.frames[table][name].iloc[row]
    if not pd.isna(value):
        item = batch.questionnaire.by_name.get(name)
        return as_text(value, item.question.storage if item else Storage.TEXT)
    for found in batch.raw_texts:
        if found.question == name and row in found.rows:
            at = int(np.flatnonzero(found.rows == row)[0])
            return str(found.texts[at].as_py())
    return None


def _same(first: str | None, second: str | None, storage: Storage) -> bool:
    if first is None or second is None:
        return first is second
    if storage is Storage.SELECT_MULTIPLE:
        return set(first.split()) == set(second.split())
    return first == second
