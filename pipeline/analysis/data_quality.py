"""Data quality: what was wrong with what came back, and what became of every answer.

Issues and answers are no people: their numbers are shown in full.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.analysis.data import Dataset
from pipeline.analysis.fieldwork import with_total
from pipeline.analysis.table import Column, Kind, Table
from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.queries import About
from pipeline.questionnaire.model import MissingKind
from pipeline.responses import Action

_ACTIONS = ("kept", "changed", "blanked", "set_aside")


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
        frame=with_total(frame, "form", say("total")),
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
        frame=with_total(frame, "form", say("total")),
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
