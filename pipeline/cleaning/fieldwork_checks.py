"""Fieldwork checks: what looks odd about an interview, as a query to the field.

None of them changes an answer, and none is a proof: each is a reason to ask. From where on
something is odd stands in study.yaml under `checks`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Finding
from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.cleaning.interviewers import interviewers_apart
from pipeline.cleaning.interviews import (
    STAGE,
    Check,
    Floats,
    Interviews,
    interview_days,
    minutes,
    query,
)
from pipeline.cleaning.issues import issues_of
from pipeline.cleaning.locations import far_from_place
from pipeline.cleaning.process import Cleaned
from pipeline.cleaning.rowed import Rowed, along
from pipeline.cleaning.soft_duplicates import Alike, soft_duplicates
from pipeline.questionnaire.model import Item, Questionnaire
from pipeline.questionnaire.types import Storage
from pipeline.responses import Action, Issue, issues_frame, join_issues
from pipeline.settings import Checks, Roles, Settings

_MAD_TO_SD = 1.4826
_MEAN_AD_TO_SD = 1.2533


@dataclass(frozen=True, eq=False)
class Around:
    """What the checks know from elsewhere than the answers.

    Attributes:
        frame_ids: keys of the sampling frame.
        active_minutes: by response_id, out of ODK's audit logs.
        places: where answers stood in workbooks, as `Responses.places`.
    """

    frame_ids: frozenset[str] | None = None
    active_minutes: "pd.Series[float] | None" = None
    places: pd.DataFrame | None = None


def fieldwork_checks(
    cleaned: Cleaned,
    questionnaire: Questionnaire,
    settings: Settings,
    around: Around | None = None,
) -> pd.DataFrame:
    """Everything that looks odd about the interviews of one form.

    Args:
        cleaned: its responses.
        questionnaire: the form.
        settings: of the study; `roles`, `fieldwork` and `frame` decide what can be looked at,
            `checks` from where on it is odd.
        around: what is known beside the answers.

    Returns:
        `responses.ISSUE_COLUMNS`, action `queried`.
    """
    known = around or Around()
    interviews = interviews_of(cleaned.main, cleaned.missing, questionnaire, settings, known)
    batch = Batch(questionnaire, {MAIN: cleaned.main}, aside=np.zeros(len(cleaned.main), bool))
    told = issues_of(batch.adding(findings=odd(interviews, settings.checks)), known.places)
    return join_issues([told, nearly_the_same(interviews, settings.checks).frame])


def interviews_of(
    main: pd.DataFrame,
    missing: pd.DataFrame,
    questionnaire: Questionnaire,
    settings: Settings,
    known: Around,
) -> Interviews:
    """The interviews of one form, with what the study says of them."""
    name = questionnaire.form_id
    return Interviews(
        main,
        missing,
        questionnaire,
        settings.roles.get(name, Roles()),
        settings.fieldwork.get(name),
        settings.timezone,
        known.frame_ids,
        settings.frame.id if settings.frame else None,
        known.active_minutes,
    )


def odd(interviews: Interviews, limits: Checks) -> list[Finding]:
    """What each check has found."""
    return [one for check in CHECKS for one in check(interviews, limits)]


def with_queries(
    cleaned: Cleaned,
    questionnaire: Questionnaire,
    settings: Settings,
    around: Around | None = None,
) -> Cleaned:
    """The same responses, with the queries of `fieldwork_checks` among their issues."""
    queries = fieldwork_checks(cleaned, questionnaire, settings, around)
    return replace(cleaned, issues=join_issues([cleaned.issues, queries]))


def durations(interviews: Interviews, limits: Checks) -> Iterator[Finding]:
    """Interviews that ended before they began, and much shorter or longer ones than the others.

    Where ODK's audit logs came back, the time in which the form was open is looked at too: an
    interview left open over lunch is long between start and end alone.
    """
    took = minutes(interviews).to_numpy(dtype=float, na_value=np.nan)
    yield query("end_before_start", took < 0, None, "end < start")
    yield from _odd_lengths(took, "start to end", limits)
    if interviews.active_minutes is not None:
        active = interviews.main["response_id"].map(interviews.active_minutes)
        yield from _odd_lengths(active.to_numpy(dtype=float, na_value=np.nan), "audit", limits)


def _odd_lengths(took: npt.NDArray[Any], rule: str, limits: Checks) -> Iterator[Finding]:
    away = _away(np.where(took > 0, took, np.nan), limits.least_values, halves=True)
    yield query("short_interview", away < -limits.duration_deviations, None, rule)
    yield query("long_interview", away > limits.duration_deviations, None, rule)


def outliers(interviews: Interviews, limits: Checks) -> Iterator[Finding]:
    """Numbers far from the others, on the log scale; zeros and negative numbers have none."""
    for item in interviews.by_person:
        if item.question.storage in {Storage.INTEGER, Storage.DECIMAL}:
            numbers = interviews.numbers(item.name)
            amounts = np.where(numbers > 0, numbers, np.nan)
            away = _away(amounts, limits.least_values)
            logs = pd.Series(np.log(amounts))
            times = (logs - logs.median()).abs().to_numpy()
            odd = (np.abs(away) > limits.deviations) & (times >= np.log(limits.times_the_median))
            yield query("outlier", odd, item.name, "median, log scale")


def _away(amounts: npt.NDArray[Any], least: int, *, halves: bool = False) -> Floats:
    """Distance of each value from the median, in robust standard deviations of the logarithms.

    Args:
        amounts: positive numbers, NaN where there is none.
        least: least number of values that a median is taken of.
        halves: values below and above the median each have a spread of their own.

    Source: Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers: median absolute
    deviation, and the mean absolute deviation where more than half of the values are the same;
    for halves, Rosenmai (2013), Using the Median Absolute Deviation to Find Outliers.
    """
    logs = np.log(amounts)
    known = logs[~np.isnan(logs)]
    if len(known) < least:
        return np.full(len(amounts), np.nan)
    middle = np.median(known)
    away = known - middle
    below, above = (away[away <= 0], away[away >= 0]) if halves else (away, away)
    spread = np.where(logs < middle, _spread(below), _spread(above))
    return np.asarray((logs - middle) / np.where(spread > 0, spread, np.nan), dtype=np.float64)


def _spread(away: npt.NDArray[Any]) -> float:
    """A standard deviation as the median absolute deviation estimates it, else the mean one."""
    median = float(np.median(np.abs(away))) * _MAD_TO_SD
    return median if median > 0 else float(np.mean(np.abs(away))) * _MEAN_AD_TO_SD


def same_day(interviews: Interviews, limits: Checks) -> Iterator[Finding]:
    """Dates that are the day of the interview, in a question where hardly any is."""
    days = interview_days(interviews)
    for item in interviews.by_person:
        if days is None or item.question.storage is not Storage.DATE:
            continue
        given = interviews.usable(item.name)
        same = (given == days).fillna(value=False).to_numpy(dtype=bool)
        if same.sum() <= limits.same_day_share * given.notna().sum():
            yield query("same_day", same, item.name, "day of the interview")


def straight_lines(interviews: Interviews, limits: Checks) -> Iterator[Finding]:
    """Batteries of questions answered all alike."""
    for battery in batteries(interviews.by_person, limits.battery):
        first = interviews.usable(battery[0])
        same = np.ones(len(first), bool)
        for name in battery[1:]:  # no more than two of them in memory
            same &= (interviews.usable(name) == first).fillna(False).to_numpy(dtype=bool)  # noqa: FBT003 - pandas'
        yield query("straight_line", same, battery[0], f"{battery[0]} to {battery[-1]}")


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


def outside_fieldwork(interviews: Interviews, _limits: Checks) -> Iterator[Finding]:
    """Interviews on a day on which the form was not in the field."""
    days, period = interviews.role(interviews.roles.date), interviews.period
    if days is None or period is None or not pd.api.types.is_datetime64_any_dtype(days.dtype):
        return
    if isinstance(days.dtype, pd.DatetimeTZDtype):
        days = days.dt.tz_convert(interviews.timezone).dt.tz_localize(None)
    days = days.dt.floor("D")
    inside = days.between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    odd = (~inside & days.notna()).to_numpy(dtype=bool)
    yield query("outside_fieldwork", odd, interviews.roles.date, "fieldwork")


def outside_frame(interviews: Interviews, _limits: Checks) -> Iterator[Finding]:
    """Interviews of somebody who is not in the sampling frame."""
    keys = interviews.role(interviews.frame_question)
    if keys is None or interviews.frame_ids is None:
        return
    odd = (keys.notna() & ~keys.isin(list(interviews.frame_ids))).to_numpy(dtype=bool)
    yield query("outside_frame", odd, interviews.frame_question, "frame")


CHECKS: tuple[Check, ...] = (
    durations,
    outliers,
    same_day,
    straight_lines,
    outside_fieldwork,
    outside_frame,
    far_from_place,
    interviewers_apart,
)


def nearly_the_same(interviews: Interviews, limits: Checks) -> Rowed:
    """One issue for each response that is nearly the same as another; it names the other's key."""
    main = interviews.main
    alike = Alike(share=limits.alike_share, compared=limits.alike_questions)
    pairs = soft_duplicates((main[item.name] for item in interviews.by_person), alike)
    if pairs.empty:
        return Rowed(issues_frame(), np.zeros(0, np.int64))
    ids, files = main["response_id"], main["source_file"]
    numbers = pairs[["first", "second", "compared", "equal"]].to_numpy().tolist()
    told = [
        (here, there, compared, equal)
        for first, second, compared, equal in numbers
        for here, there in ((first, second), (second, first))
    ]
    frame = issues_frame(
        Issue(
            response_id=ids.iloc[here],
            question=None,
            code="soft_duplicate",
            rule=f"{alike.share:.0%} equal",
            severity=ISSUE_CODES["soft_duplicate"].severity,
            action=Action.QUERIED,
            stage=STAGE,
            source_file=files.iloc[here],
            message=f"{equal} of {compared} answers are those of response {ids.iloc[there]}.",
        )
        for here, there, compared, equal in told
    )
    return along(frame, np.array([here for here, *_ in told], dtype=np.int64))
