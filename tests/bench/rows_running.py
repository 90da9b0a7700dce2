"""Whole commands: disclosure, export, the road from nothing, and the help."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pyxform.xls2xform import convert

from pipeline.privacy.count_table import CountTable, cross_table
from pipeline.privacy.disclosure import audit, protect
from pipeline.study import Study
from pipeline.workflow.exported import export_forms
from tests.bench.harness import Row
from tests.conftest import PROJECT

THRESHOLD = 10
LATE = "organisation_profile"


def rows(folder: Path, *, small: bool) -> Iterator[Row]:
    """Disclosure, export, analyze, help."""
    yield disclosure(40 if small else 500)
    yield exporting(folder)
    if not small:
        yield from analyzing(folder)
    yield helping()


def linked_tables(number: int, people: int = 100) -> list[CountTable]:
    """Tables of pairs of 40 variables of the same people: every margin is shared by many."""
    random = np.random.default_rng(5)
    answers = random.integers(0, 4, (40, people))
    pairs = [(a, b) for a in range(40) for b in range(a + 1, 40)]
    made = []
    for one in random.permutation(len(pairs))[:number]:
        left, right = pairs[one]
        counts = np.zeros((4, 4), dtype=int)
        np.add.at(counts, (answers[left] ** 2 // 3, answers[right]), 1)
        categories = [str(n) for n in range(4)]
        name = f"t{left}_{right}"
        sides = (f"v{left}x", categories), (f"v{right}", categories)
        made.append(cross_table(name, counts, *sides))
    return made


def disclosure(number: int) -> Row:
    tables = linked_tables(number)

    def work() -> None:
        if audit(tables, protect(tables, THRESHOLD), THRESHOLD):
            raise AssertionError("the audit found a leak")

    name, large = f"suppression of {number} linked tables, audited", number > 100
    return Row(name, work, bar=60, once=large, peaks=not large)


def exporting(folder: Path) -> Row:
    (folder / "exported").mkdir()
    (folder / "exported" / "instruments").symlink_to(PROJECT / "instruments")
    study = Study(folder / "exported")
    export_forms(study)
    xlsforms = sorted((study.outputs / "forms").glob("*/*.xlsform.xlsx"))
    return Row(
        f"export {len(xlsforms)} questionnaires, three languages",
        lambda: export_forms(study),
        lambda: [convert(str(path)) for path in xlsforms],
        "pyxform's conversion",
        bar=6.0,
    )


def analyzing(folder: Path) -> Iterator[Row]:
    root = folder / "study"
    root.mkdir()
    for name in ("instruments", "raw", "notebooks"):
        shutil.copytree(PROJECT / name, root / name)

    def from_nothing() -> None:
        for name in ("processed", "outputs"):
            shutil.rmtree(root / name, ignore_errors=True)
        analyze()

    def analyze() -> None:
        survey("--study", str(root), "analyze")

    yield Row("analyze from nothing, three editions", from_nothing, bar=60, once=True, peaks=False)
    yield Row("analyze, nothing changed", analyze, bar=2, peaks=False)
    yield Row(
        "analyze, one file added",
        analyze,
        from_nothing,
        "from nothing",
        bar=1 / 3,
        once=True,
        before=lambda: add_one(root),
    )


def add_one(root: Path) -> None:
    """One more response, drawn and received."""
    survey(
        "--study",
        str(root),
        "simulate",
        LATE,
        "-n",
        "1",
        "--seed",
        "77",
        "--to",
        str(root / "late"),
    )
    found = [str(path) for path in (root / "late").rglob("*.xlsx")]
    survey("--study", str(root), "receive", *found)


def survey(*arguments: str) -> None:
    """The command line, in this environment."""
    settings = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "pipeline", *arguments]
    subprocess.run(command, env=settings, cwd=PROJECT, capture_output=True, check=True)


def helping() -> Row:
    return Row(
        "survey --help",
        lambda: survey("--help"),
        lambda: subprocess.run([sys.executable, "-c", "import pandas"], check=True),
        "import pandas",
        bar=1.0,
        peaks=False,
    )
