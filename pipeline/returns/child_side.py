"""What goes on in the process in which returned files are parsed.

Memory is limited there, nothing is printed, and the parent always sees at which file it is.
"""

import contextlib
import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from pathlib import Path
from typing import Any

from pipeline.errors import Problem, SurveyError, where_of
from pipeline.returns.problems import problem

_NAME_BYTES = 4096
_COLLECTED = 100_000
"""New objects after which the child looks for cycles: the rows of many files are lists in no cycle,
and to look at them after every 700, as Python does, takes a third of the time."""
_AT: list[Callable[[str], None]] = []
"""In the child: what tells the parent which file is begun."""


class Sign:
    """Memory that both processes see: which file the child is at, and how many it began.

    To write there costs nothing; a message for each of 20,000 files costs as much as to read them.
    """

    def __init__(self, context: SpawnContext) -> None:
        self._count = context.RawValue("Q", 0)
        self._file = context.RawArray("c", _NAME_BYTES)

    def begin(self, file: str) -> None:
        """In the child: a file begins."""
        self._file.value = file.encode("utf-8", "surrogateescape")[: _NAME_BYTES - 1]
        self._count.value += 1

    @property
    def count(self) -> int:
        """How many files were begun; none before the first of a piece of work."""
        return int(self._count.value)

    @property
    def file(self) -> str:
        """The last one begun."""
        return bytes(self._file.value).decode("utf-8", "surrogateescape")

    def clear(self) -> None:
        """In the parent, before a piece of work."""
        self._count.value = 0
        self._file.value = b""


@dataclass(frozen=True, slots=True)
class Ready:
    """The process has started, and waits for work."""


@dataclass(frozen=True, slots=True)
class Done:
    """What the work gave."""

    result: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The work refused, as it would have anywhere."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The file that was begun last could not be read.

    Attributes:
        file: its name; empty where none was begun.
        problems: why, as a field researcher can understand it.
    """

    file: str
    problems: tuple[Problem, ...]


def begin(file: str) -> None:
    """Say which file is parsed from here on; the time that it may take begins."""
    for tell in _AT:
        tell(file)


def serve(line: Connection, sign: Sign) -> None:
    """What the child does until its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # what a dying parser prints may hold an answer
        os.dup2(nowhere, stream)
    _AT[:] = [sign.begin]
    gc.freeze()  # what was imported stays; no collection needs to look at it again
    gc.set_threshold(_COLLECTED, 20, 20)
    line.send(Ready())
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            work, arguments, caps = line.recv()
            _limit_memory(caps.memory_bytes)
            line.send_bytes(pickle.dumps(_answer(work, arguments, sign), protocol=5))


def _answer(work: Callable[..., Any], arguments: tuple[Any, ...], sign: Sign) -> object:
    try:
        return Done(work(*arguments))
    except SurveyError as error:
        return Failed(error.problems)
    except MemoryError:
        return GaveUp(sign.file, (problem("GUARD-011", file=sign.file),))
    except Exception as error:  # noqa: BLE001 - a defect in reading one file stops no other
        return GaveUp(
            sign.file, (problem("GUARD-012", file=sign.file, more=where_of(error, __file__)),)
        )


if sys.platform == "win32":

    def _limit_memory(more: int) -> None:
        """Windows has no such limit; the size caps of `guard` hold alone."""
else:
    import resource

    def _limit_memory(more: int) -> None:
        """Let the process take so many bytes beyond what it has now."""
        pages = Path("/proc/self/statm")
        if not pages.exists():  # macOS does not count this way
            return
        taken = int(pages.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (taken + more, most))
