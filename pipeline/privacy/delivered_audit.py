"""Delivered data held against the rule once more, in every format in which they lie there."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyreadstat

from pipeline.errors import Place, Problem
from pipeline.privacy.k_anonymity import too_rare

DATA = (".csv", ".parquet", ".sav", ".dta")
LISTS = {
    ".variables.csv": ["variable", "question", "form", "set", "label"],
    ".values.csv": ["variable", "code", "choice", "missing", "label"],
}
AGAIN = "Deliver again: survey deliver."
_SIDECAR = ".disclosure.json"
Shown = Callable[[Path], str]


@dataclass(frozen=True)
class Sensitive:
    """What the questionnaire says of its questions.

    Attributes:
        quasi: questions that narrow a respondent down; of repeats too.
        of_repeats: those of them that lie in a repeat.
        identifiers: questions that name somebody.
    """

    quasi: frozenset[str] = frozenset()
    of_repeats: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Folder:
    """outputs/data/FORM: where, what of it narrows down, and which question a variable is of."""

    path: Path
    sensitive: Sensitive
    said: frozenset[str]
    questions: Mapping[str, str] = field(default_factory=dict)

    def of(self, column: str) -> str:
        """The question of a variable: as the list says, or as its own name does."""
        return self.questions.get(column, column)


def audit_delivered(
    folder: Path, sensitive: Sensitive, k: int, shown: Shown, *, restricted: bool = False
) -> Iterator[Problem]:
    """Whatever lies in outputs/data/FORM and should not.

    Args:
        folder: that of a form.
        sensitive: what its questionnaire says; nothing where there is none.
        k: how many responses must be alike.
        shown: how a path is called.
        restricted: for readers who keep it to themselves: answers need not be alike.
    """
    said, problem = _said(folder, shown)
    if problem is not None and not restricted:
        yield problem
    lists = sorted(folder.glob("*.variables.csv"))
    questions = {name: question for path in lists for name, question in _listed(path)}
    about = _Folder(folder, sensitive, said, questions)
    for path in sorted(folder.iterdir()):
        ending = next((one for one in LISTS if path.name.endswith(one)), "")
        if ending and _headings(path) != LISTS[ending]:
            yield _unread(path, shown)
        elif not ending and path.suffix in DATA:
            yield from _data(path, about, 1 if restricted else k, shown)
        elif path.suffix == ".sps" and b"begin data" in path.read_bytes().lower():
            yield Problem("DISC-005", "A syntax file holds data.", AGAIN, Place(file=shown(path)))


def _said(folder: Path, shown: Shown) -> tuple[frozenset[str], Problem | None]:
    """The variables that the delivery itself calls quasi-identifiers."""
    sidecar = folder / f"{folder.name}{_SIDECAR}"
    try:
        read = json.loads(sidecar.read_text(encoding="utf-8"))["quasi"]
        return frozenset(map(str, read)), None
    except (OSError, ValueError, KeyError, TypeError):
        message = "It is not said which variables narrow a respondent down."
        return frozenset(), Problem("DISC-004", message, AGAIN, Place(file=shown(sidecar)))


def _listed(path: Path) -> Iterator[tuple[str, str]]:
    """Variable and question of each line of a list of variables."""
    try:
        for line in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))):
            yield str(line["variable"]), str(line["question"])
    except (OSError, ValueError, KeyError, csv.Error):
        return


def _headings(path: Path) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))), [])
    except (OSError, ValueError, csv.Error):
        return []


def read_data(path: Path) -> pd.DataFrame:
    """Rows as texts: codes of missing kinds as such, so that each kind is a value of its own.

    Raises:
        ValueError: it cannot be read.
    """
    try:
        if path.suffix == ".csv":
            return pd.read_csv(path, dtype=str)
        if path.suffix == ".parquet":
            return pd.read_parquet(path).astype("str")
        read = pyreadstat.read_sav if path.suffix == ".sav" else pyreadstat.read_dta
        frame, _ = read(path, user_missing=True, disable_datetime_conversion=True)
        return pd.DataFrame(frame).astype("str")
    except (OSError, pyreadstat.ReadstatError, pyreadstat.PyreadstatError, pa.ArrowException) as e:
        raise ValueError("no data") from e


def _data(path: Path, about: _Folder, k: int, shown: Shown) -> Iterator[Problem]:
    try:
        frame = read_data(path)
    except ValueError:
        yield _unread(path, shown)
        return
    place = shown(path)
    asked = {str(one): about.of(str(one)) for one in frame}
    if named := [one for one, question in asked.items() if question in about.sensitive.identifiers]:
        message = "A question that names somebody is among the data."
        yield Problem("DISC-005", message, AGAIN, Place(file=place, rule=", ".join(named)))
    if k == 1:
        return
    if path.stem != about.path.name:
        gone = [one for one, question in asked.items() if question in about.sensitive.of_repeats]
        if gone:
            message = "A question of a repeat that narrows a respondent down is among the data."
            yield Problem("DISC-005", message, AGAIN, Place(file=place, rule=", ".join(gone)))
        return
    if about.said - asked.keys():
        yield _unread(path, shown)
        return
    quasi = [
        one
        for one, question in asked.items()
        if one in about.said or question in about.sensitive.quasi
    ]
    if quasi and (rare := int(too_rare(frame[quasi], k).sum())):
        message = f"{rare} rows are like fewer than {k - 1} others in what narrows down."
        yield Problem("DISC-005", message, AGAIN, Place(file=place, rule=", ".join(quasi)))


def _unread(path: Path, shown: Shown) -> Problem:
    message = "The data cannot be read, or a variable is not there."
    return Problem("DISC-004", message, AGAIN, Place(file=shown(path)))
