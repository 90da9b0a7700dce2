"""The one place that orders the rooms: what is read, in which order, and what is out of date."""

CODES = {
    "WORK-001": "no such questionnaire",
    "WORK-002": "a file stands in the way",
    "WORK-003": "data cannot be read",
    "WORK-004": "no such engine",
    "WORK-005": "not processed yet",
    "WORK-006": "nothing to trace",
    "ISSUE-001": "fewer copies than assignments",
    "ISSUE-002": "the sampling frame cannot be read",
    "ISSUE-003": "no such language of the form",
    "WORK-007": "no such language",
    "WORK-008": "no room, or no right to write",
    "WORK-009": "altered after it was made",
    "WORK-010": "missing after it was made",
    "WORK-011": "not made by the pipeline",
    "WORK-012": "written into, and not received yet",
    "WORK-013": "withdrawn since it was cleaned",
    "WORK-014": "data that are not a table",
    "WORK-015": "a file that is not named after its form",
}
