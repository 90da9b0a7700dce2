"""Numbers in words: which of them a table shows, and which it does not."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_NUMBER = re.compile(r"(?<![\w.])(\d[\d,]*(?:\.\d+)?)(%?)")
_TINY = 1e-9


@dataclass(frozen=True)
class Shown:
    """What may be said of a table.

    Attributes:
        numbers: that it shows, in full precision; shares from 0 to 1.
        words: that it shows: labels, title; numbers in them are names.
    """

    numbers: tuple[float, ...]
    words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, numbers: Iterable[float | None], texts: Iterable[str]) -> "Shown":
        """Of cells, hidden ones left out."""
        words = {token for text in texts for token, _, _ in _said(text)}
        return cls(tuple({one for one in numbers if one is not None}), frozenset(words))

    def has(self, text: str, value: float, decimals: int) -> bool:
        """Whether a number, rounded to so many places, is one of them."""
        scale = 100.0 if text.endswith("%") else 1.0
        near = 0.5 * 10.0**-decimals + _TINY
        return text in self.words or any(
            abs(abs(one) * scale - value) <= near for one in self.numbers
        )


def not_shown(text: str, shown: Shown) -> bool:
    """Whether words say a number that is not shown."""
    return any(not shown.has(*token) for token in _said(text))


def small_not_shown(text: str, shown: Shown, threshold: int) -> bool:
    """Whether words say a whole number from 1 to threshold - 1 that is not shown."""
    return any(
        not decimals and not token.endswith("%") and 1 <= value < threshold
        for token, value, decimals in _said(text)
        if not shown.has(token, value, decimals)
    )


def has_numbers(text: str) -> bool:
    """Whether any number is said."""
    return next(_said(text), None) is not None


def is_number(text: str) -> bool:
    """Whether words are a number and nothing else but marks."""
    bare = unicodedata.normalize("NFKC", text).strip(" +-−–†<>≤≥()[]")
    return _NUMBER.fullmatch(bare) is not None


def _said(text: str) -> Iterator[tuple[str, float, int]]:
    """Each number as it stands, its value and its decimal places."""
    for found in _NUMBER.finditer(unicodedata.normalize("NFKC", text)):
        digits = found[1].replace(",", "")
        yield found[0], float(digits), len(digits.partition(".")[2])
