"""SPSS: the .sav through pyreadstat, and the .sps that makes its multiple-response sets."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyreadstat

from pipeline.delivery.limits import (
    SPSS_FILE_LABEL,
    SPSS_LABEL,
    SPSS_VALUE_LABEL,
    shorten_bytes,
)
from pipeline.delivery.names import safe_names
from pipeline.delivery.variables import AnswerSet, Form, Table, Variable
from pipeline.store import write_text, write_through

if TYPE_CHECKING:
    import pandas as pd

_MADE = slice(92, 109)
_NO_MOMENT = b"01 Jan 7000:00:00"
_FORMATS = {Form.DATE: "SDATE10", Form.DATETIME: "DATETIME20"}
_MEASURES = {Form.CODED: "nominal", Form.TEXT: "nominal"}


def write_sav(table: Table, path: Path) -> None:
    """Write a table; kinds of missing answers are user-missing values, each with its label.

    The same table gives the same bytes: the moment of writing in the header is a constant.
    """
    write_through(path, partial(_write, table), mode=0o600)


def _write(table: Table, path: Path) -> None:
    variables = table.variables
    pyreadstat.write_sav(
        table.frame,
        path,
        file_label=shorten_bytes(table.label, SPSS_FILE_LABEL),
        column_labels={v.name: shorten_bytes(v.label, SPSS_LABEL) for v in variables},
        variable_value_labels={
            v.name: {
                code: shorten_bytes(said, SPSS_VALUE_LABEL) for code, said in v.all_labels.items()
            }
            for v in variables
            if v.all_labels
        },
        missing_ranges={
            v.name: [{"lo": min(v.missing), "hi": max(v.missing)}] for v in variables if v.missing
        },
        variable_measure={v.name: _MEASURES.get(v.form, "scale") for v in variables},
        variable_format={
            v.name: said for v in variables if (said := _format(v, table.frame[v.name]))
        },
        row_compress=True,
    )
    data = bytearray(path.read_bytes())
    data[_MADE] = _NO_MOMENT
    path.write_bytes(data)


def _format(variable: Variable, column: "pd.Series") -> str:
    """How SPSS shows it: whole numbers without decimals; "" leaves it to the writer."""
    if variable.is_numeric and (column.dropna() % 1 == 0).all():
        return "F8.0"
    return _FORMATS.get(variable.form, "")


def write_sps(table: Table, sav: str, path: Path) -> None:
    """Write the syntax that makes the multiple-response sets, which no .sav writer can.

    Run beside the .sav, it saves `NAME.sets.sav`. A set needs two variables; a list of one choice
    stays a variable.

    Args:
        table: the table.
        sav: file name of its .sav.
        path: the syntax file.
    """
    sets = [one for one in table.sets if len(one.variables) > 1]
    names = _set_names(sets)
    lines = ["* Encoding: UTF-8.", f"GET FILE={_quoted(sav)}."]
    for one in sets:
        label = _quoted(shorten_bytes(one.label, SPSS_VALUE_LABEL))
        lines += [
            "MRSETS",
            f"  /MDGROUP NAME=${names[one.name]}",
            f"    LABEL={label}",
            "    CATEGORYLABELS=VARLABELS",
            "    VARIABLES=" + "\n      ".join(one.variables),
            "    VALUE=1.",
        ]
    lines.append(f"SAVE OUTFILE={_quoted(sav.removesuffix('.sav') + '.sets.sav')}.")
    write_text(path, "\n".join(lines) + "\n", mode=0o600)


def _set_names(sets: list[AnswerSet]) -> dict[str, str]:
    """Names of the sets, safe as those of variables are."""
    return safe_names(one.name for one in sets)[0]


def _quoted(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"
