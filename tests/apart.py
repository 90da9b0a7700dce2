"""Work in a process of its own, forked from one that has imported everything and nothing more.

The process that runs the tests is not forked: the Java machine of tests/expression/javarosa.py
lives in it, and JPype asks that machine to collect its garbage too whenever Python has collected
much. In a fork the machine's threads are missing, and the fork waits for them without end.
"""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

_IMPORTED = (
    "pandera.pandas",
    "pyarrow.parquet",
    "pipeline.cli",
    "pipeline.workflow.analyze",
    "pipeline.workflow.returned",
)
"""What a command would import first, in seconds."""


def start(work: Callable[..., object], *arguments: object) -> ForkServerProcess:
    """Start a piece of work; it has the folder and the environment of this moment.

    Args:
        work: something that can be pickled: a function of a module, or a partial of one.
        arguments: what it is called with; can be pickled.

    Returns:
        The process, which leads a group of its own: `os.killpg` ends it and all that it started.
    """
    process = _forks().Process(target=_begin, args=(Path.cwd(), dict(os.environ), work, arguments))
    process.start()
    return process


def result_of(work: Callable[..., Any], *arguments: object) -> Any:
    """What a piece of work gives back.

    Raises:
        Exception: whatever it raises; BrokenProcessPool where its process ended.
    """
    with ProcessPoolExecutor(1, mp_context=_forks()) as pool:
        return pool.submit(_begin, Path.cwd(), dict(os.environ), work, arguments).result()


@cache
def _forks() -> ForkServerContext:
    forks = get_context("forkserver")
    forks.set_forkserver_preload(list(_IMPORTED))
    return forks


def _begin(
    folder: Path,
    environment: dict[str, str],
    work: Callable[..., object],
    arguments: tuple[object, ...],
) -> object:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    return work(*arguments)
