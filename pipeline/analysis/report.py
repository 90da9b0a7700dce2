"""The report: notebooks executed in each language, rendered as pages under one index."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.analysis.notebooks import notebooks
from pipeline.study import Study

__all__ = ["languages_of", "notebooks", "render_index", "run_notebook"]


def languages_of(study: Study) -> tuple[str, ...]:
    """The languages of the report: what study.yaml says, else English."""
    return study.settings.languages or ("en",)


def run_notebook(study: Study, notebook: Path, languages: Sequence[str]) -> tuple[Path, ...]:
    """Execute one notebook in each language and render its pages.

    Args:
        study: the study folder.
        notebook: one of `notebooks(study)`.
        languages: language codes.

    Returns:
        The files made in outputs/report/LANG/: NAME.html, NAME.ipynb, tables/NAME.*, figures/NAME.*.

    Raises:
        SurveyError: REPORT-001, cells that failed, each with notebook, line and language.
    """
    raise NotImplementedError


def render_index(study: Study, languages: Sequence[str]) -> Path:
    """Write outputs/report/index.html, from which every page of every language is reached."""
    raise NotImplementedError
