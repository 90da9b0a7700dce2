"""What the correction log says about queries: which are closed, and how often one was answered."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from pipeline.cleaning.corrections import NOTHING
from pipeline.cleaning.spelling import fold
from pipeline.queries import BLANK

Target = tuple[str, str | None, int | None]
"""Response, question (None: the whole response), position (None: main table)."""
_ID_MARK = "uuid:"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A row of the log that asks for no change: what was asked about is right.

    Attributes:
        codes: the issues that it is about; None: all.
        old: the value that was confirmed; None where the log does not say.
        is_last: no row about the same answer stands after it.
    """

    codes: frozenset[str] | None
    old: str | None
    is_last: bool


@dataclass(frozen=True)
class AnsweredQueries:
    """What a log says about the responses to one form.

    Attributes:
        rows: target -> number of rows about it.
        confirmed: target -> the confirmations of it.
    """

    rows: dict[Target, int] = field(default_factory=dict)
    confirmed: dict[Target, list[Confirmation]] = field(default_factory=dict)

    def is_closed(self, target: Target, code: str, value: str | None, *, is_hidden: bool) -> bool:
        """Whether an issue was confirmed as right, with the value that it has now.

        A value that is not shown is not written into the log either; there a confirmation holds
        until a later row changes the answer.
        """
        return any(
            (one.codes is None or code in one.codes)
            and (one.is_last if is_hidden or one.old is None else _same(one.old, value))
            for one in self.confirmed.get(target, ())
        )


def answered_queries(log: pd.DataFrame | None, form_id: str) -> AnsweredQueries:
    """Read a correction log, `corrections_log.CORRECTION_COLUMNS`, for one form."""
    found = AnsweredQueries()
    if log is None or not len(log):
        return found
    ours = log[log["form_id"].isna() | (log["form_id"] == form_id)]
    rows = list(_rows(ours))
    for target, _, _, _ in rows:
        found.rows[target] = found.rows.get(target, 0) + 1
    seen: dict[Target, int] = {}
    for target, kind, codes, old in rows:
        seen[target] = seen.get(target, 0) + 1
        if kind == NOTHING:
            is_last = seen[target] == found.rows[target]
            found.confirmed.setdefault(target, []).append(Confirmation(codes, old, is_last))
    return found


def _rows(log: pd.DataFrame) -> Iterator[tuple[Target, str, frozenset[str] | None, str | None]]:
    texts = log.astype("object").where(log.notna(), None)
    for row in texts.to_dict("records"):
        response = str(row["response_id"] or "").strip().removeprefix(_ID_MARK)
        question = str(row["question"] or "").strip() or None
        position = None if row["position"] is None else int(row["position"])
        kind = "_".join(str(row["change_type"] or "").strip().lower().split())
        codes = row.get("codes")
        named = frozenset(str(codes).split()) if codes is not None else None
        old = str(row["old_value"]).strip() if row["old_value"] is not None else None
        yield (response, question, position), kind, named, old or None


def _same(old: str, value: str | None) -> bool:
    if value is None:
        return old == BLANK
    return fold(old) == fold(value) or _number(old) == _number(value) is not None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
