"""Keys, and the people behind the responses."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import Problem, SurveyError
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
    from pipeline.privacy.access import nobody_identified
    from pipeline.privacy.consent import withdrawn

    if response in withdrawn(study):  # what is encrypted may be older
        raise nobody_identified()
    now = dt.datetime.now(dt.UTC)
    return work(study, form_names(study), response, key=key, reason=reason, now=now)


def withdraw(study: Study, response: str, *, reason: str) -> tuple[str, ...]:
    """Note that consent was withdrawn; what to do next, a line each.

    Raises:
        SurveyError: CONS-001, REG-...
    """
    from pipeline.privacy.consent import withdraw as work

    now = dt.datetime.now(dt.UTC)
    if not work(study, form_names(study), response, reason=reason, now=now):
        return ("It was withdrawn before.",)
    return (
        "Noted in raw/_register/withdrawals.csv. Take it out of everything made: survey analyze,",
        "which also takes away delivered data and names that are older. What has left this folder",
        "cannot be called back; the returned file itself stays in raw/ until you decide otherwise.",
    )


def retention(study: Study) -> tuple[Problem, ...]:
    """A warning when the day has come until which answers may be kept."""
    from pipeline.privacy.consent import retention as work

    passed = work(study, dt.datetime.now(dt.UTC).date())
    return () if passed is None else (passed,)


def seal(study: Study, archive: Path) -> str:
    """Write raw/ as one encrypted archive.

    Raises:
        SurveyError: RAW-... raw/ is not as it was received, SEAL-..., KEYS-...
    """
    from pipeline.privacy.sealing import seal as work
    from pipeline.workflow.returned import verify

    verify(study)
    return f"made {archive}: {work(study, archive)} files, for the recipients in study.yaml"


def unseal(study: Study, archive: Path, *, key: Path | None) -> str:
    """Open a sealed archive into an empty raw/, and verify it.

    Raises:
        SurveyError: SEAL-..., KEYS-..., RAW-...
    """
    from pipeline.privacy.keys import IDENTITY
    from pipeline.privacy.sealing import unseal as work
    from pipeline.workflow.returned import verify

    count = work(study, archive, key=key or study.keys / IDENTITY)
    return f"{count} files are back in raw/; {verify(study)} returns as they were received"


def make_odk_key(study: Study) -> None:
    """Make the key for ODK's encryption in keys/, and name its public part in study.yaml.

    Raises:
        SurveyError: KEYS-004, KEYS-007.
    """
    from pipeline.privacy.keys import make_odk_key as work
    from pipeline.privacy.keys import name_public_key

    name_public_key(study, work(study.root / _KEYS, shown=_KEYS))


def decrypt(study: Study, paths: Sequence[Path], to: Path, *, key: Path | None) -> tuple[str, ...]:
    """Open submissions that ODK Collect encrypted; a line each, a problem for each that fails.

    Raises:
        SurveyError: ODK-..., of every submission that could not be opened; the others are.
    """
    from pipeline.privacy.keys import ODK_KEY
    from pipeline.returns.odk_encryption import manifests, open_submission, read_private_key
    from pipeline.store import write_bytes

    path = key or study.root / _KEYS / ODK_KEY
    private = read_private_key(path, shown=path.as_posix())
    lines, problems = [], list[Problem]()
    for manifest in manifests(paths):
        try:
            shown, caps = manifest.as_posix(), study.settings.caps
            opened = open_submission(manifest, private, shown=shown, caps=caps)
        except SurveyError as error:
            problems.extend(error.problems)
            continue
        for name, content in opened.files:
            write_bytes(to / opened.folder / name, content, mode=0o600)
        lines.append(f"opened {shown} -> {to / opened.folder}")
    if problems:
        raise SurveyError(problems)
    return tuple(lines) or ("There is no encrypted submission here.",)
