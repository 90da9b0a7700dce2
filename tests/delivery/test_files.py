"""Every file says the same, and PSPP, pyreadstat, pandas and lxml read what was meant."""

import csv
import json
import subprocess
from dataclasses import replace

import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from lxml import etree, html

from pipeline.delivery.codebook_page import codebook_page
from pipeline.delivery.deliver import write_delivery
from pipeline.delivery.plan import plan_delivery
from pipeline.delivery.stata import LETTERS
from pipeline.delivery.variables import Form
from pipeline.questionnaire.load import load
from tests.conftest import PROJECT, require_tool
from tests.delivery.drawn import drawn
from tests.questionnaires import every_type_questionnaire

DDI = {"d": "ddi:codebook:2_5"}


def planned(questionnaire, language="zh-Hant"):
    return plan_delivery(questionnaire, *drawn(questionnaire), language, open_texts=True)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    delivery = planned(every_type_questionnaire())
    folder = tmp_path_factory.mktemp("data")
    return delivery, folder, write_delivery(delivery, folder)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The largest real questionnaire, with Chinese labels and answers drawn at random."""
    delivery = planned(load(PROJECT / "instruments/organisation_profile.yaml"))
    folder = tmp_path_factory.mktemp("real")
    return delivery, folder, write_delivery(delivery, folder)


def test_the_form_and_each_repeat_have_files_of_their_own(delivered):
    delivery, folder, made = delivered
    assert len(delivery.tables) > 1
    assert {path.name for path in folder.iterdir()} == {path.name for path in made}
    ends = ("sav", "sps", "dta", "csv", "variables.csv", "values.csv", "parquet")
    expected = {f"{table.name}.{end}" for table in delivery.tables for end in ends}
    assert {path.name for path in made} == expected | {
        "every_type.ddi.xml",
        "every_type.codebook.html",
        "every_type.report.txt",
    }


def test_the_same_answers_give_the_same_bytes(delivered, tmp_path):
    _, _, made = delivered
    again = write_delivery(planned(every_type_questionnaire()), tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in made]


def test_files_of_an_older_delivery_do_not_stay(delivered, tmp_path):
    stale = tmp_path / "every_type.gone.sav"
    stale.write_bytes(b"")
    write_delivery(delivered[0], tmp_path)
    assert not stale.exists()


def test_spss_holds_every_answer_label_and_kind_of_missing(real):
    delivery, folder, _ = real
    for table in delivery.tables:
        frame, meta = pyreadstat.read_sav(folder / f"{table.name}.sav", user_missing=True)
        for variable in table.variables:
            if variable.is_numeric:
                pd.testing.assert_series_equal(frame[variable.name], table.frame[variable.name])
                labels = meta.variable_value_labels.get(variable.name, {})
                assert labels == variable.all_labels
                if variable.missing:
                    (between,) = meta.missing_ranges[variable.name]
                    codes = sorted(variable.missing)
                    assert between == {"lo": codes[0], "hi": codes[-1]}
            assert meta.column_names_to_labels[variable.name] == variable.label


def test_stata_holds_each_kind_of_missing_as_a_letter(real):
    delivery, folder, _ = real
    for table in delivery.tables:
        frame, _ = pyreadstat.read_dta(folder / f"{table.name}.dta", user_missing=True)
        for variable in table.variables:
            if variable.is_numeric:
                letters = {code: LETTERS[kind] for code, kind in variable.missing.items()}
                meant = table.frame[variable.name].astype("object").replace(letters)
                read = frame[variable.name].astype("object")
                assert read.dropna().tolist() == meant.dropna().tolist(), variable.name


def test_days_and_moments_come_back_from_both(delivered):
    delivery, folder, _ = delivered
    table = delivery.tables[0]
    for read, ending in ((pyreadstat.read_sav, "sav"), (pyreadstat.read_dta, "dta")):
        frame, _ = read(folder / f"{table.name}.{ending}")
        for variable in table.variables:
            if variable.form in {Form.DATE, Form.DATETIME}:
                read_back = pd.to_datetime(frame[variable.name]).astype("datetime64[us]")
                assert read_back.tolist() == table.frame[variable.name].tolist()


def pspp(folder, syntax):
    (folder / "ask.sps").write_text(syntax, encoding="utf-8")
    command = [require_tool("pspp"), "ask.sps", "-o", "said.csv"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return list(csv.reader((folder / "said.csv").open(encoding="utf-8")))


def frequencies(rows):
    """PSPP's tables as variable -> (valid, missing) counts by code."""
    found, name, part = {}, "", ""
    for row in rows:
        if row and row[0].startswith("Table: "):
            name, part = row[0].removeprefix("Table: "), ""
            found[name] = {"Valid": {}, "Missing": {}}
        elif len(row) > 2 and row[0] != "Total" and name and (row[0] or part):
            part = row[0] or part
            if row[1] != ".":
                found[name][part][float(row[1])] = int(row[2])
    return found


def test_frequencies_of_pspp_are_ours(real):
    """Answers are valid, each kind of missing is user-missing under its own code."""
    delivery, folder, _ = real
    for table in delivery.tables:
        numeric = [variable for variable in table.variables if variable.is_numeric]
        names = " ".join(variable.name for variable in numeric)
        said = frequencies(
            pspp(
                folder,
                f"GET FILE='{table.name}.sav'.\nSET TNUMBERS=VALUES TVARS=NAMES.\n"
                f"FREQUENCIES VARIABLES={names}/STATISTICS=NONE.\n",
            )
        )
        assert len(said) == len(numeric)
        for variable in numeric:
            ours = {"Valid": {}, "Missing": {}}
            for code, count in table.frame[variable.name].value_counts().items():
                ours["Missing" if code in variable.missing else "Valid"][code] = count
            assert said[variable.name] == ours, variable.name


def test_pspp_runs_the_syntax_of_the_sets(real):
    """The file it saves holds every set with its variables, label and counted value."""
    delivery, folder, _ = real
    table = delivery.tables[0]
    pspp(folder, (folder / f"{table.name}.sps").read_text(encoding="utf-8"))
    _, meta = pyreadstat.read_sav(folder / f"{table.name}.sets.sav", metadataonly=True)
    sets = {one.name: one for one in table.sets}
    assert {name.lower() for name in meta.mr_sets} == {name.lower() for name in sets}
    for name, one in meta.mr_sets.items():
        meant = sets[name.lower()]
        assert tuple(one["variable_list"]) == meant.variables
        assert one["counted_value"] == 1


def test_csv_and_its_lists_hold_what_the_table_holds(delivered):
    delivery, folder, _ = delivered
    for table in delivery.tables:
        name = f"{table.name}.csv"
        frame = pd.read_csv(folder / name, encoding="utf-8-sig", dtype_backend="numpy_nullable")
        assert list(frame) == [variable.name for variable in table.variables]
        for variable in table.variables:
            if variable.is_numeric:
                read = frame[variable.name].astype("Float64").astype("float64")
                pd.testing.assert_series_equal(read, table.frame[variable.name])
        values = pd.read_csv(folder / f"{table.name}.values.csv", encoding="utf-8-sig")
        assert len(values) == sum(len(variable.all_labels) for variable in table.variables)


def test_parquet_carries_labels_values_and_kinds(delivered):
    delivery, folder, _ = delivered
    table = delivery.tables[0]
    schema = pq.read_schema(folder / f"{table.name}.parquet")
    for variable in table.variables:
        metadata = schema.field(variable.name).metadata
        assert metadata[b"label"].decode() == variable.label
        values = json.loads(metadata[b"values"])
        assert {one["code"]: one["label"] for one in values} == variable.all_labels


def test_the_ddi_codebook_counts_what_the_table_holds(real):
    delivery, folder, _ = real
    root = etree.parse(folder / f"{delivery.form_id}.ddi.xml").getroot()
    assert root.tag == "{ddi:codebook:2_5}codeBook"
    variables = root.findall("d:dataDscr/d:var", DDI)
    pairs = [(table, variable) for table in delivery.tables for variable in table.variables]
    for element, (table, variable) in zip(variables, pairs, strict=True):
        assert element.get("name") == variable.name
        column = table.frame[variable.name]
        for category in element.findall("d:catgry", DDI):
            code = float(category.findtext("d:catValu", namespaces=DDI))
            assert category.findtext("d:labl", namespaces=DDI) == variable.all_labels[code]
            assert int(category.findtext("d:catStat", namespaces=DDI)) == (column == code).sum()
            assert (category.get("missing") == "Y") == (code in variable.missing)
        valid = element.findtext("d:sumStat[@type='vald']", namespaces=DDI)
        assert int(valid) == (column.notna() & ~column.isin(list(variable.missing))).sum()


def shown(folder, delivery):
    """The codebook's tables as section -> code -> frequency; empty cells under ''."""
    page = html.parse(
        folder / f"{delivery.form_id}.codebook.html", html.HTMLParser(encoding="utf-8")
    )
    return {
        section.get("id"): {
            row[0].text or "": int(row[2].text) for row in section.findall(".//tbody/tr")
        }
        for section in page.getroot().iter("section")
    }


def test_the_codebook_to_read_has_the_frequencies_of_the_table(real):
    """Every variable, in the order delivered; every code with a label, chosen or not."""
    delivery, folder, _ = real
    found = shown(folder, delivery)
    pairs = [(table, variable) for table in delivery.tables for variable in table.variables]
    assert list(found) == [f"{table.name}-{variable.name}" for table, variable in pairs]
    for (table, variable), counts in zip(pairs, found.values(), strict=True):
        column = table.frame[variable.name]
        ours = {f"{code:.0f}": int((column == code).sum()) for code in variable.all_labels}
        if variable.all_labels and column.isna().any():
            ours[""] = int(column.isna().sum())
        assert counts == ours, variable.name


@pytest.mark.parametrize(("language", "word"), [("en", "Codebook"), ("ja", "コードブック")])
def test_the_codebook_to_read_needs_nothing_else_and_speaks_the_language(tmp_path, language, word):
    """No script, no address of another place, no markup out of a label."""
    delivery = planned(every_type_questionnaire(), language)
    said = codebook_page(replace(delivery, title="<b>a & b</b>"))
    root = html.fromstring(said)
    assert root.get("lang") == language
    assert root.findtext(".//h1") == f"<b>a & b</b> – {word}"
    assert root.xpath("//script | //link | //img | //@href | //@src") == []


def test_the_elements_of_a_ddi_variable_stand_in_the_order_of_the_schema(real):
    """codebook.xsd, varType: a sequence; identifiers are named once and referred to."""
    order = ["labl", "qstn", "invalrng", "sumStat", "catgry", "varFormat"]
    delivery, folder, _ = real
    root = etree.parse(folder / f"{delivery.form_id}.ddi.xml").getroot()
    for element in root.findall("d:dataDscr/d:var", DDI):
        places = [order.index(etree.QName(child).localname) for child in element]
        assert places == sorted(places)
    named = root.xpath("//@ID")
    assert len(named) == len(set(named))
    referred = {name for names in root.xpath("//@var | //@files") for name in names.split()}
    assert referred <= set(named)


@pytest.mark.parametrize("rows", [99, 100, 250])
def test_stata_takes_a_number_that_comes_after_many_missing_answers(tmp_path, rows):
    """A question that few are asked has its first number far down, or nowhere."""
    questionnaire = every_type_questionnaire()
    main, repeats, missing, kinds = drawn(questionnaire, rows=rows + 2)
    main["staff"] = pd.array([pd.NA] * rows + [7, 12], dtype="Int64")
    missing["staff"] = ["not_asked"] * rows + [None, None]
    delivery = plan_delivery(questionnaire, main, repeats, missing, kinds, "en")
    write_delivery(delivery, tmp_path)
    read, meta = pyreadstat.read_dta(tmp_path / "every_type.dta", user_missing=True)
    assert read["staff"].tolist() == ["a"] * rows + [7.0, 12.0]
    assert meta.missing_user_values["staff"] == ["a"]
