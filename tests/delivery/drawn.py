"""Answers drawn at random for a questionnaire; everything in them is SYNTHETIC."""

import numpy as np
import pandas as pd

from pipeline.questionnaire.model import Item, MissingKind, Questionnaire
from pipeline.questionnaire.types import Storage
from pipeline.responses import KEYS, REPEAT_KEYS

Frames = tuple[pd.DataFrame, dict[str, pd.DataFrame], pd.DataFrame, dict[str, pd.DataFrame]]


def drawn(questionnaire: Questionnaire, *, rows: int = 60, seed: int = 1) -> Frames:
    """Main, repeats and the kinds of missing of both, as in processed/: without identifiers."""
    chance = np.random.default_rng(seed)
    main, missing = _table(questionnaire, None, rows, chance)
    repeats = {name: _table(questionnaire, name, rows, chance) for name in questionnaire.repeats}
    kinds = {name: table[1] for name, table in repeats.items()}
    return main, {name: table[0] for name, table in repeats.items()}, missing, kinds


def _table(questionnaire, repeat, rows, chance):
    keys = KEYS if repeat is None else REPEAT_KEYS
    columns = {key: pd.Series([f"SYNTHETIC{n}" for n in range(rows)], dtype="str") for key in keys}
    for key in {"position", "parent_position", "source_row"} & set(keys):
        columns[key] = pd.Series(range(1, rows + 1), dtype="Int64")
    missing = {}
    for item in questionnaire.answered(repeat):
        if item.question.sensitivity == "identifier":
            continue
        kinds = pd.Series(chance.choice([*map(str, MissingKind), *[None] * 14], rows))
        columns[item.name] = _answers(questionnaire, item, rows, chance).mask(kinds.notna())
        missing[item.name] = kinds.astype("category")
    return pd.DataFrame(columns), pd.DataFrame(missing)


def _answers(questionnaire: Questionnaire, item: Item, rows, chance) -> "pd.Series":
    storage = item.question.storage
    names = [c.name for c in questionnaire.choices_of(item.question) if c.missing is None]
    if storage is Storage.SELECT_ONE and names:
        return pd.Series(chance.choice(names, rows), dtype="str")
    if storage is Storage.SELECT_MULTIPLE:
        picked = [
            " ".join(chance.permutation(names)[: chance.integers(1, len(names) + 1)])
            for _ in range(rows)
        ]
        return pd.Series(picked, dtype="str")
    if storage is Storage.INTEGER:
        return pd.Series(chance.integers(0, 40, rows), dtype="Int64")
    if storage is Storage.DECIMAL:
        return pd.Series(chance.integers(0, 40, rows) / 4, dtype="float64")
    if storage in {Storage.DATE, Storage.DATETIME}:
        days = pd.to_datetime("2011-08-01") + pd.to_timedelta(chance.integers(0, 90, rows), "D")
        moments = pd.Series(days).astype("datetime64[us]")
        return moments.dt.tz_localize("UTC") if storage is Storage.DATETIME else moments
    return pd.Series([f"=SYNTHETIC({n})" for n in range(rows)], dtype="str")
