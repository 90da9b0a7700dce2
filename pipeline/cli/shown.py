"""The study that a command works on, and what it shows of its progress and its problems."""

import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pipeline.errors import Problem
    from pipeline.study import Study

_STUDY = {"folder": Path()}
_FOR_DEVELOPERS = "SURVEY_TRACEBACK"


def choose_study(folder: Path) -> None:
    """Name the folder on which the command works."""
    _STUDY["folder"] = folder


def study_folder() -> Path:
    """The folder that was named; by default the current one."""
    return _STUDY["folder"]


def the_study() -> "Study":
    """The study in the folder that was named."""
    from pipeline.study import open_study

    return open_study(study_folder())


@contextmanager
def shown_problems() -> Iterator[None]:
    """Show what is wrong, with its repair, and leave with exit code 1.

    What nobody foresaw is shown too, by its kind and place alone: what it says may be an answer.
    """
    from pipeline.errors import SurveyError

    try:
        yield
    except SurveyError as error:
        say(error.problems)
        raise typer.Exit(1) from None
    except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
        raise
    except Exception as error:
        if os.environ.get(_FOR_DEVELOPERS):
            raise
        say([_unforeseen(error)])
        raise typer.Exit(1) from None


def _unforeseen(error: Exception) -> "Problem":
    """The system's refusal to read or write a file, or a defect of ours."""
    from pipeline.errors import Problem, where_of
    from pipeline.store import NO_ROOM

    if isinstance(error, OSError) and error.errno in NO_ROOM:
        message = f"A file cannot be read or written ({error.strerror})."
        repair = "Make room or mend the permissions and run the same command again."
        return Problem("CLI-001", message, repair)
    if "read_parquet" in {frame.name for frame in traceback.extract_tb(error.__traceback__)}:
        message = "A table in processed/ is damaged."
        repair = "Run survey process, which makes it anew; survey verify names every such file."
        return Problem("CLI-003", message, repair)
    return Problem(
        "CLI-002",
        f"The command failed by a defect of ours ({where_of(error, __file__)}).",
        f"Report this line, which holds no answer. With {_FOR_DEVELOPERS}=1 set the command shows "
        "more, answers perhaps among it.",
    )


def say(problems: "Iterable[Problem]") -> None:
    """Show problems on the error stream."""
    for problem in problems:
        typer.echo(str(problem), err=True)


@contextmanager
def progress_bar(title: str, total: int) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal; silent elsewhere, so that logs stay readable."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)
