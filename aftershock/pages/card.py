"""One picture to send around: the finding, and the symbols that moved most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from aftershock.pages.cautions import focus_event
from aftershock.pages.reaction_rows import ALONE
from aftershock.pages.sheet import fit, leading, wrap
from aftershock.plots import BODY, GREY, INK, SMALL, Shade, plot_reactions
from aftershock.tables import (
    clock,
    day,
    family_is_valid,
    finding,
    moved,
    percent,
    verdict_sentence,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

SIZE = (6.0, 3.15)
"""Inches; 1200 by 630 pixels, as pages that show a link want it."""
LEFT, HEAD, MOST = 0.3, 14.0, 6


def draw_card(
    result: RunResult, rows: pd.DataFrame, shades: Mapping[str, Shade]
) -> Figure:
    """Return the card of a run.

    Parameters
    ----------
    rows : DataFrame
        Of `aftershock.tables.reactions`.
    shades : mapping
        Shade of each role.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE)
    manifest, wide = result.manifest, SIZE[0] - 2 * LEFT
    _text(figure, LEFT, 0.3, fit(_kicker(manifest), wide, SMALL, "medium"), SMALL,
          color=GREY, weight="medium")  # fmt: skip
    y = 0.59
    lines = wrap(finding(manifest, result.tables), wide, HEAD, "semibold")
    for line in lines[:3]:
        _text(figure, LEFT, y, line, HEAD, weight="semibold")
        y += leading(HEAD) * 0.92
    verdict = fit(verdict_sentence(manifest), wide, SMALL)
    _text(figure, LEFT, y - 0.03, verdict, SMALL)
    if len(rows):
        start, end = manifest["study"]["headline_window"]
        valid = family_is_valid(result.tables["tests"], start, end)
        strong = rows.index.isin(moved(rows, valid=valid).index)
        _reactions(figure, _main(rows.assign(_strong=strong)), shades, y + 0.12)
    _foot(figure, manifest)
    return figure


def _main(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the largest moves, those with an expected sign first, largest on top."""
    signed = rows.assign(
        _plain=rows["expected"].fillna(0).astype(float) == 0, _size=-rows["car"].abs()
    )
    return signed.sort_values(["_plain", "_size", "symbol"]).head(MOST)


def _reactions(
    figure: Figure, rows: pd.DataFrame, shades: Mapping[str, Shade], top: float
) -> None:
    """Draw estimate and interval of each row, its symbol and number beside it."""
    left, right, bottom = LEFT + 0.75, SIZE[0] - LEFT - 0.75, SIZE[1] - 0.62
    box = (left / SIZE[0], 1 - bottom / SIZE[1], (right - left) / SIZE[0],
           (bottom - top) / SIZE[1])  # fmt: skip
    ax = figure.add_axes(box)
    places = [float(i) for i in range(len(rows))]
    numbers = pd.DataFrame({
        "y": places, "estimate": rows["car"].to_numpy(),
        "low": rows["ci_low"].to_numpy(), "high": rows["ci_high"].to_numpy(),
        "raw": float("nan"), "colour": [shades[r].mark for r in rows["role"]],
        "strong": rows["_strong"].to_numpy(),
    })  # fmt: skip
    plot_reactions(numbers, ax)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    pitch = (bottom - top) / (len(rows) + 0.2)
    for place, (_, row) in zip(places, rows.iterrows(), strict=True):
        y = top + pitch * (place + 0.6) + 0.04
        name = fit(str(row["symbol"]), 0.7, BODY, "semibold")
        tone = shades[str(row["role"])].text
        _text(figure, LEFT, y, name, BODY, weight="semibold", color=tone)
        _text(figure, SIZE[0] - LEFT, y, percent(row["car"]), BODY, ha="right")


def _kicker(manifest: Mapping[str, Any]) -> str:
    """Name the run and the moment of the news."""
    event = focus_event(manifest)
    when = ""
    if event:
        when = day(event["latest"])
        if event.get("precision") not in ("day", "month"):
            when = f"{when}, by {clock(event['latest'])} ET"
    return "  ·  ".join(filter(None, [str(manifest.get("title") or ""), when]))


def _foot(figure: Figure, manifest: Mapping[str, Any]) -> None:
    """Say what is drawn, from where, and what this is not."""
    said = (
        f"Abnormal return; 95\u2009% interval of {ALONE}; filled: p of the family "
        "< 0.05."
    )
    y = SIZE[1] - 0.27
    _text(figure, LEFT, y, said, SMALL, color=GREY)
    parts = [
        str(manifest.get("simulated") or ""),
        f"aftershock run {manifest.get('id', '')}",
        "Not investment advice.",
    ]
    last = fit("  ·  ".join(filter(None, parts)), SIZE[0] - 2 * LEFT, SMALL, "medium")
    _text(figure, LEFT, y + 0.15, last, SMALL, color=INK, weight="medium")


def _text(
    figure: Figure, x: float, y: float, text: str, size: float, **look: Any
) -> None:
    """Set one line, its place in inches from the top left corner."""
    figure.text(x / SIZE[0], 1 - y / SIZE[1], text, size=size, va="baseline", **look)
