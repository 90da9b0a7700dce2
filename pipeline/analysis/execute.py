"""Notebooks executed in every language, and what is wrong with those that could not be."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.analysis.environment import PAGE
from pipeline.analysis.jupyter import DeadKernelError, NotebookNode, nbformat
from pipeline.analysis.kernels import Job, Kernels, Ran
from pipeline.errors import Place, Problem, SurveyError
from pipeline.store import NO_ROOM
from pipeline.study import Study

CODES = {
    "REPORT-001": "a cell of a notebook failed",
    "REPORT-002": "a notebook's kernel died",
    "REPORT-003": "a cell shows something past its page",
    "REPORT-004": "tables cannot be protected together",
    "REPORT-005": "no room, or no right to write",
    "REPORT-006": "a notebook reads a form that its header does not name",
}
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ERRNO = re.compile(r"\[Errno (\d+)\]")
_OURS = re.compile(r"File \S*?(pipeline/\S+\.py:\d+)")

Books = dict[str, NotebookNode]
"""Language -> the executed notebook, without anything that differs from run to run."""


def execute(
    study: Study,
    notebooks: Sequence[Path],
    languages: Sequence[str],
    made: Callable[[Path, Books], None],
) -> None:
    """Execute notebooks in each language, as many at a time as there are kernels.

    Args:
        study: the study folder.
        notebooks: jupytext percent scripts.
        languages: language codes.
        made: told of each notebook as soon as it has been executed in all languages without fault.

    Raises:
        SurveyError: REPORT-001 to REPORT-003, for every notebook and language, at the end.
    """
    found = dict[Path, dict[str, Ran]]()
    problems = dict[Path, list[Problem]]()

    def ran(one: Ran) -> None:
        book = found.setdefault(one.job.notebook, {})
        book[one.job.language] = one
        if len(book) == len(languages):
            path = one.job.notebook
            wrong = [p for code in languages for p in _problems(book[code], study.shown(path))]
            if wrong:
                problems[path] = wrong
            else:
                made(path, {code: _steady(book[code].book) for code in languages})

    jobs = [Job(path, code) for path in _longest_first(notebooks) for code in languages]
    with _kernels() as kernels:
        kernels.run(study, jobs, ran)
    if problems:
        every = (one for path in notebooks for one in problems.get(path, ()))
        raise SurveyError(dict.fromkeys(every))


def count(study: Study, told: Mapping[Path, Path], language: str) -> frozenset[Path]:
    """Run notebooks with pages that show nothing, up to the first cell that fails.

    Args:
        study: the study folder.
        told: notebook -> the file to which it tells the true counts of its tables.
        language: any of the report's.

    Returns:
        The notebooks of which every cell ran.
    """
    whole = set[Path]()

    def ran(one: Ran) -> None:
        if one.stopped is None:
            whole.add(one.job.notebook)

    jobs = [Job(path, language, told[path]) for path in _longest_first(told)]
    with _kernels() as kernels:
        kernels.run(study, jobs, ran)
    return frozenset(whole)


def _longest_first(notebooks: Iterable[Path]) -> list[Path]:
    """So that no kernel is left with a long one when the others have nothing more to do."""
    return sorted(notebooks, key=lambda path: (-path.stat().st_size, path.name))


@contextmanager
def shared_kernels(study: Study | None = None) -> Iterator[None]:
    """Within this block all notebooks of a study share kernels.

    Args:
        study: start them at once, for the notebooks of this study; else when one needs them.
    """
    global _shared  # noqa: PLW0603 - the block is the only owner
    outer = _shared
    with Kernels() as _shared:
        if study is not None:
            _shared.start(study)
        try:
            yield
        finally:
            _shared = outer


_shared: Kernels | None = None


@contextmanager
def _kernels() -> Iterator[Kernels]:
    if _shared is not None:
        yield _shared
    else:
        with Kernels() as kernels:
            yield kernels


def _problems(ran: Ran, shown: str) -> list[Problem]:
    place, book, language = Place(file=shown), ran.book, ran.job.language
    if isinstance(ran.stopped, DeadKernelError):
        message = f"The kernel died while it ran in {language}."
        repair = "Run it in JupyterLab (make lab) to see how far it comes; memory may be short."
        return [Problem("REPORT-002", message, repair, place)]
    lines = _first_lines(ran.job.notebook, book)
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
    return nbformat.from_dict(parts)  # type: ignore[no-untyped-call, no-any-return]
