"""Save under a password: SOFFICE PROFILE SOURCE TARGET FILTER; run by Debian's Python."""

import subprocess
import sys
import time

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

soffice, profile, source, target, kind = sys.argv[1:]
office = subprocess.Popen(
    [
        soffice,
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        "--norestore",
        "--accept=pipe,name=hostile;urp;",
    ]
)
local = uno.getComponentContext()
find = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for _ in range(240):
    try:
        there = find.resolve("uno:pipe,name=hostile;urp;StarOffice.ComponentContext")
        break
    except NoConnectException:
        time.sleep(0.5)
desk = there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)


def value(name: str, what: object) -> object:
    return PropertyValue(name, 0, what, 0)


hidden = (value("Hidden", what=True),)
document = desk.loadComponentFromURL(f"file://{source}", "_blank", 0, hidden)
locked = (value("FilterName", kind), value("Password", "SYNTHETIC"))
document.storeToURL(f"file://{target}", locked)
document.close(True)  # noqa: FBT003 - LibreOffice takes no keywords
desk.terminate()
office.wait(60)
