"""The full run: `python -m tests.conformance [SETS]`, written to docs/conformance.md."""

import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.conformance.explained import EXPLAINED, reason
from tests.conformance.forms import FORMS
from tests.conformance.run import Outcome, with_javarosa
from tests.conftest import PROJECT

TARGET = PROJECT / "docs" / "conformance.md"
MARK = "<!-- below: written by python -m tests.conformance -->"


def main(sets: int) -> int:
    """Try every form; 1 where a difference has no reason."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(_one, at, sets) for at in range(len(FORMS))]
        outcomes = []
        for job in jobs:
            outcomes.append(job.result())
            print(_line(outcomes[-1]), flush=True)  # noqa: T201 - a command
    above = TARGET.read_text(encoding="utf-8").partition(MARK)[0]
    TARGET.write_text(f"{above}{MARK}\n\n{report(outcomes)}", encoding="utf-8")
    unexplained = [(one.name, *row) for one in outcomes for row in one.unexplained]
    for row in unexplained[:20]:
        print(row[:4])  # noqa: T201 - a command
    return int(bool(unexplained))


def _one(at: int, sets: int) -> Outcome:
    return with_javarosa(FORMS[at], range(sets))


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
    met = [
        (row, times)
        for row in EXPLAINED
        if (
            times := sum(
                reason(one.name, name, verdict) == row.reason
                for one in found
                for _, name, verdict, _, _ in one.different
            )
        )
    ]
    reasons = "".join(
        f"| {row.form} | {row.question} | {row.verdict} | {times} | {row.reason} |\n"
        for row, times in met
    )
    table = "| form | question | verdict | times | reason |\n|---|---|---|--:|---|\n"
    return f"{head}{rows}\n### Differences, each with its reason\n\n{table}{reasons}"


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
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
