"""Runs that are killed at random moments: `python -m tests.security.kills --runs 300`.

A run is killed with SIGKILL after a random part of the time that an undisturbed run takes, judged,
and run again to its end.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from pipeline.privacy.identifier_file import lines_of, read_identifiers
from pipeline.privacy.keys import read_identity
from pipeline.returns.manifest import verify
from pipeline.study import Study, open_study
from pipeline.workflow.analyze import analyze
from pipeline.workflow.init import init_study
from pipeline.workflow.returned import process, receive
from tests import apart

FORM = """\
form_id: visit
version: "1"
title: SYNTHETIC visit
choices:
  yes_no:
    - {name: "yes", label: "Yes"}
    - {name: "no", label: "No"}
survey:
  - {name: who, type: text, label: Name, sensitivity: identifier}
  - {name: age, type: integer, label: Age, constraint: ". < 100"}
  - {name: seen, type: select_one yes_no, label: Seen}
  - repeat: children
    label: Children
    questions:
      - {name: years, type: integer, label: Years}
"""
COMMANDS: dict[str, Callable[[Study, Path], object]] = {
    "receive": lambda study, inbox: receive(study, [inbox], None),
    "process": lambda study, _inbox: process(study),
    "analyze": lambda study, _inbox: analyze(study),
}


def give(command: str, study: Path, inbox: Path) -> None:
    """Run one of the commands."""
    COMMANDS[command](open_study(study), inbox)


NOTEBOOK = "1_fieldwork.py"
"""The one page of the report that is killed at its making; the others are made the same way."""

_NOT_COMPARED = {"outputs/.made.json"}
"""The note of when things were made."""


@dataclass
class Tally:
    """What became of the runs of one command."""

    runs: int = 0
    cut_off: int = 0
    wrong: Counter[str] = field(default_factory=Counter)

    def add(self, wrong: list[str], *, cut_off: bool) -> None:
        """Count one more run."""
        self.runs += 1
        self.cut_off += cut_off
        self.wrong.update(wrong)


def new_study(folder: Path, files: int, *, pages: int = 1) -> tuple[Path, Path]:
    """A study of a small form, and a stick with returns of people who do not exist.

    Args:
        folder: an empty one.
        files: how many returns.
        pages: of the report: 1, or 0 for none but its index.
    """
    study, inbox = folder / "study", folder / "stick"
    init_study(study)
    for notebook in (study / "notebooks").glob("*.py"):
        if not pages or notebook.name != NOTEBOOK:
            notebook.unlink()
    (study / "instruments" / "visit.yaml").write_text(FORM, encoding="utf-8")
    inbox.mkdir()
    for number in range(files):
        (inbox / f"SYNTHETIC-{number}.xml").write_text(
            f'<visit id="visit" version="1"><who>SYNTHETIC {number}</who><age>{number}</age>'
            f"<seen>yes</seen><children><years>{number % 9}</years></children>"
            f"<meta><instanceID>uuid:{number}</instanceID></meta></visit>",
            encoding="utf-8",
        )
    return study, inbox


def whole(work: Callable[[], object]) -> float:
    """Let the work run to its end; gives back how many seconds it took."""
    began = time.monotonic()
    process = apart.start(work)
    process.join()
    if process.exitcode:
        raise RuntimeError("an undisturbed run failed")
    return time.monotonic() - began


def killed(work: Callable[[], object], after: float) -> bool:
    """Kill the work and whatever it started; whether it was still running."""
    process = apart.start(work)
    time.sleep(after)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:  # it has ended, or leads no group yet
        if process.is_alive():
            process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


def picture(root: Path) -> dict[str, bytes]:
    """Everything that lies in the study, with what is encrypted opened."""
    study, found = open_study(root), {}
    for top in ("raw", "processed", "outputs"):
        for path in sorted((root / top).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and name not in _NOT_COMPARED:
                found[name] = _opened(study, path)
    return found


def _opened(study: Study, path: Path) -> bytes:
    if path.suffix != ".age":
        return path.read_bytes()
    identity = read_identity(study.keys / "identity.txt", shown="")
    return b"".join(lines_of(read_identifiers(path, identity, shown="")))


def damage(root: Path) -> list[str]:
    """What must never be: a lost or altered return, half a file under a final name."""
    found = [problem.code for problem in verify(open_study(root)) if problem.code != "RAW-004"]
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    final = (path for path in files if not path.name.startswith(".writing-"))
    return found + [f"half a file: {path.suffix}" for path in final if not _is_whole(root, path)]


def _is_whole(root: Path, path: Path) -> bool:
    try:
        if path.suffix == ".parquet":
            pd.read_parquet(path)
        elif path.suffix in {".xlsx", ".docx"}:
            return zipfile.ZipFile(path).testzip() is None
        elif path.suffix in {".json", ".ipynb"}:
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix == ".html":
            return path.read_text(encoding="utf-8").rstrip().endswith("</html>")
        elif path.suffix == ".age":
            _opened(open_study(root), path)
    except Exception:  # noqa: BLE001 - whatever it is, the file is not whole
        return False
    return True


def run(
    command: str, runs: int, seed: int, folder: Path, *, files: int = 60, pages: int = 1
) -> Tally:
    """Kill a command at so many random moments and judge what is left, and what a second run makes.

    Args:
        command: of `COMMANDS`.
        runs: how often.
        seed: of the moments.
        folder: an empty one.
        files: how many returns.
        pages: of the report.

    Returns:
        What became of them; of those so far, where somebody ends it.
    """
    study, inbox = new_study(folder, files, pages=pages)
    before = {"receive": [], "process": ["receive"], "analyze": ["receive"]}[command]
    for name in before:
        whole(partial(give, name, study, inbox))
    start = folder / "start"
    shutil.copytree(study, start)

    work = partial(give, command, study, inbox)
    seconds = whole(work)
    expected, moments = timeless(picture(study)), random.Random(seed)  # noqa: S311 - moments
    tally = Tally()
    for _ in range(runs):
        with contextlib.suppress(KeyboardInterrupt):
            shutil.rmtree(study)
            shutil.copytree(start, study)
            cut_off = killed(work, moments.uniform(0, seconds))
            wrong = damage(study)
            whole(work)
            wrong += damage(study)
            wrong += ["another result"] if timeless(picture(study)) != expected else []
            tally.add(wrong, cut_off=cut_off)
            continue
        break
    return tally


def timeless(files: dict[str, bytes]) -> dict[str, bytes]:
    """Without the moments of receipt, which differ from run to run by nature."""
    return {name: content for name, content in files.items() if "MANIFEST" not in name}


def main() -> int:
    """Print a row of Markdown for each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=2011)
    parser.add_argument("--only", choices=COMMANDS, help="all of the runs of one command")
    parser.add_argument("--pages", type=int, choices=(0, 1), default=1, help="of the report")
    given = parser.parse_args()
    commands = (given.only,) if given.only else tuple(COMMANDS)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    heading = "| command | killed | of these still at work | damage | another result |"
    sys.stdout.write(f"{heading}\n|---|---|---|---|---|\n")
    bad = 0
    for command in commands:
        with tempfile.TemporaryDirectory() as folder:
            each = given.runs // len(commands)
            tally = run(command, each, given.seed, Path(folder), pages=given.pages)
        wrong = tally.wrong
        other = wrong.pop("another result", 0)
        bad += wrong.total() + other
        row = f"| {command} | {tally.runs} | {tally.cut_off} | {dict(wrong) or 0} | {other} |\n"
        sys.stdout.write(row)
        sys.stdout.flush()
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
