"""Numbers as people and programs write them: strict, and never a guess that is not told."""

import re
from dataclasses import dataclass
from decimal import Decimal

from pipeline.cleaning.spelling import fold

INTEGER = r"^(0|-?[1-9][0-9]{0,17})(\.0+)?$"
"""An integer as programs write it; pandas and Excel add `.0`."""
DECIMAL = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$"
"""A decimal number as programs write it."""

_PLAIN = re.compile(r"[+-]?([0-9]{1,18}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_LIMIT = 2**63


@dataclass(frozen=True, slots=True)
class Read:
    """What a text was read as.

    Attributes:
        value: None where it cannot be read.
        code: what has to be told about it, a code of `codes.py`; "" nothing.
    """

    value: object = None
    code: str = ""


def read_integer(text: str) -> Read:
    """A whole number; `34.0`, `007`, `３４` and `1,234` are, `34.5` and `5²` are not."""
    return _whole(fold(text))


def read_decimal(text: str) -> Read:
    """A number; `1,234` could be 1.234, so it is not one, but `1,234.5` and `1,234,567` are."""
    plain = fold(text)
    if _GROUPED.fullmatch(plain):
        if plain.count(",") == 1 and "." not in plain:
            return Read(None, "not_a_number")
        return Read(float(plain.replace(",", "")), "grouped_number")
    return Read(float(plain)) if _PLAIN.fullmatch(plain) else Read(None, "not_a_number")


def _whole(plain: str) -> Read:
    code = "grouped_number" if _GROUPED.fullmatch(plain) else ""
    digits = plain.replace(",", "") if code else plain
    if not _PLAIN.fullmatch(digits):
        return Read(None, "not_a_number")
    whole = Decimal(digits)
    if whole != whole.to_integral_value() or not -_LIMIT <= whole < _LIMIT:
        return Read(None, "not_a_number")
    return Read(int(whole), code)
