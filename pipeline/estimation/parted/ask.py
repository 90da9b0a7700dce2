"""What is asked of data in parts, and the data's side of it: parts that can be read anywhere."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import pandas as pd

from pipeline.estimation.columns import as_names, no_column
from pipeline.estimation.design import Design, Distance, KnownTotal, Margin, VarianceMethod
from pipeline.estimation.drawn import refuse
from pipeline.estimation.tabulate import Statistic, refuse_contradictions

Job = TypeVar("Job")
Result = TypeVar("Result")


class Part(Protocol):
    """Some of the data's rows; it is sent to whoever does the work, and read there."""

    def read(self, columns: Sequence[str]) -> pd.DataFrame:
        """Its rows, with these columns."""


class Run(Protocol):
    """Does a work for each job, here or elsewhere, and gives what it gave in their order."""

    def __call__(self, work: Callable[[Job], Result], jobs: Sequence[Job], /) -> Iterable[Result]:
        """Do it."""


@dataclass(frozen=True)
class Ask:
    """One table: what `tabulate` takes, and the data's columns that it needs.

    Attributes:
        design: how the rows were drawn.
        statistic: mean, total, share or ratio.
        rows: the variables.
        by: columns whose combinations are the domains.
        denominator: the variable below, for a ratio.
        choices: select_multiple -> its columns by choice.
        with_column: those of them that have a column of their own.
        counted: variables of which a total is asked and that are counted by category.
    """

    design: Design
    statistic: Statistic
    rows: tuple[str, ...]
    by: tuple[str, ...] = ()
    denominator: str | None = None
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    with_column: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()

    @classmethod
    def of(  # noqa: PLR0917 - as `tabulate`
        cls,
        columns: Sequence[str],
        design: Design,
        rows: str | Sequence[str],
        by: str | Sequence[str] | None = None,
        statistic: str = "share",
        denominator: str | None = None,
        interval: str = "wald",
    ) -> "Ask":
        """The same from the arguments of `tabulate` and the names of the data's columns.

        Raises:
            SurveyError: EST-010, a column that does not exist; EST-021, EST-022.
        """
        refuse_contradictions(statistic, denominator, interval)
        names, there = as_names(rows), set(columns)
        choices: dict[str, Mapping[str, str]] = {}
        if statistic == Statistic.SHARE:
            for name in names:
                prefix = f"{name}/"
                own = {one.removeprefix(prefix): one for one in columns if one.startswith(prefix)}
                if own:
                    choices[name] = own
        with_column = frozenset(choices) & there
        ask = cls(
            design,
            Statistic(statistic),
            names,
            as_names(by),
            denominator,
            choices,
            with_column,
        )
        refuse(no_column(name) for name in ask.columns if name not in there)
        return ask

    @property
    def numeric(self) -> tuple[str, ...]:
        """Columns that are read as numbers."""
        design = self.design
        named: list[Any] = [*design.fpc, design.weights]
        named += self.totals
        named.append(self.denominator)
        if self.statistic is not Statistic.SHARE:
            named += [name for name in self.rows if name not in self.counted]
        return tuple(dict.fromkeys(name for name in named if isinstance(name, str)))

    @property
    def totals(self) -> tuple[str, ...]:
        """Columns of numbers whose totals the weights are calibrated to."""
        known = self.design.calibrate
        return tuple(one.column for one in known if isinstance(one, KnownTotal))

    @property
    def margins(self) -> tuple[Margin, ...]:
        """The margins to which weights are adjusted."""
        design = self.design
        first = () if design.post_strata is None else (design.post_strata,)
        calibrated = (one for one in design.calibrate if isinstance(one, Margin))
        return (*first, *design.rake, *calibrated)

    @property
    def labelled(self) -> tuple[str, ...]:
        """Columns that are read as categories."""
        design = self.design
        named = [design.strata, *design.clusters, *(one.column for one in self.margins), *self.by]
        if self.statistic is Statistic.SHARE:
            named += [name for name in self.rows if name not in self.choices]
        named += [name for name in self.rows if name in self.counted]
        return tuple(dict.fromkeys(name for name in named if name is not None))

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are read."""
        chosen = [one for of in self.choices.values() for one in of.values()]
        own = [name for name in self.rows if name in self.with_column]
        return tuple(dict.fromkeys((*self.labelled, *self.numeric, *own, *chosen)))


def needs_all_rows(design: Design, statistic: str) -> str | None:
    """What of a table cannot be told from sums over parts; None if nothing.

    Quantiles need the answers in order, a jackknife of rows needs every row's replicate, and
    weights calibrated to totals by raking need the rows again at every round.
    """
    if statistic == Statistic.MEDIAN:
        return "a median"
    if design.variance is VarianceMethod.JACKKNIFE:
        return "a jackknife"
    totals = any(isinstance(one, KnownTotal) for one in design.calibrate)
    if totals and design.distance is Distance.RAKING:
        return "weights calibrated to totals by raking"
    return None
