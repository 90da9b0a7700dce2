"""Estimates against the number of responses: `python -m tests.bench.growth_estimates 100000 ...`.

Ten questions' shares in five regions, with raked weights, 50 strata and 2,000 sampling units:
from all rows at once, and a row group at a time by two processes. Each measurement is a process
of its own, so that its peak is its own; the two tables are compared.
"""

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.estimation.reading import read_design
from pipeline.estimation.tabulate import tabulate as at_once
from pipeline.parts.engines import Engines
from pipeline.workflow.estimated import tabulate
from pipeline.workflow.table_file import read_table
from tests.conftest import PROJECT

if TYPE_CHECKING:
    from collections.abc import Sequence

PART = 100_000
QUESTIONS = [f"q{number}" for number in range(10)]
DESIGN = """\
kind: cluster
strata: stratum
clusters: cluster
weights: weight
rake:
  region: {r0: 600, r1: 200, r2: 400, r3: 500, r4: 300}
  size: {s0: 700, s1: 700, s2: 600}
"""


def write_data(path: Path, number: int) -> None:
    """SYNTHETIC answers, a row group for each part."""
    random = np.random.default_rng(number)
    with pq.ParquetWriter(path, _rows(random, 0).schema) as file:
        for start in range(0, number, PART):
            file.write_table(_rows(random, min(PART, number - start)))


def _rows(random: np.random.Generator, rows: int) -> pa.Table:
    cluster = random.integers(0, 2_000, rows)
    columns: dict[str, object] = {
        "stratum": np.char.add("h", (cluster % 50).astype(str)),
        "cluster": cluster,
        "weight": random.uniform(1, 3, rows),
        "region": random.choice([f"r{n}" for n in range(5)], rows),
        "size": random.choice([f"s{n}" for n in range(3)], rows),
        **{name: random.choice(["yes", "no", "dont_know"], rows) for name in QUESTIONS},
        **{f"further_{number}": random.normal(size=rows) for number in range(10)},
    }
    return pa.table(columns)


def measured(folder: Path, how: str) -> dict[str, object]:
    """What one way takes; a process of its own calls this."""
    data, design = folder / "data.parquet", folder / "design.yaml"
    start, used = time.perf_counter(), _processor_seconds()
    if how == "at once":
        drawn = read_design(design)
        frame = read_table(data, (*drawn.columns, *QUESTIONS))
        found = at_once(frame, drawn, QUESTIONS, by="region").to_csv(index=False)
    else:
        engines = Engines(workers=2)
        found = tabulate(data, design, rows=QUESTIONS, by=("region",), engines=engines)
    return {
        "seconds": time.perf_counter() - start,
        "processor": _processor_seconds() - used,
        "lead": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "worker": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "table": found,
    }


def _processor_seconds() -> float:
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(one) for one in both]
    return sum(one.ru_utime + one.ru_stime for one in used)


def compared(number: int) -> None:
    """A line for each way, and how far the tables are apart."""
    tables = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_data(folder / "data.parquet", number)
        (folder / "design.yaml").write_text(DESIGN, encoding="utf-8")
        for how in ("at once", "in parts"):
            command = [sys.executable, "-m", "tests.bench.growth_estimates", place, "--here", how]
            settings = {**os.environ, "PYTHONPATH": str(PROJECT)}
            done = subprocess.run(
                command, env=settings, cwd=PROJECT, stdout=subprocess.PIPE, check=True
            )
            found = json.loads(done.stdout)
            tables.append(pd.read_csv(io.StringIO(found.pop("table"))))
            numbers = " | ".join(f"{value:.1f}" for value in found.values())
            print(f"{number} | {how} | {numbers}", flush=True)  # noqa: T201
    apart = _farthest(*tables)
    print(f"{number} | farthest apart, of the number | {apart:.1e}", flush=True)  # noqa: T201


def _farthest(one: pd.DataFrame, other: pd.DataFrame) -> float:
    numbers: Sequence[str] = ["estimate", "se", "low", "high", "deff"]
    a, b = one[numbers].to_numpy(), other[numbers].to_numpy()
    return float(np.nanmax(np.abs(a - b) / np.abs(a)))


def main() -> None:
    """Lines for every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="+")
    parser.add_argument("--here", help="this way in this process, as JSON")
    given = parser.parse_args()
    if given.here:
        print(json.dumps(measured(Path(given.sizes[0]), given.here)))  # noqa: T201
        return
    print("responses | how | seconds | processor seconds | lead MB | worker MB")  # noqa: T201
    for size in given.sizes:
        compared(int(size))


if __name__ == "__main__":
    main()
