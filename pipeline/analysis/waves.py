"""Two waves side by side: only answers that mean the same in both.

A wave is a study folder of its own, named by `wave` in its study.yaml. What may be compared is
decided by the difference between the two questionnaires (`survey diff-forms`), not by a person in a
hurry: a question whose words, skip, unit or choices changed was another question.
"""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from pipeline.analysis.data import Dataset
from pipeline.analysis.table import Column, Kind, Table
from pipeline.errors import Place, Problem, SurveyError
from pipeline.questionnaire.difference import Effect
from pipeline.questionnaire.model import Questionnaire, words
from pipeline.questionnaire.types import Storage
from pipeline.questionnaire.versions import diff, old_names

CODES = {"WAVE-001": "answers of two waves that cannot be compared"}
_CHOICES = frozenset([Storage.SELECT_ONE, Storage.SELECT_MULTIPLE])


def comparability(before: Questionnaire, after: Questionnaire) -> pd.DataFrame:
    """Which questions of two waves may be compared.

    Args:
        before: the earlier wave's questionnaire.
        after: the later wave's, whose `changes` say what was renamed.

    Returns:
        question (its name in the later wave), before (its name in the earlier one, NA where it was
        not asked), is_comparable, reason; the later form's questions in order.
    """
    against: dict[str, list[str]] = {}
    for difference in diff(before, after):
        if difference.effect is not Effect.NONE:
            for name in difference.questions:
                against.setdefault(name, []).append(difference.words)
    named = old_names(before, after)
    rows = [
        {
            "question": item.name,
            "before": named.get(item.name),
            "is_comparable": item.name in named and not _reasons(item.name, item.repeat, against),
            "reason": " ".join(_reasons(item.name, item.repeat, against))
            or ("" if item.name in named else "It was not asked in the earlier wave."),
        }
        for item in after.items
        if item.question.has_answer
    ]
    columns = {"question": "str", "before": "str", "is_comparable": "bool", "reason": "str"}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _reasons(name: str, repeat: str | None, against: Mapping[str, list[str]]) -> list[str]:
    """What keeps a question from being compared; what changed a repeat changed all of it."""
    return [*against.get(name, ()), *against.get(repeat or "", ())]


def wave_table(earlier: Dataset, later: Dataset, question: str) -> Table:
    """A row a choice: how many chose it in each wave, and the share of those who answered.

    Args:
        earlier: the earlier wave.
        later: the later wave; gives the labels.
        question: a select question, by its name in the later wave.

    Raises:
        SurveyError: WAVE-001, the question is not comparable, or no question of choices.
    """
    name = _comparable(earlier.questionnaire, later.questionnaire, question)
    labels = later.choice_labels(question)
    renamed = _renamed_choices(later.questionnaire, question)
    parts: dict[str, pd.Series] = {}
    for at, dataset, asked in (("before", earlier, name), ("after", later, question)):
        answers = dataset.answers(asked).dropna().astype("str")
        chosen = [[renamed.get(one, one) for one in text.split(" ")] for text in answers]
        held = pd.Series([one for names in chosen for one in set(names)], dtype="str")
        counts = held.value_counts().reindex(list(labels)).fillna(0)
        parts[f"{at}_count"] = counts.astype("int64")
        parts[f"{at}_base"] = pd.Series(len(answers), index=counts.index)
        parts[f"{at}_share"] = counts / len(answers) if len(answers) else counts * float("nan")
    frame = pd.DataFrame(parts).reset_index(drop=True)
    frame.insert(0, "answer", list(labels.values()))
    say = later.say
    return Table(
        name=f"waves_{later.form_id}_{question}",
        title=later.label(question),
        frame=frame,
        columns=(
            Column("answer", say("waves_answer")),
            *_pair("before", earlier.settings.wave or say("waves_before"), say),
            *_pair("after", later.settings.wave or say("waves_after"), say),
        ),
        wording=later.label(question),
        weighting=say("unweighted"),
        method=say("waves_method"),
        adds_down=False,
    )


def _pair(at: str, wave: str, say: Callable[..., str]) -> Sequence[Column]:
    return (
        Column(f"{at}_count", say("waves_count"), Kind.COUNT, group=wave),
        Column(
            f"{at}_share",
            say("waves_share"),
            Kind.SHARE,
            rests_on=f"{at}_count",
            base=f"{at}_base",
            group=wave,
        ),
        Column(f"{at}_base", say("waves_base"), Kind.COUNT, group=wave),
    )


def _comparable(before: Questionnaire, after: Questionnaire, question: str) -> str:
    """The question's name in the earlier wave."""
    found = comparability(before, after)
    row = found[found["question"].eq(question)]
    item = after.by_name.get(question)
    reason = "The later form has no such question."
    if len(row) and item is not None:
        reason = str(row["reason"].iloc[0])
        if item.question.storage not in _CHOICES:
            reason = "Only questions with choices are set side by side."
        elif row["is_comparable"].iloc[0]:
            return str(row["before"].iloc[0])
    repair = "Leave it out of the comparison; survey diff-forms says what has changed."
    place = Place(question=question, rule="wave")
    raise SurveyError([Problem("WAVE-001", reason, repair, place)])


def _renamed_choices(after: Questionnaire, question: str) -> dict[str, str]:
    """Old choice name -> new one, as the later form declares."""
    found: dict[str, str] = {}
    for change in after.changes:
        found |= change.choices.get(question, {})
    return found


def comparability_table(earlier: Dataset, later: Dataset) -> Table:
    """A row a question that cannot be compared, with the reason."""
    found = comparability(earlier.questionnaire, later.questionnaire)
    left = found[~found["is_comparable"]].reset_index(drop=True)
    items = later.questionnaire.by_name
    labels = [words(items[name].question.label, later.language, name) for name in left["question"]]
    say = later.say
    return Table(
        name=f"waves_{later.form_id}",
        title=say("waves_not_comparable"),
        frame=left.assign(label=pd.Series(labels, dtype="str")),
        columns=(Column("label", say("waves_question")), Column("reason", say("waves_reason"))),
        method=say("waves_method"),
        notes=(say("waves_comparable", n=int(found["is_comparable"].sum())),),
        adds_down=False,
    )
