"""Intraday bars from the user's own CSV files, one file for each symbol."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd

from aftershock.calendar import NEW_YORK, TradingCalendar
from aftershock.errors import DataUnavailable, PriceError
from aftershock.prices.bars import BAR_COLUMNS, Bars, bar_size
from aftershock.registry.reading import MOST_TABLE, read_text

_TIME_NAMES = ("timestamp", "timestamps", "datetime", "time", "date")
_NAMED = re.compile(r"(?P<symbol>.+?)(_(?P<count>\d+)(?P<unit>m|min|h))?$")


def bar_files(
    folder: Path | str, frequency: str, symbols: Collection[str] | None = None
) -> list[Path]:
    """Return the CSV files of one bar size in a folder, sorted; or those of `symbols`.

    A file is named ``SYMBOL_5m.csv``, ``SYMBOL_5min.csv`` or ``SYMBOL_1h.csv``.

    Raises
    ------
    DataUnavailable
        When the folder has no such file.
    """
    size, root = bar_size(frequency), Path(folder)
    sized = [f for f in sorted(root.glob("*.csv")) if _size_named(f) == size]
    found = [f for f in sized if symbols is None or _symbol(f) in symbols]
    if not found:
        raise DataUnavailable(
            f"no file of {frequency} bars"
            + (f" of {', '.join(sorted(symbols))}" if symbols else ""),
            where=str(root),
            allowed="files named after symbol and size: META_5m.csv, META_1h.csv",
            do="name the folder that holds them, or another frequency",
        )
    return found


def read_bars(
    paths: Path | str | Sequence[Path | str],
    frequency: str,
    calendar: TradingCalendar | None = None,
    *,
    regular: bool = True,
) -> Bars:
    """Read bars, check them, and keep those of the regular session.

    Parameters
    ----------
    paths : path or sequence of paths
        One CSV per symbol, named after it, with a column of zoned times (the start of
        each bar) and open, high, low, close, volume.
    frequency : str
        The size of the bars: ``5min``, ``60min``.
    calendar : TradingCalendar, optional
        The exchange; default New York.
    regular : bool
        Leave out what lies before the open or at and after the close of the session
        (13:00 on half days). The bar without volume and range that vendors stamp at
        the close, to say the closing price, is always left out: it covers no time.

    Raises
    ------
    DataUnavailable
        When a file does not exist.
    PriceError
        For missing columns, times without zone, times that are out of order or
        double, bars of another size, prices that are none.
    """
    size = bar_size(frequency)
    exchange = calendar or TradingCalendar.load()
    listed = [paths] if isinstance(paths, str | Path) else list(paths)
    frames: dict[str, pd.DataFrame] = {}
    warnings: list[str] = []
    for file in map(Path, listed):
        symbol = _symbol(file)
        if symbol in frames:
            raise PriceError(
                f"a second file of {symbol}",
                where=str(file),
                allowed="one file for each symbol",
                do="leave one of them out",
            )
        rows = _read(file)
        kept, notes = _settled(rows, symbol, exchange, regular)
        _check_grid(kept, size, exchange, str(file))
        frames[symbol] = kept
        warnings += notes
    return Bars(frames, size, tuple(warnings))


def _symbol(file: Path) -> str:
    """Return the symbol that a file is named after; ``_GSPC_5m`` is ``^GSPC``."""
    found = _NAMED.match(file.stem)
    name = found["symbol"] if found else file.stem
    return f"^{name[1:]}" if name.startswith("_") else name


def _size_named(file: Path) -> pd.Timedelta | None:
    """Return the bar size that a file's name states."""
    found = _NAMED.match(file.stem)
    if not found or not found["count"]:
        return None
    hours = 60 if found["unit"] == "h" else 1
    return pd.Timedelta(int(found["count"]) * hours, unit="min")


def _read(file: Path) -> pd.DataFrame:
    """Return the rows of a file by their moment, in order, each once."""
    if not file.is_file():
        raise DataUnavailable(
            "there is no such file of bars",
            where=str(file),
            allowed="a CSV file of one symbol",
            do="check the path",
        )
    try:
        rows = pd.read_csv(StringIO(read_text(file, PriceError, most=MOST_TABLE)))
    except ValueError as error:
        allowed, do = "rows with the cells of the header", "write the file again"
        raise _unfit(f"not CSV: {error}", file, allowed, do) from error
    rows = rows.set_axis([str(c).strip().lower() for c in rows.columns], axis="columns")
    times = [name for name in _TIME_NAMES if name in rows.columns]
    lacking = [c for c in BAR_COLUMNS if c not in rows.columns]
    if not times or lacking:
        raise PriceError(
            f"the column {', '.join(lacking or ['timestamp'])} is missing",
            where=str(file),
            allowed=f"{' | '.join(_TIME_NAMES)}, {', '.join(BAR_COLUMNS)}",
            do="rename the columns of the file",
        )
    index = _moments(rows[times[0]].astype(str), file)
    frame = rows[list(BAR_COLUMNS)].set_axis(index, axis="index")
    _check_values(frame, file)
    return frame.astype(float)


def _moments(text: pd.Series[str], file: Path) -> pd.DatetimeIndex:
    """Return zoned times as UTC, or say what is wrong with them."""
    zoned = text.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$")
    if not zoned.all():
        raise _unfit(
            f"the time '{text[~zoned].iloc[0]}' has no zone",
            file,
            "2026-04-30T13:30:00+00:00",
            "write the offset from UTC behind every time",
        )
    try:
        moments = pd.DatetimeIndex(pd.to_datetime(text, utc=True, format="ISO8601"))
    except ValueError as error:
        allowed = "ISO 8601 times with an offset"
        raise _unfit(f"a time cannot be read: {error}", file, allowed, "mend it") from (
            error
        )
    _check_order(moments, file)
    return moments.as_unit("us").rename("start")


def _check_order(moments: pd.DatetimeIndex, file: Path) -> None:
    """Refuse bars that go back in time, or stand twice."""
    if not moments.is_unique:
        twice = moments[moments.duplicated()][0]
        raise _unfit(
            f"two bars start at {twice:%Y-%m-%d %H:%M} UTC",
            file,
            "each bar once",
            "remove one of them",
        )
    if not moments.is_monotonic_increasing:
        back = moments[1:][moments[1:] < moments[:-1]][0]
        raise _unfit(
            f"the bar of {back:%Y-%m-%d %H:%M} UTC stands after a later one",
            file,
            "bars in order of time",
            "sort the file by its times",
        )


def _check_values(frame: pd.DataFrame, file: Path) -> None:
    """Refuse text, infinite values, prices <= 0, negative volume, high below low."""
    wrong = [str(c) for c, kind in frame.dtypes.items() if kind.kind not in "if"]
    prices = frame[[c for c in BAR_COLUMNS[:4] if c not in wrong]]
    if not wrong and (prices <= 0).any(axis=None):
        wrong = ["a price that is not above zero"]
    if not wrong and np.isinf(frame.to_numpy(np.float64)).any():
        wrong = ["an infinite value"]
    if not wrong and (frame["volume"] < 0).any():
        wrong = ["a negative volume"]
    if not wrong and (frame["high"] < frame["low"]).any():
        wrong = ["a high below its low"]
    if wrong:
        raise _unfit(
            f"not all numbers are prices: {', '.join(wrong)}",
            file,
            "numbers: prices above zero, high >= low, volume >= 0",
            "mend the rows, or leave them out",
        )


def _unfit(found: str, file: Path | str, allowed: str, do: str) -> PriceError:
    """Return the error of a file that cannot be used."""
    return PriceError(found, where=str(file), allowed=allowed, do=do)


def _settled(
    rows: pd.DataFrame, symbol: str, calendar: TradingCalendar, regular: bool
) -> tuple[pd.DataFrame, list[str]]:
    """Drop the closing stamp, and what lies outside the session; say how many."""
    since, until = _from_session(rows, calendar)
    flat = (rows["high"] == rows["low"]) & (rows["volume"] == 0)
    stamp = (flat & (until >= pd.Timedelta(0))).to_numpy()
    inside = (since >= pd.Timedelta(0)) & (until < pd.Timedelta(0))
    outside = ~inside & ~stamp if regular else stamp & False
    counted = (
        (int(stamp.sum()), "without volume or range at or after the close"),
        (int(outside.sum()), "outside the regular session"),
    )
    notes = [f"{symbol}: left out {n} bar(s) {what}" for n, what in counted if n]
    return rows[~(stamp | outside)], notes


def _from_session(
    rows: pd.DataFrame, calendar: TradingCalendar
) -> tuple[pd.TimedeltaIndex, pd.TimedeltaIndex]:
    """Return the time since the open and since the close of each bar's own session.

    On a day without a session both are NaT, and no comparison holds.
    """
    moments = pd.DatetimeIndex(rows.index)
    days = moments.tz_convert(NEW_YORK).tz_localize(None).normalize()
    at = calendar.sessions.get_indexer(days)
    opens = calendar.opening[at].where(at >= 0)
    closes = calendar.closing[at].where(at >= 0)
    return moments - opens, moments - closes


def _check_grid(
    rows: pd.DataFrame, size: pd.Timedelta, calendar: TradingCalendar, file: str
) -> None:
    """Refuse bars that do not start on the grid of their size, counted from the open.

    Bars that are on the grid but never neighbours (60-minute bars read as 5-minute
    ones) are of another size too.
    """
    since, until = _from_session(rows, calendar)
    inside = (since >= pd.Timedelta(0)) & (until < pd.Timedelta(0))
    off = inside & (since % size != pd.Timedelta(0))
    minutes = int(size.total_seconds() // 60)
    if off.any():
        raise _unfit(
            f"the bar of {rows.index[off][0]:%Y-%m-%d %H:%M} UTC does not start on the "
            f"{minutes}-minute grid of its session",
            file,
            f"bars of {minutes} minutes only, the first at the open",
            "name the right frequency, or keep each size in a file of its own",
        )
    steps = pd.Series(since[inside]).diff()
    shortest = steps[steps > pd.Timedelta(0)].min()
    if pd.notna(shortest) and shortest != size:
        raise _unfit(
            f"the bars are {shortest.total_seconds() / 60:g} minutes apart",
            file,
            f"bars of {minutes} minutes",
            "name the right frequency",
        )
