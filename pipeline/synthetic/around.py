"""Errors around the answers: older versions, correction logs, back-checks, copies touched up.

Each is planted in a submission that breaks no rule, so that exactly what is planted is found. They
need a form that declares changes of an older version, and a question with the role `original`;
where a form lacks them, the kinds that need them are left out.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from random import Random

from lxml import etree

from pipeline.questionnaire.model import Change
from pipeline.questionnaire.types import Filled, Storage
from pipeline.settings import Roles
from pipeline.store import write_bytes, write_text
from pipeline.synthetic.answers import Answers
from pipeline.synthetic.examine import examine
from pipeline.synthetic.form import Form
from pipeline.synthetic.planted import other_answers
from pipeline.synthetic.returned import Returned, Writer
from pipeline.synthetic.sentences import MARK
from pipeline.synthetic.spots import Spot, changed, spots
from pipeline.synthetic.truth import TruthRow

LOG_COLUMNS = ("uuid", "question", "old_value", "new_value", "change_type", "reason", "form")
NOBODY = f"{MARK}-nobody"
_CHANGE = "change_response"
_ENOUGH = 30

Exchange = tuple[Spot, str]


@dataclass
class Around:
    """Where errors around the answers are planted.

    Attributes:
        log: rows of the correction log, `LOG_COLUMNS`.
        fresh: gives a new key and number for a response that is added.
    """

    writer: Writer
    form: Form
    roles: Roles
    random: Random
    fresh: Iterator[tuple[int, str]]
    log: list[tuple[str, ...]] = field(default_factory=list)

    def plant(self, kind: str, one: Returned) -> list[TruthRow] | None:
        """Plant one error; None where this response does not take it."""
        return AROUND[kind](_Place(self, kind, one))

    def write_log(self) -> Path | None:
        """Write the correction log beside the returned files."""
        if not self.log:
            return None
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([LOG_COLUMNS, *self.log])
        path = self.writer.folder / f"{self.writer.stem}-log.csv"
        write_text(path, text.getvalue())
        return path


@dataclass
class _Place:
    """One response, and what is to be planted around it."""

    around: Around
    kind: str
    one: Returned

    @property
    def key(self) -> str:
        return self.one.instance_id

    @property
    def change(self) -> Change | None:
        """The newest change, and by its version what came before it is older."""
        changes = self.around.form.questionnaire.changes
        return changes[-1] if len(changes) > 1 else None

    def row(self, code: str, question: str = "", *, key: str | None = None) -> TruthRow:
        by = "issues" if code else ""
        whose = self.key if key is None else key
        return TruthRow(self.around.writer.stem, whose, question, "", self.kind, code, by)

    def write(self, one: Returned | None = None) -> Path:
        return self.around.writer.write(one or self.one)[0]

    def write_older(self, edit: Callable[[etree._Element], None]) -> None:
        """The submission as it came on the older version, with something changed in it."""
        older = self.around.form.questionnaire.changes[0].version
        path = self.write(replace(self.one, version=older))
        root = etree.fromstring(path.read_bytes())
        edit(root)
        write_bytes(path, etree.tostring(root, encoding="UTF-8", xml_declaration=True), mode=0o600)

    def log(self, question: str, old: str, new: str, kind: str = _CHANGE, key: str = "") -> None:
        form_id = self.around.form.questionnaire.form_id
        self.around.log.append((key or self.key, question, old, new, kind, MARK, form_id))

    def exchanges(self) -> Iterator[Exchange]:
        """A select_one outside repeats with another choice, so that no rule is broken."""
        form, answers = self.around.form, self.one.answers
        for spot in self.around.random.sample(found := self._choices(), len(found)):
            for other in other_answers(spot, form, self.around.random):
                exchanged = changed(answers, (), spot.item.name, other)
                if isinstance(other, str) and not examine(form, exchanged):
                    yield spot, other

    def answered(self) -> int:
        """How many questions outside repeats a person answered."""
        about = set(self.around.roles.model_dump().values())
        return sum(
            not spot.place
            and spot.given is not None
            and spot.item.question.row.filled is Filled.PERSON
            and spot.item.name not in about
            for spot in spots(self.around.form, self.one.answers)
        )

    def _choices(self) -> list[Spot]:
        about = set(self.around.roles.model_dump().values())
        return [
            spot
            for spot in spots(self.around.form, self.one.answers)
            if not spot.place
            and isinstance(spot.given, str)
            and spot.item.question.storage is Storage.SELECT_ONE
            and spot.item.name not in about
        ]

    def again(self, answers: Answers) -> str:
        """Write another response with these answers; gives back its key."""
        number, key = next(self.around.fresh)
        self.write(replace(self.one, number=number, instance_id=key, answers=answers))
        return key


def _older_name(at: _Place) -> list[TruthRow] | None:
    for old, new in (at.change.rename if at.change else {}).items():
        if at.one.answers.get(new):

            def rename(root: etree._Element, old: str = old, new: str = new) -> None:
                for element in root.iter(new):
                    element.tag = old

            at.write_older(rename)
            return [at.row("", new)]
    return None


def _older_choice(at: _Place) -> list[TruthRow] | None:
    for name, choices in (at.change.choices if at.change else {}).items():
        for old, new in choices.items():
            if at.one.answers.get(name) == new:

                def recode(root: etree._Element, name: str = name, old: str = old) -> None:
                    for element in root.iter(name):
                        element.text = old

                at.write_older(recode)
                return [at.row("choice_recoded", name)]
    return None


def _dropped(at: _Place) -> list[TruthRow] | None:
    for name in at.change.dropped if at.change else ():

        def add(root: etree._Element, name: str = name) -> None:
            etree.SubElement(root, name).text = MARK

        at.write_older(add)
        return [at.row("dropped_question", name, key="")]
    return None


def _undeclared(at: _Place) -> list[TruthRow] | None:
    def add(root: etree._Element) -> None:
        etree.SubElement(root, f"never_asked_{at.one.number}").text = MARK

    if at.change is None:
        return None
    at.write_older(add)
    return [at.row("unknown_node", key="")]


def _nearly_the_same(at: _Place) -> list[TruthRow] | None:
    if at.answered() < _ENOUGH:  # short interviews are alike by chance
        return None
    for spot, other in islice(at.exchanges(), 1):
        at.write()
        key = at.again(changed(at.one.answers, (), spot.item.name, other))
        return [at.row("soft_duplicate"), at.row("soft_duplicate", key=key)]
    return None


def _correction(at: _Place) -> list[TruthRow] | None:
    for spot, other in islice(at.exchanges(), 1):
        at.write()
        at.log(spot.item.name, str(spot.given), other)
        return [at.row("correction_applied", spot.item.name)]
    return None


def _correction_twice(at: _Place) -> list[TruthRow] | None:
    found = _correction(at)
    if found is None:
        return None
    at.around.log.append(at.around.log[-1])
    return [*found, at.row("correction_repeated", found[0].question)]


def _correction_of_another_value(at: _Place) -> list[TruthRow] | None:
    for spot, other in islice(at.exchanges(), 1):
        at.write()
        at.log(spot.item.name, f"{MARK}-other", other)
        return [at.row("correction_unfit", spot.item.name)]
    return None


def _corrections_that_contradict(at: _Place) -> list[TruthRow] | None:
    others: dict[str, list[Exchange]] = {}
    for spot, other in islice(at.exchanges(), 40):
        both = others.setdefault(spot.item.name, [])
        both.append((spot, other))
        if len(both) > 1:
            at.write()
            for held, new in both:
                at.log(held.item.name, str(held.given), new)
            return [at.row("correction_contradicts", spot.item.name)] * 2
    return None


def _correction_of_nobody(at: _Place) -> list[TruthRow] | None:
    at.write()
    name = next(iter(at.around.form.questionnaire.by_name))
    at.log(name, "", MARK, key=NOBODY)
    return [at.row("correction_unmatched", name, key=NOBODY)]


def _correction_of_no_question(at: _Place) -> list[TruthRow] | None:
    at.write()
    at.log(f"{MARK}_question", "", MARK)
    return [at.row("correction_unknown_question", f"{MARK}_question")]


def _correction_without_a_value(at: _Place) -> list[TruthRow] | None:
    for spot, _ in islice(at.exchanges(), 1):
        at.write()
        at.log(spot.item.name, str(spot.given), "")
        return [at.row("correction_unreadable", spot.item.name)]
    return None


def _removed(at: _Place) -> list[TruthRow] | None:
    at.write()
    at.log("", "", "", kind="remove_survey")
    return [at.row("removed_by_correction")]


def _back_check(at: _Place) -> list[TruthRow] | None:
    original = at.around.roles.original
    for spot, other in islice(at.exchanges(), 1) if original else ():
        at.write()
        answers = changed(at.one.answers, (), spot.item.name, other)
        key = at.again(changed(answers, (), str(original), at.key))
        return [
            at.row("back_check", str(original), key=key),
            at.row("back_check_differs", spot.item.name),
        ]
    return None


def _back_check_of_nobody(at: _Place) -> list[TruthRow] | None:
    original = at.around.roles.original
    if not original:
        return None
    at.write(replace(at.one, answers=changed(at.one.answers, (), original, NOBODY)))
    return [at.row("back_check_unmatched", original)]


AROUND: Mapping[str, Callable[[_Place], list[TruthRow] | None]] = {
    "older_name": _older_name,
    "older_choice": _older_choice,
    "dropped_question": _dropped,
    "undeclared_question": _undeclared,
    "nearly_the_same": _nearly_the_same,
    "correction": _correction,
    "correction_twice": _correction_twice,
    "correction_of_another_value": _correction_of_another_value,
    "corrections_that_contradict": _corrections_that_contradict,
    "correction_of_nobody": _correction_of_nobody,
    "correction_of_no_question": _correction_of_no_question,
    "correction_without_a_value": _correction_without_a_value,
    "response_removed": _removed,
    "back_check": _back_check,
    "back_check_of_nobody": _back_check_of_nobody,
}
"""Kinds of errors around the answers, by name; each writes the submission and tells the truth."""
