"""Responses against the sampling frame: what became of each unit, and for how many each stands.

Base weights are the inverse of the chance with which a unit was drawn; then they are raked to the
frame's margins, so that the responses add up to what the frame knows about everybody. A purposive
design gives nobody a chance that could be stated, and so no weight.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa

from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.errors import Place, Problem, SurveyError
from pipeline.estimation.design import Design, Kind, Margin
from pipeline.estimation.outcome_rates import Disposition
from pipeline.estimation.sample import Sample
from pipeline.questionnaire.model import MissingKind, Questionnaire
from pipeline.questionnaire.types import Filled
from pipeline.responses import Issue, issues_frame
from pipeline.settings import Roles, SampleDesign, Sampling

STAGE = "sampling"
STATUS, STRATUM, POPULATION = "frame_status", "frame_stratum", "frame_population"
BASE, WEIGHT = "weight_base", "weight"
NOT_IN_FRAME = "not_in_frame"
_ALL = "all"
_LEFT_OPEN = (MissingKind.NOT_ANSWERED.value, MissingKind.SET_MISSING.value)
UNIT_COLUMNS = ("unit", "selected", "stratum", "disposition", "response_id")

UNITS = pa.DataFrameSchema(
    {
        "unit": pa.Column(str, unique=True),
        "selected": pa.Column(bool),
        "stratum": pa.Column(str),
        "disposition": pa.Column(str, pa.Check.isin([*Disposition, ""])),
        "response_id": pa.Column(str, nullable=True),
    },
    strict=True,
    name="units of the frame",
)
"""One row a unit of the frame; `disposition` is empty where it was not drawn. Never a name."""


@dataclass(frozen=True, eq=False)
class Sampled:
    """The responses with their place in the frame.

    Attributes:
        columns: of main, its rows: `frame_status`, `frame_stratum`, `frame_population` (units of
            the stratum), `weight_base` and `weight` (float64; NA for whoever stands for nobody).
        units: `UNITS`.
        issues: `responses.ISSUE_COLUMNS`.
    """

    columns: pd.DataFrame
    units: pd.DataFrame
    issues: pd.DataFrame


def check_sampling(sampling: Sampling, form: Questionnaire) -> None:
    """Make sure that study.yaml and the form fit.

    Raises:
        SurveyError: CLEAN-013, there is no such question; CLEAN-014, a column's name is taken.
    """
    item = form.by_name.get(sampling.id)
    if item is None or item.repeat is not None or not item.question.has_answer:
        message = f"{form.form_id} has no question {sampling.id!r} outside its repeats."
        repair = "Name the question that holds the key of the sampling frame."
        place = Place(file="instruments/study.yaml", rule="sampling")
        raise SurveyError([Problem("CLEAN-013", message, repair, place)])
    taken = [name for name in (STATUS, STRATUM, POPULATION, BASE, WEIGHT) if name in form.by_name]
    if taken:
        message = f"{form.form_id} has a question of the name that a column of weights needs."
        place = Place(file=f"instruments/{form.form_id}.yaml", question=taken[0])
        raise SurveyError([Problem("CLEAN-014", message, "Give the question another name.", place)])


def sample(
    main: pd.DataFrame,
    missing: pd.DataFrame,
    form: Questionnaire,
    *,
    frame: pd.DataFrame,
    sampling: Sampling,
    roles: Roles,
) -> Sampled:
    """Hold the responses to one form against the frame.

    Args:
        main: cleaned answers, one row a response.
        missing: kinds of missing answers, same rows.
        form: the questionnaire.
        frame: the sampling frame, text; indexed by the units' keys.
        sampling: how the sample was drawn.
        roles: which question is the consent.
    """
    status = _statuses(main, missing, form, sampling, roles)
    keys = main[sampling.id].astype("str")
    keys = keys.where(keys.isin(frame.index))
    again = keys.notna() & keys.duplicated()
    units = _units(main, status, keys.mask(again), frame, sampling)
    inside = keys.notna() & ~again
    status = status.where(keys.notna(), NOT_IN_FRAME)
    stratum = keys.map(units.set_index("unit")["stratum"]).astype("str")
    base, population = _base_weights(units, sampling)
    answered = inside & status.isin([Disposition.COMPLETE, Disposition.PARTIAL])
    # Who answered without being drawn stands for himself alone and is in no estimate.
    drawn = keys.map(units.set_index("unit")["selected"]).fillna(False).astype(bool)  # noqa: FBT003 - pandas'
    weights = stratum.map(base).astype("float64").where(answered & drawn)
    eligible = units["disposition"].ne(Disposition.NOT_ELIGIBLE.value).to_numpy()
    final, told = _raked(weights, keys, frame[eligible], sampling)
    columns = {
        STATUS: status,
        STRATUM: stratum,
        POPULATION: stratum.map(population).astype("Int64"),
        BASE: weights,
        WEIGHT: final,
    }
    issues = issues_frame([*_repeated(main, again, sampling), *told])
    return Sampled(pd.DataFrame(columns), UNITS.validate(units), issues)


def _statuses(
    main: pd.DataFrame,
    missing: pd.DataFrame,
    form: Questionnaire,
    sampling: Sampling,
    roles: Roles,
) -> pd.Series:
    """complete, partial or refusal, by the share of due questions that were answered."""
    asked = [
        item
        for item in form.answered()
        if item.question.row.filled is Filled.PERSON and item.name in missing
    ]
    names = [item.name for item in asked if item.question.required not in {None, False}]
    due, left = np.zeros(len(main), np.int64), np.zeros(len(main), np.int64)
    for name in names or [item.name for item in asked]:
        kinds = missing[name]
        due += ~kinds.isin([MissingKind.NOT_ASKED.value]).to_numpy(dtype=bool)
        left += kinds.isin(_LEFT_OPEN).to_numpy(dtype=bool)
    share = 1.0 - left / np.maximum(due, 1)
    status = np.select(
        [share >= sampling.complete, share >= sampling.partial],
        [Disposition.COMPLETE.value, Disposition.PARTIAL.value],
        Disposition.REFUSAL.value,
    )
    found = pd.Series(status, index=main.index, dtype="str")
    if roles.consent is not None and roles.consent in main:
        refused = main[roles.consent].eq("no").fillna(False).astype(bool)  # noqa: FBT003 - pandas'
        found = found.mask(refused, Disposition.REFUSAL.value)
    return found


def _units(
    main: pd.DataFrame,
    status: pd.Series,
    keys: pd.Series,
    frame: pd.DataFrame,
    sampling: Sampling,
) -> pd.DataFrame:
    """Every unit of the frame with what became of it."""
    came = pd.DataFrame({"status": status, "response_id": main["response_id"], "key": keys})
    came = came.dropna(subset=["key"]).set_index("key")
    selected = (
        pd.Series(data=True, index=frame.index)
        if sampling.selected is None
        else frame[sampling.selected].eq("1")
    )
    noted = (
        pd.Series(pd.NA, index=frame.index, dtype="str")
        if sampling.disposition is None
        else frame[sampling.disposition].where(lambda said: said.isin(list(Disposition)))
    )
    found = came["status"].reindex(frame.index).fillna(noted).fillna(Disposition.UNKNOWN.value)
    strata = frame[sampling.strata] if sampling.strata else pd.Series(_ALL, index=frame.index)
    units = pd.DataFrame(
        {
            "unit": frame.index.astype("str"),
            "selected": selected.to_numpy(dtype=bool),
            "stratum": strata.fillna("").astype("str").to_numpy(),
            "disposition": found.where(selected, "").astype("str").to_numpy(),
            "response_id": came["response_id"].reindex(frame.index).astype("str").to_numpy(),
        }
    )
    return units.astype({"response_id": "str"})


def _base_weights(units: pd.DataFrame, sampling: Sampling) -> tuple[pd.Series, pd.Series]:
    """Stratum -> eligible units of the frame over those drawn; and the number of the former."""
    eligible = units[units["disposition"].ne(Disposition.NOT_ELIGIBLE.value)]
    population = eligible.groupby("stratum").size()
    drawn = eligible[eligible["selected"]].groupby("stratum").size()
    if sampling.design is SampleDesign.PURPOSIVE:
        return pd.Series(np.nan, index=population.index), population
    if sampling.design is SampleDesign.CENSUS:
        return pd.Series(1.0, index=population.index), population
    return (population / drawn.reindex(population.index)).astype("float64"), population


def _raked(
    weights: pd.Series, keys: pd.Series, frame: pd.DataFrame, sampling: Sampling
) -> tuple[pd.Series, list[Issue]]:
    """The weights with the frame's margins; as they were, and told, where that cannot be."""
    there = weights.notna()
    if not sampling.rake or not there.any():
        return weights, []
    data = frame.loc[keys[there], list(sampling.rake)].fillna("").reset_index(drop=True)
    data = data.assign(**{BASE: weights[there].to_numpy()})
    margins = tuple(
        Margin(name, tuple((str(one), float(n)) for one, n in sorted(_counts(frame[name]).items())))
        for name in sampling.rake
    )
    try:
        design = Design(Kind.SRS, weights=BASE, rake=margins)
        final = Sample.draw(data, design).weights
    except SurveyError as error:
        reasons = " ".join(problem.message for problem in error.problems)
        return weights.where(~there), [_not_raked(reasons, sampling)]
    raked = weights.copy()
    raked[there] = final
    return raked, []


def _counts(column: pd.Series) -> Counter[str]:
    return Counter(column.fillna("").astype("str"))


def _not_raked(reasons: str, sampling: Sampling) -> Issue:
    return Issue(
        response_id=None,
        question=None,
        code="not_raked",
        rule=", ".join(sampling.rake),
        severity=ISSUE_CODES["not_raked"].severity,
        stage=STAGE,
        message=f"There are no weights. {reasons}",
    )


def _repeated(main: pd.DataFrame, again: pd.Series, sampling: Sampling) -> Iterator[Issue]:
    rows = np.flatnonzero(again.to_numpy(dtype=bool))
    ids, files = (main[name].array.take(rows) for name in ("response_id", "source_file"))
    for response_id, source_file in zip(ids, files, strict=True):
        yield Issue(
            response_id=str(response_id),
            question=sampling.id,
            code="frame_unit_again",
            rule="frame",
            severity=ISSUE_CODES["frame_unit_again"].severity,
            stage=STAGE,
            source_file=str(source_file),
            message=f"{ISSUE_CODES['frame_unit_again'].en}.",
        )
