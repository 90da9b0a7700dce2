"""Fieldwork: what came back, from whom, and how long it took.

Files are no people: their numbers are shown in full. Numbers of respondents
come under the threshold like everywhere else.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipeline.analysis.data import Dataset
from pipeline.analysis.suppression import protect
from pipeline.analysis.table import Column, Kind, Table
from pipeline.responses import Action, Mode

_NOT_KNOWN = "(not known)"


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
    frame = with_total(frame, "form", say("total"))
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
        frame=with_total(pd.DataFrame(rows), "row", say("total")),
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
        frame=with_total(frame, "code", say("total")),
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


def with_total(frame: pd.DataFrame, label: str, words: str) -> pd.DataFrame:
    """The rows, and one below that adds up every column but the label's."""
    sums = {name: words if name == label else int(frame[name].sum()) for name in frame.columns}
    return pd.concat([frame, pd.DataFrame([sums])], ignore_index=True)
