"""Stage versions: answers given on an older version, carried to the present one.

Only what the questionnaire declares under `changes` is carried: renamed questions, renamed or
merged choices, dropped questions. Any other difference sets the question aside, not the response.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import (
    Batch,
    Bools,
    Fate,
    Fated,
    Finding,
    Left,
    RawText,
    rows_where,
)
from pipeline.cleaning.choice_columns import as_texts
from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.questionnaire.model import Change, Questionnaire
from pipeline.questionnaire.types import Storage
from pipeline.responses import Action, Issue, issues_frame

STAGE = "versions"


def versions(batch: Batch) -> Batch:
    """Carry older answers to the present version, and set aside what belongs to no question.

    Args:
        batch: text as it came; `others` holds columns that are no question's of this version.

    Returns:
        The batch with renamed questions under their new names and changed choices recoded, each
        told as `choice_recoded`; what is left in `others` is told as `dropped_question` where a
        change declares it, else as `undeclared_question`.
    """
    carrying = _Carrying(batch)
    for change in batch.questionnaire.changes:
        carrying.carry(change)
    return _set_aside(carrying.batch)


def older_than(form: Questionnaire, change: Change, version: pd.Series) -> tuple[Bools, Bools]:
    """Rows that were filled in before a change, and rows of a version that nobody knows.

    Platforms write version numbers of their own. Of such a row an answer is older only where no
    present form could have given it: its question, or its choice, is there no longer.
    """
    order = list(dict.fromkeys([*(one.version for one in form.changes), form.version]))
    before = order[: order.index(change.version)]
    older, known = (version.isin(names).to_numpy(dtype=bool) for names in (before, order))
    return older, ~known


@dataclass
class _Carrying:
    batch: Batch

    def carry(self, change: Change) -> None:
        """Apply one change to the rows that are older."""
        form = self.batch.questionnaire
        older, unknown = older_than(form, change, self.batch.main["form_version"])
        if not (older | unknown).any():
            return
        for table in self.batch.frames:
            rows, unsure = (self.batch.spread(flags, table) for flags in (older, unknown))
            for old, new in change.rename.items():
                self.rename(table, old, new, rows | unsure)
            for name, names in change.choices.items():
                self.recode(table, name, names, rows)
                self.recode(table, name, _gone(form, name, names), unsure)

    def rename(self, table: str, old: str, new: str, rows: Bools) -> None:
        """Move the answers of these rows to their question's new name, where nothing stands yet."""
        others = self.batch.others.get(table)
        if others is None or old not in others:
            return
        frame = self.batch.frames[table] if new in self.batch.frames[table] else others
        there = frame[new] if new in frame else pd.Series(pd.NA, index=others.index, dtype="str")
        moved = rows & others[old].notna().to_numpy() & there.isna().to_numpy()
        left = others.assign(**{old: others[old].mask(moved)})
        filled = there.mask(moved, others[old])
        if frame is others:
            left = left.assign(**{new: filled})
        else:
            self.batch = self.batch.with_columns(table, {new: filled.array})
        self.batch = replace(self.batch, others={**self.batch.others, table: left})

    def recode(self, table: str, name: str, names: Mapping[str, str], rows: Bools) -> None:
        """Give choices their new names in these rows; what was written is kept as raw text."""
        item = self.batch.questionnaire.by_name.get(name)
        if item is None or (item.repeat or "") != table:
            return
        frame = self.batch.frames[table]
        several = item.question.storage is Storage.SELECT_MULTIPLE
        pool = frame[name].dropna().unique().tolist()
        renamed = {one: " ".join(_new_names(one, names, several=several)) for one in pool}
        told = rows_where(
            rows & frame[name].isin([one for one in pool if renamed[one] != one]).to_numpy()
        )
        if len(told) == 0:
            return
        texts = as_texts(frame[name]).take(told)
        new = frame[name].array.copy()
        new[told] = pd.array([renamed[one] for one in texts.to_pylist()], dtype="str")
        columns = {name: new, **(_renamed_columns(frame, name, names, rows) if several else {})}
        self.batch = self.batch.with_columns(table, columns).adding(
            findings=[
                Finding("choice_recoded", table, told, name, "changes", Action.CHANGED, stage=STAGE)
            ],
            fated=[Fated(name, told, Fate.CHANGED, "choice_recoded")],
            raw_texts=[RawText(name, told, texts)],
        )


def _gone(form: Questionnaire, name: str, names: Mapping[str, str]) -> dict[str, str]:
    """Renamed choices that the question no longer offers."""
    item = form.by_name.get(name)
    offered = {choice.name for choice in form.choices_of(item.question)} if item else set()
    return {old: new for old, new in names.items() if old not in offered}


def _new_names(text: str, names: Mapping[str, str], *, several: bool) -> list[str]:
    chosen = text.split(" ") if several else [text]
    return list(dict.fromkeys(names.get(one, one) for one in chosen))


def _renamed_columns(
    frame: pd.DataFrame, name: str, names: Mapping[str, str], rows: Bools
) -> dict[str, object]:
    """The returned columns of choices that were renamed, put under the new choice's name."""
    columns: dict[str, object] = {}
    for old, new in names.items():
        source, target = f"{name}/{old}", f"{name}/{new}"
        if source not in frame:
            continue
        moved = rows & frame[source].notna().to_numpy()
        empty = pd.Series(pd.NA, index=frame.index, dtype="str")
        there = pd.Series(columns.get(target, frame.get(target, empty)), dtype="str")
        yes = frame[source].isin(_TICKED).to_numpy() | there.isin(_TICKED).to_numpy()
        columns[target] = there.mask(moved, pd.Series(np.where(yes, "1", "0"), dtype="str")).array
        columns[source] = frame[source].mask(moved).array
    return columns


_TICKED = ("1", "1.0", "True", "TRUE", "true")


def _set_aside(batch: Batch) -> Batch:
    """Tell what is left in columns that are no question's of this version, by file."""
    left = [found for table in batch.others for found in _left(batch, table)]
    issues = issues_of_left(left, batch.questionnaire)
    return replace(batch, left=(*batch.left, *left)).adding(noted=[issues])


def issues_of_left(left: Iterable[Left], form: Questionnaire) -> pd.DataFrame:
    """One issue for each file and question of which answers are left over."""
    dropped = {name for change in form.changes for name in change.dropped}
    return issues_frame(_issue(found, dropped) for found in left)


def _left(batch: Batch, table: str) -> Iterator[Left]:
    files = batch.main["source_file"].to_numpy()[
        batch.rows_of_main(table, np.arange(len(batch.frames[table])))
    ]
    for name, column in batch.others[table].items():
        counts = pd.Series(files[column.notna().to_numpy()]).value_counts(sort=False)
        for file, count in counts.items():
            yield Left(str(file), str(name), int(count), table)


def _issue(found: Left, dropped: set[str]) -> Issue:
    code = "dropped_question" if found.question in dropped else "undeclared_question"
    return Issue(
        response_id=None,
        question=found.question,
        code=code,
        rule="changes",
        severity=ISSUE_CODES[code].severity,
        action=Action.SET_ASIDE,
        stage=STAGE,
        source_file=found.source_file,
        message=f"{found.count} answers belong to no question of this version.",
    )
