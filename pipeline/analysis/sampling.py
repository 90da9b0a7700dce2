"""Responses against the frame, and the design by which tables are weighted."""

import pandas as pd

from pipeline.analysis.data import Dataset
from pipeline.analysis.table import Column, Kind, Table
from pipeline.estimation.design import Design
from pipeline.estimation.design import Kind as Drawn
from pipeline.estimation.outcome_rates import Disposition, outcome_rates
from pipeline.settings import SampleDesign

_RATES = ("RR1", "RR2", "RR3", "RR5", "COOP1", "REF1", "CON1")
_STRATUM, _POPULATION, _WEIGHT = "frame_stratum", "frame_population", "weight"


def design_of(dataset: Dataset) -> Design | None:
    """The design by which the tables of a form are made; None where study.yaml states none.

    Only rows with a weight are in the sample: give `with_weights(dataset)` to the tables. Raking
    is in the weights; the variance takes them as given, which overstates it where the frame's
    margins explain the answers.
    """
    sampling = dataset.settings.sampling.get(dataset.form_id)
    if sampling is None:
        return None
    if sampling.design is SampleDesign.PURPOSIVE:
        return Design(Drawn.PURPOSIVE)
    if sampling.design is SampleDesign.CENSUS and not sampling.rake:
        return Design(Drawn.CENSUS)
    if sampling.design is SampleDesign.STRATIFIED:
        return Design(Drawn.STRATIFIED, strata=_STRATUM, weights=_WEIGHT, fpc=(_POPULATION,))
    return Design(Drawn.SRS, weights=_WEIGHT, fpc=(_POPULATION,))


def outcome_table(dataset: Dataset) -> Table | None:
    """What became of the units drawn, and AAPOR's rates; None where study.yaml states no sampling.

    Of a purposive sample the counts are shown and no rates: it has no response rate.
    """
    sampling = dataset.settings.sampling.get(dataset.form_id)
    if sampling is None or dataset.units.empty:
        return None
    say = dataset.say
    drawn = dataset.units[dataset.units["selected"]]
    counts = {kind: int(drawn["disposition"].eq(kind.value).sum()) for kind in Disposition}
    rows: list[dict[str, object]] = [
        {"what": say(f"sampling_{kind.value}"), "count": count, "share": None, "rests_on": count}
        for kind, count in counts.items()
    ]
    is_purposive = sampling.design is SampleDesign.PURPOSIVE
    if not is_purposive:
        rates = outcome_rates(counts)
        rows += [
            {
                "what": say("labelled", name=name, said=say(f"sampling_{name}")),
                "count": None,
                "share": rates[name].value,
                "rests_on": rates[name].numerator,
            }
            for name in _RATES
        ]
    frame = pd.DataFrame(rows).astype({"count": "Int64", "share": "Float64", "rests_on": "Int64"})
    columns = (
        Column("what", say("sampling_outcome")),
        Column("count", say("sampling_units"), Kind.COUNT),
        Column("share", say("sampling_rate"), Kind.SHARE, rests_on="rests_on", decimals=1),
        Column("rests_on", say("sampling_units"), Kind.COUNT, shown=False),
    )
    return Table(
        name=f"outcomes_{dataset.form_id}",
        title=say("labelled", name=say("sampling_title"), said=dataset.title),
        frame=frame.drop(columns="share") if is_purposive else frame,
        columns=tuple(one for one in columns if not (is_purposive and one.name == "share")),
        base=len(drawn),
        base_key="base_units",
        unit=say("partners_organisations"),
        weighting=say("unweighted"),
        method=say("sampling_purposive" if is_purposive else "sampling_method"),
        adds_down=False,
    )
