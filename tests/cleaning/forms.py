"""Small forms and small returns, written out so that a test can be read on its own."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.questionnaire.model import Questionnaire
from pipeline.responses import KEYS, Responses, issues_frame

YES_NO = [{"name": "yes"}, {"name": "no"}, {"name": "dont_know", "missing": "dont_know"}]
Row = Mapping[str, str | None]


def form(*survey, choices=None, **more) -> Questionnaire:
    """A questionnaire named `small` with these rows of the survey sheet."""
    return Questionnaire.model_validate(
        {
            "form_id": "small",
            "version": "1",
            "title": "Small",
            "survey": list(survey),
            "choices": {"yes_no": YES_NO, **(choices or {})},
            **more,
        }
    )


def returns(
    rows: Sequence[Row],
    *,
    repeats: Mapping[str, Sequence[Row]] | None = None,
    issues: pd.DataFrame | None = None,
    places: pd.DataFrame | None = None,
) -> Responses:
    """Responses as readers hand them over: r1, r2, ... of one exported table unless a row says."""
    main = [
        {
            "response_id": f"r{number}",
            "form_id": "small",
            "form_version": "1",
            "mode": "table",
            "source_file": "raw/small/SYNTHETIC.csv",
            "source_row": number + 1,
            "received_at": "2011-09-02T08:15:00Z",
            **row,
        }
        for number, row in enumerate(rows, start=1)
    ]
    columns = {str(row["source_file"]): set[str]() for row in main}
    for row in main:
        columns[str(row["source_file"])] |= {name for name in row if "/" in name}
    return Responses(
        form_id="small",
        main=_text(main, KEYS, {"source_row"}),
        choice_columns={file: frozenset(held) for file, held in columns.items()},
        repeats={
            name: _text(
                [{"position": 1, "parent_position": 1, **row} for row in held],
                ("response_id", "position", "parent_position"),
                {"position", "parent_position"},
            )
            for name, held in (repeats or {}).items()
        },
        issues=issues_frame() if issues is None else issues,
        places=places,
    )


def _text(rows: Sequence[Row], keys: Sequence[str], numbers: set[str]) -> pd.DataFrame:
    names = dict.fromkeys([*keys, *(name for row in rows for name in row)])
    frame = pd.DataFrame(rows, columns=list(names), dtype=object)
    return frame.astype({name: "Int64" if name in numbers else "str" for name in names})


def told(issues: pd.DataFrame, *columns: str) -> list[tuple]:
    """The issues as tuples of these columns; missing is None."""
    shown = issues[list(columns or ("response_id", "question", "code"))].astype(object)
    return list(shown.where(shown.notna(), None).itertuples(index=False, name=None))
