"""Which part cleans which response: those that have to be seen together come into one part.

Copies of a response, returns under one serial, a back-check and its original: whatever a stage
compares stands in the part of the first of them. Then the stages do with a part what they do with
everything, and only few responses leave the part in which they were read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.cleaning.batch import MAIN, Bools, Ints
from pipeline.cleaning.correction_targets import ID_MARK
from pipeline.cleaning.link import link
from pipeline.cleaning.process import carried
from pipeline.cleaning.stages import STAGES, parameters_of
from pipeline.parts.engines import Engine
from pipeline.parts.reading import Read
from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import KEYS, Mode, Responses
from pipeline.returns.source import key_frame
from pipeline.serials import canonical
from pipeline.settings import Roles, Settings

Hashes = npt.NDArray[np.uint64]
_NOTHING = np.uint64(0)
_KEYED = "keyed:"


@dataclass(frozen=True)
class Keys:
    """By what the responses of a raw part are found, as hashes; 0 where there is nothing.

    Two keys that are equal have equal hashes. If two others had, their responses would come into
    one part, and nothing else would change.

    Attributes:
        main: one array a kind of key, a row a response; the first is its response_id.
        others: repeat or `PLACES` -> the response_id of each row.
    """

    main: tuple[Hashes, ...]
    others: Mapping[str, Hashes]


@dataclass(frozen=True)
class Asking:
    """What has to be known to find the keys of a part.

    Attributes:
        read: the parts; `issues` is not needed.
        number: of the part.
        form: the questionnaire.
        settings: of the study.
    """

    read: Read
    number: int
    form: Questionnaire
    settings: Settings


@dataclass(frozen=True)
class Share:
    """What one part is made of: table -> raw part -> rows of it, ascending."""

    rows: Mapping[str, Mapping[int, Ints]]


@dataclass(frozen=True, eq=False)
class Plan:
    """Which part cleans what.

    Attributes:
        keys: of each raw part.
        shares: what each part is made of.
        logs: the corrections of each part's responses.
    """

    keys: tuple[Keys, ...]
    shares: tuple[Share, ...]
    logs: tuple[pd.DataFrame, ...]

    def part_of(self, response_id: str) -> int | None:
        """The part in which a response is cleaned; None where it did not come back."""
        (wanted,) = _hashed(pd.Series([response_id], dtype="str"))
        for number, share in enumerate(self.shares):
            for at, rows in share.rows.get(MAIN, {}).items():
                if (self.keys[at].main[0][rows] == wanted).any():
                    return number
        return None


def plan_parts(
    read: Read, form: Questionnaire, settings: Settings, log: pd.DataFrame, engine: Engine
) -> Plan:
    """Deal out what came back, and its corrections.

    Args:
        read: the raw parts.
        form: the questionnaire with what recoding has added.
        settings: of the study.
        log: the corrections.
        engine: finds the keys of the parts.
    """
    bare = replace(read, issues=read.issues[:0])  # what no worker needs need not travel
    asked = [Asking(bare, at, form, settings) for at in range(len(read.names))]
    keys = tuple(engine.run(keys_of, asked))
    dealt = shares(read, keys, corrected_keys(log, form, settings))
    return Plan(keys, dealt, logs_of(log, keys, dealt))


def keys_of(asking: Asking) -> Keys:
    """Find the keys of a raw part; a work of its own, which a worker can do."""
    read, name = asking.read, asking.read.names[asking.number]
    roles = asking.settings.roles.get(asking.form.form_id, Roles())
    named = [one for one in (roles.serial, roles.original) if one is not None]
    older = {old for change in asking.form.changes for old in change.rename}
    there = {*KEYS, *named, *older}
    wanted = [one for one in read.columns[MAIN] if one in there]
    held = read.sealed.tables(name)
    frame = read.sealed.read(name, MAIN, [one for one in wanted if one in held[MAIN]])
    typed = _typed(frame, asking.form, asking.settings, named)
    found = [_hashed(frame["response_id"]), _hashed(frame["serial"])]
    found += [_hashed(_as_key(column)) for column in typed.values()]
    if asking.form.form_id in asking.settings.double_entry:
        serial = frame["serial"]
        if roles.serial in typed:
            serial = serial.fillna(typed[roles.serial])
        found.append(_hashed(_KEYED + serial.map(canonical, na_action="ignore").astype("str")))
    others = {
        table: _hashed(read.sealed.read(name, table, ["response_id"])["response_id"])
        for table in held
        if table != MAIN
    }
    return Keys(tuple(found), others)


def corrected_keys(
    log: pd.DataFrame, form: Questionnaire, settings: Settings
) -> tuple[Hashes, Hashes]:
    """Keys that corrections give to responses: hashes of the response_id, and of the new key."""
    roles = settings.roles.get(form.form_id, Roles())
    named = [one for one in (roles.serial, roles.original) if one is not None]
    ids, keys = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
    for name in named:
        rows = log[log["new_value"].notna() & log["question"].str.endswith(name, na=False)]
        texts = rows["new_value"].str.strip().reset_index(drop=True)
        ids.append(_hashed(rows["response_id"].str.strip().str.removeprefix(ID_MARK)))
        keys.append(_hashed(_as_key(_typed_texts(texts, name, form, settings))))
    return np.concatenate(ids), np.concatenate(keys)


def shares(read: Read, keys: Sequence[Keys], corrected: tuple[Hashes, Hashes]) -> tuple[Share, ...]:
    """Deal the rows out to the parts.

    Args:
        read: the parts as they were read.
        keys: of each of them.
        corrected: as `corrected_keys`.

    Returns:
        For each part what it is made of. A row of a repeat comes to its response; one of no
        response to the first part, which tells it.
    """
    number = len(read.names)
    starts = np.array(read.starts[:-1], dtype=np.int64)
    home = _homes(keys, corrected, starts)
    dealt: list[dict[str, dict[int, Ints]]] = [{} for _ in range(number)]
    for at, own in enumerate(keys):
        _deal(dealt, MAIN, at, home[starts[at] : starts[at] + len(own.main[0])])
    if any(own.others for own in keys):
        _deal_others(dealt, keys, home)
    return tuple(Share(one) for one in dealt)


def _deal_others(dealt: list[dict[str, dict[int, Ints]]], keys: Sequence[Keys], home: Ints) -> None:
    """Deal out the rows of repeats, each to its response."""
    ids = np.concatenate([one.main[0] for one in keys])
    order = np.argsort(ids, kind="stable")
    for at, own in enumerate(keys):
        for table, of_rows in own.others.items():
            place = np.searchsorted(ids, of_rows, sorter=order)
            found = order[np.minimum(place, len(order) - 1)]
            known = ids[found] == of_rows
            _deal(dealt, table, at, np.where(known, home[found], 0))


def logs_of(
    log: pd.DataFrame, keys: Sequence[Keys], dealt: Sequence[Share]
) -> tuple[pd.DataFrame, ...]:
    """The rows of a correction log that each part applies.

    A row about a response that nobody has goes to the first part, which tells it.
    """
    wanted = log["response_id"].str.strip()
    home = np.zeros(len(log), np.int64)
    for texts in (wanted.str.removeprefix(ID_MARK), wanted):
        hashes = _hashed(texts)
        for number, share in enumerate(dealt):
            for at, rows in share.rows.get(MAIN, {}).items():
                home[np.isin(hashes, keys[at].main[0][rows])] = number
    return tuple(log[home == at].reset_index(drop=True) for at in range(len(dealt)))


def _deal(dealt: list[dict[str, dict[int, Ints]]], table: str, at: int, home: Ints) -> None:
    for part in np.unique(home).tolist():
        rows = np.flatnonzero(home == part).astype(np.int64)
        dealt[part].setdefault(table, {})[at] = rows


def _homes(keys: Sequence[Keys], corrected: tuple[Hashes, Hashes], starts: Ints) -> Ints:
    """The part of each response: that in which the first was read of those it is tied to."""
    length = sum(len(one.main[0]) for one in keys)
    own = np.repeat(np.arange(len(keys)), [len(one.main[0]) for one in keys])
    hashes, rows = _shared(keys, corrected, starts, length)
    order = np.argsort(hashes, kind="stable")
    hashes, rows = hashes[order], rows[order]
    tied = np.flatnonzero(hashes[1:] == hashes[:-1])
    if not len(tied):
        return own
    left, right = rows[tied], rows[tied + 1]
    nodes, ends = np.unique(np.concatenate([left, right]), return_inverse=True)
    edges = coo_array(
        (np.ones(len(tied), bool), (ends[: len(tied)], ends[len(tied) :])),
        shape=(len(nodes), len(nodes)),
    )
    _, together = connected_components(edges, directed=False)
    first = np.full(together.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, together, nodes)
    real = nodes < length
    found = own.copy()
    found[nodes[real]] = own[first[together[real]]]
    return found


def _shared(
    keys: Sequence[Keys], corrected: tuple[Hashes, Hashes], starts: Ints, length: int
) -> tuple[Hashes, Ints]:
    """Keys that stand more than once, and the row of each.

    Most stand once: only the hashes themselves are ever held for all of them. A correction's two
    keys have one row, behind those of the responses.
    """
    firsts = zip(keys, starts, strict=True)
    given = [(column, start) for one, start in firsts for column in one.main]
    given += [(column, length) for column in corrected]
    held = np.concatenate([column[column != _NOTHING] for column, _ in given])
    held.sort()
    twice = np.unique(held[1:][held[1:] == held[:-1]])
    del held
    among = [np.flatnonzero(_among(column, twice)) for column, _ in given]
    return (
        np.concatenate([column[here] for (column, _), here in zip(given, among, strict=True)]),
        np.concatenate([start + here for (_, start), here in zip(given, among, strict=True)]),
    )


def _among(hashes: Hashes, wanted: Hashes) -> Bools:
    """Which hashes are among others, which are sorted."""
    if not len(wanted):
        return np.zeros(len(hashes), dtype=bool)
    place = np.minimum(np.searchsorted(wanted, hashes), len(wanted) - 1)
    return np.asarray(wanted[place] == hashes)


def _hashed(texts: "pd.Series[str]") -> Hashes:
    """One number a text, 0 for none."""
    found = np.zeros(len(texts), np.uint64)
    given = texts.notna().to_numpy(dtype=bool)
    plain = texts.to_numpy(dtype=object)[given]
    found[given] = np.maximum(pd.util.hash_array(plain, categorize=False), 1)
    return found


def _as_key(texts: "pd.Series[str]") -> "pd.Series[str]":
    return texts.str.strip().str.removeprefix(ID_MARK)


def _typed(
    frame: pd.DataFrame, form: Questionnaire, settings: Settings, names: Sequence[str]
) -> dict[str, "pd.Series[str]"]:
    """Questions as the stages compare them: read as the form's version now asks them, as text."""
    if not names:
        return {}
    given = parameters_of(settings, form.form_id, None)
    linked = link(Responses(form.form_id, frame), form, "")
    typed = STAGES[0].work(carried(linked, given), given).main
    return {name: typed[name].astype("str") for name in names if name in typed}


def _typed_texts(
    texts: "pd.Series[str]", name: str, form: Questionnaire, settings: Settings
) -> "pd.Series[str]":
    nothing = pd.Series(pd.NA, index=texts.index, dtype="str")
    keys = key_frame(
        response_id=nothing,
        form_id=form.form_id,
        form_version=nothing,
        mode=Mode.TABLE,
        source_file="",
        source_row=None,
        received_at=nothing,
    )
    return _typed(keys.assign(**{name: texts}), form, settings, [name]).get(name, nothing)
