"""Run by the Python that has LibreOffice's bridge: opens files and says how long that takes.

    /usr/bin/python3 open_forms.py SOFFICE PROFILE PLAN.json

The plan is a list of paths. Says as JSON the least seconds of three for each.
"""

import json
import sys
import time
from pathlib import Path

from bridge import running_office

TIMES = 3


def seconds_to_open(desktop, path):
    began = time.perf_counter()
    book = desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, ())
    spent = time.perf_counter() - began
    book.close(True)  # noqa: FBT003 - UNO has no names for arguments
    return spent


def main(soffice, profile, plan):
    with running_office(soffice, profile) as (_, desktop):
        desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ()).close(True)  # noqa: FBT003
        paths = json.loads(Path(plan).read_text(encoding="utf-8"))
        found = [min(seconds_to_open(desktop, path) for _ in range(TIMES)) for path in paths]
        sys.stdout.write(json.dumps(found))


main(*sys.argv[1:])
