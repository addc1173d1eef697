"""Prices for a run: from the store what it has, from the vendor what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from aftershock.errors import DataUnavailable
from aftershock.sources.base import Date, Fetched, FetchFailed, PriceSource, first_few
from aftershock.store.description import Snapshot, last_settled
from aftershock.store.snapshots import Store

Span = tuple[str | None, str | None]


def obtain(
    source: PriceSource,
    symbols: Sequence[str],
    start: Date = None,
    end: Date = None,
    store: Store | None = None,
    *,
    as_of: Date = None,
    offline: bool = False,
    accept: Iterable[str] = (),
) -> Fetched:
    """Return the bars of some symbols; what a snapshot covers is never fetched again.

    Parameters
    ----------
    source : PriceSource
        A local one is read as it is; only a remote one goes through the store.
    symbols : sequence of str
    start, end : str, Timestamp or None
        Both inclusive.
    store : Store, optional
    as_of : str or Timestamp, optional
        Use snapshots made up to then, and no network: an exact repeat.
    offline : bool
        Use the store only.
    accept : iterable of str
        Ids of severe price defects to live with.

    Raises
    ------
    DataUnavailable
        When the store lacks a symbol and the vendor may not be or could not be asked.
    PriceError
        For an id in `accept` that no defect has.
    """
    wanted = list(dict.fromkeys(symbols))
    if not source.remote:
        return source.fetch(wanted, start, end).accepting(accept)
    if store is None:
        _refuse_offline(wanted, "there is no store", offline or as_of is not None)
        return source.fetch(wanted, start, end).accepting(accept)
    late: tuple[str, ...] = ()
    if offline or as_of is not None:
        late = _stored_only(source, store, wanted, (start, end), as_of)
    else:
        _fill(source, store, wanted, (start, end))
    loaded = store.load(wanted, start, end, as_of)
    return replace(loaded, warnings=(*loaded.warnings, *late)).accepting(accept)


def take_in(fetched: Fetched, store: Store) -> list[Snapshot]:
    """Append the bars of somebody's own files to a store; return their snapshots.

    Each says of itself that it comes from a folder, and reaches from its first to its
    last row: a run that needs more than that asks the vendor.

    Parameters
    ----------
    fetched : Fetched
        What a local source had, on `accepting` what may pass.
    store : Store
    """
    now, taken = pd.Timestamp.now("UTC"), []
    for symbol, bars in fetched.bars.items():
        first, last = bars.index[0], bars.index[-1]
        one = Fetched({symbol: bars})
        store.save(one, now, source="folder", start=first, end=last)
        taken.append(store.snapshots(symbol)[-1])
    return taken


def _fill(
    source: PriceSource, store: Store, symbols: Sequence[str], span: tuple[Date, Date]
) -> None:
    """Fetch what the store lacks, each symbol with all that it had before."""
    last = _last_needed(source, span[1])
    lacking: dict[Span, list[str]] = {}
    for symbol in symbols:
        best = store.best(symbol, *span)
        if best is None or not best.covers(_stamp(span[0]), last):
            lacking.setdefault(_union(span, best), []).append(symbol)
    for wider, group in lacking.items():
        _append(source, store, group, wider)


def _append(source: PriceSource, store: Store, symbols: list[str], span: Span) -> None:
    """Fetch and save one group; what was had is saved even if some symbols failed."""
    fetched_at = source.clock()

    def save(fetched: Fetched) -> None:
        """Append what was had."""
        store.save(fetched, fetched_at, source=source.name, start=span[0], end=span[1])

    try:
        save(source.fetch(symbols, *span))
    except FetchFailed as error:
        if error.partial is not None:
            save(error.partial)
        raise


def _stored_only(
    source: PriceSource,
    store: Store,
    symbols: Sequence[str],
    span: tuple[Date, Date],
    as_of: Date,
) -> tuple[str, ...]:
    """Return warnings about spans that are not whole; refuse symbols never fetched."""
    best = {s: store.best(s, *span, as_of) for s in symbols}
    absent = [s for s, snapshot in best.items() if snapshot is None]
    when = "" if as_of is None else f" as of {as_of}"
    _refuse_offline(absent, f"the store {store.root} does not hold them{when}")
    last, first = _last_needed(source, span[1]), _stamp(span[0])
    return tuple(
        f"{s}: the store holds only {b.start or 'the beginning'} to "
        f"{b.reach():%Y-%m-%d}, fetched {b.fetched_at}"
        for s, b in best.items()
        if b is not None and as_of is None and not b.covers(first, last)
    )


def _refuse_offline(symbols: Sequence[str], why: str, wanted: bool = True) -> None:
    """Raise the error that names symbols that only the network could give."""
    if symbols and wanted:
        raise DataUnavailable(
            f"no stored prices of {first_few(symbols, most=40)}: {why}",
            where="the local store",
            do="run 'aftershock prices fetch' with a network, or leave --offline "
            "and as_of out",
        )


def _last_needed(source: PriceSource, end: Date) -> pd.Timestamp:
    """Return the last session that could be had now."""
    settled = last_settled(source.clock())
    return settled if end is None else min(settled, pd.Timestamp(end))


def _union(span: tuple[Date, Date], best: Snapshot | None) -> Span:
    """Return a span that also holds what was asked before: one snapshot for all."""
    first, last = _stamp(span[0]), _stamp(span[1])
    if best is not None:
        earlier, later = _stamp(best.start), _stamp(best.end)
        first = None if first is None or earlier is None else min(first, earlier)
        last = None if last is None or later is None else max(last, later)
    return _text(first), _text(last)


def _stamp(date: Date) -> pd.Timestamp | None:
    return None if date is None else pd.Timestamp(date)


def _text(date: pd.Timestamp | None) -> str | None:
    return None if date is None else f"{date:%Y-%m-%d}"
