"""The codebook: one HTML page that says what every column of the data means, in every language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.forms.codebook_words import codebook_words
from pipeline.questionnaire.definition import definition_hash
from pipeline.questionnaire.model import (
    ANY_LANGUAGE,
    Group,
    Node,
    Question,
    Questionnaire,
    Repeat,
    words,
)
from pipeline.store import write_text

_TEMPLATES = Environment(
    loader=PackageLoader("pipeline", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Section:
    """A group or repeat with the questions that stand in it, its inner groups after it.

    Attributes:
        anchor: unique on the page.
        title: heading by language.
        depth: 0 for a part of the form, 1 for a part of a part.
        node: the group or repeat; None for questions outside of any.
        questions: the questions directly in it.
        count: questions in it and below it that hold an answer.
    """

    anchor: str
    title: Mapping[str, str]
    depth: int
    node: Group | Repeat | None
    questions: tuple[Question, ...]
    count: int


def write_codebook(questionnaire: Questionnaire, path: Path) -> None:
    """Write the codebook: self-contained, no script, nothing fetched; prints as it is shown."""
    write_text(path, codebook_html(questionnaire))


def codebook_html(questionnaire: Questionnaire) -> str:
    """The codebook as HTML; each language is chosen by a button, the default one shown first."""
    codes = list(questionnaire.language_codes)
    return _TEMPLATES.get_template("codebook.html").render(
        form=questionnaire,
        definition=definition_hash(questionnaire),
        codes=codes,
        first=questionnaire.first_language,
        names=dict(questionnaire.languages) or {ANY_LANGUAGE: ""},
        said={code: codebook_words(code) for code in codes},
        sections=list(_sections(questionnaire)),
        words=words,
    )


def _sections(questionnaire: Questionnaire) -> Iterator[Section]:
    loose = tuple(node for node in questionnaire.survey if isinstance(node, Question))
    if loose:
        yield Section("_", questionnaire.title, 0, None, loose, _count(loose))
    yield from _below(questionnaire.survey, 0)


def _below(nodes: tuple[Node, ...], depth: int) -> Iterator[Section]:
    for node in nodes:
        if isinstance(node, Question):
            continue
        name = node.group if isinstance(node, Group) else node.repeat
        own = tuple(inner for inner in node.questions if isinstance(inner, Question))
        title = node.label or {ANY_LANGUAGE: name}
        yield Section(f"s-{name}", title, depth, node, own, _count(node.questions))
        yield from _below(node.questions, depth + 1)


def _count(nodes: tuple[Node, ...]) -> int:
    return sum(
        node.has_answer if isinstance(node, Question) else _count(node.questions) for node in nodes
    )
