"""Commands that make things take turns, and say what to do where they cannot write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import Place, Problem, SurveyError
from pipeline.freshness import Ledger
from pipeline.store import NO_ROOM, alone_in, remove_leftovers
from pipeline.study import Study
from pipeline.workflow.progress import Progress, silent

MADE = ".made.json"
"""In outputs/: the note of what each step and command read and made."""


def memory_of(study: Study, *, only_read: bool = True) -> Ledger:
    """What is remembered of everything that was made in a study."""
    return Ledger(study.outputs / MADE, study.root, only_read=only_read)


@contextmanager
def at_work(study: Study, *, progress: Progress = silent) -> Iterator[Ledger]:
    """Do a command's work alone in the study, and remember what it made.

    Another command that makes things waits until this one has ended. What a killed one left half
    is cleared away first.

    Raises:
        SurveyError: WORK-008, the disk is full or a folder may not be written to.
    """
    try:
        with alone_in(study.root, lambda: progress("waiting for another command", 1)):
            for folder in (study.processed, study.outputs):
                remove_leftovers(folder)
            yield memory_of(study, only_read=False)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise SurveyError([cannot_write(study, error)]) from error


def cannot_write(study: Study, error: OSError) -> Problem:
    """Why nothing can be written, and what to do."""
    named = isinstance(error.filename, str) and Path(error.filename).is_absolute()
    path = Path(error.filename).parent if named else study.root
    return Problem(
        "WORK-008",
        f"A file cannot be written ({error.strerror or 'unknown reason'}).",
        "Make room or mend the permissions and run the same command again; "
        "what was finished before stays as it is.",
        Place(file=study.shown(path)),
    )
