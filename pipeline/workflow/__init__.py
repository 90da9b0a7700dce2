"""The one place that orders the rooms: what is read, in which order, and what is out of date."""

CODES = {
    "WORK-001": "no such questionnaire",
    "WORK-002": "a file stands in the way",
    "WORK-003": "data cannot be read",
    "WORK-004": "no such engine",
    "WORK-005": "not processed yet",
    "WORK-006": "nothing to trace",
    "WORK-007": "no such language",
}
