"""The only source of chance: a stream of random numbers for each thing that is drawn."""

from random import Random


def chance(*names: object) -> Random:
    """A stream that is always the same for the same names: seed, form, respondent, purpose.

    Nothing secret is made of it: respondents do not exist, and draws must be repeatable.
    """
    return Random("/".join(map(str, names)))  # noqa: S311 - see above
