"""The command line as a person types it, in a study folder."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SURVEY = Path(sys.executable).with_name("survey")
SECONDS = 900
"""A whole analysis takes some 95 seconds of a free core; few machines are free in a test."""


def survey(
    study: Path, *arguments: object, code: int = 0, environment: Mapping[str, str] | None = None
) -> str:
    """Run `survey --study STUDY ARGUMENTS`; gives back what it printed, problems after the rest."""
    done = subprocess.run(
        [SURVEY, "--study", study, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        timeout=SECONDS,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
    return said
