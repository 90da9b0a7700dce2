"""A design met with its data: weights, sampling units and strata, checked before any estimate."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pipeline.errors import Problem
from pipeline.estimation.calibration import calibrated
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import Codes, Columns, Floats, numbers
from pipeline.estimation.design import Design, Kind, VarianceMethod
from pipeline.estimation.drawn import drawn_stages, lonely, missing_values, refuse, wrong_weights
from pipeline.estimation.replicates import Jackknife
from pipeline.estimation.residuals import Calibration
from pipeline.estimation.stages import Stage, Units


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
        refuse(missing_values(columns, design))
        stages, finest = drawn_stages(columns, design)
        refuse(lonely(stages, design))
        given = _given_weights(data, design, stages, finest)
        refuse(_wrong_weights(given, design))
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


def _given_weights(
    data: pd.DataFrame, design: Design, stages: tuple[Stage, ...], finest: Codes
) -> Floats:
    if design.weights:
        return numbers(data, design.weights)
    if not design.fpc:
        return np.ones(len(data))
    return 1.0 / Units(stages, finest).inclusion


def _wrong_weights(weights: Floats, design: Design) -> Iterator[Problem]:
    below, above = int((~(weights >= 0)).sum()), int((weights > 0).sum())
    return wrong_weights(below, above, len(weights), design)
