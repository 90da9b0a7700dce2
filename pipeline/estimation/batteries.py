"""Questions of several columns: multiple response, batteries of items, every question at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.errors import Problem, SurveyError
from pipeline.estimation.cells import Cells
from pipeline.estimation.columns import (
    Categories,
    Codes,
    Floats,
    as_names,
    blank,
    categories,
    domains,
    numbers,
)
from pipeline.estimation.estimates import ratio_block, share_block
from pipeline.estimation.frame import Block, Confidence, DegreesOf, table
from pipeline.estimation.intervals import Interval
from pipeline.estimation.problems import problem
from pipeline.estimation.sample import Sample


def choice_columns(data: pd.DataFrame, question: str) -> dict[str, str]:
    """The columns `question/choice` of a select_multiple, by choice, in the data's order."""
    prefix = f"{question}/"
    return {
        name.removeprefix(prefix): name
        for name in data.columns
        if isinstance(name, str) and name.startswith(prefix)
    }


def multiple_response(
    sample: Sample,
    question: str,
    by: str | Sequence[str] | None = None,
    *,
    choices: Mapping[str, str] | None = None,
    of: str = "respondents",
    interval: str = Interval.WALD,
    level: float = 0.95,
    degrees_of: str = DegreesOf.DESIGN,
) -> pd.DataFrame:
    """The choices of a select_multiple.

    Args:
        sample: a design applied to its data.
        question: its name; its answers lie in columns `question/choice` of 1 and 0 (or true
            and false), missing for those who did not answer.
        by: columns whose combinations are the domains.
        choices: choice -> column, where the columns are called otherwise.
        of: `respondents`: share of those who answered, which add up to more than 1 where several
            were chosen; `responses`: share of all that was chosen, which add up to 1.
        interval: wald, logit, beta, wilson or clopper_pearson.
        level: confidence level.
        degrees_of: `design` or `domain`.

    Returns:
        A row a domain and choice; variable is the question. The base counts those who answered
        it (by its own column, if there is one); with `responses` those who chose anything.

    Raises:
        SurveyError: EST-010, no such columns; EST-020, one holds something else than 0 and 1;
            EST-021.
    """
    confidence = Confidence.of(interval, level, degrees_of)
    if of not in {"respondents", "responses"}:
        repair = "Choose respondents or responses."
        raise SurveyError([problem("EST-021", f"No shares of '{of}'.", repair, "of")])
    columns = choice_columns(sample.data, question) if choices is None else dict(choices)
    if not columns:
        message = f"The data have no columns '{question}/...'."
        raise SurveyError([problem("EST-010", message, "Name them by choices.", question)])
    groups = domains(sample.data, as_names(by))
    values = {choice: ticked(sample.data, name) for choice, name in columns.items()}
    if of == "responses":
        return table(list(_of_responses(sample, question, values, groups, confidence)))
    return table(list(_of_respondents(sample, question, values, groups, confidence)))


def likert(
    sample: Sample,
    items: str | Sequence[str],
    scale: Sequence[str],
    by: str | Sequence[str] | None = None,
    *,
    interval: str = Interval.WALD,
    level: float = 0.95,
    degrees_of: str = DegreesOf.DESIGN,
) -> pd.DataFrame:
    """Items rated on one balanced scale: the share of each point, and what they add up to.

    Args:
        sample: a design applied to its data.
        items: names of columns.
        scale: the points from the most negative to the most positive.
        by: columns whose combinations are the domains.
        interval: for shares; the balance and the mean have Wald's.
        level: confidence level.
        degrees_of: `design` or `domain`.

    Returns:
        For each item and domain a row a point, then the categories `(negative)`, `(positive)`,
        `(balance)`: positive less negative, -1 to 1, and `(mean)`: the mean of 1, 2, ...

    Raises:
        SurveyError: EST-010, EST-021; EST-022, a scale of fewer than two points or with one
            twice; EST-023, an item has answers that are not on the scale.
    """
    confidence = Confidence.of(interval, level, degrees_of)
    points = tuple(scale)
    if len(points) < 2 or len(set(points)) < len(points):  # noqa: PLR2004 - from ... to ...
        message = "A scale has at least two points, each once."
        raise SurveyError([problem("EST-022", message, "Correct the scale.", "scale")])
    groups = domains(sample.data, as_names(by))
    rated = {name: _on_scale(sample.data, name, points) for name in as_names(items)}
    if problems := [bad for _, bad in rated.values() if bad is not None]:
        raise SurveyError(problems)
    wald = Confidence(Interval.WALD, level, confidence.degrees_of)
    blocks: list[Block] = []
    for name, (codes, _) in rated.items():
        blocks.append(share_block(sample, name, codes, groups, confidence))
        for label, values in _sums(codes.codes, len(points)):
            how = wald if label in {"(balance)", "(mean)"} else confidence
            blocks.append(ratio_block(sample, (name, label), (values,), groups, how))
    return table(blocks)


def every_variable(
    sample: Sample,
    variables: Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
    *,
    categorical: Sequence[str] = (),
    interval: str = Interval.WALD,
    level: float = 0.95,
    degrees_of: str = DegreesOf.DOMAIN,
) -> pd.DataFrame:
    """What each variable asks for: the mean of numbers, the shares of categories or of choices.

    Args:
        sample: a design applied to its data.
        variables: names of columns, or of select_multiple questions; by default every column
            but the `question/choice` ones and those without any answer.
        by: columns whose combinations are the domains.
        categorical: variables whose numbers are codes.
        interval: for shares.
        level: confidence level.
        degrees_of: `domain` (the answers used, less the strata) or `design`.

    Returns:
        The tidy frame, variable by variable. A select_multiple is one for which columns
        `question/choice` exist.

    Raises:
        SurveyError: EST-010, EST-020, EST-021; all problems of all variables at once.
    """
    confidence = Confidence.of(interval, level, degrees_of)
    wald = Confidence(Interval.WALD, level, confidence.degrees_of)
    groups = domains(sample.data, as_names(by))
    blocks: list[Block] = []
    problems: list[Problem] = []
    for name in _askable(sample.data) if variables is None else variables:
        try:
            columns = choice_columns(sample.data, name)
            if columns:
                values = {choice: ticked(sample.data, of) for choice, of in columns.items()}
                blocks += _of_respondents(sample, name, values, groups, confidence)
            elif name not in categorical and _is_numeric(sample.data, name):
                values_of = (numbers(sample.data, name),)
                blocks.append(ratio_block(sample, (name, ""), values_of, groups, wald))
            else:
                column = categories(sample.data, name)
                blocks.append(share_block(sample, name, column, groups, confidence))
        except SurveyError as error:
            problems += error.problems
    if problems:
        raise SurveyError(problems)
    return table(blocks)


def _askable(data: pd.DataFrame) -> list[str]:
    choices = {c for name in data.columns for c in choice_columns(data, str(name)).values()}
    return [name for name in data.columns if name not in choices and data[name].notna().any()]


def _is_numeric(data: pd.DataFrame, name: str) -> bool:
    try:
        numbers(data, name)
    except SurveyError as error:
        if error.problems[0].code != "EST-020":
            raise
        return False
    return True


def ticked(data: pd.DataFrame, column: str) -> Floats:
    """(n,) whether a choice was made, 1 or 0; NaN where it was not asked.

    Raises:
        SurveyError: EST-020, the column holds something else.
    """
    words = {"true": "1", "false": "0"}
    read = categories(data, column)
    labels = [words.get(label.lower(), label) for label in read.labels]
    known = pd.to_numeric(pd.Series(labels, dtype=object), errors="coerce")
    values = np.append(known.to_numpy(dtype=np.float64), np.nan)
    if not np.isin(values[:-1], [0.0, 1.0]).all():
        message = f"{column} holds something else than 1 and 0."
        raise SurveyError([problem("EST-020", message, "Check which column it is.", column)])
    return np.asarray(values[read.codes])


def _of_respondents(
    sample: Sample,
    question: str,
    values: Mapping[str, Floats],
    groups: Categories,
    confidence: Confidence,
) -> Iterator[Block]:
    answered = _answered(sample, question, groups)
    for choice, chosen in values.items():
        found = ratio_block(sample, (question, choice), (chosen,), groups, confidence)
        yield found if answered is None else with_base(found, answered)


def _answered(sample: Sample, question: str, groups: Categories) -> Codes | None:
    """(domains,) number of rows that answer the question itself, where it has a column."""
    if question not in sample.data.columns:
        return None
    codes = np.where(blank(sample.data, question), -1, groups.codes)
    return Cells(codes, len(groups.labels)).counts(sample.weights)


def with_base(found: Block, answered: Codes) -> Block:
    """The base is who answered the question; a choice offered to fewer of them says so."""
    base = np.maximum(found.base, answered)
    notes = [
        f"offered to {own} of those who answered" if own < whole and not note else note
        for own, whole, note in zip(found.base, base, found.note, strict=True)
    ]
    return replace(found, base=base, note=notes)


def _of_responses(
    sample: Sample,
    question: str,
    values: Mapping[str, Floats],
    groups: Categories,
    confidence: Confidence,
) -> Iterator[Block]:
    all_ticked = np.sum([np.nan_to_num(one) for one in values.values()], axis=0)
    mentions = np.where(all_ticked > 0, all_ticked, np.nan)
    for choice, chosen in values.items():
        both = (np.nan_to_num(chosen), mentions)
        yield ratio_block(sample, (question, choice), both, groups, confidence)


def _on_scale(
    data: pd.DataFrame, item: str, points: tuple[str, ...]
) -> tuple[Categories, Problem | None]:
    read = categories(data, item)
    place = {point: i for i, point in enumerate(points)}
    moved = np.array([*(place.get(label, -1) for label in read.labels), -1], dtype=np.int64)
    codes = moved[read.codes]
    outside = int(((codes < 0) & (read.codes >= 0)).sum())
    bad = None
    if outside:
        message = f"{outside} answers to {item} are not on the scale."
        bad = problem("EST-023", message, "Make them missing first, or add the point.", item)
    return Categories(codes, points), bad


def _sums(codes: Codes, points: int) -> Iterator[tuple[str, Floats]]:
    score = np.where(codes >= 0, codes + 1.0, np.nan)
    side = np.sign(score - (points + 1) / 2)
    yield "(negative)", np.where(np.isnan(side), np.nan, side < 0)
    yield "(positive)", np.where(np.isnan(side), np.nan, side > 0)
    yield "(balance)", side
    yield "(mean)", score
