"""Stage fieldwork checks: what looks odd about an interview, as a query to the field.

None of them changes an answer, and none is a proof: each is a reason to ask.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Bools, Finding, rows_where
from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.cleaning.issues import issues_of
from pipeline.cleaning.process import Cleaned
from pipeline.cleaning.soft_duplicates import Alike, soft_duplicates
from pipeline.questionnaire.model import Item, Questionnaire
from pipeline.questionnaire.types import Filled, Storage
from pipeline.responses import Action, Issue, issues_frame, join_issues
from pipeline.study import Period, Roles, Settings

STAGE = "fieldwork_checks"
Floats = npt.NDArray[np.float64]
_MAD_TO_SD = 1.4826


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is odd.

    Attributes:
        deviations: distance from the median, in standard deviations as the median absolute
            deviation estimates them, on the log scale.
        least: least number of values that a median is taken of.
        battery: least number of questions in a row, with one choice list, that are called a
            battery.
        alike: when two responses are nearly the same.
    """

    deviations: float = 4.0
    least: int = 20
    battery: int = 6
    alike: Alike = field(default_factory=Alike)


@dataclass(frozen=True, eq=False)
class Interviews:
    """The responses to one form, and what the study says about its fieldwork."""

    main: pd.DataFrame
    missing: pd.DataFrame
    form: Questionnaire
    roles: Roles
    period: Period | None
    timezone: str

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

    def usable(self, name: str) -> pd.Series:
        """A question's answers, missing where they stand for a missing kind."""
        return self.main[name].mask(self.missing[name].notna())


Check = Callable[[Interviews, Limits], Iterator[Finding]]


def fieldwork_checks(
    cleaned: Cleaned,
    questionnaire: Questionnaire,
    settings: Settings,
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Everything that looks odd about the interviews of one form.

    Args:
        cleaned: its responses.
        questionnaire: the form.
        settings: of the study; its `roles` and `fieldwork` decide what can be looked at.
        limits: from where on something is odd.

    Returns:
        `responses.ISSUE_COLUMNS`, action `queried`.
    """
    name = questionnaire.form_id
    interviews = Interviews(
        cleaned.main,
        cleaned.missing,
        questionnaire,
        settings.roles.get(name, Roles()),
        settings.fieldwork.get(name),
        settings.timezone,
    )
    given = limits or Limits()
    batch = Batch(questionnaire, {MAIN: cleaned.main}, aside=np.zeros(len(cleaned.main), bool))
    found = batch.adding(findings=[one for check in CHECKS for one in check(interviews, given)])
    return join_issues([issues_of(found, None), _nearly_the_same(interviews, given)])


def minutes(interviews: Interviews) -> pd.Series:
    """How long each interview took; missing where start or end is."""
    ends = [_moment(interviews, which) for which in ("start", "end")]
    if ends[0] is None or ends[1] is None:
        return pd.Series(np.nan, index=interviews.main.index)
    took: pd.Series = (ends[1] - ends[0]).dt.total_seconds() / 60
    return took


def _moment(interviews: Interviews, which: str) -> pd.Series | None:
    """Start or end: the question that has the role, else the one that the device fills in."""
    devices = [item.name for item in interviews.form.answered() if item.question.type == which]
    named = getattr(interviews.roles, which)
    name = next((one for one in (named, *devices) if one in interviews.main), None)
    if name is None:
        return None
    column = interviews.main[name]
    storage = interviews.form.by_name[name].question.storage
    if storage is Storage.TIME:
        clock: pd.Series = pd.to_timedelta(column)
        return clock
    return column if storage is Storage.DATETIME else None


def durations(interviews: Interviews, limits: Limits) -> Iterator[Finding]:
    """Interviews that ended before they began, and much shorter or longer ones than the others."""
    took = minutes(interviews).to_numpy(dtype=float, na_value=np.nan)
    yield _query("end_before_start", took < 0, None, "end < start")
    away = _away(np.where(took > 0, took, np.nan), limits)
    yield _query("short_interview", away < -limits.deviations, None, "duration")
    yield _query("long_interview", away > limits.deviations, None, "duration")


def outliers(interviews: Interviews, limits: Limits) -> Iterator[Finding]:
    """Numbers far from the others, on the log scale; zeros and negative numbers have none."""
    for item in interviews.by_person:
        if item.question.storage in {Storage.INTEGER, Storage.DECIMAL}:
            numbers = interviews.usable(item.name).to_numpy(dtype=float, na_value=np.nan)
            away = _away(np.where(numbers > 0, numbers, np.nan), limits)
            yield _query("outlier", np.abs(away) > limits.deviations, item.name, "median and MAD")


def _away(amounts: Floats, limits: Limits) -> Floats:
    """Distance of each value from the median, in robust standard deviations of the logarithms."""
    logs = np.log(amounts)
    known = logs[~np.isnan(logs)]
    if len(known) < limits.least:
        return np.full(len(amounts), np.nan)
    middle = np.median(known)
    spread = float(np.median(np.abs(known - middle))) * _MAD_TO_SD
    return (logs - middle) / spread if spread > 0 else np.full(len(amounts), np.nan)


def straight_lines(interviews: Interviews, limits: Limits) -> Iterator[Finding]:
    """Batteries of questions answered all alike."""
    for battery in batteries(interviews.by_person, limits.battery):
        answers = [interviews.usable(name) for name in battery]
        first = answers[0]
        same = np.ones(len(first), bool)
        for other in answers[1:]:
            same &= (other == first).fillna(False).to_numpy(dtype=bool)  # noqa: FBT003 - pandas'
        yield _query("straight_line", same, battery[0], f"{battery[0]} to {battery[-1]}")


def batteries(items: tuple[Item, ...], least: int) -> list[tuple[str, ...]]:
    """Questions one after the other, in one group and with one choice list."""
    found: list[list[str]] = []
    before: tuple[tuple[str, ...], str] | None = None
    for item in items:
        own = (item.path, item.question.type)
        is_choice = item.question.storage is Storage.SELECT_ONE and item.question.list_name
        if is_choice and own == before:
            found[-1].append(item.name)
        elif is_choice:
            found.append([item.name])
        before = own if is_choice else None
    return [tuple(names) for names in found if len(names) >= least]


def outside_fieldwork(interviews: Interviews, _limits: Limits) -> Iterator[Finding]:
    """Interviews on a day on which the form was not in the field."""
    name, period = interviews.roles.date, interviews.period
    if name is None or period is None or name not in interviews.main:
        return
    days = interviews.main[name]
    if not pd.api.types.is_datetime64_any_dtype(days.dtype):
        return
    if isinstance(days.dtype, pd.DatetimeTZDtype):
        days = days.dt.tz_convert(interviews.timezone).dt.tz_localize(None)
    days = days.dt.floor("D")
    inside = days.between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    odd = (~inside & days.notna()).to_numpy(dtype=bool)
    yield _query("outside_fieldwork", odd, name, "fieldwork")


CHECKS: tuple[Check, ...] = (durations, outliers, straight_lines, outside_fieldwork)


def _query(code: str, odd: "Bools | npt.NDArray[np.bool_]", name: str | None, rule: str) -> Finding:
    return Finding(code, MAIN, rows_where(odd), name, rule, Action.QUERIED, stage=STAGE)


def _nearly_the_same(interviews: Interviews, limits: Limits) -> pd.DataFrame:
    """One issue for each response that is nearly the same as another; it names the other's key."""
    main = interviews.main
    pairs = soft_duplicates(main[[item.name for item in interviews.by_person]], limits.alike)
    ids, files = main["response_id"].tolist(), main["source_file"].tolist()
    numbers = pairs[["first", "second", "compared", "equal"]].to_numpy().tolist()
    return issues_frame(
        Issue(
            response_id=ids[here],
            question=None,
            code="soft_duplicate",
            rule=f"{limits.alike.share:.0%} equal",
            severity=ISSUE_CODES["soft_duplicate"].severity,
            action=Action.QUERIED,
            stage=STAGE,
            source_file=files[here],
            message=f"{equal} of {compared} answers are those of response {ids[there]}.",
        )
        for first, second, compared, equal in numbers
        for here, there in ((first, second), (second, first))
    )


def by_interviewer(cleaned: Cleaned, questionnaire: Questionnaire, roles: Roles) -> pd.DataFrame:
    """How the interviewers' interviews compare.

    Args:
        cleaned: the responses.
        questionnaire: the form.
        roles: which question is the interviewer.

    Returns:
        One row an interviewer, in the order of their codes: interviewer, responses,
        median_minutes, missing_share (not answered, of the questions asked) and dont_know_share
        (don't know or refused, of those asked). Empty without the role.
    """
    columns = ("interviewer", "responses", "median_minutes", "missing_share", "dont_know_share")
    name = roles.interviewer
    if name is None or name not in cleaned.main:
        return pd.DataFrame(columns=list(columns))
    interviews = Interviews(cleaned.main, cleaned.missing, questionnaire, roles, None, "UTC")
    kinds = cleaned.missing[[item.name for item in interviews.by_person]]
    asked = sum((kinds[one] != "not_asked").fillna(True).astype(int) for one in kinds)  # noqa: FBT003
    lacking = sum((kinds[one] == "not_answered").astype(int) for one in kinds)
    unsure = sum(kinds[one].isin(["dont_know", "refused"]).astype(int) for one in kinds)
    frame = pd.DataFrame(
        {
            "interviewer": cleaned.main[name],
            "minutes": minutes(interviews),
            "asked": asked,
            "lacking": lacking,
            "unsure": unsure,
        }
    )
    groups = frame.groupby("interviewer", observed=True)
    total = groups[["asked", "lacking", "unsure"]].sum()
    return pd.DataFrame(
        {
            "responses": groups.size(),
            "median_minutes": groups["minutes"].median(),
            "missing_share": total["lacking"] / total["asked"],
            "dont_know_share": total["unsure"] / total["asked"],
        }
    ).reset_index()[list(columns)]
