"""Results as the frames that other packages take: quantstats and alphalens-reloaded."""

from __future__ import annotations

import pandas as pd

from aftershock.errors import StudyError
from aftershock.prices import PricePanel
from aftershock.registry import suggest

ENTRIES = ("next_open", "close")
FACTORS = ("car", "scar", "expected")


def daily_returns(equity: pd.DataFrame, strategy: str | None) -> pd.Series[float]:
    """Return simple daily returns of one account, as `quantstats` takes them.

    Parameters
    ----------
    equity : DataFrame
        The table `equity`: session, then money, one column for each account.
    strategy : str, optional
        A column; needed where there are several strategies.

    Returns
    -------
    Series
        Fractions by session (naive), named like the strategy; the first session,
        which has no return, is left out.

    Raises
    ------
    StudyError
        For a name that there is not, or none where there are several.
    """
    names = [str(name) for name in equity.columns if name != "session"]
    own = [name for name in names if name != "benchmark"]
    wanted = strategy or (own[0] if len(own) == 1 else None)
    if wanted not in names:
        found = f"no strategy is named '{strategy}'" if strategy else "which strategy?"
        raise StudyError(
            found + (suggest(strategy, names) if strategy else ""),
            where="to_quantstats",
            allowed=", ".join(names) or "none: nothing was traded",
            do="pass its label: to_quantstats(strategy='...')",
        )
    index = pd.DatetimeIndex(pd.to_datetime(equity["session"]), name="date")
    money = pd.Series(equity[wanted].to_numpy(dtype=float), index, name=wanted)
    return money.pct_change(fill_method=None).iloc[1:]


def factor_and_prices(
    tables: dict[str, pd.DataFrame],
    prices: PricePanel,
    window: tuple[int, int],
    factor: str,
    entry: str,
) -> tuple[pd.Series[float], pd.DataFrame]:
    """Return a factor and prices, as alphalens' ``get_clean_factor...`` takes them.

    Parameters
    ----------
    tables : dict of DataFrame
        `cars` and `pairs` of a study.
    prices : PricePanel
    window : tuple of int
        One of the study's windows; the factor is known at the close of its end.
    factor : {"car", "scar", "expected"}
        A column of `cars`, or the sign that was expected.
    entry : {"next_open", "close"}
        The price at a date: the open after it, at which one could trade what is known
        at its close; or that close itself, which one could not.

    Returns
    -------
    factor : Series
        By date and asset (MultiIndex, naive dates); of several events on one date the
        mean.
    prices : DataFrame
        Sessions x symbols, wide.

    Raises
    ------
    StudyError
        For a window that was not studied, or another word.
    """
    _check("factor", factor, FACTORS)
    _check("entry", entry, ENTRIES)
    cars = tables["cars"]
    kept = cars[(cars["start"] == window[0]) & (cars["end"] == window[1])]
    if kept.empty:
        known = sorted(set(zip(cars["start"], cars["end"], strict=True)))
        raise StudyError(
            f"no window {list(window)} was studied",
            where="to_alphalens",
            allowed=", ".join(f"({a}, {b})" for a, b in known) or "none",
            do="pass one of these as `window`, or study the window too",
        )
    signs = tables["pairs"].set_index(["event_id", "symbol"])["expected"]
    signs = signs[~signs.index.duplicated()]
    keys = pd.MultiIndex.from_frame(kept[["event_id", "symbol"]])
    values = signs.reindex(keys) if factor == "expected" else kept[factor]
    known_at = _sessions_after(kept["event_session"], window[1], prices)
    rows = pd.DataFrame(
        {
            "date": known_at,
            "asset": kept["symbol"].to_numpy(),
            factor: pd.to_numeric(values).to_numpy(dtype=float),
        }
    ).dropna()
    wide = prices.open.shift(-1) if entry == "next_open" else prices.close
    wide = wide.rename_axis(index="date", columns="asset")
    return rows.groupby(["date", "asset"])[factor].mean(), wide


def _check(name: str, word: str, known: tuple[str, ...]) -> None:
    if word not in known:
        raise StudyError(
            f"'{word}' is no {name}.{suggest(word, known)}",
            where="to_alphalens",
            allowed=", ".join(known),
            do=f"pass one of these as `{name}`",
        )


def _sessions_after(
    sessions: pd.Series, offset: int, prices: PricePanel
) -> pd.DatetimeIndex:
    """Return the session `offset` after each; NaT where the panel does not reach."""
    index = prices.sessions
    at = index.get_indexer(pd.DatetimeIndex(pd.to_datetime(sessions)))
    there = (at >= 0) & (at + offset >= 0) & (at + offset < len(index))
    found = pd.Series(index[(at + offset).clip(0, len(index) - 1)])
    return pd.DatetimeIndex(found.where(there))
