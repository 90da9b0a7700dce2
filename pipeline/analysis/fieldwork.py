"""Fieldwork and data quality: what came back, what was wrong with it, what became of every answer.

Files, answers and issues are no people: their numbers are shown in full. Numbers of respondents
come under the threshold like everywhere else.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.analysis.data import Dataset
from pipeline.analysis.suppression import protect
from pipeline.analysis.table import Column, Kind, Table
from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.queries import About
from pipeline.questionnaire.model import MissingKind
from pipeline.responses import Action, Mode

_NOT_KNOWN = "(not known)"
_ACTIONS = ("kept", "changed", "blanked", "set_aside")


def returns_table(datasets: Sequence[Dataset]) -> Table:
    """A row a form: responses that came back, by mode, set aside and kept."""
    say = datasets[0].say
    frame = pd.DataFrame(
        [
            {
                "form": dataset.title,
                "came": len(dataset.main) + set_aside(dataset),
                "set_aside": set_aside(dataset),
                "kept": len(dataset.main),
                "refused": refused(dataset),
                "took_part": len(dataset.main) - refused(dataset),
                **{mode.value: int((dataset.main["mode"] == mode).sum()) for mode in Mode},
            }
            for dataset in datasets
        ]
    )
    frame = _with_total(frame, "form", say("total"))
    return Table(
        name="returns",
        title=say("fieldwork_returns"),
        frame=frame,
        columns=(
            Column("form", say("fieldwork_form")),
            Column("came", say("fieldwork_came"), Kind.NUMBER),
            Column("set_aside", say("fieldwork_set_aside"), Kind.NUMBER),
            Column("kept", say("fieldwork_kept"), Kind.NUMBER),
            Column("refused", say("fieldwork_refused"), Kind.NUMBER),
            Column("took_part", say("fieldwork_took_part"), Kind.NUMBER),
            *(
                Column(
                    mode.value,
                    say(f"fieldwork_{mode.value}"),
                    Kind.NUMBER,
                    group=say("fieldwork_mode"),
                )
                for mode in Mode
            ),
        ),
        unit=say("fieldwork_responses"),
        method=say("fieldwork_returns_method"),
        of_answers=False,
        total_row=True,
    )


def refused(dataset: Dataset) -> int:
    """How many did not consent; 0 where the form does not ask. Who they are is told nowhere."""
    return int((~dataset.consented).sum())


def set_aside(dataset: Dataset) -> int:
    """How many responses were set aside: copies, and those that a correction removed."""
    issues = dataset.issues
    gone = issues.loc[issues["action"] == Action.SET_ASIDE, "response_id"].dropna().unique()
    # A copy of a response that was kept is set aside under the same key: it is an issue of its own.
    copies = issues["action"].eq(Action.SET_ASIDE) & issues["code"].str.startswith("duplicate")
    kept = set(dataset.main["response_id"])
    return int(copies.sum()) + sum(1 for one in gone if one not in kept)


def frame_table(dataset: Dataset, frame_file: Path, *, question: str = "org_kind") -> Table:
    """A row a kind of organisation or a county: in the frame, planned, taken part, refused.

    Args:
        dataset: of the form whose respondents the frame lists, refusals included.
        frame_file: the sampling frame.
        question: whose choices are the rows; `org_kind`, or the question of the place.
    """
    settings = dataset.settings.frame
    is_kind = question == "org_kind"
    named = (settings.kind if is_kind else settings.county) if settings else None
    column = named or ("kind" if is_kind else "county")
    frame = pd.read_csv(frame_file, dtype=str)
    planned = frame.get("planned", pd.Series("1", index=frame.index)).eq("1")
    by_frame = dataset.main["frame_id"].map(
        frame.set_index(settings.id if settings else "frame_id")[column]
    )
    answered = dataset.answers(question).fillna(by_frame.astype("str"))
    labels, say = dataset.choice_labels(question), dataset.say
    answered = answered.where(answered.isin(list(labels)), _NOT_KNOWN)
    rows = [
        {
            "row": label,
            "in_frame": int(frame[column].eq(name).sum()),
            "planned": int((frame[column].eq(name) & planned).sum()),
            "took_part": int((answered.eq(name) & dataset.consented).sum()),
            "refused": int((answered.eq(name) & ~dataset.consented).sum()),
        }
        for name, label in (labels | {_NOT_KNOWN: say("fieldwork_not_known")}).items()
        if name != _NOT_KNOWN or answered.eq(name).any()
    ]
    table = Table(
        name="against_frame" if is_kind else "against_frame_by_county",
        title=say("fieldwork_frame" if is_kind else "fieldwork_frame_county"),
        frame=_with_total(pd.DataFrame(rows), "row", say("total")),
        columns=(
            Column("row", dataset.label(question)),
            Column("in_frame", say("fieldwork_in_frame"), Kind.NUMBER),
            Column("planned", say("fieldwork_planned"), Kind.NUMBER),
            Column("took_part", say("fieldwork_took_part"), Kind.COUNT),
            *_refused_column(dataset, "refused"),
        ),
        base=int(dataset.consented.sum()),
        base_key="base_organisations",
        unit=say("partners_organisations"),
        weighting=say("unweighted"),
        method=say("fieldwork_frame_method"),
        wording=dataset.label(question),
        missing=dataset.participants().missing_words(question),
        forms=(dataset.form_id,),
        questions=tuple(filter(None, (question, dataset.roles.consent))),
        notes=_refusals_note((dataset,)),
        total_row=True,
    )
    return protect(table, dataset.protection)


def _refused_column(dataset: Dataset, name: str, *, group: str = "") -> tuple[Column, ...]:
    """Refusals one by one, only where there are so many that no part of them is told by their sum.

    How many refused in all stands in the table of returns; parts of a small sum that is known would
    be known within narrow limits.
    """
    if refused(dataset) < dataset.protection.threshold:
        return ()
    return (Column(name, dataset.say("fieldwork_refused"), Kind.COUNT, group=group),)


def _refusals_note(datasets: Sequence[Dataset]) -> tuple[str, ...]:
    """That refusals are not broken down, where they are too few."""
    few = [one for one in datasets if 0 < refused(one) < one.protection.threshold]
    if not few:
        return ()
    return (few[0].say("fieldwork_refusals_few", n=few[0].protection.threshold),)


def interviewer_table(datasets: Sequence[Dataset]) -> Table:
    """A row an interviewer's code: responses to each form."""
    say = datasets[0].say
    counts, columns = dict[str, pd.Series](), list[Column]()
    for dataset in datasets:
        if not (role := dataset.roles.interviewer) or role not in dataset.main:
            continue
        codes, form = _codes(dataset, role), dataset.form_id
        counts[form] = codes.value_counts()
        columns.append(Column(form, say("fieldwork_kept"), Kind.COUNT, group=dataset.title))
        counts[f"{form}_refused"] = codes[~dataset.consented].value_counts()
        columns += _refused_column(dataset, f"{form}_refused", group=dataset.title)
    known = sorted(set().union(*(one.index for one in counts.values())))
    frame = pd.DataFrame(
        {"code": known}
        | {name: [int(one.get(code, 0)) for code in known] for name, one in counts.items()}
    )
    table = Table(
        name="by_interviewer",
        title=say("fieldwork_interviewers"),
        frame=_with_total(frame, "code", say("total")),
        columns=(
            Column("code", say("fieldwork_interviewer")),
            *columns,
        ),
        base=sum(len(dataset.main) for dataset in datasets if dataset.form_id in counts),
        unit=say("fieldwork_responses"),
        weighting=say("unweighted"),
        method=say("fieldwork_interviewers_method"),
        notes=_refusals_note(datasets),
        base_key="base_responses",
        total_row=True,
    )
    return protect(table, datasets[0].protection)


def _codes(dataset: Dataset, question: str) -> pd.Series:
    """Interviewers' codes; what broke the question's rules is no code, and counted together."""
    issues = dataset.issues
    broken = issues.loc[issues["question"].eq(question), "response_id"]
    unknown = dataset.main["response_id"].isin(broken)
    return dataset.main[question].mask(unknown, dataset.say("other_value"))


def issues_table(datasets: Sequence[Dataset]) -> Table:
    """A row a kind of issue: how often in each form, and what was done."""
    say = datasets[0].say
    everything = pd.concat(
        [dataset.issues[["code", "action"]].assign(form=dataset.form_id) for dataset in datasets]
    )
    codes = everything["code"].value_counts().index
    frame = pd.DataFrame(
        [
            {
                "code": ISSUE_CODES[code].title(datasets[0].language)
                if code in ISSUE_CODES
                else code,
                **{one.form_id: _number(everything, code, "form", one.form_id) for one in datasets},
                **{action.value: _number(everything, code, "action", action) for action in Action},
            }
            for code in codes
        ],
        columns=["code", *(one.form_id for one in datasets), *(one.value for one in Action)],
    )
    actions = [one for one in Action if len(frame) and frame[one.value].sum()]
    return Table(
        name="issues",
        title=say("fieldwork_issues"),
        frame=frame,
        columns=(
            Column("code", say("fieldwork_issue")),
            *(
                Column(one.form_id, one.title, Kind.NUMBER, group=say("fieldwork_form"))
                for one in datasets
            ),
            *(
                Column(
                    one.value,
                    say(f"fieldwork_action_{one.value}"),
                    Kind.NUMBER,
                    group=say("fieldwork_done"),
                )
                for one in actions
            ),
        ),
        base=None,
        unit=say("fieldwork_issue_unit"),
        method=say("fieldwork_issues_method"),
        of_answers=False,
        adds_down=False,
    )


def _number(issues: pd.DataFrame, code: str, column: str, value: str) -> int:
    return int((issues["code"].eq(code) & issues[column].eq(value)).sum())


def queries_table(datasets: Sequence[Dataset]) -> Table:
    """A row a form: what is asked of the field and not answered yet, by what it is about."""
    say = datasets[0].say
    frame = pd.DataFrame(
        [
            {
                "form": dataset.title,
                "open": len(dataset.queries),
                "again": int((dataset.queries["round"].astype("Int64") > 1).sum()),
                **{one.value: int((dataset.queries["about"] == one).sum()) for one in About},
            }
            for dataset in datasets
        ]
    )
    return Table(
        name="queries",
        title=say("fieldwork_queries"),
        frame=_with_total(frame, "form", say("total")),
        columns=(
            Column("form", say("fieldwork_form")),
            Column("open", say("fieldwork_queries_open"), Kind.NUMBER),
            Column("again", say("fieldwork_queries_again"), Kind.NUMBER),
            *(
                Column(
                    one.value,
                    say(f"fieldwork_about_{one}"),
                    Kind.NUMBER,
                    group=say("fieldwork_about"),
                )
                for one in About
            ),
        ),
        unit=say("fieldwork_queries_unit"),
        method=say("fieldwork_queries_method"),
        of_answers=False,
        total_row=True,
    )


def ledger_table(datasets: Sequence[Dataset]) -> Table:
    """A row a form: answers in = kept + changed + blanked + set aside."""
    say = datasets[0].say
    names = ("answers_in", *_ACTIONS)
    frame = pd.DataFrame(
        [
            {"form": dataset.title, **{name: int(dataset.ledger[name].sum()) for name in names}}
            for dataset in datasets
        ]
    )
    return Table(
        name="ledger",
        title=say("fieldwork_ledger"),
        frame=_with_total(frame, "form", say("total")),
        columns=(
            Column("form", say("fieldwork_form")),
            *(Column(name, say(f"fieldwork_ledger_{name}"), Kind.NUMBER) for name in names),
        ),
        unit=say("fieldwork_answers"),
        method=say("fieldwork_ledger_method"),
        of_answers=False,
        total_row=True,
    )


def missing_table(datasets: Sequence[Dataset]) -> Table:
    """A row a form: of the answers that were due, how many are missing, by kind."""
    say = datasets[0].say
    kinds = [kind for kind in MissingKind if kind is not MissingKind.NOT_ASKED]
    frame = pd.DataFrame(
        [
            {
                "form": dataset.title,
                "due": due,
                **{kind.value: counts.get(kind, 0) / due if due else np.nan for kind in kinds},
            }
            for dataset in datasets
            for due, counts in [_due(dataset)]
        ]
    )
    return Table(
        name="missing_answers",
        title=say("fieldwork_missing"),
        frame=frame,
        columns=(
            Column("form", say("fieldwork_form")),
            Column("due", say("fieldwork_due"), Kind.NUMBER),
            *(Column(kind.value, say(kind.value), Kind.SHARE, decimals=1) for kind in kinds),
        ),
        unit=say("fieldwork_answers"),
        method=say("fieldwork_missing_method"),
        of_answers=False,
        adds_down=False,
    )


def _due(dataset: Dataset) -> tuple[int, dict[MissingKind, int]]:
    """How many answers were due (asked of somebody), and how many of them are missing, by kind."""
    counts: dict[MissingKind, int] = {}
    due = 0
    for item in dataset.questionnaire.items:
        if not item.question.has_answer:
            continue
        found = dataset.missing_counts(item.name)
        due += len(dataset.frame_of(item.name)) - found.pop(MissingKind.NOT_ASKED, 0)
        for kind, count in found.items():
            counts[kind] = counts.get(kind, 0) + count
    return due, counts


def duration_table(datasets: Sequence[Dataset]) -> Table:
    """A row a form: minutes from start to end."""
    say = datasets[0].say
    frame = pd.DataFrame(
        [
            {
                "form": dataset.title,
                "n": len(minutes),
                "lower": minutes.quantile(0.25),
                "median": minutes.median(),
                "upper": minutes.quantile(0.75),
            }
            for dataset in datasets
            for minutes in [duration_minutes(dataset)]
        ]
    )
    table = Table(
        name="duration",
        title=say("fieldwork_duration"),
        frame=frame,
        columns=(
            Column("form", say("fieldwork_form")),
            Column("n", say("n"), Kind.COUNT),
            Column("lower", say("lower_quartile"), Kind.NUMBER, "n"),
            Column("median", say("median"), Kind.NUMBER, "n"),
            Column("upper", say("upper_quartile"), Kind.NUMBER, "n"),
        ),
        unit=say("fieldwork_minutes"),
        weighting=say("unweighted"),
        method=say("fieldwork_duration_method"),
        questions=tuple(
            dict.fromkeys(
                name
                for dataset in datasets
                for name in (dataset.roles.start, dataset.roles.end)
                if name
            )
        ),
        adds_down=False,
    )
    return protect(table, datasets[0].protection)


def duration_minutes(dataset: Dataset) -> pd.Series:
    """Minutes from start to end, of responses that give both; an end past midnight is next day."""
    roles = dataset.roles
    if not roles.start or not roles.end or roles.start not in dataset.main:
        return pd.Series(dtype="float64")
    start, end = (_minutes(dataset.answers(name)) for name in (roles.start, roles.end))
    return ((end - start) % (24 * 60)).dropna()


def _minutes(times: pd.Series) -> "pd.Series[float]":
    if isinstance(times.dtype, pd.DatetimeTZDtype) or times.dtype.kind == "M":
        times = times.dt.strftime("%H:%M:%S")
    minutes: pd.Series[float] = pd.to_timedelta(times.astype("str")).dt.total_seconds() / 60
    return minutes


def having(datasets: Sequence[Dataset], *roles: str) -> tuple[Dataset, ...]:
    """The forms that have a question for each of these roles, as study.yaml names them."""
    return tuple(one for one in datasets if all(role_of(one, role) for role in roles))


def role_of(dataset: Dataset, role: str) -> str:
    """The question that plays a role; empty where study.yaml names none."""
    question = getattr(dataset.roles, role)
    return question if question in dataset.questionnaire.by_name else ""


def _with_total(frame: pd.DataFrame, label: str, words: str) -> pd.DataFrame:
    sums = {name: words if name == label else int(frame[name].sum()) for name in frame.columns}
    return pd.concat([frame, pd.DataFrame([sums])], ignore_index=True)


def hidden_table(
    counts: Mapping[str, Mapping[str, int]], say: Callable[[str], str]
) -> Table | None:
    """A row an edition: how many counts the report prints, and how many it hides; None so far.

    Args:
        counts: of `Page.hidden_counts`.
        say: a fixed phrase in the page's language.
    """
    if not counts:
        return None
    names = ("threshold", "cells", "small", "further")
    frame = pd.DataFrame(
        [
            {"edition": say(f"fieldwork_{edition}"), **{name: told[name] for name in names}}
            for edition, told in counts.items()
        ]
    )
    return Table(
        name="hidden",
        title=say("fieldwork_hidden"),
        frame=frame,
        columns=(
            Column("edition", say("fieldwork_edition")),
            *(Column(name, say(f"fieldwork_{name}"), Kind.NUMBER) for name in names),
        ),
        method=say("fieldwork_hidden_method"),
        adds_down=False,
    )
