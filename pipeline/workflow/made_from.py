"""What a report was made from, as hashes by kind of input."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.store import fingerprint
from pipeline.study import Study
from pipeline.workflow.questionnaires import form_names


def made_from(study: Study) -> dict[str, Any]:
    """Kind of input -> hash, or form (notebook) -> hash; kinds as in `analysis.moved.CAUSES`."""
    from pipeline.analysis.notebooks import notebooks
    from pipeline.analysis.provenance import code_hash
    from pipeline.returns.manifest import RECODING, read_manifest

    rows = read_manifest(study)
    forms = form_names(study)
    shared = _hash(study, [study.instruments / "blocks", study.instruments / "code_frames"])
    corrections = _text(str(row) for row in rows if row.form in {"corrections", RECODING})
    return {
        "returns": {form: _text(str(row) for row in rows if row.form == form) for form in forms},
        "corrections": dict.fromkeys(forms, corrections),
        "questionnaire": {
            form: shared + _hash(study, [study.instruments / f"{form}.yaml"]) for form in forms
        },
        "settings": _hash(
            study,
            [
                path
                for path in sorted(study.instruments.glob("*"))
                if path.is_file() and path.stem not in forms
            ],
        ),
        "notebook": {path.stem: _hash(study, [path]) for path in notebooks(study)},
        "code": code_hash(),
    }


def _text(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _hash(study: Study, parts: Iterable[Path]) -> str:
    files = [
        path
        for part in parts
        for path in (part.rglob("*") if part.is_dir() else [part])
        if path.is_file()
    ]
    return fingerprint(files, under=study.root)
