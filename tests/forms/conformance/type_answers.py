"""Run by the Python that has LibreOffice's bridge: types answers into forms and saves them.

    /usr/bin/python3 type_answers.py SOFFICE PROFILE PLAN.json

The plan is a list of {"form", "typed": [[sheet, address, text], ...], "saved": {filter: path}}.
Everything goes through the window's own commands, as from a keyboard: to a cell, the text, Enter.
Says as JSON, for each, which cells a person could not have typed into.
"""

import json
import sys
from pathlib import Path

from bridge import named, running_office


def type_into(book, dispatcher, typed):
    """Type every answer; gives back the cells that refuse it."""
    window = book.CurrentController
    refused = []
    for name, address, text in typed:
        sheet = book.Sheets.getByName(name)
        cell = sheet.getCellRangeByName(address)
        if not sheet.isProtected() or cell.CellProtection.IsLocked or not cell.Rows.IsVisible:
            refused.append([name, address])
            continue
        window.setActiveSheet(sheet)
        frame = window.Frame
        dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, named(ToPoint=address))
        dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, named(StringName=text))
    return refused


def main(soffice, profile, plan):
    with running_office(soffice, profile) as (context, desktop):
        services = context.ServiceManager
        dispatcher = services.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", context
        )
        refused = []
        for work in json.loads(Path(plan).read_text(encoding="utf-8")):
            address = Path(work["form"]).as_uri()
            book = desktop.loadComponentFromURL(address, "_blank", 0, ())
            refused.append(type_into(book, dispatcher, work["typed"]))
            for name, path in work["saved"].items():
                book.storeToURL(Path(path).as_uri(), named(FilterName=name))
            book.close(True)  # noqa: FBT003 - UNO has no names for arguments
        sys.stdout.write(json.dumps(refused))


main(*sys.argv[1:])
