"""How people write: full-width digits, marks nobody sees, spaces; nothing here knows a question."""

import re
import unicodedata
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

_SPELLED = ("<wide>", "<narrow>")
_MARKS = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_UNSEEN = re.compile(f"[{_MARKS}{_CONTROL}\u200c\u200d]")
_SPACES = re.compile(r"\s+")

# Joiners (U+200C, U+200D) stay in open text, where Persian and emoji need them.
_UNSEEN_IN_TEXT = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{ad}\x{200b}\x{200e}\x{200f}"
    r"\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}\x{fff9}-\x{fffb}]"
)
_UNTIDY = rf"^\s|\s$|\r|{_UNSEEN_IN_TEXT}"


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """The plain form of a full- or half-width character, and the ASCII digit of any decimal."""
    decimal = unicodedata.decimal(character, None)
    if decimal is not None:
        return str(decimal)
    if unicodedata.decomposition(character).startswith(_SPELLED):
        return unicodedata.normalize("NFKC", character)
    return " " if character.isspace() else character


def fold(text: str) -> str:
    """A number, date or code as it was meant: plain width, ASCII digits, single spaces, no marks.

    Superscripts, fractions and circled digits stay what they are: `5²` is not 52. That is why this
    is not NFKC as a whole.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    seen = _UNSEEN.sub("", text)
    return _SPACES.sub(" ", "".join(map(_plain, seen))).strip()


def tidy_text(text: pa.LargeStringArray) -> pa.LargeStringArray:
    """Open text as it is kept: NFC, line feeds, no unseen marks, no spaces around it.

    Width and punctuation stay as they were written: `，` and `？` belong to Chinese and Japanese.
    What is left with nothing is missing.
    """
    untidy = pc.or_(pc.match_substring_regex(text, _UNTIDY), pc.invert(pc.string_is_ascii(text)))
    if not pc.any(untidy).as_py():
        return text
    rough = pc.filter(text, untidy)
    clean = pc.replace_substring_regex(rough, r"\r\n?", "\n")
    clean = pc.replace_substring_regex(clean, _UNSEEN_IN_TEXT, "")
    clean = pc.utf8_trim_whitespace(pc.utf8_normalize(clean, "NFC"))
    clean = pc.if_else(pc.equal(clean, ""), None, clean)
    return pc.replace_with_mask(text, pc.fill_null(untidy, False), clean)  # noqa: FBT003 - arrow's


def tidy(text: str) -> str:
    """`tidy_text` for one text; "" where nothing is left."""
    found = tidy_text(pa.array([text], pa.large_string()))[0].as_py()
    return found or ""
