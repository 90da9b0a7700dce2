"""An outsider reads every page and file of the report, and works out what is hidden: nothing small.

He shares no code with the product. He takes each number from the HTML pages and the CSV files in
all languages, as they stand there, and what the sidecars say of whom it counts; the rest is one
linear program, solved twice for each count that he would like to know.
"""

import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from lxml import html
from scipy.optimize import linprog
from scipy.sparse import csr_array

from pipeline.analysis.collect import collect
from pipeline.analysis.notebooks import notebooks
from pipeline.privacy.published import name_of

T = 10
CLOSE = 1e-6


@dataclass
class Knowledge:
    """What stands in the report: equations between the numbers of people in each cell.

    Attributes:
        lines: cell -> factor; they add up to the number beside them.
        printed: cells that have a place in a table.
        figures: cells that count nobody.
        numbers: how many numbers were read.
    """

    lines: list[tuple[dict[str, float], float]] = field(default_factory=list)
    printed: set[str] = field(default_factory=set)
    figures: set[str] = field(default_factory=set)
    implied: set[str] = field(default_factory=set)
    numbers: int = 0

    def learn(self, terms: dict[str, float], total: float) -> None:
        self.lines.append((terms, total))

    def read(self, sidecar: dict, grid: list[list[str]]) -> None:
        """One table, as a page or a file shows it."""
        for column in sidecar["columns"]:
            self.printed.update(filter(None, column["cells"] if column["kind"] != "mean" else ()))
            bases = column["bases"] or [None] * len(column["cells"])
            for line, one, base in zip(grid, column["cells"], bases, strict=True):
                text = line[column["place"]]
                if one is None or not re.fullmatch(r"-?[\d.]+(e-?\d+)?", text):
                    continue
                self.numbers += 1
                if column["kind"] == "count":
                    self.learn({one: 1.0}, float(text))
                elif base is not None and one != base:
                    self.learn({one: 1.0, base: -float(text)}, 0.0)
        for name, count in sidecar["known"].items():
            self.learn({name: 1.0}, float(count))
        for relation in sidecar["relations"]:
            weights = relation["weights"] or [1] * len(relation["parts"])
            terms = defaultdict[str, float](float, {relation["total"]: -1.0})
            for part, weight in zip(relation["parts"], weights, strict=True):
                terms[part] += weight
            self.learn(dict(terms), 0.0)
        self.figures.update(sidecar["figures"])
        self.implied.update(sidecar["implied"])


def on_page(page: Path, name: str) -> list[list[str]]:
    """The lines of a table on its page: for each cell its exact number, else its words."""
    (figure,) = html.fromstring(page.read_bytes()).xpath(f"//figure[@id='{name}']")
    return [
        [cell.get("data-value") or cell.text_content() for cell in line]
        for line in figure.xpath(".//tbody/tr")
    ]


def in_file(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


@pytest.fixture(scope="module")
def known(analysed) -> Knowledge:
    """Everything that the public report says, in three languages, on pages and in files."""
    found = Knowledge()
    for path in sorted((analysed.outputs / "report").glob("*/tables/*.cells.json")):
        sidecar = json.loads(path.read_text(encoding="utf-8"))
        stem = path.name.removesuffix(".cells.json")
        page = stem.removesuffix(f".{sidecar['table']}")
        found.read(sidecar, in_file(path.with_name(f"{stem}.csv")))
        found.read(sidecar, on_page(path.parents[1] / f"{page}.html", sidecar["table"]))
    return found


@pytest.fixture(scope="module")
def truth(analysed) -> dict[str, int]:
    """How many there are in each cell, which the outsider does not know."""
    same = json.loads((analysed.outputs / "disclosure.json").read_text(encoding="utf-8"))["same"]
    tables = collect(analysed, notebooks(analysed), "en")
    return {
        same.get(name_of(one), name_of(one)): count
        for table in tables
        for one, count in table.table.counts.items()
    }


def ends(known: Knowledge, wanted: list[str]) -> dict[str, tuple[float, float]]:
    """The least and the greatest number of people that each of these cells can have."""
    cells = sorted({cell for terms, _ in known.lines for cell in terms} | set(wanted))
    place = {cell: number for number, cell in enumerate(cells)}
    lines = {(tuple(sorted(terms.items())), total) for terms, total in known.lines}
    rows = [row for row, (terms, _) in enumerate(lines) for _ in terms]
    columns = [place[cell] for terms, _ in lines for cell, _ in terms]
    factors = [factor for terms, _ in lines for _, factor in terms]
    matrix = csr_array((factors, (rows, columns)), shape=(len(lines), len(cells)))
    totals = np.array([total for _, total in lines])
    found = {}
    for cell in wanted:
        aim = np.zeros(len(cells))
        aim[place[cell]] = 1.0
        both = []
        for sign in (1.0, -1.0):
            solved = linprog(sign * aim, A_eq=matrix, b_eq=totals, bounds=(0, 1e5))
            assert solved.status == 0, f"what the report says contradicts itself: {solved.message}"
            both.append(sign * solved.fun)
        found[cell] = both[0], both[1]
    return found


def test_the_outsider_reads_the_whole_report(known, truth):
    """And what he reads is what he is told it is."""
    assert known.numbers > 1000
    assert {cell for cell in known.printed if cell not in truth} == set()


def small(known: Knowledge, truth: dict[str, int]) -> list[str]:
    """Counts of people from 1 to 9 that have a place in some table."""
    return sorted(cell for cell in known.printed - known.figures if 1 <= truth[cell] < T)


def told(known: Knowledge, wanted: list[str]) -> set[str]:
    """Those of which the outsider can exclude 1 or 9."""
    found = ends(known, wanted)
    return {c for c, (low, high) in found.items() if low > 1 + CLOSE or high < T - 1 - CLOSE}


def test_no_small_count_of_the_report_can_be_told(known, truth):
    wanted = small(known, truth)
    assert len(wanted) > 100
    assert told(known, wanted) == set()


def test_the_same_attack_tells_small_counts_where_only_these_are_hidden(known, truth):
    """So the attack is one that can succeed, wherever a sum is shown with its parts."""
    wanted = small(known, truth)
    shown = [({one: 1.0}, float(truth[one])) for one in known.printed - set(wanted)]
    assert len(told(replace(known, lines=[*known.lines, *shown]), wanted)) > 20


@pytest.mark.slow
def test_no_small_count_that_nothing_prints_is_known_exactly(known, truth):
    """How many gave one point of a scale of which a mean is shown."""
    wanted = sorted(c for c in known.implied - known.printed if 1 <= truth.get(c, 0) < T)
    found = ends(known, wanted)
    assert {cell for cell, (low, high) in found.items() if high - low < CLOSE} == set()


def test_a_mean_that_three_tables_show_is_one_number(analysed):
    """Else one of them could show what another hides, and nobody would know."""
    folder = analysed.outputs / "report/en/tables"
    found = set()
    for name, mean in (
        ("domain_ratings", "mean"),
        ("ratings_by_kind", "everybody"),
        ("ratings_by_basis", "everybody"),
    ):
        path = folder / f"2_refugee_acceptance.{name}.cells.json"
        columns = json.loads(path.read_text(encoding="utf-8"))["columns"]
        (cells,) = (tuple(one["cells"]) for one in columns if one["name"] == mean)
        found.add(cells)
    assert len(found) == 1
