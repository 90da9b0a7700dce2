"""What may be decided about a query instead of an answer, and the words that a person chooses."""

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.forms.phrases_queries import LANGUAGES, query_phrase
from pipeline.queries import About, Decision

CHOICES: Mapping[About, tuple[Decision, ...]] = MappingProxyType(
    {
        About.ANSWER: (Decision.CONFIRM, Decision.LEAVE_OUT),
        About.LACKING: (Decision.CONFIRM,),
        About.UNREADABLE: (Decision.CONFIRM,),
        About.UNASKED: (Decision.LEAVE_OUT,),
        About.KEYED: (Decision.CONFIRM, Decision.SECOND),
        About.RESPONSE: (Decision.CONFIRM, Decision.LEAVE_OUT),
    }
)


def decision_labels(about: About, language: str, *, is_hidden: bool = False) -> dict[Decision, str]:
    """What the list of a query offers, in its order.

    A second keying that is not shown cannot be chosen: what is right has to be written.
    """
    return {
        decision: query_phrase(f"{decision}_{about}", language)
        for decision in CHOICES[about]
        if not (is_hidden and decision is Decision.SECOND)
    }


def decisions_by_label() -> dict[str, Decision]:
    """Every label of every language, and the decision that it stands for."""
    return {
        label: decision
        for language in LANGUAGES
        for about in About
        for decision, label in decision_labels(about, language).items()
    }
