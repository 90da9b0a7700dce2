"""By which rule tables are protected: alone, or together with all others of the report."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.analysis.environment import COLLECT, EDITION, PUBLIC, RESTRICTED
from pipeline.analysis.kept_files import plan_file
from pipeline.privacy.count_table import CountTable
from pipeline.privacy.published import Line, name_of, named
from pipeline.settings import Disclosure
from pipeline.store import write_text
from pipeline.study import Study


@dataclass(frozen=True)
class Plan:
    """What is hidden in all tables together.

    Attributes:
        hidden: names of cells.
        known: names of all cells that were protected together.
        same: name -> the name under which the same rows are known.
        unprinted: names of cells that no table prints.
    """

    hidden: frozenset[str]
    known: frozenset[str]
    same: Mapping[str, str]
    unprinted: frozenset[str] = frozenset()

    @property
    def shown(self) -> frozenset[str]:
        """Names of cells that stand in a table of the report."""
        return self.known - self.hidden - self.unprinted

    def name(self, name: str) -> str:
        """The name under which a cell is known."""
        return self.same.get(name, name)


@dataclass(frozen=True)
class Protection:
    """How tables are protected.

    Attributes:
        threshold: the least unweighted count that is shown.
        plan: what was decided for all tables together; None protects each table by itself.
        collect: where to tell of a table's true counts, for the plan to be made.
    """

    threshold: int
    plan: Plan | None = None
    collect: Path | None = None


@dataclass(frozen=True)
class Registered:
    """The true counts of a table; never leaves the machine.

    Attributes:
        table: cells by name.
        everybody: name of the population's cell.
        rows: cell's name -> hash over the rows that it counts.
        under: names of cells that rest on a small base.
        bases: cell's name -> the names of the bases on which it rests wherever the table shows it;
            "" for a place where it rests on none.
    """

    table: CountTable
    everybody: str | None
    rows: Mapping[str, str]
    under: frozenset[str]
    bases: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def to_json(self) -> str:
        """On one line."""
        table = self.table
        read: dict[str, Any] = {
            "name": table.name,
            "counts": {name_of(one): count for one, count in table.counts.items()},
            "relations": [
                [line.total, line.parts, line.weights] for line in map(Line.of, table.relations)
            ],
            **{
                kind: sorted(map(name_of, getattr(table, kind)))
                for kind in ("unprinted", "implied", "figures")
            },
            "everybody": self.everybody,
            "rows": dict(self.rows),
            "under": sorted(self.under),
            "bases": {name: sorted(bases) for name, bases in sorted(self.bases.items())},
        }
        return json.dumps(read, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Registered":
        """What `to_json` gave."""
        read = json.loads(text)
        table = CountTable(
            read["name"],
            {named(name): count for name, count in read["counts"].items()},
            tuple(Line(*line).relation() for line in read["relations"]),
            *(frozenset(map(named, read[kind])) for kind in ("unprinted", "implied", "figures")),
        )
        bases = {name: frozenset(found) for name, found in read["bases"].items()}
        return cls(table, read["everybody"], read["rows"], frozenset(read["under"]), bases)


def protection_of(study: Study) -> Protection:
    """How the tables of a study are protected where this runs.

    Without a plan, as in JupyterLab before the first `survey analyze`, each table by itself.
    """
    threshold = _threshold(study.settings.disclosure)
    if told := os.environ.get(COLLECT):
        return Protection(threshold, collect=Path(told))
    return Protection(threshold, plan_of(study, os.environ.get(EDITION, PUBLIC)))


def report_folder(study: Study) -> Path:
    """Where the report of this edition lies."""
    is_restricted = os.environ.get(EDITION, PUBLIC) == RESTRICTED
    return (study.outputs / RESTRICTED if is_restricted else study.outputs) / "report"


def plan_of(study: Study, edition: str) -> Plan | None:
    """What the report of an edition hides; None where none was made."""
    path = plan_file(study)
    return _read_plan(path, edition, path.stat().st_mtime_ns) if path.is_file() else None


def hidden_counts(study: Study) -> dict[str, dict[str, int]]:
    """Edition -> threshold, cells printed, hidden as small and further; empty without a plan."""
    path = plan_file(study)
    if not path.is_file():
        return {}
    counts: dict[str, dict[str, int]] = json.loads(path.read_text(encoding="utf-8"))["counts"]
    return counts


def save_plan(study: Study, plan: Mapping[str, Any]) -> Path:
    """Write the plan; gives back the file."""
    path = plan_file(study)
    write_text(path, json.dumps(plan, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return path


def _threshold(settings: Disclosure) -> int:
    is_restricted = os.environ.get(EDITION, PUBLIC) == RESTRICTED
    return settings.restricted if is_restricted else settings.public


@cache
def _read_plan(path: Path, edition: str, _stamp: int) -> Plan:
    read = json.loads(path.read_text(encoding="utf-8"))
    hidden, known = frozenset(read["hidden"][edition]), frozenset(read["cells"])
    return Plan(hidden, known, read["same"], frozenset(read.get("unprinted", ())))


def tell(protection: Protection, registered: Registered) -> None:
    """Append a table's true counts to the file that collects them, if one does."""
    if protection.collect is not None:
        with protection.collect.open("a", encoding="utf-8") as file:
            file.write(registered.to_json() + "\n")


def collected(path: Path) -> Iterator[Registered]:
    """What was told."""
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield Registered.from_json(line)
