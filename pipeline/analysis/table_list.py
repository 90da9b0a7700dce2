"""Beside each table, which questions it is made of; so an answer can be followed to its tables."""

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.analysis.table import Table
from pipeline.store import write_text

ENDING = ".questions.json"


def write_questions(table: Table, stem: Path) -> None:
    """Write the forms and questions behind a table, and its base where that is shown.

    Args:
        table: protected.
        stem: the table's files without ending.
    """
    content = {
        "table": table.name,
        "forms": list(table.forms),
        "questions": list(table.questions),
        "base": None if table.base_withheld else table.base,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    write_text(stem.with_name(f"{stem.name}{ENDING}"), text, flush=False)


def tables_of(report: Path, form: str, question: str) -> Iterator[tuple[Path, int | None]]:
    """Tables of a report that are made of a question, each with its base.

    Args:
        report: outputs/report.
        form: the question's form; a table that names no form belongs to all that its page opened.
        question: its name.
    """
    for path in sorted(report.rglob(f"*{ENDING}")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if question in content["questions"] and form in (content["forms"] or [form]):
            csv = path.with_name(path.name.removesuffix(ENDING) + ".csv")
            yield csv, content["base"]
