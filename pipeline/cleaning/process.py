"""From the responses that came back to what lies in processed/: stages, ledger, files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Ints, rows_where
from pipeline.cleaning.issues import issues_of
from pipeline.cleaning.ledger import check_ledger, count_all, count_in, ledger_of, not_accounted_for
from pipeline.cleaning.link import link
from pipeline.cleaning.missing import missing_kinds
from pipeline.cleaning.raw_texts import raw_text_of
from pipeline.cleaning.schema import Grade, check, gate, schema_of
from pipeline.cleaning.stages import RAW_STAGES, STAGES, Parameters, Stage, parameters_of
from pipeline.questionnaire.code_frame import CodeFrame
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Responses
from pipeline.settings import Settings
from pipeline.store import write_through

_PRIVATE = 0o600


@dataclass(frozen=True)
class Cleaned:
    """What the cleaning made of one form.

    Attributes:
        main: one row a response that was not set aside: `responses.KEYS`, the returned key, then a
            column a question; beside a select_multiple its boolean `question/choice` columns.
        repeats: repeat -> one row an instance: `responses.REPEAT_KEYS`, then a column a question.
        missing: the rows of main, a column a question: the `MissingKind` where there is no usable
            answer, NA where there is; categorical.
        repeat_missing: the same for each repeat.
        issues: `responses.ISSUE_COLUMNS`.
        ledger: `ledger.LEDGER_COLUMNS`; adds up.
        raw_text: response_id, question, position, parent_position, text: what was written, where
            it is not how the value is written or the value was changed.
    """

    main: pd.DataFrame
    repeats: Mapping[str, pd.DataFrame]
    missing: pd.DataFrame
    repeat_missing: Mapping[str, pd.DataFrame]
    issues: pd.DataFrame
    ledger: pd.DataFrame
    raw_text: pd.DataFrame


def process(
    responses: Responses,
    questionnaire: Questionnaire,
    settings: Settings,
    corrections: pd.DataFrame | None = None,
    decisions: pd.DataFrame | None = None,
    *,
    frame: CodeFrame | None = None,
) -> Cleaned:
    """Clean the responses to one form.

    Args:
        responses: as the readers hand them over, every answer text.
        questionnaire: the form.
        settings: of the study.
        corrections: the log, `corrections_log.CORRECTION_COLUMNS`; of other forms' responses too.
        decisions: of reviewers and coders, `recoding.DECISION_COLUMNS`; the questionnaire is then
            the one with what they have added.
        frame: by which open answers are coded; likewise.

    Returns:
        The same for the same input, whatever the day, place or order of receipt.

    Raises:
        SurveyError: the ledger does not add up, or a stage left what its schema refuses.
    """
    given = parameters_of(settings, questionnaire.form_id, corrections, decisions, frame)
    worked = work(responses, questionnaire, settings.response_key, given)
    return _settled(worked, responses.places)


@dataclass(frozen=True, eq=False)
class Worked:
    """A batch after the last stage, and what it was before.

    Attributes:
        linked: before the first stage.
        raw: after the stages on text.
        typed: after the first stage that gives types.
        batch: after the last.
        ledger: `ledger.LEDGER_COLUMNS`; adds up.
    """

    linked: Batch
    raw: Batch
    typed: Batch
    batch: Batch
    ledger: pd.DataFrame


def work(
    responses: Responses,
    questionnaire: Questionnaire,
    response_key: str,
    given: Parameters,
    stages: Sequence[Stage] | None = None,
) -> Worked:
    """Put responses through all stages and count what became of each answer.

    Raises:
        SurveyError: as `process`.
    """
    linked = link(responses, questionnaire, response_key)
    raw = carried(linked, given)
    batch, typed = run(raw, given, stages)
    ledger = ledger_of(count_in(raw), batch, typed.frames)
    check_ledger(ledger)
    return Worked(linked, raw, typed, batch, ledger)


def typed_batch(responses: Responses, questionnaire: Questionnaire, settings: Settings) -> Batch:
    """The responses with every answer read, as the first stage leaves them.

    Raises:
        SurveyError: CLEAN-001 or CLEAN-004, as `carried`.
    """
    given = parameters_of(settings, questionnaire.form_id, None)
    raw = carried(link(responses, questionnaire, settings.response_key), given)
    return STAGES[0].work(raw, given)


def carried(batch: Batch, given: Parameters) -> Batch:
    """Put a batch through the stages on text.

    Raises:
        SurveyError: CLEAN-001, an answer is lost; CLEAN-004, a frame is not as it must be.
    """
    came = count_all(batch)
    gate(batch, Grade.RAW, "link")
    for stage in RAW_STAGES:
        batch = stage.work(batch, given)
        gate(batch, Grade.RAW, stage.name, whole=False)
    if count_all(batch) != came:
        raise not_accounted_for(came - count_all(batch), "", "")
    return batch


def run(
    batch: Batch, given: Parameters, stages: Sequence[Stage] | None = None
) -> tuple[Batch, Batch]:
    """Put a batch through the other stages, each with its gate.

    Returns:
        The batch after the last stage, and as the first left it.
    """
    first, *others = stages or STAGES
    batch = typed = first.work(batch, given)
    gate(batch, Grade.TYPED, first.name)
    for stage in others:
        before, batch = batch, stage.work(batch, given)
        if batch.frames is not before.frames:
            gate(batch, Grade.TYPED, stage.name, whole=False)
    return batch, typed


def _settled(worked: Worked, places: pd.DataFrame | None) -> Cleaned:
    batch, names = worked.batch, worked.batch.questionnaire.repeats
    answers, kinds = {}, {}
    for table in batch.frames:
        kept = kept_rows(batch, table)
        answers[table], kinds[table] = answers_of(batch, table, kept), kinds_of(batch, table, kept)
    return Cleaned(
        main=answers[MAIN],
        repeats={name: answers[name] for name in names},
        missing=kinds[MAIN],
        repeat_missing={name: kinds[name] for name in names},
        issues=issues_of(batch, places),
        ledger=worked.ledger,
        raw_text=raw_text_of(batch, worked.raw).frame,
    )


def kept_rows(batch: Batch, table: str) -> Ints:
    """The rows of a table that were not set aside, in the order of the responses."""
    kept = rows_where(batch.standing(table))
    owners = batch.rows_of_main(table, kept)
    return kept if np.all(owners[1:] >= owners[:-1]) else kept[np.argsort(owners, kind="stable")]


def answers_of(batch: Batch, table: str, kept: Ints) -> pd.DataFrame:
    """The answers in these rows, as they go to processed/.

    Raises:
        SurveyError: CLEAN-004.
    """
    frame = _plain(_taken(batch.frames[table], kept))
    check(frame, schema_of(batch.questionnaire, table, Grade.CLEAN, frame.columns), "process")
    return frame


def kinds_of(batch: Batch, table: str, kept: Ints) -> pd.DataFrame:
    """The kinds of missing answers in these rows."""
    return _taken(missing_kinds(batch, table), kept)


def _taken(frame: pd.DataFrame, rows: Ints) -> pd.DataFrame:
    if np.array_equal(rows, np.arange(len(frame))):
        return frame
    return frame.take(rows).reset_index(drop=True)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its categories as text."""
    coded = [name for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)]
    return frame.assign(**{str(name): _as_text(frame[name]) for name in coded})


def _as_text(column: pd.Series) -> pd.Series:
    names = pd.array([*column.cat.categories, None], dtype="str")
    return pd.Series(names.take(column.cat.codes.to_numpy()), index=column.index, copy=False)


def write_processed(cleaned: Cleaned, folder: Path) -> tuple[Path, ...]:
    """Write what the cleaning made, each file whole or not at all, readable by its owner alone.

    The same content gives the same bytes. Tables that no longer belong there are removed.

    Args:
        cleaned: of one form.
        folder: `processed/FORM`.

    Returns:
        The files: responses, REPEAT, missing, REPEAT.missing, issues, ledger, raw_text (.parquet).
    """
    tables = {
        "responses": cleaned.main,
        **cleaned.repeats,
        "missing": cleaned.missing,
        **{f"{name}.missing": frame for name, frame in cleaned.repeat_missing.items()},
        "issues": cleaned.issues,
        "ledger": cleaned.ledger,
        "raw_text": cleaned.raw_text,
    }
    files = {folder / f"{name}.parquet": frame for name, frame in tables.items()}
    for path, frame in files.items():
        write_through(path, partial(frame.to_parquet, index=False), mode=_PRIVATE)
    remove_stale(folder, files)
    return tuple(files)


def remove_stale(folder: Path, files: Iterable[Path]) -> None:
    """Remove tables that do not belong to a form any more."""
    for stale in sorted(set(folder.glob("*.parquet")) - set(files)):
        stale.unlink()
