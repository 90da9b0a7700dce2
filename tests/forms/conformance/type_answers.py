"""Run by the Python that has LibreOffice's bridge: types answers into forms and saves them.

    /usr/bin/python3 type_answers.py SOFFICE PROFILE PLAN.json

The plan is a list of {"form", "typed": [[sheet, address, text], ...], "saved": {filter: path}}.
Everything goes through the window's own commands, as from a keyboard: to a cell, the text, Enter.
Says as JSON, for each, which cells a person could not have typed into.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

PATIENCE_SECONDS = 60


def named(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


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
    pipe = f"survey{os.getpid()}"
    office = subprocess.Popen(
        [
            soffice,
            f"-env:UserInstallation={Path(profile).as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
            "--headless",
            "--norestore",
        ]
    )
    try:
        context = connect(pipe)
        services = context.ServiceManager
        desktop = services.createInstanceWithContext("com.sun.star.frame.Desktop", context)
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
        desktop.terminate()
        office.wait(timeout=PATIENCE_SECONDS)
    finally:
        office.kill()


main(*sys.argv[1:])
