"""Notebooks executed in kernels, each of which speaks one language after the other.

Starting a kernel and importing pandas and Matplotlib takes longer than most notebooks do, so the
languages share one or two, and within `shared_kernels` the notebooks too; names are cleared in
between.
"""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import jupytext
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode, from_dict

from pipeline.analysis.page import LANGUAGE, PAGE
from pipeline.analysis.protection import EDITION, PUBLIC
from pipeline.errors import Place, Problem, SurveyError
from pipeline.store import NO_ROOM
from pipeline.study import Study

CODES = {
    "REPORT-001": "a cell of a notebook failed",
    "REPORT-002": "a notebook's kernel died",
    "REPORT-003": "a cell shows something past its page",
    "REPORT-004": "tables cannot be protected together",
    "REPORT-005": "no room, or no right to write",
}
SECONDS_A_CELL = 600
_MOST = 2
"""Kernels at a time: each holds a few hundred megabytes."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ERRNO = re.compile(r"\[Errno (\d+)\]")
_OURS = re.compile(r"File \S*?(pipeline/\S+\.py:\d+)")


def execute(study: Study, notebook: Path, languages: Sequence[str]) -> dict[str, NotebookNode]:
    """Execute a notebook in each language.

    Args:
        study: the study folder.
        notebook: a jupytext percent script.
        languages: language codes.

    Returns:
        language -> the executed notebook, without anything that differs from run to run.

    Raises:
        SurveyError: REPORT-001 to REPORT-003, for every language.
    """
    if _shared is not None:
        return _shared.execute(study, notebook, languages)
    with _Kernels() as kernels:
        return kernels.execute(study, notebook, languages)


@contextmanager
def shared_kernels() -> Iterator[None]:
    """Within this block all notebooks of a study share kernels, started when one needs them."""
    global _shared  # noqa: PLW0603 - the block is the only owner
    outer = _shared
    with _Kernels() as _shared:
        try:
            yield
        finally:
            _shared = outer


def import_path() -> str:
    """Where this very package lies, so that another process finds the same one."""
    root = str(Path(__file__).parents[2])
    return os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))


class _Kernel(AsyncKernelManager):
    """A kernel of this very Python, whatever kernels the user has installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        no_history = "--HistoryManager.enabled=False"
        return KernelSpec(argv=[*command, no_history], display_name="Python 3", language="python")


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


class _Kernels:
    """The kernels that run, one a processor and no more than there are languages at a time."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._slots = [_Slot() for _ in range(max(1, min(_MOST, os.cpu_count() or 1)))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for slot in self._slots:
            self._runner.run(slot.stop())
        self._runner.close()

    def execute(
        self, study: Study, notebook: Path, languages: Sequence[str]
    ) -> dict[str, NotebookNode]:
        """As the function of this name."""
        made, found = self._runner.run(self._execute(study, notebook, languages))
        shown = study.shown(notebook)
        problems = [
            problem
            for language in languages
            for problem in _problems(made[language], found[language], notebook, shown, language)
        ]
        if problems:
            raise SurveyError(dict.fromkeys(problems))
        return {language: _steady(made[language]) for language in languages}

    async def _execute(
        self, study: Study, notebook: Path, languages: Sequence[str]
    ) -> tuple[dict[str, NotebookNode], dict[str, Exception | None]]:
        """Each kernel takes the next language that none has taken yet."""
        waiting = list(languages)
        made, found = dict[str, NotebookNode](), dict[str, Exception | None]()

        async def serve(slot: _Slot) -> None:
            while waiting:
                language, book = waiting.pop(0), jupytext.read(notebook)
                made[language] = book
                found[language] = await _run(await slot.started(study), book, language)
                if isinstance(found[language], DeadKernelError):
                    await slot.stop()

        await asyncio.gather(*(serve(slot) for slot in self._slots[: len(languages)]))
        return made, found


_shared: _Kernels | None = None


async def _run(kernel: AsyncKernelManager, book: NotebookNode, language: str) -> Exception | None:
    """Execute in place; gives back what stopped it."""
    start = f"import os\nos.environ[{LANGUAGE!r}] = {language!r}"
    cell = {"cell_type": "code", "source": f"get_ipython().reset(new_session=True)\n{start}"}
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


def _problems(
    book: NotebookNode, stopped: Exception | None, notebook: Path, shown: str, language: str
) -> list[Problem]:
    place = Place(file=shown)
    if isinstance(stopped, DeadKernelError):
        message = f"The kernel died while it ran in {language}."
        repair = "Run it in JupyterLab (make lab) to see how far it comes; memory may be short."
        return [Problem("REPORT-002", message, repair, place)]
    lines = _first_lines(notebook, book)
    problems = []
    for cell, line in zip(book.cells, lines, strict=True):
        where = Place(file=shown, line=line)
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                problems.append(_failure(output, where, language))
            elif not _is_of_page(output):
                problems.append(_stray(where))
    return problems


def _failure(output: NotebookNode, place: Place, language: str) -> Problem:
    """What failed; only our own errors are known to hold no answer's value."""
    number = _ERRNO.match(output.evalue)
    if number and int(number[1]) in NO_ROOM:
        message = f"What the cell made cannot be written ({os.strerror(int(number[1]))})."
        repair = "Make room or mend the permissions and run the same command again."
        return Problem("REPORT-005", message, repair, place)
    said = f": {output.evalue}" if output.ename == SurveyError.__name__ else ""
    message = f"The cell failed in {language} with {output.ename}{_where(output)}{said}."
    return Problem("REPORT-001", message, "Run the notebook in JupyterLab (make lab).", place)


def _where(output: NotebookNode) -> str:
    """The innermost line of the pipeline's own code that the traceback names, if any."""
    plain = _COLOUR.sub("", "\n".join(output.traceback))
    found = _OURS.findall(plain)
    return f" at {found[-1]}" if found else ""


def _stray(place: Place) -> Problem:
    message = "The cell shows something that did not go through its page, so nobody has checked it."
    repair = "Show it with page.table, page.figure or page.text, or end the line with a semicolon."
    return Problem("REPORT-003", message, repair, place)


def _is_of_page(output: NotebookNode) -> bool:
    """Whether the page showed it; what libraries say on stderr is dropped."""
    if output.output_type == "stream":
        return bool(output.name == "stderr")
    return output.output_type == "display_data" and PAGE in output.metadata


def _first_lines(notebook: Path, book: NotebookNode) -> list[int | None]:
    """The line of the script at which each cell's text begins."""
    lines = notebook.read_text(encoding="utf-8").splitlines()
    found: list[int | None] = []
    start = 0
    for cell in book.cells:
        first = next((line for line in cell.source.splitlines() if line.strip()), None)
        plain = {first, f"# {first}"}
        at = next((n for n in range(start, len(lines)) if lines[n] in plain), None)
        found.append(None if at is None else at + 1)
        start = start if at is None else at + 1
    return found


def _steady(book: NotebookNode) -> NotebookNode:
    """Without random ids, counts and messages that differ from run to run."""
    ran = 0
    for number, cell in enumerate(book.cells, 1):
        cell.id = f"cell-{number}"
        if cell.cell_type == "code":
            ran += 1
            cell.execution_count = ran
            cell.outputs = [one for one in cell.outputs if one.output_type != "stream"]
    book.metadata["kernelspec"] = _node(name="python3", display_name="Python 3", language="python")
    book.metadata["language_info"] = _node(name="python")
    return book


def _node(**parts: Any) -> NotebookNode:
    return from_dict(parts)  # type: ignore[no-untyped-call, no-any-return]
