"""What is out of date, and the order in which it is done."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from itertools import groupby
from pathlib import Path

from pipeline.errors import Place, Problem, SurveyError
from pipeline.freshness import GROUND_CODE, Ledger, Step
from pipeline.study import Study
from pipeline.workflow.asked import write_queries
from pipeline.workflow.at_work import at_work
from pipeline.workflow.exported import export_form
from pipeline.workflow.issued import write_copies
from pipeline.workflow.made_from import made_from
from pipeline.workflow.progress import Progress, silent
from pipeline.workflow.questionnaires import form_names, load_questionnaires
from pipeline.workflow.reported import around, report_inputs, report_steps
from pipeline.workflow.returned import process_form, unclaimed_corrections, verify
from pipeline.workflow.withdrawn import clear_withdrawn

_CODE = Path(__file__).parents[1]
_VERIFY = "verify raw"
_BEFORE_REPORT = ("forms ", "copies ", _VERIFY)
"""Steps after which the report may be as it was."""


def analyze(study: Study, *, progress: Progress = silent) -> tuple[str, ...]:
    """Do whatever is out of date; gives back a line for each thing done.

    Before the first thing is done, raw/ is held against its hashes: that a file has the size and
    the time that it had is no proof that it is as it was received.

    Raises:
        SurveyError: a file of raw/ is not as it was received, WORK-008 nothing can be written, or
            whatever is wrong in a step.
    """
    done, is_warm = list[str](), False
    with at_work(study, progress=progress) as memory, ExitStack() as until_done:
        todo = steps(study)
        memory.keep_only(step.name for step in todo)
        with progress("analyze", len(todo)) as advance:
            for steps_at_once in _neighbours(todo):
                if late := [step for step in steps_at_once if not memory.is_fresh(step)]:
                    if not done and late[0].name != _VERIFY:
                        verify(study)
                    if not is_warm and not late[0].name.startswith(_BEFORE_REPORT):
                        is_warm = True
                        until_done.enter_context(_shared_kernels(study))
                    _run(late, memory)
                    done += (step.name for step in late)
                for _ in steps_at_once:
                    advance()
        done += clear_withdrawn(study, memory)
    return tuple(done) or ("nothing has changed",)


def _neighbours(todo: Iterable[Step]) -> Iterator[list[Step]]:
    """Steps in their order, those together whose work is done at once."""
    for at_once, neighbours in groupby(todo, key=lambda step: step.at_once):
        several = list(neighbours)
        yield from [several] if at_once else ([step] for step in several)


def _run(late: Sequence[Step], memory: Ledger) -> None:
    if (at_once := late[0].at_once) is None:
        memory.run(late[0])
    else:
        at_once({step.name: memory.begin(step) for step in late})


def _shared_kernels(study: Study) -> AbstractContextManager[None]:
    """For all notebooks that follow; imported only when one runs, since that takes a while.

    The kernels start while other things are done, so that they need not be waited for.
    """
    from pipeline.analysis.execute import shared_kernels
    from pipeline.analysis.notebooks import notebooks

    return shared_kernels(study) if notebooks(study) else nullcontext()


def restricted_report(study: Study) -> tuple[str, ...]:
    """The report for readers who keep it to themselves, into outputs/restricted/report/.

    Small counts are hidden by the lower threshold, out of the same set as in the public report,
    which is brought up to date first.
    """
    from pipeline.analysis.environment import EDITION, RESTRICTED
    from pipeline.analysis.notebooks import notebooks
    from pipeline.analysis.protection import report_folder
    from pipeline.analysis.report import render_index, run_notebooks

    done, languages = analyze(study), report_languages(study)
    made = list[Path]()
    before = os.environ.get(EDITION)
    os.environ[EDITION] = RESTRICTED
    try:
        with at_work(study) as memory:
            run_notebooks(study, notebooks(study), languages, lambda _, files: made.extend(files))
            memory.note("restricted report", (*made, render_index(study, languages)))
        return (*done, f"made {study.shown(report_folder(study))}")
    finally:
        os.environ.pop(EDITION)
        if before is not None:
            os.environ[EDITION] = before


def steps(study: Study) -> tuple[Step, ...]:
    """Everything that `analyze` may have to do, in order."""
    names, languages = form_names(study), report_languages(study)
    return (
        *(_export_step(study, name) for name in names),
        *(_copies_step(study, name) for name in names if name in _issued(study)),
        _verify_step(study),
        *(_process_step(study, name) for name in names),
        _corrections_step(study, names),
        _queries_step(study, names),
        _before_step(study, names, languages),
        *report_steps(study, names, languages),
        _index_step(study, names, languages),
    )


def report_languages(study: Study) -> tuple[str, ...]:
    """The languages of the report: study.yaml's or the forms', or what REPORT_LANGUAGE names.

    Raises:
        SurveyError: WORK-007, REPORT_LANGUAGE is none of them.
    """
    from pipeline.analysis.notebooks import languages_of

    known = study.settings.languages or languages_of(study)
    only = os.environ.get("REPORT_LANGUAGE")
    if only and only not in known:
        message = f"The report is not written in {only!r}."
        repair = f"Choose one of: {', '.join(known)}; or name it under languages in study.yaml."
        raise SurveyError([Problem("WORK-007", message, repair, Place(rule="REPORT_LANGUAGE"))])
    return (only,) if only else known


def _code(*rooms: str) -> tuple[Path, ...]:
    return tuple(_CODE / room for room in dict.fromkeys((*GROUND_CODE, *rooms)))


def _export_step(study: Study, name: str) -> Step:
    def run() -> tuple[Path, ...]:
        return export_form(study, load_questionnaires(study, [name])[name])

    inputs = (*_definitions(study, name), *_code("forms", "templates"))
    return Step(f"forms {name}", inputs, run, settings=study.settings.public_key or "")


def _issued(study: Study) -> frozenset[str]:
    from pipeline.returns.register import read_register

    return frozenset(row.form_id for row in read_register(study))


def _copies_step(study: Study, name: str) -> Step:
    def run() -> tuple[Path, ...]:
        return write_copies(study, load_questionnaires(study, [name])[name])

    inputs = (
        *_definitions(study, name),
        *study.instruments.glob("*.csv"),
        study.instruments / "study.yaml",
        study.raw / "_register" / "assignments.csv",
        *_code("forms"),
    )
    return Step(f"copies {name}", inputs, run)


def _verify_step(study: Study) -> Step:
    """A file altered after it was received is named before anything is computed from it."""

    def run() -> tuple[Path, ...]:
        verify(study)
        return ()

    return Step(_VERIFY, (study.raw,), run)


def _process_step(study: Study, name: str) -> Step:
    from pipeline.questionnaire.code_frame import frame_path
    from pipeline.returns.manifest import AUDITS, RECODING, read_manifest

    inputs = (
        *_definitions(study, name),
        study.instruments / "study.yaml",
        study.raw / name,
        study.raw / "corrections",
        study.raw / "_register" / "assignments.csv",
        study.raw / RECODING,
        study.raw / AUDITS,
        frame_path(study.instruments, name),
        *((study.instruments / study.settings.frame.file,) if study.settings.frame else ()),
        study.keys,
        study.raw / "_register" / "withdrawals.csv",
        *_code(
            "responses.py",
            "recoding.py",
            "queries.py",
            "serials.py",
            "estimation",
            "forms",
            "returns",
            "cleaning",
            "privacy",
        ),
    )
    # Only this form's rows of the manifest: what came back for another form is no reason to run.
    rows = [row for row in read_manifest(study) if row.form in {name, RECODING, AUDITS}]
    return Step(
        f"process {name}", inputs, lambda: process_form(study, name)[0], settings=repr(rows)
    )


def _corrections_step(study: Study, names: tuple[str, ...]) -> Step:
    def run() -> tuple[Path, ...]:
        return unclaimed_corrections(study)[0]

    tables = [
        study.processed / name / f"{table}.parquet"
        for name in names
        for table in ("responses", "issues")
    ]
    inputs = (*tables, study.raw / "corrections", *_code("responses.py", "cleaning"))
    return Step("process corrections", inputs, run, settings=repr(names))


def _queries_step(study: Study, names: tuple[str, ...]) -> Step:
    asked = (study.processed / name / "queries.parquet" for name in names)
    definitions = (path for name in names for path in _definitions(study, name))
    inputs = (*asked, *definitions, *_code("queries.py", "cleaning", "forms"))
    return Step("queries", inputs, lambda: write_queries(study)[0])


def _before_step(study: Study, names: tuple[str, ...], languages: tuple[str, ...]) -> Step:
    """Whenever the report is made anew, the numbers of the last one are kept to compare with."""

    def run() -> tuple[Path, ...]:
        from pipeline.analysis.moved import keep_before

        return keep_before(study)

    inputs = report_inputs(study, names)
    return Step("numbers before", inputs, run, settings=around(study, languages))


def _index_step(study: Study, names: tuple[str, ...], languages: tuple[str, ...]) -> Step:
    def run() -> tuple[Path, ...]:
        from pipeline.analysis.moved import keep_run
        from pipeline.analysis.report import render_index

        kept = keep_run(study, languages, made_from(study))
        return kept, render_index(study, languages)

    inputs = report_inputs(study, names)
    return Step("report index", inputs, run, settings=around(study, languages))


def _definitions(study: Study, name: str) -> tuple[Path, ...]:
    return study.instruments / f"{name}.yaml", study.instruments / "blocks"
