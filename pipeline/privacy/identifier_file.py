"""The identifiers of a form as one encrypted file, processed/FORM/identifiers.age.

Inside are lines of JSON in UTF-8, one an answer, sorted, so that the same returns give the same
content. age never gives the same bytes twice; a keyed digest of the content beside the file tells
that it is as it should be, and then it is left alone.
"""

import hmac
import json
from pathlib import Path

import pandas as pd
from pyrage import x25519

from pipeline.privacy.identifiers import IDENTIFIER_COLUMNS
from pipeline.privacy.keys import Keys, decrypt, encrypt
from pipeline.store import write_bytes, write_text

NAME = "identifiers.age"
DIGEST = "identifiers.digest"
_ORDER = ["response_id", "question", "parent_position", "position"]
_PRIVATE = 0o600


def write_identifiers(identifiers: pd.DataFrame, keys: Keys, folder: Path) -> tuple[Path, ...]:
    """Encrypt the identifiers of a form, unless the file holds the very same already.

    Args:
        identifiers: `IDENTIFIER_COLUMNS`, one row an answer; not empty.
        keys: of the study.
        folder: `processed/FORM`.

    Returns:
        The encrypted file and its digest, both readable by their owner alone.
    """
    content = content_of(identifiers)
    path, beside = folder / NAME, folder / DIGEST
    about = "\n".join(keys.recipients).encode() + b"\0" + content
    digest = hmac.digest(keys.pseudonym, b"identifiers\0" + about, "sha256").hex() + "\n"
    if not (path.is_file() and beside.is_file() and beside.read_text("ascii") == digest):
        beside.unlink(missing_ok=True)
        write_bytes(path, encrypt(content, keys.recipients), mode=_PRIVATE)
        write_text(beside, digest, mode=_PRIVATE)
    return path, beside


def remove_identifiers(folder: Path) -> None:
    """Remove what an earlier run encrypted; there is nothing to keep any more."""
    for name in (NAME, DIGEST):
        (folder / name).unlink(missing_ok=True)


def content_of(identifiers: pd.DataFrame) -> bytes:
    """The lines of JSON, in the order of response, question and position."""
    ordered = identifiers.sort_values(_ORDER, kind="stable").astype("object")
    rows = ordered.itertuples(index=False, name=None)
    return "".join(
        json.dumps(
            {
                name: value
                for name, value in zip(IDENTIFIER_COLUMNS, row, strict=True)
                if pd.notna(value)
            },
            ensure_ascii=False,
        )
        + "\n"
        for row in rows
    ).encode()


def read_identifiers(path: Path, identity: x25519.Identity, *, shown: str) -> pd.DataFrame:
    """Open the identifiers of a form.

    Returns:
        `IDENTIFIER_COLUMNS`, one row an answer.

    Raises:
        SurveyError: KEYS-005, the identity does not open it.
    """
    lines = decrypt(path.read_bytes(), identity, shown=shown).decode().splitlines()
    frame = pd.DataFrame([json.loads(line) for line in lines], dtype=object)
    kinds = {name: "Int64" if "position" in name else "str" for name in IDENTIFIER_COLUMNS}
    return frame.reindex(columns=list(IDENTIFIER_COLUMNS)).astype(kinds)
