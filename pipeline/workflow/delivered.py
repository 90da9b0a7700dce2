"""What leaves the study: data for other programs."""

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
    from pipeline.delivery.frequencies import InReport
    from pipeline.delivery.variables import Delivery
    from pipeline.privacy.published import Sidecar


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
    from pipeline.delivery.frequencies import write_cells

    made = list[Path]()
    with at_work(study, progress=progress) as memory:
        verify(study)
        planned = _planned(study, form_names(study, forms), language, restricted=restricted)
        with progress("data", len(planned)) as advance:
            for delivery, quasi, cells in planned:
                edition = study.outputs / "restricted" if restricted else study.outputs
                folder = edition / "data" / delivery.form_id
                files = list(write_delivery(delivery, folder))
                files.append(write_cells(cells, delivery.form_id, folder))
                if not restricted:
                    k = study.settings.disclosure.k
                    files.append(write_sidecar(delivery, quasi, k, folder))
                memory.note(f"deliver {study.shown(folder)}", files)
                made += files
                advance()
    return tuple(made), tuple(problem for one, *_ in planned for problem in one.problems)


def _planned(
    study: Study, names: Sequence[str], language: str | None, *, restricted: bool
) -> "list[tuple[Delivery, tuple[str, ...], Sidecar]]":
    """What is delivered of each form, what narrows a respondent down, whom its numbers count."""
    from pipeline.delivery.anonymous import anonymous, quasi_identifiers
    from pipeline.delivery.frequencies import with_frequencies
    from pipeline.delivery.plan import plan_delivery
    from pipeline.delivery.read import read_processed
    from pipeline.privacy.consent import withdrawn
    from pipeline.questionnaire.added import as_processed
    from pipeline.questionnaire.plain_words import in_plain_words

    rule, gone = study.settings.disclosure, withdrawn(study)
    threshold = rule.restricted if restricted else rule.public
    report = _in_report(study, restricted=restricted)
    planned, problems = [], list[Problem]()
    for name, questionnaire in load_questionnaires(study, names).items():
        try:
            shown = study.shown(study.processed / name)
            form = in_plain_words(as_processed(questionnaire, study.processed / name))
            tables = read_processed(form, study.processed / name, shown)
            _demand_consent(tables[0]["response_id"], gone, shown)
            spoken = language or questionnaire.first_language
            told: tuple[Problem, ...] = ()
            blanked: frozenset[str] = frozenset()
            if not restricted:
                safe = anonymous(form, tables, study.settings.disclosure.k)
                tables = safe.main, dict(safe.repeats), safe.missing, dict(safe.repeat_missing)
                told, blanked = safe.problems, safe.blanked
            found = plan_delivery(form, *tables, spoken)
            found = replace(found, problems=(*told, *found.problems))
            found, cells = with_frequencies(found, threshold, report, blanked)
            planned.append((found, quasi_identifiers(form), cells))
        except SurveyError as error:
            problems.extend(error.problems)
    if problems:
        raise SurveyError(problems)
    return planned


def _in_report(study: Study, *, restricted: bool) -> "InReport | None":
    """What the report of the same edition shows; None where none was made."""
    from pipeline.analysis.environment import PUBLIC, RESTRICTED
    from pipeline.analysis.protection import plan_of
    from pipeline.delivery.frequencies import InReport

    plan = plan_of(study, RESTRICTED if restricted else PUBLIC)
    return None if plan is None else InReport(plan.known, plan.shown, plan.same)


def _demand_consent(ids: Iterable[str], gone: frozenset[str], shown: str) -> None:
    if not gone.isdisjoint(ids):
        message = "Consent to a response was withdrawn since this was cleaned."
        repair, place = "Clean it first: survey process.", Place(file=shown)
        raise SurveyError([Problem("WORK-013", message, repair, place)])
