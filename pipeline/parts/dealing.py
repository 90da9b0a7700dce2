"""A form's files dealt out to the processes that read them.

A further process costs the start of Python; so there is one more only for every few seconds of
reading, and never more than there is memory for.
"""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import numpy as np

from pipeline.questionnaire.model import Questionnaire
from pipeline.returns.manifest import ManifestRow
from pipeline.returns.read import of_form

SECONDS_A_PROCESS = 2.0
"""Reading for which a further process is worth its start of about one second."""
_SECONDS = {".xlsx": (5e-3, 6e-8), ".xml": (8e-5, 2e-9)}
_SECONDS_OF_OTHERS = (2e-3, 3e-8)
"""What reading a file takes, and for each of its bytes: docs/benchmarks.md."""
_MEMORY, _MEMORY_A_BYTE = 400 << 20, 6
"""What a process that reads needs at most, and for each byte of its largest file."""


def dealt(
    manifest_rows: Iterable[ManifestRow],
    questionnaire: Questionnaire,
    processes: int,
    *,
    seconds_a_process: float = SECONDS_A_PROCESS,
    memory: int | None = None,
) -> tuple[tuple[ManifestRow, ...], ...]:
    """A share of the files for each process, about equal in work.

    Args:
        manifest_rows: rows of the manifest; those of other forms are passed over.
        questionnaire: the form.
        processes: how many there are at most.
        seconds_a_process: how much reading is worth one more.
        memory: bytes that are free; None: what the machine says.

    Returns:
        At least one share; together they are the form's files in the order of reading.
    """
    rows = of_form(manifest_rows, questionnaire)
    seconds = np.array([_seconds(row) for row in rows])
    need = _MEMORY + _MEMORY_A_BYTE * max((row.bytes for row in rows), default=0)
    free = _free() if memory is None else memory
    fitting = processes if free is None else min(processes, free // need)
    worth = int(seconds.sum() // seconds_a_process) if seconds_a_process else len(rows)
    number = max(1, min(fitting, worth))
    middle = np.cumsum(seconds) - seconds / 2
    share = np.minimum(middle / max(seconds.sum(), 1e-9) * number, number - 1).astype(int)
    shares = [tuple(rows[at] for at in np.flatnonzero(share == one)) for one in range(number)]
    return tuple(filter(None, shares)) or ((),)


def _seconds(row: ManifestRow) -> float:
    each, a_byte = _SECONDS.get(PurePosixPath(row.file).suffix, _SECONDS_OF_OTHERS)
    return each + a_byte * row.bytes


def _free() -> int | None:
    """Bytes of memory that nobody needs; None where the system does not say."""
    told = Path("/proc/meminfo")
    lines = told.read_text(encoding="ascii").splitlines() if told.exists() else []
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None
