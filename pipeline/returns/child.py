"""A second process in which returned files are parsed, so that none of them can end the first.

calamine aborts the process on one far cell, and a parser may take all memory or all day. In the
child, memory and time are limited, and the file at which it ended is known. One child serves all
files: starting it costs a second, asking it next to nothing.
"""

import atexit
import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.errors import Problem, SurveyError, where_of
from pipeline.returns.problems import problem
from pipeline.study import Caps

_START_SECONDS = 300.0
_AT: list[Callable[[str], None]] = []
"""In the child: what tells the parent which file is begun."""


@dataclass(frozen=True, slots=True)
class _Began:
    file: str


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
    at = ""
    try:
        child.ask((work, arguments, caps))
        while True:
            told = child.hear(caps.seconds if at else _START_SECONDS)
            if isinstance(told, _Began):
                at = told.file
            elif isinstance(told, _Failed):
                raise SurveyError(told.problems)
            elif isinstance(told, _GaveUp):
                raise ChildError(at, told.problems)
            else:
                return told.result
    except TimeoutError:
        child.stop()
        raise ChildError(at, (problem("GUARD-010", file=at),)) from None
    except (EOFError, BrokenPipeError, ConnectionResetError):
        child.stop()
        raise ChildError(at, (problem("GUARD-009", file=at),)) from None
    except KeyboardInterrupt:
        child.stop()
        raise


class _Child:
    """The one child of this process, started when it is first needed."""

    only: "_Child | None" = None

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._line, far = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(far,), daemon=True)
        self._process.start()
        far.close()
        try:
            self.hear(_START_SECONDS)
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

    def ask(self, question: object) -> None:
        self._line.send(question)

    def hear(self, seconds: float) -> Any:
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


def _serve(line: Connection) -> None:
    """What the child does until its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # what a dying parser prints may hold an answer
        os.dup2(nowhere, stream)
    line.send(_Began(""))
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            work, arguments, caps = line.recv()
            _limit_memory(caps.memory_bytes)
            line.send(_answer(work, arguments, line))


def _answer(work: Callable[..., Any], arguments: tuple[Any, ...], line: Connection) -> object:
    at = [""]

    def tell(file: str) -> None:
        at[0] = file
        line.send(_Began(file))

    _AT[:] = [tell]
    try:
        return _Done(work(*arguments))
    except SurveyError as error:
        return _Failed(error.problems)
    except MemoryError:
        return _GaveUp((problem("GUARD-011", file=at[0]),))
    except Exception as error:  # noqa: BLE001 - a defect in reading one file stops no other
        return _GaveUp((problem("GUARD-012", file=at[0], more=where_of(error, __file__)),))


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
