"""The tidy frame that every estimate comes in, and the notes that say what a number is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.errors import SurveyError
from pipeline.estimation.columns import Codes, Floats
from pipeline.estimation.design import Design, Kind
from pipeline.estimation.intervals import Interval, Precision, check_level, limits
from pipeline.estimation.problems import problem
from pipeline.estimation.quantity import Estimated

COLUMNS = (
    "variable",
    "category",
    "domain",
    "estimate",
    "se",
    "low",
    "high",
    "base",
    "deff",
    "note",
)
_NO_ERROR = "purposive sample: it describes those asked, no sampling error can be stated"
_CENSUS = "census: every unit was asked, no sampling error"


class DegreesOf(StrEnum):
    """Whose degrees of freedom an interval uses: the whole design's, or its domain's answers'."""

    DESIGN = "design"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Confidence:
    """How intervals are made.

    Attributes:
        interval: the method.
        level: confidence level, above 0 and below 1.
        degrees_of: whose degrees of freedom Student's t has.
    """

    interval: Interval
    level: float
    degrees_of: DegreesOf

    @classmethod
    def of(cls, interval: str, level: float, degrees_of: str) -> "Confidence":
        """From words.

        Raises:
            SurveyError: EST-021, an unknown word or a level that is none.
        """
        check_level(level)
        for word, words, name in (
            (interval, Interval, "interval"),
            (degrees_of, DegreesOf, "degrees_of"),
        ):
            if word not in set(words):
                message, repair = f"There is no {name} '{word}'.", f"Choose {', '.join(words)}."
                raise SurveyError([problem("EST-021", message, repair, name)])
        return cls(Interval(interval), level, DegreesOf(degrees_of))


class Drawn(Protocol):
    """What a frame of estimates has to know of a sample."""

    @property
    def design(self) -> Design:
        """How it was drawn."""

    @property
    def states_no_error(self) -> bool:
        """Whether no sampling error can be stated, because units were chosen by judgement."""

    @property
    def is_complete(self) -> bool:
        """Whether every unit of the population is in it, so that nothing varies."""

    @property
    def degrees(self) -> int:
        """Degrees of freedom of the whole design."""

    @property
    def responding(self) -> int:
        """Number of rows with a weight other than 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Rows of the frame for one variable.

    Attributes:
        variable: its name.
        category: (k,) categories; empty for none.
        domain: (k,) domains; empty for the whole sample.
        estimate, se, low, high, deff: (k,) numbers.
        base: (k,) unweighted counts.
        note: (k,) notes; empty for none.
    """

    variable: str
    category: Sequence[str]
    domain: Sequence[str]
    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    base: Codes
    deff: Floats
    note: Sequence[str]


def table(blocks: Sequence[Block]) -> pd.DataFrame:
    """All blocks as one tidy frame; what is empty or unknown is missing."""
    columns: dict[str, object] = {
        "variable": np.repeat(
            np.array([block.variable for block in blocks], dtype=object),
            [len(block.estimate) for block in blocks],
        )
    }
    for name in COLUMNS[1:]:
        kind = _dtype(name)
        empty: npt.NDArray[Any] = np.zeros(0, dtype=kind)
        parts: list[npt.NDArray[Any]]
        parts = [np.asarray(getattr(block, name), dtype=kind) for block in blocks]
        columns[name] = np.concatenate([empty, *parts])
    frame = pd.DataFrame(columns, columns=list(COLUMNS))
    words = frame[["variable", "category", "domain", "note"]].astype("str")
    frame[words.columns] = words.where(words != "")
    return frame


def _dtype(name: str) -> type:
    return {"category": object, "domain": object, "note": object, "base": np.int64}.get(
        name, np.float64
    )


def block(
    sample: Drawn,
    variable: str,
    labels: tuple[Sequence[str], Sequence[str]],
    found: Estimated,
    confidence: Confidence,
) -> Block:
    """The rows for one variable: its estimates with their limits and notes.

    Args:
        sample: what was estimated from.
        variable: its name.
        labels: (k,) categories and (k,) domains.
        found: (k,) estimates.
        confidence: how intervals are made.
    """
    precision = precision_of(sample, found, confidence)
    low, high = limits(confidence.interval, found.estimate, precision, confidence.level)
    low, high = (np.where(np.isnan(found.se), np.nan, limit) for limit in (low, high))
    notes = _notes(sample, found, precision, confidence, low)
    category, domain = labels
    return Block(
        variable,
        category,
        domain,
        found.estimate,
        found.se,
        low,
        high,
        found.base,
        found.deff,
        notes,
    )


def precision_of(sample: Drawn, found: Estimated, confidence: Confidence) -> Precision:
    """What intervals need to know of estimates."""
    whole = np.full(len(found.estimate), sample.degrees)
    return Precision(
        found.se,
        found.base_degrees if confidence.degrees_of is DegreesOf.DOMAIN else whole,
        found.base,
        found.base_degrees,
        sample.responding,
        found.logit_se,
        sample.is_complete,
        found.asked,
        found.asked_degrees,
    )


def _notes(
    sample: Drawn,
    found: Estimated,
    precision: Precision,
    confidence: Confidence,
    low: Floats,
) -> Sequence[str]:
    notes = np.full(len(found.estimate), common_note(sample), dtype=object)
    if not sample.states_no_error and not sample.is_complete:
        notes[precision.degrees <= 0] = "too few sampling units for an interval"
        if confidence.interval is not Interval.WALD:
            alike = (found.estimate <= 0) | (found.estimate >= 1)
            notes[alike & np.isnan(low)] = "all answers alike: this method has no interval"
            several = alike & ~np.isnan(low) & (sample.design.kind is not Kind.SRS)
            notes[several] = "all answers alike: interval from the number of answers"
    notes[found.base == 0] = "no answers"
    return list(notes)


def common_note(sample: Drawn) -> str:
    """What holds for every estimate of a sample."""
    if sample.states_no_error:
        return _NO_ERROR
    return _CENSUS if sample.design.kind is Kind.CENSUS else ""
