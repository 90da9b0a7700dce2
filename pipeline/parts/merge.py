"""Parts put together again, a stretch of responses at a time, into files that are whole."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.cleaning.batch import Ints
from pipeline.cleaning.ledger import in_order
from pipeline.parts.clean import ROW
from pipeline.parts.sealed import Sealed
from pipeline.questionnaire.model import Questionnaire
from pipeline.store import write_through

_PRIVATE = 0o600
_END = np.iinfo(np.int64).max


class Stretches:
    """A table of all parts, read a stretch of responses after the other.

    Args:
        sealed: where the parts lie.
        names: of the parts, in order.
        table: its name in them.
        starts: the first row of main of each part as it was read; the stretches.
    """

    def __init__(
        self, sealed: Sealed, names: Sequence[str], table: str, starts: Sequence[int]
    ) -> None:
        self._sealed, self._names, self._table = sealed, tuple(names), table
        self.bounds = list(zip(starts, (*starts[1:], _END), strict=True))
        ends = [*starts, _END]
        self._cuts = [np.searchsorted(self._rows(name), ends).tolist() for name in names]

    def stretch(self, number: int) -> pd.DataFrame | None:
        """The rows of a stretch, with `ROW`."""
        parts = []
        for name, cuts in zip(self._names, self._cuts, strict=True):
            low, high = cuts[number], cuts[number + 1]
            if high > low:
                parts.append(self._sealed.read(name, self._table).iloc[low:high])
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else _along(parts)

    def _rows(self, name: str) -> Ints:
        return self._sealed.read(name, self._table, [ROW])[ROW].to_numpy(np.int64)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """Each stretch without `ROW`; an empty frame where there is nothing at all."""
        is_empty = True
        for number in range(len(self.bounds)):
            found = self.stretch(number)
            if found is not None:
                is_empty = False
                yield found.drop(columns=ROW)
        if is_empty:
            yield self._sealed.read(self._names[0], self._table).drop(columns=ROW)


def _along(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True).sort_values(ROW, kind="stable", ignore_index=True)


def ledgers(
    main: Stretches, lost: pd.DataFrame, gone: Stretches, form: Questionnaire, came: int
) -> Iterator[pd.DataFrame]:
    """The ledger, a row for each file and question, whatever parts a file was cut into.

    Args:
        main: what the parts counted, along the first rows of the files.
        lost: what belongs to no question or response, with `ROW`.
        gone: answers of responses that were withdrawn.
        form: the questionnaire.
        came: how many responses; `ROW` of files that hold none.
    """
    is_empty = True
    for number, (start, end) in enumerate(main.bounds):
        here = lost[lost[ROW].between(start, end, inclusive="left")]
        parts = (main.stretch(number), here, gone.stretch(number))
        found = [one for one in parts if one is not None and len(one)]
        if not found:
            continue
        whole = pd.concat(found, ignore_index=True)
        known = whole[whole[ROW] < came].drop_duplicates("source_file")
        files = dict(zip(known["source_file"], known[ROW].tolist(), strict=True))
        is_empty = False
        yield in_order(whole.drop(columns=ROW), files, form)
    if is_empty:
        yield lost.drop(columns=ROW)


def write_frames(path: Path, frames: Iterable[pd.DataFrame]) -> Path:
    """Write frames of the same columns one behind the other, readable by their owner alone."""

    def write(target: Path) -> None:
        writer: pq.ParquetWriter | None = None
        for frame in frames:
            if writer is None:
                first = pa.Table.from_pandas(frame, preserve_index=False)
                writer = pq.ParquetWriter(target, first.schema)
            writer.write_table(pa.Table.from_pandas(frame, writer.schema, preserve_index=False))
        if writer is not None:
            writer.close()

    write_through(path, write, mode=_PRIVATE)
    return path


def written(
    folder: Path, tables: Iterable[tuple[str, Callable[[], Iterable[pd.DataFrame]]]]
) -> tuple[Path, ...]:
    """Write tables into a folder one after the other: name without ending, and its frames."""
    return tuple(write_frames(folder / f"{name}.parquet", frames()) for name, frames in tables)
