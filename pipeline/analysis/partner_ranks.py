"""Which ranks are robust, and which depend on how the criteria are weighted."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pipeline.analysis.framing import sentences
from pipeline.analysis.partners import FORM, SHORTLIST, Assessment, scored
from pipeline.analysis.table import Column, Kind, Table
from pipeline.analysis.tables import PURPOSIVE

RANKS = 10
"""Ranks that are shown one by one."""
_SURE, _HARDLY, _HALF = 0.95, 0.05, 0.5


def rank_table(assessment: Assessment, places: int = 15) -> Table:
    """A row an organisation, a column a rank: the share of weightings that give it this rank."""
    dataset, ranks = assessment.dataset, assessment.ranks
    say, shown = dataset.say, [*ranks.ranks.columns[:RANKS]]
    frame = (
        ranks.ranks[shown]
        .set_axis([f"rank_{one}" for one in shown], axis=1)
        .assign(name=assessment.names.loc[ranks.ranks.index], expected=ranks.expected)
        .sort_values(["expected", "name"], kind="stable", ignore_index=True)
        .head(places)
    )
    return Table(
        name="rank_acceptability",
        title=say("partners_acceptability"),
        frame=frame,
        columns=(
            Column("name", say("partners_organisation")),
            *(
                Column(f"rank_{one}", str(one), Kind.SHARE, group=say("partners_rank"))
                for one in shown
            ),
        ),
        base=len(ranks.ranks),
        base_key="base_organisations",
        forms=(FORM,),
        questions=scored(assessment),
        unit=say("partners_weightings"),
        weighting=say("unweighted"),
        method=sentences(dataset, "partners_ranking_method", PURPOSIVE),
        notes=(say("partners_named_note"),),
        adds_down=False,
    )


def robust_lines(assessment: Assessment) -> Iterator[str]:
    """Sentences: who is among the first whatever the weights, who by taste, and who hardly ever."""
    say, ranks = assessment.dataset.say, assessment.ranks
    if len(ranks.expected) <= SHORTLIST:
        return
    among = ranks.among_first(SHORTLIST).loc[ranks.expected.sort_values(kind="stable").index]
    groups = {
        "sure": among[among >= _SURE],
        "mostly": among[(among >= _HALF) & (among < _SURE)],
        "sometimes": among[(among > _HARDLY) & (among < _HALF)],
    }
    for name, found in groups.items():
        if len(found):
            listed = say("list_comma").join(_named(assessment, found, say))
            yield say(f"partners_robust_{name}", n=SHORTLIST, organisations=listed)
    if hardly := int((among <= _HARDLY).sum()):
        yield say("partners_robust_hardly", n=SHORTLIST, organisations=hardly)


def _named(assessment: Assessment, shares: pd.Series, say: Any) -> Iterator[str]:
    """Names or codes, each with its share."""
    for name, share in zip(assessment.names.loc[shares.index], shares, strict=True):
        yield say("aside", said=name, more=f"{share:.0%}")
