"""How alike two short texts are, whatever script, width or abbreviation they are written in.

Traditional and Simplified Chinese and Japanese characters are brought to one script by OpenCC's
tables; then rapidfuzz compares. An abbreviation counts as alike when its letters are the words'
initials (TAHR), or its characters stand in the name in the same order (台權會).
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from opencc import OpenCC
from rapidfuzz import fuzz, process

LEAST = 65
"""From this likeness on, of 100, something is suggested."""

_ABBREVIATED = 88.0
_SHORTEST = 2
_LONGEST_SHORT = 8
_MARKS = re.compile(r"[^\w]+")
_LETTERS = re.compile(r"[a-z]{2,8}")
_SMALL_WORDS = frozenset(["of", "the", "for", "and", "in", "on", "a", "an", "de", "la"])

Scores = npt.NDArray[np.float64]


@lru_cache(maxsize=65536)
def one_script(text: str) -> str:
    """A text in one script, width and case, its words separated by one space, without marks.

    A text of nothing but marks stays what it is.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    to_traditional, to_simplified = _converters()
    plain = to_simplified.convert(to_traditional.convert(plain))
    return _MARKS.sub(" ", plain.replace("'", "")).strip() or plain


@lru_cache(maxsize=1)
def _converters() -> "tuple[OpenCC, OpenCC]":
    return OpenCC("jp2t"), OpenCC("t2s")


def likeness(texts: Sequence[str], known: Sequence[str]) -> Scores:
    """(texts, known) likeness from 0 to 100 of texts that `one_script` has made plain."""
    if not texts or not known:
        return np.zeros((len(texts), len(known)))
    sorted_words = process.cdist(texts, known, scorer=fuzz.token_sort_ratio, dtype=np.float64)
    inside = process.cdist(texts, known, scorer=fuzz.token_set_ratio, dtype=np.float64)
    # A shared word (Taiwan, Association) must not be enough; a whole name inside another must.
    scores: Scores = (2 * sorted_words + inside) / 3
    for short, row in _short(texts):
        hits = [_ABBREVIATED if _abbreviates(short, one) else 0.0 for one in known]
        scores[row] = np.maximum(scores[row], hits)
    for short, column in _short(known):
        hits = [_ABBREVIATED if _abbreviates(short, one) else 0.0 for one in texts]
        scores[:, column] = np.maximum(scores[:, column], hits)
    return scores


def _short(texts: Sequence[str]) -> list[tuple[str, int]]:
    return [
        (text, number)
        for number, text in enumerate(texts)
        if _SHORTEST <= len(text) <= _LONGEST_SHORT and " " not in text
    ]


def _abbreviates(short: str, name: str) -> bool:
    """Whether a text can be an abbreviation of a longer one."""
    if len(name) < len(short) + _SHORTEST:
        return False
    if short.isascii():
        words = [word for word in name.split() if word not in _SMALL_WORDS]
        spelled = "".join(word[0] for word in words)
        return bool(_LETTERS.fullmatch(short)) and short == spelled
    return len(short) > _SHORTEST and short[-1] == name[-1] and _in_order(short, name)


def _in_order(short: str, name: str) -> bool:
    left = iter(name)
    return all(character in left for character in short)
