"""How an Excel form says which question each cell answers: reading never counts on position.

Every answer sheet carries hidden headings: a mark (which form this is), the heading `#key` over
the keys of the rows, and over each answer column either `#answer` (one question a row) or the key
of the column (a table, one row an instance). A key is a question's name, or `question/choice` for
the cell that ticks or ranks one choice. `#type` headings hold each question's XLSForm type, so that
a form of an older version can be read without its questionnaire.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

from pipeline.questionnaire.model import Choice, words

MARK = "#survey-form"
KEY = "#key"
TYPE = "#type"
ANSWER = "#answer"
PARENT = "#parent"
SERIAL = "#serial"
LISTS = "#lists"
CODE_SEPARATOR = "/"
TABLE_LAYOUT = 2
"""Number of the layout with a row a respondent: the main table's rows, and the rows of its repeats'
`#parent`, are keyed by the respondent's serial."""

TICKS = frozenset("✓✔√☑■○◯〇●oOｏＯxXｘＸ×vVｖＶˇ1１")
"""What counts as ticked when it stands alone in a tick cell; a form offers its language's mark."""


@dataclass(frozen=True, slots=True)
class FormMark:
    """What a workbook says about itself.

    Attributes:
        form_id: the questionnaire.
        version: its version.
        language: language code of the words shown.
        definition: hash of the definition that the form was made from.
        serial: number of this copy; empty for an unnumbered form.
        table: name of the repeat that a sheet holds; empty for cover and questions.
        layout: number of the layout; a change of the key grammar counts it up.
    """

    form_id: str
    version: str
    language: str
    definition: str
    serial: str = ""
    table: str = ""
    layout: int = 1

    def text(self) -> str:
        """The mark as one cell's text."""
        return f"{MARK} {json.dumps(asdict(self), ensure_ascii=False, separators=(',', ':'))}"

    @classmethod
    def parse(cls, text: object) -> Self | None:
        """Read a cell; None when it holds no mark or a damaged one."""
        if not isinstance(text, str) or not text.startswith(MARK):
            return None
        try:
            return cls(**json.loads(text[len(MARK) :]))
        except (ValueError, TypeError):
            return None


def key_of(question: str, choice: str = "") -> str:
    """The key of a question's answer cell, or of the cell of one of its choices."""
    return f"{question}{CODE_SEPARATOR}{choice}" if choice else question


def plain(text: str) -> str:
    """A label as a list shows it: one line, single spaces, none at the ends."""
    return " ".join(text.split())


def shown_labels(choices: tuple[Choice, ...], language: str) -> dict[str, str]:
    """Choice name -> the label that the form shows, different for each choice, case aside.

    A choice without label shows its name; of two that look alike both show their names as well,
    since a drop-down gives back nothing but the text.
    """
    labels = {choice.name: plain(words(choice.label, language, choice.name)) for choice in choices}
    seen: dict[str, int] = {}
    for label in labels.values():
        seen[label.casefold()] = seen.get(label.casefold(), 0) + 1
    return {
        name: label if label and seen[label.casefold()] == 1 else plain(f"{label} [{name}]")
        for name, label in labels.items()
    }


def codes_by_label(labels: Mapping[str, str]) -> dict[str, str]:
    """Text that a person may give for a choice -> its name, for `code_of`.

    A label stands before a name that is spelled like it; exact spelling stands before spelling
    with other capitals, which drop-downs accept.
    """
    folded = {name.casefold(): name for name in labels}
    folded |= {label.casefold(): name for name, label in labels.items()}
    return folded | {name: name for name in labels} | {text: name for name, text in labels.items()}


def code_of(text: str, codes: Mapping[str, str]) -> str | None:
    """The choice that a text stands for, or None when the list does not hold it."""
    given = plain(text)
    return codes.get(given) or codes.get(given.casefold())
