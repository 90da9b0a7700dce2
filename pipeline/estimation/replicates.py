"""The delete-one jackknife of sampling units: JK1 without strata, JKn with them.

Source: Wolter (2007), Introduction to Variance Estimation, ch. 4; R's `survey::jknweights`.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.estimation.columns import Codes, Floats
from pipeline.estimation.design import LonelyStratum
from pipeline.estimation.stages import Stage, Units


@dataclass(frozen=True, slots=True, eq=False)
class Jackknife:
    """Replicates of totals: one for each first-stage unit that is left out in turn.

    Attributes:
        stage: the first stage.
        rule: what a lonely stratum adds.
        kept: (replicates,) the units whose leaving out tells something.
        scale: (replicates,) what each squared distance counts for.
    """

    stage: Stage
    rule: LonelyStratum
    kept: Codes
    scale: Floats

    @classmethod
    def of(cls, units: Units, rule: LonelyStratum) -> "Jackknife":
        """The replicates of a design; strata taken whole have none."""
        stage = units.stages[0]
        size = stage.size.astype(np.float64)
        by_group = (1.0 - stage.fraction) * (size - 1.0) / size
        telling = stage.varies & (stage.size > 1)
        strata = len(size)
        if rule is LonelyStratum.ADJUST and strata > 1:
            by_group = np.where(stage.lonely, (strata - 1.0) / strata, by_group)
            telling = telling | stage.lonely
        kept = np.flatnonzero(telling[stage.parent]).astype(np.int64)
        scale = by_group[stage.parent][kept]
        if rule is LonelyStratum.AVERAGE:
            scale = scale * (len(stage.parent) / max(len(kept), 1))
        return cls(stage, rule, kept, scale)

    def totals(self, per_unit: Floats) -> Floats:
        """(replicates, k) totals with one unit left out and its stratum's others raised.

        Args:
            per_unit: (first-stage units, k) totals of weighted values.
        """
        stage = self.stage
        group = stage.parent[self.kept]
        by_group, whole = stage.sums(per_unit), per_unit.sum(axis=0)
        size = stage.size[group][:, None].astype(np.float64)
        others = by_group[group] - per_unit[self.kept]
        rest = whole - by_group[group]
        raised = rest + others * (size / np.maximum(size - 1.0, 1.0))
        if self.rule is LonelyStratum.ADJUST:
            strata = len(stage.size)
            alone = stage.lonely[group][:, None]
            raised = np.where(alone, rest * (strata / max(strata - 1.0, 1.0)), raised)
        return np.asarray(raised)

    def degrees(self, per_unit: Floats) -> Codes:
        """(k,) degrees of freedom: the rank of the replicates' weights less 1, as R's degf.

        Args:
            per_unit: (first-stage units, k) numbers of used rows.
        """
        stage = self.stage
        used = stage.sums((per_unit > 0).astype(np.float64))
        telling = np.bincount(stage.parent[self.kept], minlength=len(stage.size)) > 0
        several = telling & (stage.size > 1)
        lonely = telling & ~several
        # leaving out a unit without used rows gives the sum of the others, so none is lost
        free = np.minimum(used, stage.size[:, None] - 1.0)
        rank = free[several].sum(axis=0) + used[lonely].sum(axis=0)
        if several.any():
            rank += ((used > 0) & ((used > free) | ~telling[:, None]))[~lonely].any(axis=0)
        return np.asarray(rank - 1, dtype=np.int64)

    def variances(self, estimates: Floats) -> Floats:
        """(k,) variances of (replicates, k) estimates about their mean.

        A replicate without an estimate (NaN) drops out; an endless one makes the variance so.
        """
        known = np.isfinite(estimates)
        count = np.maximum(known.sum(axis=0), 1)
        centre = np.where(known, estimates, 0.0).sum(axis=0) / count
        squares = np.where(known, (np.where(known, estimates, 0.0) - centre) ** 2, 0.0)
        spread = np.asarray((squares * self.scale[:, None]).sum(axis=0))
        spread = np.where(np.isinf(estimates).any(axis=0), np.inf, spread)
        return np.asarray(np.where(known.any(axis=0), spread, np.nan if len(self.kept) else 0.0))

    def covariance(self, estimates: Floats) -> Floats:
        """(k, k) covariance of (replicates, k) estimates about their mean."""
        spread = (estimates - estimates.mean(axis=0)) * np.sqrt(self.scale)[:, None]
        return np.asarray(spread.T @ spread)
