"""What stops the cleaning: a code each, with its title. What is merely odd is in `codes.py`."""

CODES: dict[str, str] = {
    "CLEAN-001": "answers that are not accounted for",
    "CLEAN-002": "a correction log cannot be read",
    "CLEAN-003": "a correction log lacks a column",
    "CLEAN-004": "a stage was given or left a frame that its schema refuses",
    "CLEAN-010": "a sampling frame cannot be read",
    "CLEAN-011": "a sampling frame lacks a column",
    "CLEAN-012": "a key of the sampling frame is missing or stands twice",
    "CLEAN-013": "a sampling names no question",
    "CLEAN-014": "a question has the name of a column of weights",
}
