"""One cleaned part with what all together say of it: queries, codes, weights; names apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Finding, Ints
from pipeline.cleaning.double_entry import Difference
from pipeline.cleaning.issues import found_in
from pipeline.cleaning.ledger import LEDGER_COLUMNS
from pipeline.cleaning.process import Cleaned
from pipeline.cleaning.queries import open_queries
from pipeline.cleaning.rowed import Rowed, joined
from pipeline.cleaning.serial_checks import serial_checks
from pipeline.parts.clean import (
    FINDINGS,
    KEYED,
    MISSING,
    RAW_TEXT,
    ROW,
    Common,
    clean_name,
    of_responses,
)
from pipeline.parts.cutter import PLACES
from pipeline.parts.sealed import Sealed
from pipeline.privacy.identifier_file import sorted_identifiers
from pipeline.privacy.identifiers import set_apart
from pipeline.responses import ISSUE_COLUMNS, issues_frame, join_issues

NOTED, NOTED_NAME = "noted", "noted"
FIELDWORK, ALIKE, SERIALS, QUERIES = " fieldwork", " alike", " serials", " queries"
IDENTIFIERS = " identifiers"
_SHEET = 2_000
"""Rows of identifiers that are sealed, and opened, together."""


@dataclass(frozen=True, eq=False)
class Finishing:
    """One cleaned part, and what is known of its responses from all parts together.

    Attributes:
        common: what is the same for all parts.
        number: of the part.
        log: all corrections.
        issued: serial -> form_id of every copy that was issued.
        key: of the pseudonyms; None for a form without identifiers.
        names: findings about names, rows of the part's tables.
        fieldwork: likewise what looks odd about interviews.
        alike: responses nearly the same as others, with rows of the whole.
        added: table -> columns to be added, a row a row of the part's table.
        keyed: answers that were keyed in two ways.
    """

    common: Common
    number: int
    log: pd.DataFrame
    issued: Mapping[str, str] = field(default_factory=dict)
    key: bytes | None = None
    names: Sequence[Finding] = ()
    fieldwork: Sequence[Finding] = ()
    alike: pd.DataFrame = field(default_factory=issues_frame)
    added: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    keyed: Sequence[Difference] = ()


def done_name(number: int) -> str:
    """The name under which a finished part is sealed."""
    return f"done-{number:05}"


def finish_part(finishing: Finishing) -> None:
    """Seal everything that is written of a part; a work for a worker."""
    common = finishing.common
    part = _Part(finishing)
    found = joined([part.rowed(FINDINGS), part.told(finishing.names)])
    blocks = {
        FINDINGS: found,
        FIELDWORK: part.told(finishing.fieldwork),
        ALIKE: _split_rows(finishing.alike),
        SERIALS: part.of_responses(
            serial_checks(part.cleaned, common.form, common.roles, finishing.issued)
        ),
    }
    if common.is_keyed_twice:
        blocks[KEYED] = part.rowed(KEYED)
    issues = join_issues([part.noted(), *(block.frame for block in blocks.values())])
    asked = open_queries(
        part.with_issues(issues), common.form, common.settings, finishing.log, finishing.keyed
    )
    public, identifiers = set_apart(
        part.with_columns(finishing.added), common.form, common.roles, finishing.key
    )
    tables = {
        MAIN: public.main.assign(**{ROW: part.rows[MAIN]}),
        MISSING + MAIN: public.missing.assign(**{ROW: part.rows[MAIN]}),
        RAW_TEXT: public.raw_text,
        QUERIES: _with_rows(part.of_responses(asked)),
        **{name: _with_rows(block) for name, block in blocks.items()},
    }
    for name, frame in public.repeats.items():
        tables[name] = frame.assign(**{ROW: part.rows[name]})
        tables[MISSING + name] = public.repeat_missing[name].assign(**{ROW: part.rows[name]})
    tables |= _in_sheets(sorted_identifiers(identifiers))
    common.read.sealed.write(done_name(finishing.number), tables)


def identifiers_of(sealed: Sealed, name: str) -> Iterator[pd.DataFrame]:
    """The sorted identifiers of a finished part, a few after the other."""
    for table in sealed.tables(name):
        if table.startswith(IDENTIFIERS):
            yield sealed.read(name, table)


def _in_sheets(identifiers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Identifiers a few rows a table: those of all parts are merged, and none is read whole."""
    starts = range(0, len(identifiers), _SHEET)
    return {
        f"{IDENTIFIERS} {at:06}": identifiers[start : start + _SHEET].reset_index(drop=True)
        for at, start in enumerate(starts)
    }


class _Part:
    """A cleaned part, opened."""

    def __init__(self, finishing: Finishing) -> None:
        self.common, self.number = finishing.common, finishing.number
        self.sealed, self.name = self.common.read.sealed, clean_name(finishing.number)
        tables = (MAIN, *self.common.form.repeats)
        frames = {table: self.sealed.read(self.name, table) for table in tables}
        self.rows = {table: frame.pop(ROW).to_numpy(np.int64) for table, frame in frames.items()}
        self.frames = frames
        self.missing = {
            table: self.sealed.read(self.name, MISSING + table).drop(columns=ROW)
            for table in tables
        }
        has_places = PLACES in self.sealed.tables(self.name)
        self.places = self.sealed.read(self.name, PLACES) if has_places else None
        self.raw_text = self.sealed.read(self.name, RAW_TEXT)
        self.cleaned = self.with_issues(issues_frame())

    def with_issues(self, issues: pd.DataFrame) -> Cleaned:
        """The part as the cleaning of everything would give it."""
        repeats = self.common.form.repeats
        return Cleaned(
            main=self.frames[MAIN],
            repeats={name: self.frames[name] for name in repeats},
            missing=self.missing[MAIN],
            repeat_missing={name: self.missing[name] for name in repeats},
            issues=issues,
            ledger=pd.DataFrame(columns=list(LEDGER_COLUMNS)),
            raw_text=self.raw_text,
        )

    def with_columns(self, added: Mapping[str, pd.DataFrame]) -> Cleaned:
        """The same with columns that only all parts together give."""
        for table, columns in added.items():
            self.frames[table] = pd.concat([self.frames[table], columns], axis=1)
        return self.with_issues(issues_frame())

    def told(self, findings: Sequence[Finding]) -> Rowed:
        """Issues of findings about this part's rows."""
        main = self.rows[MAIN]
        owner = {
            name: np.searchsorted(main, rows).astype(np.int64)
            for name, rows in self.rows.items()
            if name != MAIN
        }
        batch = Batch(self.common.form, self.frames, owner, aside=np.zeros(len(main), bool))
        found = found_in(batch.adding(findings=findings), self.places)
        return Rowed(found.frame, main[found.rows])

    def rowed(self, table: str) -> Rowed:
        """A table that lies along the responses."""
        return _split_rows(self.sealed.read(self.name, table))

    def of_responses(self, frame: pd.DataFrame) -> Rowed:
        """A frame about responses, along them."""
        return of_responses(frame, self.frames[MAIN], self.rows[MAIN])

    def noted(self) -> pd.DataFrame:
        """What was noted about this part's responses before the findings."""
        noted = self.sealed.read(NOTED_NAME, NOTED)
        ours = noted["response_id"].isin(list(self.frames[MAIN]["response_id"]))
        return noted[ours].reset_index(drop=True)[list(ISSUE_COLUMNS)]


def _split_rows(frame: pd.DataFrame) -> Rowed:
    if ROW not in frame:
        return Rowed(frame, np.zeros(len(frame), np.int64))
    rows: Ints = frame[ROW].to_numpy(np.int64)
    return Rowed(frame.drop(columns=ROW), rows)


def _with_rows(found: Rowed) -> pd.DataFrame:
    return found.frame.assign(**{ROW: found.rows})
