"""What the stages noted about files, columns and logs, put together from the parts."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import Left
from pipeline.cleaning.coding import STAGE as CODING
from pipeline.cleaning.corrections import STAGE as CORRECTIONS
from pipeline.cleaning.decisions import STAGE as RECODING
from pipeline.cleaning.issues import STAGE_ORDER
from pipeline.cleaning.ledger import ledger_of_left
from pipeline.cleaning.versions import STAGE as VERSIONS
from pipeline.cleaning.versions import issues_of_left
from pipeline.parts.clean import ROW, Piece
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import ISSUE_COLUMNS, join_issues, typed_issues

_LINK = "link"


def noted_together(
    pieces: Sequence[Piece],
    form: Questionnaire,
    log: pd.DataFrame,
    columns: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """What was noted in all parts, in the order of the stages.

    A decision that fits nothing is one that fits nothing in any part; a correction is told by the
    part that has its response; a rule that cannot be worked out is told once.

    Args:
        pieces: the cleaned parts, in order.
        form: the questionnaire.
        log: all corrections, in the order in which they are applied.
        columns: table -> returned columns, in order.

    Returns:
        `ISSUE_COLUMNS`, without what was noticed in reading.
    """
    found = []
    for stage in (_LINK, *STAGE_ORDER):
        frames = [_of_stage(piece, stage) for piece in pieces]
        if stage == VERSIONS:
            found.append(issues_of_left(left_together(pieces, columns), form))
        elif stage == CORRECTIONS:
            found.append(_in_order_of(log, join_issues(frames)))
        elif stage in {RECODING, CODING}:
            found.append(_in_every(frames))
        else:
            found.append(join_issues(frames).drop_duplicates(ignore_index=True))
    return join_issues(found)


def left_together(pieces: Sequence[Piece], columns: Mapping[str, Sequence[str]]) -> list[Left]:
    """Answers to questions that are none of this version, by table, column and file."""
    files = _files(pieces)
    counts: dict[tuple[str, str, str], int] = {}
    for one in (one for piece in pieces for one in piece.left):
        key = (one.table, one.question, one.source_file)
        counts[key] = counts.get(key, 0) + one.count
    tables = {table: at for at, table in enumerate(columns)}
    places = {(t, name): at for t, names in columns.items() for at, name in enumerate(names)}

    def order(key: tuple[str, str, str]) -> tuple[float, float, float]:
        table, question, file = key
        place = places.get((table, question), np.inf)
        return tables.get(table, np.inf), place, files.get(file, np.inf)

    ordered = sorted(counts, key=order)
    return [Left(file, name, counts[t, name, file], t) for t, name, file in ordered]


def ledger_of_lost(
    pieces: Sequence[Piece], columns: Mapping[str, Sequence[str]], came: int
) -> pd.DataFrame:
    """What belongs to no question or no response, as rows of the ledger along the files' rows.

    Args:
        pieces: the cleaned parts.
        columns: table -> returned columns.
        came: how many responses; stands for files that hold none.
    """
    strays = [one for piece in pieces for one in piece.strays]
    frame = ledger_of_left([*strays, *left_together(pieces, columns)])
    rows = frame["source_file"].map(_files(pieces)).fillna(came).astype("int64")
    return frame.assign(**{ROW: rows}).sort_values(ROW, kind="stable", ignore_index=True)


def _files(pieces: Iterable[Piece]) -> dict[str, int]:
    found: dict[str, int] = {}
    for piece in pieces:
        for file, row in piece.files.items():
            found[file] = min(row, found.get(file, row))
    return found


def _of_stage(piece: Piece, stage: str) -> pd.DataFrame:
    return join_issues(
        [typed_issues(frame) for frame in piece.noted if (frame["stage"] == stage).all()]
    )


def _in_order_of(log: pd.DataFrame, issues: pd.DataFrame) -> pd.DataFrame:
    """Issues about rows of logs, in the order of these rows."""
    keys = ["source_file", "source_place"]
    rows = log[keys].fillna("").reset_index(drop=True)
    first = rows.assign(at=rows.index).groupby(keys)["at"].min()
    wanted = pd.MultiIndex.from_frame(issues[keys].fillna(""))
    order = np.argsort(first.reindex(wanted).to_numpy(), kind="stable")
    return issues.take(order).reset_index(drop=True)


def _in_every(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Issues that every part tells."""
    first, *others = frames
    told = [set(_rows(other)) for other in others]
    kept = [all(row in rows for rows in told) for row in _rows(first)]
    return first[np.array(kept, dtype=bool)].reset_index(drop=True)


def _rows(issues: pd.DataFrame) -> Iterable[tuple[object, ...]]:
    whole = issues[list(ISSUE_COLUMNS)].astype(object)
    return whole.where(whole.notna(), None).itertuples(index=False, name=None)
