"""Why files lie in raw/unrecognised/, as a table beside them that a person can read."""

import csv
import io
from collections.abc import Mapping

from pipeline.returns.manifest import REASONS, UNRECOGNISED
from pipeline.store import write_text
from pipeline.study import Study

_COLUMNS = ("file", "reason")


def read_reasons(study: Study) -> dict[str, str]:
    """Path below raw/ -> why the file was not recognised when it was last received."""
    path = study.raw / UNRECOGNISED / REASONS
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8", errors="replace")
    rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
    return {row[0]: row[1] for row in rows if len(row) == len(_COLUMNS)}


def write_reasons(study: Study, reasons: Mapping[str, str]) -> None:
    """Add reasons to the table, in the order of the paths; call it inside `locked`."""
    before = read_reasons(study)
    after = before | dict(reasons)
    if after == before:
        return
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(sorted(after.items()))
    write_text(study.raw / UNRECOGNISED / REASONS, text.getvalue(), mode=0o600)
