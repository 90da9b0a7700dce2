"""Data for everybody: answers by which somebody could be found are left out where they are rare."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.delivery.problems import refusal, warning
from pipeline.delivery.variables import Delivery
from pipeline.errors import Problem, raise_errors
from pipeline.privacy.k_anonymity import blank, keys_of, of_one_answer, risk
from pipeline.questionnaire.model import Questionnaire, Sensitivity
from pipeline.store import write_text

SIDECAR = ".disclosure.json"
Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Anonymous:
    """The tables of a form, with what was left out of them.

    Attributes:
        main, repeats, missing, repeat_missing: as in processed/.
        problems: what was left out, as warnings.
        blanked: questions of which answers were left out.
    """

    main: pd.DataFrame
    repeats: Frames
    missing: pd.DataFrame
    repeat_missing: Frames
    problems: tuple[Problem, ...]
    blanked: frozenset[str]


def quasi_identifiers(questionnaire: Questionnaire, repeat: str | None = None) -> tuple[str, ...]:
    """The questions whose answers narrow a respondent down, in the form's order."""
    return tuple(
        item.name
        for item in questionnaire.answered(repeat)
        if item.question.sensitivity is Sensitivity.QUASI
    )


def anonymous(
    questionnaire: Questionnaire,
    tables: tuple[pd.DataFrame, Frames, pd.DataFrame, Frames],
    k: int,
) -> Anonymous:
    """Leave answers out until each response is like k - 1 others in its quasi-identifiers.

    Those of a repeat are left out altogether: how many entries a response has, and which together,
    is more than k rows can be alike in.

    Args:
        questionnaire: the form; its questions carry their sensitivity.
        tables: main, repeats, missing, missing of repeats, as in processed/.
        k: the least number of responses that are alike.

    Raises:
        SurveyError: DATA-030, there are fewer responses than k.
    """
    main, repeats, missing, repeat_missing = tables
    quasi = quasi_identifiers(questionnaire)
    keys = keys_of(main, missing, quasi)
    found = blank(keys, k)
    problems = list[Problem]()
    if not found.is_enough and len(keys.columns):
        problems.append(
            refusal(
                "DATA-030",
                f"There are fewer than {k} responses, so that none is like {k - 1} others.",
                "Deliver to readers who keep the data to themselves: survey deliver --restricted.",
                questionnaire.form_id,
                rule="sensitivity",
            )
        )
        raise_errors(problems)
    safe, kinds = main.copy(), missing.copy()
    for name, rows in found.cells.items():
        held = [one for one in map(str, safe) if one == name or one.startswith(f"{name}/")]
        for column in held:
            safe[column] = safe[column].mask(rows)
        if name in kinds:
            kinds[name] = kinds[name].mask(pd.Series(rows, index=kinds.index))
        problems.append(
            warning(
                "DATA-031",
                f"{int(rows.sum())} answers are left out, so that {k} responses are alike.",
                "",
                name,
                rule="sensitivity",
            )
        )
    problems += _shared_answers(questionnaire, keys_of(safe, kinds, quasi), safe)
    kept = {}
    for repeat, frame in repeats.items():
        gone = quasi_identifiers(questionnaire, repeat)
        columns = [one for one in map(str, frame) if one.partition("/")[0] in gone or one in gone]
        kept[repeat] = frame.drop(columns=columns)
        problems += [
            warning(
                "DATA-032",
                "The question narrows respondents down and lies in a repeat; it is left out.",
                "",
                name,
                rule="sensitivity",
            )
            for name in gone
            if name in frame
        ]
    blanked = frozenset(found.cells)
    return Anonymous(safe, kept, kinds, repeat_missing, tuple(problems), blanked)


def _shared_answers(
    questionnaire: Questionnaire, keys: pd.DataFrame, main: pd.DataFrame
) -> Iterator[Problem]:
    """Sensitive questions to which all of a group gave one answer: what being alike cannot hide."""
    for item in questionnaire.answered(None):
        is_sensitive = item.question.sensitivity is Sensitivity.SENSITIVE
        if not is_sensitive or item.name not in main or keys.empty or not len(keys.columns):
            continue
        shared, groups = of_one_answer(keys, main[item.name])
        if shared:
            yield warning(
                "DATA-033",
                f"In {shared} of {groups} groups of responses that are alike, all gave one answer.",
                "Deliver to readers who keep the data to themselves, if that may hurt them.",
                item.name,
                rule="sensitivity",
            )


def write_sidecar(delivery: Delivery, quasi: tuple[str, ...], k: int, folder: Path) -> Path:
    """Say which delivered variables narrow down, so that the audit can be repeated."""
    names = [one.name for one in delivery.tables[0].variables if one.source in quasi]
    path = folder / f"{delivery.form_id}{SIDECAR}"
    write_text(path, json.dumps({"k": k, "quasi": names}, indent=1) + "\n", mode=0o600)
    return path


def reidentification_risk(
    questionnaire: Questionnaire, main: pd.DataFrame, missing: pd.DataFrame
) -> float:
    """Mean risk over all responses, from 0 to 1."""
    return risk(keys_of(main, missing, quasi_identifiers(questionnaire)))
