"""Small SYNTHETIC studies with processed answers, drawn at random and by no rule of the form."""

from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.analysis.data import LEDGER_COLUMNS, dtype_of
from pipeline.questionnaire.model import Item, MissingKind, Questionnaire
from pipeline.questionnaire.to_yaml import to_yaml
from pipeline.questionnaire.types import Storage
from pipeline.responses import KEYS, REPEAT_KEYS, issues_frame
from pipeline.study import Study, open_study

LANGUAGES = ("en", "zh-Hant", "ja")
_SETTINGS = """\
title: {en: A study, zh-Hant: 一項調查, ja: ある調査}
languages: [en, zh-Hant, ja]
"""


def study_of(folder: Path, *questionnaires: Questionnaire, settings: str = "") -> Study:
    """A study folder with these questionnaires and nothing processed yet."""
    for name in ("instruments", "notebooks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    lines = (
        settings
        or "title: {en: A study, zh-Hant: 一項調查, ja: ある調査}\nlanguages: [en, zh-Hant, ja]\n"
    )
    (folder / "instruments/study.yaml").write_text(lines, encoding="utf-8")
    for questionnaire in questionnaires:
        file = folder / f"instruments/{questionnaire.form_id}.yaml"
        file.write_text(to_yaml(questionnaire), encoding="utf-8")
    return open_study(folder)


def write_answers(
    study: Study,
    questionnaire: Questionnaire,
    main: pd.DataFrame,
    missing: pd.DataFrame | None = None,
    *,
    source: str = "raw/SYNTHETIC-1.xlsx",
) -> None:
    """Write answers to the main table in the layout of processed/; keys are made up."""
    names = [item.name for item in questionnaire.answered()]
    main = main.reindex(columns=[*main.columns, *(n for n in names if n not in main)])
    main = main.astype({i.name: dtype_of(i.question) for i in questionnaire.answered()})
    keys = _keys(questionnaire, len(main), source)
    folder = study.processed / questionnaire.form_id
    folder.mkdir(parents=True, exist_ok=True)
    pd.concat([keys, main], axis="columns").to_parquet(folder / "responses.parquet")
    if missing is not None:
        missing.astype("category").to_parquet(folder / "missing.parquet")


def write_drawn(study: Study, questionnaire: Questionnaire, n: int, seed: int) -> None:
    """Write `n` drawn responses with one to three entries in each repeat."""
    draw = np.random.default_rng(seed)
    folder = study.processed / questionnaire.form_id
    folder.mkdir(parents=True, exist_ok=True)
    keys = _keys(questionnaire, n, "raw/SYNTHETIC-1.xlsx")
    _write(folder, "responses", "missing", keys, _answers(questionnaire, None, n, draw))
    for name in questionnaire.repeats:
        times = draw.integers(0, 4, n)
        keys = pd.DataFrame(
            {
                "response_id": np.repeat([f"r{row}" for row in range(n)], times),
                "position": pd.array([p + 1 for t in times for p in range(t)], dtype="Int64"),
                "parent_position": pd.array([1] * times.sum(), dtype="Int64"),
            }
        )[list(REPEAT_KEYS)]
        answers = _answers(questionnaire, name, int(times.sum()), draw)
        _write(folder, name, f"{name}.missing", keys, answers)
    issues_frame().to_parquet(folder / "issues.parquet")
    pd.DataFrame(columns=list(LEDGER_COLUMNS)).to_parquet(folder / "ledger.parquet")


def _keys(questionnaire: Questionnaire, n: int, source: str) -> pd.DataFrame:
    keys = pd.DataFrame({"response_id": [f"r{row}" for row in range(n)]}).reindex(columns=KEYS)
    keys = keys.assign(
        form_id=questionnaire.form_id,
        form_version=questionnaire.version,
        mode="excel",
        source_file=source,
        received_at="2011-09-02T08:15:00Z",
    )
    return keys.astype({key: "Int64" if key == "source_row" else "str" for key in KEYS})


def _write(folder, name, missing_name, keys, answers) -> None:
    values, kinds = answers
    pd.concat([keys, values], axis="columns").to_parquet(folder / f"{name}.parquet")
    kinds.to_parquet(folder / f"{missing_name}.parquet")


def _answers(questionnaire, repeat, n, draw) -> tuple[pd.DataFrame, pd.DataFrame]:
    values, kinds = {}, {}
    for item in questionnaire.answered(repeat):
        column = _column(questionnaire, item, n, draw)
        kind = pd.Series(pd.NA, index=column.index, dtype="object")
        missing = {c.name: c.missing for c in questionnaire.choices_of(item.question) if c.missing}
        for name, why in missing.items():
            kind[column == name] = why.value
        skipped = draw.random(n) < draw.choice([0.02, 0.05, 0.3])
        asked = draw.random(n) < 0.6
        kind[skipped] = np.where(
            asked[skipped], MissingKind.NOT_ASKED.value, MissingKind.NOT_ANSWERED.value
        )
        column[skipped] = pd.NA
        values[item.name] = column
        kinds[item.name] = kind.astype(pd.CategoricalDtype([k.value for k in MissingKind]))
    index = pd.RangeIndex(n)
    return pd.DataFrame(values, index=index), pd.DataFrame(kinds, index=index)


def _column(questionnaire: Questionnaire, item: Item, n: int, draw) -> pd.Series:
    storage = item.question.storage
    choices = [choice.name for choice in questionnaire.choices_of(item.question)] or ["ok"]
    chances = draw.dirichlet(np.full(len(choices), 1.5))
    drawn: object
    if storage is Storage.SELECT_MULTIPLE:
        many = draw.random((n, len(choices))) < chances * 2
        drawn = [" ".join(np.array(choices)[row]) or choices[0] for row in many]
    elif storage is Storage.SELECT_ONE:
        drawn = draw.choice(choices, n, p=chances)
    elif storage in {Storage.INTEGER, Storage.DECIMAL}:
        drawn = np.round(draw.lognormal(3, 0.8, n), 0 if storage is Storage.INTEGER else 2)
    elif storage in {Storage.DATE, Storage.DATETIME}:
        days = pd.Timestamp("2011-08-01") + pd.to_timedelta(draw.integers(0, 90, n), unit="D")
        drawn = days.tz_localize("UTC") if storage is Storage.DATETIME else days
    else:
        drawn = [f"SYNTHETIC {row}" for row in range(n)]
    return pd.Series(drawn).astype(dtype_of(item.question))
