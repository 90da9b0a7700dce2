"""What goes out to the field: forms, and texts to be reviewed."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.study import Study
from pipeline.workflow.at_work import at_work
from pipeline.workflow.progress import Progress, silent
from pipeline.workflow.questionnaires import form_names, load_questionnaires

if TYPE_CHECKING:
    from pipeline.questionnaire.model import Questionnaire


def export_forms(
    study: Study, forms: Iterable[str] = (), *, progress: Progress = silent
) -> tuple[Path, ...]:
    """Write every file of the forms, whether out of date or not; gives back their folders."""
    names = form_names(study, forms)
    questionnaires = load_questionnaires(study, names)
    with at_work(study, progress=progress) as memory, progress("forms", len(names)) as advance:
        for name, questionnaire in questionnaires.items():
            with _uncollected():
                memory.note(f"forms {name}", export_form(study, questionnaire))
            advance()
    return tuple(study.outputs / "forms" / name for name in questionnaires)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Do not look for cycles while one form's files are made: all of their cells are in use."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def export_form(study: Study, questionnaire: "Questionnaire") -> tuple[Path, ...]:
    """Write every file of one form into outputs/forms/FORM/; gives back the files."""
    from pipeline.forms.codebook import write_codebook
    from pipeline.forms.excel import write_excel_form
    from pipeline.forms.guide import write_guide
    from pipeline.forms.paper import write_paper_form
    from pipeline.forms.xform import write_xform
    from pipeline.forms.xlsform import write_xlsform
    from pipeline.questionnaire.definition import definition_hash
    from pipeline.store import write_text

    name = questionnaire.form_id
    folder = study.outputs / "forms" / name
    for_odk = _encrypting(questionnaire, study.settings.public_key)
    made = [
        folder / f"{name}.xlsform.xlsx",
        folder / f"{name}.xform.xml",
        folder / f"{name}.codebook.html",
        folder / f"{name}.definition.sha256",
    ]
    write_xlsform(for_odk, made[0])
    write_xform(for_odk, made[1])
    write_codebook(questionnaire, made[2])
    write_text(made[3], f"{definition_hash(questionnaire)}\n")
    for language in questionnaire.language_codes:
        made.append(folder / f"{name}.{language}.xlsx")
        write_excel_form(questionnaire, language, made[-1], consent=_consent(study, name))
        made.append(folder / f"{name}.paper.{language}.docx")
        write_paper_form(questionnaire, language, made[-1])
        made.append(folder / f"{name}.guide.{language}.docx")
        write_guide(questionnaire, language, made[-1])
    return tuple(made)


def _encrypting(questionnaire: "Questionnaire", public_key: str | None) -> "Questionnaire":
    """The form with the study's key, by which Collect encrypts, unless it brings its own."""
    if public_key is None or questionnaire.settings.get("public_key"):
        return questionnaire
    settings = {**questionnaire.settings, "public_key": public_key}
    return questionnaire.model_copy(update={"settings": settings})


def export_tables(
    study: Study, forms: Iterable[str] = (), *, progress: Progress = silent
) -> tuple[Path, ...]:
    """Write a workbook a form and language with a row a respondent, for keying in paper forms."""
    from pipeline.forms.excel import write_table_form

    names = form_names(study, forms)
    questionnaires = load_questionnaires(study, names)
    made = []
    with at_work(study, progress=progress) as memory, progress("forms", len(names)) as advance:
        for name, questionnaire in questionnaires.items():
            for language in questionnaire.language_codes:
                made.append(study.outputs / "forms" / name / f"{name}.table.{language}.xlsx")
                write_table_form(questionnaire, language, made[-1], consent=_consent(study, name))
                memory.note(f"tables {name}", made[-1:], more=True)
            advance()
    return tuple(made)


def _consent(study: Study, form: str) -> str:
    """The question that asks for consent, after which the form says what taking part means."""
    roles = study.settings.roles.get(form)
    return roles.consent if roles and roles.consent else "consent"


def export_translations(study: Study, forms: Iterable[str] = ()) -> tuple[Path, ...]:
    """Write a workbook a form with every text in all languages, for a reviewer to correct.

    Raises:
        SurveyError: WORK-001, or everything that is wrong in a questionnaire.
    """
    from pipeline.forms.translations import write_translations

    made = []
    names = form_names(study, forms)
    load_questionnaires(study, names)
    with at_work(study) as memory:
        for name in names:
            made.append(study.outputs / "translations" / f"{name}.translations.xlsx")
            write_translations(study.instruments / f"{name}.yaml", made[-1])
            memory.note(f"translations {name}", made[-1:])
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
