"""Which versions of a form are known: the present one, and those that its changes name."""

import pandas as pd

from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Issue, IssueSeverity


def known_versions(questionnaire: Questionnaire) -> frozenset[str]:
    """The form's own version and every version under `changes`; empty if it has none."""
    versions = {questionnaire.version, *(change.version for change in questionnaire.changes)}
    return frozenset(version for version in versions if version)


def is_known_version(questionnaire: Questionnaire, version: str) -> bool:
    """Whether a file of this version may be read as this form.

    A form without a version says nothing against any, and a file that names none is taken as
    filled in on the present form.
    """
    known = known_versions(questionnaire)
    return not version or not known or version in known


def version_issues(questionnaire: Questionnaire, main: pd.DataFrame) -> list[Issue]:
    """One issue a returned table whose rows name a version that the form does not know."""
    known = known_versions(questionnaire)
    strange = main["form_version"].notna() & ~main["form_version"].isin(known)
    if not known or not strange.any():
        return []
    return [
        Issue(
            response_id=None,
            question=None,
            code="unknown_version",
            rule="version",
            severity=IssueSeverity.WARNING,
            stage="returns",
            source_file=str(main["source_file"].iloc[0]),
            message=f"{int(strange.sum())} rows name a version of the form that is not known.",
        )
    ]
