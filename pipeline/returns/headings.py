"""Whose column is it: the headings of an exported table, matched to the questions of a form.

KoboToolbox and ODK Central write the same question as `age`, `household/age`, `household-age`,
`household.age` or `household:age`, and each choice of a select_multiple as `water/well`. All
spellings are made from the questionnaire and looked up; nothing is matched by likeness.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.questionnaire.model import Item, Questionnaire
from pipeline.questionnaire.types import Storage
from pipeline.returns.versions import older_names

SEPARATORS = ("/", "-", ".", ":")

_CENTRAL = frozenset(
    [
        "SubmissionDate",
        "KEY",
        "PARENT_KEY",
        "SubmitterID",
        "SubmitterName",
        "AttachmentsPresent",
        "AttachmentsExpected",
        "Status",
        "ReviewState",
        "DeviceID",
        "Edits",
        "FormVersion",
        "instanceID",
        "instanceName",
    ]
)
_PLATFORM_PREFIXES = ("_", "meta/", "meta-", "SET-OF-", "formhub/")


def is_platform(heading: str) -> bool:
    """Whether KoboToolbox or ODK Central adds this column by itself (`_uuid`, `KEY`, ...)."""
    return heading in _CENTRAL or heading.startswith(_PLATFORM_PREFIXES)


@dataclass(frozen=True)
class Columns:
    """What each column of a table is; numbers count columns from 0.

    Attributes:
        questions: column -> question name.
        choices: column -> `parent/choice`.
        older: column -> question of an older version that the form's changes name, or
            `question/choice` of one.
        platform: column -> heading that the platform added.
        repeated: columns of something that another column already gave.
        unknown: columns that belong to nothing.
        absent: questions without a column, under this name or an older one.
    """

    questions: Mapping[int, str] = field(default_factory=dict)
    choices: Mapping[int, str] = field(default_factory=dict)
    older: Mapping[int, str] = field(default_factory=dict)
    platform: Mapping[int, str] = field(default_factory=dict)
    repeated: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Spellings:
    """How the questions of one table can be written."""

    items: Mapping[str, Item]
    paths: Mapping[str, str]
    questionnaire: Questionnaire
    former: Mapping[str, frozenset[str]]

    def name(self, heading: str) -> str | None:
        return heading if heading in self.items else None

    def path(self, heading: str) -> str | None:
        return self.paths.get(heading)

    def choice(self, heading: str) -> str | None:
        """`parent/choice` for a choice of a select_multiple; after a slash, for any."""
        for separator in ("/", ".", ":"):
            head, _, tail = heading.rpartition(separator)
            name = self.name(head) or self.path(head)
            if name is None or not tail:
                continue
            question = self.items[name].question
            if question.storage is not Storage.SELECT_MULTIPLE:
                continue
            if separator == "/" or tail in {
                choice.name for choice in self.questionnaire.choices_of(question)
            }:
                return f"{name}/{tail}"
        return None

    def older(self, heading: str) -> str | None:
        """A question of an older version, wherever it stood, or a choice of one."""
        head, slash, choice = heading.rpartition("/")
        names = [heading.rpartition(separator)[2] for separator in SEPARATORS]
        if name := next((name for name in names if name in self.former), None):
            return name
        name = head.rpartition("/")[2]
        return f"{name}/{choice}" if slash and choice and name in self.former else None

    def last(self, heading: str) -> str | None:
        _, slash, tail = heading.rpartition("/")
        return tail if slash and tail in self.items else None


def match_headings(
    questionnaire: Questionnaire, headings: Sequence[str], repeat: str | None = None
) -> Columns:
    """Say of each heading what it is.

    A heading is read as a question's name, else as its path, else as the choice of a
    select_multiple, else as the question that follows its last slash. All headings are read the
    first way before any is read the second, so a question's own name always wins.

    Args:
        questionnaire: the form.
        headings: the table's headings in order.
        repeat: the repeat whose table it is; None for the main table.
    """
    items = {item.name: item for item in questionnaire.answered(repeat)}
    former = older_names(questionnaire)
    spellings = _Spellings(items, _paths(items), questionnaire, former)
    readings: tuple[Callable[[str], str | None], ...] = (
        spellings.name,
        spellings.path,
        spellings.choice,
        spellings.last,
    )
    found, taken = dict[int, str](), set[str]()
    for reading in readings:
        for number, heading in enumerate(headings):
            meaning = reading(heading) if number not in found else None
            if meaning is not None and meaning not in taken:
                found[number] = meaning
                taken.add(meaning)
    return _sorted_out(headings, found, spellings)


def _sorted_out(
    headings: Sequence[str], found: Mapping[int, str], spellings: _Spellings
) -> Columns:
    older, platform = dict[int, str](), dict[int, str]()
    repeated, unknown = list[int](), list[int]()
    for number, heading in enumerate(headings):
        if number in found:
            continue
        if spellings.name(heading) or spellings.path(heading) or spellings.choice(heading):
            repeated.append(number)
        elif name := spellings.older(heading):
            if name in older.values():
                repeated.append(number)
            else:
                older[number] = name
        elif not is_platform(heading):
            unknown.append(number)
        elif heading in platform.values():
            repeated.append(number)
        else:
            platform[number] = heading
    items = spellings.items
    taken = set(found.values()).union(
        *(spellings.former[name.partition("/")[0]] for name in older.values())
    )
    return Columns(
        questions={number: name for number, name in found.items() if name in items},
        choices={number: name for number, name in found.items() if name not in items},
        older=older,
        platform=platform,
        repeated=tuple(repeated),
        unknown=tuple(unknown),
        absent=tuple(name for name in items if name not in taken),
    )


def _paths(items: Mapping[str, Item]) -> dict[str, str]:
    """Every spelling of a question's path, whole or from any group on -> the question's name.

    A spelling that two questions share belongs to neither.
    """
    found = dict[str, str]()
    shared = set[str]()
    for item in items.values():
        steps = (*item.path, item.question.name)
        for start in range(len(item.path)):
            for separator in SEPARATORS:
                spelling = separator.join(steps[start:])
                if found.setdefault(spelling, item.name) != item.name:
                    shared.add(spelling)
    return {spelling: name for spelling, name in found.items() if spelling not in shared}
