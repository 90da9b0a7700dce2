"""The frame that travels from the returned file to the table: responses, repeats and issues."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

KEYS = (
    "response_id",
    "form_id",
    "form_version",
    "mode",
    "language",
    "serial",
    "source_file",
    "source_row",
    "received_at",
)
"""Columns that every row of `Responses.main` begins with; all text but source_row (Int64).

`received_at` is the moment of the manifest, in UTC, `2011-09-02T08:15:00Z`. `source_row` is the
row in a returned table, from 2 (1 is the heading); NA for files that hold one response.
"""

REPEAT_KEYS = ("response_id", "position", "parent_position")
"""Columns that every row of a repeat begins with.

`position` counts from 1 within the response (within the parent's row for a nested repeat);
`parent_position` is the row number of the parent, 1 for a repeat in the main table.
"""

REPEAT_SOURCES = ("source_file", "source_row")
"""Columns of a repeat that say in which copy of its response a row came back.

The file, and the row of the response in a returned table; NA where the file does not say. Two
copies of one response have one key, so without these nobody could tell whose row is whose.
"""

ISSUE_COLUMNS = (
    "response_id",
    "question",
    "position",
    "code",
    "rule",
    "severity",
    "action",
    "stage",
    "source_file",
    "source_place",
    "message",
)

CORRECTION_COLUMNS = (
    "response_id",
    "question",
    "position",
    "old_value",
    "new_value",
    "change_type",
    "reason",
    "by",
    "date",
    "form_id",
    "codes",
    "source_file",
    "source_place",
)
"""Columns of a correction log; position Int64, everything else text.

`codes` are the issues that a `no_action` closes, joined by spaces; missing: all of the answer's.
"""


class Mode(StrEnum):
    """How a response came back."""

    EXCEL = "excel"
    ODK = "odk"
    TABLE = "table"


class Action(StrEnum):
    """What was done about an issue."""

    NONE = "none"
    QUERIED = "queried"
    CHANGED = "changed"
    BLANKED = "blanked"
    SET_ASIDE = "set_aside"


class IssueSeverity(StrEnum):
    """How much an issue matters to whoever reads the tables."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing noticed about one answer or one response; never holds the answer.

    Attributes:
        code: what kind of thing, `constraint`, `not_asked`, `duplicate_instance`; a row of the
            room's `CODES`.
        rule: the rule's own text or name.
        source_place: `sheet!cell`, an XML path, or a column heading.
    """

    response_id: str | None
    question: str | None
    code: str
    rule: str = ""
    position: int | None = None
    severity: IssueSeverity = IssueSeverity.ERROR
    action: Action = Action.NONE
    stage: str = ""
    source_file: str = ""
    source_place: str = ""
    message: str = ""


def issues_frame(issues: Iterable[Issue] = ()) -> pd.DataFrame:
    """Issues as a frame with `ISSUE_COLUMNS`; position is Int64, everything else text."""
    rows = [tuple(getattr(issue, column) for column in ISSUE_COLUMNS) for issue in issues]
    return typed_issues(pd.DataFrame(rows, columns=list(ISSUE_COLUMNS), dtype=object))


def typed_issues(frame: pd.DataFrame) -> pd.DataFrame:
    """The same issues with the columns in order and their dtypes: Int64 position, else str."""
    kinds = {name: "Int64" if name == "position" else "str" for name in ISSUE_COLUMNS}
    return frame.reindex(columns=list(ISSUE_COLUMNS)).astype(kinds)


def join_issues(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Several issue frames as one, in the order given."""
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else issues_frame()


def typed_corrections(frame: pd.DataFrame) -> pd.DataFrame:
    """The same corrections with `CORRECTION_COLUMNS` in order and their dtypes."""
    found = frame.reindex(columns=list(CORRECTION_COLUMNS))
    position = pd.to_numeric(found["position"], errors="coerce").round().astype("Int64")
    texts = {name: found[name].astype("str") for name in CORRECTION_COLUMNS if name != "position"}
    return pd.DataFrame({**texts, "position": position})[list(CORRECTION_COLUMNS)]


@dataclass(frozen=True)
class Responses:
    """All responses to one questionnaire at one point of the way.

    Out of `returns` every answer is text exactly as it came (missing is NA, never ""); a
    select_multiple is its choice names joined by one space, and where the file also held
    `parent/choice` columns they stand beside it under that name. After the typing stage each
    column has its storage's dtype: integer Int64, decimal float64, date datetime64[us],
    datetime datetime64[us, UTC], everything else str; `parent/choice` columns are boolean.

    Attributes:
        form_id: which questionnaire.
        main: one row a response: `KEYS`, the returned key such as `_uuid` where there was one,
            then a column for each question outside repeats. Index 0..n-1.
        repeats: repeat name -> one row an instance: `REPEAT_KEYS` and `REPEAT_SOURCES`, then a
            column a question.
        choice_columns: file -> the `question/choice` columns that stood in it, blank or not.
        issues: what was noticed so far, `ISSUE_COLUMNS`.
        places: where answers stood in workbooks, for issues and trace: columns response_id,
            question, position (Int64), place (`sheet!cell`), one row an answer; None for XML and
            tables, where path or heading and source_row say it.
    """

    form_id: str
    main: pd.DataFrame
    repeats: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    choice_columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    issues: pd.DataFrame = field(default_factory=issues_frame)
    places: pd.DataFrame | None = None


def concat_responses(parts: Sequence[Responses]) -> Responses:
    """Responses to one questionnaire that came in several files, as one.

    A question that a part does not hold is missing there. Order is the order given.
    """
    first = parts[0]
    names = dict.fromkeys(name for part in parts for name in part.repeats)
    places = [part.places for part in parts if part.places is not None]
    return Responses(
        form_id=first.form_id,
        main=pd.concat([part.main for part in parts], ignore_index=True),
        repeats={
            name: pd.concat(
                [part.repeats[name] for part in parts if name in part.repeats], ignore_index=True
            )
            for name in names
        },
        choice_columns={file: held for part in parts for file, held in part.choice_columns.items()},
        issues=join_issues([part.issues for part in parts]),
        places=pd.concat(places, ignore_index=True) if places else None,
    )
