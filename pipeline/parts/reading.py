"""What came back, cut into parts while it is read: never more at once than a part and a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pipeline.cleaning.batch import MAIN, Ints
from pipeline.parts.cutter import FILE_NUMBER, NUMBER, PLACES, Cutter, Slice, without_numbers
from pipeline.parts.sealed import Sealed
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Responses, join_issues
from pipeline.returns.manifest import ManifestRow
from pipeline.returns.noticed import Noticed, told_together
from pipeline.returns.read import in_pieces, read_in_children
from pipeline.returns.source import TEXT
from pipeline.settings import Caps
from pipeline.study import Study

_NUMBERS = frozenset(["position", "parent_position", "source_row"])


@dataclass(frozen=True)
class Read:
    """What came back for one form, in parts.

    Attributes:
        sealed: where the parts lie.
        names: of the parts, in the order of their responses.
        starts: the first row of main of each part, and behind them the number of all rows.
        offsets: for each part, by how much the numbers of a table's rows are less than in the
            whole: each process that reads counts its own.
        columns: table -> its columns, in the order of one frame of everything.
        issues: what was noticed in reading, `responses.ISSUE_COLUMNS`.
        choice_columns: as `Responses.choice_columns`.
    """

    sealed: Sealed
    names: tuple[str, ...]
    starts: tuple[int, ...]
    offsets: tuple[Mapping[str, int], ...]
    columns: Mapping[str, tuple[str, ...]]
    issues: pd.DataFrame
    choice_columns: Mapping[str, frozenset[str]]

    @property
    def came(self) -> int:
        """How many responses."""
        return self.starts[-1]

    def gathered(self, table: str, rows: Mapping[int, Ints | None]) -> pd.DataFrame:
        """Rows of a table out of several parts, in the order in which they were read.

        Args:
            table: its name.
            rows: part -> which rows of it; None: all.

        Returns:
            All columns of the table, with `NUMBER` and for main `FILE_NUMBER`, in the whole.
        """
        numbers = (NUMBER, FILE_NUMBER) if table == MAIN else (NUMBER,)
        parts = []
        for number, wanted in rows.items():
            part = self.sealed.read(self.names[number], table)
            if wanted is not None and len(wanted) < len(part):
                part = part.take(wanted)
            before = self.offsets[number].get(table, 0)
            parts.append(part.assign(**{one: part[one] + before for one in numbers}))
        columns = [*self.columns[table], *numbers]
        if not parts:
            return _empty(columns)
        whole = parts[0]
        if len(parts) > 1:
            whole = pd.concat(parts).sort_values(NUMBER, kind="stable")
        lacking = [name for name in columns if name not in whole]
        nothing = pd.Series(pd.NA, index=whole.index, dtype=TEXT)
        return whole.assign(**dict.fromkeys(lacking, nothing)).reset_index(drop=True)


def _empty(columns: Iterable[str]) -> pd.DataFrame:
    kinds = {NUMBER: "int64", FILE_NUMBER: "int64"} | dict.fromkeys(_NUMBERS, "Int64")
    return pd.DataFrame({name: pd.Series([], dtype=kinds.get(name, TEXT)) for name in columns})


def read_or_cut(
    study: Study,
    questionnaire: Questionnaire,
    shares: Sequence[Sequence[ManifestRow]],
    *,
    size: int,
    folder: Path,
) -> Responses | Read:
    """Read every received file of a form, in processes that do nothing else.

    Args:
        study: the study folder.
        questionnaire: the form.
        shares: rows of the manifest, as `dealing.dealt`: a process reads each.
        size: how many responses are a part at most.
        folder: where parts are sealed.

    Returns:
        The responses where they are no more than one part; else the parts, and who is given them
        removes them. The same whatever the shares, but for where parts begin.

    Raises:
        SurveyError: as `returns.read.read_form`.
    """
    sealed = Sealed(folder)
    sealed.remove()  # what a killed run left; nobody can read it any more
    found, broken = read_in_children(
        study,
        questionnaire,
        [(tuple(rows), Cutter(sealed, size, at, len(shares))) for at, rows in enumerate(shares)],
        _cut,
        caps=study.settings.caps,
    )
    issues = join_issues([broken, told_together([noticed for _, noticed in found])])
    cuts = [cut for cut, _ in found]
    if isinstance(cuts[0], Responses):
        return replace(cuts[0], issues=issues)
    read = _together(sealed, [one for cut in cuts for one in cut], issues)
    if read.came > size:
        return read
    try:
        return _whole(read, questionnaire.form_id)
    finally:
        sealed.remove()


def _cut(
    study: Study,
    questionnaire: Questionnaire,
    caps: Caps,
    manifest_rows: Sequence[ManifestRow],
    cutter: Cutter,
) -> tuple[Responses | list[Slice], Noticed]:
    """In a child: read a share of the files, and seal what is more than a part."""
    noticed = Noticed()
    pieces = in_pieces(study, questionnaire, manifest_rows, caps, size=cutter.size, noticed=noticed)
    for group, piece in pieces:
        cutter.add(group, piece)
    return cutter.done(), noticed


def _together(sealed: Sealed, slices: Sequence[Slice], issues: pd.DataFrame) -> Read:
    """What several processes cut as if one had: kinds of files first, then shares."""
    names, starts, offsets = list[str](), list[int](), list[Mapping[str, int]]()
    columns, before = dict[str, dict[str, None]](), dict[str, int]()
    choice_columns = dict[str, frozenset[str]]()
    for one in sorted(slices, key=lambda one: one.group):
        offset = dict(before)
        for name, start in one.parts:
            names.append(name)
            starts.append(offset.get(MAIN, 0) + start)
            offsets.append(offset)
        for table, rows in one.rows.items():
            before[table] = offset.get(table, 0) + rows
        for table, ours in one.columns.items():
            columns.setdefault(table, {}).update(dict.fromkeys(ours))
        choice_columns |= one.choice_columns
    return Read(
        sealed,
        tuple(names),
        (*starts, before.get(MAIN, 0)),
        tuple(offsets),
        {table: tuple(ours) for table, ours in columns.items()},
        issues,
        choice_columns,
    )


def _whole(read: Read, form_id: str) -> Responses:
    """Everything, where it is no more than one part."""
    held = [read.sealed.tables(name) for name in read.names]
    frames = {
        table: read.gathered(table, {at: None for at, tables in enumerate(held) if table in tables})
        for table in read.columns
    }
    main, places = frames.pop(MAIN), frames.pop(PLACES, None)
    whole = Responses(form_id, main, frames, read.choice_columns, read.issues, places)
    return without_numbers(whole)
