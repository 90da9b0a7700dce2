"""Where a page's numbers come from: which data, how new, and by which version of the code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pipeline.analysis.data import Dataset
from pipeline.analysis.table import Table
from pipeline.freshness import REPORT_CODE
from pipeline.store import fingerprint
from pipeline.study import Study

_MANY = 3
"""So many questions are named in a command; for more, one stands for all."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What one table rests on, in words.

    Attributes:
        lines: (heading, words) in the order shown.
        questions: (name, wording) of the questions behind it.
        commands: what follows a number to its responses.
        note: what stands for RESPONSE in them.
    """

    lines: tuple[tuple[str, str], ...]
    questions: tuple[tuple[str, str], ...]
    commands: tuple[str, ...]
    note: str


def source_of(study: Study, dataset: Dataset) -> dict[str, Any]:
    """One form's data: title, version, number of responses, newest return, hash over its files."""
    folder = study.processed / dataset.form_id
    files = sorted(folder.glob("*.parquet")) if folder.is_dir() else []
    newest = dataset.main["received_at"].dropna()
    return {
        "form": dataset.form_id,
        "title": dataset.title,
        "version": dataset.questionnaire.version,
        "responses": len(dataset.main),
        "newest": str(newest.max()) if len(newest) else "",
        "sha256": fingerprint(files, under=folder) if files else "",
        "synthetic": dataset.synthetic,
    }


def provenance_of(
    table: Table, datasets: Mapping[str, Dataset], sources: Mapping[str, Any]
) -> Provenance:
    """What a table rests on.

    Args:
        table: as shown.
        datasets: form -> its data, in the order in which the page opened them.
        sources: form -> its `source_of`.
    """
    forms = [form for form in table.forms or tuple(datasets) if form in datasets]
    if not forms:
        return Provenance((), (), (), "")
    say = datasets[forms[0]].say
    lines = [(say("inputs"), _source_line(sources[form], say)) for form in forms]
    code = f"{code_version()} (SHA-256 {code_hash()[:16]})"
    asked = [
        (form, name)
        for form in forms
        for name in table.questions
        if name in datasets[form].questionnaire.by_name
    ]
    traced = [(form, name) for form, name in asked[:_MANY]] or [(form, "") for form in forms]
    return Provenance(
        lines=(*lines, (say("code_version"), code)),
        questions=tuple((name, datasets[form].label(name)) for form, name in asked),
        commands=tuple(f"survey trace {form} RESPONSE {name}".rstrip() for form, name in traced),
        note=say("trace_note", form=forms[0] if len(forms) == 1 else "FORM"),
    )


def version_words(version: str, say: Callable[..., str]) -> str:
    """A form's version in words; an imported form may name none."""
    return say("of_version", version=version) if version else say("no_version")


def _source_line(source: Mapping[str, Any], say: Any) -> str:
    parts = [
        say("aside", said=source["title"], more=_version(source, say)),
        say("of_responses", n=source["responses"]),
        say("newest_return", at=source["newest"]) if source["newest"] else "",
        f"SHA-256 {source['sha256']}" if source["sha256"] else "",
    ]
    return " · ".join(filter(None, parts))


def _version(source: Mapping[str, Any], say: Any) -> str:
    return str(say("list_comma").join((source["form"], version_words(source["version"], say))))


def code_version() -> str:
    """The version of the installed pipeline."""
    try:
        return version("survey-pipeline")
    except PackageNotFoundError:
        return ""


@cache
def code_hash() -> str:
    """SHA-256 over the code that a page is made by, which its freshness is decided by too."""
    root = Path(__file__).parents[1]
    parts = [root / room for room in REPORT_CODE]
    files: Sequence[Path] = [
        path
        for part in parts
        for path in (part.rglob("*") if part.is_dir() else [part])
        if path.is_file() and "__pycache__" not in path.parts
    ]
    return fingerprint(files, under=root)
