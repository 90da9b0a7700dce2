"""How answers are spread: a profile in YAML says what respondents who do not exist tend to say.

Nothing about a place, a law or a people stands in Python. A study keeps one profile a form,
`instruments/synthetic/FORM.yaml`; a form without one is drawn from its own rules alone.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml.error import MarkedYAMLError

from pipeline.errors import Place, SurveyError
from pipeline.questionnaire.model import MissingKind
from pipeline.settings import Period, Roles
from pipeline.study import Study, line_of
from pipeline.synthetic.problems import problem
from pipeline.yaml_limits import load_yaml

Share = float
Model = TypeVar("Model", bound=BaseModel)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class Scale(_Part):
    """An ordered choice: a normal latent value rounded to a place on the scale, from 1.

    Attributes:
        mean: in places of the scale.
        sd: spread around the mean that traits do not explain.
        order: choices from low to high; by default those whose names are whole numbers, or all.
    """

    mean: float = 3.0
    sd: float = 1.0
    order: tuple[str, ...] = ()


class Amount(_Part):
    """A number: log-normal by median and sigma, kept between least and most."""

    median: float = Field(default=10.0, gt=0)
    sigma: float = Field(default=1.0, ge=0)
    least: float | None = None
    most: float | None = None


class Day(_Part):
    """A date.

    Attributes:
        between: first and last day, each an ISO date or month, or the name of a question or row
            column that holds one; the fieldwork period by default.
        part: (k, n), the k-th of n equal parts of that time; numbers, or names of row columns.
        after: a question that holds a date, and then `days` counts from it.
        days: how many days after it, least and most.
        sundays: whether a Sunday will do.
    """

    between: tuple[str, str] | None = None
    part: tuple[str, str] | None = None
    after: str | None = None
    days: tuple[int, int] = (1, 30)
    sundays: bool = False


class Clock(_Part):
    """A time of day in steps of minutes, or so many minutes after another question's time."""

    between: tuple[str, str] = ("09:00", "16:00")
    step: int = Field(default=5, ge=1)
    after: str | None = None
    minutes: Amount = Amount(median=45, sigma=0.3, least=5)


_WAYS = frozenset(
    {"value", "column", "weights", "each", "scale", "amount", "day", "clock", "texts", "other_row"}
)
_ADDED = frozenset({"weights", "each", "traits", "missing", "by"})


class Spec(_Part):
    """How one question, or each question whose name fits a pattern, is answered.

    Attributes:
        value: always this.
        column: what the respondent's row holds in this column.
        weights: answer -> relative weight.
        each: choice of a select_multiple -> probability of being chosen.
        scale, amount, day, clock: see there.
        texts: language -> sentences; `{name}` is a row's column or an earlier answer. The word
            SYNTHETIC is put before every open text that lacks it.
        other_row: texts made from another respondent's row: ties between organisations.
        like: columns in which that other row is rather the same.
        traits: trait -> what one standard deviation of it adds: places of a scale, logarithms of an
            amount, logits of a choice.
        shift: what is added in any case, in the same unit.
        unique: no two instances of the repeat hold the same answer.
        blank: probability that an optional question is left blank.
        missing: kind -> probability of the choice that stands for it.
        by: earlier question, or `row.column` -> pattern of its answer -> what is different then.
    """

    value: str | None = None
    column: str | None = None
    weights: dict[str, Share] = Field(default_factory=dict)
    each: dict[str, Share] = Field(default_factory=dict)
    scale: Scale | None = None
    amount: Amount | None = None
    day: Day | None = None
    clock: Clock | None = None
    texts: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    other_row: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    traits: dict[str, float] = Field(default_factory=dict)
    shift: float = 0.0
    unique: bool = False
    blank: float | None = None
    missing: dict[MissingKind, float] = Field(default_factory=dict)
    by: "dict[str, dict[str, Spec]]" = Field(default_factory=dict)

    def joined(self, other: Self) -> Self:
        """This, with what another says on top: shifts add up, a new way replaces the old."""
        given = other.model_fields_set
        new: dict[str, Any] = {}
        if given & _WAYS:
            new = {name: _DEFAULTS[name] for name in _WAYS & self.model_fields_set}
        new |= {name: getattr(other, name) for name in given}
        for name in given & _ADDED:
            new[name] = {**getattr(self, name), **getattr(other, name)}
        new["shift"] = self.shift + other.shift
        return self.model_copy(update=new)


_DEFAULTS = Spec().model_dump()


class Derived(_Part):
    """A column made from another by the first group of a pattern."""

    column: str
    pattern: str


class Source(_Part):
    """Rows of which each respondent is given one: a sampling frame, a plan.

    Attributes:
        file: a CSV in instruments/, or
        rows: rows written out here, or
        product: column -> values, every combination a row.
        where: only rows that hold these values.
        times: a column that says for how many respondents a row stands.
        numbered: the column that then counts them, from 1.
        derive: further columns.
        order: whether rows are given out as they stand or shuffled; none twice before all once.
    """

    file: str = ""
    rows: tuple[dict[str, str], ...] = ()
    product: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    where: dict[str, str] = Field(default_factory=dict)
    times: str = ""
    numbered: str = ""
    derive: dict[str, Derived] = Field(default_factory=dict)
    order: Literal["shuffled", "given"] = "shuffled"


class Profile(_Part):
    """What respondents to one form are like.

    Attributes:
        form_id: the form.
        source: rows given to respondents.
        traits: trait -> earlier trait -> correlation with it; each is standard normal.
        blank: probability that an optional question is left blank.
        missing: kind -> probability of the choice that stands for it, where there is one.
        repeats: repeat -> number of instances -> weight.
        questions: question name or pattern -> how it is answered; every pattern that fits counts,
            in order, and the plain name last.
        period: days of fieldwork, from study.yaml.
        roles: which questions are date, start and end, from study.yaml.
    """

    form_id: str = ""
    source: Source = Source()
    traits: dict[str, dict[str, float]] = Field(default_factory=dict)
    blank: float = 0.2
    missing: dict[MissingKind, float] = Field(
        default_factory=lambda: {MissingKind.DONT_KNOW: 0.03, MissingKind.REFUSED: 0.01}
    )
    repeats: dict[str, dict[int, float]] = Field(default_factory=dict)
    questions: dict[str, Spec] = Field(default_factory=dict)
    period: Period | None = None
    roles: Roles = Roles()

    def spec(self, name: str) -> Spec:
        """How a question is answered, `by` not yet applied."""
        fitting = [
            spec
            for pattern, spec in self.questions.items()
            if pattern != name and fnmatchcase(name, pattern)
        ]
        exact = [self.questions[name]] if name in self.questions else []
        found = Spec()
        for spec in (*fitting, *exact):
            found = found.joined(spec)
        return found


def read_profile(study: Study, form_id: str) -> Profile:
    """Read `instruments/synthetic/FORM.yaml`; a bare profile where there is none.

    Period and roles come from study.yaml.

    Raises:
        SurveyError: SYN-001, every part of the profile that is wrong, with its line.
    """
    path = study.instruments / "synthetic" / f"{form_id}.yaml"
    content = read_yaml(study, path) if path.is_file() else {}
    settings = study.settings
    known = {
        "form_id": form_id,
        "period": settings.fieldwork.get(form_id, settings.first_year),
        "roles": settings.roles.get(form_id, Roles()),
    }
    return checked(Profile, content, path, study, known)


def read_yaml(study: Study, path: Path) -> Mapping[str, Any]:
    """A YAML file's mapping, with line numbers.

    Raises:
        SurveyError: SYN-001, it is no YAML.
    """
    try:
        return load_yaml(path.read_text(encoding="utf-8")) or {}
    except (MarkedYAMLError, UnicodeDecodeError) as error:
        place = Place(file=study.shown(path))
        raise SurveyError([problem("SYN-001", "This is not YAML.", place)]) from error


def checked(
    model: type[Model],
    content: Mapping[str, Any],
    path: Path,
    study: Study,
    known: Mapping[str, Any],
) -> Model:
    """The content as a model, with what is known from elsewhere.

    Raises:
        SurveyError: SYN-001, every part that is wrong, with its line.
    """
    try:
        return model.model_validate({**content, **known})
    except ValidationError as error:
        raise SurveyError(
            problem(
                "SYN-001",
                f"{'.'.join(str(part) for part in wrong['loc'])}: {wrong['msg']}.",
                Place(file=study.shown(path), line=line_of(content, wrong["loc"])),
            )
            for wrong in error.errors(include_url=False, include_input=False)
        ) from error
