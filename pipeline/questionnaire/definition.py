"""The hash that says which definition of a questionnaire a form was made from."""

import json

from pipeline.questionnaire.model import Questionnaire
from pipeline.store import sha256_bytes


def definition_hash(questionnaire: Questionnaire) -> str:
    """SHA-256 of the whole definition, as 64 hexadecimal digits.

    Two questionnaires have the same hash exactly when they are equal and name their languages in
    the same order: spelling of the YAML, comments, and whether a block was included do not matter.
    """
    content = questionnaire.model_dump(mode="json", exclude_defaults=True)
    content["languages"] = list(questionnaire.languages.items())
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256_bytes(text.encode("utf-8"))
