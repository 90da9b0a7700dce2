"""The full run: `python -m tests.conformance [SETS [PROCESSES]]`; writes docs/conformance.md."""

import datetime as dt
import json
import platform
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pyxform
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH

from tests.conformance.explained import EXPLAINED
from tests.conformance.forms import FORMS, OURS
from tests.conformance.run import Outcome, form_at
from tests.conformance.webforms import ENGINE, with_web_forms
from tests.conftest import PROJECT

WEB_SETS = 20
TARGET = PROJECT / "docs" / "conformance.md"
MARK = "<!-- below: written by python -m tests.conformance -->"


def main(sets: int = 200, processes: int = 1) -> int:
    """Try every form; 1 where a difference has no reason."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(form_at, at, sets) for at in range(len(FORMS))]
        outcomes = []
        for job in jobs:
            outcomes.append(job.result())
            print(_line(outcomes[-1]), flush=True)  # noqa: T201 - a command
    node = shutil.which("node")
    web = with_web_forms(node, OURS, range(WEB_SETS)) if node and ENGINE.is_dir() else []
    above = TARGET.read_text(encoding="utf-8").partition(MARK)[0]
    below = f"{_ran(sets, node)}\n\n{report(outcomes)}{report_web(web)}"
    TARGET.write_text(f"{above}{MARK}\n\n{below}", encoding="utf-8")
    unexplained = [(one.name, *row) for one in [*outcomes, *web] for row in one.unexplained]
    for row in unexplained[:20]:
        print(row[:4])  # noqa: T201 - a command
    return int(bool(unexplained))


def _ran(sets: int, node: str | None) -> str:
    """The command, the day, and what took part."""
    properties = "META-INF/maven/org.getodk/javarosa/pom.properties"
    lines = zipfile.ZipFile(ODK_VALIDATE_PATH).read(properties).decode().splitlines()
    javarosa = dict(line.split("=", 1) for line in lines if "=" in line)["version"]
    versions = [
        *(f"Python {platform.python_version()}", f"pyxform {pyxform.__version__}"),
        f"JavaRosa {javarosa}",
    ]
    if node and ENGINE.is_dir():
        engine = json.loads((ENGINE / "package.json").read_text("utf-8"))["version"]
        asked = [node, "--version"]
        runs = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
        versions.append(f"ODK Web Forms' engine {engine} under Node {runs}")
    day = dt.datetime.now(dt.UTC).date()
    return f"`python -m tests.conformance {sets}`, run on {day}: {', '.join(versions)}."


def report(outcomes: Iterable[Outcome]) -> str:
    """The tables, in Markdown."""
    found = list(outcomes)
    head = (
        "| form | questions | answer sets | verdicts | asked a set | never asked | broken rules "
        "| stopped | differences | unexplained | frames = reference |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
    )
    rows = "".join(f"{_line(one)}\n" for one in found)
    rows += f"{_line(_total(found), sum(len(one.unexplained) for one in found))}\n"
    return f"## JavaRosa, all forms\n\n{head}{rows}{_reasons(found)}"


def report_web(outcomes: Iterable[Outcome]) -> str:
    """The tables of ODK Web Forms."""
    found = list(outcomes)
    if not found:
        return ""
    head = (
        "\n## ODK Web Forms, our own questionnaires\n\n"
        "| form | answer sets | verdicts | asked a set | broken rules | differences | unexplained |"
        "\n|---|--:|--:|--:|--:|--:|--:|\n"
    )
    rows = "".join(
        f"| {one.name} | {one.sets} | {one.verdicts:,} | {one.asked / one.sets:.0f} "
        f"| {one.rules.total()} | {len(one.different)} | {len(one.unexplained)} |\n"
        for one in found
    )
    return f"{head}{rows}{_reasons(found)}"


def _reasons(found: list[Outcome]) -> str:
    met = Counter(one.why(row) for one in found for row in one.different)
    rows = "".join(
        f"| {row.form} | {row.question} | {row.verdict} | {met[row.reason]} | {row.reason} |\n"
        for row in EXPLAINED
        if met[row.reason]
    )
    if not rows:
        return "\nNo differences.\n"
    head = "| form | question | verdict | times | reason |\n|---|---|---|--:|---|\n"
    return f"\nDifferences, each with its reason:\n\n{head}{rows}"


def _total(found: list[Outcome]) -> Outcome:
    total = Outcome("**all**")
    for one in found:
        for name in ("questions", "sets", "verdicts", "stopped", "asked", "never_asked", "frames"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
        total.rules += one.rules
        total.different += one.different
        total.frames_different += one.frames_different
    return total


def _line(one: Outcome, unexplained: int | None = None) -> str:
    unexplained = len(one.unexplained) if unexplained is None else unexplained
    asked = one.asked / max(one.sets - one.stopped, 1)
    same = f"{one.frames - len(one.frames_different)} of {one.frames}"
    cells = (
        *(one.name, one.questions, one.sets, f"{one.verdicts:,}", f"{asked:.0f}"),
        *(one.never_asked, one.rules.total(), one.stopped),
        *(len(one.different), unexplained, same),
    )
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
