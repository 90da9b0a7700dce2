"""The sampling frame's keys, for the check that an interview is of somebody in it."""

import csv
from collections.abc import Iterator

import pandas as pd

from pipeline.errors import Place, Problem, SurveyError
from pipeline.settings import Frame, Sampling
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


def read_frame(study: Study, sampling: Sampling) -> pd.DataFrame:
    """The sampling frame without its names.

    Returns:
        One row a unit, text, indexed by the units' keys; missing is NA.

    Raises:
        SurveyError: CLEAN-010 the frame cannot be read, CLEAN-011 a column that study.yaml names is
            not there, CLEAN-012 keys that are missing or stand twice.
    """
    settings = study.settings.frame
    if settings is None:
        raise SurveyError(
            [
                Problem(
                    "CLEAN-010",
                    "There is a sampling without a frame.",
                    "Name the sampling frame under frame: in study.yaml.",
                    Place(file="instruments/study.yaml", rule="sampling"),
                )
            ]
        )
    path = study.instruments / settings.file
    shown = study.shown(path)
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        message, repair = "The sampling frame cannot be read.", "Save it as CSV in UTF-8."
        raise SurveyError([Problem("CLEAN-010", message, repair, Place(file=shown))]) from error
    if problems := list(_wrong(table, settings, sampling, shown)):
        raise SurveyError(problems)
    names = [settings.name] if settings.name in table else []
    return table.drop(columns=names).set_index(settings.id).replace("", pd.NA).astype("str")


def _wrong(
    table: pd.DataFrame, settings: Frame, sampling: Sampling, shown: str
) -> Iterator[Problem]:
    named = [settings.id, sampling.selected, sampling.strata, sampling.disposition, *sampling.rake]
    for name in dict.fromkeys(name for name in named if name is not None):
        if name not in table:
            message = f"The sampling frame has no column {name!r}."
            repair = "Correct its name in study.yaml, or add the column."
            yield Problem("CLEAN-011", message, repair, Place(file=shown))
    if settings.id in table:
        keys = table[settings.id]
        for row in keys.index[keys.eq("") | keys.duplicated(keep=False)]:
            message, repair = "This key is missing or stands twice.", "Give every unit its own key."
            yield Problem("CLEAN-012", message, repair, Place(file=shown, line=int(row) + 2))
