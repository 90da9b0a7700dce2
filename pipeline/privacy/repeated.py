"""What repeats a published table: its page, the executed notebook, the summary, the drawings.

Each must show what the table's CSV shows and nothing else. Which of the two is right is not asked:
a number that only one of them shows has not been held against the rule.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.privacy.drawn import written_on
from pipeline.privacy.numbers_said import (
    Shown,
    has_numbers,
    is_number,
    not_shown,
    small_not_shown,
)
from pipeline.privacy.page_file import (
    PageCell,
    PageFile,
    PageTable,
    Statement,
    aim_of,
    plain,
    read_notebook,
    read_page,
    read_sentences,
    words_left,
    words_of,
)
from pipeline.privacy.published_audit import Leak, Spot
from pipeline.privacy.reading import PublishedTable, Unreadable, number

_BLANK = {"", "–"}
_SMALL_BASE = "†"
_SHARE = 1e-4  # how exactly a page says how long a share's bar is
_EXACT = 1e-9
_BASE_AND_MISSING = 2
_COLONS = (": ", "：")
"""Between a heading and its words, by the page's language."""
_ATTRIBUTE = re.compile(r"\d+(?:\.\d+)?(?:e-?\d+)?")


@dataclass(frozen=True)
class Tables:
    """The tables of one edition's language, by page and name."""

    by_name: Mapping[tuple[str, str], PublishedTable]

    def shown(self, notebook: str, table: str) -> Shown | None:
        """What one of them shows, how many lines it has included; None where there is none."""
        found = self.by_name.get((notebook, table))
        if found is None:
            return None
        shown = shown_by(found)
        return replace(shown, numbers=(*shown.numbers, float(len(found.lines))))

    def without_title(self, statement: Statement) -> str:
        """What it says besides the title of its table: numbers in a question's wording are words.

        Only the wording as a whole is left out, and once; its numbers by themselves are not.
        """
        found = self.by_name.get((statement.notebook, statement.table))
        titles = () if found is None else map(plain, found.above)
        inside = [one for one in titles if one and one in statement.text]
        before, _, after = statement.text.partition(max(inside, key=len, default=statement.text))
        return f"{before} {after}" if inside else statement.text


def shown_by(table: PublishedTable) -> Shown:
    """All that may be said of a table: its cells, and what it says beside them."""
    known = (table.sidecar.known or {}).values()
    numbers = [one for line in table.grids[0] for one in line]
    more = [*map(float, known), float(table.sidecar.threshold)]
    texts = [text for line in table.lines for text in line if number(text) is None]
    return Shown.of([*numbers, *more], [*texts, *table.headings])


def audit_repeats(folder: Path, tables: Iterable[PublishedTable]) -> Iterator[Leak | Unreadable]:
    """Hold what lies in one language's folder against its tables.

    Args:
        folder: outputs/report/LANG.
        tables: those of this folder that could be read.
    """
    known = Tables({(one.page, one.sidecar.table): one for one in tables})
    for table in known.by_name.values():
        yield from _around(table)
    for page in sorted(folder.glob("*.html")):
        yield from _page(page, known)
    for book in sorted(folder.glob("*.ipynb")):
        if not book.with_suffix(".html").is_file():
            yield from _contents(book, known, book)
    for document in sorted(folder.glob("*.docx")):
        yield from _document(document, known)
    for drawing in sorted(folder.glob("figures/*.svg")):
        yield from _drawing(drawing, known)


def _page(page: Path, known: Tables) -> Iterator[Leak | Unreadable]:
    """A page, and the executed notebook beside it, whose outputs it holds letter by letter."""
    book = page.with_suffix(".ipynb")
    try:
        read = read_page(page)
        outputs = read_notebook(book) if book.is_file() else None
    except (ValueError, OSError):
        yield Unreadable(page, "The page or its notebook cannot be read.")
        return
    yield from _held(page, read, known)
    if outputs is None:
        yield Unreadable(page, "No executed notebook lies beside it to hold its words against.")
        return
    yield from _held(book, outputs, known)
    rest = read.source
    for piece in outputs.pieces:
        if piece.strip() not in rest:
            yield Leak("differs", (Spot(page, 0, 0), Spot(book, 0, 0)), _named_in(piece))
        rest = rest.replace(piece.strip(), "", 1)
    if has_numbers(words_left(rest)):
        yield Leak("differs", (Spot(page, 0, 0), Spot(book, 0, 0)), "")


def _named_in(piece: str) -> str:
    """The table or figure that a cell of a notebook shows."""
    found = re.search(r'<figure class="[^"]*" id="([^"]*)"', piece)
    return found[1] if found else ""


def _contents(file: Path, known: Tables, book: Path) -> Iterator[Leak | Unreadable]:
    try:
        read = read_notebook(book)
    except (ValueError, OSError):
        yield Unreadable(file, "The notebook cannot be read.")
        return
    yield from _held(file, read, known)


def _held(file: Path, read: PageFile, known: Tables) -> Iterator[Leak | Unreadable]:
    """Tables, sentences and drawings of a page or a notebook."""
    for table in read.tables:
        if not table.name:
            continue
        own = known.by_name.get((file.stem, table.name))
        if own is None:
            yield Unreadable(file, f"Table {table.name} has no CSV that can be read.")
            continue
        yield from _table(file, table, own)
    for statement in read.statements:
        shown = known.shown(statement.notebook, statement.table) or Shown(())
        if not_shown(known.without_title(statement), shown):
            yield Leak("said", (Spot(file, 0, 0),), statement.table)
    for name, texts in read.values:
        yield from values_held(file, texts, known.by_name.get((file.stem, name)), name)
    for name, drawing in read.drawings:
        beside = file.parent / "figures" / f"{file.stem}.{name}.svg"
        if not beside.is_file() or beside.read_bytes() != drawing:
            yield Leak("differs", (Spot(file, 0, 0), Spot(beside, 0, 0)), name)


def values_held(
    file: Path, texts: Iterable[str], own: PublishedTable | None, name: str
) -> Iterator[Leak]:
    """Numbers that are kept to compare runs by are those of the table."""
    shown = set() if own is None else {text for line in own.lines for text in line}
    if any(has_numbers(one) and one not in shown for one in texts):
        yield Leak("repeated", (Spot(file, 0, 0),), name)


def _table(file: Path, table: PageTable, own: PublishedTable) -> Iterator[Leak]:
    name = own.sidecar.table
    if [len(line) for line in table.rows] != [len(line) for line in own.lines]:
        yield Leak("differs", (Spot(file, 0, 0), Spot(own.file, 0, 0)), name)
        return
    for row, (line, texts) in enumerate(zip(table.rows, own.lines, strict=True), 2):
        for column, (cell, text) in enumerate(zip(line, texts, strict=True), 1):
            if kind := _difference(cell, text):
                yield Leak(kind, (Spot(file, row, column), Spot(own.file, row, column)), name)
    if _says_too_much((table.base, table.missing), own):
        yield Leak("said", (Spot(file, 0, 0),), name)
    if own.around is not None and not _same_words(table.about, own.around):
        workbook = own.file.with_suffix(".xlsx")
        yield Leak("differs", (Spot(file, 0, 0), Spot(workbook, 0, 0)), name)


def _difference(cell: PageCell, text: str) -> str:
    """How a cell of a page differs from that of the CSV; empty where it does not."""
    value = number(text)
    said = cell.text.removesuffix(_SMALL_BASE)
    found = number(said)
    inside = [float(one) for value in cell.values for one in _ATTRIBUTE.findall(value)]
    if value is None:
        told = [one for one in cell.values if has_numbers(one) and not (text and text in one)]
        if told or (found is not None and said != plain(text)):
            return "repeated"
        return "" if said == plain(text) or {said, text} <= _BLANK else "differs"
    if found is None:
        return "differs"
    digits = said.rstrip("%").partition(".")[2]
    near = 0.5 * 10.0 ** -len(digits) * (0.01 if said.endswith("%") else 1.0)
    is_same = abs(found - value) <= near + _EXACT and all(
        abs(one - abs(value)) <= _SHARE + _EXACT for one in inside
    )
    return "" if is_same else "differs"


def _says_too_much(texts: Iterable[str], own: PublishedTable) -> bool:
    """Whether words about base and missing answers say a small number that the sidecar does not."""
    shown = shown_by(own)
    return any(small_not_shown(text, shown, own.sidecar.threshold) for text in texts)


def _same_words(about: Iterable[tuple[str, str]], around: Iterable[str]) -> bool:
    words = {plain(text) for text in around}
    return all(
        any(plain(f"{heading}{colon}{text}") in words for colon in _COLONS)
        for heading, text in about
    )


def _around(table: PublishedTable) -> Iterator[Leak]:
    """The words of the workbook: what it says of base and missing, and numbers by themselves."""
    around = table.around or ()
    if any(map(is_number, around)) or _says_too_much(around[:_BASE_AND_MISSING], table):
        yield Leak("said", (Spot(table.file.with_suffix(".xlsx"), 0, 0),), table.sidecar.table)


def _document(document: Path, known: Tables) -> Iterator[Leak | Unreadable]:
    """Each sentence is one of the page's; its numbers are those of the table that it links to."""
    page = document.with_suffix(".html")
    try:
        sentences = read_sentences(document)
        said = _closed(" ".join(words_of(page))) if page.is_file() else None
    except (ValueError, OSError):
        yield Unreadable(document, "The document cannot be read.")
        return
    for text, address in sentences:
        notebook, table = aim_of(address)
        shown = known.shown(notebook, table)
        own = known.without_title(Statement(text, notebook, table))
        if shown is not None and not_shown(own, shown):
            yield Leak("said", (Spot(document, 0, 0),), table)
        elif has_numbers(text) and (said is None or _closed(text) not in said):
            yield Leak("differs", (Spot(document, 0, 0), Spot(page, 0, 0)), table)


def _closed(text: str) -> str:
    """Words without blanks: a page stands them where a Chinese or Japanese sentence has none."""
    return "".join(text.split())


def _drawing(drawing: Path, known: Tables) -> Iterator[Leak | Unreadable]:
    """Numbers that are drawn by themselves, but for those of the axes, stand in the table."""
    notebook, _, name = drawing.stem.partition(".")
    shown = known.shown(notebook, name)
    if shown is None:
        return
    try:
        written = written_on(drawing)
    except (ValueError, OSError):
        yield Unreadable(drawing, "The drawing cannot be read.")
        return
    if any(is_number(text) and not_shown(text, shown) for text in written):
        yield Leak("said", (Spot(drawing, 0, 0),), name)
