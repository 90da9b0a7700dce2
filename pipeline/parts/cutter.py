"""Parts cut and sealed while they are read; each process that reads has a cutter of its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Ints
from pipeline.parts.sealed import Sealed
from pipeline.responses import Responses, concat_responses
from pipeline.returns.noticed import Group

PLACES = "places"
"""Name of the table of places among those of a raw part; no repeat can have it."""
NUMBER, FILE_NUMBER = " number", " file"
"""Columns of a raw part: the row among all that its cutter cut of its group, and the first row of
main of its file.

No question can have a name with a blank in it.
"""


@dataclass
class Slice:
    """What one process read of one group of files; its parts are sealed.

    Attributes:
        group: of files.
        parts: the name of each part, and its first row of main.
        rows: table -> how many.
        columns: table -> its columns, in the order in which they were met.
        choice_columns: as `Responses.choice_columns`.
    """

    group: Group
    parts: list[tuple[str, int]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, dict[str, None]] = field(default_factory=dict)
    choice_columns: dict[str, frozenset[str]] = field(default_factory=dict)


class Cutter:
    """Seals a part whenever there are enough responses for one.

    Args:
        sealed: where.
        size: how many responses are a part.
        number: which of the processes this is, from 0.
        of: how many there are. A single one has no need to keep groups apart, and gives back what
            is no more than a part as it is.
    """

    def __init__(self, sealed: Sealed, size: int, number: int, of: int) -> None:
        self._sealed, self.size, self._number, self._is_single = sealed, size, number, of == 1
        self._waiting = list[Responses]()
        self._slices = list[Slice]()
        self._file: tuple[str, int] = ("", 0)

    def add(self, group: Group, piece: Responses) -> None:
        """Take one more piece in; groups come one after the other."""
        if not self._slices or not (self._is_single or self._slices[-1].group == group):
            self._seal_rest()
            self._slices.append(Slice(group))
            self._file = ("", 0)
        here = self._slices[-1]
        here.choice_columns |= piece.choice_columns
        for table, frame in _tables(piece).items():
            here.columns.setdefault(table, {}).update(dict.fromkeys(map(str, frame.columns)))
        self._waiting.append(self._numbered(piece))
        while sum(len(one.main) for one in self._waiting) > self.size:
            head, rest = _split(concat_responses(self._waiting), self.size)
            self._waiting = [rest]
            self._seal(head)

    def done(self) -> Responses | list[Slice]:
        """Everything where this is the only process and it is no more than a part; else slices."""
        if self._is_single and not any(one.parts for one in self._slices):
            return without_numbers(concat_responses(self._waiting))
        self._seal_rest()
        return self._slices

    def _seal_rest(self) -> None:
        """Seal what waits, unless it is nothing."""
        waiting, self._waiting = self._waiting, []
        if any(len(frame) for one in waiting for frame in _tables(one).values()):
            self._seal(concat_responses(waiting))

    def _seal(self, part: Responses) -> None:
        here = self._slices[-1]
        name = f"raw-{here.group}-{self._number:03}-{len(here.parts):05}"
        numbers = part.main[NUMBER]
        here.parts.append((name, int(numbers.iloc[0]) if len(numbers) else here.rows[MAIN]))
        self._sealed.write(name, _tables(part))

    def _numbered(self, piece: Responses) -> Responses:
        """The piece with the number of each row."""
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
        rows = self._slices[-1].rows
        start = rows.get(table, 0)
        rows[table] = start + len(frame)
        return np.arange(start, start + len(frame), dtype=np.int64)

    def _file_numbers(self, main: pd.DataFrame) -> Ints:
        """For each row the first row of its file; the rows of a file stand together."""
        if not len(main):
            return np.zeros(0, np.int64)
        codes, files = pd.factorize(main["source_file"])
        _, first = np.unique(codes, return_index=True)
        found: Ints = main[NUMBER].to_numpy()[first]
        if files[0] == self._file[0]:
            found[0] = self._file[1]
        self._file = (str(files[-1]), int(found[-1]))
        return found[codes]


def without_numbers(read: Responses) -> Responses:
    """Responses as the readers hand them over."""
    plain = {name: frame.drop(columns=NUMBER) for name, frame in read.repeats.items()}
    return replace(
        read,
        main=read.main.drop(columns=[NUMBER, FILE_NUMBER]),
        repeats=plain,
        places=None if read.places is None else read.places.drop(columns=NUMBER),
    )


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
