"""The disclosure audit of whatever lies in outputs/, with nothing but what lies there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Place, Problem, SurveyError
from pipeline.study import Study

if TYPE_CHECKING:
    from pipeline.privacy.published_audit import Leak, Spot

_MESSAGES = {
    "shown": ("DISC-001", "The cell shows a count that is too small to be shown."),
    "told": ("DISC-002", "The count of this cell can be worked out from what is shown."),
    "contradiction": ("DISC-003", "The cell does not fit what other cells show of the same count."),
}
_REPAIR = "Make the report again: survey analyze."


def audit(study: Study) -> tuple[str, ...]:
    """Repeat the audit on tables and data; gives back what was held against the rule.

    Raises:
        SurveyError: DISC-..., every leak, by file and cell; never a value.
    """
    from pipeline.privacy.published_audit import audit_published
    from pipeline.privacy.reading import PublishedTable, read_published

    rule, problems, lines = study.settings.disclosure, list[Problem](), list[str]()
    public = list(read_published(study.outputs / "report"))
    closed = list(read_published(study.outputs / "restricted" / "report"))
    readers = [("public", public, rule.public)]
    if closed:
        readers.append(("restricted", [*public, *closed], rule.restricted))
    for reader, tables, threshold in readers:
        readable = [one for one in tables if isinstance(one, PublishedTable)]
        problems += [_of_leak(study, one) for one in audit_published(readable, threshold)]
        lines.append(f"{reader}: {len(readable)} tables held together at {threshold}")
    unread = [one for one in (*public, *closed) if not isinstance(one, PublishedTable)]
    problems += [
        Problem("DISC-004", one.why, _REPAIR, Place(file=study.shown(one.file))) for one in unread
    ]
    folders = sorted((study.outputs / "data").glob("*/"))
    problems += [problem for folder in folders for problem in _data(study, folder)]
    lines.append(f"data: {len(folders)} forms held to {rule.k} responses alike")
    if problems:
        raise SurveyError(dict.fromkeys(problems))
    return tuple(lines)


def _of_leak(study: Study, leak: "Leak") -> Problem:
    code, message = _MESSAGES[leak.kind]
    first = leak.spots[0] if leak.spots else None
    if first is None:
        return Problem(code, message, _REPAIR, Place(rule=leak.table or None))
    place = Place(file=study.shown(first.file), cell=_cell(first), rule=leak.table or None)
    return Problem(code, message, _REPAIR, place)


def _cell(spot: "Spot") -> str:
    """As a spreadsheet calls it."""
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(spot.column)}{spot.row}"


def _data(study: Study, folder: Path) -> Iterator[Problem]:
    """Rows of delivered data that too few others are alike to."""
    import pandas as pd

    from pipeline.privacy.k_anonymity import too_rare

    sidecar = folder / f"{folder.name}.disclosure.json"
    k = study.settings.disclosure.k
    try:
        quasi = [str(one) for one in json.loads(sidecar.read_text(encoding="utf-8"))["quasi"]]
    except (OSError, ValueError, KeyError, TypeError):
        message = "It is not said which variables narrow a respondent down."
        place = Place(file=study.shown(sidecar))
        yield Problem("DISC-004", message, "Deliver again: survey deliver.", place)
        return
    for ending in ("csv", "parquet") if quasi else ():
        file = folder / f"{folder.name}.{ending}"
        if not file.is_file():
            continue
        try:
            data = pd.read_csv(file, dtype=str) if ending == "csv" else pd.read_parquet(file)
            rare = int(too_rare(data[quasi].astype("str"), k).sum())
        except (OSError, ValueError, KeyError):
            message = "The data cannot be read, or a variable is not there."
            place = Place(file=study.shown(file))
            yield Problem("DISC-004", message, "Deliver again: survey deliver.", place)
            continue
        if rare:
            message = f"{rare} rows are like fewer than {k - 1} others in what narrows down."
            place = Place(file=study.shown(file), rule=", ".join(quasi))
            yield Problem("DISC-005", message, "Deliver again: survey deliver.", place)
