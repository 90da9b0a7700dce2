"""XLSForm in, questionnaire, XLSForm out: pyxform makes the same XForm of both.

Compared as canonical XML. Names that pyxform makes of row numbers (`table-list` headings) are
compared without the number, since empty rows are not carried.
"""

import re

import pytest
from lxml import etree
from pyxform.xls2xform import convert

from pipeline.forms.xform import xform_text
from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.questionnaire.load import load
from pipeline.questionnaire.to_yaml import to_yaml
from tests.questionnaire.xlsforms import FORMS

_ROW_NUMBERED = re.compile(r"(generated_table_list_label_|reserved_name_for_field_list_labels_)\d+")


def canonical(xform: str) -> str:
    tree = etree.fromstring(_ROW_NUMBERED.sub(r"\1N", xform).encode())
    return etree.tostring(tree, method="c14n").decode().replace("><", ">\n<")


@pytest.mark.parametrize("form", FORMS)
def test_the_xform_is_the_same(xlsform, tmp_path, form):
    """Through the YAML too: what is exported later is what was loaded."""
    path = xlsform(FORMS[form])
    original = convert(path).xform
    written = tmp_path / "form.yaml"
    written.write_text(to_yaml(read_xlsform(path)[0]), encoding="utf-8")

    ours, _ = xform_text(load(written))

    assert canonical(ours) == canonical(original)
