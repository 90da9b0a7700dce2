"""What can be wrong with a returned Excel form: a code each, with its title."""

CODES: dict[str, str] = {
    "READ-001": "Not one of our Excel forms",
    "READ-002": "The hidden keys of the form were destroyed",
    "READ-003": "One question stands in the form twice",
    "READ-004": "Filled in on another form",
    "READ-005": "Cannot be opened as a workbook",
}

ISSUE_CODES: dict[str, str] = {
    "key_missing": "A question's line or column is no longer in the form",
    "key_unknown": "An answer beside a key that the form does not have",
    "answer_without_key": "Something was written where no question is",
    "formula_answer": "An answer cell holds a formula",
    "merged_answer": "Answer cells were merged",
    "macros": "The workbook holds macros",
    "external_link": "The workbook holds links to other files, or objects of other programs",
    "hidden_answer": "An answer stands in a hidden row",
    "unclear_tick": "A tick cell holds something other than a tick",
    "unclear_rank": "The order of the choices is not clear",
    "no_key": "A row of a table of respondents has no serial number",
    "no_parent_row": "A row of a table does not say to which row it belongs",
    "unknown_version": "Filled in on a version of the form that is not known",
    "unreadable_file": "A received file could not be read",
}

FOREIGN = {
    "macros": "The workbook holds macros, which no form of ours does; only its answers were read.",
    "external_link": "The workbook holds links to other files or objects of other programs; only "
    "its answers were read.",
}

EMPTY_FORM_REPAIR = (
    "Copy the answers into a new copy of the form, only into its yellow cells, and send that."
)
