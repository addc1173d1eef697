"""Page 10: every trade, with the event that caused it, its costs and its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from aftershock.pages.base import Page
from aftershock.pages.cautions import run_sources
from aftershock.pages.fill_words import cut_words, filled_at, level_words
from aftershock.pages.listing import Column, set_rows
from aftershock.pages.sheet import Sheet
from aftershock.tables import is_missing, listed, number, percent, records, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

SIGNED = ("ExpectedSign", "BeneficiaryVsRival")
FILLS = "Prices are fills, slippage in them; costs count it once more."
SEEN = 0.0005
"""Below this a return and its stop look the same: they are shown to a tenth."""
COLUMNS = (
    Column("strategy", 0.98),
    Column("event", 1.98),
    Column("symbol", 0.5),
    Column("side", 0.39),
    Column("entry", 0.96),
    Column("price", 0.75, right=True),
    Column("exit", 0.96),
    Column("price", 0.75, right=True),
    Column("reason", 0.79),
    Column("costs", 0.46, right=True),
    Column("result", 0.67, right=True),
    Column("return", 0.57, right=True),
)
"""Shares are inches on the narrower paper, each as wide as its widest usual cell."""


class Trades(Page):
    """The table of trades and of refused plans; continues over sheets."""

    name: ClassVar[str] = "trades"
    title: ClassVar[str] = "The trades"
    order: ClassVar[int] = 10

    def applies(self, result: RunResult) -> bool:
        """Return whether anything was planned; "Trading it" tells who did not."""
        return len(result.tables["trades"]) > 0

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return as many sheets as the trades need."""
        rows = _rows(result.tables["trades"])
        figures: list[Figure] = []
        while rows:
            sheet = Sheet(result.manifest, paper)
            more = "  ·  continued" if figures else ""
            lines = [] if figures else _standfirst(result)
            sheet.heading(f"The trades{more}", _title(result), lines)
            top, until = sheet.y + 0.16, sheet.bottom - 0.05
            count, _ = set_rows(sheet, COLUMNS, rows, top, until)
            rows = rows[count:]
            n = len(result.tables["trades"])
            told = f"{run_sources(result.manifest)}. n = {n} plans."
            levels = level_words(result.tables["trades"], result.manifest)
            sheet.source(f"{told} {FILLS}{levels}")
            figures.append(sheet.figure)
        return figures


def _done(trades: pd.DataFrame) -> pd.DataFrame:
    """Return the trades that were entered."""
    return trades[trades["entry_session"].notna()]


def _title(result: RunResult) -> str:
    """Say what the trades brought after costs, all strategies listed alone."""
    trades = result.tables["trades"]
    done = _done(trades)
    if done.empty:
        return "Every plan was refused"
    refused = len(trades) - len(done)
    wins = int((done["pnl"] > 0).sum())
    plans = f"; {refused} plan{'s' if refused > 1 else ''} refused" if refused else ""
    plural = "s" if len(done) > 1 else ""
    of = done["strategy"].nunique()
    whose = f" of {of} strategies" if of > 1 else ""
    return f"{len(done)} trade{plural}{whose}, {wins} with a gain after costs{plans}"


def _standfirst(result: RunResult) -> list[str]:
    """Give each strategy's result, and say what their number can show."""
    done = _done(result.tables["trades"])
    said = [
        f"{name} {number(float(part['pnl'].sum()), 0, signed=True)}"
        for name, part in done.groupby("strategy", sort=True)
    ]
    if not said:
        return []
    hindsight = _hindsight(result)
    own = ", each strategy on its own account" if len(said) > 1 else ""
    return [
        f"Result in money after costs{own}: {', '.join(said)}. {_worth(done)}",
        *_alike(done),
        *cut_words(done, result.manifest.get("account") or {}),
        *hindsight,
        *_beyond_stops(done),
    ]


def _worth(done: pd.DataFrame) -> str:
    """Say how many trades there are, and at how many sessions they were entered.

    Those of one session share its luck: their number alone would promise too much.
    """
    n, sessions = len(done), done["entry_session"].nunique()
    if n == 1:
        return "One trade describes; it does not show that a rule works."
    at = f"{sessions} session{'' if sessions == 1 else 's'}"
    return (
        f"{n} trades, entered at {at}, describe what was; that a rule works they "
        "do not show."
    )


SAME = ["event_id", "symbol", "side", "entry_session", "exit_session"]


def _alike(done: pd.DataFrame) -> list[str]:
    """Say how many trades are one another's, made by more than one strategy.

    Each is a row, and counts, for every strategy that made it: two strategies that
    did the same are no second witness.
    """
    if done["strategy"].nunique() < 2:
        return []
    makers = done.groupby(SAME, dropna=False)["strategy"].nunique()
    rows, differ = int(makers[makers > 1].sum()), len(makers)
    if not rows:
        return []
    return [
        f"{rows} of these {len(done)} were made by more than one strategy (same event, "
        "symbol, side, entry and exit) and are counted for each: "
        f"{differ} different trade{'' if differ == 1 else 's'} in all."
    ]


def _beyond_stops(done: pd.DataFrame) -> list[str]:
    """Say why trades returned less than their stops, where that can be seen."""
    if "exit_level" not in done or "exit_gap" not in done:
        return []  # a run of before
    stopped = done[done["exit_gap"].notna()]
    side = np.where(stopped["side"] == "short", -1.0, 1.0)
    stood = side * (stopped["exit_level"] / stopped["entry_price"] - 1.0)
    less = (stood - stopped["ret"]).sort_values(ascending=False, kind="stable")
    less = less[less > SEEN]
    if less.empty:
        return []
    worst = stopped.loc[less.index[0]]
    told = (
        f"{worst['symbol']} returned {percent(worst['ret'])} with its stop at "
        f"{percent(stood[less.index[0]])}"
    )
    gaps = stopped.loc[less.index, "exit_gap"]
    return [_why_less(told, gaps)]


def _why_less(told: str, gaps: pd.Series[float]) -> str:
    """Word why: the first trade is the one that is told of."""
    n, gapped = len(gaps), int((gaps > 0).sum())
    if n > 1:
        return (
            f"{n} trades ended worse than at their stops. {_how_closed(gapped, n)}; "
            f"slippage and other costs came on top. The worst: {told}."
        )
    if not gapped:
        return f"{told}: it was filled there, slippage and other costs came on top."
    beyond = percent(gaps.iloc[0], signed=False)
    return (
        f"{told}: the session opened {beyond} beyond the stop, and that open was the "
        "first price to be had; slippage and other costs came on top."
    )


def _how_closed(gapped: int, n: int) -> str:
    """Say how many stops were jumped by an open; all others were filled as placed."""
    if not gapped:
        return "Each was filled at its stop"
    which = "Each session" if gapped == n else f"For {gapped} of them the session"
    jumped = f"{which} opened beyond the stop: that open was the first price to be had"
    rest = n - gapped
    others = "the other was filled at its stop"
    if rest > 1:
        others = "the others were filled at their stops"
    return f"{jumped}; {others}" if rest else jumped


def _hindsight(result: RunResult) -> list[str]:
    """Name the strategies that trade signs which nobody declared before the event."""
    if (result.manifest.get("contrast") or {}).get("declared") == "before":
        return []
    strategies = result.manifest.get("strategies") or []
    named = [str(s["label"]) for s in strategies if s.get("name") in SIGNED]
    if not named:
        return []
    return [
        f"{listed(named)} trades expected signs that were not declared before the "
        "event: that result rests on hindsight."
    ]


def _rows(trades: pd.DataFrame) -> list[list[str]]:
    """Return the cells of every trade."""
    return [
        [
            str(t.strategy),
            str(t.event_id),
            str(t.symbol),
            words(t.side),
            filled_at(t.entry_session, getattr(t, "entry_auction", None)),
            number(_float(t.entry_price)),
            filled_at(t.exit_session, getattr(t, "exit_auction", None)),
            number(_float(t.exit_price)),
            words(t.exit_reason).replace("_", " "),
            number(sum(_float(v, 0.0) for v in (t.fees, t.slippage, t.borrow)), 0),
            number(_float(t.pnl), 0, signed=True),
            percent(_float(t.ret)),
        ]
        for t in records(trades)
    ]


def _float(value: Any, missing: float = float("nan")) -> float:
    """Return a cell as a number."""
    return missing if is_missing(value) else float(value)
