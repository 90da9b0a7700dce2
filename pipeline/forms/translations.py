"""Translation review: every text in all languages side by side, and what a reviewer sends back.

The workbook keeps each text as it was exported in hidden columns: what the reviewer changed is what
differs from them, and a text that was changed in the YAML meanwhile is noticed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.errors import Place, Problem, SurveyError
from pipeline.forms.excel_file import save_workbook
from pipeline.forms.excel_style import add_styles, put, put_formula
from pipeline.forms.translation_edits import edited
from pipeline.forms.translation_texts import Entry, entries, languages
from pipeline.questionnaire.model import ANY_LANGUAGE
from pipeline.store import write_bytes

CODES = {
    "TRAN-001": "not a workbook of translations",
    "TRAN-002": "a key stands twice",
    "TRAN-003": "no text has this key",
    "TRAN-004": "the questionnaire does not have the language",
    "TRAN-005": "the text was changed in the questionnaire meanwhile",
    "TRAN-006": "a text was emptied",
    "TRAN-007": "a text cannot be written into the YAML",
}

_MARK = "translations "
_FIRST_ROW = 3
_FIRST_LANGUAGE = 3
_MISSING = PatternFill("solid", start_color="F8D7DA", end_color="F8D7DA")
_CHANGED = PatternFill("solid", start_color="FFE69A", end_color="FFE69A")
_UNREADABLE = (
    InvalidFileException,
    BadZipFile,
    KeyError,
    ValueError,
    OSError,
    TypeError,
    EOFError,
)


@dataclass(frozen=True)
class _Row:
    """One row that came back: language -> text now, and as it was exported."""

    number: int
    key: str
    now: dict[str, str]
    was: dict[str, str]


def write_translations(form: Path, path: Path) -> None:
    """Write the workbook of a questionnaire that loads.

    Args:
        form: the questionnaire's YAML file.
        path: the .xlsx to write; equal questionnaires give equal bytes.
    """
    sources: dict[Path, str] = {}
    found, names = entries(form, sources), languages(form, sources)
    names = names or {ANY_LANGUAGE: ANY_LANGUAGE}
    book = Workbook()
    add_styles(book, "en", 1)
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one sheet
    sheet.title = "translations"
    _headings(sheet, form.stem, names)
    for row, entry in enumerate(found, start=_FIRST_ROW):
        _write_row(sheet, row, entry, list(names), form)
    _marks(sheet, len(names), _FIRST_ROW + len(found) - 1)
    save_workbook(book, path)


def _headings(sheet: Worksheet, form: str, names: dict[str, str]) -> None:
    count = len(names)
    keys = [f"{_MARK}{form}", "file", *names, "state", *(f"was {code}" for code in names)]
    shown = [
        "Text",
        "File",
        *names.values(),
        "State",
        *(f"{n} as exported" for n in names.values()),
    ]
    for column, (key, heading) in enumerate(zip(keys, shown, strict=True), start=1):
        put(sheet, 1, column, key, "key")
        put(sheet, 2, column, heading, "heading")
        is_text = _FIRST_LANGUAGE <= column < _FIRST_LANGUAGE + count
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = 48 if is_text else 26
        sheet.column_dimensions[letter].hidden = column > _FIRST_LANGUAGE + count
    sheet.column_dimensions["A"].width = 40
    sheet.row_dimensions[1].hidden = True
    sheet.freeze_panes = f"C{_FIRST_ROW}"


def _write_row(sheet: Worksheet, row: int, entry: Entry, codes: list[str], form: Path) -> None:
    texts = entry.texts
    put(sheet, row, 1, entry.key, "small")
    inside = entry.file.is_relative_to(form.parent)
    shown = entry.file.relative_to(form.parent).as_posix() if inside else entry.file.name
    put(sheet, row, 2, shown, "small")
    state = _FIRST_LANGUAGE + len(codes)
    for column, code in enumerate(codes, start=_FIRST_LANGUAGE):
        put(sheet, row, column, texts.get(code, ""), "answer")
        put(sheet, row, column + len(codes) + 1, texts.get(code, ""), "small")
    cells = [f"{get_column_letter(_FIRST_LANGUAGE + at)}{row}" for at in range(len(codes))]
    olds = [f"{get_column_letter(state + 1 + at)}{row}" for at in range(len(codes))]
    changed = "+".join(f"NOT(EXACT({now},{was}))" for now, was in zip(cells, olds, strict=True))
    needed = [cell for cell, code in zip(cells, codes, strict=True) if code != ANY_LANGUAGE]
    missing = "+".join(f'({cell}="")' for cell in needed) or "0"
    missing = "0" if ANY_LANGUAGE in texts else missing
    formula = f'=IF({changed},"changed",IF({missing},"missing",""))'
    put_formula(sheet, row, state, formula, "small")


def _marks(sheet: Worksheet, count: int, last: int) -> None:
    if last < _FIRST_ROW:
        return
    first, old = (get_column_letter(at) for at in (_FIRST_LANGUAGE, _FIRST_LANGUAGE + count + 1))
    end, state = (get_column_letter(_FIRST_LANGUAGE + at) for at in (count - 1, count))
    cells = f"{first}{_FIRST_ROW}:{end}{last}"
    changed = f"NOT(EXACT({first}{_FIRST_ROW},{old}{_FIRST_ROW}))"
    missing = f'AND({first}{_FIRST_ROW}="",${state}{_FIRST_ROW}<>"")'
    for formula, fill in ((changed, _CHANGED), (missing, _MISSING)):
        rule = FormulaRule(formula=[formula], fill=fill, stopIfTrue=True)  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(cells, rule)
    sheet.auto_filter.ref = f"A2:{state}{last}"


def import_translations(files: Iterable[Path], instruments: Path) -> dict[Path, int]:
    """Put what reviewers changed into the questionnaires' files; comments and order stay.

    Args:
        files: workbooks that `write_translations` wrote.
        instruments: the folder of the questionnaires.

    Returns:
        Each file that was changed, with the number of texts changed in it.

    Raises:
        SurveyError: TRAN-..., everything that does not fit; then no file is changed.
    """
    sources: dict[Path, str] = {}
    before: dict[Path, str] = {}
    counts: dict[Path, int] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            form, rows = _read(file, instruments)
        except SurveyError as error:
            problems += error.problems
            continue
        found = {entry.key: entry for entry in entries(form, sources)}
        before |= {path: text for path, text in sources.items() if path not in before}
        wanted, wrong = _corrections(rows, found, languages(form, sources), file)
        problems += wrong
        for path, changes in wanted.items():
            sources[path] = edited(sources[path], changes)
            counts[path] = counts.get(path, 0) + sum(len(words) for _, words in changes)
        problems += _unwritten(wanted, form, sources, file)
    if problems:
        raise SurveyError(problems)
    for path in counts:
        write_bytes(path, sources[path].encode())
    return counts


def _corrections(
    rows: list[_Row], found: dict[str, Entry], known: dict[str, str], file: Path
) -> tuple[dict[Path, list[tuple[Entry, dict[str, str]]]], list[Problem]]:
    """File -> each text with its new words; and what does not fit."""
    wanted: dict[Path, list[tuple[Entry, dict[str, str]]]] = {}
    problems = []
    seen: set[str] = set()
    for row in rows:
        changes = {code: now for code, now in row.now.items() if now != row.was.get(code, "")}
        if row.key in seen:
            problems.append(_problem("TRAN-002", file, row))
        elif (entry := found.get(row.key)) is None:
            problems.append(_problem("TRAN-003", file, row))
        else:
            texts = entry.texts
            changes = {code: now for code, now in changes.items() if texts.get(code, "") != now}
            wrong = list(_wrong(row, changes, texts, known))
            problems += [_problem(code, file, row, language) for code, language in wrong]
            if changes and not wrong:
                wanted.setdefault(entry.file, []).append((entry, changes))
        seen.add(row.key)
    return wanted, problems


def _wrong(
    row: _Row, changes: dict[str, str], texts: dict[str, str], known: dict[str, str]
) -> Iterator[tuple[str, str]]:
    for language, now in changes.items():
        if language not in known:
            yield "TRAN-004", language
        elif texts.get(language, "") != row.was.get(language, ""):
            yield "TRAN-005", language
        elif not now:
            yield "TRAN-006", language


def _unwritten(
    wanted: dict[Path, list[tuple[Entry, dict[str, str]]]],
    form: Path,
    sources: dict[Path, str],
    file: Path,
) -> list[Problem]:
    """Corrections that do not read back as they were meant."""
    if not wanted:
        return []
    now = {entry.key: entry.texts for entry in entries(form, sources)}
    return [
        _problem("TRAN-007", file, _Row(0, entry.key, {}, {}))
        for changes in wanted.values()
        for entry, words in changes
        if now.get(entry.key) != {**entry.texts, **words}
    ]


_REPAIRS = {
    "TRAN-001": "Send back the workbook that survey translations export wrote, as .xlsx.",
    "TRAN-002": "Take one of the two rows out.",
    "TRAN-003": "Leave the first column as it was exported; export anew if the form has changed.",
    "TRAN-004": "Add the language to `languages` of the questionnaire first.",
    "TRAN-005": "Export the workbook anew and change the text there.",
    "TRAN-006": "Write the text, or take it out of the YAML itself.",
    "TRAN-007": "Write it into the YAML by hand.",
}


def _problem(code: str, file: Path, row: _Row, language: str | None = None) -> Problem:
    title = CODES[code]
    cell = f"translations row {row.number}" if row.number else None
    place = Place(file=file.name, cell=cell, question=row.key or None, rule=language)
    return Problem(code, f"{title[0].upper()}{title[1:]}.", _REPAIRS[code], place)


def _read(file: Path, instruments: Path) -> tuple[Path, list[_Row]]:
    """The questionnaire that a workbook belongs to, and its rows."""
    refused = SurveyError([_problem("TRAN-001", file, _Row(0, "", {}, {}))])
    try:
        book = load_workbook(file)
        table = [list(row) for row in book["translations"].iter_rows(values_only=True)]
    except _UNREADABLE as error:
        raise refused from error
    headings = [_cell(value) for value in table[0]] if table else [""]
    form = instruments / f"{headings[0].removeprefix(_MARK)}.yaml"
    there = {path.name for path in instruments.glob("*.yaml")}
    if not headings[0].startswith(_MARK) or form.name not in there or "state" not in headings:
        raise refused
    codes = headings[_FIRST_LANGUAGE - 1 : headings.index("state")]
    rows = []
    for number, values in enumerate(table[_FIRST_ROW - 1 :], start=_FIRST_ROW):
        said = dict(zip(headings, map(_cell, values), strict=False))
        key = said.get(headings[0], "")
        now = {code: said.get(code, "") for code in codes if code}
        was = {code: said.get(f"was {code}", "") for code in codes if code}
        if key or any(now.values()):
            rows.append(_Row(number, key, now, was))
    return form, rows


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
