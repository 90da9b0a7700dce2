"""XLSForm's `begin loop over LIST`, written out: a group for each choice of the list.

Source: pyxform.builder.SurveyElementBuilder._create_loop_from_dict.
"""

from typing import Any

from pipeline.questionnaire.model import ANY_LANGUAGE, Choice, Group, words


def write_out_loop(group: Group, choices: tuple[Choice, ...]) -> Group:
    """The loop's questions once for each choice but `none`, `%(name)s` and `%(label)s` filled in.

    Args:
        group: the loop as a group, with its questions once.
        choices: the list that it runs over.
    """
    content = group.model_dump(exclude_defaults=True)
    columns = [
        {
            "group": choice.name,
            "label": choice.label,
            "questions": [_filled(node, choice, ANY_LANGUAGE) for node in content["questions"]],
        }
        for choice in choices
        if choice.name != "none"
    ]
    return Group.model_validate({**content, "questions": columns})


def _filled(value: Any, choice: Choice, language: str) -> Any:
    if isinstance(value, dict):
        return {key: _filled(part, choice, key) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(part, choice, language) for part in value]
    if not isinstance(value, str):
        return value
    label = words(choice.label, language)
    return value.replace("%(name)s", choice.name).replace("%(label)s", label)
