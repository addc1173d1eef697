"""Returns and factors on the study calendar, as arrays that samples are cut from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from aftershock.abnormal import (
    AbnormalReturns,
    BoolArray,
    Drivers,
    FloatArray,
    IntArray,
    gather,
    measure,
)
from aftershock.errors import StudyError
from aftershock.models.base import ReturnModel
from aftershock.models.market import Market
from aftershock.prices import PricePanel
from aftershock.study.alignment import sessions_of
from aftershock.study.tapes import Tapes
from aftershock.windows import EstimationWindow, EventWindow

DayArray = NDArray[np.datetime64]


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
        return self.row_of(pd.DatetimeIndex(sessions).as_unit("us").to_numpy())

    def row_of(self, days: DayArray) -> IntArray:
        """Return the row of the first calendar session >= each day, (N,)."""
        return self.calendar.to_numpy().searchsorted(days).astype(np.int64, copy=False)

    @cached_property
    def _column(self) -> dict[str, int]:
        """The column of each symbol."""
        return {symbol: k for k, symbol in enumerate(self.symbols)}

    def column(self, symbols: Iterable[str]) -> IntArray:
        """Return the column of each symbol, (N,)."""
        return np.array([self._column[symbol] for symbol in symbols], dtype=np.int64)

    def lookup(self, symbols: Iterable[str]) -> IntArray:
        """Return the column of each symbol, -1 where it has none, (N,)."""
        find = self._column.get
        return np.array([find(symbol, -1) for symbol in symbols], dtype=np.int64)

    def measure(
        self, columns: IntArray, positions: IntArray, window: EventWindow
    ) -> AbnormalReturns:
        """Estimate and measure N pairs at once."""
        first, last, margin = self._reach(window)
        sample = gather(
            self._tapes.ready(margin, len(columns) * (last - first + 1)),
            columns,
            positions,
            (first, last),
            (self.estimation.start, self.estimation.end),
            self.before,
        )
        return measure(sample, self.model, window)

    def lay_out(self, window: EventWindow) -> None:
        """Lay out all symbols now: what is measured later, elsewhere too, finds it."""
        self._tapes.laid_out(self._reach(window)[2])

    def _reach(self, window: EventWindow) -> tuple[int, int, int]:
        """Return the first and last offset that is read, and the margin they need."""
        first = min(self.estimation.start, window.start)
        last = max(self.estimation.end, window.end)
        return first, last, max(-first, last, 0) + last - first + 1

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
    def _tapes(self) -> Tapes:
        """The panel laid out for samples."""
        drivers = self.drivers
        if self.log_volume is not None:
            more = {**drivers.optional, "log_volume": self.log_volume}
            drivers = replace(drivers, optional=more)
        return Tapes(self.returns, drivers, self.excluded)


def make_panel(
    returns: pd.DataFrame,
    factors: pd.DataFrame | None,
    model: ReturnModel,
    estimation: EstimationWindow,
    excluded: BoolArray | None = None,
    exposed: Iterable[str] = (),
    *,
    timed: bool = False,
    only_exposed: bool = False,
) -> StudyPanel:
    """Align frames on the study calendar, which is the index of the factors.

    Parameters
    ----------
    timed : bool
        The index holds the slots of bars, whose time of day counts.
    only_exposed : bool
        No other symbols will be studied: where the model reads no other's returns,
        theirs alone must have an end.

    Raises
    ------
    StudyError
        For an index that is not dates, is unsorted, or repeats itself; for factor
        columns that the model needs and the frame lacks.
    """
    calendar = sessions_of(returns if factors is None else factors, timed)
    needed = list(model.factors)
    given = returns[[]] if factors is None else factors
    present = list(given.columns)
    absent = [name for name in needed if name not in present]
    if absent:
        raise StudyError(
            f"the model '{model.name}' needs the factor column {', '.join(absent)}",
            where="factors",
            allowed=f"a frame with {', '.join(needed)}",
            do="pass `factors` with these columns, or choose model='mean'",
        )
    same = returns.index is given.index
    laid = calendar if same else sessions_of(returns, timed)
    if not returns.columns.is_unique:
        twice = sorted(set(returns.columns[returns.columns.duplicated()].astype(str)))
        raise StudyError(
            f"the symbol {', '.join(twice)} has more than one column",
            where="returns",
            allowed="one column for each symbol",
        )
    aligned = returns if same else returns.set_axis(laid, axis=0).reindex(calendar)
    panel = StudyPanel(
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
    _refuse_infinite(panel, only_exposed)
    return panel


def _refuse_infinite(panel: StudyPanel, only_exposed: bool) -> None:
    """Refuse a return without end that is read: a price of 0 came before it.

    Raises
    ------
    StudyError
        It names symbol and session.
    """
    read, values = np.arange(len(panel.symbols)), panel.returns
    if only_exposed and type(panel.model).drivers is ReturnModel.drivers:
        read = np.unique(panel.lookup(panel.exposed))
        read = read[read >= 0]
        values = values.T[read].T  # picked as rows, which adjoin in memory
    flat = values.ravel(order="K")
    if np.isfinite(flat @ flat):
        return  # the quickest look at each; most frames need no second
    wild = np.isinf(values)
    if wild.any():
        row, column = np.argwhere(wild)[0]
        symbol, day = panel.symbols[read[column]], panel.calendar[row]
        raise StudyError(
            f"the return of {symbol} on {day} has no end",
            where="returns",
            allowed="finite numbers; NaN = missing",
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
