"""The report: notebooks executed in each language, rendered as pages under one index."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.analysis.environment import PAGE
from pipeline.analysis.execute import CODES, Books, execute
from pipeline.analysis.jupyter import nbformat
from pipeline.analysis.moved import what_moved
from pipeline.analysis.notebooks import languages_of, notebooks, titles_of
from pipeline.analysis.protection import report_folder
from pipeline.analysis.render import render_html, render_index_html
from pipeline.store import flush_files, write_text
from pipeline.study import Study

__all__ = [
    "CODES",
    "languages_of",
    "navigation",
    "notebooks",
    "render_index",
    "run_notebook",
    "run_notebooks",
]


def navigation(study: Study, languages: Sequence[str]) -> str:
    """What every page knows of the others, as text; when it changes, all pages are out of date."""
    titles = {path.stem: titles_of(path) for path in notebooks(study)}
    return json.dumps([titles, list(languages)], ensure_ascii=False, sort_keys=True)


def run_notebook(study: Study, notebook: Path, languages: Sequence[str]) -> tuple[Path, ...]:
    """Execute one notebook in each language and render its pages.

    What an earlier run of the same notebook left in these languages is removed first.

    Args:
        study: the study folder.
        notebook: one of `notebooks(study)`.
        languages: language codes.

    Returns:
        The files made in outputs/report/LANG/: NAME.html, NAME.ipynb, tables/NAME.*,
        figures/NAME.*.

    Raises:
        SurveyError: REPORT-001 to REPORT-003, every cell that failed or that shows something
            past its page, with notebook, line and language.
    """
    found = list[Path]()
    run_notebooks(study, [notebook], languages, lambda _, files: found.extend(files))
    return tuple(found)


def run_notebooks(
    study: Study,
    which: Sequence[Path],
    languages: Sequence[str],
    made: Callable[[Path, tuple[Path, ...]], object],
) -> None:
    """Do the same for several notebooks at once.

    Args:
        study: the study folder.
        which: some of `notebooks(study)`.
        languages: language codes.
        made: told of each notebook and its files as soon as its pages are there.

    Raises:
        SurveyError: as `run_notebook`, for all notebooks together, once the others are made.
    """
    for notebook in which:
        for language in languages:
            for path in _files(study, notebook, language):
                path.unlink()

    def render(notebook: Path, books: Books) -> None:
        for language, book in books.items():
            stem = _folder(study, language) / notebook.stem
            text = nbformat.writes(book)  # type: ignore[no-untyped-call]
            write_text(stem.with_name(f"{stem.name}.ipynb"), f"{text}\n", flush=False)
            html = render_html(book, study, notebook, language, languages)
            write_text(stem.with_name(f"{stem.name}.html"), html, flush=False)
        files = [path for language in languages for path in _files(study, notebook, language)]
        flush_files(files)  # before anybody remembers that they are there
        made(notebook, tuple(files))

    execute(study, which, languages, render)


def render_index(study: Study, languages: Sequence[str]) -> Path:
    """Write outputs/report/index.html, from which every page of these languages is reached."""
    target = report_folder(study) / "index.html"
    synthetic, moved = _is_synthetic(study, languages), what_moved(study)
    html = render_index_html(study, languages, synthetic=synthetic, moved=moved)
    write_text(target, html)
    return target


def _folder(study: Study, language: str) -> Path:
    return report_folder(study) / language


def _files(study: Study, notebook: Path, language: str) -> list[Path]:
    folder = _folder(study, language)
    patterns = tuple(f"{notebook.stem}.{ending}" for ending in ("html", "ipynb", "docx"))
    inner = (f"{kind}/{notebook.stem}.*" for kind in ("tables", "figures"))
    return sorted(path for pattern in (*patterns, *inner) for path in folder.glob(pattern))


def _is_synthetic(study: Study, languages: Sequence[str]) -> bool:
    """Whether a page of the report rests on answers that were drawn."""
    for language in languages[:1]:
        for path in sorted(_folder(study, language).glob("*.ipynb")):
            book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
            for cell in book.cells:
                for output in cell.get("outputs", ()):
                    source = output.metadata.get(PAGE, {}).get("source", {})
                    if source.get("synthetic"):
                        return True
    return False
