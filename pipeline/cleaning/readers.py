"""Which reader reads one text as an answer to a question."""

from collections.abc import Callable

from pipeline.cleaning.choice_text import read_choice, read_choices
from pipeline.cleaning.moments import Habits, read_date, read_moment, read_time
from pipeline.cleaning.numbers import Read, read_decimal, read_integer
from pipeline.cleaning.spelling import tidy
from pipeline.questionnaire.model import Question, Questionnaire
from pipeline.questionnaire.types import Storage

Reader = Callable[[str], Read]


def reader_of(question: Question, form: Questionnaire, habits: Habits) -> Reader:
    """The reader of a question's answers; none ever guesses without telling."""
    names = [choice.name for choice in form.choices_of(question)]
    readers: dict[Storage, Reader] = {
        Storage.INTEGER: read_integer,
        Storage.DECIMAL: read_decimal,
        Storage.DATE: lambda text: read_date(text, habits),
        Storage.DATETIME: lambda text: read_moment(text, habits),
        Storage.TIME: read_time,
        Storage.SELECT_ONE: lambda text: read_choice(text, names),
        Storage.SELECT_MULTIPLE: lambda text: read_choices(text, names),
    }
    return readers.get(question.storage, read_text)


def read_text(text: str) -> Read:
    """Open text."""
    return Read(tidy(text)) if tidy(text) else Read(None, "nothing_written")
