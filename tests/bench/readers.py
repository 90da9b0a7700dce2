"""Reading by one process and by several: `python -m tests.bench.readers 1 2 4`.

1,000 returned Excel forms and 60,000 submissions, as in `rows_reading`; a line a number.
"""

import re
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from pipeline.parts.dealing import dealt
from pipeline.parts.reading import Read, read_or_cut
from pipeline.questionnaire.load import load
from pipeline.returns.child import stop_child
from pipeline.workflow.exported import export_forms
from pipeline.workflow.simulated import simulate
from tests.bench.growth import processor_seconds
from tests.bench.rows_reading import DRAWN, FORM, received, study_in
from tests.conftest import PROJECT

BOOKS, SUBMISSIONS = 1_000, 60_000
_KEY = re.compile(rb"uuid:[^<]*")


def main() -> None:
    """What each kind of file takes with each number of processes."""
    profile = load(PROJECT / "instruments" / f"{FORM}.yaml")
    with tempfile.TemporaryDirectory() as place:
        study = study_in(Path(place) / "study")
        export_forms(study, [FORM])
        simulate(study, FORM, n=DRAWN, seed=7, kind="odk", to=Path(place) / "sent")
        sent = [path.read_bytes() for path in sorted((Path(place) / "sent").rglob("*.xml"))]
        books = islice(cycle(sorted((PROJECT / "raw" / FORM).glob("*.xlsx"))), BOOKS)
        files = {
            "Excel forms": [
                received(study, FORM, f"{n}.xlsx", path.read_bytes())
                for n, path in enumerate(books)
            ],
            "submissions": [
                received(study, FORM, f"{n}.xml", _KEY.sub(b"uuid:%032x" % n, content))
                for n, content in enumerate(islice(cycle(sent), SUBMISSIONS))
            ],
        }
        for what, listed in files.items():
            for number in map(int, sys.argv[1:]):
                stop_child()  # its start is part of what it costs
                start, used = time.perf_counter(), processor_seconds()
                shares = dealt(listed, profile, number)
                read = read_or_cut(study, profile, shares, size=100_000, folder=study.root / "p")
                if isinstance(read, Read):
                    read.sealed.remove()
                stop_child()
                seconds, processor = time.perf_counter() - start, processor_seconds() - used
                print(  # noqa: T201 - a command
                    f"{what}: {len(shares)} processes, {seconds:.1f} s, "
                    f"{processor:.1f} s of a processor",
                    flush=True,
                )


if __name__ == "__main__":
    main()
