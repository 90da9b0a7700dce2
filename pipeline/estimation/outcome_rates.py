"""Response, cooperation, refusal and contact rates, as AAPOR defines them.

Source: AAPOR (2016), Standard Definitions, 9th ed., Outcome Rates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Disposition(StrEnum):
    """What became of a unit that was drawn from the frame.

    complete, partial: answered enough, or less. refusal: declined or broke off. non_contact:
    eligible and never reached. other: eligible, reached, and no interview for another reason.
    unknown: not known to be eligible. not_eligible: does not belong to the population.
    """

    COMPLETE = "complete"
    PARTIAL = "partial"
    REFUSAL = "refusal"
    NON_CONTACT = "non_contact"
    OTHER = "other"
    UNKNOWN = "unknown"
    NOT_ELIGIBLE = "not_eligible"


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with what it was made of.

    Attributes:
        value: from 0 to 1, None where the denominator is 0.
        numerator: number of units.
        denominator: number of units; where a part of the unknown counts, no whole number.
    """

    value: float | None
    numerator: int
    denominator: float


def eligible_share(counts: Mapping[Disposition, int]) -> float:
    """`e`: the share of eligible units among those of which it is known; 1 where none is known."""
    known = {kind: counts.get(kind, 0) for kind in Disposition if kind is not Disposition.UNKNOWN}
    all_known = sum(known.values())
    return 1.0 - known[Disposition.NOT_ELIGIBLE] / all_known if all_known else 1.0


def outcome_rates(counts: Mapping[Disposition, int]) -> dict[str, Rate]:
    """AAPOR's rates from the dispositions of the units drawn.

    Args:
        counts: number of units by disposition; one that is not named is 0.

    Returns:
        RR1 to RR6, COOP1, COOP2, REF1 to REF3, CON1 to CON3. In RR3, RR4, REF2 and CON2 the share
        `e` of the unknown counts as eligible (`eligible_share`), in RR5, RR6, REF3 and CON3 none.
    """
    of = {kind: counts.get(kind, 0) for kind in Disposition}
    complete, partial = of[Disposition.COMPLETE], of[Disposition.PARTIAL]
    refusal, other = of[Disposition.REFUSAL], of[Disposition.OTHER]
    interviews = complete + partial
    contacted = interviews + refusal + other
    known = contacted + of[Disposition.NON_CONTACT]
    unknown = of[Disposition.UNKNOWN]
    whole, likely = known + unknown, known + eligible_share(counts) * unknown
    return {
        "RR1": _rate(complete, whole),
        "RR2": _rate(interviews, whole),
        "RR3": _rate(complete, likely),
        "RR4": _rate(interviews, likely),
        "RR5": _rate(complete, known),
        "RR6": _rate(interviews, known),
        "COOP1": _rate(complete, contacted),
        "COOP2": _rate(interviews, contacted),
        "REF1": _rate(refusal, whole),
        "REF2": _rate(refusal, likely),
        "REF3": _rate(refusal, known),
        "CON1": _rate(contacted, whole),
        "CON2": _rate(contacted, likely),
        "CON3": _rate(contacted, known),
    }


def _rate(numerator: int, denominator: float) -> Rate:
    return Rate(numerator / denominator if denominator else None, numerator, float(denominator))
