"""From a question and its answers to variables: choices as codes, kinds of missing apart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.delivery.phrases import kind_label, phrase
from pipeline.delivery.problems import refusal, warning
from pipeline.delivery.variables import KINDS, NOT_A_CHOICE, Form, Variable
from pipeline.errors import Problem
from pipeline.questionnaire.model import Choice, Item, Questionnaire, words
from pipeline.questionnaire.types import Storage

_EXACT = 2**53
_DIGITS = 6
_FORMS = {Storage.DATE: Form.DATE, Storage.DATETIME: Form.DATETIME}

Column = tuple[Variable, "pd.Series"]
Labels = tuple[dict[float, str], dict[float, str]]


@dataclass(frozen=True)
class Asked:
    """A question with its answers.

    Attributes:
        answers: the column as the cleaning left it.
        kinds: the `MissingKind` of each row, NA where there is an answer.
        language: of labels.
    """

    questionnaire: Questionnaire
    item: Item
    answers: pd.Series
    kinds: pd.Series
    language: str

    @property
    def label(self) -> str:
        """The question in the language; its name where it has no words."""
        said = words(self.item.question.label, self.language, self.item.name)
        unit = words(self.item.question.unit, self.language)
        return " ".join(f"{said} ({unit})".split() if unit else said.split())

    @property
    def choices(self) -> dict[str, Choice]:
        """Choices by name; the first where a filtered list has a name twice."""
        found: dict[str, Choice] = {}
        for choice in self.questionnaire.choices_of(self.item.question):
            found.setdefault(choice.name, choice)
        return found


def columns_of_question(asked: Asked, problems: list[Problem]) -> tuple[list[Column], bool]:
    """The variables of one question, under names not yet made safe.

    Args:
        asked: the question and its answers.
        problems: what is noticed is added to it.

    Returns:
        Variables with their columns, and whether they are one multiple-response set.
    """
    storage = asked.item.question.storage
    if storage is Storage.SELECT_MULTIPLE:
        is_rank = asked.item.question.type_name == "rank"
        return list(_each_choice(asked, problems, is_rank=is_rank)), not is_rank
    if storage is Storage.SELECT_ONE:
        return [_coded(asked, problems)], False
    if storage in {Storage.INTEGER, Storage.DECIMAL}:
        return [_number(asked, problems)], False
    return list(_not_coded(asked, _FORMS.get(storage, Form.TEXT), problems)), False


def missing_codes(lowest: float) -> dict[str, float]:
    """A code for each kind below every answer: -97 to -91, or as many just under a power of ten.

    Args:
        lowest: the least answer, inf where there is none.
    """
    end = 100.0
    while lowest <= -(end - 10):
        end *= 10
    return {kind: -(end - 9 + number) for number, kind in enumerate(KINDS)}


def _coded(asked: Asked, problems: list[Problem]) -> Column:
    choices = asked.choices
    given = asked.answers.astype("str").where(asked.answers.notna())
    seen = set(given.dropna().unique())
    if not choices:
        choices = {name: Choice(name=name) for name in sorted(seen)}
    codes = _codes(choices)
    kinds = _kinds(asked, given, choices)
    is_unknown = given.notna() & ~given.isin(list(choices)) & kinds.isna()
    kinds = _without_unknown(asked, kinds, is_unknown, problems)
    values, names = _choice_labels(asked, choices, codes, problems)
    column = given.map(codes).astype("float64")
    return _with_missing(
        asked, Form.CODED, column, kinds, values=values, names=names, problems=problems
    )


def _without_unknown(
    asked: Asked, kinds: "pd.Series", is_unknown: "pd.Series", problems: list[Problem]
) -> "pd.Series":
    """The kinds, with one of its own where the answer is no choice; a warning counts them."""
    if not is_unknown.any():
        return kinds
    problems.append(
        warning(
            "DATA-014",
            f"{int(is_unknown.sum())} answers are no choice of the list; they are delivered as "
            "missing, with a code of their own.",
            "Put the choices into the list, or correct the answers and clean again.",
            asked.item.name,
        )
    )
    return kinds.astype("object").where(~is_unknown, NOT_A_CHOICE)


def _codes(choices: Mapping[str, Choice]) -> dict[str, float]:
    """Choice name -> code: the names themselves where all are numbers, else 1, 2, 3."""
    usual = [name for name, choice in choices.items() if choice.missing is None]
    is_number = [name.isascii() and name.isdigit() and len(name) <= _DIGITS for name in usual]
    if usual and all(is_number):
        numbers = {name: float(name) for name in usual}
        if len(set(numbers.values())) == len(usual):
            return numbers
    return {name: float(number) for number, name in enumerate(usual, 1)}


def _choice_labels(
    asked: Asked,
    choices: Mapping[str, Choice],
    codes: Mapping[str, float],
    problems: list[Problem],
) -> Labels:
    labels = {}
    for name, code in codes.items():
        said = words(choices[name].label, asked.language)
        labels[code] = " ".join(said.split()) or name
        if not said:
            problems.append(
                warning(
                    "DATA-012",
                    f"Choice {name} has no label; its name stands there.",
                    "Give the choice a label.",
                    asked.item.name,
                )
            )
    return labels, {code: name for name, code in codes.items()}


def _kinds(asked: Asked, given: "pd.Series", choices: Mapping[str, Choice]) -> "pd.Series":
    """The kind of each row: of its choice where that stands for one, else as the cleaning said."""
    by_choice = {
        name: str(choice.missing) for name, choice in choices.items() if choice.missing is not None
    }
    stated = asked.kinds.astype("object").where(asked.kinds.notna(), None)
    return given.map(by_choice).astype("object").where(given.isin(list(by_choice)), stated)


def _number(asked: Asked, problems: list[Problem]) -> Column:
    column = asked.answers.astype("Float64").astype("float64")
    is_integer = asked.item.question.storage is Storage.INTEGER
    if is_integer and (asked.answers.astype("Int64").abs() > _EXACT).any():
        problems.append(
            refusal(
                "DATA-013",
                "An integer has more than 15 digits.",
                "Ask for it as text, for it is a code and no quantity.",
                asked.item.name,
            )
        )
    return _with_missing(
        asked, Form.NUMBER, column, asked.kinds, values={}, names={}, problems=problems
    )


def _with_missing(
    asked: Asked,
    form: Form,
    column: "pd.Series",
    kinds: "pd.Series",
    *,
    values: dict[float, str],
    names: dict[float, str],
    problems: list[Problem],
    name: str = "",
    label: str = "",
    choice: str = "",
) -> Column:
    """A variable whose column holds a code for each kind of missing answer."""
    answers = column.where(kinds.isna())
    lowest = float(np.nanmin([*values, *answers.dropna().unique(), np.inf]))
    codes = missing_codes(lowest)
    if lowest <= -90:  # noqa: PLR2004 - where missing_codes begins to move
        problems.append(
            warning(
                "DATA-006",
                f"Answers lie where codes of missing answers usually do; they begin at "
                f"{codes[KINDS[0]]:.0f} here.",
                "Use the labels, not the codes.",
                asked.item.name,
            )
        )
    filled = answers.where(kinds.isna(), kinds.map(codes))
    variable = Variable(
        name=name or asked.item.name,
        source=asked.item.name,
        label=label or asked.label,
        form=form,
        values=values,
        names=names,
        missing={code: kind for kind, code in codes.items()},
        missing_labels={code: kind_label(kind, asked.language) for kind, code in codes.items()},
        question=asked.label,
        choice=choice,
    )
    return variable, filled.astype("float64")


def _each_choice(asked: Asked, problems: list[Problem], *, is_rank: bool) -> Iterator[Column]:
    """A variable for each choice: 0 or 1, or its rank; the kinds of the question in each."""
    chosen = asked.answers.astype("str").where(asked.answers.notna()).str.split()
    listed = chosen.explode().dropna()
    choices = asked.choices or {name: Choice(name=name) for name in sorted(listed.unique())}
    is_unknown = (
        (~listed.isin(list(choices))).groupby(level=0).any().reindex(asked.answers.index)
    ).fillna(value=False).astype(bool) & asked.kinds.isna()
    kinds = _without_unknown(asked, asked.kinds, is_unknown, problems)
    place = listed.groupby(level=0).cumcount() + 1
    values = {} if is_rank else {float(n): phrase(w, asked.language) for n, w in enumerate(_OFF_ON)}
    for name, choice in choices.items():
        of_choice = place[listed == name]
        of_choice = of_choice[~of_choice.index.duplicated()].reindex(asked.answers.index)
        usable = of_choice.notna() & kinds.isna()
        if choice.missing is not None and not usable.any():
            continue
        column = of_choice if is_rank else of_choice.notna().where(chosen.notna())
        said = " ".join(words(choice.label, asked.language, name).split())
        yield _with_missing(
            asked,
            Form.NUMBER if is_rank else Form.CODED,
            column.astype("Float64").astype("float64"),
            kinds,
            values=dict(values),
            names={0.0: "0", 1.0: "1"} if values else {},
            problems=problems,
            name=f"{asked.item.name}/{name}",
            label=f"{said} - {asked.label}",
            choice=name,
        )


_OFF_ON = ("no", "yes")


def _not_coded(asked: Asked, form: Form, problems: list[Problem]) -> Iterator[Column]:
    """A text, day or moment, which can hold no codes; the kinds stand in a variable beside it."""
    column, label = asked.answers, asked.label
    if form is Form.TEXT:
        column = column.astype("str")
    elif getattr(column.dt, "tz", None) is not None:
        column, label = column.dt.tz_convert("UTC").dt.tz_localize(None), f"{label} (UTC)"
        problems.append(
            warning(
                "DATA-009",
                "SPSS and Stata keep no time zone; the moments are in UTC, and the label says so.",
                "Add the hours of the place where they are needed.",
                asked.item.name,
            )
        )
    yield Variable(asked.item.name, asked.item.name, label, form, question=asked.label), column
    if asked.kinds.notna().any():
        yield _with_missing(
            asked,
            Form.CODED,
            pd.Series(np.nan, index=column.index),
            asked.kinds,
            values={},
            names={},
            problems=problems,
            name=f"{asked.item.name}_missing",
            label=f"{asked.label} - {phrase('why', asked.language)}",
        )
