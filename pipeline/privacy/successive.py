"""Two reports of one survey, one after the other: their difference counts those who came between.

Source: Hundepool et al. (2012), Statistical Disclosure Control, ch. 4 (differencing).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.privacy.published_audit import Leak, counts_told
from pipeline.privacy.reading import PublishedTable, number

_SIZE = re.compile(r"\[\d+\]")


def few_between(
    before: Mapping[str, float], tables: Iterable[PublishedTable], threshold: int
) -> Iterator[Leak]:
    """Counts that differ from those of an earlier report by 1 to threshold - 1.

    Whoever has both reports knows how many of the few who came between are in each such cell.

    Args:
        before: cell's name without the size of its population -> count told earlier.
        tables: those of the later report.
        threshold: the least count that is shown.
    """
    told = counts_told(tables)
    for name, count in sorted(told.counts.items()):
        earlier = before.get(unsized(name))
        if earlier is None or not 1 <= abs(count - earlier) < threshold:
            continue
        if spots := sorted(told.spots.get(name, ())):
            yield Leak("moved", tuple(spots), told.tables[name])


def told_before(tables: Iterable[PublishedTable]) -> dict[str, float]:
    """The counts that an earlier report tells."""
    return {unsized(name): count for name, count in counts_told(tables).counts.items()}


def noted_before(note: Path, tables: Iterable[PublishedTable]) -> dict[str, float]:
    """The counts that the note of the run before holds of tables that are still made.

    Args:
        note: outputs/.before.json.
        tables: of the later report; they say whom the columns count.
    """
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))["tables"]
        columns = {name: dict(one["values"]) for name, one in kept.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    found = dict[str, float]()
    for table in tables:
        values = columns.get(f"{table.page}.{table.sidecar.table}", {})
        for column in table.sidecar.columns:
            texts = values.get(column.name, [])
            if column.kind != "count" or len(texts) != len(column.cells):
                continue
            for name, text in zip(column.cells, texts, strict=True):
                if name is not None and (value := number(text)) is not None:
                    found[unsized(name)] = value
    return found


def unsized(name: str) -> str:
    """A cell's name without the number of all, which grows from run to run."""
    return _SIZE.sub("", name)
