"""Of the page "Trading it": parameters, ladder, where a result came from, its worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from aftershock.luck import FEWEST
from aftershock.tables import (
    NONE,
    listed,
    number,
    percent,
    records,
    role_name,
    words,
)

if TYPE_CHECKING:
    from aftershock.results import RunResult

MOST_PARTS = 5
"""Rows that the parts of a result may take, what is left out among them."""
LINE = 120
"""Letters of parameters that one line under a title holds, in any usual mixture."""
RUNGS = {
    1: "before the news",
    2: "at the first fill",
    3: "with slippage",
    4: "with commission and borrow",
}
"""Rungs that fill the same plans, in short."""
WORDS = {
    "entry at the close before": "entered at the close before the news",
    "entry at the first fill": "at the first fill after its decision, free of cost",
    "and slippage": "with slippage",
    "and commission, borrow": "with commission and borrow: the account",
    "and settings chosen on the past": "settings chosen on the past, later events only",
    "and the first of the grid": "the grid’s first: no past trade to choose by",
}


def own(result: RunResult, table: str, label: str) -> pd.DataFrame:
    """Return one strategy's rows."""
    found: pd.DataFrame = result.tables[table]
    return found[found["strategy"] == label]


def settings(manifest: Mapping[str, Any], label: str) -> list[str]:
    """Say in one line what a strategy was set to; the rest is on the last page."""
    entries = manifest.get("strategies") or []
    entry: Mapping[str, Any] = next((e for e in entries if e.get("label") == label), {})
    named = parameter_words(entry.get("parameters"))
    if not named:
        return []
    rule = "" if entry.get("name") == label else f" of {entry.get('name')}"
    return [f"Parameters{rule}: {_in_one_line(named, LINE - len(rule))}."]


def parameter_words(parameters: Mapping[str, Any] | None) -> list[str]:
    """Return ``name value`` of each parameter that has a value."""
    return [
        f"{name} {listed([*map(str, value)], 99) if isinstance(value, list) else value}"
        for name, value in (parameters or {}).items()
        if value is not None and value != []
    ]


def _in_one_line(named: list[str], room: int) -> str:
    """Join what fits; count the rest, and say where it is."""
    count = len(named)
    while count > 1 and len(", ".join(named[:count])) > room:
        count -= 1
    told = ", ".join(named[:count])
    told = told if len(told) <= room else f"{told[:room].rstrip()}…"
    more = len(named) - count
    return f"{told} and {more} more under “Sample and data”" if more else told


def asked(result: RunResult, label: str) -> str:
    """Say of how many events it wanted nothing, or was not asked."""
    if "decisions" not in result.tables:
        return ""
    reasons = own(result, "decisions", label)["reason"].fillna("")
    idle = int((reasons == "no_plan").sum())
    bare = int((reasons == "no_prices").sum())
    unasked = int((~reasons.isin(["", "no_plan", "no_prices"])).sum())
    told = [f"it wanted no trade on {idle}"] if idle else []
    told += [f"{bare} had no symbol with a price"] if bare else []
    told += [f"{unasked} could not be decided on"] if unasked else []
    told += _refused(own(result, "trades", label))
    of = f"{len(reasons)} event{'' if len(reasons) == 1 else 's'}"
    return f" Of {of} {' and '.join(told)}." if told else ""


def _refused(trades: pd.DataFrame) -> list[str]:
    """Say on how many events plans were made and none was filled, beside others."""
    filled = set(trades.loc[trades["entry_session"].notna(), "event_id"])
    n = len(set(trades["event_id"]) - filled)
    return [f"no plan was filled on {n}"] if n and filled else []


def rung_rows(result: RunResult, label: str) -> list[list[str]]:
    """Return the cells of the ladder, and of the account had the news come sooner."""
    rows = [
        [
            WORDS.get(str(r.words), str(r.words).removeprefix("and ")),
            percent(float(r.total_return)),
            percent(float(r.mean_trade)),
            number(float(r.n_trades), 0),
        ]
        for r in records(own(result, "ladder", label))
    ]
    return [*rows, *_sooner(result, label)]


def rungs_refused(result: RunResult, label: str) -> list[str]:
    """Say what the rungs refused, where not all of them refused the same."""
    ladder = own(result, "ladder", label)
    if "refused" not in ladder:
        return []  # a run of before
    rows = ladder[ladder["rung"].isin(RUNGS)]
    why = {RUNGS[int(r.rung)]: words(r.refused) for r in records(rows)}
    if len(set(why.values())) < 2:
        return []
    told = [f"{where} {_counted(of)}" for where, of in why.items() if of]
    rest = "" if all(why.values()) else ", else none"
    return [f"Refused plans differ by rung: {'; '.join(told)}{rest}."]


def _counted(refused: str) -> str:
    """Return the number of refused plans and the reasons, each counted."""
    each = [part.rsplit(" ", 1) for part in refused.split(", ")]
    total = sum(int(n) for _, n in each)
    told = [f"{why} {n}" if len(each) > 1 else why for why, n in each]
    return f"{total} ({', '.join(told)})".replace("_", " ")


def _sooner(result: RunResult, label: str) -> list[list[str]]:
    """Return the account at the first moment of each window, where one is known."""
    if "readings" not in result.tables:
        return []
    found = own(result, "readings", label)
    return [
        [
            f"the account, had the news come {_when(r.clock)}",
            percent(float(r.total_return)),
            percent(float(r.mean_trade)),
            number(float(r.n_trades), 0),
        ]
        for r in records(found[found["reading"] == "earliest"])
    ]


def _when(clock: object) -> str:
    """Say when the first moment is: a time of day where all events share it."""
    return f"at {clock}" if isinstance(clock, str) and clock else "as early as it can"


def part_rows(attribution: pd.DataFrame, by: str) -> list[list[str]]:
    """Return what the result is made of, by event or by role, the largest first.

    The rows add up to the result: those beyond the room are counted and summed, and so
    are trades in symbols that their event gives no role.
    """
    parts = attribution[attribution["by"] == by]
    size = parts["pnl"].abs()
    parts = parts.assign(size=size).sort_values(
        ["size", "name"], ascending=[False, True]
    )
    kept = len(parts) if len(parts) <= MOST_PARTS else MOST_PARTS - 1
    rows = [
        [
            role_name(str(name)) if by == "role" else str(name),
            *_figures(pnl, n * mean, n),
        ]
        for name, pnl, mean, n in parts[["name", "pnl", "mean_trade", "n"]]
        .head(kept)
        .itertuples(index=False)
    ]
    left_out = _totals(parts.iloc[kept:])
    rows += [[f"{len(parts) - kept} more", *_figures(*left_out)]] if left_out[2] else []
    whole = _totals(attribution[attribution["by"] == "event"])
    bare = whole - _totals(parts)
    return rows + ([[f"without a {by}", *_figures(*bare)]] if bare[2] > 0 else [])


def _totals(parts: pd.DataFrame) -> np.ndarray:
    """Return result, sum of the trades' returns, and number of trades."""
    n = parts["n"].to_numpy(float)
    summed = (n * parts["mean_trade"]).sum()
    return np.array([parts["pnl"].sum(), summed, n.sum()])


def _figures(pnl: float, summed: float, n: float) -> list[str]:
    """Return result, mean trade and number as cells."""
    return [number(pnl, 0, signed=True), percent(summed / n), number(n, 0)]


def signs_told(value: float, attribution: pd.DataFrame) -> str:
    """Say what came from signs that nobody is known to have declared before.

    0 is no result of such signs: the strategy asks for none, or none of its trades
    had one.
    """
    if value != 0:
        return number(value, 0, signed=True) if np.isfinite(value) else NONE
    declared = attribution[attribution["by"] == "declared"]
    late = (declared["name"] != "before").any()
    return "uses no declared signs" if late else "none such traded"


def worth_rows(
    figures: dict[str, float], attribution: pd.DataFrame
) -> list[tuple[str, str]]:
    """Return name and value of each figure."""

    def share(name: str) -> str:
        """Set a share in percent, or a dash."""
        value = figures.get(name, np.nan)
        return percent(value, 0, signed=False) if np.isfinite(value) else NONE

    def money(name: str) -> str:
        """Set money with its sign, or a dash."""
        value = figures.get(name, np.nan)
        return number(value, 0, signed=True) if np.isfinite(value) else NONE

    low, high = (figures.get(f"mean_trade_{end}", np.nan) for end in ("low", "high"))
    few = f"needs {FEWEST} entry sessions"
    interval = f"{percent(low)} to {percent(high)}" if np.isfinite(low) else few
    trials = int(figures.get("trials", 1))
    alone = attribution.loc[attribution["by"] == "event", "n"].sum() == 1
    without = [
        "only one trade" if alone else money(f"pnl_without_{which}")
        for which in ("best", "worst")
    ]
    signs = signs_told(figures.get("pnl_signs_after", np.nan), attribution)
    borrow = figures.get("break_even_borrow", np.nan)
    return [
        ("Sharpe ratio, daily, 252 sessions", number(figures.get("sharpe"), 2)),
        ("probability that it is above 0", share("probabilistic_sharpe")),
        (f"above the luckiest of {trials} tried here", share("deflated_sharpe")),
        ("mean trade, 95\u2009% by session", interval),
        ("result", money("pnl")),
        ("without the best trade", without[0]),
        ("without the worst trade", without[1]),
        ("from signs not declared before", signs),
        ("borrow rate at which shorts earn 0", _rate(borrow)),
    ]


def _rate(value: float) -> str:
    """Return a yearly rate; one below nothing is no rate that anyone asks for."""
    if value < 0:
        return "none, a loss without it"
    return f"{percent(value, 0, signed=False)} a year" if np.isfinite(value) else NONE
