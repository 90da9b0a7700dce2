"""Which versions of a form are known: the present one, and those that its changes name."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import KEYS, REPEAT_KEYS, REPEAT_SOURCES, Issue, IssueSeverity


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


def older_names(questionnaire: Questionnaire) -> dict[str, frozenset[str]]:
    """Questions of older versions that the changes name -> what they are called since.

    A question that was dropped is called nothing; one that was renamed twice has both names.
    """
    found = dict[str, set[str]]()
    for change in reversed(questionnaire.changes):
        for old, new in change.rename.items():
            found.setdefault(old, set()).update({new, *found.get(new, ())})
        for name in change.dropped:
            found.setdefault(name, set())
    known = {*questionnaire.by_name, *KEYS, *REPEAT_KEYS, *REPEAT_SOURCES}
    return {old: frozenset(new) for old, new in found.items() if old not in known}


@dataclass(frozen=True, slots=True)
class Strange:
    """Rows that name a version that the form does not know.

    Attributes:
        rows: how many.
        first_file: in which the first stands.
    """

    rows: int
    first_file: str

    @property
    def issue(self) -> Issue:
        """All of them as one issue."""
        return Issue(
            response_id=None,
            question=None,
            code="unknown_version",
            rule="version",
            severity=IssueSeverity.WARNING,
            stage="returns",
            source_file=self.first_file,
            message=f"{self.rows} rows name a version of the form that is not known.",
        )


def strange_versions(questionnaire: Questionnaire, main: pd.DataFrame) -> Strange | None:
    """The rows of a main table whose version is not known; None where there are none."""
    known = known_versions(questionnaire)
    strange = main["form_version"].notna() & ~main["form_version"].isin(known)
    if not known or not strange.any():
        return None
    return Strange(int(strange.sum()), str(main.loc[strange, "source_file"].iloc[0]))


def strange_together(found: Iterable[Strange | None]) -> Strange | None:
    """Those of several readers, in their order, as one."""
    there = [one for one in found if one is not None]
    return Strange(sum(one.rows for one in there), there[0].first_file) if there else None


def version_issues(questionnaire: Questionnaire, main: pd.DataFrame) -> list[Issue]:
    """One issue a returned table whose rows name a version that the form does not know."""
    strange = strange_versions(questionnaire, main)
    return [] if strange is None else [strange.issue]
