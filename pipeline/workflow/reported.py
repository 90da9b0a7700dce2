"""The steps that make the report: count in silence, decide what is hidden, show.

A notebook whose header names the forms that it reads is counted and made anew for their sake alone;
of what is hidden it depends on that which hangs together with its own tables.
"""

from collections.abc import Mapping
from pathlib import Path

from pipeline.freshness import GROUND_CODE, REPORT_CODE, Done, Step
from pipeline.study import Study

_CODE = Path(__file__).parents[1]
_NOTEBOOK, _COUNTS = "notebook ", "counts "


def report_steps(
    study: Study, forms: tuple[str, ...], languages: tuple[str, ...]
) -> tuple[Step, ...]:
    """Counts of each notebook, what is hidden in all tables together, and each notebook's pages.

    Args:
        study: the study folder.
        forms: all of the study.
        languages: of the report.
    """
    from pipeline.analysis.notebooks import notebooks

    books = {path.stem: path for path in notebooks(study)}

    def count(late: Mapping[str, Done]) -> None:
        from pipeline.analysis.collect import keep_counts
        from pipeline.analysis.kept_files import counts_file

        asked = [books[name.removeprefix(_COUNTS)] for name in late]
        for path in keep_counts(study, asked, languages[0]):
            late[f"{_COUNTS}{path.stem}"]([counts_file(study, path)])

    def show(late: Mapping[str, Done]) -> None:
        from pipeline.analysis.report import run_notebooks

        shown = [books[name.removeprefix(_NOTEBOOK)] for name in late]
        run_notebooks(
            study, shown, languages, lambda path, files: late[f"{_NOTEBOOK}{path.stem}"](files)
        )

    return (
        *(
            Step(f"{_COUNTS}{name}", _data(study, path, forms), at_once=count)
            for name, path in books.items()
        ),
        _disclosure_step(study, tuple(books.values())),
        *(
            Step(
                f"{_NOTEBOOK}{name}",
                (*_data(study, path, forms), _hidden(study, path)),
                settings=around(study, languages),
                at_once=show,
            )
            for name, path in books.items()
        ),
    )


def report_inputs(study: Study, forms: tuple[str, ...]) -> tuple[Path, ...]:
    """What the report as a whole is made from."""
    return (study.notebooks, *_read_by_all(study), *_processed(study, forms))


def around(study: Study, languages: tuple[str, ...]) -> str:
    """What every page says of the others: their names, titles and languages."""
    from pipeline.analysis.notebooks import notebooks, titles_of

    return repr(([(path.stem, titles_of(path)) for path in notebooks(study)], languages))


def _disclosure_step(study: Study, books: tuple[Path, ...]) -> Step:
    """Small counts are hidden in all tables together, before one of them is shown."""
    from pipeline.analysis.kept_files import counts_file

    def run() -> tuple[Path, ...]:
        from pipeline.analysis.collect import protect

        return protect(study, books)

    inputs = (*(counts_file(study, path) for path in books), *_read_by_all(study))
    return Step("disclosure", inputs, run, settings=repr([path.stem for path in books]))


def _data(study: Study, notebook: Path, forms: tuple[str, ...]) -> tuple[Path, ...]:
    """What a notebook reads, but for what is hidden."""
    from pipeline.analysis.notebooks import forms_of

    named = forms_of(notebook)
    return (
        notebook,
        *_read_by_all(study),
        *_processed(study, forms if named is None else named),
    )


def _hidden(study: Study, notebook: Path) -> Path:
    """By what a notebook knows that something else is hidden than before."""
    from pipeline.analysis.kept_files import digest_file, plan_file
    from pipeline.analysis.notebooks import forms_of

    return plan_file(study) if forms_of(notebook) is None else digest_file(study, notebook)


def _read_by_all(study: Study) -> tuple[Path, ...]:
    rooms = dict.fromkeys((*GROUND_CODE, *REPORT_CODE))
    return (study.instruments, *(_CODE / room for room in rooms))


def _processed(study: Study, forms: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(study.processed / form for form in forms)
