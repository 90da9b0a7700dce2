"""What all notebooks would show, asked before one of them is shown: the true counts of every table.

The notebooks run once, in one language, with a `Page` that shows nothing. What each told is kept in
processed/, where only this machine's user can read it: a notebook whose inputs are as they were
need not be asked again. One that fails here fails again, with its place, when it is made into a
page.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.analysis.execute import count
from pipeline.analysis.kept_files import counts_file, decided_file, digest_file
from pipeline.analysis.notebooks import forms_of
from pipeline.analysis.plan import Decided, decide, digest_of, joined
from pipeline.analysis.protection import Registered, collected, save_plan
from pipeline.errors import Place, Problem, SurveyError
from pipeline.store import write_text
from pipeline.study import Study


def protect_together(study: Study, notebooks: Sequence[Path], language: str) -> Path:
    """Count in all notebooks, and decide what is hidden; gives back where that is written.

    Args:
        study: the study folder.
        notebooks: all of the report.
        language: any of the report's; counts are the same in all.

    Raises:
        SurveyError: REPORT-004, two tables of one name count differently.
    """
    keep_counts(study, notebooks, language)
    return protect(study, notebooks)[0]


def keep_counts(study: Study, notebooks: Sequence[Path], language: str) -> frozenset[Path]:
    """Count in these notebooks and keep what they told.

    Returns:
        Those of which every cell ran. Of the others, what they told before one failed is kept for
        this run, and they should be asked again in the next.
    """
    with tempfile.TemporaryDirectory() as folder:
        told = {path: Path(folder) / f"{path.stem}.jsonl" for path in notebooks}
        whole = count(study, told, language)
        for path, file in told.items():
            lines = (_unguessable(study, path), *(one.to_json() for one in _once(collected(file))))
            write_text(counts_file(study, path), "\n".join(lines) + "\n", mode=0o600)
    return whole


def collect(study: Study, notebooks: Sequence[Path], language: str) -> list[Registered]:
    """The true counts of every table that the notebooks make, each once; nothing is kept."""
    with tempfile.TemporaryDirectory() as folder:
        told = {path: Path(folder) / f"{path.stem}.jsonl" for path in notebooks}
        count(study, told, language)
        return _once(one for file in told.values() for one in collected(file))


def protect(study: Study, notebooks: Sequence[Path]) -> tuple[Path, ...]:
    """Decide what is hidden in all tables of the report from the counts that are kept.

    Returns:
        The plan, and what is kept beside the counts.

    Raises:
        SurveyError: REPORT-004, two tables of one name count differently.
    """
    told = {path: list(_kept(study, path)) for path in notebooks}
    settings, kept = study.settings.disclosure, decided_file(study)
    known = _read(kept)
    try:
        groups = decide(_once(one for tables in told.values() for one in tables), settings, known)
    except ValueError as error:
        message = f"The tables cannot be protected together: {error}."
        repair = "Give tables that count differently different names."
        raise SurveyError([Problem("REPORT-004", message, repair, Place())]) from error
    marks = [counts_file(study, path).read_text(encoding="utf-8").split("\n")[0] for path in told]
    write_text(kept, json.dumps({"marks": marks, "decided": known}, sort_keys=True), mode=0o600)
    group_of = {one.to_json(): group for group in groups for one in group.tables}
    digests = []
    for path, tables in told.items():
        mine = {group_of[one.to_json()].tables[0].to_json() for one in tables}
        said = digest_of(one for one in groups if one.tables[0].to_json() in mine)
        digests.append(digest_file(study, path))
        write_text(digests[-1], f"{said}\n", mode=0o600)
    _remove_others(study, notebooks)
    return save_plan(study, joined(groups, settings)), kept, *digests


def _once(tables: Iterable[Registered]) -> list[Registered]:
    return list({one.to_json(): one for one in tables}.values())


def _read(path: Path) -> dict[str, Decided]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    decided = read.get("decided") if isinstance(read, dict) else None
    return decided if isinstance(decided, dict) else {}


def _kept(study: Study, notebook: Path) -> Iterator[Registered]:
    """What a notebook told, without the line that nobody can guess."""
    for line in counts_file(study, notebook).read_text(encoding="utf-8").splitlines()[1:]:
        yield Registered.from_json(line)


def _unguessable(study: Study, notebook: Path) -> str:
    """A line that only who has the answers can write.

    The hash of this file is noted in outputs/. Without this line, whoever guesses a small count
    could try by the hash whether he is right.
    """
    digest = hashlib.sha256(b"counts of a report\n")
    for form in forms_of(notebook) or [path.stem for path in study.questionnaire_files()]:
        for path in sorted((study.processed / form).glob("*.parquet")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _remove_others(study: Study, notebooks: Sequence[Path]) -> None:
    """Remove what is kept of notebooks that are no longer there."""
    own = {file(study, path) for path in notebooks for file in (counts_file, digest_file)}
    for path in sorted(decided_file(study).parent.iterdir()):
        if path not in own and path != decided_file(study):
            path.unlink()
