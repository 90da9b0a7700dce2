"""What came back, cut into parts while it is read: never more at once than a part and a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Ints
from pipeline.parts.sealed import Sealed
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Issue, Responses, concat_responses, issues_frame, join_issues
from pipeline.returns.manifest import ManifestRow
from pipeline.returns.read import in_pieces, read_in_child
from pipeline.study import Caps, Study

PLACES = "places"
"""Name of the table of places among those of a raw part; no repeat can have it."""
NUMBER, FILE_NUMBER = " number", " file"
"""Columns of a raw part: the row in the whole table, and the first row of main of its file.

No question can have a name with a blank in it.
"""


@dataclass(frozen=True)
class Read:
    """What came back for one form, in parts.

    Attributes:
        sealed: where the parts lie.
        starts: the first row of main of each part, and behind them the number of all rows.
        columns: table -> its columns, in the order of one frame of everything.
        issues: what was noticed in reading, `responses.ISSUE_COLUMNS`.
        choice_columns: as `Responses.choice_columns`.
    """

    sealed: Sealed
    starts: tuple[int, ...]
    columns: Mapping[str, tuple[str, ...]]
    issues: pd.DataFrame
    choice_columns: Mapping[str, frozenset[str]]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the raw parts, in order."""
        return tuple(map(raw_name, range(len(self.starts) - 1)))

    @property
    def came(self) -> int:
        """How many responses."""
        return self.starts[-1]


def raw_name(number: int) -> str:
    """The name under which a raw part is sealed."""
    return f"raw-{number:05}"


def read_or_cut(
    study: Study,
    questionnaire: Questionnaire,
    manifest_rows: Iterable[ManifestRow],
    *,
    size: int,
    folder: Path,
) -> Responses | Read:
    """Read every received file of a form, in a process of its own.

    Args:
        study: the study folder.
        questionnaire: the form.
        manifest_rows: rows of the manifest; those of other forms are passed over.
        size: how many responses are a part.
        folder: where parts are sealed.

    Returns:
        The responses where they are no more than one part; else the parts.

    Raises:
        SurveyError: as `returns.read.read_form`.
    """
    rows = tuple(manifest_rows)
    cutter = _Cutter(Sealed(folder), size)
    found, broken = read_in_child(
        study, questionnaire, rows, (_cut, cutter), caps=study.settings.caps
    )
    read: Responses | Read = found
    return replace(read, issues=join_issues([broken, read.issues]))


def _cut(
    study: Study,
    questionnaire: Questionnaire,
    manifest_rows: Iterable[ManifestRow],
    caps: Caps,
    cutter: "_Cutter",
) -> Responses | Read:
    """In the child: hold on to the responses until they are more than one part."""
    unread = list[Issue]()
    pieces = in_pieces(study, questionnaire, manifest_rows, caps, size=cutter.size, unread=unread)
    for piece in pieces:
        cutter.add(piece)
    read = cutter.whole() if not cutter.starts else cutter.read()
    return replace(read, issues=join_issues([issues_frame(unread), read.issues]))


class _Cutter:
    """Seals a part whenever there are enough responses for one."""

    def __init__(self, sealed: Sealed, size: int) -> None:
        self.sealed, self.size = sealed, size
        self.waiting = list[Responses]()
        self.starts = list[int]()
        self.issues = list[pd.DataFrame]()
        self.columns = dict[str, dict[str, None]]()
        self.choice_columns = dict[str, frozenset[str]]()
        self.numbered = dict[str, int]()
        self.file: tuple[str, int] = ("", 0)

    def add(self, piece: Responses) -> None:
        """Take one more piece in."""
        self.issues.append(piece.issues)
        self.choice_columns |= piece.choice_columns
        for table, frame in _tables(piece).items():
            self.columns.setdefault(table, {}).update(dict.fromkeys(map(str, frame.columns)))
        self.waiting.append(self._numbered(replace(piece, issues=issues_frame())))
        while sum(len(one.main) for one in self.waiting) > self.size:
            head, rest = _split(concat_responses(self.waiting), self.size)
            self.waiting = [rest]
            self._seal(head)

    def whole(self) -> Responses:
        """Everything, where it is no more than one part."""
        read = concat_responses(self.waiting)
        plain = {name: frame.drop(columns=NUMBER) for name, frame in read.repeats.items()}
        return replace(
            read,
            main=read.main.drop(columns=[NUMBER, FILE_NUMBER]),
            repeats=plain,
            places=None if read.places is None else read.places.drop(columns=NUMBER),
            issues=join_issues(self.issues),
        )

    def read(self) -> Read:
        """The parts; what waits is the last."""
        self._seal(concat_responses(self.waiting))
        return Read(
            self.sealed,
            (*self.starts, self.numbered[MAIN]),
            {table: tuple(names) for table, names in self.columns.items()},
            join_issues(self.issues),
            self.choice_columns,
        )

    def _numbered(self, piece: Responses) -> Responses:
        """The piece with the number of each row in the whole tables."""
        main = piece.main.assign(**{NUMBER: self._numbers(MAIN, piece.main)})
        main[FILE_NUMBER] = self._file_numbers(main)
        repeats = {
            name: frame.assign(**{NUMBER: self._numbers(name, frame)})
            for name, frame in piece.repeats.items()
        }
        places = piece.places
        if places is not None:
            places = places.assign(**{NUMBER: self._numbers(PLACES, places)})
        return replace(piece, main=main, repeats=repeats, places=places)

    def _numbers(self, table: str, frame: pd.DataFrame) -> Ints:
        start = self.numbered.get(table, 0)
        self.numbered[table] = start + len(frame)
        return np.arange(start, start + len(frame), dtype=np.int64)

    def _file_numbers(self, main: pd.DataFrame) -> Ints:
        """For each row the first row of its file; the rows of a file stand together."""
        if not len(main):
            return np.zeros(0, np.int64)
        codes, files = pd.factorize(main["source_file"])
        _, first = np.unique(codes, return_index=True)
        found: Ints = main[NUMBER].to_numpy()[first]
        if files[0] == self.file[0]:
            found[0] = self.file[1]
        self.file = (str(files[-1]), int(found[-1]))
        return found[codes]

    def _seal(self, part: Responses) -> None:
        name = raw_name(len(self.starts))
        self.starts.append(int(part.main[NUMBER].iloc[0]) if len(part.main) else 0)
        self.sealed.write(name, _tables(part))


def _tables(piece: Responses) -> dict[str, pd.DataFrame]:
    places = {} if piece.places is None else {PLACES: piece.places}
    return {MAIN: piece.main, **piece.repeats, **places}


def _split(whole: Responses, size: int) -> tuple[Responses, Responses]:
    """The first responses with the rows that belong to them, and the others."""
    head, rest = whole.main.iloc[:size], whole.main.iloc[size:].reset_index(drop=True)
    ids = frozenset(head["response_id"])
    parts = {name: _parted(frame, ids) for name, frame in whole.repeats.items()}
    places = (None, None) if whole.places is None else _parted(whole.places, ids)
    first, second = (
        replace(
            whole,
            main=main,
            repeats={name: pair[at] for name, pair in parts.items()},
            places=places[at],
            choice_columns={},
        )
        for at, main in enumerate((head, rest))
    )
    return first, second


def _parted(frame: pd.DataFrame, ids: Iterable[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    ours = frame["response_id"].isin(list(ids))
    return frame[ours].reset_index(drop=True), frame[~ours].reset_index(drop=True)
