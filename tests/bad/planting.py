"""Plant one defect at a time into clean prices, and count which are found.

``python -m tests.bad.planting [FOLDER] [COUNT]``: the table of docs/reliability.md, on
simulated series, or on the price files of a folder.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.sources.inspection import inspect
from tests.bad.plants import (
    Rng,
    disagreeing,
    flat,
    future,
    high_below_low,
    hole,
    holiday,
    negative,
    partial,
    repeated,
    seam,
    split,
    swapped_adjusted,
    swapped_close_high,
    swapped_close_volume,
    swapped_high_low,
    swapped_open_close,
    text,
    units_of_a_price,
    units_of_a_row,
    units_of_a_stretch,
    units_of_volume,
    unsorted,
    zero,
)

SESSIONS = TradingCalendar.load("2014-01-01").sessions[:2500]
"""Some that are over, by any clock."""


def simulated(rng: Rng, rows: int = 500) -> pd.DataFrame:
    """Return clean bars of a share that does not exist, as a vendor would write them.

    Student's t moves with 4 degrees of freedom, a night and a day, quarterly dividends
    in the adjusted close, log-normal volume; two and four decimals.
    """
    first = int(rng.integers(len(SESSIONS) - rows))
    scale = rng.uniform(0.008, 0.04) / np.sqrt(2)
    night, day = rng.standard_t(4, (2, rows)) * scale * np.array([[0.6], [0.8]])
    close = rng.uniform(15, 600) * np.exp(np.cumsum(night + day))
    opened = close * np.exp(-day)
    stretch = np.exp(np.abs(rng.normal(0, scale / 2, (2, rows))))
    paid = np.where(np.arange(rows) % 63 == 62, rng.uniform(0, 0.009), 0.0)
    factor = np.cumprod((1 - paid)[::-1])[::-1] / (1 - paid)
    bars = pd.DataFrame(
        {
            "open": opened,
            "high": np.maximum(opened, close) * stretch[0],
            "low": np.minimum(opened, close) / stretch[1],
            "close": close,
        }
    ).round(2)
    bars.insert(0, "date", SESSIONS[first : first + rows])
    bars["adj_close"] = (bars["close"] * factor).round(4)
    usual = rng.uniform(1e5, 5e7)
    bars["volume"] = np.round(usual * np.exp(rng.normal(0, 0.35, rows)))
    return bars


def _at(bars: pd.DataFrame, rng: Rng) -> int:
    """Return a row that has a hundred before and twenty after it."""
    return int(rng.integers(100, len(bars) - 20))


@dataclass(frozen=True)
class Kind:
    """One kind of defect: who plants it, which rules may name it, how severe it is."""

    plant: Callable[[pd.DataFrame, int, Rng], pd.DataFrame]
    rules: frozenset[str]
    severe: bool
    words: str


def _kind(
    plant: Callable[[pd.DataFrame, int, Rng], pd.DataFrame],
    rules: str,
    severe: bool,
    words: str,
) -> Kind:
    return Kind(plant, frozenset(rules.split()), severe, words)


KINDS = (
    _kind(unsorted, "unsorted", False, "two rows out of order"),
    _kind(repeated, "repeated_rows", False, "a row twice"),
    _kind(disagreeing, "duplicate_rows", True, "a session twice, 1 % apart"),
    _kind(future, "future_row", True, "a row of a day to come"),
    _kind(holiday, "holiday_row", False, "a row on a holiday"),
    _kind(hole, "missing_session", False, "a session left out"),
    _kind(text, "not_a_number", True, "text for a close"),
    _kind(zero, "not_positive", True, "a price of zero"),
    _kind(negative, "not_positive", True, "a price below zero"),
    _kind(high_below_low, "high_below_low", True, "one high below its low"),
    _kind(split, "unadjusted_split", True, "a split, 1/20 to 20, not adjusted"),
    _kind(seam, "adjustment_seam", False, "an older basis, 0.3 to 5 % off"),
    _kind(partial, "thin_last_bar", False, "a last bar with 5 to 50 % of its volume"),
    _kind(flat, "flat_bar", False, "a flat bar without volume"),
    _kind(units_of_a_row, "wrong_units", True, "a row times 0.001 to 1000"),
    _kind(units_of_a_stretch, "wrong_units", True, "2 to 14 rows times 0.001 to 100"),
    _kind(units_of_a_price, "wrong_units", True, "one price times 0.01 or 100"),
    _kind(units_of_volume, "volume_units", False, "volume times 0.001 or 1000"),
    _kind(swapped_high_low, "high_below_low swapped_columns", True, "high and low"),
    _kind(swapped_open_close, "swapped_columns", True, "open and close exchanged"),
    _kind(swapped_close_high, "swapped_columns", True, "close and high exchanged"),
    _kind(swapped_close_volume, "swapped_columns", True, "close and volume of a row"),
    _kind(swapped_adjusted, "swapped_columns", True, "close and adj_close exchanged"),
)
"""Every kind of defect that one file can show by itself."""


def found_in(kind: Kind, planted: pd.DataFrame) -> tuple[bool, bool]:
    """Tell whether a planted defect is named, and whether anything is said."""
    _, said = inspect("PLANTED", planted)
    named = [d for d in said.defects if d.rule in kind.rules]
    severe = any(d.severity == "severe" for d in named)
    return bool(named) and (severe or not kind.severe), bool(said.defects)


def planted_in(series: Sequence[pd.DataFrame], kind: Kind, rng: Rng) -> pd.DataFrame:
    """Return one of some series with a defect; where none can be, another is taken."""
    while True:
        bars = series[int(rng.integers(len(series)))]
        made = kind.plant(bars, _at(bars, rng), rng)
        if not made.equals(bars):
            return made


def rates(series: Sequence[pd.DataFrame], count: int, seed: int = 0) -> pd.DataFrame:
    """Return for each kind how many of its defects were planted, named, answered."""
    rng = np.random.default_rng(seed)
    rows = []
    for number, kind in enumerate(KINDS):
        each = count // len(KINDS) + (number < count % len(KINDS))
        told = [found_in(kind, planted_in(series, kind, rng)) for _ in range(each)]
        named, answered = (sum(column) for column in zip(*told, strict=True))
        rows.append((kind.plant.__name__, kind.words, each, named, answered))
    return pd.DataFrame(rows, columns=["kind", "planted", "n", "named", "answered"])


def alarms(series: Iterable[tuple[str, pd.DataFrame]]) -> tuple[int, Counter[str]]:
    """Return the bars of clean prices, and what is said about them, by severity."""
    bars, told = 0, Counter[str]()
    for symbol, rows in series:
        _, said = inspect(symbol, rows)
        bars += len(rows)
        told.update(f"{d.severity} {d.rule}" for d in said.defects)
    return bars, told


def _read(folder: Path) -> list[tuple[str, pd.DataFrame]]:
    """Return the price files of a folder."""
    files = [f for f in sorted(folder.glob("*.csv")) if f.stem != "manifest"]
    return [
        (f.stem.replace("_", "^"), pd.read_csv(f, parse_dates=["date"])) for f in files
    ]


def main(folder: str = "", count: str = "1000") -> None:
    """Print the table of rates."""
    rng = np.random.default_rng(1)
    clean = (
        _read(Path(folder))
        if folder
        else [(f"S{n}", simulated(rng)) for n in range(400)]
    )
    shares = [bars for symbol, bars in clean if not symbol.startswith("^")]
    long = [bars for bars in shares if len(bars) >= 250 and bars["volume"].min() > 0]
    table = rates(long, int(count))
    print(table.to_string(index=False))
    print("named", table["named"].sum(), "of", table["n"].sum())
    bars, told = alarms(clean)
    print(f"alarms on {bars} clean bars: {dict(told) or 'none'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
