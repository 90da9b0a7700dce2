"""Rows of a sampling frame or a plan, given out to respondents."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from random import Random

from pipeline.errors import Place, SurveyError
from pipeline.study import Study
from pipeline.synthetic.problems import problem
from pipeline.synthetic.profile import Source

Row = Mapping[str, str]


def source_rows(study: Study, source: Source) -> tuple[Row, ...]:
    """All rows of a source in their order, with the columns made from others.

    Raises:
        SurveyError: SYN-001, the file or a column is not there.
    """
    columns = list(source.product)
    rows: list[dict[str, str]] = [
        *_csv_rows(study, source.file),
        *(dict(row) for row in source.rows),
        *(dict(zip(columns, v, strict=True)) for v in product(*source.product.values()) if columns),
    ]
    named = {*source.where, *filter(None, [source.times])}
    named |= {derived.column for derived in source.derive.values()}
    if unknown := sorted(name for name in named if rows and name not in rows[0]):
        place = Place(file=source.file or None)
        raise SurveyError(
            problem("SYN-001", f"There is no column '{name}'.", place) for name in unknown
        )
    kept = (row for row in rows if fits(row, source.where))
    return tuple({**row, **_derived(row, source)} for row in _repeated(kept, source))


def fits(row: Row, where: Mapping[str, str]) -> bool:
    """Whether a row holds these values."""
    return all(row.get(column) == value for column, value in where.items())


def _csv_rows(study: Study, file: str) -> list[dict[str, str]]:
    if not file:
        return []
    path = study.instruments / file
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
    except OSError as error:
        place = Place(file=study.shown(path))
        raise SurveyError([problem("SYN-001", "The file cannot be read.", place)]) from error


def _repeated(rows: Iterable[Row], source: Source) -> Iterable[Row]:
    for row in rows:
        for number in range(1, int(row[source.times]) + 1 if source.times else 2):
            yield {**row, source.numbered: str(number)} if source.numbered else row


def _derived(row: Row, source: Source) -> dict[str, str]:
    found = {}
    for name, derived in source.derive.items():
        match = re.search(derived.pattern, row[derived.column])
        found[name] = (match[1] if match.groups() else match[0]) if match else ""
    return found


def give_out(rows: Sequence[Row], n: int, order: str, random: Random) -> list[Row]:
    """A row for each of n respondents; none twice before all were given once."""
    given: list[Row] = []
    while rows and len(given) < n:
        turn = list(rows)
        if order == "shuffled":
            random.shuffle(turn)
        given += turn
    return given[:n] if rows else [{}] * n


def fill(template: str, row: Row, answers: Mapping[str, object]) -> str:
    """A sentence with `{name}` replaced by the row's column or an earlier answer."""
    return re.sub(r"\{(\w+)\}", lambda m: row.get(m[1], str(answers.get(m[1]) or "")), template)
