"""Languages of an XLSForm: `label::English (en)` names one, `label` alone is for all of them."""

import re
from collections.abc import Iterable, Mapping

from pipeline.questionnaire.model import ANY_LANGUAGE

_CODE = re.compile(r"\((?P<code>[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)\)\s*$")
_BARE_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_BY_NAME: dict[str, str] = {
    "english": "en",
    "french": "fr",
    "français": "fr",
    "francais": "fr",
    "spanish": "es",
    "español": "es",
    "portuguese": "pt",
    "português": "pt",
    "german": "de",
    "deutsch": "de",
    "arabic": "ar",
    "العربية": "ar",
    "japanese": "ja",
    "日本語": "ja",
    "chinese": "zh",
    "中文": "zh",
    "korean": "ko",
    "한국어": "ko",
    "russian": "ru",
    "русский": "ru",
    "ukrainian": "uk",
    "swahili": "sw",
    "hindi": "hi",
}
_TRADITIONAL = re.compile("[繁正][體体]|臺灣|台灣|traditional", re.IGNORECASE)
_SIMPLIFIED = re.compile("简体|簡體|簡体|simplified", re.IGNORECASE)


def language_codes(names: Iterable[str]) -> Mapping[str, str]:
    """A short code for each language name, in order; made of the name where codes would clash.

    Args:
        names: as the form writes them, `English (en)`, `english`, `繁體中文 (zh)`.
    """
    codes: dict[str, str] = {}
    for name in names:
        if name == ANY_LANGUAGE:
            continue
        code = _code(name)
        while code in codes.values():
            longer = _from_name(name)
            code = f"{code}_" if code.startswith(longer) else longer
        codes[name] = code
    return codes


def _from_name(name: str) -> str:
    return re.sub(r"[^\w-]+", "_", name).strip("_") or "language"


def _code(name: str) -> str:
    in_brackets = _CODE.search(name)
    plain = name.strip().lower()
    if in_brackets:
        code = in_brackets["code"]
    elif _BARE_CODE.fullmatch(name):
        code = name
    else:
        code = _BY_NAME.get(plain, _from_name(name))
    if code == "zh" and _TRADITIONAL.search(name):
        return "zh-Hant"
    if code == "zh" and _SIMPLIFIED.search(name):
        return "zh-Hans"
    return code
