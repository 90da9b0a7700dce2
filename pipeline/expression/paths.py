"""What kind of path a path is, and what it names."""

from pipeline.expression.refusals import no_name, stars, unlooked
from pipeline.expression.tree import (
    Call,
    Expression,
    Filtered,
    Path,
    Reference,
    Step,
    Text,
    named_steps,
)


def is_list(expression: Expression) -> bool:
    """Whether a path goes into a choice list: `instance('list')/root/item/label`."""
    match expression:
        case Path(Call("instance")):
            return True
        case _:
            return False


def is_bare(path: Path) -> bool:
    """Whether a path is a plain name: a column of the list looked into."""
    first = path.steps[0].name
    return path.start is None and not path.absolute and first not in {".", ".."}


def is_outer(path: Path) -> bool:
    """Whether a path begins with `current()`."""
    return isinstance(path.start, Call) and path.start.name == "current"


def may_spread(expression: Expression) -> bool:
    """Whether an argument may stand for the answers of many instances."""
    return isinstance(expression, Reference | Path | Filtered)


def list_name(path: Path) -> str:
    """The list of a path into one.

    Raises:
        SurveyError: EXPR-023, its name is no plain text.
    """
    match path.start:
        case Call("instance", (Text(name),)):
            return name
        case _:
            raise unlooked(path)


def list_column(path: Path) -> str:
    """The column that a path into a list ends in, "" where it ends in the items themselves."""
    last = path.steps[-1].name
    return "" if last in {"root", "item"} else last


def steps_of(path: Path) -> list[Step]:
    """The steps that name a question or repeat, none for `..` alone.

    Raises:
        SurveyError: EXPR-023, a step is `*` or an attribute.
    """
    named = named_steps(path)
    if any(step.name == "*" or step.name.startswith("@") for step in named):
        raise stars(path)
    return named


def levels_up(path: Path) -> int:
    """How many `..` a path has."""
    return sum(step.name == ".." for step in path.steps)


def target(expression: Expression) -> str:
    """The name of the question or repeat that an argument points to.

    Raises:
        SurveyError: EXPR-023, it points to none.
    """
    match expression:
        case Reference(name):
            return name
        case Path(_, steps) if steps[-1].name not in {".", "..", "*"}:
            return steps[-1].name
        case _:
            raise no_name(expression)


def question_named(written: str) -> str:
    """The question in `jr:choice-name(..., '${question}')`."""
    name = written.strip().removeprefix("${").removesuffix("}").strip()
    return name.rpartition("/")[2]
