"""Who does the work on the parts: processes of this machine, or the workers of a Dask cluster.

A work is a function of a module and of one job; what it gives depends on the job alone. So a
worker that dies loses nothing: its job is done again by another.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any, Protocol, TypeVar

from pipeline.errors import SurveyError
from pipeline.parts.problems import died, no_dask, no_scheduler, senseless

Job = TypeVar("Job")
Result = TypeVar("Result")
_TRIES = 3
_PATIENCE = 20
"""Seconds in which a scheduler has to answer."""


class EngineName(StrEnum):
    """Which engine does the work."""

    LOCAL = "local"
    DASK = "dask"


class Engine(Protocol):
    """Does a work for each job."""

    def run(self, work: Callable[[Job], Result], jobs: Sequence[Job]) -> list[Result]:
        """What the work gives for each job, in the order of the jobs.

        Raises:
            SurveyError: as the work raises it; PARTS-001, workers died at a job again and again.
        """


@dataclass(frozen=True)
class Engines:
    """Which engine does the work, if there is work for one.

    Attributes:
        name: which.
        scheduler: address of a Dask scheduler; None: a cluster on this machine, for this run.
        workers: how many processes on this machine; None: one a processor.
    """

    name: EngineName = EngineName.LOCAL
    scheduler: str | None = None
    workers: int | None = None

    @classmethod
    def of(cls, name: str, scheduler: str | None, workers: int | None) -> "Engines":
        """The engine that a command line asks for.

        Raises:
            SurveyError: PARTS-004, there is no such engine, or it knows no scheduler.
        """
        known = [one.value for one in EngineName]
        if name not in known:
            raise SurveyError([senseless("--engine", f"Engines are: {', '.join(known)}.")])
        if scheduler is not None and name != EngineName.DASK:
            raise SurveyError([senseless("--scheduler", "Only dask has one.")])
        return cls(EngineName(name), scheduler, workers)

    @property
    def processes(self) -> int:
        """How many processes of this machine may work at once."""
        return self.workers or os.cpu_count() or 1

    @contextmanager
    def begun(self) -> Iterator[Engine]:
        """The engine, for as long as it is needed.

        Raises:
            SurveyError: PARTS-002 Dask is not installed, PARTS-003 its scheduler does not answer.
        """
        if self.name is EngineName.DASK:
            with _client(self.scheduler, self.processes) as client:
                yield Dask(client)
            return
        local = Local(self.processes)
        try:
            yield local
        finally:
            local.stop()


class Local:
    """Processes of this machine; when one dies, its fellows are started anew with it."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def run(self, work: Callable[[Job], Result], jobs: Sequence[Job]) -> list[Result]:
        """As `Engine.run`."""
        done: dict[int, Result] = {}
        tries = [0] * len(jobs)
        while len(done) < len(jobs):
            left = {at: job for at, job in enumerate(jobs) if at not in done}
            if worst := [at for at in left if tries[at] >= _TRIES]:
                raise died(worst[0])
            for number in self._round(work, left, done):
                tries[number] += 1
        return [done[number] for number in range(len(jobs))]

    def stop(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _round(
        self, work: Callable[[Job], Result], jobs: dict[int, Job], done: dict[int, Result]
    ) -> set[int]:
        """Do jobs until all are done or a worker dies; gives back those that were at work then."""
        if self._pool is None:
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._workers, mp_context=spawn)
        waiting = list(jobs.items())
        running = dict[Future[Result], int]()
        try:
            while waiting or running:
                while waiting and len(running) < self._workers:
                    number, job = waiting.pop(0)
                    running[self._pool.submit(work, job)] = number
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    done[running[future]] = future.result()
                    del running[future]
        except BrokenProcessPool:
            self.stop()
        return set(running.values())


class Dask:
    """The workers of a cluster."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, work: Callable[[Job], Result], jobs: Sequence[Job]) -> list[Result]:
        """As `Engine.run`."""
        killed: type[Exception] = import_module("distributed.scheduler").KilledWorker
        futures = [self._client.submit(work, job, pure=False, retries=0) for job in jobs]
        found = list[Result]()
        for number, future in enumerate(futures):
            try:
                found.append(future.result())
            except killed:
                raise died(number) from None
        return found


@contextmanager
def _client(scheduler: str | None, workers: int) -> Iterator[Any]:
    try:
        distributed = import_module("distributed")  # an extra
    except ImportError:
        raise SurveyError([no_dask()]) from None
    if scheduler is None:
        options = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
        with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
            yield client
        return
    try:
        client = distributed.Client(scheduler, timeout=_PATIENCE)
    except (OSError, ValueError):
        raise SurveyError([no_scheduler(scheduler)]) from None
    with client:
        yield client
