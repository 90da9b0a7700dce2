"""How much of a label or text each format holds; what is longer is shortened where all can see it.

Source: IBM SPSS Statistics (variable labels 256 bytes, value labels 120 bytes); Stata, help limits
(labels of variables 80 characters, str1 to str2045).
"""

from collections.abc import Iterator

from pipeline.delivery.problems import refusal, warning
from pipeline.delivery.variables import Form, Table, Variable
from pipeline.errors import Problem

SPSS_LABEL = 255
SPSS_VALUE_LABEL = 120
SPSS_FILE_LABEL = 64
STATA_LABEL = 80
STATA_TEXT = 2045
ELLIPSIS = "…"
_READ_AS_MISSING = (
    "#N/A N/A NA NULL NaN None n/a nan null <NA> -NaN -nan 1.#IND 1.#QNAN #NA -1.#IND -1.#QNAN"
)
NOT_TEXT = frozenset(_READ_AS_MISSING.split())


def shorten_bytes(text: str, longest: int) -> str:
    """The text, or its beginning with an ellipsis that fits into so many bytes of UTF-8."""
    data = text.encode()
    if len(data) <= longest:
        return text
    kept = data[: longest - len(ELLIPSIS.encode())].decode(errors="ignore")
    return kept.rstrip() + ELLIPSIS


def shorten(text: str, longest: int) -> str:
    """The text, or its beginning with an ellipsis that fits into so many characters."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + ELLIPSIS


def check_limits(table: Table) -> Iterator[Problem]:
    """What SPSS and Stata would cut, one problem for a question and a kind of label."""
    for source in dict.fromkeys(variable.source for variable in table.variables):
        yield from _labels(source, [v for v in table.variables if v.source == source])
    for variable in table.variables:
        if variable.form is Form.TEXT:
            yield from _texts(variable, table)


def _labels(source: str, variables: list[Variable]) -> Iterator[Problem]:
    labels = [variable.label for variable in variables]
    values = {label for variable in variables for label in variable.all_labels.values()}
    too_long = {
        "SPSS": sum(len(label.encode()) > SPSS_LABEL for label in labels),
        "Stata": sum(len(label) > STATA_LABEL for label in labels),
    }
    for format_, times in too_long.items():
        if times:
            yield _shortened(source, f"{times} labels are too long for {format_}", "label")
    if times := sum(len(label.encode()) > SPSS_VALUE_LABEL for label in values):
        yield _shortened(source, f"{times} labels of choices are too long for SPSS", "choices")


def _shortened(source: str, what: str, rule: str) -> Problem:
    return warning(
        "DATA-005",
        f"{what}; there it ends in an ellipsis.",
        "Read the whole label in the codebook (.ddi.xml) or the .variables.csv.",
        source,
        rule=rule,
    )


def _texts(variable: Variable, table: Table) -> Iterator[Problem]:
    given = table.frame[variable.name].dropna()
    if (given.map(lambda text: len(text.encode())) > STATA_TEXT).any():
        yield refusal(
            "DATA-007",
            f"A text is longer than the {STATA_TEXT} bytes that Stata holds.",
            "Leave open texts out of the delivery.",
            variable.name,
        )
    if given.isin(list(NOT_TEXT)).any():
        yield warning(
            "DATA-015",
            "A text reads as missing in pandas or R, such as NA.",
            "Read the CSV with keep_default_na=False, or use the Parquet file.",
            variable.name,
        )
