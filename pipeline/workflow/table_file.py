"""Read a table of data that is not the study's own, and refuse what would be read amiss.

A CSV whose lines have more or fewer fields than its header, or whose header names a column twice,
is read by pandas with columns moved, cut or renamed, and without a word.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
from pyarrow import ArrowInvalid, parquet
from pyarrow import csv as arrow_csv

from pipeline.errors import Place, Problem, SurveyError
from pipeline.workflow.row_groups import parquet_files, unreadable

_SHOWN = 20  # lines named in one go


def read_table(file: Path, wanted: Sequence[str] | None = None) -> pd.DataFrame:
    """The rows of a CSV (UTF-8) or Parquet file, or of all Parquet files of a folder.

    Args:
        file: the file or folder.
        wanted: the columns that are needed, so that of a large Parquet file no others are held;
            None, or a name that it lacks: all of them.

    Raises:
        SurveyError: WORK-003, the file cannot be read; WORK-014, its lines or its header do not
            make a table.
    """
    try:
        if found := parquet_files(file):
            named = None if wanted is None else list(dict.fromkeys(wanted))
            if named is not None and not set(named) <= set(parquet.read_schema(found[0]).names):
                named = None
            frames = [pd.read_parquet(one, columns=named) for one in found]
            return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
        problems = list(_misshapen(file))
        if not problems:
            return pd.read_csv(file, low_memory=False, index_col=False)
    except (OSError, ValueError, csv.Error) as error:
        raise SurveyError([unreadable(file)]) from error
    raise SurveyError(problems)


def _misshapen(file: Path) -> Iterator[Problem]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        header = next(csv.reader(opened), [])
    for name in dict.fromkeys(name for name in header if header.count(name) > 1):
        shown = f"The column '{name}'" if name else "A column without a name"
        message, repair = f"{shown} stands there more than once.", "Name every column once."
        yield Problem("WORK-014", message, repair, Place(file=file.as_posix(), line=1))
    wrong: list[int] = []

    def noted(row: arrow_csv.InvalidRow) -> str:
        wrong.append(row.number or 0)
        return "skip"

    try:
        arrow_csv.read_csv(
            file,
            read_options=arrow_csv.ReadOptions(
                use_threads=False, column_names=[str(n) for n in range(len(header))]
            ),
            parse_options=arrow_csv.ParseOptions(
                newlines_in_values=True, invalid_row_handler=noted
            ),
            convert_options=arrow_csv.ConvertOptions(include_columns=["0"]),
        )
    except ArrowInvalid:
        if not wrong:
            raise
    for number in wrong[:_SHOWN]:
        more = f" So have {len(wrong) - _SHOWN} later rows." if len(wrong) > _SHOWN else ""
        message = f"The row has not as many fields as the header.{more}"
        repair = "Write one field a column; a comma in an answer stands between quotes."
        yield Problem(
            "WORK-014", message, repair, Place(file=file.as_posix(), cell=f"row {number}")
        )
