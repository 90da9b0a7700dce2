"""`survey`: arguments, progress and exit codes; the work itself is ordered in `workflow`.

Everything heavy is imported inside the commands, so that `survey --help` answers at once.
"""

from pipeline.cli import questionnaires, outgoing, returned, results, people  # noqa: I001 - as in --help
from pipeline.cli.app import app

CODES = {
    "CLI-001": "a file cannot be read or written",
    "CLI-002": "a defect of ours",
    "CLI-003": "a table in processed/ is damaged",
}

__all__ = ["app", "main", "outgoing", "people", "questionnaires", "results", "returned"]


def main() -> None:
    """Entry point of the console script."""
    app()
