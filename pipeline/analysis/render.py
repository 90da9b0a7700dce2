"""Executed notebooks as pages: one self-contained HTML file each, which asks no network."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]

from pipeline.analysis.environment import PAGE
from pipeline.analysis.folding import Part, folded, parts_of
from pipeline.analysis.jupyter import (
    Highlight2HTML,
    HTMLExporter,
    NotebookNode,
    TemplateExporter,
)
from pipeline.analysis.moved import Moved
from pipeline.analysis.notebooks import notebooks, title_of
from pipeline.analysis.phrases import phrase
from pipeline.analysis.provenance import code_version, version_words
from pipeline.questionnaire.model import ANY_LANGUAGE, words
from pipeline.study import Study

NAMES = {
    "en": "English",
    "zh-Hant": "繁體中文",
    "ja": "日本語",
    "am": "አማርኛ",
    "ar": "العربية",
    "bn": "বাংলা",
    "bo": "བོད་སྐད་",
    "de": "Deutsch",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "hi": "हिन्दी",
    "id": "Bahasa Indonesia",
    "ko": "한국어",
    "ku": "Kurdî",
    "my": "မြန်မာ",
    "ne": "नेपाली",
    "ps": "پښتو",
    "pt": "Português",
    "ru": "Русский",
    "so": "Soomaali",
    "sw": "Kiswahili",
    "ta": "தமிழ்",
    "th": "ไทย",
    "ti": "ትግርኛ",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
    "zh-Hans": "简体中文",
    ANY_LANGUAGE: "English",
}
"""What a language calls itself; any other is called by its code."""
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "ps", "ku", "dv", "yi"}
_TEMPLATES = Path(str(files("pipeline") / "templates"))


@dataclass(frozen=True)
class Link:
    """A link of the navigation."""

    href: str
    name: str
    code: str = ""
    current: bool = False


@dataclass(frozen=True)
class Frame:
    """What stands around a notebook's outputs.

    Attributes:
        language: of the page.
        title: of the page.
        study: title of the study.
        pages: all pages of this language.
        languages: this page in each language.
        contents: the page's headings, with what is folded away under them.
        sources: of `provenance.source_of`.
        notebook: address of the executed notebook.
        version: of the code.
        code_css: colours of the code.
    """

    language: str
    title: str
    study: str
    pages: tuple[Link, ...]
    languages: tuple[Link, ...]
    contents: tuple[Part, ...]
    sources: tuple[dict[str, Any], ...]
    notebook: str
    version: str
    code_css: str

    @property
    def direction(self) -> str:
        """In which direction the language is written."""
        return direction(self.language)

    @property
    def synthetic(self) -> bool:
        """Whether some of the answers were drawn, not given."""
        return any(source["synthetic"] for source in self.sources)

    def say(self, key: str, **values: object) -> str:
        """A fixed phrase in the page's language."""
        return phrase(key, self.language, **values)

    def version_words(self, version: str) -> str:
        """A form's version in words."""
        return version_words(version, self.say)


def direction(language: str) -> str:
    """`rtl` for languages written from right to left, else `ltr`."""
    return "rtl" if language.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT else "ltr"


def render_html(
    book: NotebookNode, study: Study, notebook: Path, language: str, languages: Sequence[str]
) -> str:
    """One executed notebook as a page.

    Args:
        book: executed, every output shown by its `Page`.
        study: the study folder.
        notebook: the script.
        language: in which it was executed.
        languages: those in which it is rendered now, for the links between them.
    """
    shown = list(_shown(book))
    frame = Frame(
        language=language,
        title=title_of(notebook, language),
        study=study_title(study, language),
        pages=tuple(
            Link(f"{path.stem}.html", title_of(path, language), current=path == notebook)
            for path in notebooks(study)
        ),
        languages=tuple(
            Link(f"../{code}/{notebook.stem}.html", NAMES.get(code, code), code, code == language)
            for code in languages
        ),
        contents=parts_of(shown),
        sources=tuple(about["source"] for about in shown if "source" in about),
        notebook=f"{notebook.stem}.ipynb",
        version=code_version(),
        code_css=_code_css(),
    )
    html, _ = _exporter().from_notebook_node(folded(book, language), resources={"report": frame})
    return str(html)


def render_index_html(
    study: Study,
    languages: Sequence[str],
    *,
    synthetic: bool,
    moved: Sequence[Moved] | None = None,
) -> str:
    """The page above all others: every language's edition with its pages, and what moved.

    Args:
        study: the study folder.
        languages: of the report.
        synthetic: some of the responses were drawn.
        moved: tables whose numbers changed; None where nothing is known of an earlier run.
    """
    first = languages[0] if languages else "en"
    # Fixed words are English where nobody translated them; nothing is said twice in them.
    spoken = dict[str, str]()
    for code in languages:
        spoken.setdefault(phrase("synthetic", code), code)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES / "survey_report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report_index.html.j2").render(
        title=study_title(study, first),
        heading=" / ".join(dict.fromkeys(phrase("report", code) for code in languages)),
        synthetic=[{"code": spoken[text], "text": text} for text in spoken] if synthetic else [],
        languages=[
            {
                "code": code,
                "name": NAMES.get(code, code),
                "direction": direction(code),
                "title": study_title(study, code),
                "by": phrase("sponsor", code),
                "sponsor": words(study.settings.sponsor, code),
                "pages": [
                    Link(f"{code}/{path.stem}.html", title_of(path, code))
                    for path in notebooks(study)
                ],
                "moved": _moved_lines(study, moved, code),
                "is_first_to_say": code in spoken.values(),
                "say": partial(phrase, language=code),
            }
            for code in languages
        ],
        has_moved=moved is not None,
    )


def _moved_lines(
    study: Study, moved: Sequence[Moved] | None, language: str
) -> list[dict[str, str]]:
    """What moved, in words, a line a table."""
    pages = {path.stem: title_of(path, language) for path in notebooks(study)}
    return [
        {
            "href": f"{language}/{one.notebook}.html#{one.name}" if one.kind != "gone" else "",
            "title": one.titles.get(language, one.name),
            "page": pages.get(one.notebook, one.notebook),
            "numbers": _moved_numbers(one, language),
            "causes": phrase("list_comma", language).join(
                phrase(f"moved_{cause}", language) for cause in one.causes or ("other",)
            ),
        }
        for one in moved or ()
    ]


def _moved_numbers(one: Moved, language: str) -> str:
    if one.kind != "changed":
        return phrase(f"moved_{one.kind}", language)
    if one.changed is None:
        return phrase("moved_shape", language)
    return phrase("moved_some", language, n=one.changed, all=one.numbers)


def study_title(study: Study, language: str) -> str:
    """The study's title in a language."""
    return words(study.settings.title, language, "Survey")


def _shown(book: NotebookNode) -> Iterator[dict[str, Any]]:
    for cell in book.cells:
        for output in cell.get("outputs", ()):
            yield dict(output.metadata.get(PAGE, {}))


class _Pages(HTMLExporter):
    """nbconvert's exporter without its last step, which parses and rewrites the whole page."""

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **further: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page as our template writes it."""
        highlight = Highlight2HTML(pygments_lexer="python", parent=self)  # type: ignore[no-untyped-call]
        self.register_filter("highlight_code", highlight)  # type: ignore[no-untyped-call]
        return TemplateExporter.from_notebook_node(self, nb, resources, **further)


@cache
def _exporter() -> _Pages:
    return _Pages(  # type: ignore[no-untyped-call]
        template_name="survey_report",
        extra_template_basedirs=[str(_TEMPLATES)],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_markdown=True,
    )


@cache
def _code_css() -> str:
    return str(HtmlFormatter(style="default").get_style_defs(".highlight"))
