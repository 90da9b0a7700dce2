"""The one place that orders the rooms: what is read, in which order, and what is out of date."""

import datetime as dt
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Place, Problem, SurveyError
from pipeline.freshness import Ledger, Step
from pipeline.study import Study

if TYPE_CHECKING:
    from pipeline.questionnaire.model import Questionnaire
    from pipeline.returns.receive import Receipt

CODES = {
    "WORK-001": "no such questionnaire",
    "WORK-002": "a file stands in the way",
    "WORK-003": "data cannot be read",
    "WORK-004": "no such engine",
    "WORK-005": "not processed yet",
    "WORK-006": "nothing to trace",
}

Progress = Callable[[str, int], AbstractContextManager[Callable[[], None]]]

_CODE = Path(__file__).parent
_REPORT = ("responses.py", "estimation", "privacy", "analysis", "templates")
_GROUND = ("errors.py", "store.py", "study.py", "questionnaire", "expression")


def silent(_title: str, _total: int) -> AbstractContextManager[Callable[[], None]]:
    """Progress that nobody watches."""
    return nullcontext(lambda: None)


def form_names(study: Study, wanted: Iterable[str] = ()) -> tuple[str, ...]:
    """Names of the study's questionnaires, or those wanted of them.

    Raises:
        SurveyError: WORK-001, one that is wanted does not exist.
    """
    there = tuple(path.stem for path in study.questionnaire_files())
    chosen = tuple(wanted) or there
    if unknown := [name for name in chosen if name not in there]:
        raise SurveyError(
            Problem(
                "WORK-001",
                f"There is no questionnaire {name!r} in instruments/.",
                f"Choose one of: {', '.join(there) or '(none yet; see survey import-form)'}.",
                Place(file=f"instruments/{name}.yaml"),
            )
            for name in unknown
        )
    return chosen


def load_questionnaires(study: Study, wanted: Iterable[str] = ()) -> dict[str, "Questionnaire"]:
    """Load questionnaires by form_id; the problems of all of them are raised together."""
    from pipeline.questionnaire.load import load

    loaded, problems = {}, list[Problem]()
    for name in form_names(study, wanted):
        path = study.instruments / f"{name}.yaml"
        try:
            questionnaire = load(path, shown=study.shown(path))
            loaded[questionnaire.form_id] = questionnaire
        except SurveyError as error:
            problems.extend(error.problems)
    if problems:
        raise SurveyError(problems)
    return loaded


def check(study: Study) -> tuple[Problem, ...]:
    """Check study.yaml and every questionnaire; gives back the warnings.

    Raises:
        SurveyError: every problem of every file, when one is an error.
    """
    from pipeline.errors import raise_errors
    from pipeline.questionnaire.load import load_problems

    problems = list[Problem]()
    try:
        _ = study.settings
    except SurveyError as error:
        problems.extend(error.problems)
    for path in study.questionnaire_files():
        problems.extend(load_problems(path, shown=study.shown(path))[1])
    return raise_errors(problems)


def any_form(folder: Path, form: str) -> "Questionnaire":
    """A questionnaire by its name in the study, or by the path of a YAML or an XLSForm.

    Raises:
        SurveyError: everything that keeps it from being read; WORK-001, there is none.
    """
    from pipeline.errors import raise_errors
    from pipeline.questionnaire.from_xlsform import read_xlsform
    from pipeline.questionnaire.load import load
    from pipeline.study import open_study

    path = Path(form)
    if path.suffix.lower() in {".yaml", ".yml"}:
        return load(path)
    if path.suffix:
        questionnaire, problems = read_xlsform(path)
        raise_errors(problems)
        return questionnaire
    study = open_study(folder)
    return next(iter(load_questionnaires(study, [form]).values()))


def try_form(folder: Path, form: str, answers: Path, *, engine: str, language: str | None) -> str:
    """Try a questionnaire on the answers of a JSON file; gives back JSON.

    Raises:
        SurveyError: the form or the answers cannot be read; WORK-004; TRY-..., EXPR-....
    """
    import json

    from pipeline.questionnaire.try_answers import ENGINES, read_json, try_answers

    if engine not in ENGINES:
        place = Place(rule="--engine")
        message, repair = "There is no such engine.", f"Choose one of: {', '.join(ENGINES)}."
        raise SurveyError([Problem("WORK-004", message, repair, place)])
    now = dt.datetime.now().replace(microsecond=0)  # noqa: DTZ005 - the wall clock, as a tablet's
    tried = try_answers(
        any_form(folder, form),
        read_json(answers),
        today=now.date(),
        now=now,
        language=language,
        engine=ENGINES[engine],
    )
    return json.dumps(tried.as_json(), ensure_ascii=False, indent=2)


def diff_forms(folder: Path, before: str, after: str) -> tuple[str, ...]:
    """What changed between two versions of a questionnaire, a line each."""
    from pipeline.questionnaire.versions import diff

    found = diff(any_form(folder, before), any_form(folder, after))
    return tuple(map(str, found)) or ("nothing has changed",)


def receive(study: Study, paths: Sequence[Path], form: str | None) -> tuple["Receipt", ...]:
    """Take returned files into raw/."""
    from pipeline.returns.receive import receive as work

    questionnaires = load_questionnaires(study)
    return work(study, paths, questionnaires, form=form, now=dt.datetime.now(dt.UTC))


def verify(study: Study) -> int:
    """Hold raw/ against its manifest; gives back the number of files.

    Raises:
        SurveyError: every file that is altered, missing or unlisted.
    """
    from pipeline.returns.manifest import read_manifest
    from pipeline.returns.manifest import verify as work

    if problems := work(study):
        raise SurveyError(problems)
    return len(read_manifest(study))


def init_study(folder: Path) -> tuple[Path, ...]:
    """Make an empty study folder; what is there already stays as it is.

    Raises:
        SurveyError: WORK-002, the folder holds a study already, or cannot be made.
    """
    from pipeline.store import write_bytes

    root = folder.resolve()
    study = Study(root)
    if (study.instruments / "study.yaml").exists():
        raise SurveyError(
            [
                Problem(
                    "WORK-002",
                    "There is a study here already.",
                    "Choose another folder, or go on with this one: survey --study DIR check.",
                    Place(file=folder.as_posix()),
                )
            ]
        )
    files = {
        study.instruments / "study.yaml": "study.yaml",
        study.notebooks / "every_question.py": "every_question.py",
        root / ".gitignore": "gitignore",
    }
    try:
        for target, template in files.items():
            write_bytes(target, (_CODE / "templates" / template).read_bytes())
        for kept in (study.raw, study.processed, study.outputs):
            kept.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SurveyError(
            [
                Problem(
                    "WORK-002",
                    f"The folder cannot be made ({error.strerror or 'unknown reason'}).",
                    "Name a folder that may be written to, and that is no file.",
                    Place(file=folder.as_posix()),
                )
            ]
        ) from error
    return tuple(files)


def import_form(study: Study, file: Path, name: str | None) -> tuple[Path, tuple[Problem, ...]]:
    """Bring an XLSForm into instruments/; gives back the YAML and what could not be carried.

    Raises:
        SurveyError: the file is no XLSForm, or a questionnaire of that name is there already.
    """
    from pipeline.errors import raise_errors
    from pipeline.questionnaire.from_xlsform import read_xlsform
    from pipeline.questionnaire.to_yaml import to_yaml
    from pipeline.store import write_text

    questionnaire, problems = read_xlsform(file, form_id=name)
    warnings = raise_errors(problems)
    target = study.instruments / f"{questionnaire.form_id}.yaml"
    if target.exists():
        raise SurveyError(
            [
                Problem(
                    "WORK-002",
                    "A questionnaire of this name is there already.",
                    "Remove it first, or give the new one another name with --as NAME.",
                    Place(file=study.shown(target)),
                )
            ]
        )
    write_text(target, to_yaml(questionnaire))
    return target, warnings


def export_forms(
    study: Study, forms: Iterable[str] = (), *, progress: Progress = silent
) -> tuple[Path, ...]:
    """Write every file of the forms, whether out of date or not; gives back their folders."""
    names = form_names(study, forms)
    questionnaires = load_questionnaires(study, names)
    with progress("forms", len(names)) as advance:
        for questionnaire in questionnaires.values():
            _export(study, questionnaire)
            advance()
    return tuple(study.outputs / "forms" / name for name in questionnaires)


def _export(study: Study, questionnaire: "Questionnaire") -> tuple[Path, ...]:
    from pipeline.forms.codebook import write_codebook
    from pipeline.forms.excel import write_excel_form
    from pipeline.forms.paper import write_paper_form
    from pipeline.forms.xform import write_xform
    from pipeline.forms.xlsform import write_xlsform
    from pipeline.questionnaire.definition import definition_hash
    from pipeline.store import write_text

    name = questionnaire.form_id
    folder = study.outputs / "forms" / name
    made = [
        folder / f"{name}.xlsform.xlsx",
        folder / f"{name}.xform.xml",
        folder / f"{name}.codebook.html",
        folder / f"{name}.definition.sha256",
    ]
    write_xlsform(questionnaire, made[0])
    write_xform(questionnaire, made[1])
    write_codebook(questionnaire, made[2])
    write_text(made[3], f"{definition_hash(questionnaire)}\n")
    for language in questionnaire.language_codes:
        made.append(folder / f"{name}.{language}.xlsx")
        write_excel_form(questionnaire, language, made[-1])
        made.append(folder / f"{name}.paper.{language}.docx")
        write_paper_form(questionnaire, language, made[-1])
    return tuple(made)


def export_translations(study: Study, forms: Iterable[str] = ()) -> tuple[Path, ...]:
    """Write a workbook a form with every text in all languages, for a reviewer to correct.

    Raises:
        SurveyError: WORK-001, or everything that is wrong in a questionnaire.
    """
    from pipeline.forms.translations import write_translations

    made = []
    names = form_names(study, forms)
    load_questionnaires(study, names)
    for name in names:
        made.append(study.outputs / "translations" / f"{name}.translations.xlsx")
        write_translations(study.instruments / f"{name}.yaml", made[-1])
    return tuple(made)


def import_translations(study: Study, files: Sequence[Path]) -> tuple[str, ...]:
    """Put a reviewer's corrections into the questionnaires; a line for each file changed.

    Raises:
        SurveyError: WORK-..., LOAD-..., TRAN-...; no file is changed then.
    """
    from pipeline.forms.translations import import_translations as work

    load_questionnaires(study)
    changed = work(files, study.instruments)
    lines = tuple(f"{study.shown(path)}: {count} texts changed" for path, count in changed.items())
    return lines or ("nothing has changed",)


def process(
    study: Study, forms: Iterable[str] = (), *, progress: Progress = silent
) -> tuple[str, ...]:
    """Clean what came back, whether out of date or not; one line a form says what came of it.

    Raises:
        SurveyError: a file of raw/ is not as it was received, a questionnaire is wrong, or the
            ledger does not add up.
    """
    names = form_names(study, forms)
    verify(study)
    lines = []
    with progress("cleaning", len(names)) as advance:
        for name in names:
            lines.append(_process(study, name)[1])
            advance()
    return tuple(lines)


def _process(study: Study, name: str) -> tuple[tuple[Path, ...], str]:
    from pipeline.cleaning.corrections_log import read_corrections
    from pipeline.cleaning.process import process as work
    from pipeline.cleaning.process import write_processed
    from pipeline.privacy.identifiers import set_apart
    from pipeline.privacy.organisations import code_organisations
    from pipeline.returns.manifest import read_manifest
    from pipeline.returns.read import read_form
    from pipeline.study import Roles

    questionnaire = load_questionnaires(study, [name])[name]
    rows = [row for row in read_manifest(study) if row.form == name]
    responses = read_form(study, questionnaire, rows)
    cleaned = work(responses, questionnaire, study.settings, read_corrections(study))
    roles = study.settings.roles.get(name, Roles())
    main, repeats = code_organisations(cleaned.main, cleaned.repeats, roles.organisations)
    coded = replace(cleaned, main=main, repeats=repeats)
    public, _identifiers = set_apart(coded, questionnaire, roles)
    made = write_processed(public, study.processed / name)
    line = f"{name}: {len(responses.main)} came back, {len(cleaned.main)} kept, "
    return tuple(made), line + f"{len(cleaned.issues)} issues"


def deliver(
    study: Study, forms: Iterable[str] = (), *, language: str | None, progress: Progress = silent
) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Write the data of the forms into outputs/data/FORM/; gives back the files and warnings.

    Raises:
        SurveyError: DATA-..., everything that forbids it, of all forms.
    """
    from pipeline.delivery.deliver import write_delivery
    from pipeline.delivery.plan import plan_delivery
    from pipeline.delivery.read import read_processed

    names = form_names(study, forms)
    planned, problems = [], list[Problem]()
    for name, questionnaire in load_questionnaires(study, names).items():
        try:
            shown = study.shown(study.processed / name)
            tables = read_processed(questionnaire, study.processed / name, shown)
            spoken = language or questionnaire.default_language
            planned.append(plan_delivery(questionnaire, *tables, spoken))
        except SurveyError as error:
            problems.extend(error.problems)
    if problems:
        raise SurveyError(problems)
    made = list[Path]()
    with progress("data", len(planned)) as advance:
        for delivery in planned:
            made.extend(write_delivery(delivery, study.outputs / "data" / delivery.form_id))
            advance()
    return tuple(made), tuple(problem for one in planned for problem in one.problems)


def simulate(
    study: Study, form: str | None, *, n: int, seed: int, kind: str, to: Path
) -> tuple[Path, ...]:
    """Draw respondents who do not exist and fill in the exported forms; gives back the truth files.

    Args:
        study: holds the profiles in instruments/synthetic/.
        form: the questionnaire's name; without it the study's whole first set.
        n: number of respondents of a form.
        seed: the same seed gives the same bytes.
        kind: excel, odk or table.
        to: folder for the files.
    """
    from pipeline.synthetic.first_set import first_set
    from pipeline.synthetic.returned import ways_of
    from pipeline.synthetic.simulate import Respondents
    from pipeline.synthetic.simulate import simulate as work

    if form is None:
        return tuple(first_set(study, load_questionnaires(study), to, seed))
    questionnaire = load_questionnaires(study, [form])[form]
    respondents = Respondents(n=n, seed=seed, ways=ways_of(kind))
    return (work(study, questionnaire, respondents, to),)


def tabulate(
    data: Path,
    design: Path,
    *,
    rows: str,
    by: str | None,
    statistic: str,
    denominator: str | None,
    interval: str,
    level: float,
) -> str:
    """Estimate from a CSV or Parquet file; gives back CSV at full precision.

    Raises:
        SurveyError: WORK-003, the data cannot be read; EST-..., design and data do not fit.
    """
    import pandas as pd

    from pipeline.estimation.reading import read_design
    from pipeline.estimation.tabulate import tabulate as work

    try:
        is_parquet = data.suffix == ".parquet"
        frame = pd.read_parquet(data) if is_parquet else pd.read_csv(data, low_memory=False)
    except (OSError, ValueError) as error:
        raise SurveyError(
            [
                Problem(
                    "WORK-003",
                    "The data cannot be read as CSV or Parquet.",
                    "Name a .csv file in UTF-8 or a .parquet file.",
                    Place(file=data.as_posix()),
                )
            ]
        ) from error
    table = work(
        frame,
        read_design(design),
        rows,
        by=by,
        statistic=statistic,
        denominator=denominator,
        interval=interval,
        level=level,
    )
    return table.to_csv(index=False)


def ledger(study: Study, forms: Iterable[str] = ()) -> str:
    """What became of the answers of each returned file, as CSV: a row a file and a total a form.

    Raises:
        SurveyError: WORK-005, a form has not been processed yet.
    """
    import pandas as pd

    names = ["answers_in", "kept", "changed", "blanked", "set_aside"]
    parts = []
    for form in form_names(study, forms):
        path = study.processed / form / "ledger.parquet"
        if not path.is_file():
            raise SurveyError([_not_processed(study.shown(path))])
        frame = pd.read_parquet(path)
        by_file = frame.groupby("source_file", as_index=False)[names].sum()
        total = pd.DataFrame([{"source_file": "(all)", **frame[names].sum().to_dict()}])
        parts.append(pd.concat([by_file, total]).assign(form=form))
    return pd.concat(parts)[["form", "source_file", *names]].to_csv(index=False)


def trace(study: Study, form: str, response: str, question: str | None) -> tuple[str, ...]:
    """The life of a response's answers, a line a step; values that name somebody are hidden.

    Raises:
        SurveyError: WORK-001; WORK-006, there is no such response or question.
    """
    from pipeline.cleaning.corrections_log import read_corrections
    from pipeline.cleaning.trace import trace as work
    from pipeline.returns.manifest import read_manifest
    from pipeline.returns.read import read_form

    questionnaire = load_questionnaires(study, form_names(study, [form]))[form]
    rows = [row for row in read_manifest(study) if row.form == form]
    lives = work(
        read_form(study, questionnaire, rows),
        questionnaire,
        study.settings,
        read_corrections(study),
        response_id=response,
        question=question,
    )
    if not lives:
        message, repair = (
            "There is no such response or question.",
            "See processed/ for their names.",
        )
        raise SurveyError([Problem("WORK-006", message, repair, Place(question=question))])
    lines = []
    for life in lives:
        at = "" if life.position is None else f"[{life.position}]"
        aside = " (set aside)" if life.set_aside else ""
        lines.append(f"{life.question}{at}: {life.source_file}, {life.source_place}{aside}")
        for step in life.steps:
            shown = "(blank)" if step.value is None else step.value
            lines.append(f"  {step.stage}: {shown} {' '.join(step.codes)}".rstrip())
        if life.missing:
            lines.append(f"  missing: {life.missing}")
    return tuple(lines)


def _not_processed(file: str) -> Problem:
    return Problem(
        "WORK-005",
        "The form has not been processed yet.",
        "Run survey process first.",
        Place(file=file),
    )


def steps(study: Study) -> tuple[Step, ...]:
    """Everything that `analyze` may have to do, in order."""
    from pipeline.analysis.notebooks import notebooks

    names, languages = form_names(study), report_languages(study)
    return (
        *(_export_step(study, name) for name in names),
        *(_process_step(study, name) for name in names),
        *(_notebook_step(study, path, languages) for path in notebooks(study)),
        _index_step(study, languages),
    )


def report_languages(study: Study) -> tuple[str, ...]:
    """The languages of the report: study.yaml's or the forms', or what REPORT_LANGUAGE names."""
    if only := os.environ.get("REPORT_LANGUAGE"):
        return (only,)
    if study.settings.languages:
        return study.settings.languages
    from pipeline.analysis.report import languages_of

    return languages_of(study)


def _code(*rooms: str) -> tuple[Path, ...]:
    return tuple(_CODE / room for room in (*_GROUND, *rooms))


def _export_step(study: Study, name: str) -> Step:
    def run() -> tuple[Path, ...]:
        return _export(study, load_questionnaires(study, [name])[name])

    return Step(f"forms {name}", (*_definitions(study, name), *_code("forms", "templates")), run)


def _process_step(study: Study, name: str) -> Step:
    from pipeline.returns.manifest import read_manifest

    inputs = (
        *_definitions(study, name),
        study.instruments / "study.yaml",
        study.raw / name,
        study.raw / "corrections",
        *_code("responses.py", "returns", "cleaning", "privacy"),
    )
    # Only this form's rows of the manifest: what came back for another form is no reason to run.
    rows = [row for row in read_manifest(study) if row.form == name]
    return Step(f"process {name}", inputs, lambda: _process(study, name)[0], settings=repr(rows))


def _notebook_step(study: Study, path: Path, languages: tuple[str, ...]) -> Step:
    def run() -> tuple[Path, ...]:
        from pipeline.analysis.report import run_notebook

        return run_notebook(study, path, languages)

    inputs = (path, study.instruments, study.processed, *_code(*_REPORT))
    return Step(f"notebook {path.stem}", inputs, run, settings=_around(study, languages))


def _index_step(study: Study, languages: tuple[str, ...]) -> Step:
    def run() -> tuple[Path, ...]:
        from pipeline.analysis.report import render_index

        return (render_index(study, languages),)

    inputs = (study.notebooks, study.instruments, study.processed, *_code(*_REPORT))
    return Step("report index", inputs, run, settings=_around(study, languages))


def _around(study: Study, languages: tuple[str, ...]) -> str:
    """What every page says of the others: their names, titles and languages."""
    from pipeline.analysis.notebooks import notebooks, titles_of

    return repr(([(path.stem, titles_of(path)) for path in notebooks(study)], languages))


def _definitions(study: Study, name: str) -> tuple[Path, ...]:
    return study.instruments / f"{name}.yaml", study.instruments / "blocks"


def analyze(study: Study, *, progress: Progress = silent) -> tuple[str, ...]:
    """Do whatever is out of date; gives back a line for each thing done."""
    memory = Ledger(study.outputs / ".made.json", study.root)
    todo = steps(study)
    memory.keep_only(step.name for step in todo)
    done = []
    with progress("analyze", len(todo)) as advance:
        for step in todo:
            if not memory.is_fresh(step):
                memory.run(step)
                done.append(step.name)
            advance()
    return tuple(done) or ("nothing has changed",)
