"""One part through the stages: a pure function of the part, which leaves sealed tables behind."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Ints, Left
from pipeline.cleaning.double_entry import Comparison, compare, issues_of_differences
from pipeline.cleaning.issues import found_in
from pipeline.cleaning.ledger import count_in, ledger_of
from pipeline.cleaning.process import (
    Worked,
    answers_of,
    kept_rows,
    kinds_of,
    typed_batch,
    work,
)
from pipeline.cleaning.raw_texts import raw_text_of
from pipeline.cleaning.rowed import Rowed, along
from pipeline.cleaning.stages import STAGES, parameters_of
from pipeline.parts.cutter import FILE_NUMBER, NUMBER, PLACES
from pipeline.parts.plan import Share
from pipeline.parts.reading import Read
from pipeline.privacy.consent import WITHDRAWN, without_withdrawn
from pipeline.questionnaire.code_frame import CodeFrame
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Responses
from pipeline.settings import Roles, Settings

ROW = " row"
"""Column of every sealed table behind the stages: the row of main in the whole, ascending."""
FINDINGS, RAW_TEXT, LEDGER, MISSING = " findings", " raw_text", " ledger", " missing"
GONE, GONE_LEDGER, KEYED, AGREEMENT = " gone", " gone_ledger", " keyed", " agreement"
PART_STAGES = STAGES[:-1]
"""All but the last, which has to know the names in every part."""


@dataclass(frozen=True, eq=False)
class Common:
    """What the cleaning of every part has to know.

    Attributes:
        read: the raw parts; of its issues only those on absent columns.
        original: the questionnaire as it went out.
        form: the same with what recoding has added.
        settings: of the study.
        decisions: `recoding.DECISION_COLUMNS`.
        frame: by which open answers are coded.
        gone: response_ids to which consent was withdrawn.
    """

    read: Read
    original: Questionnaire
    form: Questionnaire
    settings: Settings
    decisions: pd.DataFrame | None = None
    frame: CodeFrame | None = None
    gone: frozenset[str] = frozenset()

    @property
    def roles(self) -> Roles:
        """Which question plays which part."""
        return self.settings.roles.get(self.form.form_id, Roles())

    @property
    def is_keyed_twice(self) -> bool:
        """Whether two returns under one serial are keyings of one paper."""
        return self.form.form_id in self.settings.double_entry


@dataclass(frozen=True, eq=False)
class Cleaning:
    """One part to be cleaned.

    Attributes:
        common: what is the same for all.
        number: of the part.
        share: what it is made of.
        log: the corrections of its responses.
    """

    common: Common
    number: int
    share: Share
    log: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Piece:
    """What the others have to know of a cleaned part; its tables are sealed.

    Attributes:
        number: of the part.
        columns: table -> its columns.
        noted: issues about files, columns and logs, as each stage gave them.
        strays: answers in rows of repeats that belong to no response.
        left: answers to questions that are none of this version.
        files: of what is left, file -> the first row of main that came out of it.
        keyed: both keyings of the part's papers, compared.
    """

    number: int
    columns: Mapping[str, tuple[str, ...]]
    noted: tuple[pd.DataFrame, ...]
    strays: tuple[Left, ...]
    left: tuple[Left, ...]
    files: Mapping[str, int]
    keyed: Comparison | None


def clean_name(number: int) -> str:
    """The name under which a cleaned part is sealed."""
    return f"clean-{number:05}"


def clean_part(cleaning: Cleaning) -> Piece:
    """Put a part through the stages and seal what comes of it; a work for a worker.

    Raises:
        SurveyError: as `cleaning.process.process`.
    """
    common, roles = cleaning.common, cleaning.common.roles
    responses, numbers, files = responses_of(common.read, cleaning.share)
    out = responses.main["response_id"].isin(common.gone).to_numpy(dtype=bool)
    responses, gone = without_withdrawn(responses, common.original, common.gone)
    told = responses.issues[responses.issues["code"] == WITHDRAWN]
    responses = replace(responses, issues=responses.issues.drop(told.index))
    gone_rows, numbers = numbers[out], numbers[~out]
    given = parameters_of(
        common.settings, common.form.form_id, cleaning.log, common.decisions, common.frame
    )
    worked = work(responses, common.form, common.settings.response_key, given, PART_STAGES)
    batch, keyed = worked.batch, None
    tables = _answers(batch, numbers)
    columns = {table: tuple(map(str, frame.columns)) for table, frame in tables.items()}
    tables[FINDINGS] = _numbered(found_in(batch, responses.places), numbers)
    tables[RAW_TEXT] = _numbered(raw_text_of(batch, worked.raw), numbers)
    counted = ledger_of(count_in(worked.raw), replace(batch, left=()), worked.typed.frames)
    tables[LEDGER] = _by_file(counted, files)
    tables[GONE] = told.assign(**{ROW: gone_rows})
    tables[GONE_LEDGER] = _by_file(gone, files)
    if responses.places is not None:
        tables[PLACES] = responses.places
    if common.is_keyed_twice:
        keyed = compare(typed_batch(responses, common.form, common.settings), roles)
        for name, frame in (
            (KEYED, issues_of_differences(keyed)),
            (AGREEMENT, keyed.agreement),
        ):
            found = of_responses(frame, batch.main, numbers)
            tables[name] = found.frame.assign(**{ROW: found.rows})
        keyed = replace(keyed, agreement=keyed.agreement.iloc[:0])
    common.read.sealed.write(clean_name(cleaning.number), tables)
    return _piece(cleaning.number, worked, columns, files, keyed)


def _piece(
    number: int,
    worked: Worked,
    columns: Mapping[str, tuple[str, ...]],
    files: Mapping[str, int],
    keyed: Comparison | None,
) -> Piece:
    strays = worked.linked.left
    left = worked.batch.left[len(strays) :]
    named = {one.source_file: files[one.source_file] for one in left if one.source_file in files}
    return Piece(number, columns, worked.batch.noted, strays, left, named, keyed)


def responses_of(read: Read, share: Share) -> tuple[Responses, Ints, dict[str, int]]:
    """The responses of a part.

    Returns:
        The responses, the row of each in the whole, and file -> its first row in the whole.
    """
    frames = {table: read.gathered(table, share.rows.get(table, {})) for table in read.columns}
    main = frames.pop(MAIN)
    files = dict(zip(main["source_file"], main[FILE_NUMBER].tolist(), strict=True))
    places = frames.pop(PLACES, None)
    about = read.issues["source_file"].isin(list(files))
    responses = Responses(
        form_id=str(main["form_id"].iloc[0]) if len(main) else "",
        main=main[list(read.columns[MAIN])],
        repeats={name: frame[list(read.columns[name])] for name, frame in frames.items()},
        choice_columns={one: held for one, held in read.choice_columns.items() if one in files},
        issues=read.issues[about].reset_index(drop=True),
        places=None if places is None else places[list(read.columns[PLACES])],
    )
    return responses, main[NUMBER].to_numpy(dtype=np.int64), files


def _answers(batch: Batch, numbers: Ints) -> dict[str, pd.DataFrame]:
    """The answers and the kinds of missing answers of each table, with their rows in the whole."""
    tables = {}
    for table in batch.frames:
        kept = kept_rows(batch, table)
        rows = numbers[batch.rows_of_main(table, kept)]
        tables[table] = answers_of(batch, table, kept).assign(**{ROW: rows})
        tables[MISSING + table] = kinds_of(batch, table, kept).assign(**{ROW: rows})
    return tables


def _numbered(found: Rowed, numbers: Ints) -> pd.DataFrame:
    return found.frame.assign(**{ROW: numbers[found.rows]})


def _by_file(frame: pd.DataFrame, files: Mapping[str, int]) -> pd.DataFrame:
    """Along the first rows of the files that a frame is about."""
    found = along(frame, _int64(frame["source_file"].map(files)))
    return found.frame.assign(**{ROW: found.rows})


def of_responses(frame: pd.DataFrame, main: pd.DataFrame, numbers: Ints) -> Rowed:
    """A frame about responses, along the first copies of them.

    Args:
        frame: with response_id.
        main: the main table of the part.
        numbers: of its rows in the whole.
    """
    first = main["response_id"].drop_duplicates()
    rows = pd.Series(numbers[first.index.to_numpy()], index=first.to_numpy())
    return along(frame, _int64(frame["response_id"].map(rows)))


def _int64(numbers: "pd.Series[Any]") -> Ints:
    return np.asarray(numbers.to_numpy(dtype=np.int64))
