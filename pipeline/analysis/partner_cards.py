"""A card for each organisation that may be named, and where in Taiwan those offer what to whom.

Only what organisations gave their consent to be named with: one that failed a gate, or did not
consent, has no card, and nothing here counts it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from pipeline.analysis.partner_scores import GateResult
from pipeline.analysis.partner_services import offers, populations, services
from pipeline.analysis.partners import LIKELY, SHORTLIST, Assessment
from pipeline.analysis.table import Column, Kind, Table
from pipeline.questionnaire.model import words


@dataclass(frozen=True, slots=True)
class Bar:
    """A score from 0 to 1: from `low` to `high` as far as answers are missing."""

    label: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Card:
    """What one organisation is like, at a glance.

    Attributes:
        name: under which it consented to be named.
        facts: (heading, words).
        bars: its scores, criterion by criterion.
    """

    name: str
    facts: tuple[tuple[str, str], ...]
    bars: tuple[Bar, ...]


def named(assessment: Assessment) -> pd.Index:
    """Rows of the organisations that consented to be named and failed no gate."""
    main = assessment.dataset.main.loc[assessment.scores.low.index]
    if "public_name" not in main:
        return main.index[:0]
    return main.index[main["public_name"].notna()]


def cards(assessment: Assessment) -> Iterator[Card]:
    """One a named organisation, best expected rank first."""
    language = assessment.dataset.language
    labels = {one.name: words(one.label, language) for one in assessment.partners.criteria}
    offered = offers(assessment)
    between = assessment.ranks.between(LIKELY)
    order = assessment.ranks.expected.loc[named(assessment)].sort_values(kind="stable")
    for place in assessment.scores.low.index.get_indexer(order.index):
        low, high = (
            frame[list(labels)].iloc[place].astype(float).to_list()
            for frame in (assessment.scores.low, assessment.scores.high)
        )
        bars = tuple(map(Bar, labels.values(), low, high))
        facts = tuple(
            (name, text) for name, text in _facts(assessment, int(place), offered, between) if text
        )
        row = assessment.scores.low.index[int(place)]
        yield Card(str(assessment.names.loc[row]), facts, bars)


def _facts(
    assessment: Assessment, place: int, offers_of: pd.DataFrame, between: pd.DataFrame
) -> Iterator[tuple[str, str]]:
    """What stands on a card above the scores; `place` counts the organisations in `scores`."""
    dataset, say = assessment.dataset, assessment.dataset.say
    rows = assessment.scores.low.index
    for question, heading in (("org_kind", "partners_kind"), ("county", "partners_seat")):
        answer = dataset.answers(question).loc[rows].iloc[place]
        yield say(heading), dataset.choice_labels(question).get(str(answer), "")
    yield say("partners_gates"), _gates(assessment, place)
    low, high = (f"{assessment.weighted[end].iloc[place]:.2f}" for end in ("low", "high"))
    yield say("partners_weighted"), low if low == high else f"{low}–{high}"
    best, worst = between.iloc[place]
    yield (
        say("partners_likely_rank", share=f"{LIKELY:.0%}"),
        f"{best}–{worst}" if best < worst else f"{best}",
    )
    among = f"{assessment.ranks.among_first(SHORTLIST).iloc[place]:.0%}"
    yield say("partners_among", n=SHORTLIST), among
    comma, labels = say("list_comma"), services(dataset)
    offered = offers_of.iloc[place]
    for population, label in populations(dataset).items():
        given = [labels[one] for one in labels if bool(offered[population, one])]
        yield label, comma.join(given)


def _gates(assessment: Assessment, place: int) -> str:
    """That all gates are passed, or which are open; one that failed has no card."""
    say, language = assessment.dataset.say, assessment.dataset.language
    results = assessment.gates.loc[assessment.scores.low.index].iloc[place]
    waiting = [
        words(gate.label, language)
        for gate in assessment.partners.gates
        if results[gate.name] == GateResult.OPEN
    ]
    if not waiting:
        return say("partners_all_passed")
    return say("labelled", name=say("partners_open"), said=say("list_comma").join(waiting))


def county_table(assessment: Assessment) -> Table:
    """A row a county, a column a population: services that a named organisation there offers."""
    dataset, say = assessment.dataset, assessment.dataset.say
    offered = offers(assessment).loc[named(assessment)]
    places = dataset.answers("county").loc[offered.index]
    groups, labels = populations(dataset), services(dataset)
    lines = []
    for county, label in dataset.choice_labels("county").items():
        here = offered.loc[(places == county).to_numpy(bool)]
        line: dict[str, object] = {"county": label, "organisations": len(here)}
        for group in groups:
            line[group] = sum(bool(here[group, one].any()) for one in labels)
        lines.append(line)
    return Table(
        name="county_services",
        title=say("partners_county"),
        frame=pd.DataFrame(lines, columns=["county", "organisations", *groups]),
        columns=(
            Column("county", dataset.label("county")),
            Column("organisations", say("partners_named"), Kind.NUMBER),
            *(Column(one, label, Kind.NUMBER) for one, label in groups.items()),
        ),
        base=len(offered),
        base_key="base_organisations",
        unit=say("partners_services_unit", n=len(labels)),
        weighting=say("unweighted"),
        method=say("partners_county_method"),
        forms=(dataset.form_id,),
        questions=("county", *(f"services_{name}" for name in groups)),
        adds_down=False,
    )
