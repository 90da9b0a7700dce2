"""Responses against the sampling frame, once they are clean."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.store import write_through
from pipeline.study import Study

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.cleaning.process import Cleaned
    from pipeline.questionnaire.model import Questionnaire


def weigh(
    study: Study, cleaned: "Cleaned", form: "Questionnaire"
) -> "tuple[Cleaned, pd.DataFrame | None]":
    """Add status and weights to the responses of a form that study.yaml says was sampled.

    Returns:
        The responses, and the units of the frame (`cleaning.sampling.UNITS`); None without one.

    Raises:
        SurveyError: CLEAN-010 to CLEAN-013, the frame or the setting does not fit.
    """
    import pandas as pd

    from pipeline.cleaning.frame import read_frame
    from pipeline.cleaning.sampling import check_sampling, sample
    from pipeline.responses import join_issues
    from pipeline.study import Roles

    sampling = study.settings.sampling.get(form.form_id)
    if sampling is None:
        return cleaned, None
    check_sampling(sampling, form)
    found = sample(
        cleaned.main,
        cleaned.missing,
        form,
        frame=read_frame(study, sampling),
        sampling=sampling,
        roles=study.settings.roles.get(form.form_id, Roles()),
    )
    issues = join_issues([cleaned.issues, found.issues])
    main = pd.concat([cleaned.main, found.columns], axis=1)
    return replace(cleaned, main=main, issues=issues), found.units


def write_units(units: "pd.DataFrame | None", folder: Path) -> tuple[Path, ...]:
    """Write `sample.parquet` beside the answers: every unit of the frame and its disposition."""
    if units is None:
        return ()
    path = folder / "sample.parquet"
    write_through(path, partial(units.to_parquet, index=False), mode=0o600)
    return (path,)
