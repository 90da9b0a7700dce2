"""Where the report keeps what it is made from, in processed/ and outputs/."""

from pathlib import Path

from pipeline.study import Study

FOLDER = ".counts"
"""In processed/: the true counts of tables, and what was decided from them."""


def counts_file(study: Study, notebook: Path) -> Path:
    """The true counts of a notebook's tables; never leaves the machine."""
    return study.processed / FOLDER / f"{notebook.stem}.jsonl"


def digest_file(study: Study, notebook: Path) -> Path:
    """A hash over what is hidden in whatever hangs together with a notebook's tables."""
    return study.processed / FOLDER / f"{notebook.stem}.hidden"


def decided_file(study: Study) -> Path:
    """What is hidden in each group of tables, by a hash over their counts."""
    return study.processed / FOLDER / "decided.json"


def plan_file(study: Study) -> Path:
    """Where it is written what is hidden; it holds no number of a table."""
    return study.outputs / "disclosure.json"
