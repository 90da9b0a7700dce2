"""Kernels, each of which runs one notebook after the other in whatever language is next.

Starting a kernel and importing pandas and Matplotlib takes longer than most notebooks do, so
notebooks and languages share one or two; names are cleared in between.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pipeline.analysis.environment import COLLECT, EDITION, LANGUAGE, PUBLIC
from pipeline.analysis.jupyter import (
    AsyncKernelManager,
    CellExecutionError,
    DeadKernelError,
    KernelSpec,
    NotebookClient,
    NotebookNode,
    jupytext,
    nbformat,
)
from pipeline.study import Study

SECONDS_A_CELL = 600
_MOST = 2
"""Kernels at a time: each holds a few hundred megabytes."""
_FIRST = (
    "import gc, pipeline.analysis.page, pipeline.analysis.tables, pipeline.analysis.figures\n"
    "gc.collect(); gc.freeze()"
)
"""Run as a kernel starts. What is imported once for all is not looked through for waste again each
time that names are cleared."""


@dataclass(frozen=True)
class Job:
    """One notebook to be run in one language.

    Attributes:
        notebook: a jupytext percent script.
        language: its code.
        told: the file to which the true counts of its tables are told, instead of showing them.
    """

    notebook: Path
    language: str
    told: Path | None = None


@dataclass(frozen=True)
class Ran:
    """A job that has come to its end.

    Attributes:
        job: which.
        book: the notebook with its outputs.
        stopped: what stopped it, if anything did.
    """

    job: Job
    book: NotebookNode
    stopped: Exception | None


def import_path() -> str:
    """Where this very package lies, so that another process finds the same one."""
    root = str(Path(__file__).parents[2])
    return os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))


class _Kernel(AsyncKernelManager):
    """A kernel of this very Python, whatever kernels the user has installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        settings = ["--HistoryManager.enabled=False", f"--IPKernelApp.exec_lines={_FIRST}"]
        return KernelSpec(argv=[*command, *settings], display_name="Python 3", language="python")


class _Slot:
    """Room for one kernel; another study or edition than the last one's needs another kernel."""

    def __init__(self) -> None:
        self._kernel: _Kernel | None = None
        self._settings: tempfile.TemporaryDirectory[str] | None = None
        self._serves: tuple[str, ...] = ()

    async def started(self, study: Study) -> _Kernel:
        """The kernel, in the study's notebooks and with the variables as they are now."""
        serves = (str(study.notebooks), os.environ.get(EDITION, PUBLIC))
        if self._kernel is not None and self._serves == serves:
            return self._kernel
        await self.stop()
        self._settings, kernel = tempfile.TemporaryDirectory(), _Kernel()
        if os.name == "posix":  # a socket in our own folder, which no other user can listen to
            kernel.transport, kernel.ip = "ipc", f"{self._settings.name}/kernel"
        path = {"PYTHONPATH": import_path(), "IPYTHONDIR": self._settings.name}
        environment = {**os.environ, **path, "MPLBACKEND": "agg"}
        self._kernel, self._serves = kernel, serves
        await kernel.start_kernel(cwd=str(study.notebooks), env=environment)
        return kernel

    async def stop(self) -> None:
        """End the kernel, if there is one."""
        if self._kernel is not None and self._kernel.has_kernel:
            await self._kernel.shutdown_kernel(now=True)
        if self._settings is not None:
            self._settings.cleanup()
        self._kernel = self._settings = None


class Kernels:
    """The kernels that run, one a processor and no more than there are jobs at a time."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._slots = [_Slot() for _ in range(max(1, min(_MOST, os.cpu_count() or 1)))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for slot in self._slots:
            self._runner.run(slot.stop())
        self._runner.close()

    def start(self, study: Study) -> None:
        """Let all kernels start, and do not wait until they have."""
        for slot in self._slots:
            self._runner.run(slot.started(study))

    def run(self, study: Study, jobs: Iterable[Job], ran: Callable[[Ran], None]) -> None:
        """Run every job.

        Args:
            study: the study folder.
            jobs: in the order in which they are begun.
            ran: told of each as soon as it has ended, while others go on.
        """
        self._runner.run(self._run(study, list(jobs), ran))

    async def _run(self, study: Study, waiting: list[Job], ran: Callable[[Ran], None]) -> None:
        """Each kernel takes the next job that none has taken yet."""

        async def serve(slot: _Slot) -> None:
            try:
                while waiting:
                    job = waiting.pop(0)
                    book = jupytext.read(job.notebook)
                    stopped = await _run(await slot.started(study), book, job)
                    if isinstance(stopped, DeadKernelError):
                        await slot.stop()
                    ran(Ran(job, book, stopped))
            except BaseException:
                waiting.clear()  # the others end with what they are at
                raise

        # What fails is raised once all have ended; of a second failure nobody is told, and least
        # of all by asyncio, whose words may hold an answer.
        serving = [serve(slot) for slot in self._slots[: len(waiting)]]
        for ended in await asyncio.gather(*serving, return_exceptions=True):
            if isinstance(ended, BaseException):
                raise ended


async def _run(kernel: AsyncKernelManager, book: NotebookNode, job: Job) -> Exception | None:
    """Execute in place; gives back what stopped it."""
    told = None if job.told is None else str(job.told)
    start = (
        "get_ipython().reset(new_session=True)\n"
        "import os\n"
        f"os.environ[{LANGUAGE!r}] = {job.language!r}\n"
        f"os.environ.pop({COLLECT!r}, None)\n"
    )
    start += f"os.environ[{COLLECT!r}] = {told!r}\n" if told else ""
    cell = {"cell_type": "code", "source": start}
    book.cells.insert(0, _node(**cell, metadata={}, outputs=[], execution_count=None))
    client = NotebookClient(book, km=kernel, timeout=SECONDS_A_CELL, record_timing=False)
    try:
        await client.async_execute()
    except (CellExecutionError, DeadKernelError) as error:
        return error
    finally:
        del book.cells[0]
        if client.kc is not None:
            client.kc.stop_channels()
    return None


def _node(**parts: Any) -> NotebookNode:
    return nbformat.from_dict(parts)  # type: ignore[no-untyped-call, no-any-return]
