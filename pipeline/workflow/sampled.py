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
    from pipeline.cleaning.sampling import Sampled
    from pipeline.questionnaire.model import Questionnaire


def weighed(
    study: Study, main: "pd.DataFrame", missing: "pd.DataFrame", form: "Questionnaire"
) -> "Sampled | None":
    """Hold the responses to a form that study.yaml says was sampled against the frame.

    Args:
        study: the study folder.
        main: one row a response, or what gives its columns one by one.
        missing: the kinds of missing answers, likewise.
        form: the questionnaire.

    Returns:
        Status and weights of each response, the units of the frame, and issues; None without one.

    Raises:
        SurveyError: CLEAN-010 to CLEAN-013, the frame or the setting does not fit.
    """
    from pipeline.cleaning.frame import read_frame
    from pipeline.cleaning.sampling import check_sampling, sample
    from pipeline.settings import Roles

    sampling = study.settings.sampling.get(form.form_id)
    if sampling is None:
        return None
    check_sampling(sampling, form)
    frame, roles = read_frame(study, sampling), study.settings.roles.get(form.form_id, Roles())
    return sample(main, missing, form, frame=frame, sampling=sampling, roles=roles)


def weigh(
    study: Study, cleaned: "Cleaned", form: "Questionnaire"
) -> "tuple[Cleaned, pd.DataFrame | None]":
    """Add what `weighed` gives to the responses and their issues, and the units beside them."""
    import pandas as pd

    from pipeline.responses import join_issues

    found = weighed(study, cleaned.main, cleaned.missing, form)
    if found is None:
        return cleaned, None
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
