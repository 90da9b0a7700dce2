"""Potential partners: gates first, then criteria, and ranks that say how robust they are.

Every function takes plain frames, so that the assessment can be checked by hand. A missing answer
is never a zero: it is the interval from 0 to 1, carried through to the ranks.

Source: UN partner portals' practice (due diligence pass or fail, then capacity by category);
Hwang & Yoon (1981) for TOPSIS; Lahdelma & Salminen (2001), SMAA-2, for rank acceptability.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.questionnaire.model import MissingKind, Questionnaire
from pipeline.settings import Criterion, Gate, Partners

_ROUNDING = 1e-9
_BATCH = 1_000
"""Weightings drawn at a time, so that memory stays small whatever the number of draws."""
_DOES_NOT_APPLY = {MissingKind.NOT_ASKED.value, MissingKind.NOT_APPLICABLE.value}


class GateResult(StrEnum):
    """What a gate says of an organisation; open means that an answer is missing."""

    PASSED = "passed"
    OPEN = "open"
    FAILED = "failed"


@dataclass(frozen=True)
class Scores:
    """Scores from 0 to 1, a row an organisation, a column a criterion; low = high where known."""

    low: pd.DataFrame
    high: pd.DataFrame

    @property
    def middle(self) -> pd.DataFrame:
        """The middle of each interval."""
        return (self.low + self.high) / 2


def gate_results(main: pd.DataFrame, missing: pd.DataFrame, gates: Sequence[Gate]) -> pd.DataFrame:
    """Say for each organisation and gate whether it is passed, failed or open.

    Args:
        main: answers, one row an organisation, with the gates' questions as columns.
        missing: the same rows and questions: the kind of missing answer, or NA.
        gates: due-diligence items; a gate is passed when each of its questions that applies has
            an accepted answer, failed when one has another answer, else open.

    Returns:
        Index of `main`, a column a gate, values of `GateResult` as text.
    """
    return pd.DataFrame(
        {gate.name: _gate(main, missing, gate) for gate in gates}, index=main.index, dtype="str"
    )


def _gate(main: pd.DataFrame, missing: pd.DataFrame, gate: Gate) -> NDArray[np.str_]:
    failed = np.zeros(len(main), dtype=bool)
    unanswered = np.zeros(len(main), dtype=bool)
    for question in gate.questions:
        applies, absent = _state(missing, question)
        accepted = main[question].isin(gate.accept).to_numpy()
        failed |= applies & ~absent & ~accepted
        unanswered |= absent
    return np.where(
        failed, GateResult.FAILED, np.where(unanswered, GateResult.OPEN, GateResult.PASSED)
    )


def verdicts(gates: pd.DataFrame) -> pd.Series:
    """One result an organisation: failed where one gate is, else open where one is, else passed."""
    failed = (gates == GateResult.FAILED).any(axis=1)
    open_ = (gates == GateResult.OPEN).any(axis=1)
    result = np.where(
        failed, GateResult.FAILED, np.where(open_, GateResult.OPEN, GateResult.PASSED)
    )
    return pd.Series(result, index=gates.index, name="verdict", dtype="str")


def criterion_scores(
    main: pd.DataFrame, missing: pd.DataFrame, questionnaire: Questionnaire, partners: Partners
) -> Scores:
    """Score every criterion: the average over its questions that apply, 0 where none applies."""
    columns = {
        criterion.name: _criterion(main, missing, questionnaire, criterion)
        for criterion in partners.criteria
    }
    return Scores(
        low=pd.DataFrame({name: low for name, (low, _) in columns.items()}, index=main.index),
        high=pd.DataFrame({name: high for name, (_, high) in columns.items()}, index=main.index),
    )


def _criterion(
    main: pd.DataFrame, missing: pd.DataFrame, questionnaire: Questionnaire, criterion: Criterion
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high, asked = (np.zeros(len(main)) for _ in range(3))
    for question in criterion.questions:
        applies, absent = _state(missing, question)
        score = _answers(main[question], questionnaire, question, criterion)
        # An answer that the scores do not name is as good as missing: nobody has weighed it.
        unknown = absent | (applies & np.isnan(score))
        known = np.where(unknown, 0.0, np.nan_to_num(score))
        low += np.where(applies, known, 0.0)
        high += np.where(applies, np.where(unknown, 1.0, known), 0.0)
        asked += applies
    divisor = np.maximum(asked, 1.0)
    return low / divisor, high / divisor


def _answers(
    answers: pd.Series, questionnaire: Questionnaire, question: str, criterion: Criterion
) -> NDArray[np.float64]:
    if criterion.count_of is None:
        return np.asarray(answers.map(criterion.scores), dtype=np.float64)
    choices = questionnaire.choices_of(questionnaire.by_name[question].question)
    counted = [choice.name for choice in choices if not choice.exclusive and not choice.missing]
    ticked = answers.fillna("").str.split(" ").explode()
    number = ticked.isin(counted).groupby(level=0).sum().reindex(answers.index)
    share: NDArray[np.float64] = np.minimum(
        number.to_numpy(dtype=np.float64) / criterion.count_of, 1.0
    )
    share[answers.isna().to_numpy()] = np.nan
    return share


def _state(missing: pd.DataFrame, question: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether the question applies, and whether it applies and has no usable answer."""
    kind = missing[question].astype("str")
    applies = ~kind.isin(_DOES_NOT_APPLY).to_numpy()
    return applies, applies & kind.notna().to_numpy()


def weights_of(partners: Partners) -> pd.Series:
    """The study's weights by criterion, made to add up to 1."""
    weights = pd.Series({one.name: one.weight for one in partners.criteria}, dtype="float64")
    return weights / weights.sum()


def weighted_sum(scores: Scores, weights: pd.Series) -> pd.DataFrame:
    """The weighted sum of the criteria, from 0 to 1: columns low, middle, high."""
    return pd.DataFrame(
        {
            "low": scores.low[weights.index] @ weights,
            "middle": scores.middle[weights.index] @ weights,
            "high": scores.high[weights.index] @ weights,
        }
    )


def topsis(scores: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Closeness to the ideal, from 0 to 1, by TOPSIS with vector normalisation.

    Every criterion is a benefit. Where all organisations are alike, ideal and worst coincide and
    the closeness is 0.5 for all.
    """
    values = scores[weights.index].to_numpy(dtype="float64")
    norm = np.sqrt((values**2).sum(axis=0))
    weighted = values / np.where(norm > 0, norm, 1.0) * weights.to_numpy()
    to_best = np.linalg.norm(weighted - weighted.max(axis=0, initial=-np.inf), axis=1)
    to_worst = np.linalg.norm(weighted - weighted.min(axis=0, initial=np.inf), axis=1)
    total = to_best + to_worst
    closeness = np.where(total > 0, to_worst / np.where(total > 0, total, 1.0), 0.5)
    return pd.Series(closeness, index=scores.index, name="topsis")


@dataclass(frozen=True)
class Acceptability:
    """How often an organisation takes a rank, over all weightings and all missing answers.

    Attributes:
        ranks: a row an organisation, columns 1..n: the share of draws in which it has that rank.
        expected: the mean rank.
        central_weights: the mean weighting under which an organisation comes first; NA where it
            never does.
    """

    ranks: pd.DataFrame
    expected: pd.Series
    central_weights: pd.DataFrame

    def among_first(self, places: int) -> pd.Series:
        """The share of weightings under which an organisation is among the first so many."""
        return self.ranks.iloc[:, :places].sum(axis=1)

    def between(self, share: float) -> pd.DataFrame:
        """Columns best, worst: the ranks between which at least this share of weightings puts one.

        As much is cut off at either end.
        """
        so_far = self.ranks.cumsum(axis=1).to_numpy()
        cut = (1.0 - share) / 2
        ends = {"best": cut, "worst": 1.0 - cut}
        return pd.DataFrame(
            {name: (so_far < end - _ROUNDING).sum(axis=1) + 1 for name, end in ends.items()},
            index=self.ranks.index,
        )


def smaa(scores: Scores, *, draws: int = 10_000, seed: int = 2011) -> Acceptability:
    """Rank under random weightings, uniform over all of them, missing answers drawn uniformly.

    Args:
        scores: intervals by organisation and criterion.
        draws: number of weightings.
        seed: the same seed gives the same shares.

    Ties take the better rank in the order of the rows, which a draw of continuous weights leaves
    to organisations with equal scores only.
    """
    generator = np.random.default_rng(seed)
    low, high = scores.low.to_numpy(), scores.high.to_numpy()
    size, criteria = low.shape
    counts = np.zeros((size, size))
    winners = np.zeros((size, criteria))
    for start in range(0, draws if size else 0, _BATCH):
        batch = min(_BATCH, draws - start)
        weights = generator.dirichlet(np.ones(criteria), batch)
        place = generator.random((batch, size, criteria))
        totals = np.einsum("dnc,dc->dn", low + place * (high - low), weights)
        order = np.argsort(-totals, axis=1, kind="stable")
        ranks = np.argsort(order, axis=1)
        np.add.at(counts, (np.arange(size), ranks), 1)
        np.add.at(winners, order[:, 0], weights)
    shares = pd.DataFrame(
        counts / max(draws, 1), index=scores.low.index, columns=range(1, size + 1)
    )
    first = np.where(counts.T[0] > 0, counts.T[0], np.nan)[:, None] if size else 1.0
    return Acceptability(
        ranks=shares,
        expected=pd.Series(
            shares.to_numpy() @ np.arange(1, size + 1), index=shares.index, name="expected_rank"
        ),
        central_weights=pd.DataFrame(
            winners / first, index=shares.index, columns=scores.low.columns
        ),
    )
