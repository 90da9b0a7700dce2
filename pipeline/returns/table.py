"""Tables exported by KoboToolbox or ODK Central, CSV or XLSX, as `Responses`.

Every cell stays text as it came. A question without a column, or a column without a question, is
one issue; no row is left out but empty ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.types import Storage
from pipeline.responses import Action, Issue, IssueSeverity, Mode, Responses, issues_frame
from pipeline.returns.guard import CAPS, ZIP, read_regular
from pipeline.returns.headings import Columns, match_headings
from pipeline.returns.problems import refused
from pipeline.returns.sheets import Sheet, read_csv, read_xlsx
from pipeline.returns.source import TEXT, SourceFile, key_frame, text_series
from pipeline.returns.table_repeats import (
    column,
    is_repeat_sheet,
    link_rows,
    own_keys,
    repeat_of,
)
from pipeline.returns.versions import version_issues
from pipeline.returns.workbook_file import foreign_parts
from pipeline.returns.workbook_problems import FOREIGN
from pipeline.settings import Caps

_VERSION_COLUMNS = ("__version__", "FormVersion", "_version_")
_INSTANCE_COLUMNS = ("meta/instanceID", "meta-instanceID", "instanceID", "KEY")
_TICKED = ("1", "1.0", "True", "TRUE", "true")


@dataclass
class _Reading:
    """What is found out on the way through one file."""

    source: SourceFile
    questionnaire: Questionnaire
    response_key: str
    issues: list[Issue] = field(default_factory=list)
    choice_columns: set[str] = field(default_factory=set)

    def note(
        self,
        code: str,
        message: str,
        *,
        sheet: Sheet,
        place: str = "",
        question: str | None = None,
        severity: IssueSeverity = IssueSeverity.WARNING,
        action: Action = Action.NONE,
    ) -> None:
        """Keep one issue of a sheet."""
        where = f"{sheet.name}!{place}" if sheet.name else place
        self.issues.append(
            Issue(
                response_id=None,
                question=question,
                code=code,
                rule=code,
                severity=severity,
                action=action,
                stage="returns",
                source_file=self.source.source_file,
                source_place=where,
                message=message,
            )
        )


def read_table(
    source: SourceFile,
    questionnaire: Questionnaire,
    *,
    response_key: str = "_uuid",
    caps: Caps = CAPS,
) -> Responses:
    """Read one exported table.

    Args:
        source: the received file.
        questionnaire: the form that its columns belong to.
        response_key: the column that is a response's key; where it is not there, the instance id
            of ODK is, and where that is missing too, the file's hash and the row.
        caps: what the file may hold at most.

    Returns:
        One row a row of the main table, a column for every question of the form. `parent/choice`
        columns and the platform's own (`_uuid`, `_submission_time`, ...) stand beside them as
        they came. A file that holds a repeat alone has an empty main table.

    Raises:
        SurveyError: the file cannot be read at all: GUARD-0xx, TABLE-0xx.
    """
    reading = _Reading(source, questionnaire, response_key)
    content, sheets = _sheets(source, caps)
    _check_size(sheets, caps, source.source_file)
    if formulas := sum(sheet.formulas for sheet in sheets):
        message = (
            f"{formulas} cells hold formulas; their last calculated values were read. Where none "
            "was calculated the answer is missing: open the file in Excel, save it, send it again."
        )
        reading.note("formula_cells", message, sheet=sheets[0])
    for code in foreign_parts(content):
        reading.note(code, FOREIGN[code], sheet=sheets[0])
    mains = [sheet for sheet in sheets if not is_repeat_sheet(sheet)]
    columns = [match_headings(questionnaire, sheet.headings) for sheet in mains]
    chosen = next((n for n, matched in enumerate(columns) if matched.questions), None)
    repeats = {
        sheet.name: repeat_of(sheet, questionnaire) for sheet in sheets if sheet not in mains
    }
    if chosen is None and not any(repeats.values()):
        raise _not_this_form(source)
    main, keys = _empty_main(questionnaire), None
    if chosen is not None:
        main, keys = _read_main(reading, mains[chosen], columns[chosen])
    strange = [sheet for n, sheet in enumerate(mains) if n != chosen]
    for sheet in (*strange, *(s for s in sheets if s.name in repeats and not repeats[s.name])):
        reading.note("unknown_sheet", "This sheet was not read.", sheet=sheet)
    found = _read_repeats(reading, [s for s in sheets if repeats.get(s.name)], repeats, keys)
    issues = [*reading.issues, *version_issues(questionnaire, main)]
    return Responses(
        questionnaire.form_id,
        main,
        found,
        choice_columns={source.source_file: frozenset(reading.choice_columns)},
        issues=issues_frame(issues),
    )


def _check_size(sheets: Sequence[Sheet], caps: Caps, shown: str) -> None:
    """Raise where a table is wider, or an answer longer, than `caps` allows."""
    for sheet in sheets:
        lengths = (sheet.cells[name].str.len().max() for name in sheet.cells)
        wide = len(sheet.headings) > caps.columns
        if wide or any(length > caps.cell_characters for length in lengths):
            raise refused(
                "TABLE-005",
                f"The table has more than {caps.columns:,} columns, or an answer of more than "
                f"{caps.cell_characters:,} characters.",
                "Check that it is the right file; the limits are caps in study.yaml.",
                file=shown,
                cell=sheet.name,
            )


def _sheets(source: SourceFile, caps: Caps) -> tuple[bytes, Sequence[Sheet]]:
    """The file's bytes and sheets."""
    shown = source.source_file
    content = read_regular(source.path, limit=caps.file_bytes, shown=shown)
    if content.startswith(ZIP):
        if sheets := read_xlsx(content, shown=shown, caps=caps):
            return content, sheets
        raise _not_this_form(source)
    return content, (read_csv(content, shown=shown),)


def _not_this_form(source: SourceFile) -> Exception:
    return refused(
        "TABLE-004",
        "No heading of this table is the name of a question of the form.",
        "Export it with question names (XML values) as headings, not labels.",
        file=source.source_file,
        line=1,
    )


def _empty_main(questionnaire: Questionnaire) -> pd.DataFrame:
    nothing = pd.Series([], dtype=TEXT)
    keys = key_frame(
        response_id=nothing,
        form_id=questionnaire.form_id,
        form_version=nothing,
        mode=Mode.TABLE,
        source_file=nothing,
        source_row=None,
        received_at=nothing,
    )
    return keys.assign(**{item.name: nothing for item in questionnaire.answered()})


def _read_main(
    reading: _Reading, sheet: Sheet, columns: Columns
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The main table, and the keys by which rows of repeats find their response."""
    response_id = _response_ids(reading, sheet)
    missing = pd.Series(pd.NA, index=response_id.index, dtype=TEXT)
    version = next((v for name in _VERSION_COLUMNS if (v := column(sheet, name)) is not None), None)
    keys = key_frame(
        response_id=response_id,
        form_id=reading.questionnaire.form_id,
        form_version=missing if version is None else version,
        mode=Mode.TABLE,
        source_file=reading.source.source_file,
        source_row=sheet.rows,
        received_at=reading.source.received_at,
    )
    answers = _answers(reading, sheet, columns, None)
    taken = {*keys, *answers}
    platform = {
        heading: sheet.cells[number]
        for number, heading in columns.platform.items()
        if heading not in taken
    }
    key = {name: platform.pop(name) for name in (reading.response_key,) if name in platform}
    main = pd.concat([keys, pd.DataFrame({**key, **answers, **platform})], axis=1)
    number = pd.Series(1, index=response_id.index)
    return main, own_keys(sheet, response_id, number, sheet.rows)


def _response_ids(reading: _Reading, sheet: Sheet) -> pd.Series:
    """The key of each row; where a row has none, the file's hash and the row's number."""
    made = reading.source.sha256[:16] + "-" + sheet.rows.astype(TEXT)
    names = (reading.response_key, *_INSTANCE_COLUMNS)
    name = next((name for name in names if name in sheet.headings), None)
    key = None if name is None else column(sheet, name)
    if key is None or name is None:
        return made.astype(TEXT)
    if key.isna().any():
        reading.note(
            "no_key",
            f"{int(key.isna().sum())} rows have no key; they were given one by file and row.",
            sheet=sheet,
            place=name,
        )
    return key.str.removeprefix("uuid:").fillna(made).astype(TEXT)


def _answers(
    reading: _Reading, sheet: Sheet, columns: Columns, repeat: str | None
) -> dict[str, pd.Series]:
    """A column for every question of the main table or of a repeat, and `parent/choice` columns."""
    items = reading.questionnaire.answered(repeat)
    missing = pd.Series(pd.NA, index=sheet.cells.index, dtype=TEXT)
    given = {name: sheet.cells[number] for number, name in columns.questions.items()}
    choices = {name: sheet.cells[number] for number, name in columns.choices.items()}
    found = dict[str, pd.Series]()
    for item in items:
        own = {
            name: cells for name, cells in choices.items() if name.rpartition("/")[0] == item.name
        }
        if item.name in given:
            found[item.name] = given[item.name]
        elif own and item.question.storage is Storage.SELECT_MULTIPLE:
            found[item.name] = _joined(own.values(), [name.rpartition("/")[2] for name in own])
        else:
            found[item.name] = missing
        found |= own
        reading.choice_columns.update(own)
    _note_columns(reading, sheet, columns, choices)
    return found | _older_answers(sheet, columns)


def _older_answers(sheet: Sheet, columns: Columns) -> dict[str, pd.Series]:
    """A column for every question of an older version, put together from its choices if need be."""
    given = {name: sheet.cells[number] for number, name in columns.older.items()}
    found = {name: cells for name, cells in given.items() if "/" not in name}
    ticks = dict[str, dict[str, pd.Series]]()
    for name, cells in given.items():
        head, _, choice = name.partition("/")
        if choice and head not in found:
            ticks.setdefault(head, {})[choice] = cells
    return found | {name: _joined(own.values(), list(own)) for name, own in ticks.items()}


def _joined(ticks: Iterable[pd.Series], names: Sequence[str]) -> pd.Series:
    """Choice names joined by one space, from one column a choice; missing where none was given."""
    text, given = None, None
    for tick, name in zip(ticks, names, strict=True):
        part = tick.isin(_TICKED).map({True: f" {name}", False: ""})
        text = part if text is None else text + part
        given = tick.notna() if given is None else given | tick.notna()
    assert text is not None, "called with at least one choice"  # noqa: S101 - for the type checker
    joined = text.str.removeprefix(" ").astype(TEXT)
    return joined.mask(joined == "")


def _note_columns(
    reading: _Reading, sheet: Sheet, columns: Columns, choices: dict[str, pd.Series]
) -> None:
    parents = {name.rpartition("/")[0] for name in choices}
    for name in columns.absent:
        if name not in parents:
            reading.note(
                "absent_column",
                "The question has no column in this table; it is missing in every row.",
                sheet=sheet,
                question=name,
            )
    for code, numbers, message in (
        ("unknown_column", columns.unknown, "The column belongs to no question; it was not read."),
        ("repeated_column", columns.repeated, "Another column gave this already; it was not read."),
    ):
        for number in numbers:
            if sheet.headings[number] or sheet.cells[number].notna().any():
                place = sheet.headings[number] or f"column {number + 1}"
                reading.note(code, message, sheet=sheet, place=place)


def _read_repeats(
    reading: _Reading,
    sheets: Sequence[Sheet],
    repeats: dict[str, str | None],
    main_keys: pd.DataFrame | None,
) -> dict[str, pd.DataFrame]:
    """The repeats' tables, outer before inner, so that inner rows find their parents.

    A row whose parent is not in the file is handed over without a key: the cleaning counts it.
    """
    by_name = {repeats[sheet.name]: sheet for sheet in sheets}
    keys: dict[str | None, pd.DataFrame | None] = {None: main_keys}
    found = dict[str, pd.DataFrame]()
    for name, item in reading.questionnaire.repeats.items():
        sheet = by_name.get(name)
        if sheet is None:
            continue
        links = link_rows(sheet, keys.get(item.parent), nested=item.parent is not None)
        columns = match_headings(reading.questionnaire, sheet.headings, name)
        answers = pd.DataFrame(_answers(reading, sheet, columns, name), index=sheet.cells.index)
        links.insert(3, "source_file", text_series([reading.source.source_file] * len(links)))
        found[name] = pd.concat([links, answers], axis=1)
        number = links.groupby(["response_id", "source_row"], dropna=False).cumcount() + 1
        keys[name] = own_keys(sheet, links["response_id"], number, links["source_row"])
    return found
