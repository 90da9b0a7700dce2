"""Identifiers apart from the answers: what names somebody goes to no table in the clear.

In the place of each identifier stands its pseudonym, `pseudonym/QUESTION`.
"""

from collections.abc import Mapping
from dataclasses import Field, replace
from typing import Any, ClassVar, Protocol, TypeVar

import pandas as pd

from pipeline.privacy.pseudonyms import PREFIX, pseudonyms
from pipeline.questionnaire.model import Questionnaire
from pipeline.settings import Roles

IDENTIFIER_COLUMNS = ("response_id", "question", "position", "parent_position", "value")
PUBLIC_NAME = "public_name"
YES = "yes"


class Tables(Protocol):
    """What this room has to see of cleaned responses (`cleaning.process.Cleaned`)."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def main(self) -> pd.DataFrame:
        """One row a response."""

    @property
    def repeats(self) -> Mapping[str, pd.DataFrame]:
        """Repeat -> one row an instance."""

    @property
    def raw_text(self) -> pd.DataFrame:
        """What was written, with the column `question`."""


Cleaned = TypeVar("Cleaned", bound=Tables)


def set_apart(
    cleaned: Cleaned, questionnaire: Questionnaire, roles: Roles, key: bytes | None
) -> tuple[Cleaned, pd.DataFrame]:
    """Take what identifies somebody out of the answers.

    Questions with the sensitivity `identifier`, and what a device says of the person who holds it,
    leave the tables and the raw texts; pseudonyms stand in their place. Their kinds of missing
    answers stay, for they name nobody. Where an organisation has consented to be named its name
    stays, as `public_name`.

    Args:
        cleaned: of one form.
        questionnaire: the form.
        roles: which questions are the organisation's name and its consent to be named.
        key: of the pseudonyms; None leaves them out, which only suits a form without identifiers.

    Returns:
        What may be written, and the identifiers: `IDENTIFIER_COLUMNS`, one row an answer, value as
        text.
    """
    apart = identifying(questionnaire)
    main = _without(cleaned.main, apart, None, key)
    if (names := _public_names(cleaned.main, roles)) is not None:
        main = main.assign(**{PUBLIC_NAME: names})
    public = replace(
        cleaned,
        main=main,
        repeats={
            name: _without(frame, apart, name, key) for name, frame in cleaned.repeats.items()
        },
        raw_text=cleaned.raw_text[~cleaned.raw_text["question"].isin(list(apart))].reset_index(
            drop=True
        ),
    )
    return public, _identifiers(cleaned, apart)


def identifying(questionnaire: Questionnaire) -> dict[str, str | None]:
    """Questions that identify somebody -> their repeat, None in the main table."""
    return {
        item.name: item.repeat
        for item in questionnaire.items
        if item.question.has_answer and item.question.identifies
    }


def holds_identifiers(cleaned: Tables, questionnaire: Questionnaire) -> bool:
    """Whether anybody is identified by any answer."""
    return any(
        (cleaned.main if repeat is None else cleaned.repeats[repeat])[name].notna().any()
        for name, repeat in identifying(questionnaire).items()
    )


def _without(
    frame: pd.DataFrame, apart: Mapping[str, str | None], repeat: str | None, key: bytes | None
) -> pd.DataFrame:
    """The frame with a pseudonym in the place of each identifier."""
    gone = [name for name in map(str, frame.columns) if _question_of(name, apart) is not None]
    here = [name for name, where in apart.items() if where == repeat]
    made = {} if key is None else {PREFIX + name: pseudonyms(frame[name], key) for name in here}
    return frame.drop(columns=gone).assign(**made)


def _question_of(column: str, apart: Mapping[str, str | None]) -> str | None:
    """The question whose answer, or whose choice, a column holds."""
    return next((name for name in (column, column.rpartition("/")[0]) if name in apart), None)


def _public_names(main: pd.DataFrame, roles: Roles) -> "pd.Series | None":
    name, consent = roles.organisation, roles.consent_named
    if name is None or consent is None or name not in main or consent not in main:
        return None
    agreed = (main[consent] == YES).fillna(False).astype(bool)  # noqa: FBT003 - pandas'
    return main[name].astype("str").where(main[name].notna() & agreed)


def _identifiers(cleaned: Tables, apart: Mapping[str, str | None]) -> pd.DataFrame:
    """The answers taken out, one row each, in the order of the form and of the rows."""
    parts = []
    for name, repeat in apart.items():
        frame = cleaned.main if repeat is None else cleaned.repeats[repeat]
        given = frame[frame[name].notna()]
        part = pd.DataFrame({"response_id": given["response_id"], "question": name})
        for key in ("position", "parent_position"):
            part[key] = given.get(key, pd.NA)
        part["value"] = given[name].astype("str")
        parts.append(part)
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    kinds = {name: "Int64" if "position" in name else "str" for name in IDENTIFIER_COLUMNS}
    return found.reindex(columns=list(IDENTIFIER_COLUMNS)).astype(kinds)
