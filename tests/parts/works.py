"""Work that workers can be given: what dies, what fails, what is done."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Place, Problem, SurveyError


@dataclass(frozen=True)
class Job:
    """A number to be doubled; a worker dies at it until so many marks lie in the folder."""

    number: int
    folder: Path
    deaths: int = 0


def doubled(job: Job) -> int:
    marks = len(list(job.folder.glob(f"{job.number}-*")))
    if marks < job.deaths:
        (job.folder / f"{job.number}-{marks}").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * job.number


def refusing(job: Job) -> int:
    raise SurveyError([Problem("X-001", f"Refused {job.number}.", "Leave it.", Place(file="a"))])
