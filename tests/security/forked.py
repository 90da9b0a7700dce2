"""`survey` in a process of its own, forked from one that has imported everything."""

import os
import signal
import sys
import tempfile
import time
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline.cli import main

_PATIENCE = 240
"""Seconds: several times what any of these commands takes."""


@dataclass(frozen=True)
class Running:
    """A command that was started."""

    number: int
    said: IO[bytes]

    def end(self) -> tuple[int, str]:
        """Wait for it; gives back its exit code and everything that it printed."""
        _, status = os.waitpid(self.number, 0)
        with self.said as said:
            said.seek(0)
            return os.waitstatus_to_exitcode(status), said.read().decode("utf-8", "replace")


def start(study: Path, *arguments: object) -> Running:
    """Start a command as a person does."""
    said = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the command has ended
    number = os.fork()
    if not number:
        _run(said.fileno(), ["survey", "--study", str(study), *map(str, arguments)])
    return Running(number, said)


def survey(study: Path, *arguments: object) -> tuple[int, str]:
    """Run a command to its end; gives back its exit code and everything that it prints.

    A fork of a process with threads may wait for ever for a lock that one of them held; such a one
    is ended, and the command is given again, as a person would.
    """
    running = start(study, *arguments)
    for _ in range(_PATIENCE * 20):
        if os.waitid(os.P_PID, running.number, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return running.end()
        time.sleep(0.05)
    warnings.warn(f"survey {arguments[0]} did not end; it is given again", stacklevel=2)
    os.kill(running.number, signal.SIGKILL)
    running.end()
    return start(study, *arguments).end()


def _run(said: int, command: list[str]) -> None:
    code = 1
    try:
        os.dup2(said, 1)
        os.dup2(said, 2)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - to the end
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - to the end
        os.environ["REPORT_LANGUAGE"] = "en"
        sys.argv = command
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - what a person would see is what is looked at
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
