"""The columns of a recoding workbook: what is shown, what can be filled in, what lies hidden."""

from dataclasses import dataclass

from pipeline.forms import recoding_keys as key
from pipeline.forms.phrases_recoding import in_all
from pipeline.recoding import Task, Work

_NARROW, _MIDDLE, _WIDE = 11, 26, 44


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: by which it is read back; stands in the hidden first row.
        width: in characters.
        style: of its cells; `answer` can be filled in.
    """

    key: str
    heading: str
    width: float
    style: str = "question"
    is_hidden: bool = False


def columns_of(task: Task) -> tuple[Column, ...]:
    """The columns of a task's sheets, in order; the first is hidden and carries the mark."""
    return (*_hidden(task), *_shown(task), *_to_fill(task))


def _hidden(task: Task) -> tuple[Column, ...]:
    names = [key.QUESTION, key.RESPONSE, key.POSITION, key.TEXT, key.SETTLES]
    if task.work in {Work.OTHER, Work.NAMES}:
        names.append(key.SUGGESTION)
    return tuple(Column(name, name, _NARROW, "small", is_hidden=True) for name in names)


def _shown(task: Task) -> tuple[Column, ...]:
    def column(
        name: str, phrase: str, width: float, style: str = "question", **values: str
    ) -> Column:
        return Column(name, in_all(phrase, task.languages, **values), width, style)

    shown = [
        column("shown_question", "question", _WIDE, "small"),
        column("shown_text", "text", _WIDE),
    ]
    if task.work in {Work.OTHER, Work.NAMES}:
        return (
            *shown,
            column("count", "count", _NARROW, "row_number"),
            column("shown_suggestion", "shown_suggestion", _MIDDLE),
            column("likeness", "likeness", _NARROW, "row_number"),
        )
    if task.work is Work.SETTLE and task.coders:
        first, second = task.coders
        shown.append(column("codes_1", "codes_of", _MIDDLE, coder=first))
        shown.append(column("codes_2", "codes_of", _MIDDLE, coder=second))
    return tuple(shown)


def _to_fill(task: Task) -> tuple[Column, ...]:
    def column(name: str, phrase: str, width: float = _MIDDLE, **values: str) -> Column:
        return Column(name, in_all(phrase, task.languages, **values), width, "answer")

    comment = column(key.COMMENT, "comment", _WIDE)
    by = column(key.BY, "by", _NARROW + 4)
    if task.work in {Work.CODES, Work.SETTLE}:
        most = max(task.most.values(), default=1)
        codes = [
            column(f"{key.CODE}{n}", "code", _MIDDLE, number=str(n)) for n in range(1, most + 1)
        ]
        return (*codes, comment) if task.work is Work.CODES else (*codes, comment, by)
    filled = [
        column(key.DECISION, "decision"),
        column(key.VALUE, f"value_{task.work}", _MIDDLE + 6),
    ]
    if task.work is Work.OTHER:
        filled.append(column(key.NEW_NAME, "new_name", _NARROW + 8))
        for code in task.languages:
            heading = f"{in_all('label', task.languages)}\n({code})"
            filled.append(Column(f"{key.LABEL}{code}", heading, _MIDDLE, "answer"))
    return (*filled, comment, by)
