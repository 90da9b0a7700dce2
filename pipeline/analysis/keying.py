"""How far two keyings of the same paper agreed: by person, and by question."""

from collections.abc import Sequence

import pandas as pd

from pipeline.analysis.data import Dataset
from pipeline.analysis.table import Column, Kind, Table

_COUNTS = ["compared", "agreed"]


def by_person(keyings: pd.DataFrame, unknown: str) -> pd.DataFrame:
    """Agreement of each person with whoever keyed the same papers.

    Args:
        keyings: `data.KEYING_COLUMNS`.
        unknown: what stands for a person who is not named.

    Returns:
        person, papers, compared (answers), same (share of them, 0-1), in the order of the names;
        a paper counts for both who keyed it.
    """
    ends = [
        keyings[["response_id", *_COUNTS]].assign(person=keyings[end].fillna(unknown))
        for end in ("first_by", "second_by")
    ]
    groups = pd.concat(ends, ignore_index=True).groupby("person")
    found = groups[_COUNTS].sum().assign(papers=groups["response_id"].nunique())
    return _shares(found.reset_index())[["person", "papers", "compared", "same"]]


def by_question(keyings: pd.DataFrame, labels: dict[str, str], everything: str) -> pd.DataFrame:
    """Agreement over all questions, then question by question where it is not complete.

    Returns:
        question (its label), compared, same (0-1); the least agreed upon first.
    """
    found = keyings.groupby("question", sort=False)[_COUNTS].sum().reset_index()
    unlike = _shares(found[found["compared"] > found["agreed"]]).sort_values("same", kind="stable")
    total = pd.DataFrame([{"question": everything, **found[_COUNTS].sum().to_dict()}])
    shown = unlike.assign(question=unlike["question"].map(labels))
    rows = pd.concat([_shares(total), shown], ignore_index=True)
    return rows[["question", "compared", "same"]]


def keying_tables(datasets: Sequence[Dataset]) -> tuple[Table, ...]:
    """Two tables a form that was keyed twice; none where nothing was.

    Keyed answers are no people: their numbers are shown in full.
    """
    return tuple(
        table for dataset in datasets if len(dataset.keyings) for table in _tables(dataset)
    )


def _tables(dataset: Dataset) -> tuple[Table, Table]:
    say, keyings = dataset.say, dataset.keyings
    labels = {name: dataset.label(name) for name in keyings["question"].unique()}
    shared = (
        Column("compared", say("fieldwork_keyed"), Kind.NUMBER),
        Column("same", say("fieldwork_keyed_same"), Kind.SHARE, decimals=1),
    )
    people = Table(
        name=f"keyed_by_person_{dataset.form_id}",
        title=say("labelled", name=say("fieldwork_keyed_by_person"), said=dataset.title),
        frame=by_person(keyings, say("fieldwork_keyed_unknown")),
        columns=(
            Column("person", say("fieldwork_keyed_by")),
            Column("papers", say("fieldwork_keyed_papers"), Kind.NUMBER),
            *shared,
        ),
        unit=say("fieldwork_answers"),
        method=say("fieldwork_keyed_method"),
        adds_down=False,
        forms=(dataset.form_id,),
        of_answers=False,
    )
    questions = Table(
        name=f"keyed_by_question_{dataset.form_id}",
        title=say("labelled", name=say("fieldwork_keyed_by_question"), said=dataset.title),
        frame=by_question(keyings, labels, say("fieldwork_keyed_all")),
        columns=(Column("question", say("fieldwork_keyed_question")), *shared),
        unit=say("fieldwork_answers"),
        method=say("fieldwork_keyed_method"),
        adds_down=False,
        forms=(dataset.form_id,),
        of_answers=False,
    )
    return people, questions


def _shares(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.assign(same=counts["agreed"] / counts["compared"].where(counts["compared"] > 0))
