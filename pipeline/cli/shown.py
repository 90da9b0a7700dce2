"""The study that a command works on, and what it shows of its progress and its problems."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pipeline.errors import Problem
    from pipeline.study import Study

_STUDY = {"folder": Path()}


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
    """Show what is wrong, with its repair, and leave with exit code 1."""
    from pipeline.errors import SurveyError

    try:
        yield
    except SurveyError as error:
        say(error.problems)
        raise typer.Exit(1) from None


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
