"""What no engine follows: one refusal each, so that all engines say the same."""

from pipeline.errors import SurveyError
from pipeline.expression.problems import refuse
from pipeline.expression.tree import Expression, Node


def more_than_one(name: str) -> SurveyError:
    """A question that has several answers where one is needed."""
    return refuse(
        "EXPR-020",
        f"'{name}' has more than one answer here.",
        "Say which one with indexed-repeat(), or take them together with sum(), count() or join().",
    )


def no_function(name: str, at: Expression) -> SurveyError:
    """A function that the table does not have."""
    return refuse("EXPR-011", f"There is no function {name}().", "Correct its name.", at)


def wrong_count(name: str, at: Expression) -> SurveyError:
    """A function with more or fewer arguments than it takes."""
    message = f"{name}() does not take so many arguments."
    return refuse("EXPR-012", message, "See docs/functions.md.", at)


def not_remade(name: str, at: Expression) -> SurveyError:
    """A function whose value is another one each time."""
    message = f"{name}() cannot be worked out again."
    return refuse("EXPR-022", message, "Keep the value that came with the response.", at)


def unknown_before(at: Expression) -> SurveyError:
    """The response saved before."""
    message = "The response saved before is not known here."
    return refuse("EXPR-022", message, "Keep the value that came with the response.", at)


def unreadable(at: Expression) -> SurveyError:
    """A pattern that cannot be read."""
    return refuse("EXPR-019", "The pattern cannot be read.", "Write a simpler one.", at)


def no_list(name: str, at: Expression) -> SurveyError:
    """A choice list that the form does not have."""
    return refuse("EXPR-017", f"There is no choice list '{name}'.", "Add it to choices.", at)


def unlooked(at: Expression) -> SurveyError:
    """Something that has no nodes to look up."""
    message = "Only a question, a repeat or a list can be looked into."
    return refuse("EXPR-023", message, "Write ${name}.", at)


def no_name(at: Expression) -> SurveyError:
    """An argument that names neither a question nor a repeat."""
    message = "A question or repeat must stand here."
    return refuse("EXPR-023", message, "Write ${name}.", at)


def stars(at: Expression) -> SurveyError:
    """A path to no question."""
    return refuse("EXPR-023", "'*' and '@' stand for no question.", "Write ${name}.", at)


def outer(at: Expression) -> SurveyError:
    """`current()` in a filter on a repeat: the engines take it for different nodes."""
    message = "current() inside brackets behind a repeat is read in different ways."
    return refuse("EXPR-023", message, "Put it into a calculation of its own.", at)


def unrepeated(name: str, at: Node) -> SurveyError:
    """A condition on what there is only one of."""
    message = f"'{name}' is no repeat, so nothing in it can be chosen by a condition."
    return refuse("EXPR-023", message, "Take the brackets out.", at)
