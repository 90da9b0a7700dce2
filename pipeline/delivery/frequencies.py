"""What a codebook may say: frequencies are small counts too, and it travels without its data.

Cells are named as in the report's tables, so that what is hidden there is hidden here, and the
audit can hold both together.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.delivery.variables import NOT_A_CHOICE, Delivery, Form, Frequencies, Table, Variable
from pipeline.privacy.count_table import Cell, CountTable, Relation, cell
from pipeline.privacy.disclosure import protect
from pipeline.privacy.published import (
    ENDING,
    Line,
    Numbers,
    Sidecar,
    complement,
    name_of,
    named,
)
from pipeline.questionnaire.model import MissingKind
from pipeline.store import write_text

COLUMN = "frequency"


@dataclass(frozen=True)
class InReport:
    """What the report of the same edition shows.

    Attributes:
        known: names of all cells that were protected with it.
        shown: those that stand in one of its tables.
        same: name -> the name under which the same rows are known.
    """

    known: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    same: Mapping[str, str] = field(default_factory=dict)

    def settled(self, one: Cell) -> Cell:
        """The cell under the name by which it is known."""
        name = name_of(one)
        return named(self.same.get(name, name))


@dataclass(frozen=True)
class _Counted:
    """One variable's numbers in the order in which the codebook states them, and their cells.

    Attributes:
        key: table and variable.
        true: the frequencies.
        valid, missing: whom these count.
        other: those without an answer for another reason than that they were not asked.
        codes: code -> whom it counts.
        kinds: codes of missing kinds but of those who were not asked.
        table: the same for the product.
    """

    key: tuple[str, str]
    true: Frequencies
    valid: Cell
    missing: Cell
    other: Cell
    codes: Mapping[float, Cell]
    kinds: tuple[float, ...]
    table: CountTable


def with_frequencies(
    delivery: Delivery, threshold: int, report: InReport | None, blanked: Collection[str]
) -> tuple[Delivery, Sidecar]:
    """The delivery with the frequencies that its codebook may show, and whom these count.

    Where there is a report, the codebook shows a part of what that shows: it was protected without
    the codebook's further numbers, by which more could be worked out. Else it is protected alone.

    Args:
        delivery: planned.
        threshold: the least count that is shown.
        report: of the same edition; None where none was made.
        blanked: questions of which answers were left out, so that their counts are others.
    """
    known = report or InReport()
    is_alone = report is None
    counted = [
        _counted(table, variable, known, is_blanked=variable.source in blanked, is_alone=is_alone)
        for table in delivery.tables
        for variable in table.variables
    ]
    everybody = [known.settled(_everybody(table)) for table in delivery.tables]
    if report is None:
        shown = _alone([one.table for one in counted], everybody, threshold)
    else:
        shown = _as_in_report([one.table for one in counted], report, threshold)
    told = {one.key: _shown(one, shown, threshold) for one in counted}
    sidecar = _sidecar(delivery, counted, everybody, threshold)
    if not is_alone:
        codes = {cell for one in counted for cell in one.codes.values()}
        sidecar = replace(sidecar, implied=tuple(sorted(map(name_of, codes - shown))))
    return replace(delivery, frequencies=told), sidecar


def _alone(
    tables: Sequence[CountTable], everybody: Sequence[Cell], threshold: int
) -> frozenset[Cell]:
    """What may be shown where there is nothing but the codebook."""
    counts = {one: count for table in tables for one, count in table.counts.items()}
    fixed = {one for one in everybody if counts.get(one, 0) >= threshold}
    hidden = protect(tables, threshold, fixed=fixed).hidden - fixed
    return frozenset(counts.keys() - hidden)


def _as_in_report(
    tables: Sequence[CountTable], report: InReport, threshold: int
) -> frozenset[Cell]:
    """What the report shows, and what is no more than the difference of two numbers of it."""
    every = {one for table in tables for one in table.counts}
    shown = {one for one in every if name_of(one) in report.shown}
    for table in tables:
        for relation in table.relations:
            rest = {relation.total, *relation.parts} - shown
            small = {one for one in rest if 1 <= table.counts[one] < threshold} - table.figures
            if len(rest) == 1 and not small:
                shown |= rest
    return frozenset(shown)


def _place(table: Table) -> str:
    """As `analysis.counting` calls the population: `FORM[n]`, `FORM/REPEAT[n]`."""
    return f"{table.name.replace('.', '/', 1)}[{len(table.frame)}]"


def _everybody(table: Table) -> Cell:
    return cell(("", _place(table)))


def _counted(
    table: Table, variable: Variable, report: InReport, *, is_blanked: bool, is_alone: bool
) -> _Counted:
    """One variable. That nobody was asked is a count where the report holds it to be one."""
    true = Frequencies.of(variable, table.frame[variable.name])
    question, of = variable.source, _name_of_counts(variable, true, is_blanked=is_blanked)

    def name(*pairs: tuple[str, str]) -> Cell:
        return report.settled(cell(("", _place(table)), *pairs))

    everybody, valid = name(), name((of, "(answered)"))
    missing, other = name((of, "(none)")), name((of, "(missing)"))
    codes = dict(_answers(variable, of, valid, name))
    own = of if of.startswith("delivered ") else question
    none = name((own, "(not asked)"))
    is_count = is_alone or name_of(none) in report.known
    not_asked = [
        code
        for code, kind in variable.missing.items()
        if kind == MissingKind.NOT_ASKED and is_count
    ]
    asked = [code for code in variable.missing if code not in not_asked]
    codes |= dict.fromkeys(not_asked, none)
    kinds = {code: name((of, f"(missing) {variable.missing[code]}")) for code in asked}
    left = true.missing or 0
    without = sum(true.counts[code] or 0 for code in not_asked)
    counts = {everybody: len(table.frame), valid: true.valid or 0, missing: left}
    counts |= {other: left - without} | {one: true.counts[code] or 0 for code, one in codes.items()}
    answers = tuple(one for code, one in codes.items() if code not in variable.missing)
    parts = tuple(codes[code] for code in not_asked)
    relations = [Relation(everybody, (valid, missing)), Relation(missing, (*parts, other))]
    if answers and sum(counts[one] for one in answers) == counts[valid]:
        relations.append(Relation(valid, answers))
    made = CountTable(
        f"codebook {table.name} {variable.name}",
        counts,
        tuple(one for one in relations if (one.total,) != one.parts),
        figures=frozenset({missing, other}),
    )
    key = table.name, variable.name
    return _Counted(key, true, valid, missing, other, {**codes, **kinds}, tuple(asked), made)


def _name_of_counts(variable: Variable, true: Frequencies, *, is_blanked: bool) -> str:
    """The question, where its counts are those of the report; else a name of their own.

    Why a text is missing stands in a variable of its own, which nobody answers; of a choice that is
    ranked only those who ranked it have a number.
    """
    strange = any(
        kind == NOT_A_CHOICE and true.counts[code] for code, kind in variable.missing.items()
    )
    if is_blanked or strange:
        return f"delivered {variable.source}"
    is_beside = variable.form is Form.CODED and not variable.names
    is_rank = variable.choice and not variable.names
    if is_beside or is_rank or not variable.is_numeric or not variable.question:
        return f"column {variable.name}"
    return variable.source


def _answers(
    variable: Variable, of: str, base: Cell, name: Callable[..., Cell]
) -> Iterator[tuple[float, Cell]]:
    """Whom the code of each answer counts."""
    for code, choice in variable.names.items():
        if not variable.choice:
            yield code, name((of, choice))
    if variable.choice and variable.names:
        chosen = name((f"{of}/{variable.choice}", "1"))
        yield 1.0, chosen
        yield 0.0, complement(chosen, base)


def _shown(one: _Counted, shown: Collection[Cell], threshold: int) -> Frequencies:
    """Kinds of missing answers of which there are few are not told apart, nor those without any."""
    few = {code for code in one.kinds if (one.true.counts[code] or 0) < threshold}
    if one.other in shown and not any(one.true.counts[code] for code in few):
        few = set()
    may = {code: code not in few and one.other in shown for code in one.kinds}
    counts = {
        code: count if may.get(code, one.codes.get(code) in shown) else None
        for code, count in one.true.counts.items()
    }
    is_base = one.valid in shown
    return Frequencies(
        counts, one.true.valid if is_base else None, one.true.missing if is_base else None
    )


def _sidecar(
    delivery: Delivery, counted: list[_Counted], everybody: list[Cell], threshold: int
) -> Sidecar:
    """A line a number of the codebook, in its order."""
    lines = [name_of(cell) for one in counted for cell in (one.valid, one.missing, *_in_order(one))]
    relations = {Line.of(relation) for one in counted for relation in one.table.relations}
    figures = {name_of(figure) for one in counted for figure in one.table.figures}
    sizes = zip(everybody, delivery.tables, strict=True)
    return Sidecar(
        f"codebook {delivery.form_id}",
        threshold,
        (Numbers(COLUMN, "count", tuple(lines), place=0),),
        tuple(sorted(relations, key=repr)),
        {name_of(one): len(table.frame) for one, table in sizes},
        tuple(sorted(figures)),
    )


def _in_order(one: _Counted) -> Iterator[Cell]:
    """The codes' cells, the least code first; a code of nobody known is a cell of its own."""
    for code in sorted(one.true.counts):
        own = cell(("", " ".join(one.key)), ("code", f"{code:.0f}"))
        yield one.codes.get(code, own)


def write_cells(cells: Sidecar, form_id: str, folder: Path) -> Path:
    """Say beside the codebook whom its numbers count, so that the audit can be repeated."""
    path = folder / f"{form_id}.ddi{ENDING}"
    write_text(path, cells.to_json(), mode=0o600)
    return path
