"""The keys by which a recoding workbook is read back: its first row, which is hidden."""

QUESTION, RESPONSE, POSITION, TEXT = "question", "response_id", "position", "text"
SETTLES, SUGGESTION = "settles", "suggestion"
DECISION, VALUE, NEW_NAME, COMMENT, BY = "decision", "value", "new_name", "comment", "by"
LABEL = "label "
"""Before a language's code: the column of a new choice's label in it."""
CODE = "code "
"""Before a number from 1: the column of an answer's first code, of its second, and so on."""

SEPARATOR = " · "
"""Between the code that is read and the words that explain it."""

REVIEW, DECIDED, HOW_TO, LISTS = "review", "decided", "how to", "_lists"
"""Names of the sheets."""

FIRST_ROW = 3
"""Of the rows to be decided about; above are keys and headings."""


def code_of(entry: str) -> str:
    """What an entry of a drop-down stands for."""
    return entry.split(SEPARATOR, 1)[0].strip()
