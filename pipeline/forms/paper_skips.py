"""Skips on paper: the condition of a question in words, and where an answer sends the reader."""

from dataclasses import dataclass
from functools import cached_property

from pipeline.errors import SurveyError
from pipeline.expression.parse import parse
from pipeline.expression.to_words import to_words
from pipeline.expression.tree import Binary, Call, Expression, Reference, Text, walk
from pipeline.expression.words import WORDS, language_of
from pipeline.forms.excel_layout import Kind, Layout, Line
from pipeline.forms.excel_words import readable
from pipeline.forms.paper_words import said
from pipeline.questionnaire.model import Choice, Question, Questionnaire, Repeat

_LONG_LIST = 6
"""With more choices than this, arrows for a single question skipped would hide the choices."""
_PLACES = frozenset({Kind.NOTE, Kind.ANSWER, Kind.CHOICES, Kind.TABLE, Kind.ELSEWHERE})


@dataclass(frozen=True)
class Skips:
    """What a form says of skips in one language; numbers are those that the layout gave."""

    questionnaire: Questionnaire
    language: str
    layout: Layout

    @cached_property
    def numbers(self) -> dict[str, str]:
        """Question or repeat -> its number on the form."""
        found = {}
        for line in self.layout.lines:
            if line.number:
                node = line.node
                found[node.repeat if isinstance(node, Repeat) else _name(line)] = line.number
        for table in self.layout.tables.values():
            found |= {column.question.name: column.number for column in table.columns}
        return found

    def in_words(self, expression: str, own: Question | None = None) -> str:
        """An expression as a clause; the questions in it are named by their numbers."""
        try:
            tree = parse(expression)
        except SurveyError:
            return expression
        clause = to_words(
            tree, self.language, self._question, lambda name, code: self._choice(name, code, own)
        )
        # A number needs no quotation marks, a label does.
        quoted = WORDS[language_of(self.language)]["question"]
        for name in names_in(tree):
            if name in self.numbers:
                shown = self._question(name)
                clause = clause.replace(quoted.format(shown), shown)
        return clause

    def only_if(self, relevant: str | None, key: str = "only_if") -> str:
        """`Ask only if ...`; empty where the question is always asked."""
        return said(key, self.language, condition=self.in_words(relevant)) if relevant else ""

    def fitting(self, choice_filter: str | None) -> str:
        """Which earlier answers decide what of a list may be chosen."""
        if not choice_filter:
            return ""
        try:
            names = names_in(parse(choice_filter))
        except SurveyError:
            return ""
        numbered = [self._question(name) for name in names if name in self.numbers]
        comma = WORDS[language_of(self.language)]["list"]
        return said("fitting", self.language, questions=comma.join(numbered)) if numbered else ""

    def jumps(self, question: Question) -> dict[str, str]:
        """Choice -> `go to question N`, where all that is skipped hangs on this answer alone."""
        if question.type_name != "select_one" or question.name not in self._at:
            return {}
        choices = self.questionnaire.choices_of(question)
        found = {choice.name: self._jump(question, choice) for choice in choices}
        jumps = {name: said_ for name, (said_, _) in found.items() if said_}
        most = max((count for _, count in found.values()), default=0)
        return {} if most < 2 and len(choices) > _LONG_LIST else jumps  # noqa: PLR2004 - one question

    def _jump(self, question: Question, choice: Choice) -> tuple[str, int]:
        shared = set(self._relevants[question.name])
        skipped = 0
        for line in self._lines[self._at[question.name] + 1 :]:
            mine = [rule for rule in self._relevants_of(line) if rule not in shared]
            if any(_holds(rule, question.name, choice.name) is False for rule in mine):
                skipped += line.kind is not Kind.NOTE
            elif line.kind is Kind.NOTE:
                if skipped:
                    return "", 0
            elif skipped:
                return said("go_to", self.language, number=line.number), skipped
            else:
                return "", 0
        return (said("go_to_end", self.language), skipped) if skipped else ("", 0)

    @cached_property
    def _lines(self) -> tuple[Line, ...]:
        return tuple(line for line in self.layout.lines if line.kind in _PLACES)

    @cached_property
    def _at(self) -> dict[str, int]:
        return {
            _name(line): at
            for at, line in enumerate(self._lines)
            if isinstance(line.node, Question)
        }

    @cached_property
    def _relevants(self) -> dict[str, tuple[str, ...]]:
        items = {item.question.name: item.relevants for item in self.questionnaire.items}
        return items | {f"repeat {n}": r.relevants for n, r in self.questionnaire.repeats.items()}

    def _relevants_of(self, line: Line) -> tuple[str, ...]:
        repeat = line.node.repeat if isinstance(line.node, Repeat) else ""
        return self._relevants.get(f"repeat {repeat}" if repeat else _name(line), ())

    def _question(self, name: str) -> str:
        if name in self.numbers:
            return said("question", self.language, number=self.numbers[name])
        item = self.questionnaire.by_name.get(name)
        return (readable(item.question.label, self.language) if item else "") or name

    def _choice(self, name: str, code: str, own: Question | None) -> str:
        item = self.questionnaire.by_name.get(name)
        question = item.question if item else own
        for choice in self.questionnaire.choices_of(question) if question else ():
            if choice.name == code:
                return readable(choice.label, self.language) or code
        return code


def names_in(expression: Expression) -> list[str]:
    """Names of the questions that an expression refers to, each once, in order."""
    return list(
        dict.fromkeys(node.name for node in walk(expression) if isinstance(node, Reference))
    )


def _name(line: Line) -> str:
    return line.node.name if isinstance(line.node, Question) else ""


def _holds(rule: str, name: str, choice: str) -> bool | None:
    """Whether a condition holds by this one answer; None where it hangs on more."""
    try:
        return _value(parse(rule), name, choice)
    except SurveyError:
        return None


def _value(expression: Expression, name: str, choice: str) -> bool | None:
    match expression:
        case Binary("and" | "or" as operator, left, right):
            both = {_value(left, name, choice), _value(right, name, choice)}
            decides = operator == "or"
            return decides if decides in both else (None if None in both else not decides)
        case Binary("=" | "!=" as operator, Reference(asked), Text(value)) if asked == name:
            return (value == choice) is (operator == "=")
        case Call("selected", (Reference(asked), Text(value))) if asked == name:
            return value == choice
        case Call("not", (inner,)):
            found = _value(inner, name, choice)
            return None if found is None else not found
        case _:
            return None
