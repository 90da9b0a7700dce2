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
class Delivery:
    """Everything that would be written, and what had to be renamed, shortened or left out."""

    form_id: str
    title: str
    version: str
    language: str
    tables: tuple[Table, ...]
    problems: tuple[Problem, ...]
