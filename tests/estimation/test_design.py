"""A design is read from YAML; everything that is wrong in it is reported at once, with its line."""

import pytest

from pipeline.errors import Place, Problem, SurveyError
from pipeline.estimation.design import (
    Design,
    Distance,
    Kind,
    KnownTotal,
    LonelyStratum,
    Margin,
    VarianceMethod,
)
from pipeline.estimation.problems import CODES
from pipeline.estimation.reading import design_from, read_design

STYPE = Margin("stype", (("E", 4421.0), ("H", 755.0), ("M", 1018.0)))
WIDE = Margin("sch.wide", (("No", 1072.0), ("Yes", 5122.0)))


def problems(work, *arguments) -> list[Problem]:
    with pytest.raises(SurveyError) as error:
        work(*arguments)
    return list(error.value.problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: census", Design(Kind.CENSUS)),
        ("kind: srs\nfpc: 6194", Design(Kind.SRS, fpc=(6194.0,))),
        (
            "kind: stratified\nstrata: stype\nweights: pw\nfpc: fpc",
            Design(Kind.STRATIFIED, strata="stype", weights="pw", fpc=("fpc",)),
        ),
        (
            "kind: cluster\nclusters: [dnum, snum]\nfpc: [fpc1, fpc2]\nlonely_stratum: adjust",
            Design(
                Kind.CLUSTER,
                clusters=("dnum", "snum"),
                fpc=("fpc1", "fpc2"),
                lonely_stratum=LonelyStratum.ADJUST,
            ),
        ),
        (
            "kind: purposive\npost_strata: {stype: {E: 4421, H: 755, M: 1018}}",
            Design(Kind.PURPOSIVE, post_strata=STYPE),
        ),
        (
            """kind: srs
rake: {stype: {E: 4421, H: 755, M: 1018}, sch.wide: {"No": 1072, "Yes": 5122}}""",
            Design(Kind.SRS, rake=(STYPE, WIDE)),
        ),
        (
            """kind: srs
calibrate: {stype: {E: 4421, H: 755, M: 1018}, api99: 3914069}
distance: raking""",
            Design(
                Kind.SRS,
                calibrate=(STYPE, KnownTotal("api99", 3914069.0)),
                distance=Distance.RAKING,
            ),
        ),
        (
            "kind: cluster\nstrata: county\nclusters: village\nnest: true\nvariance: jackknife",
            Design(
                Kind.CLUSTER,
                strata="county",
                clusters=("village",),
                nest=True,
                variance=VarianceMethod.JACKKNIFE,
            ),
        ),
    ],
)
def test_every_word_of_a_design_is_read(tmp_path, text, expected):
    """The words of DESIGN.yaml, each with a column, a number or a margin."""
    path = tmp_path / "DESIGN.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_design(path) == expected


def test_whole_numbers_name_categories_as_the_data_do():
    """A category 1 of the file is 1, 1.0 and "1" of the data."""
    read = design_from({"kind": "srs", "post_strata": {"region": {1: 10, 2.0: 20}}})
    assert read.post_strata == Margin("region", (("1", 10.0), ("2", 20.0)))


def test_all_problems_come_at_once_with_their_lines(tmp_path):
    """Unknown words, wrong values and contradictions, each with the place and the repair."""
    path = tmp_path / "DESIGN.yaml"
    path.write_text(
        "kind: cluster\nstratum: stype\nfpc: [many, 3, -1]\nlonely_stratum: ignore\n", "utf-8"
    )
    shown = str(path)
    assert problems(read_design, path) == [
        Problem(
            "EST-002",
            "A design has no word 'stratum'.",
            "Did you mean 'strata'?",
            Place(file=shown, line=2, rule="stratum"),
        ),
        Problem(
            "EST-003",
            "lonely_stratum is one of fail, remove, adjust, average, certainty.",
            "Write it so.",
            Place(file=shown, line=4, rule="lonely_stratum"),
        ),
        Problem(
            "EST-005",
            "A cluster design names its clusters.",
            "Name a column for each stage.",
            Place(file=shown, rule="clusters"),
        ),
        Problem(
            "EST-004",
            "The design has 1 stages and 3 population counts.",
            "Give one for each stage, or none.",
            Place(file=shown, line=3, rule="fpc"),
        ),
        Problem(
            "EST-003",
            "A population count, or a sampling fraction, is a number above 0.",
            "Give the number of units in the population.",
            Place(file=shown, line=3, rule="fpc"),
        ),
    ]


@pytest.mark.parametrize(
    ("mapping", "codes"),
    [
        ([], ["EST-001"]),
        ({}, ["EST-005"]),
        ({"kind": "random"}, ["EST-003"]),
        ({"kind": True}, ["EST-003"]),
        ({"kind": "srs", "weights": 3}, ["EST-003"]),
        ({"kind": "srs", "fpc": True}, ["EST-003"]),
        ({"kind": "srs", "nest": "yes"}, ["EST-003"]),
        ({"kind": "srs", "post_strata": {"a": {"x": 1}, "b": {"y": 1}}}, ["EST-003"]),
        ({"kind": "srs", "post_strata": {"a": {}}}, ["EST-003"]),
        ({"kind": "srs", "post_strata": {"a": {"1": 1, 1: 2}}}, ["EST-003"]),
        ({"kind": "srs", "rake": {"a": {"x": -1}}}, ["EST-003"]),
        ({"kind": "srs", "rake": {"a": {"x": 0}}}, ["EST-003"]),
        ({"kind": "srs", "calibrate": {"a": float("nan")}}, ["EST-003"]),
        ({"kind": "srs", "strata": "a", "clusters": "b"}, ["EST-004", "EST-004"]),
        ({"kind": "stratified"}, ["EST-005"]),
        ({"kind": "census", "weights": "w", "fpc": 10}, ["EST-004", "EST-004"]),
        ({"kind": "purposive", "fpc": 10, "strata": "a"}, ["EST-004", "EST-004"]),
        ({"kind": "srs", "nest": True}, ["EST-004"]),
        (
            {"kind": "srs", "post_strata": {"a": {"x": 1}}, "rake": {"a": {"x": 1}}},
            ["EST-004"],
        ),
        (
            {"kind": "srs", "post_strata": {"a": {"x": 1}}, "variance": "jackknife"},
            ["EST-004"],
        ),
    ],
)
def test_what_contradicts_itself_is_refused(mapping, codes):
    """Each kind has its parts, and no others; nothing is guessed."""
    assert [one.code for one in problems(design_from, mapping)] == codes


@pytest.mark.parametrize("text", ["kind: [", "\t- x", "- kind: srs", "kind: srs\nkind: census"])
def test_a_file_that_is_no_design_is_one_problem(tmp_path, text):
    """Broken YAML, a list, a word twice: no traceback."""
    path = tmp_path / "DESIGN.yaml"
    path.write_text(text, encoding="utf-8")
    assert [one.code for one in problems(read_design, path)] == ["EST-001"]


@pytest.mark.parametrize("content", [None, b"kind: \xff\xfe"])
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path, content):
    """No such file, or not UTF-8."""
    path = tmp_path / "DESIGN.yaml"
    if content is not None:
        path.write_bytes(content)
    assert [one.code for one in problems(read_design, path)] == ["EST-001"]


def test_a_design_made_in_python_is_checked_too():
    """Contradictions are refused when the design is made, not when it is used."""
    found = problems(lambda: Design(Kind.STRATIFIED, clusters=("village",)))
    assert [one.code for one in found] == ["EST-005"]


def test_every_code_has_a_title_and_its_own_number():
    """Codes are EST- and three digits."""
    assert all(code.startswith("EST-") and len(code) == 7 for code in CODES)
    assert len(set(CODES.values())) == len(CODES)
