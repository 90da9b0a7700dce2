"""The interviews of one form as the checks of fieldwork see them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.cleaning.batch import MAIN, Bools, Finding, rows_where
from pipeline.questionnaire.model import Item, Questionnaire
from pipeline.questionnaire.types import Filled, Storage
from pipeline.responses import Action
from pipeline.settings import Checks, Period, Roles

STAGE = "fieldwork_checks"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Interviews:
    """The responses to one form, and what the study says about its fieldwork.

    Attributes:
        main: one row a response that was not set aside, typed.
        missing: the same rows, `MissingKind` of each answer.
        frame_ids: keys of the sampling frame; None without one.
        frame_question: the question that holds such a key.
        active_minutes: how long the form was worked on, by response_id, out of ODK's audit logs.
    """

    main: pd.DataFrame
    missing: pd.DataFrame
    form: Questionnaire
    roles: Roles
    period: Period | None = None
    timezone: str = "UTC"
    frame_ids: frozenset[str] | None = None
    frame_question: str | None = None
    active_minutes: "pd.Series[float] | None" = None

    @property
    def by_person(self) -> tuple[Item, ...]:
        """Questions of the main table that a person answers, but those about the interview."""
        about = set(self.roles.model_dump().values())
        return tuple(
            item
            for item in self.form.answered()
            if item.question.row.filled is Filled.PERSON
            and item.name not in about
            and item.name in self.main
        )

    def usable(self, name: str) -> "pd.Series[Any]":
        """A question's answers, missing where they stand for a missing kind."""
        return self.main[name].mask(self.missing[name].notna())

    def numbers(self, name: str) -> Floats:
        """A question's usable answers as numbers, NaN where there is none."""
        return self.usable(name).to_numpy(dtype=float, na_value=np.nan)

    def role(self, name: str | None) -> "pd.Series[Any] | None":
        """The answers to the question that plays a part; None where none does."""
        return self.main[name] if name is not None and name in self.main else None


Check = Callable[[Interviews, Checks], Iterator[Finding]]
"""Looks at all interviews; tells which rows are odd."""


def query(code: str, odd: Bools, name: str | None, rule: str) -> Finding:
    """A question to the field about the rows that are odd."""
    return Finding(code, MAIN, rows_where(odd), name, rule, Action.QUERIED, stage=STAGE)


def minutes(interviews: Interviews) -> "pd.Series[float]":
    """How long each interview took; missing where start or end is."""
    ends = [_moment(interviews, which) for which in ("start", "end")]
    if ends[0] is None or ends[1] is None:
        return pd.Series(np.nan, index=interviews.main.index)
    took: pd.Series[float] = (ends[1] - ends[0]).dt.total_seconds() / 60
    return took


def _moment(interviews: Interviews, which: str) -> "pd.Series[Any] | None":
    """Start or end: the question that has the role, else the one that the device fills in."""
    devices = [item.name for item in interviews.form.answered() if item.question.type == which]
    named = getattr(interviews.roles, which)
    name = next((one for one in (named, *devices) if one in interviews.main), None)
    if name is None:
        return None
    column = interviews.main[name]
    storage = interviews.form.by_name[name].question.storage
    if storage is Storage.TIME:
        clock: pd.Series[Any] = pd.to_timedelta(column)
        return clock
    return column if storage is Storage.DATETIME else None


def interview_days(interviews: Interviews) -> "pd.Series[Any] | None":
    """The day of each interview: the question of type `today`, else that with the role `date`."""
    devices = [item.name for item in interviews.form.answered() if item.question.type == "today"]
    days = interviews.role(next(iter(devices), None))
    days = interviews.role(interviews.roles.date) if days is None else days
    if days is None or not pd.api.types.is_datetime64_any_dtype(days.dtype):
        return None
    if isinstance(days.dtype, pd.DatetimeTZDtype):
        days = days.dt.tz_convert(interviews.timezone).dt.tz_localize(None)
    floor: pd.Series[Any] = days.dt.floor("D")
    return floor
