"""Estimates and raking beside svy, where it is installed (`make peers`)."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from pipeline.estimation.design import Design, Kind, Margin
from pipeline.estimation.estimates import shares
from pipeline.estimation.sample import Sample
from tests.bench.harness import Row, Work

REACHED = 1e-9  # how near both come to the margins; svy's default is 1e-4
ABSENT = "svy is not installed: make peers"


def rows(*, small: bool) -> Iterator[Row]:
    """200 proportions with intervals; raking to three margins."""
    number = 20_000 if small else 1_000_000
    frame = drawn(number, 20 if small else 200)
    asked = [name for name in frame if name.startswith("q")]
    design = Design(Kind.CLUSTER, strata="stratum", clusters=("unit",), weights="weight")
    margins = tuple(
        Margin(name, tuple((key, float(number * 2 * part)) for key, part in parts.items()))
        for name in ("m1", "m2", "m3")
        for parts in [frame[name].value_counts(normalize=True).sort_index().to_dict()]
    )
    raked = Design(Kind.SRS, weights="weight", rake=margins)
    yield Row(
        f"{len(asked)} proportions with intervals, {number} rows",
        lambda: shares(Sample.draw(frame, design), asked, interval="logit"),
        _peer(_svy_shares(frame, asked)),
        "svy 0.35" if find_spec("svy") else ABSENT,
        bar=1.5,
        faster=True,
        once=not small,
        peer_has_threads=True,
    )
    yield Row(
        f"raking to three margins, {number} rows",
        lambda: Sample.draw(frame, raked),
        _peer(_svy_rake(frame, margins)),
        "svy 0.35" if find_spec("svy") else ABSENT,
        bar=3.0,
        faster=True,
        peer_has_threads=True,
    )


def drawn(number: int, questions: int) -> pd.DataFrame:
    """50 strata, 2,000 sampling units, three margins, yes-or-no questions."""
    random = np.random.default_rng(17)
    unit = random.integers(0, min(2000, number // 10), number)
    frame = {
        "stratum": (unit % 50).astype(str),
        "unit": unit.astype(str),
        "weight": random.uniform(1, 3, number),
        **{f"m{n}": random.choice(["a", "b", "c", "d"], number) for n in (1, 2, 3)},
    }
    frame |= {f"q{n}": np.where(random.random(number) < 0.4, "yes", "no") for n in range(questions)}
    return pd.DataFrame(frame)


def _peer(work: Work) -> Work | None:
    return work if find_spec("svy") else None


def _svy_sample(frame: pd.DataFrame, columns: list[str], **design: str) -> Any:
    import polars as pl  # noqa: PLC0415 - the peers are not always installed
    import svy  # noqa: PLC0415 - likewise

    data = pl.from_pandas(frame[columns])
    return svy.Sample(data, svy.Design(wgt="weight", **design))


def _svy_shares(frame: pd.DataFrame, asked: list[str]) -> Work:
    def work() -> object:
        columns = ["stratum", "unit", "weight", *asked]
        sample = _svy_sample(frame, columns, stratum="stratum", psu="unit")
        return sample.estimation.prop(asked, ci_method="logit")

    return work


def _svy_rake(frame: pd.DataFrame, margins: tuple[Margin, ...]) -> Work:
    def work() -> object:
        sample = _svy_sample(frame, ["weight", "m1", "m2", "m3"])
        controls = {one.column: dict(one.counts) for one in margins}
        return sample.weighting.rake(controls=controls, tol=REACHED)

    return work
