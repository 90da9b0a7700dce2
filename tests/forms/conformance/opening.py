"""How large forms are and how long LibreOffice takes to open them: `python -m ...opening`.

The time is what opening adds to a LibreOffice that is running, the least of three, in seconds of a
clock; on a busy machine it is too long.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.conformance.forms import OURS
from tests.conftest import PROJECT
from tests.forms.conformance.cases import LANGUAGES, Case, exported
from tests.forms.conformance.office import ask_office

SCRIPT = Path(__file__).with_name("open_forms.py")
TARGET = PROJECT / "docs" / "excel-form.md"
MARK, END = "<!-- written by python -m tests.forms.conformance.opening -->", "<!-- that is all -->"
MOST_BYTES, MOST_SECONDS = 500_000, 1.5


def main() -> int:
    """Measure every form; 1 where one is too large or too slow."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice") or "soffice"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        forms = [exported(Case(form, at, 0), folder) for form in OURS for at in LANGUAGES]
        (folder / "plan.json").write_text(json.dumps([str(path) for path in forms]))
        seconds = json.loads(ask_office(SCRIPT, soffice, folder))
        sizes = [path.stat().st_size for path in forms]
    rows = "".join(
        f"| {path.stem} | {size / 1000:.0f} | {spent:.2f} |\n"
        for path, size, spent in zip(forms, sizes, seconds, strict=True)
    )
    table = f"| form | kB | opened in, s |\n|---|--:|--:|\n{rows}"
    above, _, rest = TARGET.read_text(encoding="utf-8").partition(MARK)
    TARGET.write_text(f"{above}{MARK}\n\n{table}{END}{rest.partition(END)[2]}", encoding="utf-8")
    print(table)  # noqa: T201 - a command
    return int(max(sizes) >= MOST_BYTES or max(seconds) >= MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
