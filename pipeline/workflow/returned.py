"""What came back: received, verified, cleaned, and accounted for."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Place, Problem, SurveyError
from pipeline.study import Study
from pipeline.workflow.asked import corrections_of, write_queries
from pipeline.workflow.at_work import at_work
from pipeline.workflow.progress import Progress, silent
from pipeline.workflow.questionnaires import form_names, load_questionnaires
from pipeline.workflow.recoded import (
    Recoding,
    matched_names,
    read_recoding,
    write_names_to_match,
    write_recoding,
)
from pipeline.workflow.sampled import weigh, write_units
from pipeline.workflow.withdrawn import clear_withdrawn

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.cleaning.double_entry import Comparison
    from pipeline.cleaning.process import Cleaned
    from pipeline.parts.engines import Engines
    from pipeline.parts.reading import Read as PartsRead
    from pipeline.questionnaire.model import Questionnaire
    from pipeline.responses import Responses
    from pipeline.returns.receive import Receipt


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
    from pipeline.returns.manifest import locked, read_manifest
    from pipeline.returns.manifest import verify as work

    if not study.raw.is_dir():
        return 0
    with locked(study):  # what is being received just now is not listed yet
        if problems := work(study):
            raise SurveyError(problems)
        return len(read_manifest(study))


def process(
    study: Study,
    forms: Iterable[str] = (),
    *,
    engines: "Engines | None" = None,
    progress: Progress = silent,
) -> tuple[str, ...]:
    """Clean what came back, whether out of date or not; one line a form says what came of it.

    Args:
        study: the study folder.
        forms: which; none: all.
        engines: who works on forms of which more came back than is cleaned at once.
        progress: told of each form.

    Raises:
        SurveyError: a file of raw/ is not as it was received, a questionnaire is wrong, the ledger
            does not add up, there is no key for the identifiers; PARTS-..., the engine.
    """
    names = form_names(study, forms)
    lines = list[str]()
    with at_work(study, progress=progress) as memory:
        verify(study)
        with progress("cleaning", len(names)) as advance:
            for name in names:
                made, line = process_form(study, name, engines)
                memory.note(f"process {name}", made)
                lines.append(line)
                advance()
        for step, (made, told) in (
            ("queries", write_queries(study)),
            ("process corrections", unclaimed_corrections(study)),
        ):
            memory.note(step, made)
            lines += told
        lines += clear_withdrawn(study, memory)
    return tuple(lines)


def unclaimed_corrections(study: Study) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Tell the rows of correction logs that are about no response of any form.

    Returns:
        The file that names them, and a line a log; nothing while a form is not processed yet.
    """
    from pipeline.cleaning.correction_targets import ID_MARK
    from pipeline.cleaning.unclaimed import response_ids, unclaimed, write_unclaimed

    names = form_names(study)
    folders = [study.processed / name for name in names]
    if not all((folder / "issues.parquet").is_file() for folder in folders):
        return (), ()
    log = corrections_of(study, load_questionnaires(study))
    named = set(log["response_id"].str.strip().str.removeprefix(ID_MARK).dropna())
    ids = set[str]().union(*(response_ids(folder, named) for folder in folders))
    issues = unclaimed(log, ids, names)
    made = write_unclaimed(issues, study.processed / "corrections" / "issues.parquet")
    lines = [
        f"{file}: {len(rows)} corrections of no form's response ({', '.join(rows['source_place'])})"
        for file, rows in issues.groupby("source_file", sort=False)
    ]
    return (made,), tuple(lines)


def process_form(
    study: Study, name: str, engines: "Engines | None" = None
) -> tuple[tuple[Path, ...], str]:
    """Clean what came back for one form; gives back the files made and a line on them.

    Files of which reading takes long are read by several processes at once. What is more than one
    part is cleaned and written part by part, by an engine.
    """
    from pipeline.parts.engines import Engines
    from pipeline.parts.reading import Read

    engines = engines or Engines()
    questionnaire = load_questionnaires(study, [name])[name]
    read = _read(study, questionnaire, engines)
    if isinstance(read, Read):
        from pipeline.workflow.in_parts import process_in_parts

        with engines.begun() as engine:
            return process_in_parts(study, questionnaire, read, engine)
    return _process_at_once(study, name, read)


def _read(
    study: Study, questionnaire: "Questionnaire", engines: "Engines"
) -> "Responses | PartsRead":
    """What came back for a form; in parts where it is more than one."""
    from pipeline.parts.dealing import dealt
    from pipeline.parts.reading import read_or_cut
    from pipeline.returns.manifest import read_manifest

    shares = dealt(read_manifest(study), questionnaire, engines.processes)
    folder = study.processed / questionnaire.form_id / ".parts"
    size = study.settings.part_responses
    return read_or_cut(study, questionnaire, shares, size=size, folder=folder)


def _process_at_once(
    study: Study, name: str, responses: "Responses"
) -> tuple[tuple[Path, ...], str]:
    import pandas as pd

    from pipeline.cleaning.double_entry import write_agreement
    from pipeline.cleaning.process import write_processed
    from pipeline.cleaning.queries import open_queries, write_open_queries
    from pipeline.privacy.identifier_file import lines_of, remove_identifiers, write_identifiers
    from pipeline.privacy.identifiers import holds_identifiers, set_apart
    from pipeline.privacy.keys import read_keys, refuse_demonstration
    from pipeline.privacy.organisations import code_organisations
    from pipeline.settings import Roles

    done = clean_form(study, name, responses)
    cleaned, recoding = done.cleaned, done.recoding
    roles = study.settings.roles.get(name, Roles())
    same, unmatched = matched_names(study, cleaned, recoding)
    main, repeats = code_organisations(cleaned.main, cleaned.repeats, roles.organisations, same)
    if "wave" not in main:  # a form may ask for it itself
        wave = pd.Series(study.settings.wave or None, index=main.index, dtype="str")
        main = main.assign(wave=wave)
    coded, units = weigh(study, replace(cleaned, main=main, repeats=repeats), recoding.form)
    folder = study.processed / name
    keys = read_keys(study) if holds_identifiers(coded, recoding.form) else None
    key = None if keys is None else keys.pseudonym
    public, identifiers = set_apart(coded, recoding.form, roles, key)
    if keys is not None:
        refuse_demonstration(keys, done.files)
    made = write_processed(public, folder)
    differences = done.keyed.differences if done.keyed else ()
    asked = open_queries(cleaned, recoding.form, study.settings, done.log, differences)
    made = (*made, *write_recoding(study, cleaned, recoding), write_open_queries(asked, folder))
    made += write_units(units, folder)
    if done.keyed:
        made = (*made, write_agreement(done.keyed.agreement, folder))
    if keys is None:
        remove_identifiers(folder)
    else:
        made += write_identifiers(lines_of(identifiers), keys, folder)
    line = f"{name}: {done.came} came back, {len(cleaned.main)} kept, {len(cleaned.issues)} issues"
    return tuple(made), line + (f", {unmatched} names to match" if unmatched else "")


@dataclass(frozen=True, eq=False)
class CleanedForm:
    """One form after the last stage; names are still in it, and nothing is written.

    Attributes:
        files: what came back, paths below raw/.
        came: how many responses.
        recoding: the decisions by which it was recoded.
        log: the corrections that were received.
        keyed: both keyings of every paper, compared; None where the form is not keyed twice.
    """

    files: tuple[str, ...]
    came: int
    cleaned: "Cleaned"
    recoding: Recoding
    log: "pd.DataFrame"
    keyed: "Comparison | None" = None


def clean_form(study: Study, name: str, responses: "Responses") -> CleanedForm:
    """Clean what came back for one form, and ask about what looks odd in its interviews.

    Args:
        study: the study folder.
        name: the form.
        responses: what came back.
    """
    import pandas as pd

    from pipeline.cleaning.double_entry import compare, issues_of_differences
    from pipeline.cleaning.fieldwork_checks import Around, with_queries
    from pipeline.cleaning.frame import frame_ids
    from pipeline.cleaning.ledger import first_rows, in_order
    from pipeline.cleaning.process import process as work
    from pipeline.cleaning.process import typed_batch
    from pipeline.cleaning.serial_checks import serial_checks
    from pipeline.privacy.consent import withdrawn, without_withdrawn
    from pipeline.responses import join_issues
    from pipeline.returns.audit_log import active_minutes
    from pipeline.returns.manifest import read_manifest
    from pipeline.returns.register import read_register
    from pipeline.settings import Roles

    questionnaire = load_questionnaires(study, [name])[name]
    listed = read_manifest(study)
    rows = [row for row in listed if row.form == name]
    recoding = read_recoding(study, questionnaire)
    active, of_logs = active_minutes(study, responses, listed, study.settings.caps)
    came, files = len(responses.main), first_rows(responses.main["source_file"])
    responses, gone = without_withdrawn(responses, questionnaire, withdrawn(study))
    responses = replace(responses, issues=join_issues([responses.issues, of_logs, recoding.issues]))
    log = corrections_of(study, {name: questionnaire})
    decisions, frame = recoding.decisions, recoding.frame
    cleaned = work(responses, recoding.form, study.settings, log, decisions, frame=frame)
    if len(gone):
        ledger = in_order(pd.concat([cleaned.ledger, gone]), files, recoding.form)
        cleaned = replace(cleaned, ledger=ledger)
    around = Around(frame_ids(study), active, responses.places)
    cleaned = with_queries(cleaned, recoding.form, study.settings, around)
    issued = {row.serial: row.form_id for row in read_register(study)}
    roles = study.settings.roles.get(name, Roles())
    strange = serial_checks(cleaned, recoding.form, roles, issued)
    cleaned = replace(cleaned, issues=join_issues([cleaned.issues, strange]))
    keyed = None
    if name in study.settings.double_entry:
        keyed = compare(typed_batch(responses, recoding.form, study.settings), roles)
        told = issues_of_differences(keyed)
        cleaned = replace(cleaned, issues=join_issues([cleaned.issues, told]))
    return CleanedForm(tuple(row.file for row in rows), came, cleaned, recoding, log, keyed)


def write_names(study: Study, forms: Iterable[str] = ()) -> tuple[Path, ...]:
    """Write the workbook of organisations' names that are to be matched to the list.

    It holds names, so it is written only when somebody asks for it.

    Raises:
        SurveyError: as `process`.
    """
    found = list[Path]()
    with at_work(study) as memory:
        verify(study)
        for name, questionnaire in load_questionnaires(study, form_names(study, forms)).items():
            made = _write_names(study, questionnaire)
            memory.note(f"names {name}", () if made is None else (made,))
            found += () if made is None else (made,)
    return tuple(found)


def _write_names(study: Study, questionnaire: "Questionnaire") -> Path | None:
    from pipeline.parts.engines import Engines
    from pipeline.parts.reading import Read

    engines = Engines()
    read = _read(study, questionnaire, engines)
    if isinstance(read, Read):
        from pipeline.workflow.in_parts import write_names_in_parts

        with engines.begun() as engine:
            return write_names_in_parts(study, questionnaire, read, engine)
    done = clean_form(study, questionnaire.form_id, read)
    return write_names_to_match(study, done.cleaned, done.recoding)


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


def _not_processed(file: str) -> Problem:
    return Problem(
        "WORK-005",
        "The form has not been processed yet.",
        "Run survey process first.",
        Place(file=file),
    )
