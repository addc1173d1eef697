"""Page 11: what was used, what was left out and why, and how to repeat it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aftershock.pages.base import Page
from aftershock.pages.cautions import estimation_words
from aftershock.pages.listing import depth, set_rows
from aftershock.pages.sample_sections import Section, sections_of
from aftershock.pages.sheet import Sheet, leading, text_width
from aftershock.plots import GREY, LEAD, SMALL, TITLE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult


class SampleAndData(Page):
    """Pairs, drops, pending events, confounders, sources, config, how to repeat."""

    name: ClassVar[str] = "sample_and_data"
    title: ClassVar[str] = "Sample and data"
    order: ClassVar[int] = 11

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return as many sheets as the sections need."""
        setter = Setter(result, paper)
        for section in sections_of(result):
            setter.add(section)
        return setter.finish()


class Setter:
    """Sets sections one below the other, on new sheets where they do not fit."""

    def __init__(self, result: RunResult, paper: str) -> None:
        self.result, self.paper = result, paper
        self.done: list[Figure] = []
        probe = Sheet(result.manifest, paper)
        probe.heading("one line", "one line")
        self.top = probe.y + 0.1
        self.sheet, self.told = self._fresh()

    def _fresh(self) -> tuple[Sheet, list[str]]:
        """Start a sheet; its title is known when it is full."""
        sheet = Sheet(self.result.manifest, self.paper)
        sheet.y = self.top
        return sheet, []

    def add(self, section: Section) -> None:
        """Set a section: on one sheet where it can be, with what it leaves out."""
        rows, columns, name = section.shown, section.columns, section.name
        if rows and self.told and not self._fits(section):
            self._turn()
        said = section.told
        while rows:
            sheet = self.sheet
            with sheet.aside():
                sheet.text(sheet.left, sheet.y, name, LEAD, weight="semibold")
            self.told.append(said)
            until = sheet.bottom - (0.05 + leading(SMALL) * bool(section.note))
            top = sheet.y + 0.22
            count, y = set_rows(sheet, columns, rows, top, until, name=name)
            sheet.y, rows, said = y + 0.2, rows[count:], f"{section.told}, continued"
            if rows:
                self._turn()
        if section.note:
            self._say(section.note)

    def _fits(self, section: Section) -> bool:
        """Tell whether it may begin here: whole, or where no sheet would hold it."""
        sheet, rows = self.sheet, section.shown
        deep = [depth(sheet, section.columns, row) for row in rows]
        line = leading(SMALL) + 0.035
        whole = 0.5 + sum(deep) + line * (len(rows) + bool(section.note))
        if whole <= sheet.bottom - self.top:
            return whole <= sheet.bottom - sheet.y
        return 0.75 + deep[0] <= sheet.bottom - sheet.y

    def _say(self, note: str) -> None:
        """Set below a table what it leaves out."""
        sheet = self.sheet
        with sheet.aside():
            sheet.text(sheet.left, sheet.y - 0.16, note, SMALL, color=GREY)
        sheet.told.notes.append(note)
        sheet.y += leading(SMALL)

    def _turn(self) -> None:
        """Close a sheet and start the next."""
        self._close()
        self.sheet, self.told = self._fresh()

    def _close(self) -> None:
        """Set the title, which says what the sheet tells, and the source line."""
        sheet, manifest = self.sheet, self.result.manifest
        more, y = "  ·  continued" if self.done else "", sheet.y
        sheet.heading(f"Sample and data{more}", title_of(self.told, sheet.width))
        sheet.y = y
        sheet.source(f"Model: {estimation_words(manifest)}.")
        self.done.append(sheet.figure)

    def finish(self) -> list[Figure]:
        """Return all sheets."""
        self._close()
        return self.done


def title_of(told: list[str], width: float) -> str:
    """Return what a sheet tells in a line of so many inches; count what has no room."""
    for count in range(len(told), 0, -1):
        more = len(told) - count
        parts = [*told[:count], *([f"and {more} more"] if more else [])]
        title = "; ".join(parts)
        title = f"{title[:1].upper()}{title[1:]}"
        if text_width(title, TITLE, "semibold") <= width:
            break
    return title if told else "Sample and data"
