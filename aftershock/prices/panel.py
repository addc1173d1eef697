"""The panel of daily bars that every part of the engine reads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from aftershock.calendar import NEW_YORK, label
from aftershock.errors import PriceError
from aftershock.prices.defect import Defect
from aftershock.prices.validation import (
    BARS,
    FRAMES,
    axes,
    canonical_bytes,
    check_range,
    check_values,
    frozen,
    values,
)
from aftershock.registry import suggest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aftershock.calendar import TradingCalendar

_OPENS, _CLOSES = pd.Timedelta("9h30min"), pd.Timedelta("16h")
BASES = ("total_return", "split")
_ABSENT = cast(pd.DataFrame, None)


@dataclass(frozen=True, eq=False, kw_only=True)
class PricePanel:
    """Daily bars, sessions x symbols, on one adjustment basis.

    Parameters
    ----------
    close : DataFrame, shape (sessions, symbols)
        Prices > 0, NaN where there is none. The index holds dates, the columns symbols.
    open, high, low, volume : DataFrame, optional
        Same index and columns as `close`; NaN everywhere when left out.
    dividends : DataFrame, optional
        Cash per (split-adjusted) share on the ex-session; zero when left out.
    splits : DataFrame, optional
        New shares for one old share on the session of the split, zero elsewhere.
    adjustment : DataFrame, optional
        What prices were multiplied by for dividends that came later; one when left out.
    basis : {"total_return", "split"}
        Whether dividends are inside the prices or booked beside them.
    provenance : tuple of dict
        Per symbol: symbol, source, sha256, rows, first, last, fetched_at, note.
    warnings : tuple of str
        What a reader must be told, each naming symbol and date.
    defects : tuple of Defect
        What is wrong with the prices; severe ones in here have been accepted, and
        the rules on values are not applied to their symbols again.

    Raises
    ------
    PriceError
        For an index without dates, unsorted or doubled sessions, frames that differ in
        shape, names that are no strings, text, infinite values, prices <= 0, negative
        volume, high below low.
    """

    open: pd.DataFrame = field(default=_ABSENT)
    high: pd.DataFrame = field(default=_ABSENT)
    low: pd.DataFrame = field(default=_ABSENT)
    close: pd.DataFrame
    volume: pd.DataFrame = field(default=_ABSENT)
    dividends: pd.DataFrame = field(default=_ABSENT)
    splits: pd.DataFrame = field(default=_ABSENT)
    adjustment: pd.DataFrame = field(default=_ABSENT)
    basis: str = "total_return"
    provenance: tuple[dict[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    defects: tuple[Defect, ...] = ()

    def __post_init__(self) -> None:
        if self.basis not in BASES:
            raise PriceError(
                f"'{self.basis}' is no basis of prices", allowed=", ".join(BASES)
            )
        index, columns = axes("close", self.close)
        accepted = {d.symbol for d in self.defects if d.severity == "severe"}
        trusted = np.isin(np.array(columns, dtype=object), list(accepted))
        for name in FRAMES:
            checked = values(name, getattr(self, name), index, columns)
            check_values(name, checked, index, columns, trusted)
            object.__setattr__(self, name, frozen(checked, index, columns))
        check_range(self.high, self.low, trusted)

    @property
    def sessions(self) -> pd.DatetimeIndex:
        """Sessions of the panel: naive midnight, unit us, ascending."""
        return cast(pd.DatetimeIndex, self.close.index)

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """Symbols of the panel, in order."""
        return tuple(self.close.columns)

    @property
    def last_session(self) -> pd.Timestamp:
        """The last session of the panel; NaT when it is empty."""
        return self.sessions.max()

    @property
    def simulated(self) -> str:
        """What must be said of prices from the embedded sample; empty for others."""
        notes = [p.get("note") for p in self.provenance if p.get("source") == "sample"]
        return str(notes[0] or "") if notes else ""

    def returns(self) -> pd.DataFrame:
        """Return simple close-to-close returns; NaN where either price is missing."""
        return self.close / self.close.shift(1) - 1.0

    def gap(self) -> pd.DataFrame:
        """Return the open over the previous session's close, minus one."""
        return self.open / self.close.shift(1) - 1.0

    def open_to_close(self) -> pd.DataFrame:
        """Return the close over the same session's open, minus one."""
        return self.close / self.open - 1.0

    def until(
        self, moment: pd.Timestamp, calendar: TradingCalendar, listed: bool = False
    ) -> PricePanel:
        """Return what was known at a moment, as copies: nothing later is in them.

        Sessions closed by then are whole. One that is open at `moment` has its open,
        and the dividend or split that took effect with it; the rest of the row is NaN.
        Prices stand on that day's level: what later dividends and splits scaled them
        by is taken back. Provenance and warnings, of the whole history, are left out.

        Parameters
        ----------
        moment : pandas.Timestamp
            Aware.
        calendar : TradingCalendar
        listed : bool
            Leave out symbols without any price by then: the name of a later listing is
            news of its own.
        """
        if moment.tzinfo is None:
            raise PriceError(f"{moment} has no time zone", allowed="an aware timestamp")
        closed, rows = self._known(moment, calendar)
        cut = {name: getattr(self, name).to_numpy()[:rows].copy() for name in FRAMES}
        for name in ("high", "low", "close", "volume"):
            cut[name][closed:] = np.nan
        self._take_back(cut, rows)
        index = pd.DatetimeIndex(
            self.sessions[:rows].to_numpy(copy=True), name="session"
        )
        columns = pd.Index(self.symbols, name="symbol")
        known = np.isfinite([cut["open"], cut["close"]]).any(axis=(0, 1))
        priced = np.flatnonzero(known)
        if listed and len(priced) < len(columns):
            columns = columns[priced]
            cut = {name: array[:, priced].copy() for name, array in cut.items()}
        return self._with(cut, index, columns)

    def had_price(
        self, symbols: Iterable[str], moment: pd.Timestamp, calendar: TradingCalendar
    ) -> bool:
        """Tell whether any of some symbols had a price at a moment; see `until`."""
        closed, opened = self._known(moment, calendar)
        named = [symbol for symbol in symbols if symbol in self.close.columns]
        first, last = self.open[named].iloc[:opened], self.close[named].iloc[:closed]
        return bool(first.notna().any(axis=None) or last.notna().any(axis=None))

    def _take_back(self, cut: dict[str, NDArray[np.float64]], rows: int) -> None:
        """Take out of rows up to `rows` what later dividends and splits did to them."""
        later = self.splits.to_numpy()[rows:]
        shares = np.where(later > 0, later, 1.0).prod(axis=0)
        factor = np.prod(self.adjustment.to_numpy()[max(rows - 1, 0) : rows], axis=0)
        for name in BARS:
            cut[name] *= shares / factor
        cut["volume"] /= shares
        cut["dividends"] *= shares
        cut["adjustment"] /= factor

    def changed_after(
        self,
        moment: pd.Timestamp,
        calendar: TradingCalendar,
        change: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    ) -> PricePanel:
        """Return this panel with everything changed that was not known at a moment.

        For audits: whoever sees no later than the moment cannot tell the two apart.
        Splits and adjustments stay, since earlier prices are stored on their level.

        Parameters
        ----------
        moment : pandas.Timestamp
            Aware.
        calendar : TradingCalendar
        change : callable
            Takes and returns the values of one frame, sessions x symbols. What comes
            out need not make sense as bars.
        """
        closed, rows = self._known(moment, calendar)
        changed = {}
        for name in FRAMES:
            old = getattr(self, name).to_numpy(copy=True)
            new = np.array(change(old))
            whole = closed if name in ("high", "low", "close", "volume") else rows
            new[:whole] = old[:whole]
            changed[name] = old if name in ("splits", "adjustment") else new
        return self._with(changed, self.sessions, self.close.columns)

    def select(self, symbols: Sequence[str]) -> PricePanel:
        """Return a panel of some symbols, in the order given.

        Raises
        ------
        PriceError
            For a symbol that is not in the panel.
        """
        for symbol in symbols:
            if symbol not in self.close.columns:
                raise PriceError(
                    f"no prices of '{symbol}'.{suggest(symbol, self.symbols)}",
                    allowed=", ".join(self.symbols),
                )
        at = self.close.columns.get_indexer(pd.Index(list(symbols)))
        kept = {name: getattr(self, name).to_numpy()[:, at].copy() for name in FRAMES}
        chosen = self._with(kept, self.sessions, self.close.columns[at])
        provenance = tuple(p for p in self.provenance if p["symbol"] in set(symbols))
        return chosen._noted(provenance=provenance, warnings=self.warnings)

    def sha256(self) -> str:
        """Return the hash of the numbers: sessions, symbols, basis and all frames."""
        digest = hashlib.sha256(f"{self.basis}|{'|'.join(self.symbols)}".encode())
        digest.update(self.sessions.to_numpy("datetime64[us]").astype("<i8").tobytes())
        for name in FRAMES:
            digest.update(canonical_bytes(getattr(self, name).to_numpy()))
        return digest.hexdigest()

    def _known(
        self, moment: pd.Timestamp, calendar: TradingCalendar
    ) -> tuple[int, int]:
        """Return how many rows have closed, and how many have at least opened.

        A row on a day that the exchange does not know (a user's own frames) counts
        as open from 09:30 to 16:00.
        """
        session = label(moment)
        closed = int(self.sessions.searchsorted(session))
        if closed == len(self.sessions) or self.sessions[closed] != session:
            return closed, closed
        if calendar.is_session(session):
            return (
                closed + int(calendar.close_at(session) <= moment),
                closed + int(calendar.open_at(session) <= moment),
            )
        clock = moment.tz_convert(NEW_YORK).tz_localize(None)
        return closed + int(session + _CLOSES <= clock), closed + int(
            session + _OPENS <= clock
        )

    def _with(
        self,
        arrays: dict[str, NDArray[np.float64]],
        index: pd.DatetimeIndex,
        columns: pd.Index,
    ) -> PricePanel:
        """Return a part of this panel without checking again what was checked."""
        panel = object.__new__(PricePanel)
        for name, array in arrays.items():
            object.__setattr__(panel, name, frozen(array, index, columns))
        kept = tuple(d for d in self.defects if d.within(panel.symbols, index))
        object.__setattr__(panel, "basis", self.basis)
        return panel._noted(provenance=(), warnings=(), defects=kept)

    def _noted(self, **notes: Any) -> PricePanel:
        """Write provenance, warnings or defects onto a panel that is being made."""
        for name, value in notes.items():
            object.__setattr__(self, name, value)
        return self
