"""The year's activities, held against the plan: what took place, when, where and with whom."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.dates import DateFormatter, MonthLocator, date2num
from matplotlib.figure import Figure
from numpy.typing import NDArray

from pipeline.analysis.data import Dataset
from pipeline.analysis.drawing import labelled_field, unless_counting
from pipeline.analysis.framing import joined
from pipeline.analysis.style import BLUE, LEADING, SOFT
from pipeline.analysis.table import Column, Kind, Table

FORM = "activity_record"
_PLAN_COLUMNS = ("plan_id", "activity_kind", "city", "planned_month", "planned_until", "number")


@dataclass(frozen=True)
class Activities:
    """The plan and the records of what took place.

    Attributes:
        dataset: of `activity_record`.
        plan: one row a planned activity or series: plan_id, activity_kind, city (choice names),
            starts and ends (first and last day planned), number (of sessions), topic (in words).
        held: one row a session that took place: response_id, plan_id (NA where unplanned),
            activity_kind, city, date.
    """

    dataset: Dataset
    plan: pd.DataFrame
    held: pd.DataFrame

    def kind_labels(self) -> dict[str, str]:
        """Kind of activity -> its label."""
        return self.dataset.choice_labels("activity_kind")

    def city_labels(self) -> dict[str, str]:
        """City -> its label."""
        return self.dataset.choice_labels("activity_city")


def read_plan(path: Path, language: str) -> pd.DataFrame:
    """Read the plan of activities; columns as in `Activities.plan`.

    Raises:
        ValueError: a column is absent.
    """
    raw = pd.read_csv(path, dtype=str)
    topic = f"topic_{language.lower().replace('-', '_')}"
    if absent := [name for name in _PLAN_COLUMNS if name not in raw]:
        raise ValueError(f"{path.name}: columns are absent: {', '.join(absent)}")
    last_month = pd.to_datetime(raw["planned_until"], format="%Y-%m")
    return pd.DataFrame(
        {
            "plan_id": raw["plan_id"],
            "activity_kind": raw["activity_kind"],
            "city": raw["city"],
            "starts": pd.to_datetime(raw["planned_month"], format="%Y-%m"),
            "ends": last_month + pd.offsets.MonthEnd(0),
            "number": raw["number"].astype("Int64"),
            "topic": raw[topic] if topic in raw else raw["topic_en"],
        }
    )


def held_sessions(dataset: Dataset) -> pd.DataFrame:
    """One row a session that took place; two records of the same session count once."""
    named = {
        "plan_id": "plan_id",
        "session_number": "session",
        "activity_kind": "activity_kind",
        "activity_city": "city",
        "interview_date": "date",
    }
    held = pd.DataFrame({new: dataset.answers(old) for old, new in named.items()})
    held.insert(0, "response_id", dataset.main["response_id"])
    planned = held[held["plan_id"].notna()].drop_duplicates(["plan_id", "session"])
    return pd.concat([planned, held[held["plan_id"].isna()]]).drop(columns="session").sort_index()


def open_activities(dataset: Dataset, plan: Path) -> Activities:
    """The plan held against the records."""
    return Activities(dataset, read_plan(plan, dataset.language), held_sessions(dataset))


def plan_table(activities: Activities) -> Table:
    """A row a planned activity: how often planned, held, still to hold; then what was unplanned."""
    say, plan = activities.dataset.say, activities.plan
    held = plan["plan_id"].map(activities.held["plan_id"].value_counts()).fillna(0).astype("Int64")
    frame = pd.DataFrame(
        {
            "plan_id": plan["plan_id"],
            "topic": plan["topic"],
            "city": plan["city"].map(activities.city_labels()),
            "when": _months(plan),
            "planned": plan["number"],
            "held": held,
            "still": (plan["number"] - held).clip(lower=0),
        }
    )
    unplanned = int(activities.held["plan_id"].isna().sum())
    blank = {"plan_id": "", "city": "", "when": ""}
    extra = blank | {
        "topic": say("activities_unplanned"),
        "planned": 0,
        "held": unplanned,
        "still": 0,
    }
    total = blank | {"topic": say("activities_all"), "planned": int(plan["number"].sum())}
    total |= {"held": int(held.sum()) + unplanned, "still": int(frame["still"].sum())}
    frame = pd.concat([frame, pd.DataFrame([extra, total])], ignore_index=True)
    return Table(
        name="held_against_plan",
        title=say("activities_plan"),
        frame=frame,
        columns=(
            Column("topic", say("activities_topic")),
            Column("plan_id", say("activities_id")),
            Column("city", activities.dataset.label("activity_city")),
            Column("when", say("activities_when")),
            Column("planned", say("activities_planned"), Kind.NUMBER),
            Column("held", say("activities_held"), Kind.NUMBER),
            Column("still", say("activities_still"), Kind.NUMBER),
        ),
        base=len(activities.dataset.main),
        base_key="base_activities",
        unit=say("activities_events"),
        of_answers=False,
        forms=(FORM,),
        method=joined(
            activities.dataset.language, say("activities_plan_method"), say("activities_census")
        ),
        total_row=True,
    )


def _months(plan: pd.DataFrame) -> list[str]:
    first, last = (plan[name].dt.strftime("%Y-%m") for name in ("starts", "ends"))
    pairs = zip(first, last, strict=True)
    return [start if start == end else f"{start} – {end}" for start, end in pairs]


def counted_by(activities: Activities, by: str) -> Table:
    """Planned and held by `activity_kind` or `city`, in the order of the form's choices."""
    say = activities.dataset.say
    is_city = by == "city"
    labels = activities.city_labels() if is_city else activities.kind_labels()
    planned = activities.plan.groupby(by)["number"].sum()
    held = activities.held[by].value_counts()
    names = [name for name in labels if name in planned.index or name in held.index]
    frame = pd.DataFrame(
        {
            "label": [labels[name] for name in names],
            "planned": [int(planned.get(name, 0)) for name in names],
            "held": [int(held.get(name, 0)) for name in names],
        }
    )
    sums = {name: int(frame[name].sum()) for name in ("planned", "held")}
    total = pd.DataFrame([{"label": say("activities_all")} | sums])
    frame = pd.concat([frame, total], ignore_index=True)
    question = "activity_city" if is_city else "activity_kind"
    return Table(
        name=f"by_{'city' if is_city else 'kind'}",
        title=say("activities_by_city" if is_city else "activities_by_kind"),
        frame=frame,
        columns=(
            Column("label", activities.dataset.label(question)),
            Column("planned", say("activities_planned"), Kind.NUMBER),
            Column("held", say("activities_held"), Kind.NUMBER),
        ),
        base=len(activities.dataset.main),
        base_key="base_activities",
        wording=activities.dataset.label(question),
        unit=say("activities_events"),
        of_answers=False,
        forms=(FORM,),
        method=say("activities_census"),
        missing=_missing(activities.dataset, question),
        total_row=True,
    )


def participants_table(activities: Activities) -> Table:
    """Persons and activities by kind of participant, most persons first."""
    dataset = activities.dataset
    labels = dataset.choice_labels("participant_kind")
    rows = pd.DataFrame(
        {
            "kind": dataset.answers("participant_kind"),
            "persons": dataset.answers("participant_count"),
            "response_id": dataset.repeats["participants"]["response_id"],
        }
    ).dropna(subset=["kind", "persons"])
    grouped = rows.groupby("kind").agg(
        persons=("persons", "sum"), events=("response_id", "nunique")
    )
    grouped = grouped.sort_values(["persons", "events"], ascending=False, kind="stable")
    frame = pd.DataFrame(
        {
            "label": [labels.get(str(name), str(name)) for name in grouped.index],
            "persons": grouped["persons"].to_numpy(),
            "events": grouped["events"].to_numpy(),
        }
    )
    return Table(
        name="participants",
        title=dataset.say("activities_participants"),
        frame=frame,
        columns=(
            Column("label", dataset.label("participant_kind")),
            Column("persons", dataset.say("activities_persons_head"), Kind.NUMBER),
            Column("events", dataset.say("activities_events_head"), Kind.NUMBER),
        ),
        base=int(rows["response_id"].nunique()),
        base_key="base_activities",
        wording=dataset.label("participant_count"),
        unit=dataset.say("activities_persons"),
        forms=(FORM,),
        questions=("participant_kind", "participant_count"),
        method=dataset.say("activities_participants_method"),
        missing=_missing(dataset, "participant_count"),
    )


def follow_up_table(activities: Activities) -> Table:
    """Tasks agreed, by who carries them out, with the first and the last day they are due."""
    dataset = activities.dataset
    labels = dataset.choice_labels("follow_up_who")
    rows = pd.DataFrame(
        {"who": dataset.answers("follow_up_who"), "due": dataset.answers("follow_up_due")}
    ).dropna(subset=["who"])
    grouped = rows.groupby("who")["due"].agg(["size", "min", "max"]).reindex(list(labels)).dropna()
    frame = pd.DataFrame(
        {
            "label": [labels[str(name)] for name in grouped.index],
            "tasks": grouped["size"].astype("Int64").to_numpy(),
            "first": grouped["min"].to_numpy(),
            "last": grouped["max"].to_numpy(),
        }
    )
    return Table(
        name="follow_up",
        title=dataset.say("activities_follow_up_who"),
        frame=frame,
        columns=(
            Column("label", dataset.label("follow_up_who")),
            Column("tasks", dataset.say("activities_tasks"), Kind.NUMBER),
            Column("first", dataset.say("activities_first_due"), Kind.DATE),
            Column("last", dataset.say("activities_last_due"), Kind.DATE),
        ),
        base=len(rows),
        base_key="base_tasks",
        wording=dataset.label("follow_up_who"),
        unit=dataset.say("activities_tasks"),
        forms=(FORM,),
        questions=("follow_up_who",),
        method=dataset.say("activities_census"),
        missing=_missing(dataset, "follow_up_who"),
    )


def _missing(dataset: Dataset, question: str) -> dict[str, int]:
    return {
        dataset.say(kind.value): count for kind, count in dataset.missing_counts(question).items()
    }


@unless_counting
def timeline(activities: Activities) -> Figure:
    """When each activity was planned (bars) and held (dots, open where outside the bar)."""
    table = plan_table(activities)
    rows = list(range(len(activities.plan)))
    labels, figure, axes = labelled_field(table, rows)
    plan = activities.plan
    starts, ends = _days(plan["starts"]), _days(plan["ends"])
    axes.barh(rows, ends - starts + 1, left=starts, height=0.5, color=BLUE, alpha=0.22)
    held = activities.held.dropna(subset=["plan_id", "date"])
    places = plan.reset_index(drop=True).reset_index().set_index("plan_id")["index"]
    rows_held = held["plan_id"].map(places).dropna().astype(int)
    days = _days(held.loc[rows_held.index, "date"])
    inside = (days >= starts[rows_held]) & (days <= ends[rows_held])
    axes.scatter(days[inside], rows_held[inside], s=52, color=BLUE, zorder=3)
    axes.scatter(days[~inside], rows_held[~inside], s=52, fc="white", ec=BLUE, zorder=3)
    axes.set_yticks(rows, labels, linespacing=LEADING)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MonthLocator(interval=2))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%Y-%m"))  # type: ignore[no-untyped-call]
    axes.tick_params(axis="both", length=0, labelcolor=SOFT)
    axes.grid(axis="x", color="#e3e7ea", linewidth=0.8)
    axes.set_axisbelow(True)
    return figure


def _days(moments: pd.Series) -> NDArray[np.float64]:
    """Matplotlib's day numbers."""
    return np.asarray(date2num(moments), dtype=np.float64)  # type: ignore[no-untyped-call]
