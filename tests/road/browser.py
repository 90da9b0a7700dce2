"""Chromium without a screen, driven over its own pipe: what a page asks for and complains of."""

import base64
import itertools
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--remote-debugging-pipe",
)
_NO_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND"
_READS, _WRITES = 3, 4
"""The descriptors on which Chromium expects and gives messages, each ended by a zero byte."""

_COMPLAINTS = {"Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"}


@dataclass
class Opened:
    """What happened while a page was open.

    Attributes:
        requests: every address that the browser asked for.
        complaints: errors, warnings and whatever else went to the console.
        answer: what the script gave back.
    """

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    answer: Any = None


class Browser:
    """A running Chromium."""

    def __init__(self, reader: int, writer: int) -> None:
        self._messages = self._read(reader)
        self._writer = writer
        self._numbers = itertools.count(1)

    @classmethod
    @contextmanager
    def start(cls, chromium: str, profile: Path) -> Iterator[Self]:
        """Start it with an empty profile and no network; it ends with the block."""
        to_browser, from_browser = os.pipe(), os.pipe()
        # The numbers are given in a shell: they may be in use in this process.
        join = f'exec "$@" {_READS}<&{to_browser[0]} {_WRITES}>&{from_browser[1]}'
        process = subprocess.Popen(
            ["bash", "-c", join, "-", chromium, *_FLAGS, _NO_NETWORK, f"--user-data-dir={profile}"],
            pass_fds=(to_browser[0], from_browser[1]),
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        os.close(to_browser[0])
        os.close(from_browser[1])
        browser = cls(from_browser[0], to_browser[1])
        try:
            yield browser
            browser._ask("Browser.close")
        finally:
            process.terminate()
            process.wait(timeout=30)
            os.close(from_browser[0])
            os.close(to_browser[1])

    def open(
        self, address: str, script: str, *, width: int | None = None, media: str = ""
    ) -> Opened:
        """Open a page, run a script in it once it has loaded, and close it.

        Args:
            address: of the page.
            script: its value is `Opened.answer`.
            width: of the window, in pixels; by default the browser's own.
            media: `print` to see it as it is printed.
        """
        opened = Opened()
        target, session = self._loaded_page(address, opened, width=width, media=media)
        found = self._ask(
            "Runtime.evaluate",
            {"expression": script, "returnByValue": True, "awaitPromise": True},
            session=session,
            seen=opened,
        )
        opened.answer = found["result"].get("value")
        self._ask("Target.closeTarget", {"targetId": target}, seen=opened)
        return opened

    def pdf(self, address: str) -> bytes:
        """The page as it is printed on A4."""
        target, session = self._loaded_page(address, Opened())
        asked = {"preferCSSPageSize": True, "printBackground": True}
        printed = self._ask("Page.printToPDF", asked, session=session)
        self._ask("Target.closeTarget", {"targetId": target})
        return base64.b64decode(printed["data"])

    def _loaded_page(
        self, address: str, opened: Opened, *, width: int | None = None, media: str = ""
    ) -> tuple[str, str]:
        """The target and session of a page that has been loaded."""
        target = self._ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        attach = {"targetId": target, "flatten": True}
        session = self._ask("Target.attachToTarget", attach)["sessionId"]
        for domain in ("Runtime", "Log", "Network", "Page"):
            self._ask(f"{domain}.enable", session=session)
        if width:
            size = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
            self._ask("Emulation.setDeviceMetricsOverride", size, session=session)
        if media:
            self._ask("Emulation.setEmulatedMedia", {"media": media}, session=session)
        self._ask("Page.navigate", {"url": address}, session=session, seen=opened)
        self._wait_until_loaded(opened)
        return target, session

    def _wait_until_loaded(self, opened: Opened) -> None:
        if self._loaded:
            return
        for message in self._messages:
            self._note(message, opened)
            if self._loaded:
                return

    def _ask(
        self,
        method: str,
        parameters: object = None,
        *,
        session: str | None = None,
        seen: Opened | None = None,
    ) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        self._loaded = False
        os.write(self._writer, json.dumps(message).encode() + b"\0")
        for answer in self._messages:
            if answer.get("id") == number:
                assert "error" not in answer, answer["error"]
                return answer["result"]
            self._note(answer, seen or Opened())
        raise AssertionError("Chromium ended")

    def _note(self, message: dict[str, Any], opened: Opened) -> None:
        method, told = message.get("method", ""), message.get("params", {})
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Network.requestWillBeSent":
            opened.requests.append(told["request"]["url"])
        elif method in _COMPLAINTS:
            opened.complaints.append(json.dumps(told))

    @staticmethod
    def _read(reader: int) -> Iterator[dict[str, Any]]:
        rest = b""
        while piece := os.read(reader, 1 << 16):
            *whole, rest = (rest + piece).split(b"\0")
            yield from map(json.loads, whole)


def outside(requests: Sequence[str]) -> list[str]:
    """The addresses that do not lie on this machine's disk or in the page itself."""
    return [address for address in requests if not address.startswith(("file:", "data:"))]
