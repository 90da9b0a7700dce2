"""Which of the decisions that came back hold, and which contradict one another.

A decision is about a text, so it holds wherever the same text stands, and for nothing else. Which
file came first is no matter: of two different decisions about a text neither holds, unless the
person who made one of them had the other before his eyes (`settles`).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.cleaning.codes import ISSUE_CODES
from pipeline.cleaning.likeness import one_script
from pipeline.recoding import DECISION_COLUMNS, Decision, Work, no_decisions, typed
from pipeline.responses import Action, Issue, issues_frame

STAGE = "recoding"
Key = tuple[str, str, int, str]
"""question, response_id or "", position or 0, the text in its plain spelling."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a text, and where.

    Attributes:
        files: first 16 digits of the hashes of the files that say so.
    """

    key: Key
    text: str
    decision: Decision
    value: str
    labels: Mapping[str, str]
    comment: str
    by: str
    coder: str
    files: tuple[str, ...]
    source_file: str
    source_place: str

    @property
    def rule(self) -> str:
        """Where a reader finds the decision: file and place."""
        return f"{self.source_file} {self.source_place}"

    @property
    def says(self) -> tuple[str, str]:
        """What is decided; two decisions that say the same do not contradict."""
        return self.decision.value, self.value


@dataclass(frozen=True)
class Settled:
    """The decisions of one kind about one form.

    Attributes:
        holding: by what they are about.
        open: those that contradict one another, by what they are about.
    """

    holding: Mapping[Key, Decided]
    open: Mapping[Key, tuple[Decided, ...]]

    def only(self, fits: Callable[[Decided], bool]) -> "Settled":
        """The same without decisions that hold but cannot be applied; those are open again."""
        left = {key: one for key, one in self.holding.items() if fits(one)}
        gone = {key: (one,) for key, one in self.holding.items() if key not in left}
        return Settled(left, {**self.open, **gone})

    def refused(self) -> tuple[tuple[Key, Decided], ...]:
        """Decisions that are open although nothing contradicts them: they cannot be applied."""
        return tuple((key, group[0]) for key, group in self.open.items() if len(group) == 1)


def key_of(question: str, text: str, response_id: str = "", position: int = 0) -> Key:
    """What a decision about a text is found by."""
    return question, response_id, position, one_script(text)


def settle(decisions: pd.DataFrame, work: Work, form_id: str, coder: str = "") -> Settled:
    """Bring together the decisions of one kind about one form.

    Args:
        decisions: `DECISION_COLUMNS`.
        work: of which workbooks.
        form_id: of which form.
        coder: of which coder; coders do not contradict but disagree.
    """
    ours = decisions[decisions["work"].eq(work.value) & decisions["form_id"].eq(form_id)]
    ours = ours[ours["coder"].fillna("").eq(coder)]
    waiting: dict[Key, list[tuple[Decided, frozenset[str]]]] = {}
    for one, seen in sorted(_rows(ours), key=lambda pair: (pair[0].source_file, pair[0].files)):
        waiting.setdefault(one.key, []).append((one, seen))
    holding, contradicting = dict[Key, Decided](), dict[Key, tuple[Decided, ...]]()
    for key, group in waiting.items():
        overruled = frozenset[str]().union(*(seen - set(one.files) for one, seen in group))
        left = [one for one, _ in group if not overruled.issuperset(one.files)]
        if len({one.says for one in left}) == 1:
            holding[key] = _joined(left)
        else:
            contradicting[key] = tuple(left or [one for one, _ in group])
    return Settled(holding, contradicting)


def _rows(ours: pd.DataFrame) -> Iterable[tuple[Decided, frozenset[str]]]:
    for row in ours.astype("object").where(ours.notna(), None).to_dict("records"):
        position = 0 if row["position"] is None else int(row["position"])
        key = key_of(row["question"], row["text"], row["response_id"] or "", position)
        yield (
            Decided(
                key=key,
                text=row["text"],
                decision=Decision(row["decision"]),
                value=row["value"] or "",
                labels=json.loads(row["labels"] or "{}"),
                comment=row["comment"] or "",
                by=row["by"] or "",
                coder=row["coder"] or "",
                files=(file_id(row["source_file"]),),
                source_file=row["source_file"],
                source_place=row["source_place"],
            ),
            frozenset((row["settles"] or "").split()),
        )


def _joined(group: list[Decided]) -> Decided:
    """One decision that several files may have made; the first of them is named."""
    first, files = group[0], sorted({file for one in group for file in one.files})
    labels: dict[str, str] = {}
    for one in reversed(group):
        labels |= {code: label for code, label in one.labels.items() if label}
    return Decided(
        **{
            name: getattr(first, name)
            for name in Decided.__slots__
            if name not in {"files", "labels"}
        },
        files=tuple(files),
        labels=labels,
    )


def file_id(source_file: str) -> str:
    """The first 16 digits of a received file's hash, with which its name begins."""
    return source_file.rsplit("/", 1)[-1].split("-", 1)[0]


def seen_in(against: tuple[Decided, ...]) -> str | None:
    """The files whose decisions a person sees, and settles by his own."""
    return " ".join(sorted({file for one in against for file in one.files})) or None


def labels_text(decided: Decided) -> str | None:
    """The labels of a new choice as they travel."""
    if not decided.labels:
        return None
    return json.dumps(dict(decided.labels), ensure_ascii=False, sort_keys=True)


def contradictions(settled: Settled) -> pd.DataFrame:
    """An issue for each decision that another contradicts."""
    several = (group for group in settled.open.values() if len(group) > 1)
    return _issues("recoding_contradicts", (one for group in several for one in group))


def unfit(decided: Iterable[Decided]) -> pd.DataFrame:
    """An issue for each decision that is about no answer there is."""
    return _issues("recoding_unfit", decided)


def _issues(code: str, decided: Iterable[Decided]) -> pd.DataFrame:
    return issues_frame(
        Issue(
            response_id=one.key[1] or None,
            question=one.key[0],
            code=code,
            rule=one.decision.value,
            position=one.key[2] or None,
            severity=ISSUE_CODES[code].severity,
            action=Action.NONE,
            stage=STAGE,
            source_file=one.source_file,
            source_place=one.source_place,
            message=f"{ISSUE_CODES[code].en}.",
        )
        for one in decided
    )


def of_form(decisions: pd.DataFrame | None, form_id: str) -> pd.DataFrame:
    """The decisions about one form."""
    if decisions is None:
        return no_decisions()
    return typed(decisions[decisions["form_id"].eq(form_id)], DECISION_COLUMNS)
