"""Findings of any form: what was answered most often or lies in the middle, by question."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.analysis.data import Dataset
from pipeline.analysis.every_question import reported
from pipeline.analysis.findings import Finding, Source
from pipeline.analysis.phrases import phrase
from pipeline.analysis.tables import question_table
from pipeline.estimation.design import Design
from pipeline.questionnaire.types import Storage

_COUNTED = {Storage.SELECT_ONE, Storage.SELECT_MULTIPLE}
_MEASURED = {Storage.INTEGER, Storage.DECIMAL}
_LONG = 200
"""A wording of more characters holds an introduction and makes no sentence."""


def question_findings(
    dataset: Dataset, notebook: str, *, design: Design | None = None, most: int = 12
) -> Iterator[Finding]:
    """What was answered most often, or in the middle, question by question, of any form.

    Args:
        dataset: of the form.
        notebook: the page on which the questions' tables stand.
        design: how the respondents were sampled.
        most: so many questions, those with most answers first.
    """
    dataset = dataset.participants()
    items = [
        one
        for one in reported(dataset)
        if one.question.storage in _COUNTED | _MEASURED and len(dataset.label(one.name)) <= _LONG
    ]
    order = sorted(items, key=lambda one: -int(dataset.answers(one.name).notna().sum()))
    chosen = {one.name for one in order[:most]}
    for item in items:
        if item.name not in chosen:
            continue
        source = Source.of(question_table(dataset, item.name, design=design), notebook, dataset)
        is_counted = item.question.storage in _COUNTED
        yield from _most_chosen(source) if is_counted else _middle(source)


def _most_chosen(source: Source) -> Iterator[Finding]:
    row = source.extreme("share")
    if row is None or (answer := source.table.frame["answer"].iloc[row]) == _strange(source):
        return
    said = {"question": source.table.title, "answer": answer, "share": source.said(row, "share")}
    yield _linked(source, "summary_question", said)


def _middle(source: Source) -> Iterator[Finding]:
    if source.is_shown(source.last, "median"):
        amount = f"{source.said(source.last, 'median')} {source.table.unit}".strip()
        said = {"question": source.table.title, "median": amount}
        yield _linked(source, "summary_median", said)


def _linked(source: Source, key: str, said: dict[str, str]) -> Finding:
    """The question stands in the sentence already, so that the link says no more than `Table`."""
    return replace(source.finding(key, **said), title=phrase("table", source.language))


def _strange(source: Source) -> str:
    """What stands for answers that are none of the choices."""
    return phrase("other_value", source.language)
