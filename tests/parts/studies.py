"""Studies processed twice, at once and in parts, and everything that was made compared."""

import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.parts.engines import Engines
from pipeline.privacy.identifier_file import NAME, read_identifiers
from pipeline.privacy.keys import IDENTITY, read_identity
from pipeline.study import Study, open_study
from pipeline.workflow.returned import process


class Here:
    """Does every job in this process, out of the bytes in which it would travel."""

    def run(self, work: Callable, jobs: list) -> list:
        return [_travelled(work(_travelled(job))) for job in jobs]


def _travelled(thing: object) -> object:
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 - our own


@dataclass(frozen=True)
class HereAlone(Engines):
    """The engine of the tests: no processes to be started."""

    @contextmanager
    def begun(self) -> Iterator[Here]:
        yield Here()


def in_parts(study: Study, size: int, engines: Engines) -> tuple[Study, tuple[str, ...]]:
    """A copy of a study beside it, processed in parts of so many responses."""
    copy = study.root.parent / f"{study.root.name}-{size}-{engines.name}"
    shutil.rmtree(copy, ignore_errors=True)
    ignored = shutil.ignore_patterns("processed", "outputs")
    shutil.copytree(study.root, copy, ignore=ignored)
    settings = copy / "instruments" / "study.yaml"
    text = settings.read_text(encoding="utf-8") if settings.is_file() else ""
    if text.strip() in {"", "{}"}:
        text = ""
    settings.write_text(f"{text}\npart_responses: {size}\n", encoding="utf-8")
    parted = open_study(copy)
    return parted, process(parted, engines=engines)


def assert_the_same(one: Study, other: Study) -> None:
    """Every frame is equal, every other file has the same bytes, identifiers the same content."""
    for top in ("processed", "outputs"):
        files, others = (_files(study.root / top) for study in (one, other))
        assert list(files) == list(others)
        for name, path in files.items():
            _assert_same_file(one, other, name, path, others[name])


def _files(folder: Path) -> dict[str, Path]:
    """What lies in a folder, but the memory of when it was made."""
    found = sorted(path for path in folder.rglob("*") if not path.name.startswith(".made"))
    return {path.relative_to(folder).as_posix(): path for path in found if path.is_file()}


def _assert_same_file(one: Study, other: Study, name: str, first: Path, second: Path) -> None:
    if first.suffix == ".parquet":
        left, right = (pd.read_parquet(path) for path in (first, second))
        pd.testing.assert_frame_equal(left, right, obj=name)
    elif first.name == NAME:
        opened = []
        for study, path in ((one, first), (other, second)):
            identity = read_identity(study.keys / IDENTITY, shown="keys")
            opened.append(read_identifiers(path, identity, shown=name))
        pd.testing.assert_frame_equal(*opened, obj=name)
    else:
        assert first.read_bytes() == second.read_bytes(), name
