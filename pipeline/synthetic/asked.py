"""Who answers, and what is asked at this moment: all that one answer may depend on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from random import Random

from pipeline.questionnaire.model import Choice, Question
from pipeline.settings import Period
from pipeline.synthetic.profile import Spec
from pipeline.synthetic.rows import Row

Given = Mapping[str, object]


@dataclass(frozen=True)
class Respondent:
    """Who answers.

    Attributes:
        random: the only source of chance, of this respondent alone.
        language: code of the language in which open answers are written.
        traits: standing on each trait, standard normal.
        row: the respondent's row of the frame or plan; {} where there is none.
        others: all rows, for ties to other respondents.
        period: days of fieldwork.
    """

    random: Random
    language: str
    traits: Mapping[str, float]
    row: Row
    others: Sequence[Row]
    period: Period


@dataclass(frozen=True)
class Asked:
    """A question at the moment when it is asked.

    Attributes:
        question: the question.
        spec: how it is answered.
        choices: those offered here, choice filter applied.
        given: what was answered before, in this instance and around it.
        try_number: how often an answer was refused by the constraint already.
    """

    question: Question
    spec: Spec
    choices: Sequence[Choice]
    given: Given
    try_number: int = 0


def resolve(spec: Spec, given: Given, row: Row) -> Spec:
    """The spec with everything that `by` says about the answers given so far."""
    found = spec
    for name, cases in spec.by.items():
        answer = row.get(name[4:], "") if name.startswith("row.") else given.get(name)
        texts = answer if isinstance(answer, list) else ["" if answer is None else str(answer)]
        for pattern, part in cases.items():
            if any(fnmatchcase(text, pattern) for text in texts):
                found = found.joined(resolve(part, given, row))
    return found


def lean(spec: Spec, traits: Mapping[str, float]) -> float:
    """What traits and shift add."""
    return spec.shift + sum(weight * traits.get(name, 0.0) for name, weight in spec.traits.items())


def weighted(weights: Mapping[str, float], random: Random) -> str:
    """One of the keys, by its weight."""
    return random.choices(list(weights), list(weights.values()))[0]
