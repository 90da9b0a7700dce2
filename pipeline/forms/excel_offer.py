"""The choices that a question offers after a filter, and what its rules say of them."""

from collections.abc import Mapping
from dataclasses import dataclass

RULES_SHEET = "_rules"
"""The sheet on which the form's rules and offers are worked out."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The choices that a question offers.

    Attributes:
        name: defined name of the labels offered.
        codes: range of choice names on the sheet of rules, "" where not offered.
        rows: choice name -> row of its cell in that range.
    """

    name: str
    codes: str
    rows: Mapping[str, int]

    def holds(self, value: str) -> str:
        """A formula: whether one or several chosen names are all offered."""
        inside = f'ISNUMBER(FIND(" "&{self.codes}&" "," "&{value}&" "))'
        given = f'LEN({value})-LEN(SUBSTITUTE({value}," ",""))+({value}<>"")'
        return f'SUMPRODUCT(({self.codes}<>"")*{inside})={given}'

    def cell(self, choice: str) -> str:
        """The cell that holds a choice's name where it is offered."""
        letter = self.codes.split("$")[1]
        return f"{RULES_SHEET}!${letter}${self.rows[choice]}"
