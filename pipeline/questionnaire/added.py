"""What recoding adds to a questionnaire: choices that "other" answers asked for, and codes.

The form that goes out is not touched. What came back is read, checked, labelled and delivered by
the questionnaire with what was added, so that a code frame's codes are choices like any other.
"""

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from pipeline.questionnaire.model import Choice, Group, Node, Question, Questionnaire, Repeat
from pipeline.questionnaire.parts import Frozen
from pipeline.store import write_text

ADDED = "added.json"
"""Name of the file in `processed/FORM`."""


class Added(Frozen):
    """What is added to one questionnaire.

    Attributes:
        choices: list -> choices that follow its own; a new list where there is none.
        questions: question -> the question that follows it and holds its codes.
    """

    choices: dict[str, tuple[Choice, ...]] = Field(default_factory=dict)
    questions: dict[str, Question] = Field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.choices or self.questions)


def joined(one: Added, other: Added) -> Added:
    """What two pieces of work add, together; they never add to the same list or question."""
    return Added(
        choices={**one.choices, **other.choices}, questions={**one.questions, **other.questions}
    )


def with_added(questionnaire: Questionnaire, added: Added) -> Questionnaire:
    """The questionnaire with choices and questions added; its own names come first.

    A choice that the questionnaire has meanwhile itself stays as the questionnaire has it.
    """
    if not added:
        return questionnaire
    choices = dict(questionnaire.choices)
    for name, fresh in added.choices.items():
        own = choices.get(name, ())
        known = {choice.name for choice in own}
        choices[name] = (*own, *(choice for choice in fresh if choice.name not in known))
    survey = tuple(_followed(questionnaire.survey, added.questions))
    return questionnaire.model_copy(update={"choices": choices, "survey": survey})


def _followed(nodes: tuple[Node, ...], questions: dict[str, Question]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Group | Repeat):
            yield node.model_copy(update={"questions": tuple(_followed(node.questions, questions))})
            continue
        yield node
        if node.name in questions:
            yield questions[node.name]


def write_added(added: Added, folder: Path) -> tuple[Path, ...]:
    """Keep what was added beside the answers in `processed/FORM`; nothing added leaves no file."""
    path = folder / ADDED
    if not added:
        path.unlink(missing_ok=True)
        return ()
    text = added.model_dump_json(indent=1, exclude_defaults=True)
    write_text(path, text + "\n", mode=0o600)
    return (path,)


def as_processed(questionnaire: Questionnaire, folder: Path) -> Questionnaire:
    """The questionnaire by which the answers in `processed/FORM` are to be read."""
    path = folder / ADDED
    if not path.is_file():
        return questionnaire
    return with_added(questionnaire, Added.model_validate_json(path.read_text(encoding="utf-8")))
