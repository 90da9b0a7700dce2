"""A keyed pseudonym in the place of each identifier.

The same person or organisation is known again in every form and every year, and named by nobody.
HMAC-SHA256, because a bare hash of a name or a telephone number is found by trying them all. The
key of a response is no identifier and stays: it links a row with its file and its correction.
Source: RFC 2104; ENISA (2019), Pseudonymisation techniques and best practices, 5.1.
"""

import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

PREFIX = "pseudonym/"
"""`pseudonym/QUESTION` is the column in the place of the question; no question has a slash."""

_DIGITS = 32


def pseudonyms(values: "pd.Series", key: bytes) -> "pd.Series":
    """The pseudonym of each value, 32 hexadecimal digits; NA where there is none.

    Values that differ in width, case and blanks alone have the same pseudonym.
    """
    texts = values.astype("str")
    plain = texts.str.normalize("NFKC").str.casefold().str.replace(r"\s+", "", regex=True)
    made = {text: _pseudonym(text, key) for text in plain.dropna().unique()}
    return plain.map(made).astype("str")


def _pseudonym(text: str, key: bytes) -> str:
    return hmac.digest(key, b"pseudonym\0" + text.encode(), "sha256").hex()[:_DIGITS]
