"""The tables of processed/ that a delivery is made of."""

from pathlib import Path

import pandas as pd

from pipeline.errors import Place, Problem, SurveyError
from pipeline.questionnaire.model import Questionnaire

Frames = dict[str, pd.DataFrame]


def read_processed(
    questionnaire: Questionnaire, folder: Path, shown: str
) -> tuple[pd.DataFrame, Frames, pd.DataFrame, Frames]:
    """Read main, repeats, and the kinds of missing answers of both.

    Args:
        questionnaire: the form.
        folder: `processed/FORM`.
        shown: its name in problems.

    Raises:
        SurveyError: DATA-022, a table is not there.
    """
    names = ["responses", "missing"]
    names += [name + end for name in questionnaire.repeats for end in ("", ".missing")]
    absent = [name for name in names if not (folder / f"{name}.parquet").is_file()]
    if absent:
        place = Place(file=f"{shown}/{absent[0]}.parquet")
        message, repair = "There is nothing to deliver yet.", "Clean first: survey process."
        raise SurveyError([Problem("DATA-022", message, repair, place)])
    frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}
    repeats = {name: frames[name] for name in questionnaire.repeats}
    kinds = {name: frames[f"{name}.missing"] for name in questionnaire.repeats}
    return frames["responses"], repeats, frames["missing"], kinds
