"""What the cleaning left of one form, as an analysis needs it: answers, missing kinds, labels."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from pipeline.analysis.phrases import phrase
from pipeline.analysis.protection import Protection, protection_of
from pipeline.questionnaire.added import as_processed
from pipeline.questionnaire.load import load
from pipeline.questionnaire.model import (
    Item,
    MissingKind,
    Question,
    Questionnaire,
    words,
)
from pipeline.questionnaire.plain_words import in_plain_words
from pipeline.questionnaire.types import Storage
from pipeline.responses import KEYS, REPEAT_KEYS, issues_frame
from pipeline.settings import Roles, Settings
from pipeline.study import Study

LEDGER_COLUMNS = (
    "source_file",
    "question",
    "answers_in",
    "kept",
    "changed",
    "blanked",
    "set_aside",
)
UNIT_COLUMNS = ("unit", "selected", "stratum", "disposition", "response_id")
KEYING_COLUMNS = ("response_id", "question", "first_by", "second_by", "compared", "agreed")
CODING_COLUMNS = ("question", "response_id", "position", "first", "second", "settled", "final")
QUERY_COLUMNS = ("response_id", "question", "about", "round")
SYNTHETIC = "SYNTHETIC"
"""Stands in the name of every file that holds respondents who do not exist."""

_DTYPES = {
    Storage.INTEGER: "Int64",
    Storage.DECIMAL: "float64",
    Storage.DATE: "datetime64[us]",
    Storage.DATETIME: "datetime64[us, UTC]",
}


@dataclass(frozen=True)
class Dataset:
    """The cleaned responses to one form, and the questionnaire that gives them their labels.

    Attributes:
        questionnaire: the form.
        main: one row a response: `KEYS`, then a column a question; `parent/choice` columns are
            boolean. Identifiers are not here.
        repeats: repeat name -> one row an entry: `REPEAT_KEYS`, then a column a question.
        missing: same rows as `main`; for each question the `MissingKind` where there is no usable
            answer, else NA.
        repeat_missing: as `missing`, for each repeat.
        issues: `responses.ISSUE_COLUMNS`.
        ledger: `LEDGER_COLUMNS`.
        settings: of the study.
        synthetic: some of the responses were drawn, not given.
        language: in which labels are wanted.
        protection: how tables of them are protected.
        coding: `CODING_COLUMNS`, one row a coded open answer with what each coder said.
        units: `UNIT_COLUMNS`, one row a unit of the sampling frame, where the form was sampled.
        keyings: `KEYING_COLUMNS`, one row a paper and question of a form that was keyed twice.
        queries: `QUERY_COLUMNS` and others, one row a question to the field that is still open.
    """

    questionnaire: Questionnaire
    main: pd.DataFrame
    repeats: Mapping[str, pd.DataFrame]
    missing: pd.DataFrame
    repeat_missing: Mapping[str, pd.DataFrame]
    issues: pd.DataFrame
    ledger: pd.DataFrame
    settings: Settings
    synthetic: bool
    language: str
    protection: Protection
    coding: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CODING_COLUMNS)))
    keyings: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(KEYING_COLUMNS))
    )
    units: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(UNIT_COLUMNS)))
    queries: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(QUERY_COLUMNS)))

    @property
    def form_id(self) -> str:
        """Which questionnaire."""
        return self.questionnaire.form_id

    @property
    def title(self) -> str:
        """The form's title in the language."""
        return words(self.questionnaire.title, self.language, self.form_id)

    @property
    def roles(self) -> Roles:
        """Which question plays which part, as study.yaml names them."""
        return self.settings.roles.get(self.form_id, Roles())

    @property
    def consented(self) -> "pd.Series[bool]":
        """Who took part, one a row of `main`: all, where the form does not ask for consent."""
        role = self.roles.consent
        if role is None or role not in self.main:
            return pd.Series(data=True, index=self.main.index)
        return self.main[role].eq("yes").fillna(value=False).astype(bool)

    def participants(self) -> "Dataset":
        """The same without those who did not consent, who were asked nothing more.

        How many they are is a count of the fieldwork; tables of answers are about the others, and
        their base need not be hidden so that a refusal or two stay hidden.
        """
        kept = self.consented
        if kept.all():
            return self
        keys = set(self.main.loc[kept, "response_id"])
        inside = {name: one["response_id"].isin(keys) for name, one in self.repeats.items()}
        return replace(
            self,
            main=self.main[kept].reset_index(drop=True),
            missing=self.missing[kept].reset_index(drop=True),
            repeats={n: one[inside[n]].reset_index(drop=True) for n, one in self.repeats.items()},
            repeat_missing={
                name: one[inside[name]].reset_index(drop=True)
                for name, one in self.repeat_missing.items()
            },
        )

    def item(self, question: str) -> Item:
        """The question with its place.

        Raises:
            KeyError: the form has no such question.
        """
        return self.questionnaire.by_name[question]

    def label(self, question: str) -> str:
        """The question's wording in the language."""
        return words(self.item(question).question.label, self.language, question)

    def choice_labels(self, question: str) -> dict[str, str]:
        """Choice name -> label in the language, in the form's order; missing kinds are left out."""
        choices = self.questionnaire.choices_of(self.item(question).question)
        return {
            choice.name: words(choice.label, self.language, choice.name)
            for choice in choices
            if choice.missing is None
        }

    def frame_of(self, question: str) -> pd.DataFrame:
        """The table in which the question's answers stand: main or a repeat's."""
        repeat = self.item(question).repeat
        return self.main if repeat is None else self.repeats[repeat]

    def answers(self, question: str) -> "pd.Series":
        """The usable answers, one a row of `frame_of(question)`, NA where there is none.

        A choice that stands for a missing kind (don't know, refused) is NA here.
        """
        column = self.frame_of(question).get(question)
        if column is None:
            return pd.Series(pd.NA, index=self.frame_of(question).index, dtype="str")
        return column.mask(self.missing_kinds(question).notna())

    def missing_kinds(self, question: str) -> "pd.Series":
        """Why there is no usable answer, one a row of `frame_of(question)`; NA where there is."""
        repeat = self.item(question).repeat
        kinds = self.missing if repeat is None else self.repeat_missing[repeat]
        if question in kinds:
            return kinds[question]
        empty = self.frame_of(question).get(question)
        index = self.frame_of(question).index
        unanswered = pd.Series(MissingKind.NOT_ANSWERED.value, index=index, dtype="str")
        return unanswered if empty is None else unanswered.where(empty.isna())

    def missing_counts(
        self, question: str, rows: "pd.Series | None" = None
    ) -> dict[MissingKind, int]:
        """How many have no usable answer, by kind, in the kinds' order; kinds at 0 left out.

        Args:
            question: its name.
            rows: boolean, which rows of `frame_of(question)` count; all by default.
        """
        kinds = self.missing_kinds(question)
        counts = (kinds if rows is None else kinds[rows]).value_counts()
        found = {kind: int(counts.get(kind.value, 0)) for kind in MissingKind}
        return {kind: count for kind, count in found.items() if count}

    def missing_words(self, question: str, rows: "pd.Series | None" = None) -> dict[str, int]:
        """As `missing_counts`, the kinds in words."""
        counts = self.missing_counts(question, rows)
        return {self.say(kind.value): count for kind, count in counts.items()}

    def say(self, key: str, **values: object) -> str:
        """A fixed phrase in the language."""
        return phrase(key, self.language, **values)


def open_dataset(study: Study, form_id: str, language: str) -> Dataset:
    """Open what the cleaning made of one form.

    A form to which nothing has come back yet gives a Dataset without rows.

    Args:
        study: the study folder.
        form_id: the questionnaire's name.
        language: in which labels are wanted.

    Raises:
        SurveyError: the questionnaire or study.yaml has problems.
        FileNotFoundError: there is no such questionnaire.
    """
    path = study.instruments / f"{form_id}.yaml"
    folder = study.processed / form_id
    questionnaire = in_plain_words(as_processed(load(path, shown=study.shown(path)), folder))
    main = _read(folder / "responses.parquet", _empty(questionnaire, None))
    repeats = {
        name: _read(folder / f"{name}.parquet", _empty(questionnaire, name))
        for name in questionnaire.repeats
    }
    return Dataset(
        questionnaire=questionnaire,
        main=main,
        repeats=repeats,
        missing=_kinds(folder / "missing.parquet", main),
        repeat_missing={
            name: _kinds(folder / f"{name}.missing.parquet", frame)
            for name, frame in repeats.items()
        },
        issues=_read(folder / "issues.parquet", issues_frame()),
        ledger=_read(folder / "ledger.parquet", pd.DataFrame(columns=list(LEDGER_COLUMNS))),
        settings=study.settings,
        synthetic=bool(main["source_file"].str.contains(SYNTHETIC, na=False).any()),
        language=language,
        protection=protection_of(study),
        units=_read(folder / "sample.parquet", pd.DataFrame(columns=list(UNIT_COLUMNS))),
        keyings=_read(folder / "double_entry.parquet", pd.DataFrame(columns=list(KEYING_COLUMNS))),
        queries=_read(folder / "queries.parquet", pd.DataFrame(columns=list(QUERY_COLUMNS))),
        coding=_read(folder / "coding.parquet", pd.DataFrame(columns=list(CODING_COLUMNS))),
    )


def dtype_of(question: Question) -> str:
    """The dtype of a question's answers in `Dataset.main` and in repeats."""
    return _DTYPES.get(question.storage, "str")


def _read(path: Path, otherwise: pd.DataFrame) -> pd.DataFrame:
    return pd.read_parquet(path) if path.is_file() else otherwise


def _kinds(path: Path, answers: pd.DataFrame) -> pd.DataFrame:
    if not path.is_file():
        return pd.DataFrame(index=answers.index)
    kinds = pd.read_parquet(path)
    return kinds.set_axis(answers.index, axis="index")


def _empty(questionnaire: Questionnaire, repeat: str | None) -> pd.DataFrame:
    keys = KEYS if repeat is None else REPEAT_KEYS
    numbers = {"source_row", "position", "parent_position"}
    dtypes = {key: "Int64" if key in numbers else "str" for key in keys}
    dtypes |= {item.name: dtype_of(item.question) for item in questionnaire.answered(repeat)}
    return pd.DataFrame(columns=list(dtypes)).astype(dtypes)
