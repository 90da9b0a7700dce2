"""A second process in which returned files are parsed, so that none of them can end the first.

calamine aborts the process on one far cell, and a parser may take all memory or all day. In the
child, memory and time are limited, and the file at which it ended is known. One child serves all
files: starting it costs a second, asking it next to nothing.
"""

import atexit
import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from pathlib import Path
from typing import Any

from pipeline.errors import Problem, SurveyError, where_of
from pipeline.returns.problems import problem
from pipeline.study import Caps

_START_SECONDS = 300.0
_LOOK_SECONDS = 0.5
"""How often the parent looks whether the child is at another file."""
_NAME_BYTES = 4096
_COLLECTED = 100_000
"""New objects after which the child looks for cycles: the rows of many files are lists in no cycle,
and to look at them after every 700, as Python does, takes a third of the time."""
_AT: list[Callable[[str], None]] = []
"""In the child: what tells the parent which file is begun."""


class _Sign:
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
class _Ready:
    pass


@dataclass(frozen=True, slots=True)
class _Done:
    result: Any


@dataclass(frozen=True, slots=True)
class _Failed:
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _GaveUp:
    problems: tuple[Problem, ...]


class ChildError(Exception):
    """The child ended, or gave up, at a file.

    Attributes:
        file: the last one begun, empty where none was.
        problems: why, as a field researcher can understand it.
    """

    def __init__(self, file: str, problems: tuple[Problem, ...]) -> None:
        self.file = file
        self.problems = problems
        super().__init__(file)


def begin(file: str) -> None:
    """Say which file is parsed from here on; the time that it may take begins."""
    for tell in _AT:
        tell(file)


def in_child(work: Callable[..., Any], *arguments: Any, caps: Caps) -> Any:
    """Do a piece of work in the child and give back its result.

    Args:
        work: a function of a module; calls `begin` before each file.
        arguments: for it; like the result they are pickled.
        caps: memory for all of it, seconds for each file.

    Raises:
        SurveyError: as the work raised it.
        ChildError: GUARD-009 it ended the child, GUARD-010 too slow, GUARD-011 too much memory,
            GUARD-012 a defect of ours; with the file.
    """
    child = _Child.running()
    try:
        told = child.do((work, arguments, caps), caps.seconds)
    except TimeoutError:
        child.stop()
        raise ChildError(child.sign.file, (problem("GUARD-010", file=child.sign.file),)) from None
    except (EOFError, BrokenPipeError, ConnectionResetError):
        child.stop()
        raise ChildError(child.sign.file, (problem("GUARD-009", file=child.sign.file),)) from None
    except KeyboardInterrupt:
        child.stop()
        raise
    if isinstance(told, _Failed):
        raise SurveyError(told.problems)
    if isinstance(told, _GaveUp):
        raise ChildError(child.sign.file, told.problems)
    return told.result


class _Child:
    """The one child of this process, started when it is first needed."""

    only: "_Child | None" = None

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._line, far = spawn.Pipe()
        self.sign = _Sign(spawn)
        self._process = spawn.Process(target=_serve, args=(far, self.sign), daemon=True)
        self._process.start()
        far.close()
        try:
            self._hear(_START_SECONDS)
        except EOFError as error:
            raise RuntimeError("a script must guard its work by __name__ == '__main__'") from error

    @classmethod
    def running(cls) -> "_Child":
        if cls.only is None or not cls.only.is_alive:
            cls.only = cls()
        return cls.only

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def do(self, question: object, seconds: float) -> Any:
        """Send a piece of work and wait for what comes of it, so many seconds a file.

        Raises:
            TimeoutError: one file takes longer.
        """
        self.sign.clear()
        self._line.send(question)
        begun, end = 0, time.monotonic() + _START_SECONDS
        while not self._line.poll(min(_LOOK_SECONDS, seconds / 4)):
            now, count = time.monotonic(), self.sign.count
            if count != begun:
                begun, end = count, now + seconds
            elif now > end:
                raise TimeoutError
        return pickle.loads(self._line.recv_bytes())  # noqa: S301 - our own child wrote it

    def _hear(self, seconds: float) -> Any:
        if not self._line.poll(seconds):
            raise TimeoutError
        return self._line.recv()

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._line.close()
        _Child.only = None


@atexit.register
def stop_child() -> None:
    """End the child, if there is one; the next file starts another."""
    if _Child.only is not None:
        _Child.only.stop()


def _forget_child() -> None:
    """After a fork: the child is the other process's; this one starts its own when it needs it."""
    _Child.only = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_child)


def _serve(line: Connection, sign: _Sign) -> None:
    """What the child does until its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # what a dying parser prints may hold an answer
        os.dup2(nowhere, stream)
    _AT[:] = [sign.begin]
    gc.freeze()  # what was imported stays; no collection needs to look at it again
    gc.set_threshold(_COLLECTED, 20, 20)
    line.send(_Ready())
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            work, arguments, caps = line.recv()
            _limit_memory(caps.memory_bytes)
            line.send_bytes(pickle.dumps(_answer(work, arguments, sign), protocol=5))


def _answer(work: Callable[..., Any], arguments: tuple[Any, ...], sign: _Sign) -> object:
    try:
        return _Done(work(*arguments))
    except SurveyError as error:
        return _Failed(error.problems)
    except MemoryError:
        return _GaveUp((problem("GUARD-011", file=sign.file),))
    except Exception as error:  # noqa: BLE001 - a defect in reading one file stops no other
        return _GaveUp((problem("GUARD-012", file=sign.file, more=where_of(error, __file__)),))


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
