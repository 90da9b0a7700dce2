"""Sampling units stage by stage, numbered so that each group's units lie side by side.

A group is a stratum at the first stage and a unit of the stage above at later ones. Source:
Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, ch. 4; Lumley (2010), ch. 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.errors import Problem, SurveyError
from pipeline.estimation.columns import Codes, Floats, Mask, compacted
from pipeline.estimation.problems import problem

_FULL = 1e-7  # R's survey takes a stratum with less than this unsampled as taken whole


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One stage of sampling.

    Attributes:
        parent: (units,) the group of each unit, ascending.
        size: (groups,) how many units of the group are in the sample.
        fraction: (groups,) how much of the group's population that is, 0 when it is unknown.
        share: (groups,) product of the sampling fractions of the stages above.
    """

    parent: Codes
    size: Codes
    fraction: Floats
    share: Floats

    @property
    def starts(self) -> Codes:
        """(groups,) the first unit of each group."""
        return np.concatenate([[0], np.cumsum(self.size)[:-1]]).astype(np.int64)

    @property
    def varies(self) -> Mask:
        """(groups,) whether part of the group's population is not in the sample."""
        return np.asarray(1.0 - self.fraction >= _FULL)

    @property
    def lonely(self) -> Mask:
        """(groups,) whether a single unit stands for others that are not in the sample."""
        return np.asarray(self.varies & (self.size == 1))

    def sums(self, per_unit: Floats) -> Floats:
        """Sums by group of (units, k) values."""
        return np.asarray(np.add.reduceat(per_unit, self.starts, axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The stages of a design, and the finest sampling unit of each row.

    Attributes:
        stages: first stage first.
        of_row: (n,) number of each row's unit at the last stage.
    """

    stages: tuple[Stage, ...]
    of_row: Codes

    @property
    def count(self) -> int:
        """How many units the last stage has."""
        return len(self.stages[-1].parent)

    @property
    def inclusion(self) -> Floats:
        """(n,) probability of each row to be in the sample, by the sampling fractions."""
        last = self.stages[-1]
        return (last.share * last.fraction)[last.parent][self.of_row]

    def first_stage(self, per_unit: Floats) -> Floats:
        """Sums by first-stage unit of (units of the last stage, k) values."""
        for stage in reversed(self.stages[1:]):
            per_unit = stage.sums(per_unit)
        return per_unit

    @property
    def drawn_degrees(self) -> int:
        """First-stage units less strata, whether their rows are used or not."""
        return len(self.stages[0].parent) - len(self.stages[0].size)

    def degrees_of_counts(self, per_unit: Floats) -> Codes:
        """(k,) degrees of freedom that used rows leave: first-stage units less strata.

        Args:
            per_unit: (units of the last stage, k) numbers of used rows.
        """
        present = (self.first_stage(per_unit) > 0).astype(np.float64)
        strata = self.stages[0].sums(present) > 0
        return np.asarray(present.sum(axis=0) - strata.sum(axis=0), dtype=np.int64)


def staged(
    parent: Codes,
    levels: Sequence[Codes | None],
    counts: Sequence[Floats | None],
    rows: Codes | None = None,
) -> tuple[tuple[Stage, ...], Codes]:
    """Number the units of every stage.

    Args:
        parent: (n,) the stratum of each row, without gaps from 0.
        levels: for each stage (n,) the code of each row's unit; codes need only differ within
            a group. None makes each row a unit.
        counts: for each stage (n,) the population count of each row's group, or None; numbers up
            to 1, and not all of all stages' 1, are sampling fractions, as in R's survey.
        rows: (n,) how many rows of the sample each row stands for; one by default.

    Returns:
        The stages, and (n,) the number of each row's unit at the last one.

    Raises:
        SurveyError: EST-013, a population count is below the sample's or varies within a group.
    """
    stages: list[Stage] = []
    problems: list[Problem] = []
    fractions = _fractions(counts)
    for number, (codes, given) in enumerate(zip(levels, counts, strict=True), start=1):
        group, unit = _numbered(parent, codes)
        size = np.bincount(group)
        if codes is None and rows is not None:
            size = np.bincount(group, weights=rows[np.argsort(parent, kind="stable")])
            size = size.astype(np.int64)
        count = size[parent] / given if given is not None and fractions[number - 1] else given
        population = _one_a_group(count, parent, len(size))
        problems += _wrong_population(count, population, (parent, size, rows), number)
        above = stages[-1] if stages else None
        share = (above.share * above.fraction)[above.parent] if above else np.ones(len(size))
        stages.append(Stage(group, size, size / population, share))
        parent = unit
    if problems:
        raise SurveyError(problems)
    return tuple(stages), parent


def _fractions(counts: Sequence[Floats | None]) -> list[bool]:
    """Whether the numbers of each stage are fractions; a stage of ones is if the others are."""
    known = [count for count in counts if count is not None]
    small = [bool(((count > 0) & (count <= 1)).all()) for count in known]
    parted = [bool((count < 1).any()) for count in known]
    together = all(small) and any(parted)
    read = [one and (part or together) for one, part in zip(small, parted, strict=True)]
    return read or [False] * len(counts)


def _numbered(parent: Codes, codes: Codes | None) -> tuple[Codes, Codes]:
    """(units,) the group of each unit, ascending, and (n,) the unit of each row."""
    if codes is None:
        if not parent.any():
            return parent, np.arange(len(parent))
        order = np.argsort(parent.astype(np.min_scalar_type(int(parent.max()))), kind="stable")
        unit = np.empty(len(parent), dtype=np.int64)
        unit[order] = np.arange(len(parent))
        return parent[order], unit
    width = int(codes.max()) + 1
    pairs, unit = compacted(parent * width + codes)
    return pairs // width, unit


def _one_a_group(count: Floats | None, group: Codes, groups: int) -> Floats:
    population = np.full(groups, np.inf)
    if count is not None:
        population[group] = count
    return population


def _wrong_population(
    count: Floats | None,
    population: Floats,
    groups: tuple[Codes, Codes, Codes | None],
    number: int,
) -> list[Problem]:
    group, size, rows = groups
    ones = np.ones(len(group), dtype=np.int64) if rows is None else rows
    found = []
    if count is not None and (varying := int(ones[population[group] != count].sum())):
        message = f"At stage {number} {varying} rows have another count than their group's others."
        found.append(problem("EST-013", message, "Give each group one count.", "fpc"))
    if short := int((~(population >= size)).sum()):
        message = f"At stage {number} {short} groups have more units in the sample than they count."
        repair = "Give the number of units in the population, or a sampling fraction everywhere."
        found.append(problem("EST-013", message, repair, "fpc"))
    return found
