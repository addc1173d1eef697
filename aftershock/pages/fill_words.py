"""Of the page of trades: what was cut, at which auctions, on what level of prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from aftershock.tables import is_missing, listed, number

WHOLE = 0.99
"""From this part on a trade counts as filled whole: what lacks, its costs took."""


def filled_at(session: Any, auction: Any = None) -> str:
    """Return a session and the auction of the fill; a missing session as a dash."""
    if is_missing(session):
        return "–"
    told = "" if is_missing(auction) else f" {auction}"
    return f"{session!s:.10}{told}"


def cut_words(done: pd.DataFrame, account: Mapping[str, Any]) -> list[str]:
    """Say how many trades got less than they asked for, by what, and the worst.

    Parameters
    ----------
    done : DataFrame
        Trades that were entered; of a run of before, without what they asked for.
    account : mapping
        Its terms.
    """
    if "fill_ratio" not in done:
        return []
    cut = done[done["fill_ratio"] < WHOLE]
    if cut.empty:
        return []
    counts = cut["cut_by"].value_counts().sort_index()
    limits = [
        f"{name} {account[name]:g}" if account.get(name) else str(name)
        for name in counts.index
    ]
    parts = limits
    if len(limits) > 1:
        parts = [f"{n} by {of}" for n, of in zip(counts, limits, strict=True)]
    n, by = len(cut), "by " if len(limits) == 1 else ""
    were = "trade was" if n == 1 else "trades were"
    return [
        f"{n} {were} cut to the room that the account had left ({by}{listed(parts)})"
        f"{_worst(cut, done)}"
    ]


def _worst(cut: pd.DataFrame, done: pd.DataFrame) -> str:
    """Name the trade that got the least part of what it asked for."""
    one = cut.sort_values("fill_ratio", kind="stable").iloc[0]
    asked = abs(float(one["weight_asked"]))
    of = f" of {one['strategy']}" if len(set(done["strategy"])) > 1 else ""
    got = f"a weight of {asked * one['fill_ratio']:.2g} in place of {asked:.2g}"
    which = ":" if len(cut) == 1 else ", the most"
    at = f"{one['entry_session']!s:.10}"
    return f"{which} {one['symbol']}{of} on {at}, which got {got}."


def level_words(trades: pd.DataFrame, manifest: Mapping[str, Any]) -> str:
    """Say that prices are not those of their day, where one of them is not.

    Simulated ones are of no day: only their moves matter.
    """
    if manifest.get("simulated"):
        return (
            " Levels of sample prices are arbitrary, most near 100: they are no quotes."
        )
    if "entry_adjustment" not in trades:
        return ""
    paid = trades["entry_price"] / trades["entry_adjustment"]
    known = paid.notna()
    shown, then = trades["entry_price"][known].map(number), paid[known].map(number)
    if (shown == then).all():
        return ""
    split = (manifest.get("prices") or {}).get("basis") == "split"
    what = "splits" if split else "dividends or splits"
    return (
        f" Prices are adjusted for {what} that came later: entry_adjustment in "
        "tables/trades.csv is the factor."
    )
