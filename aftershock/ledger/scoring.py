"""How the signs of recorded headlines fared, and those of a catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from aftershock.abnormal import AbnormalReturns, FloatArray
from aftershock.calendar import TradingCalendar
from aftershock.events import EventSet
from aftershock.ledger.chain import Entry
from aftershock.prices import PricePanel
from aftershock.study.pairs import first_of_session
from aftershock.study.panel import StudyPanel, market_panel
from aftershock.windows import EventWindow

HORIZONS = (1, 5, 20)
"""Sessions after which a reaction is read."""
SPAN = EventWindow(0, max(HORIZONS) - 1)
FEWEST_ROWS = 60
MEASURES = ("car", "from_open")


def first_session(moment: pd.Timestamp, calendar: TradingCalendar) -> pd.Timestamp:
    """Return the first session that opens after a moment.

    Raises
    ------
    EventError
        Where the calendar ends before.
    """
    day = calendar.roll_forward(moment)
    return day if calendar.open_at(day) > moment else calendar.shift(day, 1)


def measured(
    entries: Sequence[Entry], prices: PricePanel, calendar: TradingCalendar
) -> pd.DataFrame:
    """Return the reaction of every recorded symbol after each of `HORIZONS`.

    Returns
    -------
    DataFrame
        number, symbol, role, expected, market, session, horizon, status (known,
        pending, no_prices, no_market_prices, insufficient_estimation, missing_return,
        the_market), car, from_open, known_on (the session after whose close it can be
        known).

    Notes
    -----
    Sessions are counted from the first that opens after the headline was recorded.
    `car` is the sum of abnormal returns by the market model, fitted on sessions -250
    to -11 before that one; it holds the move to the first open, part of which may
    have been seen in pre-market trading. `from_open` leaves that move out: the first
    session counts from its open to its close, less beta times the market's.
    """
    lines = [
        {
            "number": entry.number,
            "symbol": exposure.symbol,
            "role": exposure.role,
            "expected": exposure.expected,
            "market": entry.market,
            "session": first_session(entry.recorded_at, calendar),
        }
        for entry in entries
        for exposure in entry.exposures
    ]
    rows = [
        pd.DataFrame(_of_market(pd.DataFrame(part), prices, calendar, str(market)))
        for market, part in pd.DataFrame(lines).groupby("market", sort=False)
    ]
    table = pd.concat(rows, ignore_index=True)
    return table.sort_values(["number", "horizon"], kind="stable", ignore_index=True)


def _of_market(
    pairs: pd.DataFrame, prices: PricePanel, calendar: TradingCalendar, market: str
) -> list[dict[str, Any]]:
    """Return the rows of the entries that are measured against one market."""
    pairs = pairs.reset_index(drop=True)
    have = [market in prices.symbols and s in prices.symbols for s in pairs["symbol"]]
    known = pairs[np.array(have, dtype=bool)].reset_index(drop=True)
    cars, parts, m = reactions(known, prices, market)
    place = {(r.number, r.symbol): k for k, r in enumerate(known.itertuples())}
    rows = []
    for record in pairs.to_dict("records"):
        pair: dict[str, Any] = {str(key): value for key, value in record.items()}
        k = place.get((pair["number"], pair["symbol"]))
        for column, horizon in enumerate(HORIZONS):
            last = calendar.shift(pair["session"], horizon - 1)
            car = np.nan if k is None else cars[k, column]
            rest = np.nan if k is None else parts[k, column]
            rows.append(
                {
                    **pair,
                    "horizon": horizon,
                    "status": _status(k, m, car, last, pair, prices),
                    "car": car,
                    "from_open": rest,
                    "known_on": last,
                }
            )
    return rows


def _status(
    k: int | None,
    m: FloatArray,
    car: float,
    last: pd.Timestamp,
    pair: dict[str, Any],
    prices: PricePanel,
) -> str:
    """Say whether a reaction is known, and if not why."""
    if pair["symbol"] == pair["market"]:
        return "the_market"
    if k is None:
        lacking = pair["symbol"] not in prices.symbols
        return "no_prices" if lacking else "no_market_prices"
    if last > prices.last_session:
        return "pending"
    if m[k] < FEWEST_ROWS:
        return "insufficient_estimation"
    return "known" if np.isfinite(car) else "missing_return"


def reactions(
    pairs: pd.DataFrame, prices: PricePanel, market: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Measure pairs of symbol and session over each of `HORIZONS`.

    Returns
    -------
    car, from_open : (N, len(HORIZONS))
        NaN where a session is missing or the estimation is too short.
    m : (N,)
        Estimation rows.
    """
    if pairs.empty:
        none = np.full((0, len(HORIZONS)), np.nan)
        return none, none, np.zeros(0)
    panel = market_panel(prices, market)
    abnormal, inside = _measure(pairs, panel)
    cars = [abnormal.car(EventWindow(0, h - 1)) for h in HORIZONS]
    enough = inside & (abnormal.fit.m >= FEWEST_ROWS)
    enough &= (pairs["symbol"] != market).to_numpy(dtype=bool)
    car = np.where(enough[:, None], np.column_stack(cars), np.nan)
    first = abnormal.car(EventWindow(0, 0))
    opened = _from_open(pairs, prices, market, abnormal.fit.beta)
    return car, car - (first - opened)[:, None], abnormal.fit.m.astype(float)


def _measure(
    pairs: pd.DataFrame, panel: StudyPanel
) -> tuple[AbnormalReturns, np.ndarray]:
    """Measure all pairs, and tell which sessions the panel has."""
    position = panel.position(pairs["session"].tolist())
    here = panel.calendar[np.minimum(position, len(panel.calendar) - 1)]
    inside = np.asarray(here == pd.DatetimeIndex(pairs["session"]), dtype=bool)
    columns = panel.column(pairs["symbol"].tolist())
    return panel.measure(columns, position, SPAN), inside


def _from_open(
    pairs: pd.DataFrame, prices: PricePanel, market: str, beta: FloatArray
) -> FloatArray:
    """Return the first session from open to close, less beta times the market's."""
    parts = prices.open_to_close()
    own = [
        parts[s].get(d, np.nan)
        for s, d in zip(pairs["symbol"], pairs["session"], strict=True)
    ]
    its = [parts[market].get(day, np.nan) for day in pairs["session"]]
    return np.asarray(np.array(own, float) - beta * np.array(its, float))


def hit_rates(
    rows: pd.DataFrame, by: str, measure: str = "car"
) -> list[dict[str, Any]]:
    """Return how often the sign came true, for each value of a column and horizon.

    Parameters
    ----------
    rows : DataFrame
        expected, horizon, session, the measure (NaN where unknown) and `by`.

    Returns
    -------
    list of dict
        The value, measure, horizon, hits, n, n_sessions, rate, ci_low, ci_high: the
        exact 95 % interval of Clopper and Pearson (1934), Biometrika 26, 404-413. It
        takes the signs as independent; those of one session are not.
    """
    signed = rows[(rows["expected"] != 0) & rows[measure].notna()]
    return [
        {
            by: value,
            "measure": measure,
            "horizon": int(str(horizon)),
            **_rate(part, measure),
        }
        for (value, horizon), part in signed.groupby([by, "horizon"], sort=False)
    ]


def _rate(rows: pd.DataFrame, measure: str) -> dict[str, Any]:
    """Return hits, n and the exact interval of their share."""
    from scipy.stats import binomtest

    hits, n = int((rows[measure] * rows["expected"] > 0).sum()), len(rows)
    interval = binomtest(hits, n).proportion_ci(0.95, method="exact")
    return {
        "hits": hits,
        "n": n,
        "n_sessions": rows["session"].nunique(),
        "rate": hits / n,
        "ci_low": float(interval.low),
        "ci_high": float(interval.high),
    }


def catalogue_reactions(
    events: EventSet, prices: PricePanel, market: str, calendar: TradingCalendar
) -> pd.DataFrame:
    """Return the catalogue's signed pairs that have prices, with their reactions.

    Each symbol and session once. Sessions are counted from the event session, since
    these signs are not known to have been written before it.

    Returns
    -------
    DataFrame
        event_id, symbol, expected, declared, session, horizon, car.
    """
    pairs = events.pairs(calendar)
    pairs = pairs[first_of_session(pairs) & (pairs["expected"] != 0)]
    pairs = pairs[pairs["symbol"].isin(prices.symbols)].reset_index(drop=True)
    car, _, _ = reactions(pairs, prices, market)
    kept = pairs[["event_id", "symbol", "expected", "declared", "session"]]
    blocks = [kept.assign(horizon=h, car=car[:, k]) for k, h in enumerate(HORIZONS)]
    return pd.concat(blocks, ignore_index=True)
