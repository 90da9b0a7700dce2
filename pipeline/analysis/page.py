"""What a notebook shows: every table and figure is displayed, and saved beside the report.

A notebook opens its page once and then says what stands on it:

    page = Page.open(notebook="2_refugee_acceptance")
    dataset = page.dataset("acceptance_interview")
    page.heading(page.say("acceptance_law"))
    table = question_table(dataset, "law_status")
    page.table(table)
    page.figure(bar(table, page.language), table.name, table.title)
"""

import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from IPython.display import HTML, display
from matplotlib.figure import Figure
from matplotlib.pyplot import close

from pipeline.analysis.data import Dataset
from pipeline.analysis.document import findings_document
from pipeline.analysis.environment import COLLECT, LANGUAGE, PAGE
from pipeline.analysis.excerpts import Excerpts
from pipeline.analysis.figure_files import save_figure
from pipeline.analysis.findings import Finding
from pipeline.analysis.notebooks import forms_of, title_of
from pipeline.analysis.opened import opened, study_of
from pipeline.analysis.page_html import (
    cards_html,
    download_html,
    excerpts_html,
    figure_html,
    findings_html,
    heading_html,
    table_html,
    text_html,
    title_html,
)
from pipeline.analysis.partner_cards import Card
from pipeline.analysis.phrases import phrase
from pipeline.analysis.protection import hidden_counts, protection_of, report_folder
from pipeline.analysis.provenance import provenance_of, source_of
from pipeline.analysis.suppression import protect
from pipeline.analysis.table import Table
from pipeline.analysis.table_files import save_table, values_of
from pipeline.errors import Place, Problem, SurveyError
from pipeline.questionnaire.model import words
from pipeline.store import write_bytes
from pipeline.study import Study


@dataclass
class Page:
    """One notebook in one language.

    Attributes:
        study: the study folder.
        notebook: the notebook's name, without its ending.
        language: of everything on the page.
    """

    study: Study
    notebook: str
    language: str
    _names: set[str] = field(default_factory=set, repr=False)
    _sources: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    _datasets: dict[str, Dataset] = field(default_factory=dict, repr=False)
    _numbers: dict[str, int] = field(default_factory=dict, repr=False)
    _headings: int = field(default=0, repr=False)

    @classmethod
    def open(
        cls, study: Study | None = None, *, notebook: str, language: str | None = None
    ) -> "Page":
        """Open the page and show its title.

        Args:
            study: the study; by default the one in whose folder the notebook lies.
            notebook: the notebook's name, without its ending.
            language: by default what REPORT_LANGUAGE says, else the study's first.

        Raises:
            SurveyError: STUDY-001, there is no study here.
        """
        study = study or study_of(Path.cwd())
        settled = language or os.environ.get(LANGUAGE) or next(iter(study.settings.languages), "en")
        page = cls(study, notebook, settled)
        _show(title_html(page.title))
        return page

    @property
    def title(self) -> str:
        """The notebook's title, from its heading lines."""
        return title_of(self._path, self.language)

    def title_of(self, notebook: str) -> str:
        """The title of another notebook of the study."""
        return title_of(self.study.notebooks / f"{notebook}.py", self.language)

    @property
    def folder(self) -> Path:
        """Where the page and its files lie."""
        return report_folder(self.study) / self.language

    @property
    def threshold(self) -> int:
        """The least unweighted count that a cell may rest on."""
        return protection_of(self.study).threshold

    @property
    def is_silent(self) -> bool:
        """Whether tables are only counted now, so that they can be protected together."""
        return protection_of(self.study).collect is not None

    def say(self, key: str, **values: object) -> str:
        """A fixed phrase in the page's language."""
        return phrase(key, self.language, **values)

    def dataset(self, form_id: str) -> Dataset:
        """The cleaned responses to one form; a page that opens synthetic ones says so from then on.

        Raises:
            SurveyError: the questionnaire has problems; REPORT-006, the notebook's header names the
                forms that it reads, and this is none of them.
        """
        if form_id not in self.forms:
            self._refuse(f"The notebook reads {form_id}", f"Add {form_id} to forms")
        dataset = opened(self.study, form_id, self.language)
        if form_id not in self._sources:
            self._sources[form_id] = source_of(self.study, dataset)
            self._datasets[form_id] = dataset
            _show("", source=self._sources[form_id])
        return dataset

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The forms that the notebook's header names; all of the study where it names none."""
        declared = forms_of(self._path)
        every = tuple(path.stem for path in self.study.questionnaire_files())
        return every if declared is None else declared

    def hidden_counts(self) -> dict[str, dict[str, int]]:
        """Edition -> threshold, cells printed, hidden as small and further, in the whole report.

        Empty while tables are only counted: what an earlier run hid is nothing to count by.

        Raises:
            SurveyError: REPORT-006, the notebook's header names the forms that it reads, and these
                numbers change with every form.
        """
        if forms_of(self._path) is not None:
            self._refuse("The notebook reads what is hidden in all forms", "Take out forms")
        return {} if self.is_silent else hidden_counts(self.study)

    @property
    def _path(self) -> Path:
        return self.study.notebooks / f"{self.notebook}.py"

    def _refuse(self, reads: str, repair: str) -> None:
        message = f"{reads}, which the list of forms in its header does not allow for."
        repair = f"{repair} in the header, so that the page is made anew when that changes."
        place = Place(file=self.study.shown(self._path), rule="forms")
        raise SurveyError([Problem("REPORT-006", message, repair, place)])

    @property
    def is_synthetic(self) -> bool:
        """Whether some of what the page has opened was drawn, not given."""
        return any(source["synthetic"] for source in self._sources.values())

    def heading(self, text: str, level: int = 2, *, folds: bool = False) -> None:
        """A heading; those of level 2 and 3 stand in the contents.

        Args:
            text: its words.
            level: 2 or 3.
            folds: what follows it in its cell is folded away until a reader asks for it.
        """
        self._headings += 1
        anchor = f"section-{self._headings}"
        about = {"heading": text, "level": level, "anchor": anchor, "folds": folds}
        _show(heading_html(text, level, anchor), **about)

    def text(self, *paragraphs: str) -> None:
        """Paragraphs of plain text."""
        _show(text_html(paragraphs))

    def items(self, items: Iterable[str]) -> None:
        """A list of points."""
        _show(text_html((), items=tuple(items)))

    def terms(self, terms: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Headings with what is said under each."""
        for heading, said in terms:
            self.heading(heading, level=3)
            _show(text_html(tuple(said)))

    def cards(self, cards: Iterable[Card]) -> None:
        """A card for each of those that may be named."""
        _show(cards_html(tuple(cards)))

    def excerpts(self, excerpts: Excerpts) -> None:
        """Excerpts, each with the question and the role in which it was said."""
        if excerpts.shown:
            _show(excerpts_html(excerpts.shown, self.language))
        if excerpts.left_out:
            self.text(self.say("excerpts_left_out", n=excerpts.left_out))

    def findings(self, parts: Iterable[tuple[str, Iterable[Finding]]]) -> None:
        """Findings under their headings, and the same as a Word document beside the page.

        Args:
            parts: (heading, findings); a part without findings is left out.
        """
        known = [(heading, list(findings)) for heading, findings in parts]
        shown = [(heading, findings) for heading, findings in known if findings]
        if not shown:
            self.text(self.say("summary_none"))
            return
        if self.is_silent:
            return
        _show(download_html(f"{self.notebook}.docx", self.say("summary_document")))
        for heading, findings in shown:
            self.heading(heading)
            _show(
                findings_html(findings, self.language), findings=[asdict(one) for one in findings]
            )
        study = words(self.study.settings.title, self.language, "")
        document = findings_document(
            self.title, shown, self.language, study=study, synthetic=self.is_synthetic
        )
        write_bytes(self.folder / f"{self.notebook}.docx", document, flush=False)

    def table(self, table: Table) -> None:
        """Show a table and save it as CSV and XLSX, its small counts taken out first."""
        self._take(table.name)
        safe = protect(table, protection_of(self.study))
        if self.is_silent:
            return
        files = f"tables/{self.notebook}.{table.name}"
        made = provenance_of(safe, self._datasets, self._sources)
        target, mark = self.folder / files, self.is_synthetic
        save_table(safe, target, self.language, synthetic=mark, provenance=made)
        told = {"place": self._number("table"), "files": files, "language": self.language}
        html = table_html(safe, provenance=made, **told)
        _show(html, table=table.name, title=table.title, forms=table.forms, values=values_of(safe))

    def figure(self, figure: Figure, name: str, title: str, note: str = "") -> None:
        """Show a figure, save it as SVG and PNG, and close it.

        Args:
            figure: of Matplotlib; see `pipeline.analysis.figures`.
            name: of its files: small letters, digits and `_`; unique among the page's figures.
            title: in the page's language; also what a screen reader says.
            note: how to read it.
        """
        self._take(f"figure {name}")
        if self.is_silent:
            close(figure)
            return
        files = f"figures/{self.notebook}.{name}"
        mark = self.say("synthetic_short") if self.is_synthetic else ""
        svg = save_figure(figure, self.folder / files, title=title, mark=mark)
        close(figure)
        place = self._number("figure")
        told = {"place": place, "note": note, "files": files, "language": self.language}
        _show(figure_html(svg, name, title, **told))

    def _number(self, kind: str) -> str:
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return self.say("numbered", kind=self.say(kind), n=self._numbers[kind])

    def _take(self, name: str) -> None:
        if name in self._names:
            raise ValueError(f"page {self.notebook}: {name} stands there already")
        self._names.add(name)


def _show(html: str, **about: Any) -> None:
    """Display; the metadata tells the report that this came from the page and what it is."""
    if COLLECT in os.environ:
        return
    display(HTML(html), metadata={PAGE: about})  # type: ignore[no-untyped-call]
