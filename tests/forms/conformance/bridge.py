"""For scripts run by the Python that has LibreOffice's bridge: one start of LibreOffice."""

import contextlib
import os
import subprocess
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


@contextlib.contextmanager
def running_office(soffice, profile):
    """Start LibreOffice; gives its context and desktop, and ends it afterwards."""
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
        yield context, desktop
        desktop.terminate()
        office.wait(timeout=PATIENCE_SECONDS)
    finally:
        office.kill()
