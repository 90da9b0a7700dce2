"""What was made before consent was withdrawn, and is made again only when somebody asks for it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from pipeline.freshness import Ledger
from pipeline.store import sha256_file
from pipeline.study import Study


def clear_withdrawn(study: Study, memory: Ledger) -> tuple[str, ...]:
    """Take away delivered data, workbooks of names and restricted pages that are older.

    What `survey analyze` makes by itself is made anew without the response; this is the rest.

    Args:
        study: the study folder.
        memory: what is remembered of everything made.

    Returns:
        A line a thing taken away, and one a workbook that somebody wrote into, which stays.
    """
    from pipeline.privacy.consent import WITHDRAWALS, withdrawn
    from pipeline.register import FOLDER

    gone = withdrawn(study)
    if not gone:
        return ()
    since = (study.raw / FOLDER / WITHDRAWALS).stat().st_mtime_ns
    return (
        *_data(study, memory, gone, since),
        *_names(study, memory, since),
        *_restricted_pages(study, memory, since),
    )


def _data(study: Study, memory: Ledger, gone: frozenset[str], since: int) -> Iterator[str]:
    for edition in (study.outputs, study.outputs / "restricted"):
        for folder in sorted((edition / "data").glob("*")):
            if folder.is_dir() and _holds(folder, gone, since):
                for path in sorted(folder.glob(f"{folder.name}.*")):
                    path.unlink()
                memory.forget(f"deliver {study.shown(folder)}")
                yield _taken(study, folder, "survey deliver")


def _holds(folder: Path, gone: frozenset[str], since: int) -> bool:
    """Whether delivered data hold one of these responses, or could: not all have keys."""
    import pandas as pd
    import pyarrow.parquet as pq

    for path in folder.glob(f"{folder.name}*.parquet"):
        if "response_id" not in pq.read_schema(path).names:
            if path.stat().st_mtime_ns < since:
                return True
            continue
        ids = pd.read_parquet(path, columns=["response_id"])["response_id"]
        if not gone.isdisjoint(ids.dropna()):
            return True
    return False


def _names(study: Study, memory: Ledger, since: int) -> Iterator[str]:
    made = memory.made()
    for path in sorted((study.outputs / "recoding").glob("*.names.xlsx")):
        shown = study.shown(path)
        if path.stat().st_mtime_ns >= since:
            continue
        if sha256_file(path) in made.get(shown, frozenset()):
            path.unlink()
            memory.forget(f"names {path.name.removesuffix('.names.xlsx')}")
            yield _taken(study, path, "survey names")
        else:
            yield (
                f"withdrawn: somebody wrote into {shown}, which may hold a name that is to go; "
                "receive it and delete it"
            )


def _restricted_pages(study: Study, memory: Ledger, since: int) -> Iterator[str]:
    folder = study.outputs / "restricted" / "report"
    index = folder / "index.html"
    if index.is_file() and index.stat().st_mtime_ns < since:
        shutil.rmtree(folder)
        memory.forget("restricted report")
        yield _taken(study, folder, "survey analyze --restricted")


def _taken(study: Study, path: Path, command: str) -> str:
    return (
        f"withdrawn: {study.shown(path)} was older than the withdrawal and was taken away; "
        f"{command} makes it again"
    )
