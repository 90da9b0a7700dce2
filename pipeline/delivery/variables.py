"""A delivered table as data: every file is written from it, so that all of them say the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from pipeline.errors import Problem
from pipeline.questionnaire.model import MissingKind

NOT_A_CHOICE = "not_a_choice"
KINDS = (*map(str, MissingKind), NOT_A_CHOICE)
"""Why a coded or number variable has no usable answer; the last where the answer that was kept is
no choice of its question, so that it has no code of its own."""


class Form(StrEnum):
    """How a variable is kept: codes with labels, numbers, texts, days, moments in UTC."""

    CODED = "coded"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"


@dataclass(frozen=True, slots=True)
class Variable:
    """One delivered variable.

    Attributes:
        name: the delivered name, which every format keeps.
        source: the question's name, or that of a key.
        label: its words in the language, whole.
        form: how it is kept; CODED and NUMBER columns are float64, and hold `missing` codes.
        values: code -> label, of answers.
        names: code -> choice name, of answers.
        missing: code -> kind; only kinds that a coded or number variable may hold.
        missing_labels: code -> label of the kind.
        question: the question as it was asked; "" for keys.
        choice: the choice of a select_multiple that the variable is about; else "".
    """

    name: str
    source: str
    label: str
    form: Form
    values: Mapping[float, str] = field(default_factory=dict)
    names: Mapping[float, str] = field(default_factory=dict)
    missing: Mapping[float, str] = field(default_factory=dict)
    missing_labels: Mapping[float, str] = field(default_factory=dict)
    question: str = ""
    choice: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether the column is float64 and may hold codes of missing answers."""
        return self.form in {Form.CODED, Form.NUMBER}

    @property
    def all_labels(self) -> dict[float, str]:
        """Code -> label, missing kinds included."""
        return {**self.missing_labels, **self.values}


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """The variables of a select_multiple: 1 where the choice was chosen."""

    name: str
    label: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One file's worth: the variables and their columns, in the same order.

    Attributes:
        name: the form's name, or `FORM.REPEAT`.
        label: the form's title, or the repeat's label.
        frame: a column a variable: float64 (coded, number), str, datetime64[us].
    """

    name: str
    label: str
    variables: tuple[Variable, ...]
    sets: tuple[AnswerSet, ...]
    frame: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many rows a codebook says that a variable has; None where that is not shown.

    Attributes:
        counts: code -> rows; missing kinds included.
        valid: rows with an answer.
        missing: rows without one.
    """

    counts: Mapping[float, int | None]
    valid: int | None
    missing: int | None

    @classmethod
    def of(cls, variable: Variable, column: "pd.Series") -> "Frequencies":
        """The true ones."""
        found = column.value_counts() if variable.is_numeric else pd.Series(dtype="int64")
        codes = variable.all_labels if variable.is_numeric else {}
        counts = {code: int(found.get(code, 0)) for code in codes}
        missing = sum(counts[code] for code in variable.missing) + int(column.isna().sum())
        return cls(counts, len(column) - missing, missing)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything that would be written, and what had to be renamed, shortened or left out.

    Attributes:
        frequencies: (table, variable) -> what a codebook may say of it; all where there is nothing.
    """

    form_id: str
    title: str
    version: str
    language: str
    tables: tuple[Table, ...]
    problems: tuple[Problem, ...]
    frequencies: Mapping[tuple[str, str], Frequencies] = field(default_factory=dict)

    def frequencies_of(self, table: Table, variable: Variable) -> Frequencies:
        """What a codebook says of a variable."""
        found = self.frequencies.get((table.name, variable.name))
        return found or Frequencies.of(variable, table.frame[variable.name])
