"""Labels, hints and messages: whether everybody can read the questionnaire in their language."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import Severity
from pipeline.questionnaire.document import Location
from pipeline.questionnaire.model import ANY_LANGUAGE, Question, Questionnaire
from pipeline.questionnaire.places import Finding, found, name_of, nodes
from pipeline.questionnaire.problems import did_you_mean
from pipeline.questionnaire.types import QUESTION_TYPES, Filled, Storage

_TEXTS = ("label", "hint", "guidance_hint", "required_message", "constraint_message", "unit")


def check_texts(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Languages that are unknown or lacking, texts that are blank, labels that are not there."""
    yield from _default_language(questionnaire)
    yield from _labels(questionnaire)
    placed = list(texts(questionnaire))
    lacking = {text.location: _lacking(text, questionnaire) for text in placed}
    times = Counter(code for codes in lacking.values() for code in codes)
    scarce = [code for code in questionnaire.languages if times[code] > len(placed) / 2]
    for code in scarce:
        yield found(
            "LOAD-015",
            f"{times[code]} of {len(placed)} texts have no words in {code}.",
            "Translate them, or take the language out.",
            ("languages", code),
            severity=Severity.WARNING,
        )
    for text in placed:
        yield from _unknown_languages(text, questionnaire)
        if missed := [code for code in lacking[text.location] if code not in scarce]:
            yield found(
                "LOAD-015",
                f"There are no words in {', '.join(missed)}.",
                "Add the translation.",
                text.location,
                question=text.question,
                rule=text.rule,
                severity=Severity.WARNING,
            )


@dataclass(frozen=True)
class PlacedText:
    """One text with its place."""

    location: Location
    question: str | None
    words: Mapping[str, str]

    @property
    def rule(self) -> str:
        """The field: label, hint, ..."""
        return str(self.location[-1])


def texts(questionnaire: Questionnaire) -> Iterator[PlacedText]:
    """Every text that a person reads, with its place."""
    yield PlacedText(("title",), None, questionnaire.title)
    for list_name, choices in questionnaire.choices.items():
        for at, choice in enumerate(choices):
            if choice.label:
                yield PlacedText(("choices", list_name, at, "label"), list_name, choice.label)
    for location, node in nodes(questionnaire):
        for rule in _TEXTS:
            if words := getattr(node, rule, None):
                yield PlacedText((*location, rule), name_of(node), words)


def _lacking(text: PlacedText, questionnaire: Questionnaire) -> list[str]:
    blank = [code for code, words in text.words.items() if not words.strip()]
    if ANY_LANGUAGE in text.words:
        return blank
    return blank + [code for code in questionnaire.languages if code not in text.words]


def _unknown_languages(text: PlacedText, questionnaire: Questionnaire) -> Iterator[Finding]:
    known = questionnaire.languages
    for code in text.words:
        if code not in known and code != ANY_LANGUAGE:
            yield found(
                "LOAD-016",
                f"'{code}' is none of the form's languages.",
                did_you_mean(code, known, f"Use one of {', '.join(known) or ANY_LANGUAGE}."),
                (*text.location, code),
                question=text.question,
                rule=text.rule,
            )


def _default_language(questionnaire: Questionnaire) -> Iterator[Finding]:
    default, languages = questionnaire.default_language, questionnaire.languages
    if languages and default not in languages:
        yield found(
            "LOAD-016",
            f"The form opens in '{default}', which is none of its languages.",
            did_you_mean(default, languages, f"Use one of {', '.join(languages)}."),
            ("default_language",),
            severity=Severity.WARNING,
        )


def _labels(questionnaire: Questionnaire) -> Iterator[Finding]:
    for list_name, choices in questionnaire.choices.items():
        for at, choice in enumerate(choices):
            if choice.label is None and not choice.media:
                what = f"The choice '{choice.name}'"
                yield _no_label(what, ("choices", list_name, at), list_name)
    for location, node in nodes(questionnaire):
        if isinstance(node, Question) and node.label is None and _is_shown(node):
            yield _no_label("The question", location, node.name)


def _no_label(what: str, location: Location, question: str) -> Finding:
    return found(
        "LOAD-017",
        f"{what} has no label.",
        "Add one.",
        location,
        question=question,
        rule="label",
        severity=Severity.WARNING,
    )


def _is_shown(question: Question) -> bool:
    row = QUESTION_TYPES.get(question.type_name)
    shown = row is not None and (row.filled is Filled.PERSON or row.name == "note")
    is_trigger = row is not None and row.storage is Storage.NONE and row.name != "note"
    return shown and not is_trigger and not question.media and not question.hint
