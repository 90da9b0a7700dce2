"""The list of functions as a page; `python -m pipeline.expression.functions_page` writes it."""

from pathlib import Path

from pipeline.expression.functions import FUNCTIONS, Function

PAGE = Path(__file__).resolve().parents[2] / "docs" / "functions.md"
_HEAD = """\
# Functions of the expression language

ODK's functions, as `relevant`, `constraint`, `calculation`, `choice_filter` and their like may use
them. Operators: `or and = != < <= > >= + - * div mod`. `${name}` is the answer to a question, `.`
the answer being given, `..` the instance around it.

What ODK Collect and ODK Web Forms read differently, `survey check` warns at, with what to write
instead. What Excel 2010 cannot say without macros, the Excel form says in words; the check is made
after return.

| function | means | gives | in Excel | where the engines differ |
|---|---|---|---|---|
"""


def functions_page() -> str:
    """The page, a row a function, in the order of the table."""
    return _HEAD + "".join(_row(function) for function in FUNCTIONS.values())


def _row(function: Function) -> str:
    excel = f"no: {function.no_excel}" if function.no_excel else "yes"
    cells = (f"`{_written(function)}`", function.means, function.gives, excel, function.differs)
    return f"| {' | '.join(str(cell).replace('|', '&#124;') for cell in cells)} |\n"


def _written(function: Function) -> str:
    least = len(function.takes) - function.optional
    names = [f"{kind}" if at < least else f"[{kind}]" for at, kind in enumerate(function.takes)]
    return f"{function.name}({', '.join([*names, *(['...'] if function.more else [])])})"


if __name__ == "__main__":
    PAGE.write_text(functions_page(), encoding="utf-8")
