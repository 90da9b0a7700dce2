"""Where a page's numbers come from: which data, how new, and by which version of the code."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pipeline.analysis.data import Dataset
from pipeline.store import fingerprint
from pipeline.study import Study


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


def code_version() -> str:
    """The version of the installed pipeline."""
    try:
        return version("survey-pipeline")
    except PackageNotFoundError:
        return ""
