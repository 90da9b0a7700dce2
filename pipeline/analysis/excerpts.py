"""Short excerpts of open answers: chosen by a person, shown only where consent and privacy allow.

A person chooses them in `instruments/excerpts.csv` (form, response_id, question, excerpt). Each is
held against the response: it must consent to be quoted, hold these very words, be short, and name
nothing that identifies. What does not hold is left out and counted, never mended.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.data import Dataset
from pipeline.settings import Roles
from pipeline.study import Study

FILE = "excerpts.csv"
COLUMNS = ("form", "response_id", "question", "excerpt")
LONGEST = 160
"""Characters; more would be a statement, not an excerpt."""

_TELLING = re.compile(r"@|https?:|www\.|\d{4,}|\d[\d -]{5,}\d")
"""E-mail and web addresses, telephone and file numbers."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One excerpt.

    Attributes:
        text: as it was said.
        language: in which it was said.
        who: the respondent's kind, where enough are of that kind; else empty.
        question: wording of what was asked.
    """

    text: str
    language: str
    who: str
    question: str


@dataclass(frozen=True, slots=True)
class Excerpts:
    """What may be shown of one form, and how many were left out."""

    shown: tuple[Excerpt, ...]
    left_out: int


def excerpts_of(study: Study, dataset: Dataset, *, kind: str = "") -> Excerpts:
    """The excerpts of one form that may be shown, in the order of the file.

    Args:
        study: holds the file and, in its sampling frame, names that none may hold.
        dataset: of the form.
        kind: the question whose choice says in which role somebody speaks.
    """
    path = study.instruments / FILE
    if not path.is_file():
        return Excerpts((), 0)
    chosen = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = chosen[chosen["form"] == dataset.form_id].to_dict("records")
    names = tuple(_names(study))
    found = [_excerpt(dataset, {str(k): v for k, v in row.items()}, names, kind) for row in rows]
    return Excerpts(tuple(one for one in found if one is not None), found.count(None))


def _excerpt(
    dataset: Dataset, row: dict[str, str], names: tuple[str, ...], kind: str
) -> Excerpt | None:
    roles = dataset.settings.roles.get(dataset.form_id, Roles())
    question, text = row["question"], row["excerpt"].strip()
    here = dataset.main["response_id"].eq(row["response_id"]).to_numpy(bool)
    if not here.any() or question not in dataset.questionnaire.by_name or not text:
        return None
    response = dataset.main.loc[here].iloc[0]
    consents = [
        response.get(role) == "yes" for role in (roles.consent, roles.consent_quote) if role
    ]
    if roles.consent_quote is None or not all(consents):
        return None
    if len(text) > LONGEST or text not in str(response.get(question) or ""):
        return None
    if _TELLING.search(text) or any(name in text.casefold() for name in names):
        return None
    return Excerpt(
        text, str(response["language"]), _who(dataset, here, kind), dataset.label(question)
    )


def _who(dataset: Dataset, here: npt.NDArray[np.bool_], kind: str) -> str:
    """The respondent's kind; empty where so few are of it that it would say who spoke."""
    if not kind:
        return ""
    answers = dataset.answers(kind)
    spoken = answers[here].iloc[0]
    if pd.isna(spoken) or int(answers.eq(spoken).sum()) < dataset.settings.disclosure.public:
        return ""
    return dataset.choice_labels(kind).get(str(spoken), "")


def _names(study: Study) -> Iterator[str]:
    """Names of organisations in the frame, none of which an excerpt may hold."""
    frame = study.settings.frame
    if frame is None or not frame.name or not (study.instruments / frame.file).is_file():
        return
    listed = pd.read_csv(study.instruments / frame.file, dtype=str, keep_default_na=False)
    yield from (name.strip().casefold() for name in listed[frame.name] if name.strip())
