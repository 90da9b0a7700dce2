"""The identifiers of a form as one encrypted file, processed/FORM/identifiers.age.

Inside are lines of JSON in UTF-8, one an answer, sorted, so that the same returns give the same
content. age never gives the same bytes twice; a keyed digest of the content beside the file tells
that it is as it should be, and then it is left alone.
"""

import contextlib
import heapq
import hmac
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd
from pyrage import x25519

from pipeline.privacy.encrypted_stream import NotOpenedError, decrypt_lines, encrypt_lines
from pipeline.privacy.identifiers import IDENTIFIER_COLUMNS
from pipeline.privacy.keys import Keys
from pipeline.privacy.problems import refusal
from pipeline.store import write_text, write_through

NAME = "identifiers.age"
DIGEST = "identifiers.digest"
_ORDER = ["response_id", "question", "parent_position", "position"]
_PRIVATE = 0o600
_Row = tuple[Any, ...]


def write_identifiers(lines: Iterable[bytes], keys: Keys, folder: Path) -> tuple[Path, ...]:
    """Encrypt the identifiers of a form, unless the file holds the very same already.

    Args:
        lines: as `lines_of` or `lines_together`; never all at once in memory.
        keys: of the study.
        folder: `processed/FORM`.

    Returns:
        The encrypted file and its digest, both readable by their owner alone.
    """
    path, beside = folder / NAME, folder / DIGEST
    known = beside.read_text("ascii") if path.is_file() and beside.is_file() else None
    recipients = keys.age_recipients
    digest = hmac.new(keys.pseudonym, b"identifiers\0", "sha256")
    digest.update("\n".join(keys.recipients).encode() + b"\0")

    def passing() -> Iterator[bytes]:
        for line in lines:
            digest.update(line)
            yield line

    def write(temporary: Path) -> None:
        with temporary.open("wb") as sealed:
            encrypt_lines(passing(), sealed, recipients)
        if f"{digest.hexdigest()}\n" == known:
            raise _TheSameError
        beside.unlink(missing_ok=True)

    with contextlib.suppress(_TheSameError):
        write_through(path, write, mode=_PRIVATE)
        write_text(beside, f"{digest.hexdigest()}\n", mode=_PRIVATE)
    return path, beside


class _TheSameError(Exception):
    """What was encrypted is what the file holds; it stays as it is."""


def remove_identifiers(folder: Path) -> None:
    """Remove what an earlier run encrypted; there is nothing to keep any more."""
    for name in (NAME, DIGEST):
        (folder / name).unlink(missing_ok=True)


def lines_of(identifiers: pd.DataFrame) -> Iterator[bytes]:
    """The lines of JSON of `IDENTIFIER_COLUMNS`, by response, question and position."""
    return map(_line, _rows(sorted_identifiers(identifiers)))


def lines_together(parts: Iterable[Iterable[pd.DataFrame]]) -> Iterator[bytes]:
    """The lines of several parts as of one frame of them all.

    Args:
        parts: of each its identifiers in `sorted_identifiers`' order, a few rows after the other;
            of each part no more than these few are in memory.
    """
    rows = (chain.from_iterable(map(_rows, part)) for part in parts)
    return map(_line, heapq.merge(*rows, key=_place))


def sorted_identifiers(identifiers: pd.DataFrame) -> pd.DataFrame:
    """The rows in the order of response, question and position; index 0..n-1."""
    return identifiers.sort_values(_ORDER, kind="stable", ignore_index=True)


def _rows(identifiers: pd.DataFrame) -> Iterator[_Row]:
    whole = identifiers[list(IDENTIFIER_COLUMNS)].astype("object")
    return whole.where(whole.notna(), None).itertuples(index=False, name=None)


def _place(row: _Row) -> _Row:
    """Where a row stands; what is missing stands last."""
    response_id, question, position, parent_position, _ = row
    keys = (response_id, question, parent_position, position)
    return tuple(one for key in keys for one in (key is None, 0 if key is None else key))


def _beginning(response_id: str | None) -> bytes:
    """How the lines of a response begin."""
    if response_id is None:
        return b""
    alone = json.dumps({IDENTIFIER_COLUMNS[0]: response_id}, ensure_ascii=False)
    return f"{alone[:-1]}, ".encode()


def _line(row: _Row) -> bytes:
    named = zip(IDENTIFIER_COLUMNS, row, strict=True)
    told = {name: value for name, value in named if value is not None}
    return f"{json.dumps(told, ensure_ascii=False)}\n".encode()


def read_identifiers(
    path: Path, identity: x25519.Identity, *, shown: str, response_id: str | None = None
) -> pd.DataFrame:
    """Open the identifiers of a form.

    Args:
        path: the encrypted file.
        identity: opens it.
        shown: how the file is called in an error.
        response_id: whose alone; None: everybody's. No others are ever in memory.

    Returns:
        `IDENTIFIER_COLUMNS`, one row an answer.

    Raises:
        SurveyError: KEYS-005, the identity does not open it.
    """
    begins = _beginning(response_id)
    kept = list[bytes]()

    def keep(line: bytes) -> None:
        if line.startswith(begins):
            kept.append(line)

    try:
        with path.open("rb") as sealed:
            decrypt_lines(sealed, identity, keep)
    except NotOpenedError as error:
        raise refusal(
            "KEYS-005",
            "This key does not open the file: it was encrypted for others, or damaged.",
            "Name the private key that belongs to it with --key FILE.",
            file=shown,
        ) from error
    frame = pd.DataFrame([json.loads(line) for line in kept], dtype=object)
    kinds = {name: "Int64" if "position" in name else "str" for name in IDENTIFIER_COLUMNS}
    return frame.reindex(columns=list(IDENTIFIER_COLUMNS)).astype(kinds)
