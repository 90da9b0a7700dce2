"""What is out of date: a step runs again when what it reads, or what it made, is not as it was.

A step's inputs are known by a hash over their contents. So that nothing changed costs nothing,
the contents are read only when a file's size or time differs from last time.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.store import sha256_file, write_text

GROUND_CODE = ("errors.py", "store.py", "settings.py", "study.py", "questionnaire", "expression")
"""The rooms on which every other stands, below `pipeline/`."""

_COMMAND = "command"

REPORT_CODE = (*GROUND_CODE, "responses.py", "estimation", "privacy", "analysis", "templates")
"""What a page of the report is made by."""


Done = Callable[[Iterable[Path]], tuple[Path, ...]]
"""Told the files that a step made, remembers them and gives them back."""


@dataclass(frozen=True)
class Step:
    """One piece of work between files.

    Attributes:
        name: unique within the study, `process organisation_profile`.
        inputs: files that it reads; folders stand for every file below them.
        run: does the work and gives back the files that it made.
        settings: further inputs that are no files, as text.
        at_once: does the work of this step and of its neighbours with the same `at_once` together:
            is given the names of those that are out of date, and for each whom to tell its files.
    """

    name: str
    inputs: tuple[Path, ...]
    run: Callable[[], Iterable[Path]] = tuple
    settings: str = ""
    at_once: Callable[[Mapping[str, Done]], None] | None = None


class Ledger:
    """Remembers, in one JSON file, what each step read and made.

    Args:
        path: the JSON file; one that cannot be read counts as empty, so that everything runs.
        root: paths are remembered relative to this folder where they lie in it.
        only_read: nothing is written, since a command may be at work that writes.
    """

    def __init__(self, path: Path, root: Path, *, only_read: bool = False) -> None:
        self._path = path
        self._only_read = only_read
        self._root = root
        self._steps: dict[str, dict[str, object]] = _read_json(path)
        self._hashes: dict[Path, str] = {}

    def is_fresh(self, step: Step) -> bool:
        """Whether the step's inputs are as they were and what it made is still there."""
        known = self._steps.get(step.name)
        if known is None or known.get("settings") != step.settings:
            return False
        if not _as_they_were(known.get("outputs"), self._stamps_of_names(known.get("outputs"))):
            return False
        if not isinstance(known.get("hashes"), dict):  # an older note, which `survey verify` lacks
            return False
        stamps = self._stamps(_files(step.inputs))
        if known.get("inputs") == stamps:
            return True
        if known.get("content") != self._content(step):
            return False
        known["inputs"] = stamps
        self._save()
        return True

    def run(self, step: Step) -> tuple[Path, ...]:
        """Run the step and remember it; a step that fails is forgotten, so that it runs again."""
        return self.begin(step)(step.run())

    def begin(self, step: Step) -> Done:
        """Forget the step until what is given back is told the files that it made.

        So steps may be at work at the same time; one that never comes to its end runs again.
        """
        self._steps.pop(step.name, None)
        self._save()
        content, stamps = self._content(step), self._stamps(_files(step.inputs))

        def done(files: Iterable[Path]) -> tuple[Path, ...]:
            made = tuple(files)
            self._steps[step.name] = {
                "settings": step.settings,
                "content": content,
                "inputs": stamps,
                "outputs": self._stamps(made),
                "hashes": self._hashes_of(made),
            }
            self._save()
            return made

        return done

    def note(self, name: str, made: Iterable[Path], *, more: bool = False) -> None:
        """Remember what a command made by itself; as a step it counts as out of date.

        Args:
            name: of the step whose work it did, or of the command and what it was about.
            made: the files.
            more: beside what was noted under this name before.
        """
        before = self._steps.get(name, {}).get("hashes") if more else None
        there = before if isinstance(before, dict) else {}
        self._steps[name] = {_COMMAND: True, "hashes": {**there, **self._hashes_of(made)}}
        self._save()

    def forget(self, name: str) -> None:
        """Forget what a step or a command made."""
        if self._steps.pop(name, None) is not None:
            self._save()

    def made(self) -> dict[str, frozenset[str]]:
        """Every file that is remembered -> the SHA-256 of what stood in it when it was made."""
        found: dict[str, frozenset[str]] = {}
        for known in self._steps.values():
            hashes = known.get("hashes")
            for name, sha256 in (hashes if isinstance(hashes, dict) else {}).items():
                found[name] = found.get(name, frozenset()) | {sha256}
        return found

    def keep_only(self, names: Iterable[str]) -> None:
        """Forget steps that no longer exist, but nothing that a command made by itself."""
        kept = {*names, *(name for name, known in self._steps.items() if known.get(_COMMAND))}
        if gone := [name for name in self._steps if name not in kept]:
            for name in gone:
                del self._steps[name]
            self._save()

    def _content(self, step: Step) -> str:
        digest = hashlib.sha256()
        for path in _files(step.inputs):
            digest.update(self._name(path).encode() + b"\0" + self._hash(path).encode() + b"\n")
        return digest.hexdigest()

    def _hash(self, path: Path) -> str:
        if path not in self._hashes:
            self._hashes[path] = sha256_file(path)
        return self._hashes[path]

    def _hashes_of(self, made: Iterable[Path]) -> dict[str, str]:
        return {self._name(path): sha256_file(path) for path in made}

    def _name(self, path: Path) -> str:
        inside = path.is_relative_to(self._root)
        return (path.relative_to(self._root) if inside else path).as_posix()

    def _stamps(self, paths: Iterable[Path]) -> dict[str, list[int]]:
        stats = {self._name(path): path.stat() for path in paths}
        return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in stats.items()}

    def _stamps_of_names(self, outputs: object) -> dict[str, list[int]]:
        names = outputs if isinstance(outputs, Mapping) else {}
        paths = [self._root / name for name in names]
        return self._stamps(path for path in paths if path.is_file())

    def _save(self) -> None:
        if not self._only_read:
            write_text(self._path, json.dumps(self._steps, sort_keys=True) + "\n")


def _read_json(path: Path) -> dict[str, dict[str, object]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _as_they_were(then: object, now: dict[str, list[int]]) -> bool:
    return isinstance(then, dict) and then == now


def _files(paths: Iterable[Path]) -> list[Path]:
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found.update(
                below
                for below in path.rglob("*")
                if below.is_file() and "__pycache__" not in below.parts
            )
        elif path.is_file():
            found.add(path)
    return sorted(found)
