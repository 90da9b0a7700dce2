"""An XLSForm that was brought in and sent out again is the same form to every tablet.

The XForm that pyxform makes of the original file and the one that comes of our YAML are compared
as canonical XML (attributes in order, white space between elements dropped). Nothing else is
normalised; both are converted under the same name of the instance's root.
"""

from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from pyxform.xls2xform import convert

from pipeline.forms.xform import xform_text
from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.questionnaire.load import load
from pipeline.questionnaire.to_yaml import to_yaml
from tests.conftest import SHARED

FORMS = sorted([*SHARED.glob("xlsforms/*/*.xlsx"), *SHARED.glob("real-survey/form.xlsx")])
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def pyxforms_own(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith(OLD_EXCEL):
        # An .xls under the name .xlsx, which pyxform takes only when it is told.
        return convert(BytesIO(content), form_name="data", file_type=".xls").xform
    return convert(str(path), form_name="data").xform


def canonical(xform: str) -> bytes:
    tree = etree.fromstring(xform.encode(), etree.XMLParser(remove_blank_text=True))
    return etree.tostring(tree, method="c14n")


def test_the_forms_are_there(shared_dir):
    assert len(FORMS) >= 14


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_import_and_export_give_the_same_xform(path: Path, tmp_path):
    """The original by pyxform, and the original by way of our YAML, are one form."""
    questionnaire, _ = read_xlsform(path)
    target = tmp_path / f"{questionnaire.form_id}.yaml"
    target.write_text(to_yaml(questionnaire), encoding="utf-8")
    ours = xform_text(load(target))[0]
    assert canonical(ours) == canonical(pyxforms_own(path))
