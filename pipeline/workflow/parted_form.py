"""A form of which more came back than is cleaned at once, before its parts are."""

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.cleaning.batch import MAIN
from pipeline.cleaning.other_texts import specified
from pipeline.parts.clean import Common
from pipeline.parts.engines import Engine
from pipeline.parts.plan import Plan, plan_parts
from pipeline.parts.reading import Read
from pipeline.responses import Responses
from pipeline.study import Study
from pipeline.workflow.asked import corrections_of
from pipeline.workflow.recoded import Recoding, read_recoding

if TYPE_CHECKING:
    from pipeline.questionnaire.model import Questionnaire

_ABSENT = ("absent_column", "key_missing")
_FILE, _ID = "source_file", "response_id"


class PartedForm:
    """What is known of a form before its parts are cleaned.

    Args:
        study: the study folder.
        questionnaire: the form as it went out.
        read: what came back, in parts.
    """

    def __init__(self, study: Study, questionnaire: "Questionnaire", read: Read) -> None:
        self.study, self.original, self.read = study, questionnaire, read
        self.name = questionnaire.form_id
        self.recoding: Recoding = read_recoding(study, questionnaire)
        self.form = self.recoding.form
        self.log = corrections_of(study, {self.name: questionnaire})

    @cached_property
    def common(self) -> Common:
        """What the cleaning of every part has to know."""
        from pipeline.privacy.consent import withdrawn

        told = self.read.issues
        absent = told["code"].isin(_ABSENT) & told["question"].notna()
        return Common(
            read=replace(self.read, issues=told[absent].reset_index(drop=True)),
            original=self.original,
            form=self.form,
            settings=self.study.settings,
            decisions=self.recoding.decisions,
            frame=self.recoding.frame,
            gone=withdrawn(self.study),
        )

    @cached_property
    def audits(self) -> tuple["pd.Series[float] | None", pd.DataFrame]:
        """Minutes at work by response_id, out of ODK's audit logs, and what is wrong with these."""
        from pipeline.returns.audit_log import active_minutes
        from pipeline.returns.manifest import AUDITS, read_manifest

        listed = read_manifest(self.study)
        logs = any(row.form == AUDITS for row in listed)
        wanted = self.read.names if logs else self.read.names[:1]
        frames = [self.read.sealed.read(name, MAIN, [_ID, _FILE]) for name in wanted]
        main = pd.concat(frames, ignore_index=True) if logs else frames[0][:0]
        responses = Responses(self.name, main)
        return active_minutes(self.study, responses, listed, self.study.settings.caps)

    @cached_property
    def named(self) -> tuple[str, ...]:
        """Questions whose texts people decide about: organisations' names, others, open answers."""
        pairs = specified(self.form)
        coded = self.recoding.frame.questions if self.recoding.frame else {}
        wanted = [
            *self.common.roles.organisations,
            *(name for pair in pairs for name in (pair.question.name, pair.text.name)),
            *coded,
        ]
        return tuple(dict.fromkeys(wanted))

    def plan(self, engine: Engine) -> Plan:
        """Which part cleans what; the engine looks at each of them."""
        return plan_parts(self.common.read, self.form, self.study.settings, self.log, engine)
