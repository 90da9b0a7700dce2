"""The definition hash: the same definition gives the same hash, any other another."""

import pytest

from pipeline.questionnaire.definition import definition_hash
from pipeline.questionnaire.load import load

FORM = """\
form_id: visit
title: {en: Visit, ja: 訪問}
default_language: en
languages: {en: English (en), ja: 日本語 (ja)}
choices:
  l: [{name: a, label: {en: A, ja: あ}}]
survey:
  - {name: q, type: select_one l, label: {en: Q, ja: 問}}
"""


def test_how_the_yaml_is_written_does_not_matter(written):
    """Comments, order of keys, quotes and blocks leave the hash as it is."""
    plain = load(written(visit=FORM))
    other = load(
        written(
            visit="""\
            # a comment
            title: {ja: 訪問, en: "Visit"}
            form_id: visit
            include: [blocks/lists.yaml]
            languages: {en: English (en), ja: 日本語 (ja)}
            default_language: en
            survey:
              - type: select_one l
                label: {ja: 問, en: Q}
                name: q
            """,
            blocks__lists="choices: {l: [{label: {en: A, ja: あ}, name: a}]}",
        )
    )

    assert definition_hash(other) == definition_hash(plain)
    imported = plain.model_copy(update={"imported_from": "visit.xlsx"})
    assert definition_hash(imported) == definition_hash(plain)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: q", "name: p"),
        ("ja: 問", "ja: 門"),
        ("name: a,", "name: b,"),
        ("{en: English (en), ja: 日本語 (ja)}", "{ja: 日本語 (ja), en: English (en)}"),
        ("label: {en: Q, ja: 問}}", "label: {en: Q, ja: 問}, required: false}"),
        ("label: {en: Q, ja: 問}}", "label: {en: Q, ja: 問}, sensitivity: quasi}"),
    ],
)
def test_any_change_of_the_definition_changes_the_hash(written, old, new):
    before = load(written(visit=FORM))
    after = load(written(visit=FORM.replace(old, new)))

    assert definition_hash(after) != definition_hash(before)


def test_the_hash_stays_the_same_from_version_to_version(written):
    """A form in the field is recognised by later versions of this program: do not change it."""
    assert (
        definition_hash(load(written(visit=FORM)))
        == "f7dd63e98baadce106eee2f111afa322ad55b90d76b86fbf6800873339874bf0"
    )
