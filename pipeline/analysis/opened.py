"""A form's data opened once a process, though many pages in many languages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.analysis.data import Dataset, open_dataset
from pipeline.analysis.protection import protection_of
from pipeline.study import Study, open_study

_STUDY = "instruments/study.yaml"
_Stamp = tuple[tuple[str, int, int], ...]
_kept: dict[tuple[Path, str], tuple[_Stamp, Dataset]] = {}
_studies: dict[Path, tuple[_Stamp, Study]] = {}


def study_of(folder: Path) -> Study:
    """The study in whose folder this one lies, with its settings read once.

    Raises:
        SurveyError: STUDY-001, there is no study here.
    """
    above = (folder, *folder.parents)
    root = next((one for one in above if (one / _STUDY).is_file()), folder)
    stamp, known = _stamps([root / _STUDY]), _studies.get(root)
    if known is None or known[0] != stamp:
        known = _studies[root] = stamp, open_study(root)
    return known[1]


def opened(study: Study, form_id: str, language: str) -> Dataset:
    """As `data.open_dataset`; read again only when a file has another size or time.

    Whoever is given the data may change its frames: they are nobody else's.
    """
    key, stamp = (study.root.resolve(), form_id), _stamp(study, form_id)
    known = _kept.get(key)
    if known is None or known[0] != stamp:
        known = _kept[key] = stamp, open_dataset(study, form_id, language)
    dataset = known[1]
    return replace(
        dataset,
        language=language,
        settings=study.settings,
        protection=protection_of(study),
        repeats=_own(dataset.repeats),
        repeat_missing=_own(dataset.repeat_missing),
        **_own({name: getattr(dataset, name) for name in _FRAMES}),  # type: ignore[arg-type]
    )


_FRAMES = ("main", "missing", "issues", "ledger", "coding", "units", "keyings", "queries")


def _own(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Frames that share their columns with these until one of them is written to."""
    return {name: frame.copy(deep=False) for name, frame in frames.items()}


def _stamp(study: Study, form_id: str) -> _Stamp:
    """Name, size and time of whatever is read."""
    folders = (study.instruments, study.processed / form_id)
    return _stamps(sorted(path for folder in folders for path in folder.rglob("*")))


def _stamps(files: Iterable[Path]) -> _Stamp:
    stats = ((path.as_posix(), path.stat()) for path in files if path.is_file())
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)
