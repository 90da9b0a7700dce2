"""What goes out to be recoded and what comes back: the frames that travel between the rooms.

A task is a workbook for one person: texts that the questionnaire's choices do not cover, names of
organisations, or open answers to be coded. What the person decides comes back as data: each
decision names the text that it is about, so that it holds for nothing else.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd
import pandera.pandas as pa

from pipeline.questionnaire.model import Choice, Text

MARK = "recoding"
"""First word of the first cell of every such workbook: `recoding WORK FORM_ID VERSION CODER`."""


class Work(StrEnum):
    """What a workbook asks for.

    other: which choice an "other, please specify" belongs to. names: which organisation is meant.
    codes: codes of open answers, by one coder. settle: the codes on which coders disagree.
    """

    OTHER = "other"
    NAMES = "names"
    CODES = "codes"
    SETTLE = "settle"


class Decision(StrEnum):
    """What a person decided about a text.

    choice: it belongs to the choices (or organisation, or codes) of `value`. new: to a new choice.
    keep: it stays what it is; of a name: it is an organisation of its own.
    """

    CHOICE = "choice"
    NEW = "new"
    KEEP = "keep"


ACCEPT = "accept"
"""What a person writes to take the suggestion; read as the decision `choice`."""

UNIT = ("question", "response_id", "position")
"""What a row is about; the last two are NA where it is about every answer with the same text."""

ROW_COLUMNS: Mapping[str, str] = {
    "question": "str",
    "response_id": "str",
    "position": "Int64",
    "text": "str",
    "count": "Int64",
    "suggestion": "str",
    "likeness": "Int64",
    "codes_1": "str",
    "codes_2": "str",
    "decision": "str",
    "value": "str",
    "labels": "str",
    "comment": "str",
    "by": "str",
    "settles": "str",
}
"""A row of a task.

`count`: how many answers have the text. `suggestion`: a choice name, or a name of the list, with
its `likeness` from 0 to 100. `codes_1`, `codes_2`: what the coders said. `decision` to `by`: what
was decided before, NA where nothing was. `settles`: files, by the first 16 digits of their hash,
whose decisions about the text the person can see: what he decides takes their place.
"""

DECISION_COLUMNS: Mapping[str, str] = {
    "work": "str",
    "form_id": "str",
    "coder": "str",
    "question": "str",
    "response_id": "str",
    "position": "Int64",
    "text": "str",
    "decision": "str",
    "value": "str",
    "labels": "str",
    "comment": "str",
    "by": "str",
    "settles": "str",
    "source_file": "str",
    "source_place": "str",
}
"""A decision that came back, one a row.

`value`: choice names joined by one space, one name of the list, or the new choice's name; NA for
`keep`. `labels`: of a new choice, JSON by language.
"""


_SPACES = re.compile(r"\s+")


def spelling(name: str) -> str:
    """An organisation's name without what nobody would tell apart: width, case and spaces."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", name).casefold())


def rows_schema() -> pa.DataFrameSchema:
    """The schema of a task's rows."""
    return _schema(ROW_COLUMNS, ("question", "text", "count"), "rows to be recoded")


def decisions_schema() -> pa.DataFrameSchema:
    """The schema of decisions that came back."""
    needed = ("work", "form_id", "question", "text", "decision", "source_file", "source_place")
    return _schema(DECISION_COLUMNS, needed, "decisions")


def _schema(kinds: Mapping[str, str], needed: Sequence[str], name: str) -> pa.DataFrameSchema:
    text = pd.StringDtype("pyarrow", na_value=float("nan"))
    columns = {
        column: pa.Column(text if kind == "str" else kind, nullable=column not in needed)
        for column, kind in kinds.items()
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True, name=name)


def typed(frame: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """The frame with exactly these columns, in their order and of their dtypes."""
    return frame.reindex(columns=list(kinds)).astype(dict(kinds)).reset_index(drop=True)


def no_decisions() -> pd.DataFrame:
    """`DECISION_COLUMNS` without a row."""
    return typed(pd.DataFrame(), DECISION_COLUMNS)


@dataclass(frozen=True, eq=False)
class Task:
    """A workbook to be filled in by one person.

    Attributes:
        languages: in which the workbook speaks, first the most important.
        labels: question -> its wording.
        offers: question -> what its texts can be recoded to, in the order shown.
        rows: `ROW_COLUMNS`, those without a decision first.
        coder: who codes; empty for other work.
        coders: the two whose codes `codes_1` and `codes_2` hold.
        most: question -> how many codes an answer may have.
    """

    work: Work
    form_id: str
    version: str
    languages: tuple[str, ...]
    labels: Mapping[str, Text]
    offers: Mapping[str, tuple[Choice, ...]]
    rows: pd.DataFrame
    coder: str = ""
    coders: tuple[str, str] | None = None
    most: Mapping[str, int] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """The first cell of the workbook."""
        return " ".join(
            part or "-"
            for part in (MARK, self.work, self.form_id, self.version or "-", self.coder or "-")
        )

    @property
    def file_name(self) -> str:
        """The workbook's name below outputs/recoding/."""
        ends = {Work.CODES: f"codes.{self.coder}", Work.SETTLE: "codes.supervisor"}
        return f"{self.form_id}.{ends.get(self.work, self.work)}.xlsx"
