"""The form's expressions over the frames of a batch, each read once and worked out for all rows."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Bools
from pipeline.errors import SurveyError
from pipeline.expression.infer import kind_of
from pipeline.expression.kinds import Kind
from pipeline.expression.parse import parse, references
from pipeline.expression.table import Table, link
from pipeline.expression.to_pandas import truth
from pipeline.expression.tree import Current, Expression, walk
from pipeline.questionnaire.model import Choice, Questionnaire, words
from pipeline.questionnaire.types import Storage
from pipeline.responses import Issue, issues_frame
from pipeline.settings import Roles

KINDS: Mapping[Storage, Kind] = {
    Storage.INTEGER: Kind.INTEGER,
    Storage.DECIMAL: Kind.DECIMAL,
    Storage.TEXT: Kind.TEXT,
    Storage.DATE: Kind.DATE,
    Storage.DATETIME: Kind.DATETIME,
    Storage.TIME: Kind.TIME,
    Storage.SELECT_ONE: Kind.SELECT_ONE,
    Storage.SELECT_MULTIPLE: Kind.SELECT_MULTIPLE,
    Storage.GEO: Kind.OTHER,
    Storage.FILE: Kind.OTHER,
}
_EPOCH = dt.date(1970, 1, 1)

cached_parse = lru_cache(maxsize=10_000)(parse)


@dataclass(frozen=True, slots=True)
class Clock:
    """What `today()` and times without a zone rest on.

    Attributes:
        roles: which question holds the day and the start of the interview.
        timezone: of the study.
    """

    roles: Roles = field(default_factory=Roles)
    timezone: str = "UTC"


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a rule says of each row.

    Attributes:
        holds: whether it is true.
        unknown: rows where it cannot be known, because a question that it names has no column in
            the returned file; None: it is known everywhere.
    """

    holds: Bools
    unknown: Bools | None = None


@dataclass
class Engine:
    """Works out rules over a batch.

    Attributes:
        batch: the frames; `put` lets rules see other columns.
        clock: for `today()`.
        unchecked: (question, rule) -> why it could not be worked out.
    """

    batch: Batch
    clock: Clock
    unchecked: dict[tuple[str, str], str] = field(default_factory=dict)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The frames as expressions see them, by repeat."""
        batch, form = self.batch, self.batch.questionnaire
        kinds = kinds_of(form)
        frame = self._seen(MAIN)
        main = Table(
            frame,
            kinds,
            _EPOCH,
            children={},
            lists=Lists(form),
            list_of={item.name: item.question.list_name or "" for item in form.items},
            above={item.name: item.path for item in form.items},
            days=days_of(batch, self.clock),
        )
        repeats = {
            name: (
                self._seen(name),
                item.parent or MAIN,
                batch.parent[name],
            )
            for name, item in form.repeats.items()
        }
        return link(main, repeats, kinds)

    def _seen(self, table: str) -> pd.DataFrame:
        frame = seen(self.batch.frames[table], self.clock.timezone)
        timed = self.timed & set(map(str, frame.columns))
        return frame.assign(**{name: as_moments(frame[name]) for name in sorted(timed)})

    @cached_property
    def timed(self) -> frozenset[str]:
        """Calculations kept as text that give a date: rules reckon with it as with an answer."""
        kinds = kinds_of(self.batch.questionnaire)
        for item in self.batch.questionnaire.items:
            rule = item.question.calculation
            if rule and item.question.storage is Storage.TEXT:
                kinds[item.name] = kind_of(cached_parse(rule), kinds)
        by_name = {item.name: item for item in self.batch.questionnaire.items}
        return frozenset(
            name
            for name, kind in kinds.items()
            if kind is Kind.DATE and by_name[name].question.storage is Storage.TEXT
        )

    def put(self, table: str, columns: Mapping[str, Any]) -> None:
        """Let rules see other columns of a table; the batch stays as it is."""
        frame = self.tables[table].frame
        for name, values in columns.items():
            frame[name] = values
            if name in self.timed:
                frame[name] = as_moments(frame[name])

    def truth(self, rule: str, table: str, name: str, kind: str) -> Outcome | None:
        """What a rule says of each row of a table; None where it cannot be worked out.

        Args:
            rule: its text.
            table: where the question stands.
            name: the question, group or repeat that it belongs to.
            kind: XLSForm's word for the rule.
        """
        try:
            expression = cached_parse(rule)
            return Outcome(
                truth(expression, self.tables[table], name), self.unknown(expression, table, name)
            )
        except SurveyError as error:
            self.unchecked[name, kind] = error.problems[0].message
            return None

    def unknown(self, expression: Expression, table: str, name: str) -> Bools | None:
        """Rows whose file has no column for a question that an expression names."""
        absent = self.batch.absent
        if not absent:
            return None
        named = {name for name in references(expression) if name in absent}
        if name in absent and any(isinstance(node, Current) for node in walk(expression)):
            named.add(name)
        flags = [self.batch.spread(absent[one], table) for one in sorted(named)]
        return np.logical_or.reduce(flags) if flags else None

    def notes(self, stage: str) -> Iterator[pd.DataFrame]:
        """One issue for each rule that could not be worked out."""
        for (name, kind), message in self.unchecked.items():
            issue = Issue(None, name, "rule_not_checked", kind, stage=stage, message=message)
            yield issues_frame([issue])


def seen(frame: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """The frame with its moments as wall clock times of the study."""
    zoned = [name for name in frame if isinstance(frame[name].dtype, pd.DatetimeTZDtype)]
    local = {name: frame[name].dt.tz_convert(timezone).dt.tz_localize(None) for name in zoned}
    return frame.assign(**{str(name): column for name, column in local.items()})


def as_moments(texts: pd.Series) -> pd.Series:
    """Dates as ODK writes them; what is no date is blank in its row, whatever the others hold."""
    return pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")


def kinds_of(form: Questionnaire) -> dict[str, Kind]:
    """Kind of each question that has an answer."""
    answered = (item for item in form.items if item.question.has_answer)
    return {item.name: KINDS[item.question.storage] for item in answered}


@dataclass(frozen=True, eq=False)
class Lists(Mapping[str, pd.DataFrame]):
    """Choice lists and files of choices as expressions see them, made when they are asked for.

    A list has the columns name, label and its further ones; a file its own.
    """

    form: Questionnaire
    made: dict[str, pd.DataFrame] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.made:
            choices = self.form.choices.get(name)
            self.made[name] = (
                pd.DataFrame(list(self.form.files[name]), dtype="str")
                if choices is None
                else frame_of(choices, self.form.default_language)
            )
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.form.files, **self.form.choices})

    def __len__(self) -> int:
        return len({**self.form.files, **self.form.choices})


def frame_of(choices: Sequence[Choice], language: str) -> pd.DataFrame:
    """Choices as a frame: name, label in a language, and their further columns."""
    further = dict.fromkeys(column for choice in choices for column in choice.columns)
    columns = {
        **{column: [choice.columns.get(column) for choice in choices] for column in further},
        "name": [choice.name for choice in choices],
        "label": [words(choice.label, language, choice.name) for choice in choices],
    }
    return pd.DataFrame(columns, dtype="str")


def days_of(batch: Batch, clock: Clock) -> pd.Series:
    """The day of each response.

    It is that of a question of type `today`, else the day of the interview, else that of its start,
    else the day on which the response was received.
    """
    main = batch.main
    found = pd.Series(pd.NaT, index=main.index, dtype="datetime64[us]")
    for name in (*_of_type(batch, "today"), clock.roles.date, *_of_type(batch, "start")):
        if name in main and pd.api.types.is_datetime64_any_dtype(main[name].dtype):
            found = found.fillna(_local_day(main[name], clock.timezone))
    if not found.isna().any():
        return found
    received = pd.to_datetime(main["received_at"], utc=True, errors="coerce", format="ISO8601")
    return found.fillna(_local_day(received.astype("datetime64[us, UTC]"), clock.timezone))


def _of_type(batch: Batch, name: str) -> list[str]:
    return [item.name for item in batch.items(MAIN) if item.question.type_name == name]


def _local_day(moments: pd.Series, timezone: str) -> pd.Series:
    if isinstance(moments.dtype, pd.DatetimeTZDtype):
        moments = moments.dt.tz_convert(timezone).dt.tz_localize(None)
    days: pd.Series = moments.dt.floor("D").astype("datetime64[us]")
    return days


def with_tables(engine: Engine, table: str, columns: Mapping[str, Any]) -> Table:
    """A table with further columns, which are no question's: for choice filters."""
    there = engine.tables[table]
    return replace(there, frame=there.frame.assign(**dict(columns)))
