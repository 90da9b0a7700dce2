"""Who offers what to whom: services by population, the gaps, and the fewest partners for all."""

import pandas as pd

from pipeline.analysis.coverage import always_needed, smallest_cover
from pipeline.analysis.data import Dataset
from pipeline.analysis.framing import sentences
from pipeline.analysis.partners import FORM, Assessment
from pipeline.analysis.suppression import protect
from pipeline.analysis.table import Column, Kind, Mark, Table
from pipeline.analysis.tables import PURPOSIVE


def offers(assessment: Assessment) -> pd.DataFrame:
    """Who offers what to whom: a row an organisation, a column a (population, service)."""
    dataset = assessment.dataset
    eligible = assessment.scores.low.index
    columns = {}
    for population in populations(dataset):
        answers = dataset.answers(f"services_{population}").loc[eligible].fillna("")
        ticked = answers.str.split(" ")
        for service in services(dataset):
            columns[population, service] = [service in one for one in ticked]
    return pd.DataFrame(columns, index=eligible)


def populations(dataset: Dataset) -> dict[str, str]:
    """Populations that services are asked about -> label."""
    labels = dataset.choice_labels("populations_served")
    names = dataset.questionnaire.by_name
    return {name: label for name, label in labels.items() if f"services_{name}" in names}


def services(dataset: Dataset) -> dict[str, str]:
    """Services -> label; what stands for none of them is left out."""
    question = f"services_{next(iter(populations(dataset)))}"
    choices = dataset.questionnaire.choices_of(dataset.item(question).question)
    kept = {choice.name for choice in choices if not choice.exclusive and not choice.missing}
    labels = dataset.choice_labels(question)
    return {name: label for name, label in labels.items() if name in kept}


def services_table(assessment: Assessment) -> Table:
    """A row a service, a column a population: how many organisations offer it."""
    dataset, offered = assessment.dataset, offers(assessment)
    groups = populations(dataset)
    frame = pd.DataFrame(
        [
            {
                "service": label,
                **{one: int(offered[one, service].sum()) for one in groups},
            }
            for service, label in services(dataset).items()
        ]
    )
    table = Table(
        name="services",
        title=dataset.say("partners_services"),
        frame=frame,
        columns=(
            Column("service", dataset.say("partners_service")),
            *(Column(one, label, Kind.COUNT) for one, label in groups.items()),
        ),
        base=len(offered),
        base_key="base_organisations",
        forms=(FORM,),
        questions=tuple(f"services_{name}" for name in populations(dataset)),
        unit=dataset.say("partners_organisations"),
        weighting=dataset.say("unweighted"),
        method=sentences(dataset, "partners_services_method", PURPOSIVE),
        adds_down=False,
    )
    return protect(table, dataset.protection)


def cover_table(assessment: Assessment) -> Table:
    """The smallest set of organisations that together offer everything that anyone offers."""
    dataset, offered = assessment.dataset, offers(assessment)
    found, unmet = smallest_cover(offered, assessment.weighted["middle"])
    needed = always_needed(offered, found)
    chosen = offered.index.isin(found)
    say = dataset.say
    frame = pd.DataFrame(
        {
            "name": assessment.names.loc[offered.index[chosen]],
            "meets": offered.loc[chosen].sum(axis=1).astype("Int64"),
            "alone": offered.loc[chosen, offered.sum() == 1].sum(axis=1).astype("Int64"),
            "needed": [
                say("partners_needed" if one in needed else "partners_replaceable")
                for one in offered.index[chosen]
            ],
            "middle": assessment.weighted["middle"].loc[offered.index[chosen]],
        }
    ).sort_values("meets", ascending=False, kind="stable", ignore_index=True)
    needs = offered.shape[1]
    return Table(
        name="smallest_cover",
        title=say("partners_cover"),
        frame=frame,
        columns=(
            Column("name", say("partners_organisation")),
            Column("meets", say("partners_meets"), Kind.NUMBER),
            Column("alone", say("partners_meets_alone"), Kind.NUMBER),
            Column("needed", say("partners_needed_head")),
            Column("middle", say("partners_weighted"), Kind.NUMBER, decimals=2),
        ),
        base=len(offered),
        base_key="base_organisations",
        forms=(FORM,),
        questions=tuple(f"services_{name}" for name in populations(dataset)),
        unit=say("partners_needs"),
        method=say("partners_cover_method", needs=needs, met=needs - len(unmet)),
        notes=(*_how_many_sets(dataset, found, needed), say("partners_named_note")),
        adds_down=False,
    )


def _how_many_sets(
    dataset: Dataset, chosen: list[object], needed: frozenset[object]
) -> tuple[str, ...]:
    """Whether this is the only smallest set."""
    if not chosen:
        return ()
    if len(needed) == len(chosen):
        return (dataset.say("partners_cover_one"),)
    return (dataset.say("partners_cover_several", n=len(needed), all=len(chosen)),)


def gaps_table(assessment: Assessment) -> Table:
    """A row a population: the services that nobody offers it, as the table of services shows."""
    dataset, counted = assessment.dataset, services_table(assessment)
    assert counted.marks is not None  # noqa: S101 - services_table protects
    say, lines = dataset.say, []
    for population, label in populations(dataset).items():
        shown = counted.marks[population] == Mark.SHOWN
        none = counted.frame.loc[shown & (counted.frame[population] == 0), "service"]
        lines.append(
            {
                "population": label,
                "gaps": len(none) if shown.any() else None,
                "services": say("list_comma").join(none) or say("none"),
            }
        )
    return Table(
        name="service_gaps",
        title=say("partners_gaps"),
        frame=pd.DataFrame(lines).astype({"gaps": "Int64"}),
        columns=(
            Column("population", say("partners_population")),
            Column("gaps", say("partners_gaps_number"), Kind.NUMBER),
            Column("services", say("partners_gaps_services")),
        ),
        base=counted.base,
        base_key="base_organisations",
        base_withheld=counted.base_withheld,
        forms=(FORM,),
        questions=counted.questions,
        unit=say("partners_services_unit", n=len(counted.frame)),
        weighting=say("unweighted"),
        method=sentences(dataset, "partners_gaps_method", PURPOSIVE),
        adds_down=False,
    )
