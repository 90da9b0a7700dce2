"""What `instruments/study.yaml` may say about a study, as frozen models."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _as_words(value: Any) -> Any:
    return {"default": value} if isinstance(value, str) else value


Words = Annotated[dict[str, str], BeforeValidator(_as_words)]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


AtLeastOne = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True)
class Caps:
    """What a returned file may hold, and what reading it may take, at most.

    Attributes:
        file_bytes: size of any file.
        submission_bytes: size of one ODK submission.
        members: parts of a workbook.
        unpacked_bytes: all parts of a workbook together.
        ratio: unpacked size over packed size of a part larger than 1 MB.
        cells: rows times columns that a sheet's cells span.
        columns: columns of a table.
        cell_characters: length of one answer.
        memory_bytes: what parsing may take beyond what Python itself takes.
        seconds: what parsing one file may take.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    file_bytes: AtLeastOne = 256 << 20
    submission_bytes: AtLeastOne = 4 << 20
    members: AtLeastOne = 2_000
    unpacked_bytes: AtLeastOne = 1 << 30
    ratio: AtLeastOne = 200
    cells: AtLeastOne = 40_000_000
    columns: AtLeastOne = 16_384
    cell_characters: AtLeastOne = 1_000_000
    memory_bytes: AtLeastOne = 4 << 30
    seconds: Annotated[float, Field(gt=0)] = 120.0


class Period(_Settings):
    """Two days, both included."""

    start: dt.date
    end: dt.date


class Frame(_Settings):
    """The sampling frame: a CSV in instruments/ and which of its columns is what."""

    file: str
    id: str
    kind: str | None = None
    county: str | None = None
    name: str | None = None


class SampleDesign(StrEnum):
    """How units came into the sample; see `estimation.design.Kind`."""

    CENSUS = "census"
    SRS = "srs"
    STRATIFIED = "stratified"
    PURPOSIVE = "purposive"


class Sampling(_Settings):
    """How the sample of one form was drawn from the frame.

    Attributes:
        design: purposive unless something else is said: then nobody has a weight.
        id: the question that holds the frame's key.
        selected: column of the frame, 1 where a unit was drawn; None: all were.
        strata: column of the frame from each of whose values was drawn apart.
        rake: columns of the frame to whose counts the weights are raked.
        disposition: column of the frame with what became of a unit that did not answer: refusal,
            non_contact, other, not_eligible; blank is unknown.
        complete, partial: least share of the required questions that applied and were answered for
            an interview to be complete, or partial; less is a break-off, which counts as a refusal.
    """

    design: SampleDesign = SampleDesign.PURPOSIVE
    id: str
    selected: str | None = None
    strata: str | None = None
    rake: tuple[str, ...] = ()
    disposition: str | None = None
    complete: float = Field(default=0.8, gt=0, le=1)
    partial: float = Field(default=0.5, ge=0, le=1)


class Disclosure(_Settings):
    """What may leave.

    Attributes:
        public: the least unweighted count that a cell of a table for everybody may rest on.
        restricted: the same for readers who keep the tables to themselves.
        k: how many responses must be alike in data delivered to everybody.
    """

    public: int = Field(default=10, ge=1)
    restricted: int = Field(default=5, ge=1)
    k: int = Field(default=5, ge=1)


class Roles(_Settings):
    """Which question of a form plays which part, so that every form gets the same checks.

    Attributes:
        organisation: the name under which an organisation may be named in public.
        organisations: every question that holds an organisation's name, in repeats too.
        keyed_by: who keyed a paper form in, where it is keyed twice.
        self_completed: choices of `mode` by which the respondent filled the form in alone, and is
            asked instead of the interviewer.
        point: where the interview was held; the form's first geopoint unless it is named.
        original: in a back-check, the key or serial number of the interview that is checked.
    """

    interviewer: str | None = None
    place: str | None = None
    date: str | None = None
    start: str | None = None
    end: str | None = None
    mode: str | None = None
    self_completed: tuple[str, ...] = ("self_completed",)
    organisation: str | None = None
    organisations: tuple[str, ...] = ()
    consent: str | None = None
    consent_named: str | None = None
    consent_quote: str | None = None
    serial: str | None = None
    keyed_by: str | None = None
    point: str | None = None
    original: str | None = None


class Checks(_Settings):
    """From where on something about an interview is odd, and is asked about.

    Attributes:
        deviations: distance from the others, in standard deviations: of numbers from their median
            on the log scale, of interviewers' means from those of the others.
        duration_deviations: the same for durations, whose shorter and longer half are spread
            differently.
        times_the_median: a number is asked about only if it is so many times the median, or so
            small a part of it: where nearly everybody says 1, a 2 is unusual and no error.
        same_day_share: where at most so many answers to a question for a date are the day of the
            interview, each of them is asked about: a device offers that day.
        least_values: least number of values that a median is taken of.
        battery: least number of questions in a row, with one choice list, that are a battery.
        alike_share: share of equal answers from which two responses are nearly the same.
        alike_questions: least number of questions that one of them answered.
        least_interviews: least number of interviews from which an interviewer is compared.
        far_km: distance from the middle of all points that name the same place.
        least_points: least number of points that have a middle.
        back_check_tolerance: share by which numbers of a back-check may differ.
    """

    deviations: float = Field(default=4.0, gt=0)
    duration_deviations: float = Field(default=3.5, gt=0)
    times_the_median: float = Field(default=3.0, ge=1)
    same_day_share: float = Field(default=0.1, ge=0, le=1)
    least_values: int = Field(default=20, ge=3)
    battery: int = Field(default=6, ge=2)
    alike_share: float = Field(default=0.95, gt=0, le=1)
    alike_questions: int = Field(default=20, ge=1)
    least_interviews: int = Field(default=5, ge=2)
    far_km: float = Field(default=25.0, gt=0)
    least_points: int = Field(default=5, ge=3)
    back_check_tolerance: float = Field(default=0.1, ge=0, lt=1)


class Blank(_Settings):
    """Rules that blank an answer; every other broken rule is reported and the answer kept."""

    not_asked: bool = False


class Methods(_Settings):
    """What the annex on methods says that no data can: AAPOR's disclosure items, in words.

    Attributes:
        conducted_by: who did the fieldwork and the analysis.
        funded_by: who paid.
        population: who the findings are about.
        sampling: how those asked were chosen, and from which frame.
        recruitment: how they were approached, and what they were offered.
        weighting: how, or that nothing was weighted, and what that means for precision.
        quality: how fieldwork was trained, checked and supervised.
        limitations: what the findings cannot say.
        contact: whom to ask.
    """

    conducted_by: Words = Field(default_factory=dict)
    funded_by: Words = Field(default_factory=dict)
    population: Words = Field(default_factory=dict)
    sampling: Words = Field(default_factory=dict)
    recruitment: Words = Field(default_factory=dict)
    weighting: Words = Field(default_factory=dict)
    quality: Words = Field(default_factory=dict)
    limitations: Words = Field(default_factory=dict)
    contact: Words = Field(default_factory=dict)


class Gate(_Settings):
    """Due diligence that every partner must pass: these questions answered with one of these."""

    name: str
    label: Words
    questions: tuple[str, ...]
    accept: tuple[str, ...] = ("yes",)


class Criterion(_Settings):
    """A criterion of partner assessment.

    Attributes:
        questions: whose answers are scored; several are averaged.
        scores: choice name -> score from 0 to 1; a missing kind becomes an interval.
        count_of: for a select_multiple, the number of choices that scores 1.
        weight: relative weight.
    """

    name: str
    label: Words
    questions: tuple[str, ...]
    scores: dict[str, float] = Field(default_factory=dict)
    count_of: int | None = Field(default=None, ge=1)
    weight: float = Field(default=1.0, gt=0)


class Partners(_Settings):
    """How potential partners are assessed: gates first, never compensated, then criteria."""

    form: str = "organisation_profile"
    gates: tuple[Gate, ...] = ()
    criteria: tuple[Criterion, ...] = ()


class Settings(_Settings):
    """Everything that study.yaml may say; each part has a default that fits an imported form.

    Attributes:
        double_entry: forms that are keyed twice: two returns under one serial are keyings of one
            paper, of which the first is kept and whose differences the supervisor decides.
        response_key: column of the returned tables that is a response's key, `_uuid`.
        day_first: 02/03/2011 is the second of March; None queries such dates instead of guessing.
        timezone: of times that came back without one.
        public_key: RSA key in base64, put into every XForm: ODK Collect then encrypts submissions.
        retain_until: last day on which answers may be kept.
        keys: folder of the study's keys, from the study folder on; `~` is the home folder.
        caps: what a returned file may hold at most.
        part_responses: how many responses are cleaned at once; of more, each part by itself.
        recipients: public age keys; who holds one of their private keys can open identifiers.
    """

    title: Words = Field(default_factory=lambda: {"default": "Survey"})
    sponsor: Words = Field(default_factory=dict)
    wave: str = ""
    languages: tuple[str, ...] = ()
    first_year: Period | None = None
    fieldwork: dict[str, Period] = Field(default_factory=dict)
    frame: Frame | None = None
    sampling: dict[str, Sampling] = Field(default_factory=dict)
    plan: str | None = None
    disclosure: Disclosure = Disclosure()
    roles: dict[str, Roles] = Field(default_factory=dict)
    blank: Blank = Blank()
    checks: Checks = Checks()
    double_entry: tuple[str, ...] = ()
    response_key: str = "_uuid"
    day_first: bool | None = None
    timezone: str = "UTC"
    partners: Partners | None = None
    caps: Caps = Caps()
    part_responses: AtLeastOne = 100_000
    public_key: str | None = None
    retain_until: dt.date | None = None
    keys: str = "keys"
    recipients: tuple[str, ...] = ()
    methods: Methods = Methods()
