"""What a run would do, without doing it and without the network."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.config import RunConfig
from aftershock.config.parts import build_source
from aftershock.config.study import Study
from aftershock.errors import DataUnavailable
from aftershock.events import EventSet
from aftershock.events.repeats import remarks
from aftershock.results import columns
from aftershock.run.claims import read_claims, wanted_by_claims
from aftershock.run.dropping import (
    not_among,
    nothing_left,
    will_drop,
    with_unmeasured,
)
from aftershock.run.fetching import (
    fetch_command,
    fetch_prices,
    price_store,
    written,
)
from aftershock.run.inputs import (
    Inputs,
    choose_events,
    needed_symbols,
    price_span,
    stand_ins,
)
from aftershock.run.mistakes import refuse_mistakes
from aftershock.run.rehearsing import rehearse
from aftershock.run.settling import day_only, settled_by
from aftershock.sources.base import Fetched, panel_from
from aftershock.study.pairs import first_of_session
from aftershock.windows import EventWindow


def plan(config: RunConfig) -> dict[str, Any]:
    """Return the plan of a run: events, sessions, symbols, windows, what will drop.

    Returns
    -------
    dict
        events, by_event (of each its sessions, pairs, and what will be left out),
        sessions, symbols, without_prices, pairs, measured (at most), unsigned and
        repeated (of these), dropped, pending, windows, windows_from (config, default
        or day_only), headline, day_only, strategies, planned (of each that could be
        asked its plans, and about how many events), estimation, claims,
        prices_until, warnings.

    Raises
    ------
    AftershockError
        When events or a folder's prices are wrong, a strategy fails or plans what
        cannot be meant, or a run would refuse the rest.
    DataUnavailable
        When nothing could be studied.
    """
    catalogue, events = choose_events(config)
    asked, config = config.study, settled_by(config, events)
    calendar = TradingCalendar.load()
    pairs = events.pairs(calendar, config.events.policy)
    symbols = needed_symbols(config, pairs)
    start = price_span(config, pairs, calendar)
    fetched = _at_hand(config, symbols, start)
    held = {s: bars for s, bars in fetched.bars.items() if len(bars)}
    until = max((b.index.max() for b in held.values()), default=None)
    early = events.without_session(calendar, config.events.policy)
    dropped = will_drop(config, pairs, early, fetched, held)
    asking = partial(rehearse, config, events, fetched, calendar)
    rehearsed = refuse_mistakes(config, events, pairs, symbols, asking)
    if pairs.empty:
        raise DataUnavailable(
            "no chosen event has a session that could be studied",
            where=config.shown,
            do="choose events with a day or better precision",
        )
    late = _late(config, pairs, calendar, until)
    if config.study.market in held and not _awaited(config, fetched):
        inputs = Inputs(
            config,
            calendar,
            catalogue,
            events,
            pairs,
            early,
            fetched,
            panel_from(fetched, config.prices.adjust, calendar),
        )
        dropped = with_unmeasured(dropped, pairs[~late], inputs)
    return {
        "events": [e.id for e in events.events],
        "by_event": _by_event(events, pairs, dropped, late),
        "sessions": sorted({f"{s:%Y-%m-%d}" for s in pairs["session"]}),
        "symbols": symbols,
        "without_prices": [s for s in symbols if s not in held],
        "pairs": len(pairs),
        **_counted(pairs[~late], dropped),
        "dropped": dropped[columns("dropped")].to_dict("records"),
        "pending": _will_wait(pairs[late]),
        **_windows(asked, config, events),
        "strategies": list(config.labels),
        "planned": rehearsed.planned,
        "estimation": config.study.estimation.model_dump(mode="json"),
        "claims": [c.id for c in read_claims(config, catalogue)],
        "prices_until": f"{until:%Y-%m-%d}" if until is not None else None,
        "warnings": [
            *remarks(events.events),
            *stand_ins(pairs),
            *_told(config, catalogue, fetched, held, start),
            *nothing_left(pairs, dropped, held, late),
            *rehearsed.told,
        ],
    }


def _told(
    config: RunConfig,
    catalogue: EventSet,
    fetched: Fetched,
    held: dict[str, Any],
    start: pd.Timestamp | None,
) -> list[str]:
    """Return what a reader of the plan must know about the prices."""
    market, remote = config.study.market, config.prices.source.name == "yahoo"
    told = list(fetched.warnings)
    told += [d.detail for d in fetched.defects if not any(d.detail in w for w in told)]
    if remote and not held:
        wanted = [(list(fetched.missing), start)]
        if config.claims:
            calendar = TradingCalendar.load()
            wanted.append(wanted_by_claims(config, catalogue, calendar))
        symbols = dict.fromkeys(s for several, _ in wanted for s in several)
        first = min((day for _, day in wanted if day is not None), default=None)
        command = fetch_command(config, list(symbols), first)
        told.append(f"no prices are stored yet: the run fetches them, or `{command}`")
    elif market not in held:
        told.append(f"the market {market} has no prices: the run will stop")
    return told


def _awaited(config: RunConfig, fetched: Fetched) -> bool:
    """Return whether a run fetches prices that are not here yet."""
    return bool(fetched.missing) and build_source(config).remote


def _at_hand(
    config: RunConfig, symbols: list[str], start: pd.Timestamp | None
) -> Fetched:
    """Return the prices that are on this machine; none at all is a plan too."""
    held = symbols
    if build_source(config).remote:
        store, as_of = price_store(config), written(config.prices.as_of)
        held = [s for s in symbols if store.best(s, as_of=as_of)]
    lacking = {s: "no_prices" for s in symbols if s not in held}
    # what is wrong with prices that are not here is not known yet
    known = [i for i in config.prices.accept if i.partition(":")[0] not in lacking]
    prices = config.prices.model_copy(update={"accept": tuple(known)})
    config = config.model_copy(update={"prices": prices})
    fetched = fetch_prices(config, held, start, offline=True)
    return replace(fetched, missing={**fetched.missing, **lacking})


def _late(
    config: RunConfig,
    pairs: pd.DataFrame,
    calendar: TradingCalendar,
    until: pd.Timestamp | None,
) -> pd.Series[bool]:
    """Mark the pairs whose window is not over in the prices at hand."""
    if until is None:
        return pd.Series(False, index=pairs.index)
    window = EventWindow(*config.study.hull)
    sessions = calendar.sessions
    home = sessions.searchsorted(pairs["session"])
    last = np.maximum(home, home + window.end)
    done = sessions[np.minimum(last, len(sessions) - 1)] <= until
    return pd.Series(~done, index=pairs.index)


def _will_wait(late: pd.DataFrame) -> list[dict[str, str]]:
    """Return the events of pairs that wait, with their first session."""
    return [
        {"event_id": str(row.event_id), "session": f"{row.session:%Y-%m-%d}"}
        for row in late.drop_duplicates("event_id").itertuples()
    ]


def _by_event(
    events: EventSet, pairs: pd.DataFrame, dropped: pd.DataFrame, late: pd.Series[bool]
) -> list[dict[str, Any]]:
    """Return of each event its sessions and pairs, and what of them is left out."""
    found = {str(name): rows for name, rows in pairs.groupby("event_id")}
    lost = dropped["event_id"].value_counts()
    waiting = set(pairs.loc[late, "event_id"])
    none = pairs.iloc[:0]
    return [
        {
            "event_id": e.id,
            "sessions": sorted(
                {f"{s:%Y-%m-%d}" for s in found.get(e.id, none)["session"]}
            ),
            "pairs": len(found.get(e.id, none)),
            "left_out": int(lost.get(e.id, 0)),
            "pending": e.id in waiting,
        }
        for e in events.events
    ]


def _counted(pairs: pd.DataFrame, dropped: pd.DataFrame) -> dict[str, int]:
    """Count the pairs that a run measures, and those of them that tests pass over.

    Joint tests and families take no pair whose sign is declared to be none, and no
    test takes a symbol twice in a session.
    """
    kept = not_among(pairs, dropped)
    return {
        "measured": len(kept),
        "unsigned": int((kept["expected"] == 0).sum()),
        "repeated": int((~first_of_session(kept)).sum()),
    }


def _windows(asked: Study, config: RunConfig, events: EventSet) -> dict[str, Any]:
    """Return the windows of a run, where each comes from, and which one leads."""
    written = "config" if "windows" in asked.model_fields_set else "default"
    windows = config.study.windows
    return {
        "windows": [list(w) for w in windows],
        "windows_from": [
            written if w in asked.windows else "day_only" for w in windows
        ],
        "headline": list(config.headline_window),
        "day_only": day_only(events),
    }
