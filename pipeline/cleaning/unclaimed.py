"""Corrections that no form claims: each row of a log is told by one form, or here."""

from collections.abc import Collection
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.cleaning.correction_targets import ID_MARK
from pipeline.cleaning.corrections import NOTHING, kind_of
from pipeline.responses import Issue, issues_frame
from pipeline.store import write_through

STAGE = "corrections"
_CODE = "correction_unclaimed"


def unclaimed(
    log: pd.DataFrame, response_ids: Collection[str], form_ids: Collection[str]
) -> pd.DataFrame:
    """Rows that ask for something about a response that nobody has.

    Args:
        log: `CORRECTION_COLUMNS`.
        response_ids: those of every form of the study that the log names, as they came back.
        form_ids: the study's forms; a form tells by itself of a row that names it.

    Returns:
        `ISSUE_COLUMNS`, one row a row of the log.
    """
    asks = log["change_type"].map(kind_of) != NOTHING
    ours = log["response_id"].str.strip().str.removeprefix(ID_MARK).isin(list(response_ids))
    told = log["form_id"].isin(list(form_ids)) | (log["form_id"].isna() & ours)
    rows = log[asks & ~told]
    shown = rows.astype(object).where(rows.notna(), None)
    return issues_frame(
        Issue(
            response_id=row["response_id"],
            question=row["question"],
            code=_CODE,
            rule=kind_of(row["change_type"]),
            severity=ISSUE_CODES[_CODE].severity,
            stage=STAGE,
            source_file=row["source_file"],
            source_place=row["source_place"],
            message=f"{ISSUE_CODES[_CODE].en}.",
        )
        for row in shown.to_dict("records")
    )


def response_ids(folder: Path, named: Collection[str]) -> set[str]:
    """The keys among these of responses to a form that came back, kept or set aside.

    Args:
        folder: `processed/FORM`.
        named: the keys that are looked for.
    """
    told = pd.read_parquet(
        folder / "issues.parquet",
        columns=["response_id"],
        filters=[("action", "==", "set_aside")],
    )
    found = set(named).intersection(told["response_id"])
    wanted = pa.array(sorted(named), pa.large_string())
    with pq.ParquetFile(folder / "responses.parquet") as kept:
        for part in kept.iter_batches(columns=["response_id"]):
            ids = part.column(0).cast(pa.large_string())
            found.update(ids.filter(pc.is_in(ids, wanted)).to_pylist())
    return found


def write_unclaimed(issues: pd.DataFrame, path: Path) -> Path:
    """Write the rows that nobody claims, readable by their owner alone."""
    write_through(path, partial(issues.to_parquet, index=False), mode=0o600)
    return path
