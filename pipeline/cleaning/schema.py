"""The questionnaire as pandera schemas: the gate in and out of each stage, never the parser."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera import dtypes
from pandera.engines import pandas_engine
from pandera.errors import SchemaErrors

from pipeline.cleaning.batch import MAIN, Batch
from pipeline.errors import Place, Problem, SurveyError
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.types import Storage
from pipeline.responses import KEYS, REPEAT_KEYS


class Grade(StrEnum):
    """How far a frame has come: text as it came, typed, or as it goes to processed/."""

    RAW = "raw"
    TYPED = "typed"
    CLEAN = "clean"


_TYPED: Mapping[Storage, str] = {
    Storage.INTEGER: "Int64",
    Storage.DECIMAL: "float64",
    Storage.DATE: "datetime64[us]",
    Storage.DATETIME: "datetime64[us, UTC]",
    Storage.SELECT_ONE: "category",
}
_STR = pd.StringDtype("pyarrow", na_value=np.nan)


@pandas_engine.Engine.register_dtype
@dtypes.immutable
class Text(pandas_engine.DataType):
    """pandas' own text, known by its dtype; for `str` pandera looks at the values one by one."""

    type = _STR

    def check(self, pandera_dtype: Any, data_container: Any = None) -> bool:
        """Whether a column is text."""
        return bool(pandera_dtype == self or getattr(data_container, "dtype", None) == _STR)


TEXT = Text()  # type: ignore[call-arg]  # pandera gives the decorated class its own arguments
Dtype: TypeAlias = str | Text
_NUMBERED = frozenset(["source_row", "position", "parent_position"])


def dtype_of(storage: Storage, grade: Grade) -> Dtype:
    """The dtype of a question's column."""
    if grade is Grade.RAW or (grade is Grade.CLEAN and storage is Storage.SELECT_ONE):
        return TEXT
    return _TYPED.get(storage, TEXT)


def schema_of(
    form: Questionnaire, table: str, grade: Grade, columns: "pd.Index[str]"
) -> pa.DataFrameSchema:
    """The schema of a table.

    Args:
        form: the questionnaire.
        table: repeat, or `MAIN`.
        grade: how far the frame has come.
        columns: the frame's own; which `question/choice` columns and which returned key there are
            depends on what came back.
    """
    keys = KEYS if table == MAIN else REPEAT_KEYS
    known: dict[str, pa.Column] = {name: _key(name, table, grade) for name in keys}
    beside: Dtype = TEXT if grade is Grade.RAW else "boolean"
    choices: dict[str, list[str]] = {}
    for name in map(str, columns):
        choices.setdefault(name.rpartition("/")[0], []).append(name)
    for item in form.answered(table or None):
        known[item.name] = pa.Column(dtype_of(item.question.storage, grade), nullable=True)
        if item.question.storage is Storage.SELECT_MULTIPLE:
            known |= {name: pa.Column(beside, nullable=True) for name in choices.get(item.name, ())}
    if table == MAIN:
        returned = [name for name in map(str, columns) if name not in known and name[:1] == "_"]
        known |= {name: pa.Column(TEXT, nullable=True) for name in returned}
    return pa.DataFrameSchema(known, strict=True, name=f"{form.form_id} {table} {grade}".strip())


def _key(name: str, table: str, grade: Grade) -> pa.Column:
    dtype: Dtype = "Int64" if name in _NUMBERED else TEXT
    is_id = name == "response_id"
    return pa.Column(
        dtype,
        nullable=not is_id or grade is not Grade.CLEAN,
        unique=is_id and table == MAIN and grade is Grade.CLEAN,
    )


def gate(batch: Batch, grade: Grade, stage: str, *, whole: bool = True) -> None:
    """Hold every frame of a batch against its schema.

    Args:
        batch: between two stages.
        grade: what the frames must be.
        stage: which stage left them, for the message.
        whole: every column; else only those that a stage has replaced, for the others are the very
            columns that were held against it before.

    Raises:
        SurveyError: CLEAN-004, every column that is not as it must be; never an answer.
    """
    for table, frame in batch.frames.items():
        schema = schema_of(batch.questionnaire, table, grade, frame.columns)
        if whole:
            check(frame, schema, stage)
        elif touched := batch.touched.get(table):
            names = [name for name in frame.columns if name in touched]
            check(frame[names], schema.select_columns(names), stage)


def check(frame: pd.DataFrame, schema: pa.DataFrameSchema, stage: str) -> None:
    """Hold one frame against its schema.

    Raises:
        SurveyError: CLEAN-004.
    """
    try:
        schema.validate(frame, lazy=True, inplace=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases[["column", "check"]].astype("str").drop_duplicates()
        problems = [
            Problem(
                "CLEAN-004",
                f"The schema {schema.name} refuses what stage {stage} left: {row.check}.",
                "This is a mistake of the program; report it with the name of the stage.",
                Place(question=str(row.column)),
            )
            for row in cases.itertuples()
        ]
    else:
        return
    raise SurveyError(problems)
