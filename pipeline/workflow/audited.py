"""The disclosure audit of whatever lies in outputs/, with nothing but what lies there."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Place, Problem, Severity, SurveyError
from pipeline.study import Study
from pipeline.workflow.outputs import as_made, is_known, leaves, stamp

if TYPE_CHECKING:
    from pipeline.privacy.delivered_audit import Sensitive
    from pipeline.privacy.published_audit import Leak, Spot
    from pipeline.privacy.reading import PublishedTable, Unreadable

_MESSAGES = {
    "shown": ("DISC-001", "The cell shows a count that is too small to be shown."),
    "told": ("DISC-002", "The count of this cell can be worked out from what is shown."),
    "contradiction": ("DISC-003", "The cell does not fit what other cells show of the same count."),
    "rare": ("DISC-005", "Rows of these columns are like too few others."),
    "person": ("DISC-005", "The column holds what names somebody."),
    "repeated": ("DISC-006", "The cell shows a number that its table hides."),
    "said": ("DISC-006", "A number is said that the table behind it does not show."),
    "differs": ("DISC-007", "What stands here is not what the table or the file beside it shows."),
    "moved": ("DISC-010", "The count differs from that of the earlier report by a small one."),
    "unknown": ("DISC-008", "A table of which nothing is known shows small whole numbers."),
}
_REPAIR = "Make the report again: survey analyze."
_REPAIR_DATA = "Make the report again and then the data: survey analyze, survey deliver."
_BEFORE = "Name the folder of a report that was given away."
_WAIT = "Wait for more responses, or give this report to others than the last one."
_REMOVE = "Move the file away if it should not leave, or make it again."


@dataclass
class _Audit:
    """What is found, and how the files of unpacked archives are called."""

    study: Study
    archives: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: list[Path] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)

    def shown(self, path: Path) -> str:
        """A path as the user knows it, inside an archive too."""
        for folder, name in self.archives.items():
            if path.is_relative_to(folder):
                return f"{name}!{path.relative_to(folder).as_posix()}"
        return self.study.shown(path)

    def add(self, found: "Leak | Unreadable") -> None:
        """A leak, or what could not be held against anything."""
        from pipeline.privacy.published_audit import Leak

        if isinstance(found, Leak):
            self.problems.append(self._of_leak(found))
        else:
            place = Place(file=self.shown(found.file))
            self.problems.append(Problem("DISC-004", found.why, _REPAIR, place))

    def _of_leak(self, leak: "Leak") -> Problem:
        code, message = _MESSAGES[leak.kind]
        first = leak.spots[0] if leak.spots else None
        is_data = first is not None and first.file.parent.parent.name == "data"
        again = _REPAIR_DATA if is_data else _REPAIR
        repair = {"DISC-005": _REMOVE, "DISC-008": _REMOVE, "DISC-010": _WAIT}.get(code, again)
        if first is None:
            return Problem(code, message, repair, Place(rule=leak.table or None))
        rule = leak.table or None
        place = Place(file=self.shown(first.file), cell=_cell(first), rule=rule)
        return Problem(code, message, repair, place)


def audit(study: Study, before: Path | None = None) -> tuple[str, ...]:
    """Repeat the audit on whatever lies in outputs/; gives back what was held against the rule.

    The last lines name what could not be read, and so was not audited, and tables whose counts
    differ by few from those of the last run.

    Args:
        study: the study folder.
        before: a report that the same readers have already: what differs by few is a leak.

    Raises:
        SurveyError: DISC-..., every leak, by file and cell; never a value. What was not audited
            is among them, as warnings.
    """
    work = _Audit(study)
    with tempfile.TemporaryDirectory() as folder:
        roots = [study.outputs, *_archives(work, Path(folder))]
        lines = [*_reports(work, roots, before), *_deliveries(work, roots)]
        for root in roots:
            _strays(work, root)
        not_audited = list(_not_audited(work))
    if work.problems:
        raise SurveyError(dict.fromkeys((*work.problems, *map(_warning, not_audited))))
    since = [f"differs from the last run by few responses: {one}" for one in work.moved]
    return (*lines, *(f"not audited: {one}" for one in not_audited), *since)


def _archives(work: _Audit, into: Path) -> Iterator[Path]:
    """Unpack the archives that lie among what leaves, and those inside them."""
    from pipeline.privacy.strays import unpacked

    waiting = [one for one in sorted(work.study.outputs.rglob("*.zip")) if leaves(work.study, one)]
    while waiting:
        archive = waiting.pop(0)
        folder = into / str(len(work.archives))
        if not unpacked(archive, folder):
            work.unread.append(archive)
            continue
        work.archives[folder] = work.shown(archive)
        waiting += sorted(folder.rglob("*.zip"))
        yield folder


def _reports(work: _Audit, roots: Sequence[Path], before: Path | None) -> Iterator[str]:
    """Hold the tables of each reader together, and what repeats them against them."""
    from pipeline.privacy.published_audit import audit_published
    from pipeline.privacy.reading import PublishedTable, read_published
    from pipeline.privacy.repeated import audit_repeats

    public, closed = list["PublishedTable"](), list["PublishedTable"]()
    for root in roots:
        for folder in _languages(root):
            tables = list["PublishedTable"]()
            for one in read_published(folder):
                if isinstance(one, PublishedTable):
                    tables.append(one)
                else:
                    work.add(one)
            (closed if _is_restricted(folder, root) else public).extend(tables)
            for found in (*audit_repeats(folder, tables), *_kept(root, tables)):
                work.add(found)
        for book in _codebooks(work, root):
            (closed if _is_restricted(book.file, root) else public).append(book)
    _since(work, public, before)
    rule = work.study.settings.disclosure
    readers = [("public", public, rule.public)]
    if closed:
        readers.append(("restricted", [*public, *closed], rule.restricted))
    for reader, tables, threshold in readers:
        for leak in audit_published(tables, threshold):
            work.add(leak)
        yield f"{reader}: {len(tables)} tables and codebooks held together at {threshold}"


def _since(work: _Audit, tables: Sequence["PublishedTable"], before: Path | None) -> None:
    """Hold the public report against an earlier one; against the last run, only to say so."""
    from pipeline.privacy.reading import PublishedTable, read_published
    from pipeline.privacy.successive import few_between, noted_before, told_before

    threshold = work.study.settings.disclosure.public
    if before is not None:
        earlier = [one for one in read_published(before) if isinstance(one, PublishedTable)]
        if not earlier:
            place = Place(file=work.shown(before))
            problem = Problem("DISC-004", "There is no report to compare with.", _BEFORE, place)
            work.problems.append(problem)
        for leak in few_between(told_before(earlier), tables, threshold):
            work.add(leak)
    noted = noted_before(work.study.outputs / ".before.json", tables)
    found = {leak.table for leak in few_between(noted, tables, threshold)}
    work.moved = sorted(found)


def _codebooks(work: _Audit, root: Path) -> Iterator["PublishedTable"]:
    from pipeline.privacy.codebook_audit import CODEBOOK, PAGE, audit_page, read_codebook
    from pipeline.privacy.reading import PublishedTable

    for page in sorted(root.rglob(f"data/*/*{PAGE}")):
        for leak in audit_page(page):
            work.add(leak)
    for path in sorted(root.rglob(f"data/*/*{CODEBOOK}")):
        found = read_codebook(path)
        if isinstance(found, PublishedTable):
            yield found
        else:
            work.add(found)


def _kept(root: Path, tables: Iterable["PublishedTable"]) -> Iterator["Leak"]:
    """The note by which the next run will know what moved holds what the tables show."""
    from pipeline.privacy.page_file import texts_of
    from pipeline.privacy.repeated import values_held

    note = root / ".run.json"
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))["tables"]
        values = {name: texts_of(one["values"]) for name, one in kept.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    for table in tables:
        texts = values.get(f"{table.page}.{table.sidecar.table}", frozenset())
        yield from values_held(note, texts, table, table.sidecar.table)


def _languages(root: Path) -> list[Path]:
    """Folders with a report in one language: those that hold a folder `tables`."""
    return sorted({path.parent for path in root.rglob("tables") if path.is_dir()})


def _is_restricted(folder: Path, root: Path) -> bool:
    return "restricted" in folder.relative_to(root).parts


def _deliveries(work: _Audit, roots: Sequence[Path]) -> Iterator[str]:
    from pipeline.privacy.delivered_audit import audit_delivered

    rule, number, sensitive = work.study.settings.disclosure, 0, _sensitive(work.study)
    for root in roots:
        for folder in _data_folders(root):
            number += 1
            about = sensitive.get(folder.name) or _together(sensitive.values())
            closed = _is_restricted(folder, root)
            work.problems += audit_delivered(folder, about, rule.k, work.shown, restricted=closed)
    yield f"data: {number} forms held to {rule.k} responses alike"


def _data_folders(root: Path) -> list[Path]:
    """Folders `data/FORM`."""
    return sorted({path for path in root.rglob("data/*") if path.is_dir()})


def _sensitive(study: Study) -> Mapping[str, "Sensitive"]:
    """What each questionnaire that can be read says of its questions."""
    from pipeline.privacy.delivered_audit import Sensitive
    from pipeline.questionnaire.load import load
    from pipeline.questionnaire.model import Sensitivity

    found = {}
    for path in study.questionnaire_files():
        try:
            items = load(path, shown=study.shown(path)).items
        except SurveyError:
            continue
        of = {kind: {one.name for one in items if one.question.sensitivity is kind}
              for kind in (Sensitivity.QUASI, Sensitivity.IDENTIFIER)}  # fmt: skip
        repeats = {one.name for one in items if one.repeat is not None}
        quasi = frozenset(of[Sensitivity.QUASI])
        found[path.stem] = Sensitive(quasi, quasi & repeats, frozenset(of[Sensitivity.IDENTIFIER]))
    return found


def _together(parts: "Iterable[Sensitive]") -> "Sensitive":
    from pipeline.privacy.delivered_audit import Sensitive

    found = list(parts)
    return Sensitive(
        frozenset().union(*(one.quasi for one in found)),
        frozenset().union(*(one.of_repeats for one in found)),
        frozenset().union(*(one.identifiers for one in found)),
    )


def _strays(work: _Audit, root: Path) -> None:
    """Every file that is no part of a report or a delivery as they are made."""
    from pipeline.privacy.strays import NotAudited, audit_stray

    rule, all_forms = work.study.settings.disclosure, _together(_sensitive(work.study).values())
    made = as_made(work.study)
    for path in sorted(one for one in root.rglob("*") if one.is_file() and leaves(work.study, one)):
        if path.suffix == ".zip" or is_known(path, root) or stamp(work.study, path) in made:
            continue
        closed = _is_restricted(path, root)
        threshold, k = (rule.restricted, 1) if closed else (rule.public, rule.k)
        for found in audit_stray(path, all_forms, threshold, k):
            if isinstance(found, NotAudited):
                work.unread.append(path)
            else:
                work.add(found)


def _not_audited(work: _Audit) -> Iterator[str]:
    """What could not be read: by name, or many of one kind in a folder together."""
    groups: dict[tuple[Path, str], list[Path]] = {}
    for path in sorted(work.unread):
        groups.setdefault((path.parent, path.suffix), []).append(path)
    for (folder, ending), paths in groups.items():
        if len(paths) == 1:
            yield work.shown(paths[0])
        else:
            yield f"{work.shown(folder)}/*{ending} ({len(paths)} files)"


def _warning(name: str) -> Problem:
    message = "The file is of a kind that cannot be audited."
    return Problem("DISC-009", message, _REMOVE, Place(file=name), Severity.WARNING)


def _cell(spot: "Spot") -> str | None:
    """As a spreadsheet calls it, or a codebook; None for a whole file."""
    from openpyxl.utils import get_column_letter

    from pipeline.privacy.codebook_audit import CODEBOOK, stated_in

    if spot.row and spot.file.name.endswith(CODEBOOK):
        return stated_in(spot.file)[spot.row - 2].place
    return f"{get_column_letter(spot.column)}{spot.row}" if spot.row else None
