"""One start of LibreOffice, in which a person opens forms, types and saves."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.libreoffice import FILTERS

DEBIANS_PYTHON = Path("/usr/bin/python3")
SCRIPT = Path(__file__).with_name("type_answers.py")
PATIENCE_SECONDS = 3600


@dataclass(frozen=True)
class Job:
    """A form to be filled in.

    Attributes:
        form: the form; LibreOffice puts a lock file beside it.
        typed: sheet, address and text, in order.
        saved: kind of file -> where to save it.
    """

    form: Path
    typed: Sequence[tuple[str, str, str]]
    saved: dict[str, Path]


def has_bridge() -> bool:
    """Whether a Python is there that can talk to LibreOffice: Debian's, with python3-uno."""
    asking = [DEBIANS_PYTHON, "-c", "import uno"]
    return DEBIANS_PYTHON.exists() and not subprocess.run(asking, check=False).returncode


def fill_in(soffice: str, jobs: Sequence[Job], folder: Path) -> list[list[tuple[str, str]]]:
    """Do every job; gives back for each the cells that a person could not have typed into."""
    plan = [
        {
            "form": str(job.form),
            "typed": job.typed,
            "saved": {FILTERS[kind].partition(":")[2]: str(to) for kind, to in job.saved.items()},
        }
        for job in jobs
    ]
    path = folder / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    said = ask_office(SCRIPT, soffice, folder)
    return [[(sheet, cell) for sheet, cell in refused] for refused in json.loads(said)]


def ask_office(script: Path, soffice: str, folder: Path) -> str:
    """Run a script of Debian's Python in one start of LibreOffice; its plan lies in the folder."""
    profile, plan = folder / "profile", folder / "plan.json"
    return _run([str(DEBIANS_PYTHON), str(script), soffice, str(profile), str(plan)])


def _run(command: Sequence[str]) -> str:
    """What a command prints; whatever it started ends with it."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        said, complaint = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, complaint
    return said
