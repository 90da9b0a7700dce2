"""The repository's own study with its SYNTHETIC first set, analysed once for all tests here."""

import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.store import sha256_file
from pipeline.study import Study, open_study
from tests.conftest import PROJECT
from tests.road.command import survey


@dataclass(frozen=True)
class Run:
    """One `survey analyze`: how long it took, what it said and what then lay there.

    Attributes:
        stamps: file -> when it was last written.
        hashes: file -> SHA-256 of its content.
    """

    seconds: float
    lines: tuple[str, ...]
    stamps: Mapping[str, int]
    hashes: Mapping[str, str]


def analyze(study: Path) -> Run:
    every_language = {
        name: value for name, value in os.environ.items() if name != "REPORT_LANGUAGE"
    }
    began = time.monotonic()
    said = survey(study, "analyze", environment=every_language)
    seconds = time.monotonic() - began
    files = {
        path.relative_to(study).as_posix(): path
        for top in ("processed", "outputs")
        for path in sorted((study / top).rglob("*"))
        if path.is_file()
    }
    return Run(
        seconds,
        tuple(said.splitlines()),
        {name: path.stat().st_mtime_ns for name, path in files.items()},
        {name: sha256_file(path) for name, path in files.items()},
    )


@pytest.fixture(scope="session")
def copied(tmp_path_factory) -> Path:
    """The study as a fresh clone has it: instruments, notebooks, and of raw/ what is SYNTHETIC."""
    folder = tmp_path_factory.mktemp("taiwan")
    for part in ("instruments", "notebooks"):
        shutil.copytree(PROJECT / part, folder / part)
    for path in (PROJECT / "raw").rglob("*SYNTHETIC*"):
        target = folder / path.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return folder


@pytest.fixture(scope="session")
def first(copied) -> Run:
    return analyze(copied)


@pytest.fixture(scope="session")
def analysed(copied, first) -> Study:
    """The study after `survey analyze`."""
    return open_study(copied)


@pytest.fixture(scope="session")
def second(copied, first) -> Run:
    """Once more, with nothing changed."""
    return analyze(copied)


@pytest.fixture(scope="session")
def anew(copied, first, second) -> Run:
    """Once more, after everything that was made is deleted."""
    for made in ("processed", "outputs"):
        shutil.rmtree(copied / made)
    return analyze(copied)
