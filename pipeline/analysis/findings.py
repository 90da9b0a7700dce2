"""Findings: sentences made from protected tables, so that no hidden number is said.

A finding names the table from which it was made and the base on which it rests. Where the number
that it would say is not shown in the table, there is no finding.
"""

from dataclasses import dataclass

import pandas as pd

from pipeline.analysis.cells import about, cell_text
from pipeline.analysis.data import Dataset
from pipeline.analysis.phrases import phrase
from pipeline.analysis.suppression import protect
from pipeline.analysis.table import Table


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence.

    Attributes:
        text: in the page's language; it holds its numbers as the table shows them.
        table: name of the table that it was made from.
        title: the table's title.
        base: what the number rests on, in words.
        notebook: the page on which the table stands.
    """

    text: str
    table: str
    title: str
    base: str
    notebook: str

    @property
    def address(self) -> str:
        """Where the table stands, from a page of the same language."""
        return f"{self.notebook}.html#{self.table}"


@dataclass(frozen=True, slots=True)
class Source:
    """A protected table, and how its cells are said in one language."""

    table: Table
    notebook: str
    language: str

    @classmethod
    def of(cls, table: Table, notebook: str, dataset: Dataset) -> "Source":
        """Protect a table as the page does, if that was not done yet."""
        safe = protect(table, dataset.protection)
        return cls(safe, notebook, dataset.language)

    def is_shown(self, row: int, column: str) -> bool:
        """Whether a cell holds a number that a reader may see."""
        marks = self.table.marks
        hidden = marks is not None and bool(marks[column].iloc[row])
        return not hidden and bool(pd.notna(self.table.frame[column].iloc[row]))

    def said(self, row: int, column: str) -> str:
        """A cell as the table shows it."""
        return cell_text(self.table.frame[column].iloc[row], self.table.column(column))

    def extreme(self, column: str, *, least: bool = False) -> int | None:
        """The row with the largest (or least) number shown, the total left out; None for none."""
        rows = range(len(self.table.frame) - (1 if self.table.total_row else 0))
        shown = [row for row in rows if self.is_shown(row, column)]
        values = self.table.frame[column]
        chosen = min if least else max
        return chosen(shown, key=lambda row: float(values.iloc[row]), default=None)

    @property
    def last(self) -> int:
        """The last row, which is the total where there is one."""
        return len(self.table.frame) - 1

    def finding(
        self, key: str, base_row: tuple[int, str] | None = None, /, **values: object
    ) -> Finding:
        """The sentence of a phrase, its places filled in.

        Args:
            key: of the phrase.
            base_row: the cell that holds its base; else it rests on the base of the table.
            **values: what stands in the phrase's places.
        """
        base = next(iter(about(self.table, self.language)))[1]
        if base_row is not None:
            base = phrase("base_answers", self.language, n=self.said(*base_row))
        text = phrase(key, self.language, **values)
        return Finding(text, self.table.name, self.table.title, base, self.notebook)
