"""Serial numbers of issued copies, with a check character: a slip of the pen is no other copy.

A serial is `OP-0012-K`: letters of the form, a number that no other copy in the study has, and the
check character. Method: ISO 7064, MOD 37,36, over letters and digits; it finds every wrong
character and every swap of neighbours but a few in a thousand.
"""

import re
import unicodedata

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODULUS = len(_CHARACTERS)
_SERIAL = re.compile(r"[A-Z]{1,6}-?\d{4,9}-?[0-9A-Z]")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212_]+")


def check_character(text: str) -> str:
    """The check character of letters and digits, by ISO 7064 MOD 37,36.

    Raises:
        ValueError: a character is neither 0-9 nor A-Z.
    """
    product = _MODULUS
    for character in text:
        total = (product + _CHARACTERS.index(character)) % _MODULUS or _MODULUS
        product = total * 2 % (_MODULUS + 1)
    return _CHARACTERS[(_MODULUS + 1 - product) % _MODULUS]


def serial_of(prefix: str, number: int) -> str:
    """A serial: capital letters, a number of at least four digits, and the check character."""
    body = f"{number:04d}"
    return f"{prefix}-{body}-{check_character(prefix + body)}"


def prefix_of(form_id: str) -> str:
    """The letters of a form: the first of each of its words, `organisation_profile` is OP."""
    found = [word[0] for word in re.findall(r"[A-Za-z]+", form_id)]
    return "".join(found)[:6].upper() or "X"


def canonical(serial: str) -> str:
    """A serial however it was copied: small letters, full width, other dashes, spaces."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", serial)).upper()
    if re.fullmatch(r"[A-Z]+\d+[0-9A-Z]", plain) is None:
        return serial.strip()
    letters = re.match(r"[A-Z]+", plain)
    head = letters.group() if letters else ""
    return f"{head}-{plain[len(head) : -1]}-{plain[-1]}"


def is_right(serial: str) -> bool:
    """Whether a serial has our shape and its check character fits."""
    found = canonical(serial)
    if _SERIAL.fullmatch(found) is None:
        return False
    plain = found.replace("-", "")
    return check_character(plain[:-1]) == plain[-1]
