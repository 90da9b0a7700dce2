"""Why something is asked about, in words, and how a query shows questions and answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import SurveyError
from pipeline.expression.parse import parse
from pipeline.expression.to_words import to_words
from pipeline.expression.tree import Call, Path, walk
from pipeline.forms.excel_words import readable
from pipeline.forms.phrases import phrase
from pipeline.forms.phrases_queries import PHRASES, query_phrase
from pipeline.queries import BLANK, KEYED_CODE, About, Query, Reason
from pipeline.questionnaire.model import Item, Question, Questionnaire
from pipeline.questionnaire.types import Storage

_LONGEST = 240
_PLAIN = frozenset({"selected", "not", "count-selected", "date", "today"})


@dataclass(frozen=True)
class Speaker:
    """Says what a form asks, in one language.

    Attributes:
        numbers: question -> its number as the Excel form shows it.
    """

    questionnaire: Questionnaire
    language: str
    numbers: Mapping[str, str]

    def item(self, query: Query) -> Item | None:
        """The question that a query is about; None for the whole response."""
        return self.questionnaire.by_name.get(query.key.question or "")

    def number(self, name: str) -> str:
        """A question's number, or its name where it has none."""
        return self.numbers.get(name, name)

    def label(self, question: Question) -> str:
        """A question as it was asked."""
        return readable(question.label, self.language, self.numbers) or question.name

    def given(self, query: Query) -> str:
        """The answer that a query is about, its choices by their labels."""
        item = self.item(query)
        if query.is_hidden:
            return query_phrase("not_shown", self.language)
        if item is None:
            return ""
        if query.about is About.KEYED:
            return self._keyings(query, item.question)
        return self._answer(item.question, query.given)

    def _keyings(self, query: Query, question: Question) -> str:
        """Both keyings, a line each, with who keyed them."""
        second = None if query.key.other == BLANK else query.key.other
        told = next(reason for reason in query.reasons if reason.code == KEYED_CODE)
        keyings = ((told.rule, query.given), (told.other, second))
        return "\n".join(
            query_phrase(
                "keying",
                self.language,
                number=number,
                by=by or "?",
                text=self._answer(question, text).replace("\n", ", "),
            )
            for number, (by, text) in enumerate(keyings, start=1)
        )

    def _answer(self, question: Question, given: str | None) -> str:
        if given is None:
            return query_phrase("no_answer", self.language)
        return self._labels(question, given)

    def why(self, query: Query) -> str:
        """Every reason, one a line."""
        item = self.item(query)
        lines = dict.fromkeys(self._reason(reason, item) for reason in query.reasons)
        if query.key.round > 1:
            lines[query_phrase("asked_again", self.language, round=query.key.round)] = None
        return "\n".join(line for line in lines if line)

    def _labels(self, question: Question, given: str) -> str:
        labels = {
            choice.name: readable(choice.label, self.language) or choice.name
            for choice in self.questionnaire.choices_of(question)
        }
        if question.storage is Storage.SELECT_MULTIPLE:
            return "\n".join(labels.get(name, name) for name in given.split())
        return labels.get(given, given)

    def _reason(self, reason: Reason, item: Item | None) -> str:
        if reason.code == "not_asked" and reason.other:
            return query_phrase("why_gate", self.language, number=self.number(reason.other))
        if reason.code == "not_asked" and item is not None:
            return self._why_not_asked(item)
        key = f"why_{reason.code}"
        said = query_phrase(key if key in PHRASES else "why_other", self.language)
        own = item.question.constraint_message if item and reason.code == "constraint" else None
        return readable(own, self.language, self.numbers) or said

    def _why_not_asked(self, item: Item) -> str:
        condition = self._condition(item)
        if not condition:
            return query_phrase("why_not_asked", self.language)
        said = query_phrase("why_not_asked_because", self.language, condition=condition)
        return said if len(said) <= _LONGEST else query_phrase("why_not_asked", self.language)

    def _condition(self, item: Item) -> str:
        """The skip in words; empty where they would not be plain."""
        if not item.relevants:
            return ""
        try:
            expression = parse(item.relevants[-1])
        except SurveyError:
            return ""
        for node in walk(expression):
            if isinstance(node, Path) or (isinstance(node, Call) and node.name not in _PLAIN):
                return ""
        return to_words(
            expression,
            self.language,
            lambda name: phrase("question_number", self.language, number=self.number(name)),
            lambda name, choice: self._choice(name, choice, item.question),
        )

    def _choice(self, name: str, choice: str, own: Question) -> str:
        item = self.questionnaire.by_name.get(name)
        return self._labels(item.question if item else own, choice)
