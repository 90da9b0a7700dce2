"""`survey` in a process of its own, which need not import what it runs on."""

import os
import sys
import tempfile
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO

from pipeline.cli import main
from tests import apart


@dataclass(frozen=True)
class Running:
    """A command that was started."""

    process: BaseProcess
    said: IO[bytes]

    def end(self) -> tuple[int | None, str]:
        """Wait for it; gives back its exit code and everything that it printed."""
        self.process.join()
        with self.said as said:
            return self.process.exitcode, said.read().decode("utf-8", "replace")


def start(study: Path, *arguments: object) -> Running:
    """Start a command as a person does."""
    said = tempfile.NamedTemporaryFile()  # noqa: SIM115 - closed when the command has ended
    command = ["survey", "--study", str(study), *map(str, arguments)]
    return Running(apart.start(_run, said.name, command), said)


def survey(study: Path, *arguments: object) -> tuple[int | None, str]:
    """Run a command to its end; gives back its exit code and everything that it prints."""
    return start(study, *arguments).end()


def _run(said: str, command: list[str]) -> None:
    written = os.open(said, os.O_WRONLY | os.O_APPEND)
    for number in (1, 2):
        os.dup2(written, number)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - to the end
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - to the end
    os.environ["REPORT_LANGUAGE"] = "en"
    sys.argv = command
    main()
