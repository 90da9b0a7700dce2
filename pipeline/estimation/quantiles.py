"""Medians and other quantiles, with Woodruff's intervals.

A quantile's interval is that of the share of answers up to it, carried back through the weighted
distribution. Sources: Woodruff (1952), Confidence Intervals for Medians; Lumley (2010), ch. 2;
R's `survey::svyquantile` of version 4.1, whose rules these are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
import pandas as pd

from pipeline.errors import SurveyError
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Categories, Floats, as_names, domains, numbers
from pipeline.estimation.frame import (
    Block,
    Confidence,
    DegreesOf,
    common_note,
    precision_of,
    table,
)
from pipeline.estimation.intervals import Interval, limits, student
from pipeline.estimation.problems import problem
from pipeline.estimation.quantity import Quantity, estimated
from pipeline.estimation.sample import Sample


class Rule(StrEnum):
    """What a quantile is when the weights fall exactly on it, or between two answers.

    math: the lower answer. school: the mean of the two, as medians are taught.
    hf7: Hyndman and Fan's type 7, which interpolates between answers.
    """

    MATH = "math"
    SCHOOL = "school"
    HF7 = "hf7"


def medians(
    sample: Sample,
    variables: str | Sequence[str],
    by: str | Sequence[str] | None = None,
    *,
    rule: str = Rule.MATH,
    interval: str = Interval.WALD,
    level: float = 0.95,
    degrees_of: str = DegreesOf.DOMAIN,
) -> pd.DataFrame:
    """Medians of numeric variables, in each domain; arguments and errors as for `quantiles`."""
    options = Confidence.of(interval, level, degrees_of)
    found = _blocks(sample, as_names(variables), by, ((0.5, ""),), (_rule(rule), options))
    return table(found)


def quantiles(
    sample: Sample,
    variables: str | Sequence[str],
    probabilities: Sequence[float] = (0.25, 0.5, 0.75),
    by: str | Sequence[str] | None = None,
    *,
    rule: str = Rule.MATH,
    interval: str = Interval.WALD,
    level: float = 0.95,
    degrees_of: str = DegreesOf.DOMAIN,
) -> pd.DataFrame:
    """Quantiles of numeric variables, in each domain.

    Args:
        sample: a design applied to its data.
        variables: names of numeric columns.
        probabilities: which quantiles, each above 0 and below 1; the frame's category.
        by: columns whose combinations are the domains; none for the whole sample.
        rule: math, school or hf7.
        interval: how the interval of the share up to the quantile is made; logit is R's xlogit.
        level: confidence level.
        degrees_of: `domain`, as R's svyquantile, or `design`.

    Returns:
        A row a domain, variable and probability, in the unit of the variable. A limit is missing
        where the share's limit lies outside 0 to 1; se is the interval's width over twice
        Student's t.

    Raises:
        SurveyError: EST-010, EST-020, EST-021, or EST-022 for a probability that is none.
    """
    if not all(0 < p < 1 for p in probabilities):
        message = "A quantile's probability lies between 0 and 1."
        raise SurveyError([problem("EST-022", message, "Use 0.5, for example.", "probabilities")])
    options = Confidence.of(interval, level, degrees_of)
    wanted = tuple((p, f"{p:g}") for p in probabilities)
    return table(_blocks(sample, as_names(variables), by, wanted, (_rule(rule), options)))


class Finder(Protocol):
    """Finds the quantile at p of answers in order, whose weights are cumulated."""

    def __call__(self, values: Floats, cumulated: Floats, p: float, *, as_limit: bool) -> float:
        """The quantile."""
        ...


def _rule(word: str) -> Finder:
    if word not in set(Rule):
        repair = f"Choose {', '.join(Rule)}."
        raise SurveyError([problem("EST-021", f"There is no rule '{word}'.", repair, "rule")])
    return _type_seven if word == Rule.HF7 else _stepwise(halfway=word == Rule.SCHOOL)


def _stepwise(*, halfway: bool) -> Finder:
    def find(values: Floats, cumulated: Floats, p: float, *, as_limit: bool) -> float:
        at = int(np.searchsorted(cumulated, p * cumulated[-1], side="right")) - 1
        if as_limit:
            at = max(at, 0)  # R's limits start from the second answer
        above = min(at + 1, len(values) - 1)
        # R's own comparison, so that ties fall as they do there
        if at < 0 or p - cumulated[at] / cumulated[-1] != 0:
            return float(values[above])
        return float((values[at] + values[above]) / 2 if halfway else values[at])

    return find


def _type_seven(values: Floats, cumulated: Floats, p: float, *, as_limit: bool) -> float:
    del as_limit  # the same, since it interpolates
    if len(values) == 1:
        return float(values[0])
    places = np.concatenate([[0.0], cumulated[:-1]]) / cumulated[-2]
    return float(np.interp(p, places, values))


def _blocks(
    sample: Sample,
    variables: Sequence[str],
    by: str | Sequence[str] | None,
    wanted: Sequence[tuple[float, str]],
    options: tuple[Finder, Confidence],
) -> list[Block]:
    groups = domains(sample.data, as_names(by))
    find, confidence = options
    found = []
    for name in variables:
        answers = _Answers.of(sample, numbers(sample.data, name), groups, find)
        found += [_quantile(sample, (name, label), answers, p, confidence) for p, label in wanted]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Answers:
    """A variable's answers, and for each domain in order with their weights cumulated."""

    values: Floats
    groups: Categories
    ordered: list[tuple[Floats, Floats]]
    find: Finder

    @classmethod
    def of(cls, sample: Sample, values: Floats, groups: Categories, find: Finder) -> "_Answers":
        used = np.flatnonzero(~np.isnan(values) & (groups.codes >= 0) & (sample.weights != 0))
        order = used[np.lexsort((values[used], groups.codes[used]))]
        ends = np.cumsum(np.bincount(groups.codes[order], minlength=len(groups.labels)))
        parts = np.split(order, ends[:-1])
        ordered = [(values[part], _cumulated(sample.weights[part])) for part in parts]
        return cls(values, groups, ordered, find)

    def at(self, shares: Floats, *, as_limits: bool = False) -> Floats:
        """(domains,) the quantiles at these shares, which may lie beyond the answers."""
        return np.array(
            [
                self.find(*answers, share, as_limit=as_limits)
                if len(answers[0]) and 0 <= share <= 1
                else np.nan
                for answers, share in zip(self.ordered, shares, strict=True)
            ],
            dtype=np.float64,
        )

    def up_to(self, estimate: Floats) -> Quantity:
        """The share of answers up to the quantile, in each domain."""
        width = len(self.groups.labels)
        codes = np.where(np.isnan(self.values), -1, self.groups.codes)
        base = Cells(codes, width)
        below = self.values <= np.append(estimate, np.nan)[codes]
        return Quantity(Cells(np.where(below, codes, -1), width), base, base, np.arange(width))


def _cumulated(weights: Floats) -> Floats:
    """Cumulative sums with their rounding errors carried along, as exact as R's long doubles."""
    sums = np.cumsum(weights)
    before, added, after = sums[:-1], weights[1:], sums[1:]
    part = after - before
    lost = (before - (after - part)) + (added - part)
    return np.asarray(sums + np.concatenate([[0.0], np.cumsum(lost)])[: len(sums)])


def _quantile(
    sample: Sample, name: tuple[str, str], answers: _Answers, p: float, confidence: Confidence
) -> Block:
    """One quantile of one variable in every domain."""
    width = len(answers.groups.labels)
    estimate = answers.at(np.full(width, p))
    shares = estimated(sample, answers.up_to(estimate))
    precision = precision_of(sample, shares, confidence)
    bounds = limits(confidence.interval, shares.estimate, precision, confidence.level)
    low = np.minimum(answers.at(bounds[0], as_limits=True), estimate)
    high = answers.at(bounds[1], as_limits=True)
    se = (high - low) / (2 * student(precision.degrees, confidence.level))
    if sample.is_complete:
        low, high, se = estimate, estimate, np.where(np.isnan(estimate), np.nan, 0.0)
    notes = np.full(width, common_note(sample), dtype=object)
    if not sample.states_no_error:
        notes[np.isnan(low) | np.isnan(high)] = "a limit lies beyond the answers"
    notes[shares.base == 0] = "no answers"
    labels, nothing = [name[1]] * width, np.full(width, np.nan)
    values = (estimate, se, low, high, shares.base, nothing)
    return Block(name[0], labels, answers.groups.labels, *values, list(notes))
