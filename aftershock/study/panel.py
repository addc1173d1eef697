"""Returns and factors on the study calendar, as arrays that samples are cut from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from aftershock.abnormal import (
    AbnormalReturns,
    BoolArray,
    Drivers,
    FloatArray,
    IntArray,
    Tape,
    gather,
    measure,
)
from aftershock.errors import StudyError
from aftershock.models.base import ReturnModel
from aftershock.models.market import Market
from aftershock.prices import PricePanel
from aftershock.study.arguments import refuse_infinite
from aftershock.windows import EstimationWindow, EventWindow


@dataclass(frozen=True, eq=False)
class StudyPanel:
    """What every measurement of a study reads.

    Attributes
    ----------
    calendar : DatetimeIndex of T sessions
    symbols : K names
    returns : (T, K)
    factors : mapping of (T,)
        Every column of the factor frame.
    exposed : frozenset of str
        Symbols that some event names.
    log_volume : (T, K), optional
    excluded : (T, K) bool
        Rows that estimation leaves out, around other news of the symbol.
    model, estimation
        How what is normal is found.
    """

    calendar: pd.DatetimeIndex
    symbols: tuple[str, ...]
    returns: FloatArray
    factors: Mapping[str, FloatArray]
    exposed: frozenset[str]
    excluded: BoolArray | None
    model: ReturnModel
    estimation: EstimationWindow
    log_volume: FloatArray | None = None

    @cached_property
    def last_driven(self) -> int:
        """Last calendar position at which every shared driver has a value."""
        sound = np.ones(len(self.calendar), dtype=bool)
        for values in self.drivers.always.values():
            if values.ndim == 1:
                sound &= np.isfinite(values)
        return int(np.flatnonzero(sound)[-1]) if sound.any() else -1

    @property
    def before(self) -> int | None:
        """Calendar position from which on no row is used for estimation."""
        if self.estimation.before is None:
            return None
        return int(self.calendar.searchsorted(pd.Timestamp(self.estimation.before)))

    def position(self, sessions: list[pd.Timestamp] | pd.Series) -> IntArray:
        """Return the row of the first calendar session >= each date, (N,)."""
        wanted = pd.DatetimeIndex(sessions).as_unit("us")
        return np.asarray(self.calendar.searchsorted(wanted), dtype=np.int64)

    def column(self, symbols: Iterable[str]) -> IntArray:
        """Return the column of each symbol, (N,)."""
        index = {symbol: k for k, symbol in enumerate(self.symbols)}
        return np.array([index[symbol] for symbol in symbols], dtype=np.int64)

    def measure(
        self, columns: IntArray, positions: IntArray, window: EventWindow
    ) -> AbnormalReturns:
        """Estimate and measure N pairs at once."""
        first = min(self.estimation.start, window.start)
        last = max(self.estimation.end, window.end)
        margin = max(-first, last, 0) + last - first + 1
        sample = gather(
            self._tape(margin),
            columns,
            positions,
            (first, last),
            (self.estimation.start, self.estimation.end),
            self.before,
        )
        return measure(sample, self.model, window)

    def can_measure(
        self, columns: IntArray, positions: IntArray, window: EventWindow
    ) -> BoolArray:
        """Tell where every symbol has `min_obs` rows and the whole window, (C,).

        Parameters
        ----------
        columns, positions : (n,), (C,) integers
        """
        rows, usable = self._usable
        stop = len(self.calendar) if self.before is None else self.before
        first = np.clip(positions + self.estimation.start, 0, stop)
        last = np.clip(positions + self.estimation.end + 1, 0, stop)
        m = rows[columns[:, None], last] - rows[columns[:, None], first]
        start, end = positions + window.start, positions + window.end + 1
        inside = (start >= 0) & (end <= len(self.calendar))
        start, end = (np.clip(at, 0, len(self.calendar)) for at in (start, end))
        days = usable[columns[:, None], end] - usable[columns[:, None], start]
        enough = (m >= self.estimation.min_obs) & (days == window.length)
        return np.asarray(inside & enough.all(axis=0))

    @cached_property
    def _usable(self) -> tuple[IntArray, IntArray]:
        """Count the rows before each session for estimation and windows, (K, T+1)."""
        window = np.isfinite(self.returns)
        for values in self.drivers.always.values():
            window &= _finite(values)
        rows = window if self.excluded is None else window & ~self.excluded
        for values in self.drivers.estimation.values():
            rows = rows & _finite(values)
        blank = np.zeros((1, rows.shape[1]), dtype=np.int64)
        # a symbol's counts adjoin: a placebo reads one symbol at many places
        counted = [
            np.vstack([blank, r.cumsum(axis=0)]).T.copy() for r in (rows, window)
        ]
        return counted[0], counted[1]

    @cached_property
    def drivers(self) -> Drivers:
        """What the model reads, on the study calendar."""
        return self.model.drivers(
            self.returns, self.symbols, self.factors, self.exposed
        )

    @cached_property
    def _tapes(self) -> dict[int, Tape]:
        return {}

    def _tape(self, margin: int) -> Tape:
        """Return the panel laid out with a margin; made once for each width."""
        wide = next((m for m in sorted(self._tapes) if m >= margin), None)
        if wide is None:
            wide = margin
            drivers = self.drivers
            if self.log_volume is not None:
                more = {**drivers.optional, "log_volume": self.log_volume}
                drivers = replace(drivers, optional=more)
            self._tapes[margin] = Tape.of(self.returns, drivers, margin, self.excluded)
        return self._tapes[wide]


def make_panel(
    returns: pd.DataFrame,
    factors: pd.DataFrame | None,
    model: ReturnModel,
    estimation: EstimationWindow,
    excluded: BoolArray | None = None,
    exposed: Iterable[str] = (),
    *,
    timed: bool = False,
) -> StudyPanel:
    """Align frames on the study calendar, which is the index of the factors.

    Parameters
    ----------
    timed : bool
        The index holds the slots of bars, whose time of day counts.

    Raises
    ------
    StudyError
        For an index that is not dates, is unsorted, or repeats itself; for factor
        columns that the model needs and the frame lacks.
    """
    calendar = _sessions(returns if factors is None else factors, timed)
    needed = list(model.factors)
    given = pd.DataFrame(index=calendar) if factors is None else factors
    present = list(given.columns)
    absent = [name for name in needed if name not in present]
    if absent:
        raise StudyError(
            f"the model '{model.name}' needs the factor column {', '.join(absent)}",
            where="factors",
            allowed=f"a frame with {', '.join(needed)}",
            do="pass `factors` with these columns, or choose model='mean'",
        )
    _sessions(returns, timed)
    if not returns.columns.is_unique:
        twice = sorted(set(returns.columns[returns.columns.duplicated()].astype(str)))
        raise StudyError(
            f"the symbol {', '.join(twice)} has more than one column",
            where="returns",
            allowed="one column for each symbol",
        )
    refuse_infinite(returns)
    aligned = returns.set_axis(_us(returns.index, timed), axis=0).reindex(calendar)
    return StudyPanel(
        calendar=calendar,
        symbols=tuple(map(str, returns.columns.to_numpy(dtype=object))),
        returns=aligned.to_numpy(dtype=float, na_value=np.nan),
        factors={
            str(name): given[name].to_numpy(dtype=float, na_value=np.nan)
            for name in present
            if name in needed or is_numeric_dtype(given[name])
        },
        exposed=frozenset(exposed),
        excluded=excluded,
        model=model,
        estimation=estimation,
    )


def _finite(values: FloatArray) -> BoolArray:
    """Tell where a driver has a value, (T, 1) or (T, K)."""
    return np.isfinite(values if values.ndim == 2 else values[:, None])


def market_panel(
    prices: PricePanel, market: str, estimation: EstimationWindow | None = None
) -> StudyPanel:
    """Return a price panel's returns, to be measured by the market model."""
    returns = prices.returns()
    factors = pd.DataFrame({"mkt": returns[market]})
    return make_panel(returns, factors, Market(), estimation or EstimationWindow())


def _us(index: pd.Index, timed: bool) -> pd.DatetimeIndex:
    """Return an index without zone, in microseconds; without time unless `timed`."""
    dates = pd.DatetimeIndex(index)
    if dates.tz is not None:
        dates = dates.tz_localize(None)
    dates = dates.as_unit("us")
    return dates if timed or dates.is_normalized else dates.normalize()


def _sessions(frame: pd.DataFrame, timed: bool) -> pd.DatetimeIndex:
    """Return the frame's sessions, or say what is wrong with its index."""
    try:
        calendar = _us(frame.index, timed)
    except (TypeError, ValueError) as error:
        raise StudyError(
            f"the index is not made of dates: {error}", where="returns or factors"
        ) from error
    if not calendar.is_monotonic_increasing or not calendar.is_unique:
        raise StudyError(
            "the sessions are not in order, or one stands twice",
            where="returns or factors",
            allowed="each session once, ascending",
            do="sort the frame and remove duplicates: frame.sort_index()",
        )
    return calendar


def log_volume(
    volume: pd.DataFrame | None, panel: StudyPanel, *, timed: bool = False
) -> FloatArray | None:
    """Return log volume on the panel's sessions and symbols, (T, K); NaN for none.

    Raises
    ------
    StudyError
        For an index that is not dates in order.
    """
    if volume is None:
        return None
    _sessions(volume, timed)
    aligned = volume.set_axis(_us(volume.index, timed), axis=0)
    table = aligned.reindex(index=panel.calendar, columns=list(panel.symbols))
    values = table.to_numpy(dtype=float, na_value=np.nan)
    return np.log(np.where(values > 0, values, np.nan))


def excluded_rows(
    panel_symbols: Sequence[str],
    calendar: pd.DatetimeIndex,
    named: Sequence[tuple[str, pd.Timestamp]],
) -> BoolArray:
    """Mark -1 .. +1 sessions around each event that names the symbol itself, (T, K)."""
    marked = np.zeros((len(calendar), len(panel_symbols)), dtype=bool)
    index = {symbol: k for k, symbol in enumerate(panel_symbols)}
    for symbol, session in named:
        inside = len(calendar) and calendar[0] <= pd.Timestamp(session) <= calendar[-1]
        if symbol in index and inside:
            row = int(calendar.searchsorted(pd.Timestamp(session)))
            marked[max(row - 1, 0) : row + 2, index[symbol]] = True
    return marked
