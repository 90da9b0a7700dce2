"""Where everything stands in an Excel form: lines and columns, no cell written yet.

One sheet holds the questions in order, a line each and a line a choice where several can be chosen,
so that answering is going down one column; a repeat is a table on a sheet of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from openpyxl.utils import get_column_letter

from pipeline.forms.excel_keys import key_of, plain
from pipeline.forms.phrases import phrase
from pipeline.questionnaire.model import (
    Choice,
    Group,
    Node,
    Question,
    Questionnaire,
    Repeat,
    words,
)
from pipeline.questionnaire.types import Filled, Storage

FIRST_LINE = 5
"""Row of the first line; above it hidden mark and headings, the title, the headings shown."""
TABLE_FIRST_ROW = 8
TABLE_ROWS = 30
TABLE_MOST_ROWS = 200
RESPONDENTS, INSTANCES_A_RESPONDENT = 15, 4
SHEET_NAME_LENGTH = 31
_COUNTED = re.compile(r"count-selected\(\s*\$\{([^{}]+)\}\s*\)")
_FORBIDDEN_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class Kind(StrEnum):
    """What a line of the question sheet is."""

    SECTION = "section"
    SUBSECTION = "subsection"
    NOTE = "note"
    ANSWER = "answer"
    CHOICES = "choices"
    CHOICE = "choice"
    TABLE = "table"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the question sheet.

    Attributes:
        row: sheet row, from 1.
        section: number of the top-level group, from 0; it gives the colour.
        number: the question's number as shown; empty for bands, notes and choices.
        node: the question, group or repeat that the line shows.
        choice: the choice that a tick or rank cell belongs to.
    """

    kind: Kind
    row: int
    section: int
    node: Node
    number: str = ""
    choice: Choice | None = None

    @property
    def key(self) -> str:
        """The key of the line's answer cell; empty where it has none."""
        if not isinstance(self.node, Question):
            return ""
        if self.kind is Kind.CHOICE and self.choice is not None:
            return key_of(self.node.name, self.choice.name)
        return self.node.name if self.kind is Kind.ANSWER else ""


@dataclass(frozen=True, slots=True)
class Column:
    """One answer column of a table; `choice` as in `Line`."""

    index: int
    question: Question
    number: str
    choice: Choice | None = None

    @property
    def key(self) -> str:
        """The key that the column's heading carries."""
        return key_of(self.question.name, self.choice.name if self.choice else "")

    @property
    def letter(self) -> str:
        """The column's letter."""
        return get_column_letter(self.index)


@dataclass(frozen=True, slots=True)
class Table:
    """The sheet of one repeat.

    Attributes:
        sheet: sheet name.
        parent: name of the repeat around it; None in the main table.
        columns: answer columns from left to right.
        rows: number of instances there is room for.
        notes: notes and questions that the table cannot ask, to be said above it.
        serials: its first column holds the serial of the respondent that the row belongs to.
    """

    node: Repeat
    sheet: str
    section: int
    number: str
    parent: str | None
    columns: tuple[Column, ...]
    rows: int
    notes: tuple[Question, ...] = ()
    serials: bool = False

    @property
    def is_keyed(self) -> bool:
        """Whether its first column says to what the row belongs."""
        return self.serials or self.parent is not None

    @property
    def name(self) -> str:
        """The repeat's name."""
        return self.node.repeat

    @property
    def last_row(self) -> int:
        """The sheet's last answer row."""
        return TABLE_FIRST_ROW + self.rows - 1


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole Excel form, laid out.

    Attributes:
        cover, questions: names of the two sheets that every form has.
        lines: rows of the question sheet, in order.
        tables: repeat name -> its sheet.
        respondents: name of the table with a row a respondent, in a form that is all tables and
            has no sheet of questions.
    """

    cover: str
    questions: str
    lines: tuple[Line, ...]
    tables: dict[str, Table]
    respondents: str | None = None

    @property
    def sections(self) -> tuple[Line, ...]:
        """The bands of the top-level groups."""
        return tuple(line for line in self.lines if line.kind is Kind.SECTION)


def is_several(question: Question) -> bool:
    """Whether the question takes a cell for each choice: to tick, or to number for a rank."""
    return question.storage is Storage.SELECT_MULTIPLE and question.row.list_kind == "list"


def kind_of_line(question: Question) -> Kind | None:
    """What the question becomes; None where a form on paper or in Excel leaves it out.

    Left out are answers that a device or a calculation gives: cleaning calculates them again.
    """
    if question.type_name == "note" or question.read_only is True:
        return Kind.NOTE if question.label else None
    if question.row.filled is not Filled.PERSON:
        return None
    if not question.row.in_excel:
        return Kind.ELSEWHERE
    return Kind.CHOICES if is_several(question) else Kind.ANSWER


def is_asked(question: Question) -> bool:
    """Whether an Excel form has an answer cell for the question."""
    return kind_of_line(question) in (Kind.ANSWER, Kind.CHOICES)


@dataclass
class _Building:
    questionnaire: Questionnaire
    language: str
    lines: list[Line] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    sheets: set[str] = field(default_factory=set)
    section: int = -1
    asked: int = 0
    respondents: str | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)

    def add(
        self, kind: Kind, node: Node, *, number: str = "", choice: Choice | None = None
    ) -> None:
        row = FIRST_LINE + len(self.lines)
        self.lines.append(Line(kind, row, max(self.section, 0), node, number, choice))

    def next_number(self) -> str:
        self.asked += 1
        return str(self.asked)

    def sheet_name(self, wanted: str) -> str:
        name = plain(wanted.translate(_FORBIDDEN_IN_SHEET_NAMES))[:SHEET_NAME_LENGTH].strip()
        tries = 1
        shown = name = name or phrase("table_row", self.language)
        while shown.casefold() in self.sheets:
            tries += 1
            shown = f"{name[: SHEET_NAME_LENGTH - 4]} {tries}"
        self.sheets.add(shown.casefold())
        return shown


def lay_out(questionnaire: Questionnaire, language: str) -> Layout:
    """Give every question, choice and repeat its place.

    Args:
        questionnaire: any questionnaire.
        language: one of its language codes; sheet names are in that language.
    """
    building = _Building(questionnaire, language)
    cover = building.sheet_name(phrase("cover", language))
    questions = building.sheet_name(phrase("questions", language))
    for node in questionnaire.survey:
        if not isinstance(node, Question) or building.section < 0:
            building.section += 1
        _place(node, building, depth=0)
    return Layout(cover, questions, tuple(building.lines), building.tables)


def lay_out_table(
    questionnaire: Questionnaire, language: str, respondents: str, numbers: Mapping[str, str]
) -> Layout:
    """Give every question its place in a form with a row a respondent.

    Args:
        questionnaire: its only node is the repeat of respondents.
        language: one of its language codes.
        respondents: name of that repeat.
        numbers: question or repeat -> its number as other forms show it.
    """
    building = _Building(questionnaire, language, respondents=respondents, numbers=numbers)
    cover = building.sheet_name(phrase("cover", language))
    for node in questionnaire.survey:
        _place(node, building, depth=1)
    return Layout(cover, "", tuple(building.lines), building.tables, respondents)


def _place(node: Node, building: _Building, depth: int) -> None:
    if isinstance(node, Repeat):
        if depth == 0:
            building.add(Kind.SECTION, node)
        _place_table(node, building, None)
    elif isinstance(node, Group):
        if node.label or depth == 0:
            building.add(Kind.SUBSECTION if depth else Kind.SECTION, node)
        for inner in node.questions:
            _place(inner, building, depth + 1)
    elif kind := kind_of_line(node):
        number = "" if kind is Kind.NOTE else building.next_number()
        building.add(kind, node, number=number)
        if kind is Kind.CHOICES:
            for choice in building.questionnaire.choices_of(node):
                building.add(Kind.CHOICE, node, choice=choice)


def _place_table(node: Repeat, building: _Building, parent: str | None) -> None:
    by_serial = building.respondents is not None and parent in (None, building.respondents)
    own = building.numbers.get(node.repeat, "")
    number = own if building.respondents else building.next_number()
    building.add(Kind.TABLE, node, number=number)
    sheet = building.sheet_name(words(node.label, building.language, node.repeat))
    inside = list(_inside(node.questions))
    columns: list[Column] = []
    first = 4 if parent or by_serial else 3
    questions = [q for q in inside if isinstance(q, Question)]
    asked = [question for question in questions if is_asked(question)]
    for order, question in enumerate(asked, start=1):
        choices = building.questionnaire.choices_of(question) if is_several(question) else (None,)
        for choice in choices:
            index = first + len(columns)
            shown = building.numbers.get(question.name, f"{number}.{order}")
            columns.append(Column(index, question, shown, choice))
    building.tables[node.repeat] = Table(
        node=node,
        sheet=sheet,
        section=max(building.section, 0),
        number=number,
        parent=parent,
        columns=tuple(columns),
        rows=_room(node, building),
        serials=by_serial,
        notes=tuple(q for q in questions if kind_of_line(q) in (Kind.NOTE, Kind.ELSEWHERE)),
    )
    for inner in inside:
        if isinstance(inner, Repeat):
            _place_table(inner, building, node.repeat)


def _inside(nodes: tuple[Node, ...]) -> Iterator[Question | Repeat]:
    for node in nodes:
        if isinstance(node, Group):
            yield from _inside(node.questions)
        else:
            yield node


def _room(node: Repeat, building: _Building) -> int:
    """So many rows as the count allows, where it is a number or counts what was selected."""
    if building.respondents:
        each = 1 if node.repeat == building.respondents else INSTANCES_A_RESPONDENT
        return RESPONDENTS * each
    questionnaire = building.questionnaire
    count = (node.repeat_count or "").strip()
    if count.isdecimal():
        return min(max(int(count), 1), TABLE_MOST_ROWS)
    if (match := _COUNTED.fullmatch(count)) and (item := questionnaire.by_name.get(match[1])):
        return min(len(questionnaire.choices_of(item.question)) or TABLE_ROWS, TABLE_MOST_ROWS)
    return TABLE_ROWS
