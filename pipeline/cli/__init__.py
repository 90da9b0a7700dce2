"""`survey`: arguments, progress and exit codes; the work itself is ordered in `workflow`.

Everything heavy is imported inside the commands, so that `survey --help` answers at once.
"""

from pipeline.cli import questionnaires, outgoing, returned, results, people  # noqa: I001 - as in --help
from pipeline.cli.app import app

__all__ = ["app", "main", "outgoing", "people", "questionnaires", "results", "returned"]


def main() -> None:
    """Entry point of the console script."""
    app()
