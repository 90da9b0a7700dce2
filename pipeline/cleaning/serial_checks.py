"""Whether the serials of returns are those of copies that were issued; a query to the field."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Finding, rows_where
from pipeline.cleaning.issues import issues_of
from pipeline.cleaning.process import Cleaned
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import Action
from pipeline.serials import canonical, is_right
from pipeline.settings import Roles

STAGE = "serial_checks"


def serial_checks(
    cleaned: Cleaned, questionnaire: Questionnaire, roles: Roles, issued: Mapping[str, str]
) -> pd.DataFrame:
    """Serials with a wrong check character, and serials of no copy of this form.

    Args:
        cleaned: the responses to one form.
        questionnaire: the form.
        roles: which question holds the serial of returns that came on paper or by ODK.
        issued: serial -> form_id of every copy that was issued. While no copy of this form was,
            serials are the study's own and nothing is held against them.

    Returns:
        `responses.ISSUE_COLUMNS`, action `queried`.
    """
    batch = Batch(questionnaire, {MAIN: cleaned.main}, aside=np.zeros(len(cleaned.main), bool))
    ours = {serial for serial, form_id in issued.items() if form_id == questionnaire.form_id}
    serials = serials_of(cleaned.main, roles)
    wrong = serials.map(lambda one: not is_right(one), na_action="ignore") == True  # noqa: E712 - NA
    strange = ~serials.isin(list(ours)) & serials.notna() & ~wrong
    found = [
        Finding(code, MAIN, rows_where(flags.to_numpy(bool)), None, "", Action.QUERIED, stage=STAGE)
        for code, flags in (("serial_wrong", wrong), ("serial_not_issued", strange))
        if ours
    ]
    return issues_of(batch.adding(findings=found), None)


def serials_of(main: pd.DataFrame, roles: Roles) -> pd.Series:
    """The serial of each response, as it was issued: the form's own, else the one written in."""
    serial = main["serial"]
    if roles.serial is not None and roles.serial in main:
        serial = serial.fillna(main[roles.serial].astype("str"))
    return serial.map(canonical, na_action="ignore").astype("str")
