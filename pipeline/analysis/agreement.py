"""How far two coders agreed on the codes of open answers."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipeline.analysis.data import Dataset
from pipeline.analysis.table import Column, Kind, Table
from pipeline.estimation.agreement import cohen_kappa, krippendorff_alpha
from pipeline.questionnaire.code_frame import column_of
from pipeline.questionnaire.model import words
from pipeline.questionnaire.types import Storage

_BOTH = ["first", "second"]
_NO = "no"


def agreement_of(coding: pd.DataFrame, codes: Mapping[str, str], *, several: bool) -> pd.DataFrame:
    """Agreement on one open question: over all codes where an answer has one, then code by code.

    Args:
        coding: one row an answer: `first` and `second`, codes joined by one space, NA where a
            coder has not coded it.
        codes: code -> its label, in the frame's order.
        several: an answer may have several codes; then each is a question of yes or no.

    Returns:
        code (None: all), label, both (answers coded by both), same (share of them, 0-1), kappa with
        low and high, alpha; the last four NA where only one category was used.

    Source: `estimation.agreement`: Cohen's kappa with its large-sample interval, Krippendorff's
    nominal alpha.
    """
    both = coding.dropna(subset=_BOTH)[_BOTH]
    rows = [] if several or both.empty else [_row(None, "", both)]
    for code, label in codes.items():
        held = {name: [_held(one, code) for one in both[name]] for name in _BOTH}
        if not both.empty:
            rows.append(_row(code, label, pd.DataFrame(held, dtype="str")))
    return pd.DataFrame(
        rows, columns=["code", "label", "both", "same", "kappa", "low", "high", "alpha"]
    )


def _held(given: str, code: str) -> str:
    return code if code in given.split(" ") else _NO


def _row(code: str | None, label: str, both: pd.DataFrame) -> dict[str, object]:
    kappa = cohen_kappa(both, *_BOTH).iloc[0]
    alpha = krippendorff_alpha(both, _BOTH).iloc[0]
    return {
        "code": code,
        "label": label,
        "both": len(both),
        "same": float(both["first"].eq(both["second"]).mean()),
        "kappa": kappa["estimate"],
        "low": kappa["low"],
        "high": kappa["high"],
        "alpha": alpha["estimate"],
    }


def agreement_table(datasets: Sequence[Dataset]) -> Table | None:
    """A row a coded question and code; None where nothing has been coded by two.

    Files and answers are no people: their numbers are shown in full.
    """
    parts = [part for dataset in datasets for part in _parts(dataset)]
    if not parts:
        return None
    say = datasets[0].say
    frame = pd.concat(parts, ignore_index=True)
    return Table(
        name="coder_agreement",
        title=say("fieldwork_agreement"),
        frame=frame,
        columns=(
            Column("question", say("fieldwork_coded_question")),
            Column("label", say("fieldwork_code")),
            Column("both", say("fieldwork_coded_by_both"), Kind.NUMBER),
            Column("same", say("fieldwork_same_code"), Kind.SHARE),
            Column("kappa", say("fieldwork_kappa"), Kind.NUMBER, decimals=2),
            Column("low", say("fieldwork_low"), Kind.NUMBER, decimals=2),
            Column("high", say("fieldwork_high"), Kind.NUMBER, decimals=2),
            Column("alpha", say("fieldwork_alpha"), Kind.NUMBER, decimals=2),
        ),
        unit=say("fieldwork_answers"),
        method=say("fieldwork_agreement_method"),
        notes=(say("fieldwork_agreement_note", n=_unsettled(datasets)),),
        adds_down=False,
    )


def _unsettled(datasets: Sequence[Dataset]) -> int:
    """Answers that both have coded and that have no final codes yet."""
    return sum(
        int(
            (
                dataset.coding[_BOTH].notna().all(axis="columns") & dataset.coding["final"].isna()
            ).sum()
        )
        for dataset in datasets
    )


def _parts(dataset: Dataset) -> Iterator[pd.DataFrame]:
    for name in dataset.coding["question"].unique():
        question = dataset.item(column_of(name)).question
        choices = dataset.questionnaire.choices_of(question)
        codes = {one.name: words(one.label, dataset.language, one.name) for one in choices}
        several = question.storage is Storage.SELECT_MULTIPLE
        ours = dataset.coding[dataset.coding["question"].eq(name)]
        found = agreement_of(ours, codes, several=several)
        found["label"] = found["label"].mask(
            found["code"].isna(), dataset.say("fieldwork_all_codes")
        )
        if len(found):
            yield found.assign(question=words(question.label, dataset.language, name))
