"""The sampling frame's keys, for the check that an interview is of somebody in it."""

import csv

from pipeline.study import Study


def frame_ids(study: Study) -> frozenset[str] | None:
    """Keys of the study's sampling frame; None where it has none, or it does not have the column.

    Whether the file of the frame is right is checked where it is used: here a lack of it only
    leaves a query unasked.
    """
    frame = study.settings.frame
    path = study.instruments / frame.file if frame else None
    if frame is None or path is None or not path.is_file():
        return None
    with path.open(encoding="utf-8-sig", newline="") as stream:
        keys = [row.get(frame.id) for row in csv.DictReader(stream)]
    return frozenset(key for key in keys if key) or None
