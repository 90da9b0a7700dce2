"""The ledger: what became of every answer that came back, by file and question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Bools, Fate, Ints, Left
from pipeline.errors import Place, Problem, SurveyError
from pipeline.questionnaire.model import Questionnaire

LEDGER_COLUMNS = (
    "source_file",
    "question",
    "answers_in",
    "kept",
    "changed",
    "blanked",
    "set_aside",
)
_COUNTS = LEDGER_COLUMNS[2:]


Answered = Mapping[str, Bools]
"""Question -> rows of its table that hold an answer."""


def count_in(batch: Batch) -> Answered:
    """Look where answers stand before they get their types."""
    return {
        item.name: frame[item.name].notna().to_numpy()
        for table, frame in batch.frames.items()
        for item in batch.items(table)
    }


def count_all(batch: Batch) -> int:
    """How many answers there are, whether their question is of this version or not."""
    here = sum(int(np.count_nonzero(flags)) for flags in count_in(batch).values())
    return here + sum(int(frame.notna().sum().sum()) for frame in batch.others.values())


def ledger_of(before: Answered, batch: Batch, typed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Count what became of every answer.

    `kept` is counted in the frames at the end, by value, and not as what is left over: an answer
    that a stage lost or changed without saying so is in none of the counts.

    Args:
        before: where answers stood when they came.
        batch: after the last stage.
        typed: the frames as the stage `text` left them.

    Returns:
        `LEDGER_COLUMNS`, one row for each file and question with an answer, as `in_order`;
        answers in rows of no response under the file "".
    """
    codes, files = pd.factorize(batch.main["source_file"])
    counting = _Counting(before, batch, codes.astype(np.int64), len(files))
    places = [(table, item.name) for table in batch.frames for item in batch.items(table)]
    parts = [counting.count(typed[table], table, name) for table, name in places]
    counts = np.stack(parts, axis=1) if parts else np.zeros((len(files), 0, 5), np.int32)
    at_file, at_name = np.nonzero(counts[:, :, 0])
    names = np.array([name for _, name in places], dtype=object)
    frame = pd.DataFrame(counts[at_file, at_name], columns=list(_COUNTS), dtype="int64")
    frame.insert(0, "question", pd.Series(names[at_name], dtype="str"))
    frame.insert(0, "source_file", pd.Series(np.asarray(files, object)[at_file], dtype="str"))
    if not batch.left:
        return frame
    whole = pd.concat([frame, ledger_of_left(batch.left)], ignore_index=True)
    order = {str(file): number for number, file in enumerate(files)}
    return in_order(whole, order, batch.questionnaire)


def ledger_of_left(left: Iterable[Left]) -> pd.DataFrame:
    """Answers that are set aside with their question or row, as rows of the ledger."""
    rows = [(one.source_file, one.question, one.count, 0, 0, 0, one.count) for one in left]
    frame = pd.DataFrame(rows, columns=list(LEDGER_COLUMNS), dtype=object)
    return frame.astype({"source_file": "str", "question": "str"} | dict.fromkeys(_COUNTS, "int64"))


def first_rows(files: "pd.Series[str]") -> dict[str, int]:
    """File -> the first row that came out of it."""
    first = files.drop_duplicates()
    return dict(zip(first, first.index.tolist(), strict=True))


def in_order(ledger: pd.DataFrame, files: Mapping[str, int], form: Questionnaire) -> pd.DataFrame:
    """One row for each file and question.

    Args:
        ledger: `LEDGER_COLUMNS`; rows about the same are added up.
        files: file -> its first row of the main table.
        form: the questionnaire.

    Returns:
        In the order of the files' first rows, files without one last; within a file in the order
        of the form, repeats behind the rest and questions that are none of the form's last.
    """
    whole = ledger.groupby(["source_file", "question"], as_index=False, sort=False).sum()
    tables = (None, *form.repeats)
    asked = (item.name for table in tables for item in form.answered(table))
    positions = {name: number for number, name in enumerate(asked)}
    file = whole["source_file"].map(files).fillna(np.inf).to_numpy(dtype=float)
    place = whole["question"].map(positions).fillna(np.inf).to_numpy(dtype=float)
    return whole.take(np.lexsort((place, file))).reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class _Counting:
    before: Answered
    batch: Batch
    codes: Ints
    files: int

    def count(self, typed: pd.DataFrame, table: str, name: str) -> npt.NDArray[np.int32]:
        """answers_in, kept, changed, blanked, set_aside of one question, a row a file."""
        came = self.before[name]
        aside = self.batch.spread(self.batch.aside, table)
        changed, blanked = _fates(self.batch, name, len(came))
        now = self.batch.frames[table][name]
        touched = name in self.batch.touched.get(table, ())
        same = _same(typed[name], now) if touched else now.notna().to_numpy()
        stands = came & ~aside
        sets = (
            came,
            stands & ~changed & ~blanked & same,
            stands & changed,
            stands & blanked,
            came & aside,
        )
        at = self.codes if table == MAIN else self.codes[self.batch.owner[table]]
        return np.stack([self._by_file(flags, at) for flags in sets], axis=1).astype(np.int32)

    def _by_file(self, flags: Bools, at: Ints) -> Ints:
        if self.files == 1:
            return np.array([np.count_nonzero(flags)])
        return np.bincount(at[flags], minlength=self.files)


def _fates(batch: Batch, name: str, length: int) -> tuple[Bools, Bools]:
    """Rows whose answer was changed, and rows whose answer was blanked; what came last counts."""
    changed, blanked = np.zeros(length, bool), np.zeros(length, bool)
    for found in batch.fated:
        if found.question == name:
            changed[found.rows] = found.fate is Fate.CHANGED
            blanked[found.rows] = found.fate is Fate.BLANKED
    return changed, blanked


def _same(before: pd.Series, after: pd.Series) -> Bools:
    """Rows with an answer that is the same before and after."""
    given = after.notna().to_numpy()
    if isinstance(after.dtype, pd.CategoricalDtype):
        before = before.cat.set_categories(after.cat.categories)
    return given & (before == after).fillna(False).to_numpy(dtype=bool)  # noqa: FBT003 - pandas'


def check_ledger(ledger: pd.DataFrame) -> None:
    """Make sure that every answer is accounted for.

    Raises:
        SurveyError: CLEAN-001, for every file and question whose counts do not add up.
    """
    left = ledger["answers_in"] - ledger[list(_COUNTS[1:])].sum(axis="columns")
    wrong = ledger.assign(left=left)[left != 0]
    if len(wrong):
        raise SurveyError(
            problem
            for row in wrong.itertuples()
            for problem in not_accounted_for(row.left, row.source_file, row.question).problems
        )


def not_accounted_for(count: Any, source_file: Any, question: Any) -> SurveyError:
    """CLEAN-001: so many answers were lost without a word."""
    return SurveyError(
        [
            Problem(
                "CLEAN-001",
                f"{count} answers are not accounted for.",
                "This is a mistake of the program; report it, and do not use the tables.",
                Place(file=str(source_file) or None, question=str(question) or None),
            )
        ]
    )
