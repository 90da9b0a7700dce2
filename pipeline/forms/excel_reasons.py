"""Why a question is not asked, in words: its skip as a sentence that names questions by number."""

from pipeline.errors import SurveyError
from pipeline.expression.parse import parse
from pipeline.expression.to_words import to_words
from pipeline.expression.tree import Call, Expression, Path, walk
from pipeline.forms.excel_paper import Drawing
from pipeline.forms.excel_words import readable
from pipeline.questionnaire.model import Item, Question

_LONGEST = 160
"""A longer sentence does not fit beside the question; then only the fact is told."""


def why_not_asked(item: Item, drawing: Drawing) -> str:
    """What to say beside a question that does not apply."""
    plainly = drawing.say("not_asked")
    if not item.relevants:
        return plainly
    try:
        expression = parse(item.relevants[-1])
    except SurveyError:
        return plainly
    if not _sayable(expression):
        return plainly
    condition = to_words(
        expression,
        drawing.language,
        lambda name: _question(name, drawing),
        lambda name, choice: _choice(name, choice, item.question, drawing),
    )
    said = drawing.say("not_asked_because", condition=condition)
    return said if len(said) <= _LONGEST else plainly


def _sayable(expression: Expression) -> bool:
    """Whether the sentence would be plain: no paths and no calls but these."""
    plain = {"selected", "not", "count-selected", "date", "today"}
    return not any(
        isinstance(node, Path) or (isinstance(node, Call) and node.name not in plain)
        for node in walk(expression)
    )


def _question(name: str, drawing: Drawing) -> str:
    number = drawing.numbers.get(name)
    if number:
        return drawing.say("question_number", number=number)
    item = drawing.questionnaire.by_name.get(name)
    return readable(item.question.label, drawing.language) if item else name


def _choice(name: str, choice: str, own: Question, drawing: Drawing) -> str:
    item = drawing.questionnaire.by_name.get(name)
    question = item.question if item else own
    for candidate in drawing.questionnaire.choices_of(question):
        if candidate.name == choice:
            return readable(candidate.label, drawing.language) or choice
    return choice
