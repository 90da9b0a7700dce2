"""Answers in words of those who chose "other": which there are, and which await a decision."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.cleaning.choice_columns import is_ticked
from pipeline.cleaning.decisions import Decided, Key, Settled, key_of, labels_text, seen_in
from pipeline.cleaning.likeness import LEAST, likeness, one_script
from pipeline.questionnaire.model import Choice, Item, Questionnaire
from pipeline.questionnaire.or_other import OTHER
from pipeline.questionnaire.types import Storage
from pipeline.recoding import ROW_COLUMNS, Task, Work, typed

_END = "_other"
_CHOSEN = frozenset([Storage.SELECT_ONE, Storage.SELECT_MULTIPLE])


@dataclass(frozen=True, slots=True)
class Specified:
    """A question with a choice "other", and the text question that asks which."""

    question: Item
    text: Item

    @property
    def table(self) -> str:
        """Repeat in which both stand; "" is the main table."""
        return self.question.repeat or ""


def specified(form: Questionnaire) -> tuple[Specified, ...]:
    """Every pair of a question and its `NAME_other`, as `or_other` and our own forms write it."""
    found = []
    for text in form.items:
        base = form.by_name.get(text.name.removesuffix(_END))
        if (
            base is not None
            and base is not text
            and text.question.storage is Storage.TEXT
            and base.question.storage in _CHOSEN
            and base.repeat == text.repeat
            and any(choice.name == OTHER for choice in form.choices_of(base.question))
        ):
            found.append(Specified(base, text))
    return tuple(found)


def offered(form: Questionnaire, question: Item) -> tuple[Choice, ...]:
    """What a text can be recoded to: every choice but "other" itself."""
    return tuple(choice for choice in form.choices_of(question.question) if choice.name != OTHER)


def other_task(
    tables: Mapping[str, pd.DataFrame],
    form: Questionnaire,
    settled: Settled,
    languages: tuple[str, ...],
    raw_text: pd.DataFrame,
) -> Task | None:
    """What a reviewer has to decide about texts beside "other", and what he has decided.

    Args:
        tables: cleaned answers by repeat, "" the main table.
        form: the questionnaire with the choices that recoding has added.
        settled: decisions that came back.
        languages: of the workbook.
        raw_text: what was written where the answer was changed: question, text.

    Returns:
        None where nobody has written anything. Texts that differ only in script, width, case or
        marks are one row, shown as most have written it.
    """
    parts = [_undecided(tables[pair.table], form, pair, settled) for pair in specified(form)]
    asked = [part for part in parts if len(part)]
    known = _decided(form, settled, _written(tables, form, raw_text))
    if not asked and not len(known):
        return None
    pairs = specified(form)
    return Task(
        work=Work.OTHER,
        form_id=form.form_id,
        version=form.version,
        languages=languages,
        labels={pair.text.name: pair.question.question.label or {} for pair in pairs},
        offers={pair.text.name: offered(form, pair.question) for pair in pairs},
        rows=typed(pd.concat([*asked, known], ignore_index=True), ROW_COLUMNS),
    )


def _undecided(
    frame: pd.DataFrame, form: Questionnaire, pair: Specified, settled: Settled
) -> pd.DataFrame:
    name = pair.text.name
    beside = is_ticked(frame[pair.question.name], OTHER) & frame[name].notna().to_numpy()
    counted = spellings(frame.loc[beside, name])
    if counted.empty:
        return counted
    keys = [key_of(name, text) for text in counted["text"]]
    counted = counted[[key not in settled.holding for key in keys]].reset_index(drop=True)
    best = suggested(counted["text"], offered(form, pair.question))
    counted["settles"] = [seen_in(settled.open.get(key_of(name, t), ())) for t in counted["text"]]
    return counted.assign(question=name).join(best)


def spellings(texts: pd.Series) -> pd.DataFrame:
    """Distinct texts with how often they stand there, the most frequent first.

    Returns:
        text, count; of the spellings of a text the commonest is shown, of these the first.
    """
    times = texts.astype("str").value_counts(sort=False).rename("count").rename_axis("text")
    frame = times.reset_index()
    frame["plain"] = [one_script(text) for text in frame["text"]]
    frame = frame.sort_values(["count", "text"], ascending=[False, True], kind="stable")
    both = frame.groupby("plain", sort=False).agg(text=("text", "first"), count=("count", "sum"))
    both = both.sort_values(["count", "text"], ascending=[False, True], kind="stable")
    return both.reset_index(drop=True)


def suggested(texts: pd.Series, choices: tuple[Choice, ...]) -> pd.DataFrame:
    """The choice whose label in any language is most like each text, from `LEAST` on."""
    words = [(one_script(label), choice.name) for choice in choices for label in _labels(choice)]
    scores = likeness([one_script(text) for text in texts], [plain for plain, _ in words])
    best: list[object] = [None] * len(texts)
    score: list[object] = [None] * len(texts)
    for row in range(len(texts) if words else 0):
        at = int(scores[row].argmax())
        if scores[row, at] >= LEAST:
            best[row], score[row] = words[at][1], round(float(scores[row, at]))
    return pd.DataFrame({"suggestion": best, "likeness": score}, dtype=object)


def _labels(choice: Choice) -> tuple[str, ...]:
    return (*(choice.label or {}).values(), choice.name.replace("_", " "))


def _written(
    tables: Mapping[str, pd.DataFrame], form: Questionnaire, raw_text: pd.DataFrame
) -> Counter[Key]:
    """How often each text stands in the answers, or stood there before it was recoded."""
    found: Counter[Key] = Counter()
    for pair in specified(form):
        name, frame = pair.text.name, tables[pair.table]
        now = frame.loc[frame[name].notna(), name]
        before = raw_text[raw_text["question"].eq(name)]
        still = set(zip(*_places(frame.loc[now.index]), strict=True))
        gone = [place not in still for place in zip(*_places(before), strict=True)]
        for text in (*now, *before.loc[gone, "text"]):
            found[key_of(name, text)] += 1
    return found


def _places(frame: pd.DataFrame) -> tuple[list[object], list[object]]:
    """response_id and position (0 in the main table) of rows."""
    here = frame["position"] if "position" in frame else pd.Series(0, index=frame.index)
    return frame["response_id"].tolist(), here.fillna(0).tolist()


def _decided(form: Questionnaire, settled: Settled, written: Counter[Key]) -> pd.DataFrame:
    """What was decided before about texts that are still there, by questions and texts.

    A text whose response was withdrawn or removed is shown to nobody any more.
    """
    names = {pair.text.name: at for at, pair in enumerate(specified(form))}
    ours = [one for key, one in settled.holding.items() if written[key]]
    ours.sort(key=lambda one: (names[one.key[0]], one.text))
    return decided_rows(ours, written)


def decided_rows(decided: list[Decided], written: Counter[Key]) -> pd.DataFrame:
    """Decisions that hold as rows of a task."""
    return pd.DataFrame(
        [
            {
                "question": one.key[0],
                "text": one.text,
                "count": written[one.key],
                "decision": one.decision.value,
                "value": one.value or None,
                "labels": labels_text(one),
                "comment": one.comment or None,
                "by": one.by or None,
                "settles": seen_in((one,)),
            }
            for one in decided
        ]
    )
