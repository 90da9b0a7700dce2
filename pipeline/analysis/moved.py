"""What moved since the last run: the tables whose numbers changed, and why.

Each run keeps the numbers of its tables, as they were shown, and the hashes of what it was made
from. The next run that has something to do holds its own against them. Both notes may be removed;
then there is nothing to compare with. Old numbers are never shown beside new ones: the difference
of two runs can be a single response.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.analysis.environment import PAGE
from pipeline.analysis.jupyter import nbformat
from pipeline.analysis.notebooks import notebooks
from pipeline.store import write_text
from pipeline.study import Study

RUN, BEFORE = ".run.json", ".before.json"
"""Notes in outputs/: of this run, and of the one before it."""

CAUSES = ("returns", "corrections", "questionnaire", "settings", "notebook", "code")
"""Kinds of inputs, in the order in which they are named; keys of phrases `moved_CAUSE`."""

_OF_FORM = ("returns", "corrections", "questionnaire")


@dataclass(frozen=True, slots=True)
class Moved:
    """One table whose numbers are not as they were.

    Attributes:
        notebook: its page.
        name: of the table.
        title: in the language of the run that kept it; by language in `titles`.
        changed: how many of its numbers changed; None where its shape did, or it is new.
        numbers: how many it has.
        causes: kinds of inputs that changed since then.
        kind: `changed`, `new` or `gone`.
    """

    notebook: str
    name: str
    titles: Mapping[str, str]
    changed: int | None
    numbers: int
    causes: tuple[str, ...]
    kind: str


def keep_run(study: Study, languages: Sequence[str], inputs: Mapping[str, Any]) -> Path:
    """Note the tables of the report as it lies in outputs/, and what it was made from.

    Args:
        study: the study folder.
        languages: those of the report.
        inputs: kind of input -> hash, or form (notebook) -> hash.
    """
    read = {"inputs": inputs, "tables": dict(_tables(study, languages))}
    path = study.outputs / RUN
    write_text(path, json.dumps(read, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return path


def keep_before(study: Study) -> tuple[Path, ...]:
    """Put the note of the last run where the next one finds it."""
    last, before = study.outputs / RUN, study.outputs / BEFORE
    if last.is_file():
        write_text(before, last.read_text(encoding="utf-8"))
    return (before,) if before.is_file() else ()


def what_moved(study: Study) -> tuple[Moved, ...] | None:
    """What changed from the run before to this one; None where no run before is known."""
    before, now = (_read(study.outputs / name) for name in (BEFORE, RUN))
    if before is None or now is None:
        return None
    found = []
    for key in sorted(before["tables"].keys() | now["tables"].keys()):
        was, is_now = before["tables"].get(key), now["tables"].get(key)
        if was and is_now and was["values"] == is_now["values"]:
            continue
        found.append(_moved(key, was, is_now, before["inputs"], now["inputs"]))
    return tuple(found)


def _moved(
    key: str,
    was: Mapping[str, Any] | None,
    is_now: Mapping[str, Any] | None,
    inputs_before: Mapping[str, Any],
    inputs_now: Mapping[str, Any],
) -> Moved:
    notebook, _, name = key.partition(".")
    shown = is_now or was or {}
    numbers = sum(len(column) for column in shown["values"].values())
    kind = "changed" if was and is_now else "new" if is_now else "gone"
    return Moved(
        notebook=notebook,
        name=name,
        titles=shown["titles"],
        changed=_changed(was["values"], is_now["values"]) if was and is_now else None,
        numbers=numbers,
        causes=tuple(_causes(notebook, shown["forms"], inputs_before, inputs_now)),
        kind=kind,
    )


def _changed(was: Mapping[str, list[str]], is_now: Mapping[str, list[str]]) -> int | None:
    sizes = [{name: len(column) for name, column in one.items()} for one in (was, is_now)]
    if sizes[0] != sizes[1]:
        return None
    return sum(
        one != other
        for name, column in is_now.items()
        for one, other in zip(was[name], column, strict=True)
    )


def _causes(
    notebook: str, forms: Sequence[str], before: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[str]:
    for cause in CAUSES:
        was, is_now = before.get(cause), now.get(cause)
        if cause in _OF_FORM and isinstance(was, dict) and isinstance(is_now, dict):
            concerned = forms or sorted(was.keys() | is_now.keys())
            if any(was.get(form) != is_now.get(form) for form in concerned):
                yield cause
        elif cause == "notebook" and isinstance(was, dict) and isinstance(is_now, dict):
            if was.get(notebook) != is_now.get(notebook):
                yield cause
        elif was != is_now:
            yield cause


def _tables(study: Study, languages: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """`NOTEBOOK.TABLE` -> titles by language, forms, and values as shown."""
    for path in notebooks(study):
        found: dict[str, dict[str, Any]] = {}
        for language in languages:
            page = study.outputs / "report" / language / f"{path.stem}.ipynb"
            for about in _shown(page):
                if name := about.get("table"):
                    one = found.setdefault(name, {"titles": {}})
                    one["titles"][language] = about["title"]
                    one |= {"forms": list(about["forms"]), "values": about["values"]}
        for name, one in found.items():
            yield f"{path.stem}.{name}", one


def _shown(page: Path) -> Iterator[Mapping[str, Any]]:
    if not page.is_file():
        return
    book = nbformat.read(page, as_version=4)  # type: ignore[no-untyped-call]
    for cell in book.cells:
        for output in cell.get("outputs", ()):
            yield output.metadata.get(PAGE, {})


def _read(path: Path) -> dict[str, Any] | None:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_note = isinstance(read, dict) and {"inputs", "tables"} <= read.keys()
    return read if is_note else None
