"""`survey` in a process of its own, forked from one that has imported everything."""

import os
import sys
import tempfile
import traceback
from pathlib import Path

from pipeline.cli import main


def survey(study: Path, *arguments: object) -> tuple[int, str]:
    """Run a command as a person does; gives back its exit code and everything that it prints."""
    with tempfile.TemporaryFile() as said:
        number = os.fork()
        if not number:
            _run(said.fileno(), ["survey", "--study", str(study), *map(str, arguments)])
        _, status = os.waitpid(number, 0)
        said.seek(0)
        return os.waitstatus_to_exitcode(status), said.read().decode("utf-8", "replace")


def _run(said: int, command: list[str]) -> None:
    code = 1
    try:
        os.dup2(said, 1)
        os.dup2(said, 2)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - to the end
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - to the end
        os.environ["REPORT_LANGUAGE"] = "en"
        sys.argv = command
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - what a person would see is what is looked at
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
