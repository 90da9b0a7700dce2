"""What all notebooks would show, asked before one of them is shown: the true counts of every table.

The notebooks run once, in one language and in a process of their own, with a `Page` that shows
nothing. A notebook that fails here fails again, with its place, when it is made into a page.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import jupytext
from IPython.core.interactiveshell import InteractiveShell

from pipeline.analysis.execute import import_path
from pipeline.analysis.page import LANGUAGE
from pipeline.analysis.protection import COLLECT, Registered, collected, make_plan, save_plan
from pipeline.errors import Place, Problem, SurveyError
from pipeline.study import Study


def protect_together(study: Study, notebooks: Sequence[Path], language: str) -> Path:
    """Decide what is hidden in all tables of the report; gives back where that is written.

    Args:
        study: the study folder.
        notebooks: all of the report.
        language: any of the report's; counts are the same in all.

    Raises:
        SurveyError: REPORT-004, two tables of one name count differently.
    """
    tables = collect(study, notebooks, language)
    try:
        return save_plan(study, make_plan(tables, study.settings.disclosure))
    except ValueError as error:
        message = f"The tables cannot be protected together: {error}."
        repair = "Give tables that count differently different names."
        raise SurveyError([Problem("REPORT-004", message, repair, Place())]) from error


def collect(study: Study, notebooks: Sequence[Path], language: str) -> list[Registered]:
    """The true counts of every table that the notebooks make, each once."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "tables.jsonl"
        settings = {COLLECT: str(told), LANGUAGE: language, "IPYTHONDIR": folder}
        command = [sys.executable, "-m", "pipeline.analysis.collect", *map(str, notebooks)]
        subprocess.run(  # noqa: S603 - this very Python, with arguments of our own
            command,
            cwd=study.notebooks,
            env={**os.environ, **settings, "MPLBACKEND": "agg", "PYTHONPATH": import_path()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        return list({one.to_json(): one for one in collected(told)}.values())


def run_silently(notebooks: Sequence[Path]) -> None:
    """Run the cells of each notebook up to the first that fails."""
    shell = InteractiveShell.instance()
    for notebook in notebooks:
        shell.reset(new_session=True)  # type: ignore[no-untyped-call]
        for cell in jupytext.read(notebook).cells:
            if cell.cell_type != "code":
                continue
            if not shell.run_cell(cell.source).success:  # type: ignore[no-untyped-call]
                break


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        run_silently([Path(one) for one in sys.argv[1:]])
