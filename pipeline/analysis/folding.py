"""Long pages folded: what follows a folding heading stands in a `<details>` under it.

A notebook shows its outputs one after another, and each is whole in itself; so a page is folded
when it is rendered. A fold ends at the next heading of its level or above, or with its cell. HTML
alone opens it: for a link into it, for the browser's own search, and by a style for printing.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from pipeline.analysis.environment import PAGE
from pipeline.analysis.jupyter import NotebookNode
from pipeline.analysis.page_html import fold_html
from pipeline.analysis.phrases import phrase

_HTML = "text/html"


@dataclass(frozen=True)
class Part:
    """A heading of the page, as its contents list it.

    Attributes:
        heading: its words.
        level: 2 or 3.
        anchor: of the heading.
        tables: (anchor, title) of the tables folded away under it, each once.
    """

    heading: str
    level: int
    anchor: str
    tables: tuple[tuple[str, str], ...] = ()


def parts_of(shown: Iterable[dict[str, Any]]) -> tuple[Part, ...]:
    """The contents of a page, from what its outputs say of themselves."""
    parts: list[Part] = []
    folds = False
    for about in shown:
        if "anchor" in about:
            parts.append(Part(about["heading"], about["level"], about["anchor"]))
            folds = bool(about.get("folds"))
        elif folds and "table" in about:
            tables = (*parts[-1].tables, (about["table"], about["title"]))
            parts[-1] = replace(parts[-1], tables=tables)
    return tuple(parts)


def folded(book: NotebookNode, language: str) -> NotebookNode:
    """The executed notebook with its folds; the one that was given stays as it is."""
    book = deepcopy(book)
    for cell in book.cells:
        outputs = cell.get("outputs", ())
        for first, last in _folds(outputs):
            about = outputs[first].metadata[PAGE]
            tables = sum("table" in one.metadata.get(PAGE, {}) for one in outputs[first : last + 1])
            count = phrase("folded_tables", language, n=tables)
            heading = outputs[first].data[_HTML]
            outputs[first].data[_HTML] = fold_html(heading, count, about["anchor"])
            outputs[last].data[_HTML] += "</details>"
    return book


def _folds(outputs: Sequence[NotebookNode]) -> Iterator[tuple[int, int]]:
    """(first, last) output of each fold of a cell."""
    begun: int | None = None
    for place, output in enumerate(outputs):
        about = output.metadata.get(PAGE, {})
        if "anchor" not in about:
            continue
        if begun is not None:
            yield begun, place - 1
        begun = place if about.get("folds") else None
    if begun is not None:
        yield begun, len(outputs) - 1
