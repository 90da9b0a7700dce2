"""Measure our work beside a peer's in the same run, and print the ratios; nothing is asserted.

Each row is run once to warm up and then several times in turn with its peer; medians are compared.
"""

import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pyxform.xls2xform import convert

from pipeline.questionnaire.load import load
from pipeline.questionnaire.model import Questionnaire
from pipeline.returns.source import SourceFile
from pipeline.returns.workbook import read_workbooks
from pipeline.store import sha256_file
from pipeline.study import Study
from pipeline.workflow.exported import export_forms
from tests.conftest import PROJECT

SMALL = "--small" in sys.argv


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        work: what is done.
        ours: does it.
        peer: does the same, or the nearest thing that a peer can do.
        against: who the peer is.
        bar: the ratio that ours / peer may be at the most.
    """

    work: str
    ours: Callable[[], object]
    peer: Callable[[], object]
    against: str
    bar: float


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def medians(row: Row) -> tuple[float, float]:
    row.ours(), row.peer()
    pairs = [(seconds(row.ours), seconds(row.peer)) for _ in range(3 if SMALL else 7)]
    ours, peer = zip(*pairs, strict=True)
    return statistics.median(ours), statistics.median(peer)


def rows(folder: Path) -> Iterator[Row]:
    profile = load(PROJECT / "instruments" / "organisation_profile.yaml")
    yield reading(profile)
    yield exporting(folder)
    python = sys.executable
    yield Row(
        "survey --help",
        lambda: subprocess.run(
            [python, "-m", "pipeline", "--help"], capture_output=True, check=True
        ),
        lambda: subprocess.run([python, "-c", "import pandas"], check=True),
        "import pandas",
        1.0,
    )


def reading(profile: Questionnaire) -> Row:
    paths = sorted((PROJECT / "raw" / profile.form_id).glob("*.xlsx"))[: 10 if SMALL else 40]
    sources = [
        SourceFile(path, f"raw/{path.name}", sha256_file(path), "2011-09-01T00:00:00Z")
        for path in paths
    ]

    def by_pandas() -> None:
        for path in paths:
            pd.read_excel(path, sheet_name=None, engine="openpyxl")

    work = f"read {len(paths)} returned Excel forms"
    return Row(work, lambda: read_workbooks(sources, profile), by_pandas, "pandas, openpyxl", 0.1)


def exporting(folder: Path) -> Row:
    (folder / "instruments").symlink_to(PROJECT / "instruments")
    study = Study(folder)
    export_forms(study)
    xlsforms = sorted((folder / "outputs" / "forms").glob("*/*.xlsform.xlsx"))
    return Row(
        f"export {len(xlsforms)} questionnaires, three languages",
        lambda: export_forms(study),
        lambda: [convert(str(path)) for path in xlsforms],
        "pyxform's conversion",
        6.0,
    )


def main() -> None:
    """Print a line a row, and how many are at their bar."""
    warnings.simplefilter("ignore")
    print("work | ours | peer | ratio | bar | holds or short")  # noqa: T201 - a command
    held = 0
    with tempfile.TemporaryDirectory() as folder:
        table = list(rows(Path(folder)))
        for row in table:
            ours, peer = medians(row)
            holds = ours / peer <= row.bar
            held += holds
            print(  # noqa: T201 - a command
                f"{row.work} | {ours:.3f} s | {row.against} {peer:.3f} s | {ours / peer:.2f} | "
                f"{row.bar:g} | {'holds' if holds else 'short'}",
                flush=True,
            )
    print(f"{held} of {len(table)} rows at their bar")  # noqa: T201 - a command


main()
