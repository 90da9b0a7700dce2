"""Pictures of a form, drawn from the form's own words, colours and widths.

Drawn with Pillow and a font that holds every Chinese and Japanese character, since a form is
exported where no spreadsheet program may be at hand.
"""

import importlib.util
import io
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

from pipeline.forms.excel_slots import ANSWERED, BLANK, MISSING, NOT_ASKED, WRONG
from pipeline.forms.excel_states import AMBER, DARK_AMBER, DARK_RED, GREYED, PALE_GREY, PALE_RED
from pipeline.forms.excel_style import (
    ANSWER_FILL,
    GREY,
    INK,
    LINE,
    LINK,
    RED,
    WHITE,
    section_colour,
)
from pipeline.forms.guide_examples import Examples, Shown

_FILLS = {
    ANSWERED: WHITE,
    BLANK: ANSWER_FILL,
    MISSING: AMBER,
    NOT_ASKED: PALE_GREY,
    WRONG: PALE_RED,
}
_HEADING = "374151"
_WIDTHS = (90, 720, 470, 500)
"""Pixels of number, question, answer and remark."""
_PAD = 14
_SIZE, _SMALL, _LARGE = 26, 21, 34
_STEPS = 8
"""Shades between a ground and the ink on it; the edges of letters need no more."""


def questions_picture(examples: Examples, headings: tuple[str, str, str, str]) -> bytes:
    """The lines of the question sheet as a PNG."""
    canvas = _Canvas(sum(_WIDTHS) + 1)
    canvas.band([(text, WHITE) for text in headings], _HEADING)
    for line in examples.lines:
        canvas.line(line)
    return canvas.png()


def cover_picture(examples: Examples, title: str, to_do: str) -> bytes:
    """The cover's title, status line and list as a PNG."""
    canvas = _Canvas(sum(_WIDTHS) + 1)
    canvas.words(title, _LARGE, INK)
    canvas.bar(examples.status, AMBER, DARK_AMBER)
    canvas.bar(to_do, section_colour(0), WHITE)
    for number, label, message in examples.listed:
        canvas.item(number, label, message)
    return canvas.png()


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    spec = importlib.util.find_spec("notojp_matplotlib")
    folder = Path((spec.origin if spec else None) or "").parent / "fonts"
    return ImageFont.truetype(str(next(iter(sorted(folder.glob("*.otf"))))), size)


@lru_cache(maxsize=4096)
def _length(text: str, size: int) -> float:
    return _font(size).getlength(text)


def wrapped(text: str, width: float, size: int) -> list[str]:
    """Break a text into lines of a width in pixels: at spaces, or between wide characters."""
    lines, taken = [""], 0.0
    for piece in _pieces(text):
        shown = piece.rstrip()
        if piece == "\n":
            lines.append("")
            taken = 0.0
        elif taken + _length(shown, size) <= width or not lines[-1]:
            lines[-1] += piece
            taken += _length(piece, size)  # the font has no kerning: lengths add up
        else:
            lines.append(piece.lstrip())
            taken = _length(lines[-1], size)
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for mark in text:
        if mark == "\n" or ord(mark) > 0x2E7F:  # noqa: PLR2004 - where CJK begins
            pieces += [mark, ""]
        else:
            pieces[-1] += mark
            pieces += [""] if mark == " " else []
    return [piece for piece in pieces if piece]


@dataclass
class _Canvas:
    """A picture that grows downwards."""

    width: int
    height: int = 1
    image: Image.Image = field(init=False)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (self.width, 3000), "white")

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)

    def line(self, shown: Shown) -> None:
        """A question with its answer and remark, one row."""
        grey = shown.state == NOT_ASKED
        ink = GREYED if grey else INK
        _, question, answers, remarks_wide = (width - 2 * _PAD for width in _WIDTHS)
        label = wrapped(shown.label + (" *" if shown.required else ""), question, _SIZE)
        hint = wrapped(shown.hint, question, _SMALL) if shown.hint else []
        remark = wrapped(shown.remark, remarks_wide, _SMALL)
        tall = len(label) * 36 + len(hint) * 29
        height = max(tall, len(remark) * 29, 36) + 2 * _PAD
        around = PALE_GREY if grey else WHITE
        remarks = {NOT_ASKED: GREYED, MISSING: DARK_AMBER, WRONG: DARK_RED}.get(shown.state, GREY)
        left = 0
        for width, fill in zip(_WIDTHS, (around, around, _FILLS[shown.state], around), strict=True):
            box = (left, self.height, left + width, self.height + height)
            self.draw.rectangle(box, fill=f"#{fill}", outline=f"#{LINE}")
            left += width
        middle = self.height + height / 2
        number = f"#{GREYED if grey else section_colour(0)}"
        self.draw.text((_WIDTHS[0] / 2, middle), shown.number, number, _font(_SIZE), anchor="mm")
        top = middle - tall / 2
        for text in label:
            self._label(text, top, ink, is_last=shown.required and text is label[-1])
            top += 36
        self._column(hint, _WIDTHS[0] + _PAD, top, _SMALL, GREYED if grey else GREY)
        answer = _WIDTHS[0] + _WIDTHS[1] + _PAD
        colour = DARK_RED if shown.state == WRONG else INK
        self._column(wrapped(shown.answer, answers, _SIZE), answer, middle - 18, _SIZE, colour)
        self._column(remark, answer + _WIDTHS[2], middle - len(remark) * 14.5, _SMALL, remarks)
        self.height += height

    def _label(self, text: str, top: float, ink: str, *, is_last: bool) -> None:
        left, words = _WIDTHS[0] + _PAD, text.removesuffix("*") if is_last else text
        self.draw.text((left, top), words, f"#{ink}", _font(_SIZE))
        if is_last:
            star = left + _font(_SIZE).getlength(words)
            self.draw.text((star, top), "*", f"#{RED}", _font(_SIZE))

    def _column(self, lines: list[str], left: float, top: float, size: int, colour: str) -> None:
        step = 36 if size == _SIZE else 29
        for at, text in enumerate(lines):
            self.draw.text((left, top + at * step), text, f"#{colour}", _font(size))

    def band(self, texts: list[tuple[str, str]], fill: str) -> None:
        """A row of headings."""
        self.draw.rectangle((0, self.height, self.width, self.height + 52), fill=f"#{fill}")
        left = 0
        for width, (text, colour) in zip(_WIDTHS, texts, strict=True):
            place = (left + width / 2, self.height + 26)
            self.draw.text(place, text, f"#{colour}", _font(_SMALL), anchor="mm")
            left += width
        self.height += 52

    def words(self, text: str, size: int, colour: str) -> None:
        """Large words on white."""
        self.draw.text((_PAD, self.height + 8), text, f"#{colour}", _font(size))
        self.height += 68

    def bar(self, text: str, fill: str, colour: str) -> None:
        """A coloured bar with words."""
        self.draw.rectangle((0, self.height, self.width, self.height + 58), fill=f"#{fill}")
        place = (_PAD, self.height + 29)
        self.draw.text(place, text, f"#{colour}", _font(_SIZE), anchor="lm")
        self.height += 74

    def item(self, number: str, label: str, message: str) -> None:
        """A line of the list of what is missing or wrong."""
        name = wrapped(label, _WIDTHS[1] - 2 * _PAD, _SIZE)
        said = wrapped(message, _WIDTHS[2] + _WIDTHS[3] - 2 * _PAD, _SMALL)
        self._column([number], _PAD, self.height, _SIZE, INK)
        self._column(name, _WIDTHS[0], self.height, _SIZE, LINK)
        self._column(said, _WIDTHS[0] + _WIDTHS[1] + _PAD, self.height + 4, _SMALL, INK)
        self.height += max(len(name) * 36, len(said) * 29) + 10

    def png(self) -> bytes:
        """The picture, as high as it was used, in few colours."""
        made = io.BytesIO()
        used = self.image.crop((0, 0, self.width, self.height + 1))
        used.quantize(palette=_palette(), dither=Image.Dither.NONE).save(made, "PNG")
        return made.getvalue()


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """Every ground, every ink that stands on it, and the shades between them.

    The same for all pictures: to look for each picture's own colours takes longer than to draw it.
    """
    section = section_colour(0)
    pairs = [(WHITE, ink) for ink in (INK, GREY, RED, LINK, LINE, DARK_RED, DARK_AMBER, section)]
    pairs += [(PALE_GREY, GREYED), (ANSWER_FILL, INK), (PALE_RED, INK), (PALE_RED, DARK_RED)]
    pairs += [
        (PALE_GREY, RED),
        (AMBER, INK),
        (AMBER, DARK_AMBER),
        (_HEADING, WHITE),
        (section, WHITE),
    ]
    colours = [ImageColor.getrgb(f"#{one}") for pair in pairs for one in pair]
    shades = dict.fromkeys(
        tuple((a * (_STEPS - step) + b * step) // _STEPS for a, b in zip(ground, ink, strict=True))
        for ground, ink in zip(colours[::2], colours[1::2], strict=True)
        for step in range(_STEPS + 1)
    )
    made = Image.new("P", (1, 1))
    made.putpalette([value for shade in shades for value in shade])
    return made
