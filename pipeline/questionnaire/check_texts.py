"""Labels, hints and messages: whether everybody can read the questionnaire in their language."""

from collections.abc import Iterator, Mapping

from pipeline.errors import Severity
from pipeline.questionnaire.document import Location
from pipeline.questionnaire.model import ANY_LANGUAGE, Choice, Node, Question, Questionnaire
from pipeline.questionnaire.places import Finding, found, name_of, nodes
from pipeline.questionnaire.problems import did_you_mean
from pipeline.questionnaire.types import QUESTION_TYPES, Filled, Storage

_TEXTS = ("label", "hint", "guidance_hint", "required_message", "constraint_message", "unit")


def check_texts(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Languages that are unknown or lacking, texts that are blank, labels that are not there."""
    if (default := questionnaire.default_language) not in questionnaire.language_codes:
        languages = questionnaire.languages
        if languages:
            message = f"The form opens in '{default}', which is none of its languages."
            repair = did_you_mean(default, languages, f"Use one of {', '.join(languages)}.")
            place: Location = ("default_language",)
            yield found("LOAD-016", message, repair, place, severity=Severity.WARNING)
    yield from _languages(questionnaire.title, ("title",), questionnaire, None)
    for list_name, choices in questionnaire.choices.items():
        for at, choice in enumerate(choices):
            yield from _choice(choice, ("choices", list_name, at), questionnaire, list_name)
    for location, node in nodes(questionnaire):
        yield from _node(node, location, questionnaire)


def _choice(
    choice: Choice, location: Location, questionnaire: Questionnaire, list_name: str
) -> Iterator[Finding]:
    if choice.label is None and not choice.media:
        yield found(
            "LOAD-017",
            f"The choice '{choice.name}' has no label.",
            "Add one.",
            location,
            question=list_name,
            rule="label",
            severity=Severity.WARNING,
        )
    elif choice.label is not None:
        yield from _languages(choice.label, (*location, "label"), questionnaire, list_name)


def _node(node: Node, location: Location, questionnaire: Questionnaire) -> Iterator[Finding]:
    if isinstance(node, Question) and node.label is None and _is_shown(node):
        yield found(
            "LOAD-017",
            "The question has no label.",
            "Add one.",
            location,
            question=node.name,
            rule="label",
            severity=Severity.WARNING,
        )
    for rule in _TEXTS:
        text: Mapping[str, str] | None = getattr(node, rule, None)
        if text is not None:
            yield from _languages(text, (*location, rule), questionnaire, name_of(node))


def _is_shown(question: Question) -> bool:
    row = QUESTION_TYPES.get(question.type_name)
    shown = row is not None and (row.filled is Filled.PERSON or row.name == "note")
    is_trigger = row is not None and row.storage is Storage.NONE and row.name != "note"
    return shown and not is_trigger and not question.media and not question.hint


def _languages(
    text: Mapping[str, str],
    location: Location,
    questionnaire: Questionnaire,
    question: str | None,
) -> Iterator[Finding]:
    known = questionnaire.languages
    rule = str(location[-1])
    for code in text:
        if code not in known and code != ANY_LANGUAGE:
            repair = did_you_mean(code, known, f"Use one of {', '.join(known) or ANY_LANGUAGE}.")
            message = f"'{code}' is none of the form's languages."
            place = (*location, code)
            yield found("LOAD-016", message, repair, place, question=question, rule=rule)
    blank = [code for code, words in text.items() if not words.strip()]
    absent = [] if ANY_LANGUAGE in text else [code for code in known if code not in text]
    if lacking := blank + absent:
        yield found(
            "LOAD-015",
            f"There are no words in {', '.join(lacking)}.",
            "Add the translation.",
            location,
            question=question,
            rule=rule,
            severity=Severity.WARNING,
        )
