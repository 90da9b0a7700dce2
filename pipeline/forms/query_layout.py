"""Where everything stands in a workbook of queries: a band an interview, a row a query."""

from enum import IntEnum
from typing import Final

KEY_HEADING: Final = "#key"
ANSWER_HEADING: Final = "#answer"
DECISION_HEADING: Final = "#decision"
COMMENT_HEADING: Final = "#comment"
BY: Final = "#by"
DATE: Final = "#date"
"""Keys of the rows in whose answer cells stand who answered, and when."""
FURNITURE: Final = "#-"
"""Key of a row that holds words of the sheet only."""

HEADINGS_ROW = 2
TITLE_ROW = 3
HOW_ROW = 4
BY_ROW = 5
DATE_ROW = 6
SHOWN_ROW = 7
FIRST_ROW = 8


class Column(IntEnum):
    """The columns of the sheet; keys and states are hidden."""

    KEY = 1
    STATE = 2
    NUMBER = 3
    QUESTION = 4
    GIVEN = 5
    WHY = 6
    ANSWER = 7
    UNIT = 8
    DECISION = 9
    COMMENT = 10


WIDTHS = {"A": 4.0, "B": 4.0, "C": 5.0, "D": 40.0, "E": 22.0, "F": 34.0}
WIDTHS |= {"G": 24.0, "H": 8.0, "I": 22.0, "J": 28.0}
