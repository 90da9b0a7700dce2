"""A questionnaire's texts as a cell shows them: no markup, no references, Excel's lengths."""

from collections.abc import Mapping

from pipeline.forms.phrases import phrase
from pipeline.questionnaire.model import Question, Text, words
from pipeline.questionnaire.plain_words import ELLIPSIS, plain_words

TITLE_LENGTH = 32
ERROR_LENGTH = 224
PROMPT_LENGTH = 255
"""Excel's limits of a validation's title, its error and its prompt ([MS-OI29500] 2.1.613)."""


def readable(
    text: Mapping[str, str] | None, language: str, numbers: Mapping[str, str] | None = None
) -> str:
    """Words in a language as a person reads them in a cell.

    XLSForm's markup (HTML tags, `**strong**`, `# heading`) goes; `${name}` becomes the number of
    the question whose answer would stand there.
    """
    shown = words(text, language)
    if not shown:
        return ""

    def number(name: str) -> str:
        found = (numbers or {}).get(name, "")
        return phrase("answer_to", language, number=found) if found else ELLIPSIS

    return plain_words(shown, number)


def shortened(text: str, length: int) -> str:
    """The text, or its beginning and an ellipsis where it is longer than the length."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def type_hint(question: Question, language: str) -> str:
    """How the form wants an answer of this type to be written; empty where it is plain."""
    mark = phrase("tick", language)
    if question.row.list_kind == "file":
        several = question.type_name.startswith("select_multiple")
        return phrase("as_codes" if several else "as_code", language)
    hints = {
        "select_multiple": phrase("tick_all", language, mark=mark),
        "rank": phrase("rank_all", language),
        "acknowledge": phrase("acknowledge", language, mark=mark),
        "date": phrase("as_date", language),
        "time": phrase("as_time", language),
        "dateTime": phrase("as_datetime", language),
        "geopoint": phrase("as_place", language),
    }
    return hints.get(question.type_name, "")


def hint_of(question: Question, language: str, numbers: Mapping[str, str] | None = None) -> str:
    """The question's own hint; where it has none, how an answer of its type is written."""
    return readable(question.hint, language, numbers) or type_hint(question, language)


def unit_of(unit: Text | None, language: str) -> str:
    """The unit beside an answer cell."""
    return readable(unit, language)
