"""The full run: `python -m tests.forms.conformance [SETS]`, written to docs/excel-form.md."""

import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import PROJECT
from tests.forms.conformance.cases import cases
from tests.forms.conformance.explained import EXPLAINED, reason
from tests.forms.conformance.run import Outcome, type_in

TARGET = PROJECT / "docs" / "excel-form.md"
MARK, END = "<!-- written by python -m tests.forms.conformance -->", "<!-- until here -->"
_RULES = ("required", "constraint", "choice", "not_asked")


def main(sets: int) -> int:
    """Type every set; 1 where a difference has no reason."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        print("LibreOffice is not on this machine.")  # noqa: T201 - a command
        return 1
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = type_in(soffice, cases(range(sets)), Path(folder), also=("xls", "ods"))
        table = report(outcomes, time.monotonic() - began)
    above, _, rest = TARGET.read_text(encoding="utf-8").partition(MARK)
    below = rest.partition(END)[2]
    TARGET.write_text(f"{above}{MARK}\n\n{table}\n{END}{below}", encoding="utf-8")
    print(table)  # noqa: T201 - a command
    for one in outcomes:
        if one.unread or one.refused or _unexplained(one):
            print(one.case.name, one.unread, one.refused[:3], _unexplained(one)[:5])  # noqa: T201
    return int(any(one.unread or one.refused or _unexplained(one) for one in outcomes))


def report(outcomes: Sequence[Outcome], seconds: float) -> str:
    """The table, in Markdown."""
    head = (
        "| form | sets | answers typed | ready | missing | constraint broken | not offered "
        "| answered though not asked | differences from `survey try` | files read back the same |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
    )
    names = dict.fromkeys(one.case.form.name for one in outcomes)
    rows = [_row(name, [one for one in outcomes if one.case.form.name == name]) for name in names]
    reasons = "".join(f"- {row.form}, {row.place}: {row.reason}\n" for row in EXPLAINED)
    spent = f"\n{len(outcomes)} sets in {seconds / 60:.1f} minutes, one start of LibreOffice.\n"
    return head + "".join(rows) + _row("**all**", outcomes) + spent + reasons


def _row(name: str, outcomes: Sequence[Outcome]) -> str:
    files = sum(len(one.saved) for one in outcomes)
    cells: list[object] = [
        *(name, len(outcomes), f"{sum(one.cells for one in outcomes):,}"),
        sum(not one.rules for one in outcomes),
        *(sum(one.rules[rule] for one in outcomes) for rule in _RULES),
        sum(len(one.different) for one in outcomes),
        f"{files - sum(len(one.unread) for one in outcomes)} of {files}",
    ]
    return f"| {' | '.join(map(str, cells))} |\n"


def _unexplained(outcome: Outcome) -> list[tuple[str, str, str]]:
    name = outcome.case.form.name
    return [one for one in outcome.different if reason(name, one[0]) is None]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
