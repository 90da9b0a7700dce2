"""What is hidden is decided for tables that share cells together, and for others apart."""

from dataclasses import replace

import pytest

from pipeline.analysis.plan import decide, digest_of, hanging_together, joined, make_plan
from pipeline.analysis.protection import Protection, Registered, collected
from pipeline.analysis.tables import question_table
from pipeline.privacy.count_table import CountTable, Relation, cell, cross_table
from pipeline.privacy.published import name_of, named
from pipeline.settings import Disclosure

SETTINGS = Disclosure(public=10, restricted=5)
SIDES = ("row", ["a", "b", "c"]), ("column", ["x", "y", "z"])


def told(name: str, place: str, counts, rows: dict[str, str] | None = None) -> Registered:
    """A table of two questions of one form."""
    among = cell(("", place))
    table = cross_table(name, counts, *((f"{side}_{place}", of) for side, of in SIDES), among)
    return Registered(table, name_of(among), rows or {}, frozenset())


def one(place: str, first: int = 3) -> Registered:
    return told(f"t_{place}", place, [[first, 20, 30], [40, 12, 60], [15, 25, 35]])


def names(groups) -> list[list[str]]:
    return [[table.table.name for table in group] for group in groups]


def test_tables_of_different_forms_are_apart_and_those_that_share_a_cell_together():
    other = told("other", "left", [[4, 20, 30], [40, 11, 60], [15, 25, 35]])
    assert names(hanging_together([one("left"), one("right"), other])) == [
        ["t_left", "other"],
        ["t_right"],
    ]


def test_tables_of_different_forms_that_count_the_same_rows_are_together():
    """Under whatever names: whoever knows one count knows the other."""
    left, right = one("left"), one("right")
    rows = {left.everybody: "rows 1"}, {right.everybody: "rows 1"}
    linked = [
        Registered(table.table, table.everybody, same, frozenset())
        for table, same in zip((left, right), rows, strict=True)
    ]
    assert len(hanging_together([left, right])) == 2
    assert names(hanging_together([*linked, one("far")])) == [["t_left", "t_right"], ["t_far"]]


def test_a_chain_of_shared_cells_is_one_group_in_whatever_order_it_is_told():
    def link(number: int) -> Registered:
        ends = {f"cell {number}": f"r{number}", f"cell {number + 1}": f"r{number + 1}"}
        return Registered(one(f"p{number}").table, None, ends, frozenset())

    chain = [link(number) for number in (0, 3, 1, 4, 2)]
    assert [len(group) for group in hanging_together(chain)] == [5]


def test_only_a_group_that_changed_is_decided_again_and_the_plan_is_that_of_a_first_run():
    known: dict = {}
    decide([one("left"), one("right")], SETTINGS, known)
    left, right = known
    now = [one("left", 4), one("right")]
    plan = joined(decide(now, SETTINGS, known), SETTINGS)
    assert left not in known
    assert right in known
    assert len(known) == 2
    assert plan == make_plan(now, SETTINGS)


def test_what_is_kept_is_used_and_is_of_no_use_with_other_thresholds():
    known: dict = {}
    decide([one("left")], SETTINGS, known)
    (key,) = known
    known[key] = {**known[key], "unprinted": ["kept"]}
    (group,) = decide([one("left")], SETTINGS, known)
    assert group.decided["unprinted"] == ["kept"]
    (group,) = decide([one("left")], Disclosure(public=12, restricted=5), known)
    assert group.decided["unprinted"] == []


def test_small_counts_are_hidden_in_every_group():
    plan = make_plan([one("left"), one("right", 4)], SETTINGS)
    for place in ("left", "right"):
        small = cell(("", place), (f"row_{place}", "a"), (f"column_{place}", "x"))
        assert name_of(small) in plan["hidden"]["public"]
        assert name_of(small) in plan["hidden"]["restricted"]
    assert plan["counts"]["public"]["small"] == 2
    assert plan["counts"]["public"]["further"] >= 6


def test_the_hash_tells_what_is_hidden_and_not_how_much_that_is():
    groups = decide([one("left")], SETTINGS, {})
    same_cells = decide([one("left", 4)], SETTINGS, {})
    assert groups[0].decided["hidden"] == same_cells[0].decided["hidden"]
    assert digest_of(groups) == digest_of(same_cells)
    assert digest_of(groups) != digest_of(decide([one("right")], SETTINGS, {}))


def test_one_cell_with_two_counts_is_found():
    with pytest.raises(ValueError, match="another count elsewhere"):
        make_plan([one("left"), one("left", 5)], SETTINGS)


def test_what_rests_on_a_hidden_base_alone_is_hidden_with_it():
    """The page hides it, so that no sum may count on it; what is shown elsewhere stays shown."""
    base, men, women = "asked", "men", "women"
    table = CountTable(
        "t",
        {named("all"): 100, named(base): 43, named(men): 21, named(women): 22},
        (Relation(named(base), (named(men), named(women))),),
    )
    resting = {men: frozenset({base}), women: frozenset({base})}
    elsewhere = {women: frozenset({""})}

    def hidden(bases):
        told = Registered(table, "all", {}, frozenset({base}), bases)
        return make_plan([told], SETTINGS)["hidden"]["public"]

    assert hidden(resting) == [base, men, women]
    assert hidden({**resting, **elsewhere}) == [base, men]


def test_a_table_tells_on_which_base_each_of_its_cells_rests(open_answers, tmp_path):
    told = tmp_path / "told.jsonl"
    dataset = open_answers({"kind": ["ngo"] * 30 + ["office"] * 20})
    question_table(replace(dataset, protection=Protection(10, collect=told)), "kind")
    (found,) = collected(told)
    base = "little[50]; kind=(answered)"
    assert found.bases == dict.fromkeys(
        ["little[50]; kind=ngo", "little[50]; kind=office", base], frozenset({base})
    )
