"""CSV with its lists of variables and values, and Parquet with the labels inside.

A text that a spreadsheet would take for a formula has an apostrophe before it, which `restore`
takes away.
"""

import json
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.delivery.variables import Form, Table, Variable
from pipeline.spreadsheet_text import MARK, NEUTRALISED
from pipeline.store import write_text, write_through


def neutralise(texts: "pd.Series") -> "pd.Series":
    """Put an apostrophe before each text that begins like a formula, or with an apostrophe."""
    return texts.where(
        ~texts.str.startswith(NEUTRALISED).fillna(value=False).astype(bool), MARK + texts
    )


def restore(texts: "pd.Series") -> "pd.Series":
    """Undo `neutralise`."""
    return texts.str.removeprefix(MARK)


def write_csv(table: Table, folder: Path) -> tuple[Path, ...]:
    """Write NAME.csv (codes), NAME.variables.csv and NAME.values.csv, in UTF-8 with a signature."""
    frames = {"": _codes(table), ".variables": _variables(table), ".values": _values(table)}
    made = []
    for ending, frame in frames.items():
        path = folder / f"{table.name}{ending}.csv"
        texts = {str(n): neutralise(frame[n]) for n in frame if frame[n].dtype == "str"}
        write_text(
            path,
            "\ufeff" + frame.assign(**texts).to_csv(index=False, lineterminator="\n"),
            mode=0o600,
        )
        made.append(path)
    return tuple(made)


def write_parquet(table: Table, path: Path) -> None:
    """Write the codes as Parquet; the metadata of each field holds its label and values."""
    arrow = pa.Table.from_pandas(_codes(table), preserve_index=False)
    fields = [
        arrow.schema.field(v.name).with_metadata({"label": v.label, "values": _as_json(v)})
        for v in table.variables
    ]
    schema = pa.schema(fields, metadata={**(arrow.schema.metadata or {}), "label": table.label})
    write_through(path, partial(pq.write_table, arrow.cast(schema)), mode=0o600)


def _codes(table: Table) -> pd.DataFrame:
    """The frame with whole numbers as such, days as days, moments in ISO 8601."""
    columns = {}
    for variable in table.variables:
        column = table.frame[variable.name]
        if variable.is_numeric and (column.dropna() % 1 == 0).all():
            column = column.astype("Int64")
        elif variable.form is Form.DATE:
            column = column.dt.strftime("%Y-%m-%d").astype("str")
        elif variable.form is Form.DATETIME:
            column = column.dt.strftime("%Y-%m-%dT%H:%M:%SZ").astype("str")
        columns[variable.name] = column
    return pd.DataFrame(columns)


def _variables(table: Table) -> pd.DataFrame:
    in_set = {name: one.name for one in table.sets for name in one.variables}
    rows = [(v.name, v.source, v.form.value, in_set.get(v.name), v.label) for v in table.variables]
    return pd.DataFrame(rows, columns=["variable", "question", "form", "set", "label"], dtype="str")


def _values(table: Table) -> pd.DataFrame:
    rows = [
        (v.name, f"{code:.0f}", v.names.get(code), v.missing.get(code), label)
        for v in table.variables
        for code, label in sorted(v.all_labels.items())
    ]
    frame = pd.DataFrame(
        rows, columns=["variable", "code", "choice", "missing", "label"], dtype="str"
    )
    return frame.assign(code=pd.to_numeric(frame["code"]).astype("Int64"))


def _as_json(variable: Variable) -> str:
    values = [
        {
            "code": int(code),
            "label": label,
            "choice": variable.names.get(code),
            "missing": variable.missing.get(code),
        }
        for code, label in sorted(variable.all_labels.items())
    ]
    return json.dumps(values, ensure_ascii=False)
