"""No small count leaves a table, nor anything by which one could be worked out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pipeline.analysis.cells import about, notes_of
from pipeline.analysis.phrases import phrase
from pipeline.analysis.suppression import protect
from pipeline.analysis.table import Column, Kind, Table

THRESHOLD = 10


def one_way(*counts: int, **further: object) -> Table:
    frame = pd.DataFrame({"answer": [f"a{n}" for n in range(len(counts))], "count": counts})
    frame["share"] = frame["count"] / (sum(counts) or 1)
    columns = (
        Column("answer", "Answer"),
        Column("count", "n", Kind.COUNT),
        Column("share", "Share", Kind.SHARE, rests_on="count"),
    )
    return Table("t", "T", frame, columns, **{"base": sum(counts), **further})


def marks(table: Table, column: str = "count") -> list[str]:
    return list(protect(table, THRESHOLD).marks[column])


def test_counts_from_one_to_below_the_threshold_are_hidden_and_zero_is_not():
    table = protect(one_way(0, 6, 8, 10, 40), THRESHOLD)
    assert list(table.frame["count"].isna()) == [mark != "" for mark in table.marks["count"]]
    assert list(table.marks["count"].iloc[:3]) == ["", "withheld", "withheld"]


def test_a_share_is_hidden_with_the_count_it_rests_on():
    table = protect(one_way(3, 30, 30), THRESHOLD)
    assert list(table.marks["share"]) == list(table.marks["count"])
    assert table.frame["share"].isna().tolist() == [mark != "" for mark in table.marks["share"]]


def test_a_single_hidden_count_takes_another_with_it_and_nobody_sees_which_is_small():
    found = marks(one_way(3, 50, 20))
    assert found[0] == "withheld"
    assert found.count("withheld") == 2


def test_hidden_counts_whose_sum_gives_them_away_take_a_further_one_with_them():
    """1 + 1 = 2 can be nothing else; of 3 + 4 = 7 none can be 9."""
    assert marks(one_way(1, 1, 50, 20))[:2] == ["withheld", "withheld"]
    assert marks(one_way(1, 1, 50, 20)).count("withheld") == 3
    assert marks(one_way(3, 4, 50, 20)).count("withheld") == 3


def test_nothing_that_rests_on_a_small_base_is_shown_zeros_included():
    table = protect(one_way(3, 2, 0), THRESHOLD)
    assert list(table.marks["count"]) == ["withheld"] * 3
    assert (table.base, table.base_withheld) == (None, True)


def test_where_several_answers_were_possible_those_who_did_not_choose_are_a_count_too():
    """57 of 60 chose it: 3 did not."""
    table = protect(one_way(57, 30, 0, base=60, adds_down=False), THRESHOLD)
    assert table.marks["count"].iloc[0] == "withheld" or table.base_withheld


def test_a_share_of_a_hidden_base_is_hidden():
    """Count and share of the same cell give the base away."""
    table = protect(one_way(57, 30, 4, 0, base=60, adds_down=False), THRESHOLD)
    if table.base_withheld:
        assert set(table.marks["share"]) == {"withheld"}


def test_threshold_one_shows_everything_and_a_protected_table_stays_as_it_is():
    table = protect(one_way(1, 2, 3), 1)
    assert set(table.marks["count"]) == {""}
    assert protect(table, THRESHOLD) is table


def test_columns_that_are_not_shown_are_gone_from_the_protected_table():
    frame = pd.DataFrame({"a": ["x"], "count": [3], "share": [0.3]})
    columns = (
        Column("a", "A"),
        Column("count", "", Kind.COUNT, shown=False),
        Column("share", "Share", Kind.SHARE, rests_on="count"),
    )
    table = protect(Table("t", "T", frame, columns, base=30), THRESHOLD)
    assert list(table.frame) == ["a", "share"]
    assert table.frame["share"].isna().all()


def test_a_group_with_a_small_base_shows_nothing_in_a_table_by_groups():
    table = protect(two_way(np.array([[4, 30], [0, 40], [3, 50]])), THRESHOLD)
    assert list(table.marks["count_0"]) == ["withheld"] * 4


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_a_reader_who_knows_the_base_cannot_narrow_a_small_count_down(counts):
    table = protect(one_way(*counts), THRESHOLD)
    if table.base_withheld:
        return
    known = list(table.marks["count"])
    for place, count in enumerate(counts):
        if 1 <= count < THRESHOLD:
            least, most = reachable(known, counts, place)
            assert least <= 1
            assert most >= THRESHOLD - 1


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_hidden_cell_is_alone_with_shown_totals_in_its_row_or_column(counts):
    matrix = np.array(counts)
    table = protect(two_way(matrix), THRESHOLD)
    hidden = (table.marks.drop(columns="answer") != "").to_numpy()
    for line, total in (
        *zip(hidden[:-1, :-1], hidden[:-1, -1], strict=True),
        *zip(hidden[:-1, :-1].T, hidden[-1, :-1], strict=True),
    ):
        assert total or line.sum() != 1


def two_way(matrix: np.ndarray) -> Table:
    rows, width = matrix.shape
    frame = pd.DataFrame({f"count_{n}": [*matrix[:, n], matrix[:, n].sum()] for n in range(width)})
    frame["all"] = frame.sum(axis="columns")
    frame.insert(0, "answer", [*(f"a{n}" for n in range(rows)), "All"])
    columns = (
        Column("answer", "Answer"),
        *(Column(f"count_{n}", f"g{n}", Kind.COUNT) for n in range(width)),
        Column("all", "All", Kind.COUNT, total=True),
    )
    base = int(matrix.sum())
    return Table("t", "T", frame, columns, base=base, adds_across=True, total_row=True)


def reachable(known: list[str], counts: list[int], place: int) -> tuple[int, int]:
    """The least and the most that the count could be, by an independent linear program."""
    limits = [
        (0, None) if mark else (count, count) for mark, count in zip(known, counts, strict=True)
    ]
    aim = np.zeros(len(counts))
    aim[place] = 1
    total = {"A_eq": np.ones((1, len(counts))), "b_eq": [sum(counts)], "bounds": limits}
    ends = [linprog(sign * aim, **total) for sign in (1, -1)]
    assert all(end.success for end in ends), "what the table says contradicts itself"
    return round(ends[0].fun), round(-ends[1].fun)


def test_a_table_that_names_a_column_without_data_is_refused():
    with pytest.raises(ValueError, match="without data"):
        Table("t", "T", pd.DataFrame({"a": [1]}), (Column("b", "B"),))


KINDS = {"Don't know": 26, "Refused": 3, "Not applicable": 6}


def said_of_missing(table: Table, language: str = "en") -> str:
    return dict(about(table, language))[phrase("missing", language)]


def test_reasons_that_few_have_are_counted_together_and_not_told_apart():
    """How many gave no answer follows from base and population; why they did not, does not."""
    table = protect(one_way(30, 30, 30, missing=KINDS), THRESHOLD)
    assert (table.missing, table.joined) == ({"Don't know": 26}, 9)
    assert said_of_missing(table) == "Don't know: 26; other reasons together: 9"
    assert said_of_missing(table, "zh-Hant") == "Don't know：26；其他原因合計：9"
    assert said_of_missing(table, "ja") == "Don't know：26；その他の理由（合計）：9"
    assert [note for note in notes_of(table, "en") if "counted together" in note]


def test_where_only_few_are_missing_no_reason_is_told():
    table = protect(one_way(30, 30, 30, missing={"Refused": 3}), THRESHOLD)
    assert said_of_missing(table) == "all reasons together: 3"


def test_what_is_joined_at_one_threshold_is_no_contradiction_to_what_is_at_another():
    """Readers of both editions see 9 of three reasons, and 3 of one."""
    sidecars = [protect(one_way(30, 30, 30, missing=KINDS), n).sidecar for n in (10, 5)]
    (high,), (low,) = ({n for n in one.known if "missing" in n} for one in sidecars)
    assert (sidecars[0].known[high], sidecars[1].known[low]) == (9, 3)
    assert high != low


def test_threshold_one_tells_every_reason():
    table = protect(one_way(30, 30, 30, missing=KINDS), 1)
    assert (table.missing, table.joined) == (KINDS, 0)
