"""Invented words for open questions where a profile gives none; every one says SYNTHETIC."""

from random import Random

MARK = "SYNTHETIC"

_SENTENCES = {
    "en": ("Invented answer {n}.", "An invented remark, number {n}.", "Nothing real: {n}."),
    "zh-Hant": ("虛構回答 {n}。", "這是虛構的意見，編號 {n}。", "非真實內容 {n}。"),
    "ja": ("架空の回答{n}。", "これは架空の意見です（{n}）。", "実在しない内容{n}。"),
}


def sentence(language: str, random: Random) -> str:
    """A sentence in the language, in English where it is another."""
    chosen = random.choice(_SENTENCES.get(language, _SENTENCES["en"]))
    return marked(chosen.format(n=random.randrange(1000)))


def marked(text: str) -> str:
    """The text with SYNTHETIC before it, unless it says so already."""
    return text if text.startswith(MARK) else f"{MARK} {text}"
