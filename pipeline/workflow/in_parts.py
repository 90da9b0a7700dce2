"""A form of which more came back than is cleaned at once: the order of the work on its parts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Finding, Ints
from pipeline.cleaning.double_entry import FILE as AGREEMENT_FILE
from pipeline.cleaning.fieldwork_checks import Around, interviews_of, nearly_the_same, odd
from pipeline.cleaning.frame import frame_ids
from pipeline.cleaning.names import names
from pipeline.cleaning.process import Cleaned, remove_stale
from pipeline.cleaning.queries import FILE as QUERIES_FILE
from pipeline.cleaning.rowed import Rowed
from pipeline.parts.clean import (
    AGREEMENT,
    FINDINGS,
    GONE,
    GONE_LEDGER,
    KEYED,
    LEDGER,
    MISSING,
    RAW_TEXT,
    ROW,
    Cleaning,
    Piece,
    clean_part,
)
from pipeline.parts.engines import Engine
from pipeline.parts.finish import (
    ALIKE,
    FIELDWORK,
    NOTED,
    NOTED_NAME,
    QUERIES,
    SERIALS,
    Finishing,
    done_name,
    finish_part,
    identifiers_of,
)
from pipeline.parts.merge import Stretches, ledgers, write_frames
from pipeline.parts.noted import ledger_of_lost, noted_together
from pipeline.parts.reading import Read
from pipeline.parts.whole import Whole
from pipeline.privacy.identifiers import identifying
from pipeline.privacy.organisations import CODE, code_organisations
from pipeline.responses import join_issues
from pipeline.study import Study
from pipeline.workflow.parted_form import PartedForm
from pipeline.workflow.recoded import matched_names, write_names_to_match, write_recoding
from pipeline.workflow.sampled import weighed, write_units

if TYPE_CHECKING:
    from pipeline.cleaning.sampling import Sampled
    from pipeline.privacy.keys import Keys
    from pipeline.questionnaire.model import Questionnaire

_ID = "response_id"


def process_in_parts(
    study: Study, questionnaire: "Questionnaire", read: Read, engine: Engine
) -> tuple[tuple[Path, ...], str]:
    """Clean a form part by part; the files are those that cleaning everything at once writes.

    Args:
        study: the study folder.
        questionnaire: the form.
        read: what came back, in parts.
        engine: does the work on them.

    Returns:
        The files made, and a line on them.

    Raises:
        SurveyError: as `workflow.returned.process`, and PARTS-001.
    """
    try:
        about = PartedForm(study, questionnaire, read)
        pieces = _clean(about, engine)
        whole = Whole(read.sealed, pieces, tuple(about.form.repeats))
        together = _together(about, whole)
        keys = _keys(about, whole)
        _finish(about, whole, together, keys, engine)
        return _write(about, whole, together, keys)
    finally:
        read.sealed.remove()


def _clean(about: PartedForm, engine: Engine) -> tuple[Piece, ...]:
    """Deal the responses out, and put each part through the stages."""
    plan = about.plan(engine)
    jobs = [
        Cleaning(about.common, at, share, log)
        for at, (share, log) in enumerate(zip(plan.shares, plan.logs, strict=True))
    ]
    return tuple(engine.run(clean_part, jobs))


def write_names_in_parts(
    study: Study, questionnaire: "Questionnaire", read: Read, engine: Engine
) -> Path | None:
    """Write the names of organisations that are to be matched; None where there are none.

    Args:
        study: the study folder.
        questionnaire: the form.
        read: what came back, in parts.
        engine: does the work on them.
    """
    try:
        about = PartedForm(study, questionnaire, read)
        whole = Whole(read.sealed, _clean(about, engine), tuple(about.form.repeats))
        return write_names_to_match(study, whole.only(about.named), about.recoding)
    finally:
        read.sealed.remove()


@dataclass(frozen=True, eq=False)
class _Together:
    """What all parts together say.

    Attributes:
        named: the responses with names and other texts alone.
        unmatched: how many names wait for a person.
        noted: issues about files, columns, logs and withdrawn responses.
        names: findings about names; rows of the whole.
        fieldwork: what looks odd about interviews; rows of the whole.
        alike: responses that are nearly the same, along the rows of main of all that came.
        added: table -> further columns, rows of the whole.
        sampled: the responses against the frame; None without one.
    """

    named: Cleaned
    unmatched: int
    noted: pd.DataFrame
    names: Sequence[Finding]
    fieldwork: Sequence[Finding]
    alike: Rowed
    added: Mapping[str, pd.DataFrame]
    sampled: "Sampled | None"


def _together(about: PartedForm, whole: Whole) -> _Together:
    roles, settings = about.common.roles, about.common.settings
    main = cast("pd.DataFrame", whole.tables[MAIN])  # a column at a time is all that is asked for
    missing = cast("pd.DataFrame", whole.missing)
    named = whole.only(about.named)
    same, unmatched = matched_names(about.study, named, about.recoding)
    of_names = names(_batch(about, whole, named), roles, about.recoding.decisions)
    around = Around(frame_ids(about.study), about.audits[0])
    interviews = interviews_of(main, missing, about.form, settings, around)
    alike = nearly_the_same(interviews, settings.checks)
    sampled = weighed(about.study, main, missing, about.form)
    noted = [
        about.read.issues[~about.read.issues[_ID].isin(about.common.gone)],
        *_of_clean(about, whole, GONE),
        about.audits[1],
        about.recoding.issues,
        noted_together(whole.pieces, about.form, about.log, about.read.columns),
        *of_names.noted,
    ]
    return _Together(
        named=named,
        unmatched=unmatched,
        noted=join_issues(noted),
        names=of_names.findings,
        fieldwork=odd(interviews, settings.checks),
        alike=Rowed(alike.frame, whole.tables[MAIN].rows[alike.rows]),
        added=_added(about, whole, named, same, sampled),
        sampled=sampled,
    )


def _batch(about: PartedForm, whole: Whole, named: Cleaned) -> Batch:
    """The kept responses as a stage sees them, with names alone."""
    rows = whole.tables[MAIN].rows
    owner = {
        name: rows.searchsorted(whole.tables[name].rows).astype("int64") for name in named.repeats
    }
    aside = pd.Series(data=False, index=named.main.index).to_numpy()
    return Batch(about.form, {MAIN: named.main, **named.repeats}, owner, aside=aside)


def _added(
    about: PartedForm,
    whole: Whole,
    named: Cleaned,
    same: Iterable[tuple[str, str]],
    sampled: "Sampled | None",
) -> dict[str, pd.DataFrame]:
    """Codes of organisations, wave and weights."""
    questions = about.common.roles.organisations
    main, repeats = code_organisations(named.main, named.repeats, questions, same)
    added = {
        table: frame[[CODE]] for table, frame in ((MAIN, main), *repeats.items()) if CODE in frame
    }
    columns = added.get(MAIN, pd.DataFrame(index=main.index))
    if "wave" not in whole.tables[MAIN]:  # a form may ask for it itself
        wave = about.common.settings.wave or None
        columns = columns.assign(wave=pd.Series(wave, index=main.index, dtype="str"))
    if sampled is not None:
        columns = pd.concat([columns, sampled.columns], axis=1)
    return {**added, MAIN: columns}


def _finish(
    about: PartedForm, whole: Whole, together: _Together, keys: "Keys | None", engine: Engine
) -> None:
    """Give each part what all together say of it."""
    from pipeline.returns.register import read_register

    whole.sealed.write(NOTED_NAME, {NOTED: together.noted[together.noted[_ID].notna()]})
    issued = {row.serial: row.form_id for row in read_register(about.study)}
    of_names, fieldwork = whole.dealt(together.names), whole.dealt(together.fieldwork)
    jobs = [
        Finishing(
            common=about.common,
            number=piece.number,
            log=about.log,
            issued=issued,
            key=None if keys is None else keys.pseudonym,
            names=of_names[at],
            fieldwork=fieldwork[at],
            alike=_of_rows(together.alike, whole.tables[MAIN].rows[whole.tables[MAIN].of_part(at)]),
            added={
                table: columns.take(whole.tables[table].of_part(at)).reset_index(drop=True)
                for table, columns in together.added.items()
            },
            keyed=piece.keyed.differences if piece.keyed else (),
        )
        for at, piece in enumerate(whole.pieces)
    ]
    engine.run(finish_part, jobs)


def _of_rows(found: Rowed, rows: Ints) -> pd.DataFrame:
    ours = pd.Series(found.rows).isin(rows).to_numpy()
    return found.frame[ours].assign(**{ROW: found.rows[ours]}).reset_index(drop=True)


def _keys(about: PartedForm, whole: Whole) -> "Keys | None":
    """The study's keys, where anybody is identified."""
    from pipeline.privacy.keys import read_keys

    holds = any(
        whole.tables[repeat or MAIN][name].notna().any()
        for name, repeat in identifying(about.form).items()
    )
    return read_keys(about.study) if holds else None


def _write(
    about: PartedForm, whole: Whole, together: _Together, keys: "Keys | None"
) -> tuple[tuple[Path, ...], str]:
    """Put the parts together again, each file whole or not at all."""
    folder = about.study.processed / about.name
    done = tuple(done_name(piece.number) for piece in whole.pieces)

    def frames(table: str) -> Iterable[pd.DataFrame]:
        return Stretches(whole.sealed, done, table, about.read.starts[:-1])

    repeats = tuple(about.form.repeats)
    counted = _Counted(_issues(about, together, frames))
    tables = {
        "responses": frames(MAIN),
        **{name: frames(name) for name in repeats},
        "missing": frames(MISSING + MAIN),
        **{f"{name}.missing": frames(MISSING + name) for name in repeats},
        "issues": counted,
        "ledger": _ledger(about, whole),
        "raw_text": frames(RAW_TEXT),
    }
    made = [write_frames(folder / f"{name}.parquet", parts) for name, parts in tables.items()]
    remove_stale(folder, made)
    made += write_recoding(about.study, together.named, about.recoding)
    made.append(write_frames(folder / QUERIES_FILE, frames(QUERIES)))
    made += write_units(together.sampled.units if together.sampled else None, folder)
    if about.common.is_keyed_twice:
        made.append(write_frames(folder / AGREEMENT_FILE, _of_clean(about, whole, AGREEMENT)))
    made += _write_identifiers(about, whole, done, keys)
    issues = counted.rows - (len(together.sampled.issues) if together.sampled else 0)
    kept, waiting = len(whole.tables[MAIN]), together.unmatched
    line = f"{about.name}: {about.read.came} came back, {kept} kept, {issues} issues"
    return tuple(made), line + (f", {waiting} names to match" if waiting else "")


class _Counted:
    """Frames that are counted while they go by."""

    def __init__(self, frames: Iterable[pd.DataFrame]) -> None:
        self._frames, self.rows = frames, 0

    def __iter__(self) -> Iterator[pd.DataFrame]:
        for frame in self._frames:
            self.rows += len(frame)
            yield frame


def _issues(
    about: PartedForm, together: _Together, frames: Callable[[str], Iterable[pd.DataFrame]]
) -> Iterator[pd.DataFrame]:
    """All issues: what was noted, what was found, what looks odd, and what the weights met with."""
    blocks = [
        FINDINGS,
        FIELDWORK,
        ALIKE,
        SERIALS,
        *([KEYED] if about.common.is_keyed_twice else []),
    ]
    last = [] if together.sampled is None else [together.sampled.issues]
    return chain([together.noted], *map(frames, blocks), last)


def _ledger(about: PartedForm, whole: Whole) -> Iterator[pd.DataFrame]:
    came = about.read.came
    lost = ledger_of_lost(whole.pieces, about.read.columns, came)
    main, gone = (_of_clean(about, whole, table) for table in (LEDGER, GONE_LEDGER))
    return ledgers(main, lost, gone, about.form, came)


def _of_clean(about: PartedForm, whole: Whole, table: str) -> Stretches:
    """A table of the cleaned parts."""
    return Stretches(whole.sealed, whole.names, table, about.read.starts[:-1])


def _write_identifiers(
    about: PartedForm, whole: Whole, done: Sequence[str], keys: "Keys | None"
) -> tuple[Path, ...]:
    """Encrypt what names somebody; take away what an earlier run encrypted, where nothing does."""
    from pipeline.privacy.identifier_file import (
        lines_together,
        remove_identifiers,
        write_identifiers,
    )
    from pipeline.privacy.keys import refuse_demonstration
    from pipeline.returns.manifest import read_manifest

    folder = about.study.processed / about.name
    if keys is None:
        remove_identifiers(folder)
        return ()
    rows = read_manifest(about.study)
    refuse_demonstration(keys, [row.file for row in rows if row.form == about.name])
    parts = (identifiers_of(whole.sealed, name) for name in done)
    return write_identifiers(lines_together(parts), keys, folder)
