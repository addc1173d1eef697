"""A config's event, and every symbol whose prices are at hand."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from aftershock.config import RunConfig
from aftershock.config.parts import build_source
from aftershock.errors import EventError
from aftershock.events import Event
from aftershock.run.fetching import price_store
from aftershock.run.inputs import Inputs, obtain_inputs
from aftershock.run.measuring import design_of, panel_of
from aftershock.run.settling import DAY_WINDOW, day_only
from aftershock.run.simulated import of_moves
from aftershock.scan import Scan, scan
from aftershock.study.frames import shaped
from aftershock.windows import EventWindow

ROWS = ["event_id", "symbol", "role", "expected", "named", "session"]


@dataclass(frozen=True, eq=False)
class EventScan:
    """A scan, and what it is about.

    Attributes
    ----------
    inputs : Inputs
    event : Event
    scan : Scan
        Its table says also in `other_news` which other loaded events name a symbol
        on that session.
    """

    inputs: Inputs
    event: Event
    scan: Scan

    @property
    def simulated(self) -> str | None:
        """What must be said of simulated prices: of the moves of this session."""
        if not self.inputs.prices.simulated:
            return self.inputs.fetched.simulated
        moves = "moves of this session"
        return of_moves(self.scan.table, moves, moves)


def scan_config(config: RunConfig, *, offline: bool = False) -> EventScan:
    """Scan every symbol at hand on the session of the config's event.

    The event is the only one chosen, `report.focus`, or the latest. Where its window
    spans two sessions it is the later one, at which it was certainly known.

    Raises
    ------
    EventError
        For an event without a session.
    DataUnavailable, PriceError
        When the market has no prices that can be used.
    """
    source = build_source(config)
    held = source.symbols()
    if source.remote:
        held = price_store(config).symbols()
    inputs = obtain_inputs(config, offline=offline, more=held)
    event = inputs.focus
    own = inputs.pairs[inputs.pairs["event_id"] == (event.id if event else "")]
    if event is None or own.empty:
        raise EventError(
            "the event has no session, so nothing can be measured",
            where=event.where if event else config.shown,
            do="choose another with --event ID",
        )
    own = own[own["session"] == own["session"].max()]
    rows, aside = _rows(inputs, event, own)
    design = design_of(inputs)
    window = DAY_WINDOW if event.id in day_only(inputs.events) else (0, 0)
    panel = panel_of(inputs, design)
    found = scan(rows, panel, EventWindow(*window), design.estimation.min_obs)
    lost = [_explained(found.dropped, inputs), aside]
    return EventScan(
        inputs,
        event,
        Scan(
            found.table.assign(other_news=_other_news(inputs, event, found.table)),
            pd.concat([f for f in lost if len(f)] or lost[:1], ignore_index=True),
        ),
    )


def _rows(
    inputs: Inputs, event: Event, own: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a row for every symbol that can be studied, and those set aside."""
    session = own["session"].iloc[0]
    named = own.assign(named=True)[ROWS]
    others = sorted(
        {*inputs.prices.symbols, *inputs.fetched.missing} - set(own["symbol"])
    )
    blank = {"event_id": event.id, "role": "", "expected": 0, "named": False}
    rest = pd.DataFrame([blank | {"symbol": s, "session": session} for s in others])
    rows = pd.concat([named, rest[ROWS]] if others else [named], ignore_index=True)
    why = [_set_aside(inputs, symbol) for symbol in rows["symbol"]]
    apart = pd.Series(why, dtype=str) != ""
    lost = rows[apart].assign(reason=[w for w in why if w], detail="")
    return rows[~apart].reset_index(drop=True), shaped("dropped", lost)


def _set_aside(inputs: Inputs, symbol: str) -> str:
    """Say why a symbol is not scanned: the measure itself, or an index."""
    if symbol == inputs.config.study.market:
        return "the_market"
    lexicon = inputs.catalogue.lexicon
    meant = lexicon.instruments.get(lexicon.meant(symbol))
    return "index" if meant is not None and meant.kind == "index" else ""


def _explained(dropped: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Say of symbols without usable prices what is wrong with these."""
    missing = inputs.fetched.missing
    reasons = [
        missing.get(s, r)
        for s, r in zip(dropped["symbol"], dropped["reason"], strict=True)
    ]
    defects = {d.symbol: d.detail for d in inputs.fetched.defects[::-1]}
    details = [
        defects.get(s, "") if r == "price_defect" else d
        for s, r, d in zip(dropped["symbol"], reasons, dropped["detail"], strict=True)
    ]
    return dropped.assign(reason=reasons, detail=details)


def _other_news(inputs: Inputs, event: Event, table: pd.DataFrame) -> list[str]:
    """Name the other loaded events that mean each symbol on the session."""
    if table.empty:
        return []
    every = inputs.catalogue.pairs(inputs.calendar, inputs.config.events.policy)
    there = every[every["session"] == table["session"].iloc[0]]
    there = there[there["event_id"] != event.id]
    ids = there.groupby("symbol")["event_id"].agg(", ".join).to_dict()
    return [str(ids.get(symbol, "")) for symbol in table["symbol"]]
