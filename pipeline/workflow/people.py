"""Keys, and the people behind the responses."""

import datetime as dt
from pathlib import Path

from pipeline.study import Study, open_study
from pipeline.workflow.questionnaires import form_names

_KEYS = "keys"


def make_own_keys(study: Study) -> str:
    """Make keys in `keys/` and name them in study.yaml; gives back the public key.

    What was encrypted with other keys before is encrypted anew by the next `survey process`.

    Raises:
        SurveyError: KEYS-004 there are keys already, KEYS-007 study.yaml cannot take them.
    """
    from pipeline.privacy.keys import make_keys, name_recipient

    public = make_keys(study.root / _KEYS, shown=_KEYS)
    name_recipient(open_study(study.root), public, _KEYS)
    return public


def identify(study: Study, response: str, *, key: Path | None, reason: str) -> tuple[str, ...]:
    """Who is behind a response, a line an answer; the access log has its line first.

    Raises:
        SurveyError: KEYS-..., REG-001; nothing is shown then.
    """
    from pipeline.privacy.access import identify as work

    now = dt.datetime.now(dt.UTC)
    return work(study, form_names(study), response, key=key, reason=reason, now=now)
