"""Choice names as they come back: trimmed, plain width, and `1.0` where a program made 1 of it."""

from collections.abc import Sequence

from pipeline.cleaning.numbers import Read
from pipeline.cleaning.spelling import fold


def read_choice(text: str, names: Sequence[str]) -> Read:
    """One choice name; a name that the form does not have is kept as it is, to be told later."""
    if text in names:
        return Read(text)
    plain = fold(text)
    return Read(_known(plain, names)) if plain else Read(None, "nothing_written")


def read_choices(text: str, names: Sequence[str]) -> Read:
    """Choice names joined by one space, each once, in the order given."""
    found = dict.fromkeys(_known(one, names) for one in fold(text).split(" ") if one)
    return Read(" ".join(found)) if found else Read(None, "nothing_written")


def _known(plain: str, names: Sequence[str]) -> str:
    whole = plain.removesuffix(".0")
    return whole if plain not in names and whole in names else plain
