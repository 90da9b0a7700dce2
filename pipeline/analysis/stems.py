"""What the questions of one battery share: their stem, and what is left of each as an item.

`How easy is it to find work?` and `How easy is it to find a home?` are read as one question, `How
easy is it to find …?`, with the items `Work` and `A home`.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from pipeline.analysis.wrapping import width_of

GAP = "…"
"""Stands in the stem where the items differ."""
_LEAST = 12
"""Width in Latin letters of a stem; what is shared by chance is shorter."""
_SENTENCE = re.compile(r"[.?!](?:\s|$)|[。？！]")
"""Ends a sentence: an item that holds it is a question of its own."""


@dataclass(frozen=True, slots=True)
class Battery:
    """Questions that share a stem.

    Attributes:
        stem: the wording of all with `GAP` in place of what differs; "" where nothing is shared.
        items: what differs, one a question; the whole wordings where nothing is shared.
    """

    stem: str
    items: tuple[str, ...]


def battery_of(wordings: Sequence[str]) -> Battery:
    """Split wordings into what they share and what is left of each; words stay whole."""
    texts = [" ".join(text.split()) for text in wordings]
    whole = Battery("", tuple(texts))
    if len(set(texts)) < 2:  # noqa: PLR2004 - one question is no battery
        return whole
    start = _shared_start(texts)
    rest = [text[len(start) :] for text in texts]
    end = _shared_start([text[::-1] for text in rest])[::-1]
    items = [text[: len(text) - len(end)].strip(" ,、，") for text in rest]
    if not all(items) or width_of(start + end) < _LEAST or any(map(_SENTENCE.search, items)):
        return whole
    return Battery(f"{start}{GAP}{end}", tuple(text[0].upper() + text[1:] for text in items))


def _shared_start(texts: Sequence[str]) -> str:
    """With what all begin, without a word that some of them go on with."""
    same = takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False))
    shared = "".join(letters[0] for letters in same)
    while shared and any(
        len(text) > len(shared) and _is_latin(shared[-1]) and _is_latin(text[len(shared)])
        for text in texts
    ):
        shared = shared[:-1]
    return shared


def _is_latin(letter: str) -> bool:
    return letter.isalnum() and unicodedata.east_asian_width(letter) not in "WF"
