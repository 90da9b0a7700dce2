"""How the sample was drawn: a frozen description that refuses what contradicts itself.

The words are survey statistics' own; the variances that follow from them are those of R's
`survey` package. Source: Lumley (2010), Complex Surveys, ch. 2, 3 and 7.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline.errors import Problem, SurveyError
from pipeline.estimation.problems import problem


class Kind(StrEnum):
    """How units came into the sample.

    census: every unit was asked, so nothing varies by sampling.
    srs: simple random sampling of units.
    stratified: simple random sampling in each stratum, of units or of clusters.
    cluster: clusters, perhaps in strata, and perhaps further stages inside them.
    purposive: chosen by judgement, by quota or as they came; no sampling error can be stated.
    """

    CENSUS = "census"
    SRS = "srs"
    STRATIFIED = "stratified"
    CLUSTER = "cluster"
    PURPOSIVE = "purposive"


class LonelyStratum(StrEnum):
    """What a stratum with a single sampling unit adds to a variance.

    fail: refuse the sample. remove, certainty: nothing. adjust: the square of its distance from
    the mean of the whole sample. average: as much as the other strata on average.
    """

    FAIL = "fail"
    REMOVE = "remove"
    ADJUST = "adjust"
    AVERAGE = "average"
    CERTAINTY = "certainty"


class VarianceMethod(StrEnum):
    """Taylor linearisation with the ultimate or all stages, or the jackknife (JK1, JKn)."""

    LINEARISED = "linearised"
    JACKKNIFE = "jackknife"


class Distance(StrEnum):
    """How calibrated weights are kept near the given ones: linear (GREG) or raking."""

    LINEAR = "linear"
    RAKING = "raking"


@dataclass(frozen=True, slots=True)
class Margin:
    """Known population counts of one categorical column.

    Attributes:
        column: name of the column.
        counts: (category, number of units in the population) pairs.
    """

    column: str
    counts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class KnownTotal:
    """The known population total of one numeric column."""

    column: str
    total: float


@dataclass(frozen=True, slots=True)
class Design:
    """How the sample was drawn and weighted; it refuses contradictions when it is made.

    Attributes:
        kind: census, srs, stratified, cluster or purposive.
        strata: the column of strata.
        clusters: the columns of clusters, first stage first.
        weights: the column of weights; without it 1 / sampling fraction from `fpc`, else 1.
        fpc: a column or a number for each stage: how many units the population has, in the
            stratum (first stage) or in the cluster (later stages), or what fraction was drawn.
        lonely_stratum: what a stratum with one sampling unit adds to a variance.
        post_strata: counts of one column to which the weights are post-stratified.
        rake: counts of several columns to which the weights are raked.
        calibrate: counts and totals to which the weights are calibrated.
        distance: linear (the general regression estimator) or raking.
        nest: clusters are numbered anew in each stratum.
        variance: linearised or jackknife.

    Raises:
        SurveyError: every contradiction, EST-003 to EST-005.
    """

    kind: Kind
    strata: str | None = None
    clusters: tuple[str, ...] = ()
    weights: str | None = None
    fpc: tuple[str | float, ...] = ()
    lonely_stratum: LonelyStratum = LonelyStratum.FAIL
    post_strata: Margin | None = None
    rake: tuple[Margin, ...] = ()
    calibrate: tuple[Margin | KnownTotal, ...] = ()
    distance: Distance = Distance.LINEAR
    nest: bool = False
    variance: VarianceMethod = VarianceMethod.LINEARISED

    def __post_init__(self) -> None:
        if problems := tuple(_contradictions(self)):
            raise SurveyError(problems)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the design names."""
        named = [self.strata, *self.clusters, self.weights, *self.fpc]
        margins = [self.post_strata, *self.rake, *self.calibrate]
        named += [margin.column for margin in margins if margin is not None]
        return tuple(dict.fromkeys(name for name in named if isinstance(name, str)))


_REFUSED = {
    Kind.CENSUS: {
        "strata": "A census samples nothing within strata.",
        "clusters": "A census samples no clusters.",
        "weights": "A census counts every unit once.",
        "fpc": "A census has no larger population.",
        "post_strata": "A census needs no adjustment of weights.",
        "rake": "A census needs no adjustment of weights.",
        "calibrate": "A census needs no adjustment of weights.",
    },
    Kind.SRS: {
        "strata": "Simple random sampling has no strata.",
        "clusters": "Simple random sampling has no clusters.",
    },
    Kind.STRATIFIED: {},
    Kind.CLUSTER: {},
    Kind.PURPOSIVE: {
        "strata": "A purposive sample is not drawn from strata.",
        "clusters": "A purposive sample is not drawn in clusters.",
        "fpc": "A purposive sample is no known part of its population.",
    },
}
_OTHER_KIND = "Remove it, or choose the kind of design that has it."


def _contradictions(design: Design) -> Iterator[Problem]:
    for name, reason in _REFUSED[design.kind].items():
        if getattr(design, name):
            yield problem("EST-004", reason, _OTHER_KIND, name)
    yield from _missing_parts(design)
    yield from _wrong_counts(design)
    adjustments = [n for n in ("post_strata", "rake", "calibrate") if getattr(design, n)]
    for name in adjustments[1:]:
        message = f"The weights are already adjusted by {adjustments[0]}."
        yield problem("EST-004", message, f"Keep {adjustments[0]} or {name}.", name)
    if design.variance is VarianceMethod.JACKKNIFE and adjustments:
        message = f"A jackknife of weights adjusted by {adjustments[0]} would not repeat it."
        yield problem("EST-004", message, "Use the linearised variance.", "variance")


def _missing_parts(design: Design) -> Iterator[Problem]:
    if design.kind is Kind.STRATIFIED and not design.strata:
        yield problem(
            "EST-005", "A stratified design names its strata.", "Name a column.", "strata"
        )
    if design.kind is Kind.CLUSTER and not design.clusters:
        repair = "Name a column for each stage."
        yield problem("EST-005", "A cluster design names its clusters.", repair, "clusters")
    stages = max(1, len(design.clusters))
    if design.fpc and len(design.fpc) != stages:
        message = f"The design has {stages} stages and {len(design.fpc)} population counts."
        yield problem("EST-004", message, "Give one for each stage, or none.", "fpc")
    if design.nest and not (design.strata and design.clusters):
        message = "Only clusters in strata can be numbered anew."
        yield problem("EST-004", message, "Name strata and clusters, or remove nest.", "nest")


def _wrong_counts(design: Design) -> Iterator[Problem]:
    whole = "Give the number of units in the population."
    for count in design.fpc:
        if not isinstance(count, str) and not (math.isfinite(count) and count > 0):
            message = "A population count, or a sampling fraction, is a number above 0."
            yield problem("EST-003", message, whole, "fpc")
    for name in ("post_strata", "rake", "calibrate"):
        part = getattr(design, name)
        margins = [part] if isinstance(part, Margin) else part or ()
        for margin in margins:
            if isinstance(margin, KnownTotal):
                bad = not math.isfinite(margin.total)
            else:
                bad = not _proper(margin)
            if bad:
                message = f"The counts of {margin.column} are not numbers from 0, some above 0."
                yield problem("EST-003", message, whole, name)


def _proper(margin: Margin) -> bool:
    counts = [count for _, count in margin.counts]
    return all(math.isfinite(c) and c >= 0 for c in counts) and any(c > 0 for c in counts)
