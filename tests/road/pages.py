"""What stands on a page of the report, as a reader sees it."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

_ASKS = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)|\b(?:fetch|XMLHttpRequest|WebSocket)\b")
_VOID = {"meta", "img", "br", "hr", "link", "input", "col", "wbr"}
_UNSEEN = {"style", "script", "pre"}


@dataclass
class Page(HTMLParser):
    """One page, parsed.

    Attributes:
        addresses: every href, src, srcset, data, action and poster.
        anchors: what `#name` may point to.
        texts: what a reader reads, piece by piece; code and what is in another language (the
            languages to choose from) left out.
        code: contents of styles and scripts.
    """

    path: Path
    language: str = ""
    addresses: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    _open: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "html":
            self.language = given["lang"]
        if tag not in _VOID:
            self._open.append((tag, given.get("lang") or self._language_here))
        for name in ("href", "src", "srcset", "data", "action", "poster"):
            if name in given:
                self.addresses.append(given[name])
        for name in ("alt", "title", "aria-label"):
            if given.get(name):
                self._say(given[name])
        if given.get("id"):
            self.anchors.add(given["id"])

    def handle_endtag(self, tag):
        while self._open:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data):
        within = {tag for tag, _ in self._open}
        if within & {"style", "script"}:
            self.code.append(data)
        elif not within & _UNSEEN:
            self._say(data)

    def _say(self, text):
        if text.strip() and self._language_here == self.language:
            self.texts.append(" ".join(text.split()))

    @property
    def _language_here(self) -> str:
        return self._open[-1][1] if self._open else self.language

    @cached_property
    def asks_the_network(self) -> list[str]:
        """Whatever in it would make a browser ask another machine."""
        elsewhere = [one for one in self.addresses if re.match(r"(?i)\s*(\w+:)?//", one)]
        return elsewhere + [found for text in self.code for found in _ASKS.findall(text)]
