"""Whether a profile speaks of the form it belongs to: names that fit nothing are told."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pipeline.errors import Place, Problem
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.questionnaire.types import Storage
from pipeline.synthetic.problems import problem
from pipeline.synthetic.profile import Profile, Spec

_SELECTS = {Storage.SELECT_ONE, Storage.SELECT_MULTIPLE}


def check_profile(profile: Profile, questionnaire: Questionnaire) -> list[Problem]:
    """Every question, repeat, choice and trait that the profile names and nothing has."""
    file = f"instruments/synthetic/{questionnaire.form_id}.yaml"
    return [
        problem("SYN-001", message, Place(file=file, question=name))
        for name, message in _strangers(profile, questionnaire)
    ]


def _strangers(profile: Profile, questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    for name in profile.repeats:
        if name not in questionnaire.repeats:
            yield name, f"There is no repeat '{name}'."
    for pattern, spec in profile.questions.items():
        fitting = [item.question for item in questionnaire.items if fnmatchcase(item.name, pattern)]
        if not fitting:
            yield pattern, "No question has this name or fits this pattern."
        for part in _parts(spec):
            for message in _wrong_in(part, fitting, profile, questionnaire):
                yield pattern, message


def _parts(spec: Spec) -> Iterator[Spec]:
    """The spec and every one inside it."""
    yield spec
    for cases in spec.by.values():
        for part in cases.values():
            yield from _parts(part)


def _wrong_in(
    spec: Spec, fitting: list[Question], profile: Profile, questionnaire: Questionnaire
) -> Iterator[str]:
    for name in spec.by:
        if not name.startswith("row.") and name not in questionnaire.by_name:
            yield f"There is no question '{name}' to depend on."
    for name in spec.traits:
        if name not in profile.traits:
            yield f"There is no trait '{name}'."
    named = {*spec.weights, *spec.each, *(spec.scale.order if spec.scale else ())} - {"*"}
    named |= {spec.value} if spec.value is not None else set()
    for question in fitting:
        known = {choice.name for choice in questionnaire.choices_of(question)}
        if question.storage in _SELECTS and known:
            for name in sorted(named - known):
                yield f"{question.name} has no choice '{name}'."
