"""Page 9: what trading the news brought, what shortcuts were worth, and luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from aftershock.pages.account_picture import draw_account
from aftershock.pages.account_rows import (
    asked,
    own,
    part_rows,
    rung_rows,
    rungs_refused,
    settings,
    worth_rows,
)
from aftershock.pages.base import Page
from aftershock.pages.cautions import run_sources
from aftershock.pages.idle import idle_sheets, made_trades
from aftershock.pages.listing import Column, set_rows
from aftershock.pages.sheet import Sheet, fit, leading
from aftershock.plots import (
    BODY,
    GREY,
    LEAD,
    SMALL,
)
from aftershock.plots.trades import plot_drawn
from aftershock.tables import (
    percent,
    probability,
    records,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

RUNGS = (
    Column("the same plans, one shortcut fewer", 2.6),
    Column("total", 0.8, right=True),
    Column("mean trade", 0.9, right=True),
    Column("trades", 0.6, right=True),
)
PARTS = (
    Column("result", 0.8, right=True),
    Column("mean trade", 0.9, right=True),
    Column("trades", 0.6, right=True),
)


class Trading(Page):
    """One sheet for each strategy: its account, the ladder, placebo dates, figures."""

    name: ClassVar[str] = "trading"
    title: ClassVar[str] = "Trading it"
    order: ClassVar[int] = 9
    tables: ClassVar[tuple[str, ...]] = ("ladder", "metrics", "equity")

    def applies(self, result: RunResult) -> bool:
        """Return whether a strategy was played."""
        return "ladder" in result.tables and len(result.tables["ladder"]) > 0

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return a sheet for each strategy that traded, then those that did not."""
        labels = list(map(str, dict.fromkeys(result.tables["ladder"]["strategy"])))
        traded = [label for label in labels if made_trades(result, label)]
        idle = [label for label in labels if label not in traded]
        sheets = [_sheet(result, label, paper) for label in traded]
        return sheets + idle_sheets(result, idle, paper)


def _sheet(result: RunResult, label: str, paper: str) -> Figure:
    """Set one strategy's sheet."""
    sheet = Sheet(result.manifest, paper)
    figures = _figures(result, label)
    drawn = own(result, "chance", label)["total_return"].to_numpy(float)
    said = [*_standfirst(result, label), *settings(result.manifest, label)]
    sheet.heading("Trading it", _title(label, figures, len(drawn)), said)
    rungs, parts = rung_rows(result, label), own(result, "attribution", label)
    roles, events = (part_rows(parts, by) for by in ("role", "event"))
    worth = worth_rows(figures, parts)
    beside = (len(rungs), len(roles)), (len(worth), len(events))
    height = min(_height(sheet.bottom - sheet.y, *rows) for rows in beside)
    left, wide = sheet.column(1, 7)
    right, narrow = sheet.column(8, 12)
    draw_account(sheet, result, label, (left, sheet.y, wide, height))
    _placebos(sheet, figures, drawn, (right, sheet.y, narrow, height))
    top = sheet.y + height + 0.28
    _, y = set_rows(sheet, RUNGS, rungs, top, sheet.bottom, wide)
    _parts(sheet, "role", roles, (left, y + 0.2, wide))
    y = _worth(sheet, worth, (right, top, narrow))
    _parts(sheet, "event", events, (right, y + 0.14, narrow))
    sheet.source(f"{run_sources(result.manifest)}. {_terms(result)}")
    return sheet.figure


def _parts(
    sheet: Sheet, by: str, rows: list[list[str]], box: tuple[float, float, float]
) -> None:
    """Set what the result is made of, where there is any."""
    x, y, width = box
    columns = (Column(f"where it came from, by {by}", 2.6), *PARTS)
    if rows:
        set_rows(sheet, columns, rows, y, sheet.bottom - 0.05, width, left=x)


def _height(room: float, *rows: int) -> float:
    """Return what is left for the pictures: three fifths, less beside long tables."""
    tables = sum(n * (leading(SMALL) + 0.035) + 0.45 for n in rows if n)
    return max(min(room * 0.6, room - 0.28 - tables), 2.3)


def _figures(result: RunResult, label: str) -> dict[str, float]:
    """Return a strategy's metrics by name."""
    rows = own(result, "metrics", label)
    return {str(r.metric): float(r.value) for r in records(rows)}


def _title(label: str, figures: dict[str, float], draws: int) -> str:
    """Say what it brought after costs, and how many other dates did no worse.

    They are counted: a p of 6/201 is five of two hundred, not three of a hundred.
    """
    total, p = (
        figures.get("total_return", np.nan),
        figures.get("placebo_pvalue", np.nan),
    )
    did = "earned" if total > 0 else "lost"
    said = f"{label} {did} {percent(abs(total), 1, signed=False)} after costs"
    if not np.isfinite(p):
        return f"{said}; there are too few other dates to tell luck"
    others = round(p * (draws + 1)) - 1
    return f"{said}; {others or 'none'} of {draws} other dates did as well or better"


def _standfirst(result: RunResult, label: str) -> list[str]:
    """Say how many trades and events it rests on, and what the first rung was."""
    ladder = records(own(result, "ladder", label))
    rungs = {int(r.rung): float(r.total_return) for r in ladder}
    trades = own(result, "trades", label)
    done = trades[trades["entry_session"].notna()]
    events, n = done["event_id"].nunique(), len(done)
    plural = "" if events == 1 else "s"
    said = f"{n} trade{'' if n == 1 else 's'} on {events} event{plural}."
    if {1, 2} <= set(rungs):
        said += (
            f" Entered at the close before the news it would show {percent(rungs[1])}, "
            f"at the first fill after its decision {percent(rungs[2])}"
        )
        lost = rungs[1] > rungs[2] and _at_once(result, label, done)
        said += ": the difference was never for sale." if lost else "."
    return [f"{said}{asked(result, label)}", *rungs_refused(result, label)]


def _at_once(result: RunResult, label: str, done: pd.DataFrame) -> bool:
    """Tell whether nobody could have filled before it: it waited for nothing.

    A later decision, latency, fills at closes, and news that may have come in time for
    an earlier fill all leave a part of the difference that was for sale.
    """
    account = result.manifest.get("account") or {}
    if account.get("latency") or account.get("fill", "next_open") != "next_open":
        return False
    ends = result.tables.get("readings")
    if ends is not None:
        totals = ends.loc[ends["strategy"] == label, "total_return"]
        if totals.max() > totals.min():
            return False
    events = result.manifest.get("events") or []
    latest = done["event_id"].map({e.get("id"): e.get("latest") for e in events})
    decided, known = (pd.to_datetime(at, utc=True) for at in (done["decided"], latest))
    return bool((decided == known).all())


def _placebos(
    sheet: Sheet,
    figures: dict[str, float],
    drawn: np.ndarray,
    box: tuple[float, float, float, float],
) -> None:
    """Draw what the same rules earned on dates without the news."""
    x, y, width, height = box
    sheet.text(x, y + 0.14, "On other dates", LEAD, weight="semibold")
    note = _no_spread(drawn)
    if note:
        sheet.paragraph(x, y + 0.45, width, note, BODY, color=GREY)
        return
    p = probability(figures.get("placebo_pvalue"), float(len(drawn)))
    idle = int((drawn == 0).sum())
    told = f", {idle} without a trade" if idle else ""
    words = f"total return, {len(drawn)} draws{told}; one-sided p {p}"
    sheet.text(x + 1.2, y + 0.14, fit(words, width - 1.2, SMALL), SMALL, color=GREY)
    ax = sheet.axes(x + 0.1, y + 0.34, width - 0.2, height - 0.68)
    plot_drawn(drawn, figures["total_return"], ax)


def _no_spread(drawn: np.ndarray) -> str:
    """Say why there is nothing to draw of other dates; "" where there is."""
    if not len(drawn):
        return "No session is far enough from the news, with prices enough behind it."
    if np.ptp(drawn) > 0:
        return ""
    return f"Each of {len(drawn)} sets of other dates made {percent(drawn[0])}."


def _worth(
    sheet: Sheet, rows: list[tuple[str, str]], box: tuple[float, float, float]
) -> float:
    """Set the figures of luck beside the ladder; return the next y."""
    x, top, width = box
    sheet.told.listing(["how sure", "value"], [False, True], rows)
    y = top
    with sheet.aside():
        for name, value in rows:
            sheet.text(x, y, fit(name, width - 1.3, SMALL), SMALL, color=GREY)
            sheet.text(x + width, y, value, SMALL, ha="right")
            y += 0.2
    return y


def _terms(result: RunResult) -> str:
    """Say on what terms the account trades."""
    account: dict[str, Any] = result.config["account"]
    given = account.get("slippage_bps")  # a run of before has none
    slipped = "max(5 bps, σ/10)" if given is None else f"{given:g} bps"
    return (
        f"Commission {account['fees_bps']:g} bps, slippage {slipped}, borrow "
        f"{percent(account['borrow_rate'], 1, signed=False)} a year where no dated "
        "rate is known; fills as in docs/methods.md."
    )
