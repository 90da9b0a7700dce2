"""The hash that says which definition of a questionnaire a form was made from."""

import json

from pipeline.questionnaire.model import Questionnaire
from pipeline.store import sha256_bytes


def definition_hash(questionnaire: Questionnaire) -> str:
    """SHA-256 of the whole definition, as 64 hexadecimal digits.

    Two questionnaires have the same hash exactly when they are equal and name their languages in
    the same order: how the YAML is written, whether a block was included, and the name of the file
    that a form was imported from do not matter.
    """
    content = questionnaire.model_dump(
        mode="json", exclude_defaults=True, exclude={"imported_from"}
    )
    content["languages"] = list(questionnaire.languages.items())
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256_bytes(text.encode("utf-8"))
