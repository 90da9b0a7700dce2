"""Names that a question or repeat cannot have, because a column or file of the answers has them."""

RESPONSE_COLUMNS = frozenset(
    [
        "response_id",
        "form_id",
        "form_version",
        "mode",
        "language",
        "serial",
        "source_file",
        "source_row",
        "received_at",
    ]
)
"""Columns of every response, before those of the questions."""

INSTANCE_COLUMNS = frozenset(
    ["response_id", "position", "parent_position", "source_file", "source_row"]
)
"""Columns of every instance of a repeat, before those of the questions."""

TABLES = frozenset(["responses", "missing", "issues", "ledger", "raw_text"])
"""Tables of every form in processed/, beside one for each repeat; whatever the case of letters."""
MISSING_ENDING = ".missing"
"""What the table of a repeat's missing kinds is called after the repeat's name."""
