"""Which organisations could become partners: gates, scores, ranks, coverage, and where they are.

An organisation is named only where its consent to be named is recorded; otherwise it is a code,
numbered within this run, that says nothing about it.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.analysis.data import Dataset
from pipeline.analysis.framing import sentences
from pipeline.analysis.network import REPEAT as TIES
from pipeline.analysis.network import Network, build_network
from pipeline.analysis.partner_scores import (
    Acceptability,
    GateResult,
    Scores,
    criterion_scores,
    gate_results,
    smaa,
    topsis,
    verdicts,
    weighted_sum,
    weights_of,
)
from pipeline.analysis.suppression import protect
from pipeline.analysis.table import Column, Kind, Table
from pipeline.analysis.tables import PURPOSIVE
from pipeline.questionnaire.model import words
from pipeline.settings import Partners

FORM = "organisation_profile"
SHORTLIST = 5
"""Places of the ranking that a reader asks about first."""
LIKELY = 0.9
"""The share of weightings under which a rank lies between those that are told."""


@dataclass(frozen=True)
class Assessment:
    """Everything that the partner pages show, worked out once.

    Attributes:
        dataset: of the organisation profiles.
        partners: gates, criteria and weights of study.yaml.
        names: an organisation's public name, or its code; index of `dataset.main`.
        gates: results by organisation and gate.
        verdict: one result an organisation.
        scores: of the organisations that failed no gate.
        weighted: their weighted sums: low, middle, high.
        closeness: their closeness to the ideal (TOPSIS).
        ranks: their rank acceptability over all weightings.
    """

    dataset: Dataset
    partners: Partners
    names: pd.Series
    gates: pd.DataFrame
    verdict: pd.Series
    scores: Scores
    weighted: pd.DataFrame
    closeness: pd.Series
    ranks: Acceptability


def assess(dataset: Dataset) -> Assessment:
    """Assess those who consented to take part by the gates and criteria of study.yaml."""
    partners = dataset.settings.partners or Partners()
    consented = (dataset.main["consent"] == "yes").to_numpy(bool)
    main, missing = dataset.main[consented], dataset.missing[consented]
    gates = gate_results(main, missing, partners.gates)
    verdict = verdicts(gates)
    eligible = verdict.index[verdict != GateResult.FAILED]
    scores = criterion_scores(
        main.loc[eligible], missing.loc[eligible], dataset.questionnaire, partners
    )
    weights = weights_of(partners)
    return Assessment(
        dataset=dataset,
        partners=partners,
        names=public_names(main),
        gates=gates,
        verdict=verdict,
        scores=scores,
        weighted=weighted_sum(scores, weights),
        closeness=topsis(scores.middle, weights),
        ranks=smaa(scores),
    )


def public_names(main: pd.DataFrame) -> pd.Series:
    """The name where consent to be named is recorded, else a code by the order of the responses."""
    codes = pd.Series([f"#{number:03d}" for number in range(1, len(main) + 1)], index=main.index)
    return main["public_name"].fillna(codes) if "public_name" in main else codes


def gate_table(assessment: Assessment) -> Table:
    """A row a gate: how many passed, are open, failed."""
    dataset = assessment.dataset
    labels = {gate.name: words(gate.label, dataset.language) for gate in assessment.partners.gates}
    results = assessment.gates.assign(verdict=assessment.verdict)
    labels["verdict"] = dataset.say("partners_all_gates")
    frame = pd.DataFrame(
        [
            {"gate": label, **{one.value: int((results[name] == one).sum()) for one in GateResult}}
            for name, label in labels.items()
        ]
    ).assign(base=len(results))
    table = Table(
        name="gates",
        title=dataset.say("partners_gates"),
        frame=frame,
        columns=(
            Column("gate", dataset.say("partners_gate")),
            *(
                Column(one.value, dataset.say(f"partners_{one.value}"), Kind.COUNT)
                for one in GateResult
            ),
            Column("base", dataset.say("partners_organisations"), Kind.COUNT, total=True),
        ),
        base=len(results),
        base_key="base_organisations",
        forms=(FORM,),
        questions=tuple(name for gate in assessment.partners.gates for name in gate.questions),
        unit=dataset.say("partners_organisations"),
        weighting=dataset.say("unweighted"),
        method=sentences(dataset, "partners_gates_method", PURPOSIVE),
        missing=_missing(dataset, "consent"),
        adds_down=False,
        adds_across=True,
    )
    return protect(table, dataset.protection)


def ranking_table(assessment: Assessment) -> Table:
    """A row an organisation that failed no gate, best expected rank first."""
    dataset, ranks = assessment.dataset, assessment.ranks
    frame = pd.DataFrame(
        {
            "name": assessment.names.loc[assessment.weighted.index],
            "verdict": [
                dataset.say(f"partners_{one}")
                for one in assessment.verdict.loc[assessment.weighted.index]
            ],
            "first": ranks.among_first(1),
            "among": ranks.among_first(SHORTLIST),
            "expected": ranks.expected,
            **ranks.between(LIKELY),
            "middle": assessment.weighted["middle"],
            "low": assessment.weighted["low"],
            "high": assessment.weighted["high"],
            "topsis": assessment.closeness,
        }
    ).sort_values(["expected", "name"], kind="stable", ignore_index=True)
    say = dataset.say
    return Table(
        name="ranking",
        title=say("partners_ranking"),
        frame=frame,
        columns=(
            Column("name", say("partners_organisation")),
            Column("verdict", say("partners_gates")),
            Column("expected", say("partners_expected"), Kind.NUMBER, decimals=1),
            *(
                Column(
                    end,
                    say(f"partners_rank_{end}"),
                    Kind.NUMBER,
                    group=say("partners_likely_rank", share=f"{LIKELY:.0%}"),
                )
                for end in ("best", "worst")
            ),
            Column("first", say("partners_first"), Kind.SHARE),
            Column("among", say("partners_among", n=SHORTLIST), Kind.SHARE),
            *(
                Column(
                    end,
                    say(f"partners_{end}"),
                    Kind.NUMBER,
                    group=say("partners_weighted"),
                    decimals=2,
                )
                for end in ("middle", "low", "high")
            ),
            Column("topsis", "TOPSIS", Kind.NUMBER, decimals=2),
        ),
        base=len(frame),
        base_key="base_organisations",
        forms=(FORM,),
        questions=scored(assessment),
        unit=say("partners_organisations"),
        weighting=say("unweighted"),
        method=sentences(dataset, "partners_ranking_method", PURPOSIVE),
        notes=(say("partners_named_note"),),
        adds_down=False,
    )


def shortlist(table: Table, places: int = 15) -> Table:
    """The first rows of the ranking, for a figure that can be read."""
    return replace(table, frame=table.frame.head(places).reset_index(drop=True))


def protected(table: Table, dataset: Dataset) -> Table:
    """The table as the page shows it, for a figure drawn from it."""
    return protect(table, dataset.protection)


def named_by_county(assessment: Assessment) -> dict[str, int]:
    """How many of those that consented to be named, and failed no gate, have their seat where."""
    main = assessment.dataset.main.loc[assessment.scores.low.index]
    if "public_name" not in main:
        return {}
    counties = main.loc[main["public_name"].notna(), "county"].value_counts()
    return {str(county): int(count) for county, count in counties.items()}


def network_of(assessment: Assessment) -> Network:
    """Who works with whom, among those that took part and those they named."""
    dataset = assessment.dataset
    main = dataset.main.loc[assessment.names.index]
    return build_network(main, dataset.repeats[TIES], assessment.names)


def criteria_table(assessment: Assessment) -> Table:
    """A row a criterion: weight, and how the organisations score on it."""
    dataset, scores = assessment.dataset, assessment.scores
    weights = weights_of(assessment.partners)
    unknown = scores.high - scores.low
    size = len(scores.low)
    frame = pd.DataFrame(
        [
            {
                "criterion": words(one.label, dataset.language),
                "weight": float(weights[one.name]),
                "mean": float(scores.middle[one.name].mean()) if size else np.nan,
                "unknown": float(unknown[one.name].mean()) if size else np.nan,
                "n": size,
            }
            for one in assessment.partners.criteria
        ],
        columns=["criterion", "weight", "mean", "unknown", "n"],
    )
    say = dataset.say
    table = Table(
        name="criteria",
        title=say("partners_criteria"),
        frame=frame,
        columns=(
            Column("criterion", say("partners_criterion")),
            Column("weight", say("partners_weight"), Kind.NUMBER, decimals=2),
            Column("mean", say("partners_mean_score"), Kind.NUMBER, "n", decimals=2),
            Column("unknown", say("partners_unknown"), Kind.NUMBER, "n", decimals=2),
            Column("n", say("partners_organisations"), Kind.COUNT, shown=False),
        ),
        base=size,
        base_key="base_organisations",
        forms=(FORM,),
        questions=scored(assessment),
        unit=say("partners_score_unit"),
        weighting=say("unweighted"),
        method=sentences(dataset, "partners_criteria_method", PURPOSIVE),
        adds_down=False,
    )
    return protect(table, dataset.protection)


def scored(assessment: Assessment) -> tuple[str, ...]:
    """The questions from which the criteria are scored."""
    return tuple(name for one in assessment.partners.criteria for name in one.questions)


def _missing(dataset: Dataset, question: str) -> dict[str, int]:
    counts = dataset.missing_counts(question)
    return {dataset.say(kind.value): count for kind, count in counts.items()}
