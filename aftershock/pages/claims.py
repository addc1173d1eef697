"""Page 8: what people said, the number that answers, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from aftershock.pages.base import Page
from aftershock.pages.sheet import Sheet, leading, wrap
from aftershock.plots import BODY, FAINT, GREY, INK, SMALL
from aftershock.plots.claims import plot_claim
from aftershock.tables import (
    ALPHA,
    claim_number,
    day,
    is_missing,
    percent,
    probability,
    records,
    verdict_counts,
    window_name,
    words,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

DECIDED = ("supported", "contradicted")
SCALED = ("slope", "rank_correlation", "placebo_rank")
MOST_TEXT, MOST_DETAIL = 5, 7
STEP, GAP = leading(SMALL), 0.13
Lines = list[str]


class Claims(Page):
    """A row for each claim, rivals under each other; continues over sheets."""

    name: ClassVar[str] = "claims"
    title: ClassVar[str] = "What people said"
    order: ClassVar[int] = 8
    tables: ClassVar[tuple[str, ...]] = ("claims",)

    def applies(self, result: RunResult) -> bool:
        """Return whether the run judged any claim."""
        return len(result.tables.get("claims", ())) > 0

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return as many sheets as the claims need."""
        claims = rivals_together(result.tables["claims"])
        reach = common_reach(claims)
        rows = records(claims)
        figures: list[Figure] = []
        while rows:
            sheet = Sheet(result.manifest, paper)
            more = "  ·  continued" if figures else ""
            said = _standfirst(claims) if not figures else []
            sheet.heading(f"What people said{more}", title_of(claims), said)
            rows = _set_claims(sheet, rows, reach)
            sheet.source(
                "Dot: measured, filled where decided; line: 95\u2009% interval; grey: "
                "where the claim expects it; orders, slopes and shares on a scale of "
                "their own. Bar at the left: rivals. Whole details: tables/claims.csv."
            )
            figures.append(sheet.figure)
        return figures


def rivals_together(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the claims in their order, each rival moved up to the first of its kind.

    The column `family` numbers what belongs together. Figures that pages gave come
    last.
    """
    ids = list(claims["claim_id"])
    family = {name: place for place, name in enumerate(ids)}
    for name, rival in zip(ids, map(words, claims["rival"]), strict=True):
        if rival in family:
            joined = {family[name], family[rival]}
            family = {k: min(joined) if v in joined else v for k, v in family.items()}
    figures = claims["measure"] == "reported_move"
    grouped = claims.assign(family=[family[name] for name in ids], figures=figures)
    return grouped.sort_values(["figures", "family"], kind="stable")


def common_reach(claims: pd.DataFrame) -> float:
    """Return how far the common axis of moves reaches to either side."""
    moves = claims[~claims["measure"].isin(SCALED)]
    values = moves[["value", "ci_low", "ci_high"]].abs().to_numpy(dtype=float)
    known = values[np.isfinite(values)]
    return 1.06 * float(known.max()) if len(known) and known.max() > 0 else 0.1


def title_of(claims: pd.DataFrame) -> str:
    """Say how many claims were decided; figures that pages gave are no predictions."""
    tests = claims[claims["measure"] != "reported_move"]
    if tests.empty:
        agree = int((claims["verdict"] == "supported").sum())
        return f"{agree} of {len(claims)} reported figures agree with the tape"
    counts = [int((tests["verdict"] == verdict).sum()) for verdict in DECIDED]
    if not any(counts):
        return f"Undecided: of {len(tests)} claims none is supported or contradicted"
    said = [
        f"{n} {'is' if n == 1 else 'are'} {verdict}"
        for n, verdict in zip(counts, DECIDED, strict=True)
        if n
    ]
    rest = len(tests) - sum(counts)
    open_ = f"; {rest} cannot be decided" if rest else ""
    return f"Of {len(tests)} claims, {' and '.join(said)}{open_}"


def _standfirst(claims: pd.DataFrame) -> Lines:
    """Count the figures, what describes only, and what many claims leave."""
    said = [f"All claims: {verdict_counts(claims)}."]
    figures = claims[claims["measure"] == "reported_move"]
    if len(figures):
        agree = int((figures["verdict"] == "supported").sum())
        said.append(f"{agree} of {len(figures)} reported figures agree with the tape.")
    late = claims["describes"].astype(bool) & (claims["measure"] != "reported_move")
    if late.any():
        said.append(
            f"{int(late.sum())} look at sessions from before they were made: these "
            "describe, and cannot support."
        )
    alone = claims["pvalue"].astype(float) < ALPHA
    if alone.any():
        kept = int((claims["pvalue_holm"].astype(float) < ALPHA).sum())
        said.append(
            f"{int(alone.sum())} have p below 0.05 alone, {kept} after Holm's "
            "correction for all."
        )
    return [" ".join(said)]


def _set_claims(sheet: Sheet, rows: list[Any], reach: float) -> list[Any]:
    """Set as many claims as fit; return those left over."""
    y = top = _head(sheet, reach)
    cells = [_cells(sheet, row) for row in rows]
    depths = [max(map(len, cell)) * STEP + GAP for cell in cells]
    last = sheet.bottom - 0.05 + STEP + GAP
    for k, row in enumerate(rows):
        starts = not k or rows[k - 1].family != row.family
        kin = sum(
            d for d, r in zip(depths, rows, strict=True) if r.family == row.family
        )
        # rivals stay together unless a third of the sheet would be left empty
        whole = starts and kin <= last - top and last - y < (last - top) / 3
        if k and y + (kin if whole else depths[k]) > last:
            return rows[k:]
        if k and starts:
            sheet.rule(sheet.left, y - 0.165, sheet.width)
        _set_row(sheet, row, cells[k], y, reach)
        if kin > depths[k]:
            _bracket(sheet, y, depths[k] - GAP, first=starts)
        y += depths[k]
    return []


def _columns(sheet: Sheet) -> tuple[tuple[float, float], ...]:
    """Return left edge and width of claim, picture, number and verdict."""
    spans = ((1, 4), (5, 6), (7, 8), (9, 12))
    return tuple(sheet.column(*span) for span in spans)


def _head(sheet: Sheet, reach: float) -> float:
    """Set the head of the table; return the first baseline."""
    y = sheet.y + 0.16
    claim, picture, number, verdict = _columns(sheet)
    for (x, _), head in ((claim, "claim"), (number, "measured"), (verdict, "verdict")):
        sheet.text(x, y, head, SMALL, color=GREY)
    x, width = picture
    for share, at, ha in ((0.0, -reach, "left"), (1.0, reach, "right")):
        sheet.text(x + share * width, y, percent(at, 0), SMALL, color=GREY, ha=ha)
    sheet.text(x + width / 2, y, "0", SMALL, color=GREY, ha="center")
    sheet.rule(sheet.left, y + 0.07, sheet.width, FAINT)
    return y + 0.27


def _cells(sheet: Sheet, row: Any) -> tuple[Lines, Lines, Lines]:
    """Return the lines of claim, number and verdict."""
    claim, _, number, verdict = _columns(sheet)
    by = f"{row.said_by}, {day(str(row.said_at)[:10])}"
    text = _cut(words(row.text), claim[1] - 0.15, MOST_TEXT - 1)
    text += _cut(by, claim[1] - 0.15, 2)
    detail = _cut(words(row.detail), verdict[1], MOST_DETAIL)
    return text, _number_lines(row, number[1]), [str(row.verdict), *detail]


def _cut(text: str, width: float, most: int) -> Lines:
    """Break text into lines, with an ellipsis where it goes on."""
    lines = wrap(text, width - 0.12, SMALL)
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]


def _number_lines(row: Any, width: float) -> Lines:
    """Return the number, its interval, its p and what it is of."""
    measure = str(row.measure)
    lines = [claim_number(measure, _float(row.value))]
    ends = [claim_number(measure, _float(v)) for v in (row.ci_low, row.ci_high)]
    if not is_missing(row.ci_low):
        lines.append(f"{ends[0]} to {ends[1]}")
    if not is_missing(row.pvalue):
        holm = probability(_float(row.pvalue_holm))
        lines.append(f"p {probability(_float(row.pvalue))}, Holm {holm}")
    against = f" less {row.against}" if words(row.against) else ""
    what = f"{measure.replace('_', ' ')}, {row.group}{against}"
    window = window_name(int(row.start), int(row.end)).replace(", ", ",")
    return lines + _cut(f"{what} {window}", width, 3)


def _set_row(
    sheet: Sheet, row: Any, cells: tuple[Lines, Lines, Lines], y: float, reach: float
) -> None:
    """Set one claim: its three columns of text, and its picture."""
    claim, picture, number, verdict = _columns(sheet)
    text, numbers, said = cells
    by = len(text) - len(_cut(f"{row.said_by}, {day(str(row.said_at)[:10])}",
                              claim[1] - 0.15, 2))  # fmt: skip
    for i, line in enumerate(text):
        sheet.text(claim[0] + 0.12, y + i * STEP, line, SMALL,
                   color=INK if i < by else GREY)  # fmt: skip
    for i, line in enumerate(numbers):
        size, color = (BODY, INK) if not i else (SMALL, GREY)
        sheet.text(number[0], y + i * STEP, line, size, color=color)
    for i, line in enumerate(said):
        weight, color = ("semibold", INK) if not i else ("regular", GREY)
        sheet.text(verdict[0], y + i * STEP, line, SMALL, weight=weight, color=color)
    ax = sheet.axes(picture[0], y - 0.14, picture[1], 0.2)
    ends = (_float(row.ci_low), _float(row.ci_high))
    limits = limits_of(row, reach)
    decided = row.verdict in DECIDED
    plot_claim(_float(row.value), ends, expected_span(row), limits, ax, decided=decided)


def _bracket(sheet: Sheet, y: float, deep: float, *, first: bool) -> None:
    """Mark a row as one of several rivals."""
    from matplotlib.lines import Line2D

    across, down = sheet.size
    top, bottom = y - (0.1 if first else 0.3), y + deep - STEP + 0.03
    ends = [1 - top / down, 1 - bottom / down]
    x = (sheet.left + 0.03) / across
    sheet.figure.add_artist(Line2D([x, x], ends, color=INK, lw=1.6))


def expected_span(row: Any) -> tuple[float, float]:
    """Return where a claim expects its value."""
    bound, reported = _float(row.bound), _float(row.reported)
    return {
        "above 0": (0.0, np.inf),
        "below 0": (-np.inf, 0.0),
        "about 0": (-bound, bound),
        "about 0 or below": (-np.inf, bound),
        "about 0 or above": (-bound, np.inf),
        "no rarer than the bound": (bound, np.inf),
        "rarer than the bound": (0.0, bound),
        "as reported": (reported - bound, reported + bound),
    }[str(row.expected)]


def limits_of(row: Any, reach: float) -> tuple[float, float]:
    """Return the ends of a claim's axis: common to all moves, its own for the rest."""
    if row.measure == "rank_correlation":
        return -1.06, 1.06
    numbers = [_float(v) for v in (row.value, row.ci_low, row.ci_high)]
    own = 1.06 * max((abs(v) for v in numbers if np.isfinite(v)), default=1.0)
    if row.measure == "placebo_rank":
        return -0.02 * own, max(own, 2 * _float(row.bound))
    return (-own, own) if row.measure == "slope" else (-reach, reach)


def _float(value: Any) -> float:
    """Return a cell as a number."""
    return float("nan") if is_missing(value) else float(value)
