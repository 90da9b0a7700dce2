"""A design met with its data: weights, sampling units and strata, checked before any estimate."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pipeline.errors import Problem, SurveyError
from pipeline.estimation.calibration import calibrated
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Codes, Columns, Floats, Mask, compacted, numbers
from pipeline.estimation.design import Design, Kind, LonelyStratum, VarianceMethod
from pipeline.estimation.problems import problem
from pipeline.estimation.replicates import Jackknife
from pipeline.estimation.residuals import Calibration
from pipeline.estimation.stages import Stage, Units, staged


@dataclass(frozen=True, eq=False)
class Sample:
    """The rows of a survey with everything an estimate needs to know of the design.

    Attributes:
        data: one row a responding unit.
        design: how it was drawn.
        weights: (n,) final weights: how many units of the population each row stands for.
        units: which sampling unit each row belongs to, at every stage.
        explained: makes what adjusted weights take out of a variance, or None.
        degrees: degrees of freedom of the whole design: sampling units less strata.
        responding: number of rows with a weight other than 0.
        unit_weights: (units, 1) sum of the weights in each of the finest sampling units.
    """

    data: pd.DataFrame
    design: Design
    weights: Floats
    units: Units
    explained: Callable[[], Calibration] | None
    degrees: int
    responding: int
    unit_weights: Floats

    @classmethod
    def draw(cls, data: pd.DataFrame, design: Design) -> "Sample":
        """The sample that the design makes of the rows.

        Raises:
            SurveyError: everything in the data that does not fit, EST-010 to EST-018.
        """
        columns = Columns(data)
        _refuse(_missing_values(columns, design))
        stages, finest = _stages(columns, design)
        _refuse(_lonely(stages, design))
        given = _given_weights(data, design, stages, finest)
        _refuse(_wrong_weights(given, design))
        units = Units(stages, finest)
        weights, explained = calibrated(columns, design, given, units)
        whole = Cells(np.zeros(len(data), dtype=np.int64), 1)
        rows = whole.by_group((weights != 0).astype(np.float64), finest, units.count)
        degrees = int(degrees_of(design, units, rows)[0])
        per_unit = whole.by_group(weights, finest, units.count)
        return cls(data, design, weights, units, explained, degrees, int(rows.sum()), per_unit)

    @cached_property
    def calibration(self) -> Calibration | None:
        """What adjusted weights take out of a variance, or None."""
        return None if self.explained is None else self.explained()

    @property
    def test_degrees(self) -> int:
        """Degrees of freedom of a test: as R's svychisq, rows of weight 0 keep their units."""
        replicated = self.design.variance is VarianceMethod.JACKKNIFE
        return self.degrees if replicated else self.units.drawn_degrees

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.weights)

    @property
    def states_no_error(self) -> bool:
        """Whether no sampling error can be stated, because units were chosen by judgement."""
        return self.design.kind is Kind.PURPOSIVE

    @property
    def is_complete(self) -> bool:
        """Whether every unit of the population is in the sample, so that nothing varies."""
        return not any(np.any(stage.varies) for stage in self.units.stages)


def degrees_of(design: Design, units: Units, per_unit: Floats) -> Codes:
    """(k,) degrees of freedom of rows used.

    Args:
        design: how units were drawn; a jackknife counts by its replicates.
        units: the sampling units.
        per_unit: (units of the last stage, k) numbers of used rows.
    """
    if design.variance is VarianceMethod.LINEARISED:
        return units.degrees_of_counts(per_unit)
    return Jackknife.of(units, design.lonely_stratum).degrees(units.first_stage(per_unit))


def _refuse(problems: Iterator[Problem]) -> None:
    if found := tuple(problems):
        raise SurveyError(found)


def _missing_values(data: Columns, design: Design) -> Iterator[Problem]:
    size = len(data.frame)
    if not size:
        yield problem("EST-018", "The data have no rows.", "Check which file was read.")
        return
    for column in design.columns:
        try:
            missing = int(data.blank(column).sum())
        except SurveyError as error:
            yield from error.problems
            continue
        if missing:
            message = f"{missing} of the {size} rows have nothing in {column}."
            yield problem("EST-011", message, "Complete the column, or leave the rows out.", column)


def _stages(data: Columns, design: Design) -> tuple[tuple[Stage, ...], Codes]:
    """Every stage of the design, and the finest sampling unit of each row."""
    parent = np.zeros(len(data.frame), dtype=np.int64)
    levels: list[Codes | None] = [None]
    if design.strata:
        parent = compacted(data.categories(design.strata).codes)[1]
    if design.clusters:
        _refuse(_straddling(data.categories(design.clusters[0]).codes, parent, design))
        # without population counts a first stage taken as drawn with replacement says it all
        counted = design.clusters if design.fpc else design.clusters[:1]
        levels = [data.categories(column).codes for column in counted]
    counts = _population_counts(data.frame, design, len(levels))
    return staged(parent, levels, counts)


def _straddling(clusters: Codes, strata: Codes, design: Design) -> Iterator[Problem]:
    if design.nest or not design.strata:
        return
    pairs, _ = compacted(clusters * (int(strata.max()) + 1) + strata)
    if straddling := len(pairs) - len(compacted(clusters)[0]):
        message = f"{straddling} codes of {design.clusters[0]} stand in more than one stratum."
        repair = "Correct them, or say 'nest: true' if clusters are numbered anew in each stratum."
        yield problem("EST-014", message, repair, "clusters")


def _population_counts(data: pd.DataFrame, design: Design, stages: int) -> Sequence[Floats | None]:
    if design.kind is Kind.CENSUS:
        return [np.full(len(data), float(len(data)))]
    if not design.fpc:
        return [None] * stages
    return [
        numbers(data, count) if isinstance(count, str) else np.full(len(data), float(count))
        for count in design.fpc
    ]


def _lonely(stages: tuple[Stage, ...], design: Design) -> Iterator[Problem]:
    if design.kind in (Kind.PURPOSIVE, Kind.CENSUS):
        return
    first = stages[0]
    if len(first.parent) == 1 and bool(first.varies[0]):
        message = "The whole sample is one sampling unit, which tells nothing of its variation."
        yield problem("EST-018", message, "Describe it as purposive.", "kind")
        return
    if design.lonely_stratum is not LonelyStratum.FAIL:
        return
    for number, stage in enumerate(stages, start=1):
        if lonely := int(stage.lonely.sum()):
            of = f"of the {len(stage.size)} {'strata' if number == 1 else 'clusters'}"
            message = f"{lonely} {of} at stage {number} have only one sampling unit."
            repair = "Join it to another, or choose lonely_stratum: adjust, average or remove."
            yield problem("EST-015", message, repair, "lonely_stratum")


def _given_weights(
    data: pd.DataFrame, design: Design, stages: tuple[Stage, ...], finest: Codes
) -> Floats:
    if design.weights:
        return numbers(data, design.weights)
    if not design.fpc:
        return np.ones(len(data))
    return 1.0 / Units(stages, finest).inclusion


def _wrong_weights(weights: Floats, design: Design) -> Iterator[Problem]:
    bad: Mask = np.asarray(~(weights >= 0))
    if bad.any():
        message = f"{int(bad.sum())} of the {len(weights)} weights are below 0."
        yield problem("EST-012", message, "Correct them; 0 leaves a row out.", design.weights)
    elif not (weights > 0).any():
        yield problem("EST-012", "All weights are 0.", "Correct them.", design.weights)
