"""What is planted into clean bars: one function for each kind of defect.

Each takes the bars, a row, and a generator of random numbers, and leaves the bars that
it was given as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar

Rng = np.random.Generator
PRICES = ["open", "high", "low", "close", "adj_close"]
EVERY = TradingCalendar.load().sessions


def unsorted(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    order = np.arange(len(bars))
    order[[at, at + 1]] = order[[at + 1, at]]
    return bars.iloc[order]


def repeated(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    return pd.concat([bars.iloc[: at + 1], bars.iloc[at:]])


def disagreeing(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    twice = repeated(bars, at, rng).reset_index(drop=True)
    twice.loc[at, ["close", "adj_close"]] *= 1.01
    return twice


def future(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    ahead = pd.Timestamp.now().normalize() + pd.Timedelta(
        days=int(rng.integers(2, 999))
    )
    return pd.concat([bars, bars.iloc[-1:].assign(date=ahead)])


def holiday(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    first, last = bars["date"].iloc[[0, -1]]
    closed = pd.bdate_range(first, last).difference(EVERY)
    day = closed[int(rng.integers(len(closed)))]
    row = bars.iloc[at : at + 1].assign(date=day)
    return pd.concat([bars, row]).sort_values("date")


def zero(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    return _set(bars, at, str(rng.choice(PRICES)), 0.0)


def negative(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    name = str(rng.choice(PRICES))
    return _set(bars, at, name, -bars[name].iloc[at])


def high_below_low(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    row = bars.iloc[at]
    return _set(_set(bars, at, "high", row["low"] - 0.01), at, "low", row["high"])


def split(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    ratio = float(rng.choice([2, 3, 4, 5, 10, 20, 1 / 2, 1 / 5, 1 / 10, 1 / 20]))
    return _scaled(bars, PRICES, slice(0, at), ratio)


def seam(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    return _scaled(bars, ["adj_close"], slice(0, at), 1 + rng.uniform(0.003, 0.05))


def partial(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    part = rng.uniform(0.05, 0.5)
    return _set(bars, len(bars) - 1, "volume", round(bars["volume"].iloc[-1] * part))


def flat(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    for name in PRICES:
        bars = _set(bars, at, name, bars["close"].iloc[at - 1])
    return _set(bars, at, "volume", 0.0)


def units_of_a_row(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    unit = float(rng.choice([0.001, 0.01, 0.1, 10, 100, 1000]))
    return _scaled(bars, PRICES, slice(at, at + 1), unit)


def units_of_a_stretch(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    rows = slice(at, at + int(rng.integers(2, 15)))
    return _scaled(bars, PRICES, rows, float(rng.choice([0.001, 0.01, 0.1, 10, 100])))


def units_of_a_price(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    name = str(rng.choice(PRICES[:4]))
    return _scaled(bars, [name], slice(at, at + 1), float(rng.choice([0.01, 100])))


def units_of_volume(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    return _scaled(bars, ["volume"], slice(at, None), float(rng.choice([0.001, 1000])))


def swapped_high_low(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    return _exchanged(bars, "high", "low", slice(None))


def swapped_open_close(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    return _exchanged(bars, "open", "close", slice(None))


def swapped_close_high(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    return _exchanged(bars, "close", "high", slice(None))


def swapped_close_volume(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    return _exchanged(bars, "close", "volume", slice(at, at + 1))


def swapped_adjusted(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    return _exchanged(bars, "close", "adj_close", slice(None))


def hole(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    return bars.drop(index=bars.index[at])


def text(bars: pd.DataFrame, at: int, rng: Rng) -> pd.DataFrame:
    return _set(bars.astype({"close": object}), at, "close", "n/v")


def _set(bars: pd.DataFrame, at: int, name: str, value: object) -> pd.DataFrame:
    bars = bars.copy()
    bars.iloc[at, bars.columns.get_loc(name)] = value
    return bars


def _scaled(
    bars: pd.DataFrame, names: Sequence[str], rows: slice, factor: float
) -> pd.DataFrame:
    bars = bars.copy()
    for name in names:
        values = bars[name].to_numpy(float).copy()
        values[rows] *= factor
        bars[name] = values
    return bars


def _exchanged(bars: pd.DataFrame, one: str, two: str, rows: slice) -> pd.DataFrame:
    bars = bars.copy()
    first, second = bars[one].to_numpy(float).copy(), bars[two].to_numpy(float).copy()
    first[rows], second[rows] = second[rows].copy(), first[rows].copy()
    return bars.assign(**{one: first, two: second})
