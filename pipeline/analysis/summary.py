"""The summary of the Taiwan study: the findings of each page, made from that page's own tables."""

from collections.abc import Iterator

from pipeline.analysis import acceptance as acc
from pipeline.analysis import activities as act
from pipeline.analysis import fieldwork as field
from pipeline.analysis import partner_services as ser
from pipeline.analysis import partners as par
from pipeline.analysis.data import Dataset
from pipeline.analysis.findings import Finding, Source
from pipeline.analysis.table import Kind
from pipeline.analysis.tables import question_table
from pipeline.study import Study

FIELDWORK, ACCEPTANCE, PARTNERS, ACTIVITIES = (
    "1_fieldwork",
    "2_refugee_acceptance",
    "3_potential_partners",
    "4_activities",
)


def fieldwork_findings(study: Study, datasets: dict[str, Dataset]) -> Iterator[Finding]:
    """What came back, and who took part of those who were to be asked."""
    dataset = datasets[par.FORM]
    source = Source.of(field.returns_table(list(datasets.values())), FIELDWORK, dataset)
    yield source.finding(
        "summary_returns",
        came=source.said(source.last, "came"),
        kept=source.said(source.last, "kept"),
    )
    if study.settings.frame is None:
        return
    frame = study.instruments / study.settings.frame.file
    source = Source.of(field.frame_table(dataset, frame), FIELDWORK, dataset)
    if source.is_shown(source.last, "took_part"):
        yield source.finding(
            "summary_took_part",
            took_part=source.said(source.last, "took_part"),
            planned=source.said(source.last, "planned"),
        )


def acceptance_findings(dataset: Dataset) -> Iterator[Finding]:
    """Which domains are rated worst and best, come first, and how far practice is from the law."""
    dataset = dataset.participants()
    source = Source.of(acc.domain_ratings(dataset), ACCEPTANCE, dataset)
    for column, key in (("share_low", "summary_poor"), ("share_high", "summary_good")):
        if (row := source.extreme(column)) is not None and source.is_shown(row, "base"):
            yield source.finding(
                key,
                (row, "base"),
                domain=source.table.frame["question"].iloc[row],
                share=source.said(row, column),
                n=source.said(row, "base"),
            )
    source = Source.of(acc.priorities(dataset), ACCEPTANCE, dataset)
    if (row := source.extreme("points")) is not None:
        yield source.finding(
            "summary_priority",
            domain=source.table.frame["domain"].iloc[row],
            points=source.said(row, "points"),
            named=source.said(row, "named"),
        )
    yield from _law_and_practice(dataset)
    table = question_table(dataset, "gaps", design=acc.PURPOSIVE)
    source = Source.of(table, ACCEPTANCE, dataset)
    if (row := source.extreme("share")) is not None:
        yield source.finding(
            "summary_lacking",
            gap=source.table.frame["answer"].iloc[row],
            share=source.said(row, "share"),
        )


def _law_and_practice(dataset: Dataset) -> Iterator[Finding]:
    source = Source.of(acc.law_and_practice(dataset), ACCEPTANCE, dataset)
    labels = acc.population_labels(dataset)
    cells = [
        (float(source.table.frame[one].iloc[row]), row, one)
        for one in labels
        if (row := source.extreme(one, least=True)) is not None
    ]
    if cells and (widest := min(cells))[0] < 0:
        _, row, population = widest
        yield source.finding(
            "summary_gap",
            population=labels[population],
            domain=source.table.frame["domain"].iloc[row],
            gap=source.said(row, population).removeprefix("-"),
        )


def partner_findings(dataset: Dataset) -> Iterator[Finding]:
    """Who passes the gates, who ranks first whatever the weights, and how few cover the needs."""
    dataset = dataset.participants()
    assessment = par.assess(dataset)
    source = Source.of(par.gate_table(assessment), PARTNERS, dataset)
    for result in ("passed", "failed"):
        if source.is_shown(source.last, result):
            said = source.said(source.last, result)
            yield source.finding(f"summary_{result}", n=said)
            break
    source = Source.of(par.ranking_table(assessment), PARTNERS, dataset)
    if (row := source.extreme("first")) is not None:
        yield source.finding(
            "summary_first",
            name=source.table.frame["name"].iloc[row],
            share=source.said(row, "first"),
        )
    source = Source.of(ser.cover_table(assessment), PARTNERS, dataset)
    if size := len(source.table.frame):
        yield source.finding("summary_cover", n=size)
    source = Source.of(ser.gaps_table(assessment), PARTNERS, dataset)
    if (row := source.extreme("gaps")) is not None:
        yield source.finding(
            "summary_unserved",
            population=source.table.frame["population"].iloc[row],
            n=source.said(row, "gaps"),
        )
    title = dataset.say("partners_region")
    table = acc.scale(dataset, "regional_", name="region", title=title, is_ladder=True)
    source = Source.of(table, PARTNERS, dataset)
    none = next(column for column in source.table.columns if column.kind is Kind.SHARE)
    if (row := source.extreme(none.name)) is not None and source.is_shown(row, "base"):
        yield source.finding(
            "summary_region",
            (row, "base"),
            place=source.table.frame["question"].iloc[row],
            answer=none.label,
            share=source.said(row, none.name),
            n=source.said(row, "base"),
        )


def activity_findings(study: Study, dataset: Dataset) -> Iterator[Finding]:
    """What was held of what was planned."""
    if study.settings.plan is None:
        return
    activities = act.open_activities(dataset, study.instruments / study.settings.plan)
    source = Source.of(act.plan_table(activities), ACTIVITIES, dataset)
    yield source.finding(
        "summary_held",
        held=source.said(source.last, "held"),
        planned=source.said(source.last, "planned"),
        still=source.said(source.last, "still"),
    )


def roundtable_findings(dataset: Dataset) -> Iterator[Finding]:
    """What refugees at the roundtables need; never beside a rating of Taiwan."""
    dataset = dataset.participants()
    table = question_table(dataset, "needs", design=acc.PURPOSIVE)
    source = Source.of(table, ACCEPTANCE, dataset)
    if (row := source.extreme("share")) is not None:
        yield source.finding(
            "summary_needs",
            need=source.table.frame["answer"].iloc[row],
            share=source.said(row, "share"),
        )
