"""What leaves the study: data for other programs, and estimates from any data."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Place, Problem, SurveyError
from pipeline.study import Study
from pipeline.workflow.at_work import at_work
from pipeline.workflow.progress import Progress, silent
from pipeline.workflow.questionnaires import form_names, load_questionnaires
from pipeline.workflow.returned import verify

if TYPE_CHECKING:
    from pipeline.delivery.variables import Delivery


def deliver(
    study: Study,
    forms: Iterable[str] = (),
    *,
    language: str | None,
    restricted: bool = False,
    progress: Progress = silent,
) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Write the data of the forms into outputs/data/FORM/; gives back the files and warnings.

    Args:
        study: the study folder.
        forms: those wanted; all by default.
        language: of the labels.
        restricted: with every answer to questions that narrow a respondent down, into
            outputs/restricted/data/FORM/; else rare ones are left out.
        progress: shows how far it is.

    Raises:
        SurveyError: RAW-..., a file of raw/ is not as it was received; DATA-..., everything that
            forbids it, of all forms; WORK-008, nothing can be written.
    """
    from pipeline.delivery.anonymous import write_sidecar
    from pipeline.delivery.deliver import write_delivery

    made = list[Path]()
    with at_work(study, progress=progress) as memory:
        verify(study)
        planned = _planned(study, form_names(study, forms), language, restricted=restricted)
        with progress("data", len(planned)) as advance:
            for delivery, quasi in planned:
                edition = study.outputs / "restricted" if restricted else study.outputs
                folder = edition / "data" / delivery.form_id
                files = list(write_delivery(delivery, folder))
                if not restricted:
                    k = study.settings.disclosure.k
                    files.append(write_sidecar(delivery, quasi, k, folder))
                memory.note(f"deliver {study.shown(folder)}", files)
                made += files
                advance()
    return tuple(made), tuple(problem for one, _ in planned for problem in one.problems)


def _planned(
    study: Study, names: Sequence[str], language: str | None, *, restricted: bool
) -> "list[tuple[Delivery, tuple[str, ...]]]":
    """What is delivered of each form, and which of its questions narrow a respondent down."""
    from pipeline.delivery.anonymous import anonymous, quasi_identifiers
    from pipeline.delivery.plan import plan_delivery
    from pipeline.delivery.read import read_processed
    from pipeline.privacy.consent import withdrawn
    from pipeline.questionnaire.added import as_processed

    planned, problems, gone = [], list[Problem](), withdrawn(study)
    for name, questionnaire in load_questionnaires(study, names).items():
        try:
            shown = study.shown(study.processed / name)
            form = as_processed(questionnaire, study.processed / name)
            tables = read_processed(form, study.processed / name, shown)
            _demand_consent(tables[0]["response_id"], gone, shown)
            spoken = language or questionnaire.first_language
            told: tuple[Problem, ...] = ()
            if not restricted:
                safe = anonymous(form, tables, study.settings.disclosure.k)
                tables = safe.main, dict(safe.repeats), safe.missing, dict(safe.repeat_missing)
                told = safe.problems
            found = plan_delivery(form, *tables, spoken)
            found = replace(found, problems=(*told, *found.problems))
            planned.append((found, quasi_identifiers(form)))
        except SurveyError as error:
            problems.extend(error.problems)
    if problems:
        raise SurveyError(problems)
    return planned


def _demand_consent(ids: Iterable[str], gone: frozenset[str], shown: str) -> None:
    if not gone.isdisjoint(ids):
        message = "Consent to a response was withdrawn since this was cleaned."
        repair, place = "Clean it first: survey process.", Place(file=shown)
        raise SurveyError([Problem("WORK-013", message, repair, place)])


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


def save_estimates(file: Path, text: str) -> None:
    """Write what `tabulate` gave.

    Raises:
        SurveyError: WORK-002, the file cannot be written.
    """
    from pipeline.store import write_text

    try:
        write_text(file, text)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        message, repair = f"The file cannot be written ({reason}).", "Name another one."
        place = Place(file=file.as_posix())
        raise SurveyError([Problem("WORK-002", message, repair, place)]) from error
