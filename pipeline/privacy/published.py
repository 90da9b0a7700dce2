"""What lies beside a published table: whom each of its numbers counts, and how these add up.

A program that has the table and its sidecar can repeat the audit. The sidecar holds no number that
the table's page does not print, and does not say which of the hidden counts are small.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.privacy.count_table import Cell, Relation, cell

ENDING = ".cells.json"


def name_of(one: Cell) -> str:
    """A cell's name as text: the population, then question=answer pairs."""
    return "; ".join(
        f"{variable}={category}" if variable else category for variable, category in one
    )


def complement(one: Cell, base: Cell) -> Cell:
    """Those of the base who are not in the cell."""
    return cell(("", f"not {name_of(one)}"), ("of", name_of(base)))


@dataclass(frozen=True, slots=True)
class Line:
    """A total, its parts, and how often each counts; cells by name."""

    total: str
    parts: tuple[str, ...]
    weights: tuple[int, ...] | None = None

    @classmethod
    def of(cls, relation: Relation) -> "Line":
        """A relation by names."""
        parts = tuple(map(name_of, relation.parts))
        return cls(name_of(relation.total), parts, relation.weights)

    def relation(self) -> Relation:
        """The relation between cells of these names."""
        return Relation(named(self.total), tuple(map(named, self.parts)), self.weights)


def named(text: str) -> Cell:
    """The cell of this name."""
    return (("", text),)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers.

    Attributes:
        name: of the column.
        kind: count; share (count / base); mean (sum / base).
        cells: for each row whom it counts, or the sum behind a mean; None where that is nobody.
        bases: for each row the cell of its base.
        place: of the column in the CSV, from 0.
    """

    name: str
    kind: str
    cells: tuple[str | None, ...]
    bases: tuple[str | None, ...] = ()
    place: int = -1


@dataclass(frozen=True)
class Sidecar:
    """Whom a table counts.

    Attributes:
        table: its name.
        threshold: the least count that is shown.
        columns: those that hold counts, or numbers from which counts follow.
        relations: how cells add up, further ones included that the table does not show.
        known: cells whose number stands outside the table's body: base, population.
        figures: cells that the threshold does not apply to.
        implied: cells that need only not be known exactly.
    """

    table: str
    threshold: int
    columns: tuple[Numbers, ...]
    relations: tuple[Line, ...] = ()
    known: Mapping[str, int] | None = None
    figures: tuple[str, ...] = ()
    implied: tuple[str, ...] = ()

    def to_json(self) -> str:
        """One line a part, so that two versions can be compared."""
        parts = [
            f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
            for key, value in asdict(self).items()
        ]
        return "{\n" + ",\n".join(parts) + "\n}\n"

    @classmethod
    def read(cls, path: Path) -> "Sidecar":
        """Read a sidecar.

        Raises:
            ValueError: it is none.
        """
        try:
            return _sidecar(json.loads(path.read_text(encoding="utf-8")))
        except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
            raise ValueError("not a sidecar") from error


def _sidecar(read: dict[str, Any]) -> Sidecar:
    return Sidecar(
        table=str(read["table"]),
        threshold=int(read["threshold"]),
        columns=tuple(
            Numbers(
                str(one["name"]),
                str(one["kind"]),
                tuple(one["cells"]),
                tuple(one["bases"]),
                int(one["place"]),
            )
            for one in read["columns"]
        ),
        relations=tuple(
            Line(
                str(one["total"]),
                tuple(one["parts"]),
                None if one["weights"] is None else tuple(map(int, one["weights"])),
            )
            for one in read["relations"]
        ),
        known={str(name): int(count) for name, count in read["known"].items()},
        figures=tuple(read["figures"]),
        implied=tuple(read["implied"]),
    )
