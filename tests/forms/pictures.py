"""The README's pictures of the Excel form: `python -m tests.forms.pictures [FORM LANGUAGE FOLDER]`.

A disturbed response of somebody who does not exist (SYNTHETIC), as LibreOffice shows the form.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
from PIL import Image, ImageChops

from pipeline.forms.excel_layout import lay_out
from tests.conformance.forms import OURS
from tests.conftest import PROJECT
from tests.forms.conformance.cases import Case, exported
from tests.libreoffice import save_anew

DOTS_PER_INCH = 110
SEED = 36
"""A round of disturbed responses, see `Case`."""
MOST_ROWS = 26


def main(form_id: str, language: str, target: Path) -> None:
    """Draw the cover and the beginning of the questions."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice") or "soffice"
    form = next(form for form in OURS if form.name == form_id)
    case = Case(form, language, SEED)
    layout = lay_out(form.questionnaire, language)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = exported(case, folder)
        sheets = ((layout.cover, "excel-cover"), (layout.questions, "excel-form"))
        for page, (sheet, picture) in enumerate(sheets, start=1):
            shown = folder / f"{picture}.xlsx"
            book = openpyxl.load_workbook(path, rich_text=True)
            for place, address, text in case.typed(path):
                book[place][address] = int(text) if text.isdecimal() else text
            _alone(book, sheet, wide=sheet == layout.questions)
            book.save(shown)
            (pdf,) = save_anew(soffice, [shown], folder, "pdf")
            drawn = folder / picture
            dots = [
                "-r",
                str(DOTS_PER_INCH),
                "-f",
                str(page),
                "-l",
                str(page),
                "-png",
                "-singlefile",
            ]
            subprocess.run(["pdftoppm", *dots, pdf, drawn], check=True)
            target.mkdir(parents=True, exist_ok=True)
            _trimmed(drawn.with_suffix(".png"), target / f"{picture}.png")


def _alone(book: openpyxl.Workbook, title: str, *, wide: bool) -> None:
    """Print all that a window shows of a sheet on one page."""
    sheet = book[title]
    if wide:
        sheet.print_area = f"C3:G{3 + MOST_ROWS}"
        sheet.print_title_rows = None
    sheet.row_breaks.brk = []
    sheet.page_setup.scale = None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
    sheet.oddFooter.left.text = sheet.oddFooter.right.text = None


def _trimmed(source: Path, target: Path) -> None:
    """Cut the white margins off, and keep few colours."""
    picture = Image.open(source).convert("RGB")
    edge = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    left, top, right, bottom = edge or (0, 0, *picture.size)
    shown = picture.crop((left - 8, top - 8, right + 8, bottom + 8))
    shown.quantize(64).save(target, optimize=True)


if __name__ == "__main__":
    form, language, folder = (*sys.argv[1:4], *("", "", "")[len(sys.argv) - 1 :])
    main(
        form or "organisation_profile",
        language or "en",
        Path(folder) if folder else PROJECT / "docs" / "images",
    )
