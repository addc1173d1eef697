"""What a price source is, and how its bars become a panel."""

from __future__ import annotations

import dataclasses
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.errors import DataUnavailable, PriceError
from aftershock.prices import FRAMES, Defect, PricePanel, canonical_bytes
from aftershock.registry import suggest
from aftershock.sources.adjustment import adjusted

COLUMNS = ("open", "high", "low", "close", "adj_close", "volume", "dividends", "splits")
"""Columns of the bars of one symbol; `close` is split-adjusted, `adj_close` also for
dividends; `dividends` is NaN where the source does not know them."""

Date = str | pd.Timestamp | None


@dataclass(frozen=True)
class Fetched:
    """What a source had for some symbols.

    Attributes
    ----------
    bars : dict of str to DataFrame
        By symbol: `COLUMNS` by session (naive midnight, us), sorted, sessions only.
    missing : dict of str to str
        By symbol: ``no_prices`` (unknown, or none in the span) or ``price_defect``.
    provenance : tuple of dict
        Per symbol: symbol, source, sha256, rows, first, last, fetched_at, note.
    warnings : tuple of str
    defects : tuple of Defect
    simulated : str or None
        The statement a reader must see when the prices are not real.
    refused : dict of str to DataFrame
        Bars of symbols with a severe defect, set aside; see `accepting`.
    raw : dict of str to DataFrame
        The vendor's rows as they came, where a store should keep them.
    """

    bars: Mapping[str, pd.DataFrame]
    missing: Mapping[str, str] = field(default_factory=dict)
    provenance: tuple[dict[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    defects: tuple[Defect, ...] = ()
    simulated: str | None = None
    refused: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    raw: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def accepting(self, ids: Iterable[str]) -> Fetched:
        """Return the same with the symbols used all of whose severe defects are named.

        Parameters
        ----------
        ids : iterable of str
            Ids of defects. A value that is no price stays missing (NaN); of rows that
            disagree the last is used; anything else is used as it stands.

        Raises
        ------
        PriceError
            For an id that no defect has.
        """
        accepted = set(ids)
        known = [d.id for d in self.defects]
        for name in sorted(accepted.difference(known)):
            raise PriceError(
                f"no price defect has the id '{name}'.{suggest(name, known)}",
                where="accept",
                allowed=", ".join(known) or "nothing: no defect was found",
                do="take the id out",
            )
        standing = {d.symbol for d in self.defects if _refuses(d, accepted)}
        back = {s: b for s, b in self.refused.items() if s not in standing}
        told = [f"{d.detail}; accepted" for d in self.defects if d.id in accepted]
        return dataclasses.replace(
            self,
            bars={**self.bars, **back},
            missing={s: why for s, why in self.missing.items() if s not in back},
            refused={s: b for s, b in self.refused.items() if s in standing},
            warnings=(*self.warnings, *told),
        )


class PriceSource(ABC):
    """Where daily bars come from. Subclasses are frozen dataclasses with a `name`."""

    name: ClassVar[str]
    remote: ClassVar[bool] = False
    """Whether what it gives belongs into the store, to be had again later."""

    def clock(self) -> pd.Timestamp:
        """Return the present moment (aware), as this source sees it."""
        return pd.Timestamp.now("UTC")

    def symbols(self) -> tuple[str, ...]:
        """Return the symbols that it can list without a network, sorted."""
        return ()

    @abstractmethod
    def fetch(self, symbols: Sequence[str], start: Date, end: Date) -> Fetched:
        """Return the bars of some symbols between two dates, both inclusive.

        A symbol that the source does not know is `missing`, not an error.

        Parameters
        ----------
        symbols : sequence of str
        start, end : str, Timestamp or None
            None: as far as the source goes.

        Raises
        ------
        DataUnavailable
            When the source itself cannot be reached.
        """


class FetchFailed(DataUnavailable):
    """Some symbols could not be had; `partial` holds what was had before."""

    partial: Fetched | None = None


def panel_from(
    fetched: Fetched,
    adjust: str = "total_return",
    calendar: TradingCalendar | None = None,
) -> PricePanel:
    """Return the panel of what a source had, on one adjustment basis.

    The index holds every session between the first and the last row of any symbol;
    a session without a row is NaN.

    Parameters
    ----------
    fetched : Fetched
    adjust : {"total_return", "split"}
        ``total_return``: open, high, low and close times adj_close / close, no
        dividend booked; ``split``: as given, dividends booked on the ex-session.
    calendar : TradingCalendar, optional

    Raises
    ------
    DataUnavailable
        When no symbol has prices.
    """
    filled = {s: b for s, b in fetched.bars.items() if len(b)}
    if not filled:
        names = f": {first_few(fetched.missing)}" if fetched.missing else ""
        raise DataUnavailable(
            f"no prices for any symbol{names}",
            where="the source of prices",
            do="name another source, or other symbols",
        )
    first = min(bars.index[0] for bars in filled.values())
    last = max(bars.index[-1] for bars in filled.values())
    sessions = covering(calendar, first, last).sessions
    index = sessions[(sessions >= first) & (sessions <= last)]
    parts = {symbol: adjusted(bars, adjust) for symbol, bars in filled.items()}
    frames = {name: _spread(parts, name, index) for name in FRAMES}
    for name in ("dividends", "splits"):
        frames[name] = frames[name].fillna(0.0)
    frames["adjustment"] = frames["adjustment"].ffill().fillna(1.0)
    return PricePanel(
        **frames,
        basis=adjust,
        provenance=fetched.provenance,
        warnings=fetched.warnings,
        defects=tuple(d for d in fetched.defects if d.symbol in filled),
    )


def covering(
    calendar: TradingCalendar | None, first: pd.Timestamp, last: pd.Timestamp
) -> TradingCalendar:
    """Return a calendar that knows all sessions between two dates."""
    usual = calendar or TradingCalendar.load()
    if usual.sessions[0] <= first and last <= usual.sessions[-1]:
        return usual
    start = min(first, usual.sessions[0])
    return TradingCalendar.load(
        f"{start.year}-01-01", f"{max(last, usual.sessions[-1]).year}-12-31"
    )


def provenance_of(
    symbol: str,
    source: str,
    bars: pd.DataFrame,
    fetched_at: str | None = None,
    note: str = "",
) -> dict[str, Any]:
    """Return where the bars of one symbol come from, with the hash of their numbers."""
    digest = hashlib.sha256(
        bars.index.to_numpy("datetime64[us]").astype("<i8").tobytes()
    )
    for name in COLUMNS:
        digest.update(canonical_bytes(bars[name].to_numpy(np.float64)))
    return {
        "symbol": symbol,
        "source": source,
        "sha256": digest.hexdigest(),
        "rows": len(bars),
        "first": f"{bars.index[0]:%Y-%m-%d}" if len(bars) else None,
        "last": f"{bars.index[-1]:%Y-%m-%d}" if len(bars) else None,
        "fetched_at": fetched_at,
        "note": note,
    }


def combined(parts: Sequence[Fetched]) -> Fetched:
    """Return what was had for several symbols as one."""
    return Fetched(
        bars={s: b for part in parts for s, b in part.bars.items()},
        missing={s: why for part in parts for s, why in part.missing.items()},
        provenance=tuple(p for part in parts for p in part.provenance),
        warnings=tuple(w for part in parts for w in part.warnings),
        defects=tuple(d for part in parts for d in part.defects),
        refused={s: b for part in parts for s, b in part.refused.items()},
        raw={s: b for part in parts for s, b in part.raw.items()},
    )


def first_few(names: Iterable[str], most: int = 8) -> str:
    """Return names as text, the first few of many."""
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def _refuses(defect: Defect, accepted: set[str]) -> bool:
    """Say whether a defect still keeps its symbol out."""
    return defect.severity == "severe" and defect.id not in accepted


def _spread(
    parts: Mapping[str, pd.DataFrame], name: str, index: pd.DatetimeIndex
) -> pd.DataFrame:
    """Return one column of every symbol, on the sessions of the panel."""
    for symbol, bars in parts.items():
        odd = bars.index.difference(index)
        if len(odd):
            raise PriceError(f"{odd[0]:%Y-%m-%d} is no session", where=symbol)
    columns = {s: bars[name].reindex(index) for s, bars in parts.items()}
    return pd.DataFrame(columns, index=index)
