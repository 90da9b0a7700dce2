"""Excel formulas that understand an answer: what a person wrote -> the value that rules are about.

In the sheet of rules a slot's row holds the answer as given (`GIVEN`), its text without outer
spaces (`TEXT`), the value (`VALUE`: number, serial number of a day, text, choice name, choice names
with a space between; "" where blank or not understood). Excel 2010's functions only, and nothing
that LibreOffice works out otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.forms.excel_keys import TICKS
from pipeline.forms.excel_lists import FIRST_ROW, code_name
from pipeline.questionnaire.model import Question

NAME, GIVEN, TEXT, VALUE, FITS, APPLIES, EFFECTIVE, KEEPS, REQUIRED = "ABCDEFGHI"
STATE, MESSAGE, ORDINAL, NUMBER, LINK, LABEL = "JKLMNO"
PART, YEAR, MONTH, DAY, WESTERN, HOUR, MINUTE = "PQRSTUV"
_FREE = (PART, YEAR, MONTH, DAY, WESTERN, HOUR, MINUTE)
WHY, BROKEN, UNFIT, NEEDED = "WXYZ"

STARTED = "B"
"""Column that says below the slots which rows of a table are in use."""
COUNTED = "C"
"""Column that says in the first of those rows how many instances the form counts."""

FORMULA_LENGTH = 8192
TICKS_NAME = "tick_marks"
_SEPARATORS = (
    "中華民國",
    "中華民国",
    "民國",
    "民国",
    "西元",
    "年",
    "月",
    "日",
    "號",
    "/",
    ".",
    "．",
    "／",
    "－",
)
_SEPARATED = ("", "", "", "", "", "-", "-", "", "", "-", "-", "-", "-", "-")


@dataclass(frozen=True, slots=True)
class Understanding:
    """The formulas of a slot.

    Attributes:
        given: the answer as given.
        text: its text; "" where blank.
        value: the value.
        fits: whether a given answer was understood; "" where any is.
        parts: further cells of the row: column -> formula.
    """

    given: str
    text: str
    value: str
    fits: str
    parts: Mapping[str, str]


def understand(
    question: Question, cells: Mapping[str, str], row: int, lists: Mapping[str, str]
) -> Understanding:
    """The formulas that understand a question's answer.

    Args:
        question: the question.
        cells: choice name ("" for a single answer) -> address of the answer cell.
        row: the slot's row on the sheet of rules.
        lists: choice list -> defined name of its labels.
    """
    if "" not in cells:
        return _several(question, cells, row)
    cell = cells[""]
    parts = _moment_parts(question, row)
    return Understanding(
        given=f'=IF({cell}="","",{cell})',
        text=f'=TRIM(SUBSTITUTE(SUBSTITUTE({GIVEN}{row},CHAR(10)," "),"\u3000"," "))',
        value="=" + _value(question, row, lists),
        fits=f'=OR({TEXT}{row}="",NOT({VALUE}{row}=""))' if _may_not_fit(question, lists) else "",
        parts=parts,
    )


def _may_not_fit(question: Question, lists: Mapping[str, str]) -> bool:
    kinds = {"integer", "decimal", "range", "acknowledge", "date", "time", "dateTime"}
    return question.type_name in kinds or question.list_name in lists


def _value(question: Question, row: int, lists: Mapping[str, str]) -> str:
    text, given = f"{TEXT}{row}", f"{GIVEN}{row}"
    kind = question.type_name
    list_name = lists.get(question.list_name or "")
    if kind == "select_one" and list_name:
        found = _chosen(text, list_name)
    elif kind == "integer":
        found = f'IF(ISNUMBER({given}),IF({given}=INT({given}),{given},""),{_typed(text, "0")})'
    elif kind == "decimal":
        found = f"IF(ISNUMBER({given}),{given},{_typed(text)})"
    elif kind == "range":
        found = _ranged(question, f"IF(ISNUMBER({given}),{given},{_typed(text)})")
    elif kind == "acknowledge":
        found = f'IF({_is_tick(text)},"OK","")'
    elif kind == "date":
        found = f'IF(ISNUMBER({given}),INT({given}),IF({_is_day(row)},{_day(row)},""))'
    elif kind == "time":
        found = f'IF(ISNUMBER({given}),MOD({given},1),IF({_is_time(row)},{_time(row)},""))'
    elif kind == "dateTime":
        both = f"AND({_is_day(row)},{_is_time(row)})"
        found = f'IF(ISNUMBER({given}),{given},IF({both},{_day(row)}+{_time(row)},""))'
    else:
        found = f'{given}&""'
    return f'IF({text}="","",{found})'


def _typed(text: str, form: str | None = None) -> str:
    """A number that came as text, where it is written as a plain number."""
    shown = f'TEXT(VALUE({text}),"{form}")' if form else f'VALUE({text})&""'
    return f'IFERROR(IF(EXACT({shown},{text}),VALUE({text}),""),"")'


def _ranged(question: Question, number: str) -> str:
    low = question.parameters.get("start", "1")
    high = question.parameters.get("end", "10")
    return f'IFERROR(IF(AND({number}>={low},{number}<={high}),{number},""),"")'


def _chosen(text: str, labels: str) -> str:
    codes = code_name(labels)
    at = f"SUMPRODUCT(({labels}={text})*(ROW({labels})-{FIRST_ROW - 1}))"
    return (
        f"IF(SUMPRODUCT(--({labels}={text}))=1,INDEX({codes},{at}),"
        f'IF(SUMPRODUCT(--EXACT({codes},{text}))=1,{text},""))'
    )


def _is_tick(cell: str) -> str:
    return f"AND(LEN({cell})=1,ISNUMBER(FIND({cell},{TICKS_NAME})))"


def tick_marks() -> str:
    """Every mark that counts as a tick, in one text."""
    return "".join(sorted(TICKS))


def _several(question: Question, cells: Mapping[str, str], row: int) -> Understanding:
    span = _span(cells)
    given, value = f"{GIVEN}{row}", f"{VALUE}{row}"
    if question.type_name == "rank":
        pieces = [_ranked(place, cells) for place in range(1, len(cells) + 1)]
        fits = (
            f"AND(COUNT({span})={given},MAX({span})={given},SUM({span})={given}*({given}+1)/2,"
            f'SUMPRODUCT(({span}<>"")*(COUNTIF({span},{span})>1))=0)'
        )
    else:
        pieces = [f'IF({_is_tick(cell)}," {name}","")' for name, cell in cells.items()]
        fits = f'LEN({value})-LEN(SUBSTITUTE({value}," ",""))+({value}<>"")={given}'
    parts = _parts_of_a_long_formula(pieces)
    return Understanding(
        given=f'=SUMPRODUCT(--({span}<>""))',
        text=f'=IF({given}=0,"",{given}&"")',
        value=f"=TRIM({'&'.join(f'{column}{row}' for column in parts)})",
        fits=f"={fits}",
        parts=parts,
    )


def _span(cells: Mapping[str, str]) -> str:
    """The cells of all choices, which stand beside or below each other."""
    addresses = list(cells.values())
    return f"{addresses[0]}:{addresses[-1].rpartition('!')[2]}"


def _ranked(place: int, cells: Mapping[str, str]) -> str:
    return "&".join(f'IF({cell}={place}," {name}","")' for name, cell in cells.items())


MOST_CHOICES = 400
"""With more tick cells than this a question's choices do not fit into the cells of its row."""


def _parts_of_a_long_formula(pieces: Sequence[str]) -> dict[str, str]:
    """Texts to be joined, spread over further cells of the row as a formula's length asks."""
    parts: list[list[str]] = [[]]
    length = 0
    for piece in pieces:
        if length + len(piece) + 1 > FORMULA_LENGTH - 100:
            parts.append([])
            length = 0
        parts[-1].append(piece)
        length += len(piece) + 1
    return {column: f"={'&'.join(part)}" for column, part in zip(_FREE, parts, strict=False)}


def _moment_parts(question: Question, row: int) -> dict[str, str]:
    if question.type_name not in ("date", "time", "dateTime"):
        return {}
    text = f"{TEXT}{row}"
    parts: dict[str, str] = {}
    if question.type_name != "time":
        day = text
        if question.type_name == "dateTime":
            day = f'LEFT({text},FIND(" ",SUBSTITUTE({text},"T"," ")&" ")-1)'
        for mark, dash in zip(_SEPARATORS, _SEPARATED, strict=True):
            day = f'SUBSTITUTE({day},"{mark}","{dash}")'
        parts |= _day_parts(f'SUBSTITUTE({day}," ","")', row)
    if question.type_name != "date":
        clock = f'SUBSTITUTE({text},"：",":")'
        if question.type_name == "dateTime":
            clock = f'MID({clock},FIND(" ",SUBSTITUTE({text},"T"," ")&" ")+1,20)'
        rest = f'MID({clock},FIND(":",{clock})+1,9)'
        parts |= {
            HOUR: f'=IFERROR(VALUE(LEFT({clock},FIND(":",{clock})-1)),99)',
            MINUTE: f"=IFERROR({_minutes(rest)},99)",
        }
    return parts


def _minutes(rest: str) -> str:
    """Minutes of `30` or `30:15`, seconds as a part of them."""
    seconds = f'IF(AND(LEN({rest})=5,MID({rest},3,1)=":"),VALUE(RIGHT({rest},2))/60,99)'
    return f"VALUE(LEFT({rest},2))+IF(LEN({rest})=2,0,{seconds})"


def _day_parts(day: str, row: int) -> dict[str, str]:
    part = f"{PART}{row}"
    first = f'FIND("-",{part})'
    second = f'FIND("-",{part},{first}+1)'
    year = f"{YEAR}{row}"
    national = f'OR(ISNUMBER(FIND("民國",{TEXT}{row})),ISNUMBER(FIND("民国",{TEXT}{row})))'
    three = f"AND({first}=4,{year}>99,{year}<200)"
    return {
        PART: f"={day}",
        YEAR: f"=IFERROR(VALUE(LEFT({part},{first}-1)),0)",
        MONTH: f"=IFERROR(VALUE(MID({part},{first}+1,{second}-{first}-1)),0)",
        DAY: f"=IFERROR(VALUE(MID({part},{second}+1,9)),0)",
        WESTERN: f"=IFERROR(IF(OR(AND({national},{year}>0),{three}),{year}+1911,{year}),0)",
    }


def _is_day(row: int) -> str:
    year, month, day = f"{WESTERN}{row}", f"{MONTH}{row}", f"{DAY}{row}"
    return (
        f"IFERROR(AND({year}>=1900,{year}<=2149,{month}>=1,{month}<=12,{day}>=1,"
        f"DAY(DATE({year},{month},{day}))={day}),FALSE)"
    )


def _day(row: int) -> str:
    return f"DATE({WESTERN}{row},{MONTH}{row},{DAY}{row})"


def _is_time(row: int) -> str:
    return f"AND({HOUR}{row}>=0,{HOUR}{row}<24,{MINUTE}{row}>=0,{MINUTE}{row}<60)"


def _time(row: int) -> str:
    return f"({HOUR}{row}/24+{MINUTE}{row}/1440)"
