"""One event bar by bar: its path, its moments, and what may be said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from aftershock.pages.reaction_rows import ALONE
from aftershock.tables import ALPHA, listed, percent, probability, records, words

LEADING = "contrast_search"
"""The test of one session whose signs nobody had to declare, and that holds on bars."""


def event_shown(tables: Mapping[str, pd.DataFrame], focus: str) -> str:
    """Return the event to show: the focus if it has bars, else the latest that has."""
    bars = tables.get("intraday")
    if bars is None or bars.empty or bars["ar"].isna().all():
        return ""
    known = bars[bars["ar"].notna() & (bars["offset"] == 0)]
    if known.empty or (known["event_id"] == focus).any():
        return focus if len(known) else ""
    return str(known.sort_values(["bar_start", "event_id"])["event_id"].iloc[-1])


def since_news(ar: pd.Series[Any], offset: pd.Series[Any]) -> pd.Series[float]:
    """Return the cumulative abnormal return since the bar before the news.

    Before the news it runs backwards from zero at offset -1; a missing bar ends it on
    its side.
    """
    value: pd.Series[float] = ar.astype(float)
    after = value[offset >= 0].cumsum(skipna=False)
    # the move of offset -1 itself lies before the point that is zero
    before = -value[offset < 0][::-1].shift(1, fill_value=0.0).cumsum(skipna=False)
    joined: pd.Series[float] = pd.concat([before[::-1], after])
    return joined


def moments_of(
    tables: Mapping[str, pd.DataFrame], event: str, frequency: str
) -> pd.DataFrame:
    """Return CAR and interval of an event's symbols at its moments, named in words.

    Columns: symbol, end, car, ci_low, ci_high, moment. The moments: the first slot (a
    gap, or a bar), an hour, a session.
    """
    cars = tables["intraday_cars"]
    mine = cars[(cars["event_id"] == event) & (cars["start"] == 0)]
    ends = sorted({int(end) for end in mine["end"]})
    bars = tables["intraday"]
    bars = bars[(bars["event_id"] == event) & (bars["offset"] == 0)]
    gap = bool((bars["slot"] == 0).all())
    size = pd.Timedelta(frequency)
    names = {}
    for end in ends:
        if gap and end == 0:
            names[end] = "at the open"
        elif end == ends[-1]:
            names[end] = "at the close" if gap else "a session later"
        elif end in (0, int(np.ceil(pd.Timedelta("60min") / size))):
            names[end] = f"after {minutes(size * (end + (not gap)))}"
    kept = mine[mine["end"].isin(list(names))]
    columns = ["symbol", "end", "car", "ci_low", "ci_high"]
    return kept[columns].assign(moment=kept["end"].map(names)).reset_index(drop=True)


def minutes(size: pd.Timedelta) -> str:
    """Return a span in words."""
    whole = int(size.total_seconds() // 60)
    if whole == 60:
        return "an hour"
    return f"{whole} minutes" if whole % 60 else f"{whole // 60} hours"


def leading_of(
    tables: Mapping[str, pd.DataFrame], moments: pd.DataFrame
) -> dict[str, Any]:
    """Return the leading test at the moment of its least p: pvalue, n, tried, moment.

    The p is that of the moment times the number of moments at which the test may be
    quoted (Bonferroni). Empty where it may at none, or where several events share the
    table: then nothing may be claimed of one.
    """
    tests = tables["intraday_tests"]
    rows = tests[(tests["test"] == LEADING) & (tests["group"] == "all")]
    names = dict(zip(moments["end"], moments["moment"], strict=True))
    rows = rows[(rows["start"] == 0) & rows["end"].isin(list(names))]
    rows = rows[rows["valid"].astype(bool) & rows["pvalue"].notna()]
    if rows.empty or len(set(tables["intraday"]["event_id"])) > 1:
        return {}
    least = rows.sort_values("pvalue", kind="stable").iloc[0]
    return {
        "pvalue": min(1.0, float(least["pvalue"]) * len(rows)),
        "n": int(least["n"]),
        "tried": len(rows),
        "moment": names[least["end"]],
    }


def title_of(moments: pd.DataFrame, test: Mapping[str, Any]) -> str:
    """Say what the symbol that moved most did by when, and whether that is unusual."""
    last = moments[moments["end"] == moments["end"].max()].dropna(subset=["car"])
    if last.empty:
        return "Not measured: every symbol lacks a bar"
    symbol = str(last["symbol"].iloc[int(last["car"].abs().argmax())])
    mine = moments[moments["symbol"] == symbol].sort_values("end")
    what = f"{symbol} {listed([f'{percent(r.car)} {r.moment}' for r in records(mine)])}"
    if not test:
        return f"Not tested: {what}"
    if test["pvalue"] >= ALPHA:
        return f"Undecided: {what}"
    if test["n"] == 1:
        return f"{what}; {test['moment']} more than ordinary bars bring"
    return (
        f"{test['moment'].capitalize()} the {test['n']} symbols moved more than on "
        f"ordinary bars; {what}"
    )


def standfirst(
    moments: pd.DataFrame, test: Mapping[str, Any], warnings: Sequence[str]
) -> list[str]:
    """Say what is drawn, what the test found, and what had to be left out."""
    when = listed(list(dict.fromkeys(moments["moment"])))
    drawn = (
        "Cumulative abnormal return since the bar before the news. Dots: "
        f"{when}, with 95\u2009% intervals of {ALONE}."
    )
    if test:
        many = f", times {test['tried']} moments" if test["tried"] > 1 else ""
        p = probability(test["pvalue"])
        tested = (
            f" Test: the largest contrast of any signs {test['moment']}, n = "
            f"{test['n']} symbol{'s' if test['n'] > 1 else ''}, p "
            f"{p if p[:1] in '≤<' else f'= {p}'}{many}. "
            "Other moments have no test that may be quoted."
        )
    else:
        tested = " No test of this event on bars may be quoted."
    notes = [words(w).removeprefix("bars: ") for w in warnings if w.startswith("bars:")]
    return [drawn + tested, *([f"Bars: {'; '.join(notes)}."] if notes else [])]
