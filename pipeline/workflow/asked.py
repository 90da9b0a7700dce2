"""What the field is asked, and what it answered: workbooks of queries out, corrections in."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.study import Study
from pipeline.workflow.questionnaires import form_names, load_questionnaires

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from pipeline.questionnaire.model import Questionnaire

QUERIES = "queries"


def corrections_of(study: Study, questionnaires: "Mapping[str, Questionnaire]") -> "pd.DataFrame":
    """Every correction that was received: logs first, then answers to queries.

    Args:
        study: the study folder.
        questionnaires: by form_id; answers to queries about others stay as they were written.
    """
    import pandas as pd

    from pipeline.cleaning.corrections_log import read_corrections
    from pipeline.returns.manifest import read_manifest
    from pipeline.returns.query_workbook import read_query_answers

    answers = read_query_answers(study, questionnaires, read_manifest(study))
    return pd.concat([read_corrections(study), answers], ignore_index=True)


def write_queries(study: Study) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Write a workbook for everyone who is asked, and remove those of whom nothing is asked.

    A workbook into which somebody wrote and that has not been received stays as it is.

    Returns:
        The workbooks, and what to tell of them.
    """
    import pandas as pd

    from pipeline.cleaning.queries import FILE
    from pipeline.cleaning.query_books import query_books
    from pipeline.forms.query_workbook import write_query_workbook
    from pipeline.returns.manifest import read_manifest

    folder = study.outputs / QUERIES
    questionnaires = load_questionnaires(study)
    files = [study.processed / name / FILE for name in form_names(study)]
    frames = [pd.read_parquet(path) for path in files if path.is_file()]
    books = query_books([frame for frame in frames if len(frame)], questionnaires)
    received = frozenset(row.sha256 for row in read_manifest(study))
    wanted = {folder / f"{book.name}.xlsx": book for book in books}
    there = sorted(folder.glob("*.xlsx")) if folder.is_dir() else []
    kept = [path for path in there if _is_unsent(path, received)]
    for path in there:
        if path not in wanted and path not in kept:
            path.unlink()
    for path, book in wanted.items():
        if path not in kept:
            write_query_workbook(book, questionnaires, path)
    asked = sum(len(book.queries) for book in books)
    told = f"queries: {asked} open, for {len(books)} workbooks in outputs/{QUERIES}/"
    lines = [told] if books else []
    lines += [
        f"queries: {study.shown(path)} was written into and not received yet; it stays as it is"
        for path in kept
    ]
    return (*wanted, *(path for path in kept if path not in wanted)), tuple(lines)


def _is_unsent(path: Path, received: frozenset[str]) -> bool:
    """Whether a file is somebody's: written into and not received yet, or none of ours."""
    from pipeline.errors import SurveyError
    from pipeline.returns.query_workbook import is_unanswered
    from pipeline.store import sha256_file

    if sha256_file(path) in received:
        return False
    try:
        return not is_unanswered(path)
    except SurveyError:
        return True
