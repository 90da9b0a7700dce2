"""The first step: which row of a repeat belongs to which response, and to which row above it."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import MAIN, Batch, Bools, Ints, Left
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.types import Storage
from pipeline.responses import (
    KEYS,
    REPEAT_KEYS,
    REPEAT_SOURCES,
    Action,
    Issue,
    Mode,
    Responses,
    issues_frame,
)

NOBODY = -1
_NO_KEY: dict[str, int | str] = {"source_row": 0, "source_file": "", "response_id": ""}
_NO_ROWS = pd.DataFrame(columns=list(REPEAT_KEYS), dtype="Int64").astype({"response_id": "str"})


def link(responses: Responses, questionnaire: Questionnaire, response_key: str) -> Batch:
    """Put the frames of returned responses in order, and link the repeats' rows.

    Columns that belong neither to a question nor to a response's key are left behind: what a
    platform added (`_submitted_by`, ...) is no answer.

    Args:
        responses: as the readers hand them over.
        questionnaire: the form.
        response_key: a returned key that is kept, `_uuid`.

    Returns:
        The batch. The repeats' rows that belong to no response are set aside here.
    """
    main = _ordered(responses.main, questionnaire, MAIN, (*KEYS, response_key))
    frames, owner, parent = {MAIN: main}, dict[str, Ints](), dict[str, Ints]()
    others = {MAIN: _others(responses.main, main, questionnaire)}
    strays = dict[str, pd.DataFrame]()
    for name, item in questionnaire.repeats.items():
        frame = responses.repeats.get(name)
        if frame is None:
            frame = _NO_ROWS
        above = item.parent or MAIN
        owns = _owners(frame, main)
        rows = owns if above == MAIN else _parents(frame, owns, owner[above])
        known = (owns != NOBODY) & (rows != NOBODY)
        kept = frame if known.all() else frame[known]
        frames[name] = _ordered(kept.reset_index(drop=True), questionnaire, name, REPEAT_KEYS)
        others[name] = _others(kept.reset_index(drop=True), frames[name], questionnaire)
        owner[name], parent[name] = owns[known], rows[known]
        if not known.all():
            strays[name] = frame[~known]
    batch = Batch(
        questionnaire=questionnaire,
        frames=frames,
        owner=owner,
        parent=parent,
        aside=np.zeros(len(main), bool),
        absent=_absent(responses.issues, main),
        choice_columns=responses.choice_columns,
        others=others,
        left=tuple(_left(strays, questionnaire)),
    )
    notes = (_note(name, frame) for name, frame in strays.items())
    return batch.adding(noted=[responses.issues, *notes])


def _ordered(
    frame: pd.DataFrame, questionnaire: Questionnaire, table: str, keys: tuple[str, ...]
) -> pd.DataFrame:
    """Keys, then a text column for every question, each with its `question/choice` columns."""
    beside: dict[str, list[str]] = {}
    for column in map(str, frame.columns):
        beside.setdefault(column.split("/", 1)[0], []).append(column)
    columns: dict[str, object] = {key: frame[key] for key in keys if key in frame}
    for item in questionnaire.answered(table or None):
        missing = pd.Series(pd.NA, index=frame.index, dtype="str")
        columns[item.name] = frame.get(item.name, missing)
        if item.question.storage is Storage.SELECT_MULTIPLE:
            start = f"{item.name}/"
            for column in beside.get(item.name.split("/", 1)[0], ()):
                if column.startswith(start):
                    columns[column] = frame[column]
    return pd.DataFrame(columns, index=frame.index, copy=False).reset_index(drop=True)


def _others(came: pd.DataFrame, frame: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Columns of other versions: those that a change names, and whatever else an Excel form asked.

    An Excel form holds nothing but questions; an exported table also holds what a platform added.
    """
    changes = questionnaire.changes
    named = {name for change in changes for name in (*change.rename, *change.dropped)}
    excel = (came["mode"] == Mode.EXCEL).to_numpy(dtype=bool) if "mode" in came else None
    found = [
        name
        for name in map(str, came.columns)
        if name not in frame
        and name not in (*KEYS, *REPEAT_KEYS)
        and "/" not in name
        and (name in named or excel is None or came[name].notna().to_numpy()[excel].any())
    ]
    return came[found].reset_index(drop=True)


def _left(strays: Mapping[str, pd.DataFrame], questionnaire: Questionnaire) -> Iterator[Left]:
    """How many answers stood in rows of no response."""
    for table, frame in strays.items():
        for file, rows in _by_file(frame):
            for item in questionnaire.answered(table or None):
                if item.name in rows and (count := int(rows[item.name].notna().sum())):
                    yield Left(file, item.name, count, table)


def _owners(frame: pd.DataFrame, main: pd.DataFrame) -> Ints:
    """The row of the main table for each row of a repeat.

    Copies of a response are told apart by file and row, else by file; a row that says neither
    belongs to the one response of its key, else the order tells.
    """
    ids = main["response_id"]
    if len(frame) == 0:
        return np.zeros(0, np.int64)
    if ids.is_unique:
        return _at(pd.Index(ids), pd.Index(frame["response_id"]))
    found = np.full(len(frame), NOBODY, dtype=np.int64)
    for keys in (("response_id", *REPEAT_SOURCES), ("response_id", "source_file"), KEYS[:1]):
        if set(keys) <= set(frame):
            found = np.where(found == NOBODY, _certain(frame, main, list(keys)), found)
    left = found == NOBODY
    if left.any():
        found[left] = _owners_by_order(frame[left], ids)
    return found


def _certain(frame: pd.DataFrame, main: pd.DataFrame, keys: list[str]) -> Ints:
    """The only row of the main table with these keys; `NOBODY` where there are more or none."""
    there, wanted = (pd.MultiIndex.from_frame(one[keys].fillna(_NO_KEY)) for one in (main, frame))
    once = np.flatnonzero(~there.duplicated(keep=False))
    found = _at(there[once], wanted)
    return np.where(found < 0, NOBODY, once[found] if len(once) else NOBODY)


def _owners_by_order(frame: pd.DataFrame, ids: pd.Series) -> Ints:
    """Rows of several copies of a response, told apart by their order.

    That is certain only if every copy has a row wherever one has: else the rows are nobody's.
    """
    place = [frame[key] for key in REPEAT_KEYS]
    rows = frame.groupby(place, dropna=False, sort=False)["response_id"]
    number, times = rows.cumcount(), rows.transform("size")
    copies = frame["response_id"].map(ids.value_counts())
    where = pd.MultiIndex.from_arrays([ids, ids.groupby(ids).cumcount()])
    found = _at(where, pd.MultiIndex.from_arrays([frame["response_id"], number]))
    return np.where((times == copies).to_numpy(dtype=bool, na_value=False), found, NOBODY)


def _at(where: pd.Index, wanted: pd.Index) -> Ints:
    return np.asarray(where.get_indexer(wanted), dtype=np.int64)


def _parents(frame: pd.DataFrame, owns: Ints, above: Ints) -> Ints:
    """The row of the repeat above: the response's n-th there, as `parent_position` says."""
    number = pd.Series(above).groupby(above).cumcount().to_numpy() + 1
    wanted = frame["parent_position"].to_numpy(dtype=np.int64, na_value=NOBODY)
    most = int(max(number.max(initial=0), wanted.max(initial=0))) + 1
    place = pd.Index(above * most + number)
    found = place.get_indexer(pd.Index(owns * most + wanted))
    return np.where((owns == NOBODY) | (wanted < 1), NOBODY, found).astype(np.int64)


def _note(name: str, strays: pd.DataFrame) -> pd.DataFrame:
    """One issue a repeat and file for the rows that belong to no response."""
    return issues_frame(
        Issue(
            response_id=None,
            question=name,
            code="no_parent",
            rule="repeat",
            action=Action.SET_ASIDE,
            stage="link",
            source_file=file,
            message=f"{len(rows)} rows belong to no response that came back.",
        )
        for file, rows in _by_file(strays)
    )


def _by_file(frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of each file; "" where they do not say from which they came."""
    files = frame.get("source_file", pd.Series("", index=frame.index)).fillna("")
    yield from ((str(file), rows) for file, rows in frame.groupby(files, sort=False))


def _absent(issues: pd.DataFrame, main: pd.DataFrame) -> dict[str, Bools]:
    """Question -> rows of the main table whose file has no column for it."""
    told = issues[
        issues["code"].isin(["absent_column", "key_missing"]) & issues["question"].notna()
    ]
    found: dict[str, Bools] = {}
    if len(told) == 0:
        return found
    at = main.groupby("source_file", sort=False).indices
    for name, file in zip(told["question"], told["source_file"], strict=True):
        flags = found.setdefault(name, np.zeros(len(main), bool))
        flags[at.get(file, [])] = True
    return found
