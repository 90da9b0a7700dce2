"""Run by the Python that has LibreOffice's bridge: rearranges workbooks, as people do, and saves.

    /usr/bin/python3 rearrange.py SOFFICE PROFILE PLAN.json

The plan is a list of {"form", "change", "saved": {filter: path}}; a change is `rearrange` (sheets
renamed and put in another order, rows hidden, columns widened) or `destroy` (the column of keys is
deleted from every sheet).
"""

import json
import sys
from pathlib import Path

from bridge import named, running_office

HIDDEN_ROWS = range(7, 14)
WIDE = 12_000
"""Hundredths of a millimetre."""


def rearrange(book):
    book.unprotect("")
    names = [name for name in book.Sheets.ElementNames if not name.startswith("_")]
    for number, name in enumerate(names):
        sheet = book.Sheets.getByName(name)
        sheet.unprotect("")
        sheet.Columns.getByIndex(4).Width = WIDE
        for row in HIDDEN_ROWS if number else ():
            sheet.Rows.getByIndex(row).IsVisible = False
        sheet.Name = f"Something else {number}"
        book.Sheets.moveByName(sheet.Name, 0)


def destroy(book):
    for name in book.Sheets.ElementNames:
        sheet = book.Sheets.getByName(name)
        sheet.unprotect("")
        sheet.Columns.removeByIndex(0, 1)


CHANGES = {"rearrange": rearrange, "destroy": destroy}


def main(soffice, profile, plan):
    with running_office(soffice, profile) as (_, desktop):
        for work in json.loads(Path(plan).read_text(encoding="utf-8")):
            address = Path(work["form"]).as_uri()
            book = desktop.loadComponentFromURL(address, "_blank", 0, ())
            CHANGES[work["change"]](book)
            for name, path in work["saved"].items():
                book.storeToURL(Path(path).as_uri(), named(FilterName=name))
            book.close(True)  # noqa: FBT003 - UNO has no names for arguments
        sys.stdout.write("[]")


main(*sys.argv[1:])
