"""The stages in their order: a new stage is one file, and one line here."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from pipeline.cleaning.back_checks import back_checks
from pipeline.cleaning.batch import Batch
from pipeline.cleaning.calculate import calculate
from pipeline.cleaning.calculations import calculations
from pipeline.cleaning.choices import choices
from pipeline.cleaning.coding import coding
from pipeline.cleaning.constraints import constraints
from pipeline.cleaning.corrections import corrections
from pipeline.cleaning.double_entry import double_entry
from pipeline.cleaning.duplicates import duplicates
from pipeline.cleaning.engine import Clock
from pipeline.cleaning.instances import instances
from pipeline.cleaning.moments import Habits
from pipeline.cleaning.names import names
from pipeline.cleaning.recoding import recoding
from pipeline.cleaning.required import required
from pipeline.cleaning.skips import skips
from pipeline.cleaning.text import text
from pipeline.cleaning.versions import versions
from pipeline.questionnaire.code_frame import CodeFrame
from pipeline.settings import Blank, Checks, Roles, Settings


@dataclass(frozen=True)
class Parameters:
    """Everything that the stages have to know beside the form and the answers.

    Attributes:
        habits: how the study writes dates.
        clock: what `today()` rests on.
        blank: which rules blank an answer.
        roles: which question plays which part.
        is_keyed_twice: two returns under one serial are keyings of one paper.
        tolerance: share by which numbers of a back-check may differ.
        log: the corrections, or None.
        decisions: what reviewers and coders decided, `recoding.DECISION_COLUMNS`, or None.
        frame: by which open answers are coded, or None.
    """

    habits: Habits = field(default_factory=Habits)
    clock: Clock = field(default_factory=Clock)
    blank: Blank = field(default_factory=Blank)
    roles: Roles = field(default_factory=Roles)
    is_keyed_twice: bool = False
    tolerance: float = Checks().back_check_tolerance
    log: pd.DataFrame | None = field(default=None, compare=False)
    decisions: pd.DataFrame | None = field(default=None, compare=False)
    frame: CodeFrame | None = None


def parameters_of(
    settings: Settings,
    form_id: str,
    log: pd.DataFrame | None,
    decisions: pd.DataFrame | None = None,
    frame: CodeFrame | None = None,
) -> Parameters:
    """The parameters that a study's settings give for one form."""
    roles = settings.roles.get(form_id, Roles())
    return Parameters(
        habits=Habits(settings.day_first, settings.timezone),
        clock=Clock(roles, settings.timezone),
        blank=settings.blank,
        roles=roles,
        is_keyed_twice=form_id in settings.double_entry,
        tolerance=settings.checks.back_check_tolerance,
        log=log,
        decisions=decisions,
        frame=frame,
    )


@dataclass(frozen=True)
class Stage:
    """One stage: a pure function of a batch."""

    name: str
    work: Callable[[Batch, Parameters], Batch]


RAW_STAGES: tuple[Stage, ...] = (Stage("versions", lambda batch, _: versions(batch)),)
"""Stages on text as it came."""
STAGES: tuple[Stage, ...] = (
    Stage("text", lambda batch, given: text(batch, given.habits)),
    Stage(
        "double_entry",
        lambda batch, given: double_entry(batch, given.roles) if given.is_keyed_twice else batch,
    ),
    Stage("duplicates", lambda batch, given: duplicates(batch, given.roles)),
    Stage("corrections", lambda batch, given: corrections(batch, given.log, given.habits)),
    Stage("recoding", lambda batch, given: recoding(batch, given.decisions)),
    Stage("back_checks", lambda batch, given: back_checks(batch, given.roles, given.tolerance)),
    Stage("coding", lambda batch, given: coding(batch, given.frame, given.decisions)),
    Stage("calculate", lambda batch, given: calculate(batch, given.clock)),
    Stage("skips", lambda batch, given: skips(batch, given.clock, given.blank)),
    Stage("instances", lambda batch, given: instances(batch, given.clock)),
    Stage("required", lambda batch, given: required(batch, given.clock)),
    Stage("constraints", lambda batch, given: constraints(batch, given.clock)),
    Stage("choices", lambda batch, given: choices(batch, given.clock)),
    Stage("calculations", lambda batch, given: calculations(batch, given.clock)),
    Stage("names", lambda batch, given: names(batch, given.roles, given.decisions)),
)
