"""Lines of text that fit: Latin words stay whole, Chinese and Japanese break where they may."""

import unicodedata
from collections.abc import Callable, Iterator

CHARACTERS = 36
"""Width of a label's line, in letters of the Latin alphabet; a Chinese character takes two."""

_NOT_FIRST = set(
    "、。，．・：；？！）」』】〕》〉”’…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)]}%"
)
_NOT_LAST = set("（「『【〔《〈“‘([{")
_ENDS_PHRASE = set("、。，．・：；？！）」』】〕》〉／ ")
"""After these a phrase is over; so it is between hiragana and what is none."""

_Breaks = Callable[[str, str, bool], bool]
"""Whether a line may end between two letters; the third: the piece before is wider than a line."""


def width_of(text: str) -> int:
    """Width of a text in Latin letters; a Chinese or Japanese character counts two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def wrapped(text: str, width: int = CHARACTERS) -> str:
    """The text on lines of at most `width` Latin letters.

    Latin words stay whole where they fit on a line; Chinese and Japanese text breaks anywhere but
    before closing and after opening punctuation, and only between phrases where that takes no
    more lines. The lines are about equally long.
    """
    lines, breaks = _filled(text, width, _may_break), _may_break
    longest = max((len(word) for word in text.split() if word.isascii()), default=1)
    phrased = _filled(text, width, _between_phrases)
    if len(phrased) <= len(lines) and max(map(width_of, phrased)) <= width:
        lines, breaks = phrased, _between_phrases
        longest = max((width_of(one.rstrip()) for one in _pieces(text, width, breaks)), default=1)
    for narrower in range(width - 1, longest - 1, -1):
        tried = _filled(text, narrower, breaks)
        if len(tried) > len(lines) or max(map(width_of, tried)) > width:
            break
        lines = tried
    return "\n".join(lines)


def _filled(text: str, width: int, breaks: _Breaks) -> list[str]:
    lines = [""]
    for piece in _pieces(" ".join(text.split()), width, breaks):
        if width_of((lines[-1] + piece).rstrip()) > width and lines[-1]:
            lines.append("")
        lines[-1] += piece.lstrip() if not lines[-1] else piece
    return [line.rstrip() for line in lines]


def _pieces(text: str, width: int, breaks: _Breaks) -> Iterator[str]:
    piece = ""
    for letter in text:
        if piece and breaks(piece[-1], letter, width_of(piece) >= width):
            yield piece
            piece = ""
        piece += letter
    if piece:
        yield piece


def _may_break(before: str, after: str, wide: bool) -> bool:  # noqa: FBT001 - see _Breaks
    if after in _NOT_FIRST or before in _NOT_LAST:
        return False
    cjk = any(unicodedata.east_asian_width(letter) in "WF" for letter in (before, after))
    return cjk or before == " " or wide


def _between_phrases(before: str, after: str, wide: bool) -> bool:  # noqa: FBT001 - see _Breaks
    if not _may_break(before, after, wide):
        return False
    ends = before in _ENDS_PHRASE or after in _NOT_LAST
    return wide or ends or (_is_hiragana(before) and not _is_hiragana(after))


def _is_hiragana(letter: str) -> bool:
    return "\u3041" <= letter <= "\u309f"
