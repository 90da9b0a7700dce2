"""Responses with answers left out, and answers that may well break a rule."""

import random
from collections.abc import Sequence

from pipeline.forms.excel_layout import is_asked
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.synthetic.answers import Answers


def another_answer(question: Question, names: Sequence[str], chance: random.Random) -> object:
    """An answer of the right type that may well break a rule; None leaves it as it is."""
    kind = question.type_name
    if kind == "select_one":
        return chance.choice(names)
    if kind == "rank":
        return chance.sample(names, chance.randint(1, len(names)))
    if kind == "select_multiple":
        return [name for name in names if chance.random() < 0.3] or [names[-1]]
    amounts = {
        "integer": ["0", "-1", "5", "100", "99999999"],
        "date": ["2011-08-15", "2010-01-01", "2013-02-28"],
        "text": ["x", "AB01", "TW001"],
    }
    return chance.choice(amounts[kind]) if kind in amounts else None


def disturbed(questionnaire: Questionnaire, answers: Answers, chance: random.Random) -> Answers:
    """A drawn response with some answers left out and some given anew."""
    asked = {
        item.name: item.question for item in questionnaire.answered() if is_asked(item.question)
    }
    kept = {
        name: a for name, a in answers.items() if name in asked or name in questionnaire.repeats
    }
    for name, question in asked.items():
        luck = chance.random()
        names = [choice.name for choice in questionnaire.choices_of(question)]
        if luck < 0.06:
            kept.pop(name, None)
        elif luck < 0.16 and (answer := another_answer(question, names, chance)) is not None:
            kept[name] = answer
    return kept
