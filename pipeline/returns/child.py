"""Processes in which returned files are parsed, so that none of them can end this one.

calamine aborts the process on one far cell, and a parser may take all memory or all day. In a
child, memory and time are limited, and the file at which it ended is known. One child serves
whatever comes one after the other: starting it costs a second, asking it next to nothing. Work
that is dealt out to several has further children, which end with it.
"""

import atexit
import contextlib
import multiprocessing
import os
import pickle
import time
from collections.abc import Callable, Iterable
from multiprocessing.connection import wait
from typing import Any

from pipeline.errors import Problem, SurveyError
from pipeline.returns.child_side import Done, Failed, GaveUp, Sign, serve
from pipeline.returns.problems import problem
from pipeline.settings import Caps

_START_SECONDS = 300.0
_LOOK_SECONDS = 0.5
"""How often the parent looks whether a child is at another file."""

Job = tuple[Any, ...]


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


def in_child(work: Callable[..., Any], *arguments: Any, caps: Caps) -> Any:
    """Do a piece of work in the child and give back its result.

    Args:
        work: a function of a module; calls `child_side.begin` before each file.
        arguments: for it; like the result they are pickled.
        caps: memory for all of it, seconds for each file.

    Raises:
        SurveyError: as the work raised it.
        ChildError: GUARD-009 it ended the child, GUARD-010 too slow, GUARD-011 too much memory,
            GUARD-012 a defect of ours; with the file.
    """
    (found,) = in_children(work, [arguments], caps=caps)
    return found


def _not_again(_: Job, error: ChildError) -> Job:
    raise error


def in_children(
    work: Callable[..., Any],
    jobs: Iterable[Job],
    *,
    caps: Caps,
    again: Callable[[Job, ChildError], Job] = _not_again,
) -> list[Any]:
    """Do a piece of work for several jobs at once, each in a child of its own.

    Args:
        work: as for `in_child`.
        jobs: the arguments of each.
        caps: what each child may take.
        again: the job that comes in the place of one that a file ended; by default none does.

    Returns:
        The results in the order of the jobs, whichever was done first.

    Raises:
        SurveyError: as the work raised it.
        ChildError: as `again` raised it.
    """
    left, done = dict(enumerate(jobs)), dict[int, Any]()
    used, busy = list[_Child](), dict[int, _Child]()

    def begin(at: int, child: _Child) -> None:
        used.append(child)
        busy[at] = child
        child.ask((work, left[at], caps), caps.seconds)

    try:
        for at, child in enumerate([_Child.staying(), *(_Child() for _ in list(left)[1:])]):
            begin(at, child)
        while busy:
            wait([child.line for child in busy.values()], min(_LOOK_SECONDS, caps.seconds / 4))
            for at, child in tuple(busy.items()):
                told = child.told()
                if told is None:
                    continue
                del busy[at]
                if isinstance(told, Failed):
                    raise SurveyError(told.problems)
                if isinstance(told, GaveUp):
                    left[at] = again(left[at], ChildError(told.file, told.problems))
                    begin(at, child.or_another())
                else:
                    done[at] = told.result
    finally:
        for child in used:
            if child is not _Child.only or child in busy.values():
                child.stop()
    return [done[at] for at in left]


class _Child:
    """A process that reads. One stays when its work is done, and is asked the next time, too."""

    only: "_Child | None" = None

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.line, far = spawn.Pipe()
        self._sign = Sign(spawn)
        self._process = spawn.Process(target=serve, args=(far, self._sign), daemon=True)
        self._process.start()
        far.close()
        self._is_ready = False
        self._begun, self._end, self._seconds = 0, 0.0, 0.0

    @classmethod
    def staying(cls) -> "_Child":
        """The one that stays; started when it is first needed."""
        if cls.only is None or not cls.only.is_alive:
            cls.only = cls()
        return cls.only

    def or_another(self) -> "_Child":
        """This one, or one in its place if it has ended."""
        if self.is_alive:
            return self
        return _Child.staying() if _Child.only is None else _Child()

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def ask(self, question: object, seconds: float) -> None:
        """Send a piece of work that may take so many seconds a file.

        Raises:
            RuntimeError: this process would start itself again and again.
            TimeoutError: the child does not start.
        """
        if not self._is_ready:
            try:
                self._hear_that_it_started()
            except EOFError as error:
                message = "a script must guard its work by __name__ == '__main__'"
                raise RuntimeError(message) from error
        self._sign.clear()
        self._begun, self._end, self._seconds = 0, time.monotonic() + _START_SECONDS, seconds
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # `told` will say it
            self.line.send(question)

    def told(self) -> Done | Failed | GaveUp | None:
        """What came of the work; None while nothing has. A late child is stopped."""
        try:
            if self.line.poll():
                found: Done | Failed | GaveUp = pickle.loads(  # noqa: S301 - our own child wrote it
                    self.line.recv_bytes()
                )
                return found
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return self._given_up("GUARD-009")
        now, count = time.monotonic(), self._sign.count
        if count != self._begun:
            self._begun, self._end = count, now + self._seconds
        elif now > self._end:
            return self._given_up("GUARD-010")
        return None

    def _given_up(self, code: str) -> GaveUp:
        self.stop()
        file = self._sign.file
        return GaveUp(file, (problem(code, file=file),))

    def _hear_that_it_started(self) -> None:
        if not self.line.poll(_START_SECONDS):
            raise TimeoutError
        self.line.recv()
        self._is_ready = True

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self.line.close()
        if _Child.only is self:
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
