"""How the interviewers' interviews compare: blanks, don't knows, agreement with the others."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.cleaning.batch import MAIN, Bools, Finding
from pipeline.cleaning.interviews import STAGE, Floats, Interviews, minutes
from pipeline.cleaning.process import Cleaned
from pipeline.questionnaire.model import MissingKind, Questionnaire
from pipeline.questionnaire.types import Storage
from pipeline.responses import Action
from pipeline.settings import Checks, Roles

COLUMNS = (
    "interviewer",
    "responses",
    "median_minutes",
    "missing_share",
    "dont_know_share",
    "agreement",
)
_MEASURES: Mapping[str, str] = {
    "missing_share": "interviewer_missing",
    "dont_know_share": "interviewer_dont_know",
    "agreement": "interviewer_agreement",
}
_Counts = npt.NDArray[np.unsignedinteger[Any]]
_Codes = npt.NDArray[np.int32]
_PIECE = 1_000_000
_UNSURE = [MissingKind.DONT_KNOW.value, MissingKind.REFUSED.value]


def measures(interviews: Interviews) -> Iterator[tuple[str, Floats]]:
    """What is compared, one measure after the other: its name, and a number a response.

    Returns:
        asked: how many questions. missing_share: not answered, of the questions asked (0-1).
        dont_know_share: don't know or refused, of those asked. agreement: of the select_one
        answers, the share that is the commonest answer among the other interviewers' responses.
        NaN where there is no base.
    """
    asked, lacking, unsure = _counts(interviews)
    yield "asked", asked.astype(np.float64)
    yield "missing_share", _share(lacking, asked)
    yield "dont_know_share", _share(unsure, asked)
    yield "agreement", _agreement(interviews)


def _counts(interviews: Interviews) -> tuple[_Counts, _Counts, _Counts]:
    """How many questions each response was asked, did not answer, and was unsure about."""
    asked, lacking, unsure = (_no_counts(interviews) for _ in range(3))
    for item in interviews.by_person:
        kinds = interviews.missing[item.name]
        asked += ~_is(kinds, [MissingKind.NOT_ASKED.value])
        lacking += _is(kinds, [MissingKind.NOT_ANSWERED.value])
        unsure += _is(kinds, _UNSURE)
    return asked, lacking, unsure


def _no_counts(interviews: Interviews) -> _Counts:
    """A count of questions for each response, in as few bytes as it needs."""
    kind = np.min_scalar_type(len(interviews.by_person))
    return np.zeros(len(interviews.main), kind)


def _share(counts: _Counts, of: _Counts) -> Floats:
    found = np.full(len(of), np.nan)
    np.divide(counts, of, out=found, where=of > 0, dtype=np.float64)
    return found


def _is(kinds: "pd.Series[Any]", wanted: list[str]) -> Bools:
    return np.asarray(kinds.isin(wanted).to_numpy(dtype=bool))


def _agreement(interviews: Interviews) -> Floats:
    """Share of a response's select_one answers that most of the others' responses have."""
    who = interviews.role(interviews.roles.interviewer)
    if who is None:
        return np.full(len(interviews.main), np.nan)
    person = _numbered(who)[0]
    given, equal = (_no_counts(interviews) for _ in range(2))
    for item in interviews.by_person:
        if item.question.storage is not Storage.SELECT_ONE:
            continue
        codes, answers = _numbered(interviews.usable(item.name))
        if answers:
            common = _commonest_of_others(codes, person, answers)
            given += codes >= 0
            equal += (codes >= 0) & (codes == common[person])
    return _share(equal, given)


def _numbered(answers: "pd.Series[Any]") -> tuple[_Codes, int]:
    """A number for each answer, -1 for none, and how many there are."""
    codes, names = pd.factorize(answers)
    return codes.astype(np.int32), len(names)


def _commonest_of_others(codes: _Codes, person: _Codes, answers: int) -> _Codes:
    """For each interviewer the commonest answer among all other interviewers' responses."""
    people = int(person.max(initial=-1)) + 2  # the last is nobody: responses without interviewer
    table = np.zeros(people * answers)
    for start in range(0, len(codes), _PIECE):
        here = slice(start, start + _PIECE)
        known = codes[here] >= 0
        rows = person[here][known] % people
        at = rows.astype(np.int64) * answers + codes[here][known]
        table += np.bincount(at, minlength=len(table))
    given = table.reshape(people, answers)
    return np.asarray((given.sum(axis=0) - given).argmax(axis=1), np.int32)


def interviewers_apart(interviews: Interviews, limits: Checks) -> Iterator[Finding]:
    """Interviewers whose responses differ from the others', as one query each.

    The mean of an interviewer's responses is compared with that of all others, in standard errors
    as the spread between responses gives them. The query stands at the interviewer's first
    response, so that no message names anybody.
    """
    who = interviews.role(interviews.roles.interviewer)
    if who is None:
        return
    codes = pd.Series(_numbered(who)[0])
    for measure, values in measures(interviews):
        code = _MEASURES.get(measure)
        if code is None:
            continue
        for person, share, others in _apart(pd.Series(values), codes, limits):
            rows = np.flatnonzero(codes == person)[:1].astype(np.int64)
            responses = int((codes == person).sum())
            message = (
                f"{responses} responses of this interviewer: {share:.0%} on average, "
                f"{others:.0%} in those of the others."
            )
            name = interviews.roles.interviewer
            yield Finding(
                code, MAIN, rows, name, measure, Action.QUERIED, message=message, stage=STAGE
            )


def _apart(
    values: "pd.Series[float]", codes: "pd.Series[int]", limits: Checks
) -> Iterator[tuple[int, float, float]]:
    """Interviewer, mean, and mean of the others, where the two are far apart."""
    known = values.notna() & (codes >= 0)
    values, codes = values[known], codes[known]
    spread = float(values.std()) if len(values) > 1 else 0.0
    if not spread > 0:
        return
    groups = values.groupby(codes)
    counts, sums = groups.size(), groups.sum()
    rest = len(values) - counts
    mean = sums / counts
    others = ((values.sum() - sums) / rest.where(rest > 0)).clip(lower=0)
    distance = (mean - others).abs() / (spread * np.sqrt(1 / counts + 1 / rest.where(rest > 0)))
    far = (distance > limits.deviations) & (counts >= limits.least_interviews)
    for person in far.index[far.fillna(value=False)]:
        yield int(person), float(mean[person]), float(others[person])


def by_interviewer(cleaned: Cleaned, questionnaire: Questionnaire, roles: Roles) -> pd.DataFrame:
    """How the interviewers' interviews compare.

    Args:
        cleaned: the responses.
        questionnaire: the form.
        roles: which question is the interviewer.

    Returns:
        `COLUMNS`, one row an interviewer in the order of their codes: shares over all questions
        asked by the interviewer, agreement as the mean over responses. Empty without the role.
    """
    name = roles.interviewer
    if name is None or name not in cleaned.main:
        return pd.DataFrame(columns=list(COLUMNS))
    interviews = Interviews(cleaned.main, cleaned.missing, questionnaire, roles)
    found = pd.DataFrame(dict(measures(interviews)), index=cleaned.main.index)
    shares = ["missing_share", "dont_know_share"]
    counted = found[shares].mul(found["asked"], axis="index")
    frame = counted.assign(
        interviewer=cleaned.main[name],
        minutes=minutes(interviews),
        asked=found["asked"],
        agreement=found["agreement"],
    )
    groups = frame.groupby("interviewer", observed=True)
    total = groups[["asked", *shares]].sum()
    return pd.DataFrame(
        {
            "responses": groups.size(),
            "median_minutes": groups["minutes"].median(),
            **{share: total[share] / total["asked"] for share in shares},
            "agreement": groups["agreement"].mean(),
        }
    ).reset_index()[list(COLUMNS)]
