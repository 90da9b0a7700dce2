"""The answers to one question as tables need them: who answered, by group, with which choices."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.data import Dataset
from pipeline.estimation.design import Design, Kind

Mask = npt.NDArray[np.bool_]

MULTIPLE = frozenset({"select_multiple", "select_multiple_from_file", "rank"})
"""Question types with several answers at once."""
OTHER = "(other)"
"""Stands for answers that are no choice of the form; they are only counted together."""


@dataclass(frozen=True)
class Groups:
    """The rows of each group; a row without an answer to the grouping question is in none.

    Attributes:
        labels: name -> label in the language; one group "" when there is no grouping question.
        codes: (n,) place of each row's group in `labels`, -1 for none.
    """

    labels: Mapping[str, str]
    codes: npt.NDArray[np.integer]

    def rows(self, place: int) -> Mask:
        """Which rows are in the group at this place."""
        return np.asarray(self.codes == place)

    @property
    def any_row(self) -> Mask:
        """Which rows are in a group."""
        return np.asarray(self.codes >= 0)


def groups_of(dataset: Dataset, question: str, by: str | None) -> Groups:
    """The groups that a select_one makes of the rows in which `question` is answered.

    Groups that no row is in are left out. A question of the main table also groups a repeat's rows.

    Raises:
        ValueError: `by` lies in another repeat.
    """
    frame = dataset.frame_of(question)
    if by is None:
        return Groups({"": dataset.say("total")}, np.zeros(len(frame), dtype=np.intp))
    answers = dataset.answers(by)
    home = dataset.item(by).repeat
    if home != dataset.item(question).repeat:
        if home is not None:
            raise ValueError(f"{by} lies in the repeat {home}, {question} does not")
        of_response = answers.set_axis(dataset.main["response_id"])
        answers = frame["response_id"].map(of_response)
    present = set(answers.dropna())
    labels = {name: text for name, text in dataset.choice_labels(by).items() if name in present}
    places = {name: place for place, name in enumerate(labels)}
    return Groups(labels, answers.map(places).fillna(-1).to_numpy(np.intp))


def choices_made(dataset: Dataset, question: str) -> tuple[dict[str, str], pd.DataFrame, Mask]:
    """The choices of a select question and who made them.

    Returns:
        choice -> label; a boolean column a choice, one row a row of the question's table; and who
        answered. Answers that are no choice of the form are counted together as `OTHER`.
    """
    answers = dataset.answers(question)
    labels = dataset.choice_labels(question)
    answered = answers.notna().to_numpy(bool)
    if not answered.any():  # of nothing but missing answers pandas makes no dummies
        made = pd.DataFrame(index=answers.index)
    elif dataset.item(question).question.type_name in MULTIPLE:
        made = answers.astype("str").str.get_dummies(" ").astype(bool)
    else:
        made = pd.get_dummies(answers.astype("str"), dtype=bool)
    chosen = made.reindex(columns=list(labels), fill_value=False)
    strange = made.drop(columns=[name for name in made if name in labels])
    if strange.to_numpy().any():
        labels |= {OTHER: dataset.say("other_value")}
        chosen[OTHER] = strange.any(axis=1)
    return labels, chosen.set_axis(answers.index), answered


def is_weighted(design: Design | None) -> bool:
    """Whether estimates by the design differ from plain shares, or have an error to state."""
    return design is not None and (design.kind is not Kind.PURPOSIVE or bool(design.columns))


def states_error(design: Design | None) -> bool:
    """Whether the design allows to state a sampling error."""
    return design is not None and design.kind not in {Kind.PURPOSIVE, Kind.CENSUS}
