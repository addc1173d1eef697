"""Page 1: what the news did to each symbol, and how sure one can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from aftershock.pages.absent import set_absent
from aftershock.pages.announced import headline_of, when_of
from aftershock.pages.base import Page, colours
from aftershock.pages.card import draw_card
from aftershock.pages.cautions import (
    cautions,
    estimation_words,
    focus_event,
    run_sources,
)
from aftershock.pages.events_in_brief import depth_of_windows, set_events
from aftershock.pages.reaction_rows import (
    ALONE,
    COLUMN_HEADS,
    PITCH,
    cells_of,
    family_note,
    listing_of,
    role_lines,
    that_fit,
    units_of,
)
from aftershock.pages.sheet import Sheet, fit, leading, text_width, wrap
from aftershock.plots import BODY, FAINT, GREY, INK, LEAD, SMALL, Shade, plot_reactions
from aftershock.tables import (
    ALPHA,
    counting_sentence,
    day,
    family_is_valid,
    finding,
    influence_sentence,
    reactions,
    role_name,
    several_sessions,
    verdict_sentence,
    why_this,
    words,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

CELL = 0.6


class WhatHappened(Page):
    """The verdict, and the abnormal return of every symbol with its interval."""

    name: ClassVar[str] = "what_happened"
    title: ClassVar[str] = "What happened"
    order: ClassVar[int] = 1

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return one sheet, more where the symbols need them."""
        opening = Opening(result, _rows(result), colours(result), paper)
        return opening.sheets()

    def card(self, result: RunResult) -> Figure | None:
        """Return the finding with the dots and intervals of the largest moves.

        None for several sessions: dots of one event would stand under their mean.
        """
        if several_sessions(result.manifest):
            return None
        return draw_card(result, _rows(result), colours(result))


def _rows(result: RunResult) -> pd.DataFrame:
    """Return what each symbol of the focus event did in the headline window."""
    start, end = result.manifest["study"]["headline_window"]
    return reactions(result.tables, result.manifest.get("focus") or "", start, end)


@dataclass
class Opening:
    """The first page of one run while it is being set."""

    result: RunResult
    rows: pd.DataFrame
    shades: Mapping[str, Shade]
    paper: str

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Of the run."""
        return self.result.manifest

    def sheets(self) -> list[Figure]:
        """Set all sheets."""
        figures, rest, first = [], self.rows, True
        while first or len(rest):
            sheet = Sheet(self.manifest, self.paper)
            self._head(sheet, continued=not first)
            taken = that_fit(rest, sheet.bottom - sheet.y - 1.05)
            if taken:
                y = self._table(sheet, rest.iloc[:taken])
                sheet.told.listing(*listing_of(rest.iloc[:taken]))
            else:
                event = str(self.manifest.get("focus") or "")
                y = set_absent(sheet, self.result, event, sheet.column(1, 9)[1])
            if several_sessions(self.manifest) and taken >= len(rest):
                set_events(sheet, self.result, y + 0.2, sheet.bottom - 0.05)
            self._side(sheet)
            sheet.source(
                f"{run_sources(self.manifest)}. {self._counted()}"
                f"Abnormal: beyond the {estimation_words(self.manifest)}."
            )
            figures.append(sheet.figure)
            rest, first = rest.iloc[max(taken, 1) :], False
        return figures

    def _counted(self) -> str:
        """Say how many symbols the table has; of several events it is one's alone."""
        if self.rows.empty:
            return ""
        alone = "The event alone: " if several_sessions(self.manifest) else ""
        return f"{alone}{_n(self.rows)}. "

    def _head(self, sheet: Sheet, *, continued: bool) -> None:
        """Set kicker, title and standfirst."""
        event = focus_event(self.manifest)
        tags = ", ".join(str(t).replace("-", " ") for t in event.get("tags") or [])
        parts = [str(event.get("id", "")), tags]
        if several_sessions(self.manifest):
            count = len(self.manifest.get("events") or [])
            parts = [words(self.manifest["headline"].get("tag")), f"{count} events"]
        kicker = "  ·  ".join(filter(None, parts))
        title = finding(self.manifest, self.result.tables)
        if continued:
            sheet.heading(f"{kicker}  ·  continued", title)
            return
        said = " ".join(filter(None, [headline_of(event), when_of(event)]))
        lines = [said, verdict_sentence(self.manifest, self._references())]
        if several_sessions(self.manifest):
            lead = f"Below, one of these events alone ({why_this(self.manifest)}): "
            more = influence_sentence(self.manifest)
            counted = counting_sentence(self.manifest, self.result.tables)
            verdict = " ".join(filter(None, [lines[1], more, counted]))
            lines = [verdict, lead + said if said else ""]
        sheet.heading(kicker, title, [line for line in lines if line])

    def _references(self) -> float | None:
        """Return how many reference sessions a ranked test can have had, at most."""
        most = self.rows["m"].max()
        return float(most) if pd.notna(most) else None

    def _table(self, sheet: Sheet, rows: pd.DataFrame) -> float:
        """Set the rows: symbol, sign, dot and interval, then the figures."""
        x, width = sheet.column(1, 9)
        top = sheet.y + 0.3
        room = sheet.bottom - top - 0.7
        if several_sessions(self.manifest):
            room -= depth_of_windows(self.result) + 0.17
        units = units_of(rows)
        names = [text_width(role_name(r), BODY, "semibold") for r in set(rows["role"])]
        beside = max(0.92, min(max(names), 1.5) + 0.12)
        pitch = max(
            PITCH[0], min(PITCH[1], room / (len(rows) * 1.0 + role_lines(rows)))
        )
        graph = (x + beside, width - beside - CELL * len(COLUMN_HEADS) - 0.1)
        height = pitch * (units[-1] + 0.8)
        ax = sheet.axes(graph[0], top, graph[1], height)
        plot_reactions(self._numbers(rows, units), ax)
        ax.set_ylim(units[-1] + 0.8, 0)
        for i, head in enumerate(COLUMN_HEADS):
            self._cell(sheet, i, top - 0.08, head, color=GREY, size=SMALL)
        sheet.rule(graph[0] + graph[1] + 0.1, top, CELL * len(COLUMN_HEADS), FAINT)
        self._lines(sheet, rows, units, top, pitch)
        return self._key(sheet, graph[0], top + height)

    def _numbers(self, rows: pd.DataFrame, units: list[float]) -> pd.DataFrame:
        """Return what is drawn for each row."""
        return pd.DataFrame(
            {
                "y": units,
                "estimate": rows["car"].to_numpy(),
                "low": rows["ci_low"].to_numpy(),
                "high": rows["ci_high"].to_numpy(),
                "raw": rows["ret"].to_numpy(),
                "colour": [self.shades[r].mark for r in rows["role"]],
                "strong": self._strong(rows).to_numpy(),
            }
        )

    def _strong(self, rows: pd.DataFrame) -> pd.Series[bool]:
        """Return which moves ordinary sessions cannot explain."""
        start, end = self.manifest["study"]["headline_window"]
        valid = family_is_valid(self.result.tables["tests"], start, end)
        return (rows["p"] < ALPHA) & (rows["expected"].astype(float) != 0) & valid

    def _lines(
        self,
        sheet: Sheet,
        rows: pd.DataFrame,
        units: list[float],
        top: float,
        pitch: float,
    ) -> None:
        """Set the words and figures beside the marks."""
        left, role = sheet.column(1, 9)[0], None
        strong = list(self._strong(rows))
        for unit, bold, (_, row) in zip(units, strong, rows.iterrows(), strict=True):
            y = top + pitch * unit + 0.045
            if row["role"] != role:
                role = row["role"]
                label, tone = role_name(role), self.shades[role].text
                look: dict[str, Any] = {"color": tone, "backed": True}
                sheet.text(left, y - pitch, label, BODY, weight="semibold", **look)
            weight = "semibold" if bold else "regular"
            name = fit(str(row["symbol"]), 0.66, BODY, "medium")
            sheet.text(left, y, name, BODY, weight="medium")
            self._sign(sheet, left + 0.78, y - 0.045, row)
            for i, cell in enumerate(cells_of(row)):
                self._cell(sheet, i, y, cell, weight=weight)

    def _cell(self, sheet: Sheet, i: int, y: float, text: str, **look: Any) -> None:
        """Set one cell of the figures, flush right."""
        x, width = sheet.column(1, 9)
        right = x + width - CELL * (len(COLUMN_HEADS) - 1 - i)
        sheet.text(right, y, text, look.pop("size", BODY), ha="right", **look)

    def _sign(self, sheet: Sheet, x: float, y: float, row: pd.Series[Any]) -> None:
        """Mark the expected sign: full when it was declared before the event."""
        if not row["expected"]:
            return
        marker = "^" if row["expected"] > 0 else "v"
        told = self._declared().get(str(row["symbol"]), "unknown") == "before"
        tone = self.shades[str(row["role"])].text
        fill = tone if told else "white"
        sheet.mark(x, y, marker=marker, ms=4.6, mec=tone, mfc=fill, mew=0.9)

    def _declared(self) -> dict[str, str]:
        """Return when each symbol's sign was declared."""
        exposures = focus_event(self.manifest).get("exposures") or []
        return {str(e["symbol"]): str(e.get("declared")) for e in exposures}

    def _key(self, sheet: Sheet, x: float, y: float) -> float:
        """Explain the marks with marks, below the axis; return where they end."""
        session = day(self.rows["session"].iloc[0])
        start, end = self.manifest["study"]["headline_window"]
        span = session if start == end == 0 else f"sessions {start} to {end}"
        y += 0.42
        said = f"Abnormal return, {span}, close to close; 95\u2009% interval of {ALONE}"
        sheet.text(x, y, said, SMALL, color=GREY)
        y += leading(SMALL) + 0.03
        x = sheet.left + 0.05
        before = {"mfc": GREY}
        for look, label in (
            ({"marker": "o", "mfc": INK, "mec": INK}, "p, family < 0.05"),
            ({"marker": "o", "mfc": "white", "mec": INK}, "undecided"),
            ({"marker": "_", "mec": "#b9bdc4", "mew": 3.6, "ms": 13}, "95 % interval"),
            ({"marker": "|", "mec": INK, "ms": 9}, "raw return"),
            ({"marker": "^", "mec": GREY, **before}, "expected sign, declared before"),
            (
                {"marker": "v", "mec": GREY, "mfc": "white"},
                "declared after, or unknown",
            ),
        ):
            sheet.mark(x, y - 0.04, **{"ms": 5, "mew": 0.9, **look})
            text = label.replace(" %", "\u2009%")
            sheet.text(x + 0.13, y, text, SMALL, color=GREY)
            x += 0.13 + text_width(text, SMALL) + 0.2
        return y

    def _side(self, sheet: Sheet) -> None:
        """Set what must be read with care, in the last three columns."""
        x, width = sheet.column(10, 12)
        x, width = x + 0.12, width - 0.12
        y, note = sheet.y + 0.22, family_note(self.rows)
        lines = len(wrap(note, width, SMALL)) if note else 0
        top = sheet.bottom - 0.02 - leading(SMALL) * lines
        with sheet.aside():
            sheet.text(x, y, "Read with care", LEAD, weight="semibold")
            remarks = cautions(self.manifest, self.rows, self.result.tables["dropped"])
            sheet.bullets(x, y + 0.26, width, remarks, top - 0.29)
            if lines:
                sheet.rule(x, top, width)
                look: dict[str, Any] = {"color": GREY, "most": lines}
                sheet.paragraph(x, top + 0.16, width, note, SMALL, **look)
        sheet.told.notes += [note] if note else []


def _n(rows: pd.DataFrame) -> str:
    """Say how many symbols there are."""
    return f"n = {len(rows)} symbol{'' if len(rows) == 1 else 's'}"
