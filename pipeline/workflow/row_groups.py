"""Parquet files read a row group at a time, by whoever does the work."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pyarrow import ArrowException
from pyarrow.parquet import ParquetFile, read_schema

from pipeline.errors import Place, Problem, SurveyError


@dataclass(frozen=True)
class RowGroup:
    """Some rows of a Parquet file.

    Attributes:
        path: of the file, as whoever reads it finds it.
        number: of the row group, from 0.
        rows: how many rows it has.
        stamp: the file's size and time when it was first looked at.
    """

    path: Path
    number: int
    rows: int
    stamp: tuple[int, int]

    def columns(self) -> tuple[str, ...]:
        """The names of the file's columns."""
        return tuple(read_schema(self.path).names)

    def read(self, columns: Sequence[str]) -> pd.DataFrame:
        """Its rows, with these columns.

        Raises:
            SurveyError: WORK-003, the file cannot be read any more, or is not what it was.
        """
        try:
            if _stamp(self.path) != self.stamp:
                raise SurveyError([_changed(self.path)])
            with ParquetFile(self.path) as file:
                table = file.read_row_group(self.number, columns=list(columns), use_threads=False)
        except (OSError, ArrowException) as error:
            raise SurveyError([unreadable(self.path)]) from error
        frame: pd.DataFrame = table.to_pandas()
        return frame.reset_index(drop=True)


def parquet_files(data: Path) -> list[Path]:
    """The Parquet files that a path stands for: itself, or those of a folder; none for a CSV."""
    if data.is_dir():
        return sorted(data.glob("*.parquet"))
    return [data] if data.suffix == ".parquet" else []


def parts_of(data: Path) -> list[RowGroup]:
    """The row groups that have rows, file by file; none for a file that is not Parquet.

    Raises:
        SurveyError: WORK-003, a file that cannot be read, or has other columns than the first.
    """
    found: list[RowGroup] = []
    names: list[str] | None = None
    for path in parquet_files(data):
        try:
            with ParquetFile(path) as file:
                about, own, stamp = file.metadata, file.schema_arrow.names, _stamp(path)
        except (OSError, ArrowException) as error:
            raise SurveyError([unreadable(path)]) from error
        if names is not None and set(own) != set(names):
            message = "The file has other columns than the first of its folder."
            repair = "Put together only parts of one table."
            raise SurveyError([Problem("WORK-003", message, repair, Place(file=path.as_posix()))])
        names = own
        sizes = (about.row_group(number).num_rows for number in range(about.num_row_groups))
        found += [RowGroup(path.resolve(), n, size, stamp) for n, size in enumerate(sizes) if size]
    return found


def _stamp(path: Path) -> tuple[int, int]:
    about = path.stat()
    return about.st_size, about.st_mtime_ns


def _changed(path: Path) -> Problem:
    message, repair = "The file was changed while it was read.", "Run the same command again."
    return Problem("WORK-003", message, repair, Place(file=path.as_posix()))


def unreadable(path: Path) -> Problem:
    """WORK-003: neither CSV nor Parquet."""
    message = "The data cannot be read as CSV or Parquet."
    repair = "Name a .csv file in UTF-8, a .parquet file or a folder of these."
    return Problem("WORK-003", message, repair, Place(file=path.as_posix()))
