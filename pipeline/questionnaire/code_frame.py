"""Code frames: by which codes open answers are coded, and by whom.

A frame lies in `instruments/code_frames/FORM.yaml`. Its codes become a question of their own after
the one that is coded, `NAME_codes`, with the codes as its choices: from there on they are checked,
tabulated, labelled and delivered like any other answer.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError
from ruamel.yaml.error import MarkedYAMLError

from pipeline.errors import Place, Problem, SurveyError
from pipeline.questionnaire.added import Added
from pipeline.questionnaire.model import Choice, Question, Questionnaire, Text
from pipeline.questionnaire.parts import Frozen
from pipeline.questionnaire.types import Storage
from pipeline.study import line_of
from pipeline.yaml_limits import load_yaml

CODES = {
    "FRAME-001": "A code frame cannot be read",
    "FRAME-002": "A wrong setting of a code frame",
    "FRAME-003": "A code frame of no open question",
    "FRAME-004": "A name that is taken",
}
FOLDER = "code_frames"
_END = "_codes"
_TWO = 2
_NAME = re.compile(r"[A-Za-z0-9_-]+")


class CodedQuestion(Frozen):
    """How the answers to one open question are coded.

    Attributes:
        label: of the column of codes; the question's own wording where it has none.
        most: how many codes an answer may have.
        codes: in the order in which they are shown; one of them should be for what fits no other.
    """

    label: Text | None = None
    most: int = Field(default=1, ge=1, le=8)
    codes: Annotated[tuple[Choice, ...], Field(min_length=2)]


class CodeFrame(Frozen):
    """The code frame of one form.

    Attributes:
        coders: the two who code every answer without knowing what the other has said.
        questions: question -> its codes.
    """

    coders: tuple[str, str]
    questions: dict[str, CodedQuestion]


def column_of(question: str) -> str:
    """The name of the question that holds the codes of an open one."""
    return f"{question}{_END}"


def frame_path(instruments: Path, form_id: str) -> Path:
    """Where the code frame of a form lies."""
    return instruments / FOLDER / f"{form_id}.yaml"


def read_code_frame(path: Path, form: Questionnaire, *, shown: str) -> CodeFrame | None:
    """Read the code frame of a form, None where it has none.

    Raises:
        SurveyError: FRAME-0xx, every problem with its line.
    """
    if not path.is_file():
        return None
    try:
        content = load_yaml(path.read_text(encoding="utf-8")) or {}
    except (MarkedYAMLError, UnicodeDecodeError) as error:
        raise SurveyError([_unreadable(error, shown)]) from error
    try:
        frame = CodeFrame.model_validate(content)
    except ValidationError as error:
        raise SurveyError(_wrong(error, content, shown)) from error
    if problems := list(_problems(frame, form, content, shown)):
        raise SurveyError(problems)
    return frame


def added_codes(frame: CodeFrame | None, form: Questionnaire) -> Added:
    """The questions and choice lists that a code frame adds to its form."""
    if frame is None:
        return Added()
    questions, choices = {}, {}
    for name, coded in frame.questions.items():
        kind = "select_one" if coded.most == 1 else "select_multiple"
        column = column_of(name)
        choices[column] = coded.codes
        questions[name] = Question(
            name=column,
            type=f"{kind} {column}",
            label=coded.label or form.by_name[name].question.label,
            relevant=f"${{{name}}} != ''",
        )
    return Added(choices=choices, questions=questions)


def _problems(frame: CodeFrame, form: Questionnaire, content: Any, shown: str) -> Iterator[Problem]:
    def problem(code: str, message: str, repair: str, *at: str) -> Problem:
        return Problem(code, message, repair, Place(file=shown, line=line_of(content, at)))

    if len(set(frame.coders)) < _TWO or not all(map(_NAME.fullmatch, frame.coders)):
        message = "Two coders are needed, with different names of letters, digits, _ and -."
        yield problem("FRAME-002", message, "Name them by codes, not by their own names.", "coders")
    for name, coded in frame.questions.items():
        item = form.by_name.get(name)
        if item is None or item.question.storage is not Storage.TEXT:
            message = f"{form.form_id} has no open question {name!r}."
            yield problem("FRAME-003", message, "Name a text question.", "questions", name)
        if column_of(name) in form.by_name or column_of(name) in form.choices:
            message = f"The form has a question or list {column_of(name)!r} already."
            yield problem("FRAME-004", message, "Rename that one.", "questions", name)
        names = [code.name for code in coded.codes]
        if len(set(names)) < len(names) or not all(map(_NAME.fullmatch, names)):
            message = "Codes need different names of letters, digits, _ and -."
            yield problem("FRAME-002", message, "Rename one of them.", "questions", name)


def _unreadable(error: Exception, shown: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    return Problem(
        "FRAME-001",
        f"This is not YAML: {getattr(error, 'problem', None) or 'the text is not UTF-8'}.",
        "Mend the line.",
        Place(file=shown, line=mark.line + 1 if mark else None),
    )


def _wrong(error: ValidationError, content: Any, shown: str) -> list[Problem]:
    return [
        Problem(
            "FRAME-002",
            f"{'.'.join(str(part) for part in wrong['loc'])}: {wrong['msg']}.",
            "Correct the setting or take it out.",
            Place(file=shown, line=line_of(content, wrong["loc"])),
        )
        for wrong in error.errors(include_url=False, include_input=False)
    ]
