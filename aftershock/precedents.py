"""What happened after earlier headlines of the same kind, as known at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from aftershock.abnormal import BoolArray, FloatArray
from aftershock.calendar import TradingCalendar, knowable_at
from aftershock.events import EventSet
from aftershock.importers.twins import same_news
from aftershock.prices import PricePanel
from aftershock.study.frames import shaped
from aftershock.study.pairs import first_of_session
from aftershock.study.panel import market_panel
from aftershock.windows import EventWindow

SPAN = EventWindow(0, 5)
LATER = EventWindow(1, 5)
FEWEST_ROWS = 60
FEW = 6
"""Sessions below which no rule can be read from precedents."""
MEASURES = ("gap", "open_to_close", "ar", "later")


@dataclass(frozen=True, eq=False)
class Precedents:
    """Earlier events of some tags.

    Attributes
    ----------
    events : EventSet
        Those that were known at the moment and have a session: of an event of which
        only the month is known nothing can be measured. News counts once, however
        many records tell it.
    rows : DataFrame
        One for each event, symbol and session: event_id, symbol, role, expected,
        declared, session, gap, open_to_close (raw), ar (abnormal, the session), later
        (abnormal, sessions 1 to 5); NaN where a window had not closed.
    left_out : DataFrame
        event_id, symbol, reason, detail.
    repeated : mapping of str
        The events that tell the news of another once more, as a workspace's own record
        of a shipped one does, and that other; they are not among `events`.
    """

    events: EventSet
    rows: pd.DataFrame
    left_out: pd.DataFrame
    repeated: Mapping[str, str] = field(default_factory=dict)

    def by_role(self) -> list[dict[str, Any]]:
        """Return one record for each role, what its symbols did as one session each.

        Returns
        -------
        list of dict
            role, n_events, n_sessions, and for each of `MEASURES` n, median, low and
            high over sessions (the mean of a session's symbols is one value); signed
            and hits: pairs with a sign, and those whose `ar` had it; declared: how
            many of these signs were declared before, after, or at an unknown time.
        """
        grouped = self.rows.groupby("role", sort=False)
        return [
            {
                "role": str(role),
                "n_events": self._news(part).nunique(),
                "n_sessions": part["session"].nunique(),
                **{name: _spread(part, name) for name in MEASURES},
                **_signs(part),
            }
            for role, part in grouped
        ]

    def after_gap(self, role: str, sign: int) -> dict[str, Any]:
        """Return what was left after a gap of one sign: open to close, by session.

        Returns
        -------
        dict
            n, median, low, high, as in `by_role`, and enough: at least `FEW`.
        """
        rows = self.rows[self.rows["role"] == role]
        found = _spread(rows[np.sign(rows["gap"]) == sign], "open_to_close")
        return {**found, "enough": found["n"] >= FEW}

    def last_role(self, symbol: str) -> tuple[str, str]:
        """Return the role of a symbol in the latest of the events, and that event."""
        own = self.rows[self.rows["symbol"] == symbol]
        if own.empty:
            return "", ""
        last = own.sort_values(["session", "event_id"], kind="stable").iloc[-1]
        return str(last["role"]), str(last["event_id"])

    def roles_of(self, symbol: str) -> dict[str, int]:
        """Return in how many events a symbol had each role, the most frequent first."""
        own = self.rows[self.rows["symbol"] == symbol]
        counts = self._news(own).groupby(own["role"], sort=True).nunique()
        ordered = counts.sort_values(ascending=False, kind="stable")
        return {str(role): int(n) for role, n in ordered.items()}

    def _news(self, rows: pd.DataFrame) -> pd.Series[str]:
        """Return the event that each row counts as."""
        return rows["event_id"].map(lambda id_: self.repeated.get(id_, id_))


def known_at(events: EventSet, moment: pd.Timestamp) -> EventSet:
    """Return the events that had happened, in a session, and were known at a moment."""
    kept = [
        event
        for event in events.within().events
        if event.status == "occurred"
        and knowable_at(event.latest, event.precision) <= moment
    ]
    return replace(events, events=tuple(kept))


def find_precedents(
    events: EventSet,
    prices: PricePanel,
    moment: pd.Timestamp,
    calendar: TradingCalendar,
    market: str,
) -> Precedents:
    """Measure events as they could be measured at a moment.

    Parameters
    ----------
    events : EventSet
        Of the tags wanted.
    prices : PricePanel
        Cut at the moment here, whatever it holds.
    moment : Timestamp
        Aware. An event counts if it was known by then, and each of its windows if
        it had closed.
    market : str
        Abnormal returns are those of the market model, fitted on sessions -250 to -11
        before each event.
    """
    known = known_at(events, moment)
    seen = prices.until(moment, calendar)
    pairs = known.pairs(calendar)
    first = first_of_session(pairs)
    doubled = _lost(pairs[~first], "same_session_duplicate")
    pairs = pairs[first]
    have = pairs["symbol"].isin(seen.symbols).to_numpy(dtype=bool)
    bare = _lost(pairs[~have], "no_prices")
    rows, short = _measured(pairs[have].reset_index(drop=True), seen, market)
    early = known.without_session(calendar)
    vague = set(early["event_id"])
    repeated = same_news(known)
    dated = tuple(e for e in known.events if e.id not in vague | repeated.keys())
    lost = [f for f in (early, doubled, bare, short) if len(f)]
    left_out = pd.concat(lost, ignore_index=True) if lost else shaped("dropped", {})
    return Precedents(replace(known, events=dated), rows, left_out, repeated)


def _measured(
    pairs: pd.DataFrame, prices: PricePanel, market: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the pairs with what they did, and those of which nothing is known."""
    kept = pairs[["event_id", "symbol", "role", "expected", "declared", "session"]]
    if kept.empty:
        return kept.assign(**dict.fromkeys(MEASURES, np.nan)), shaped("dropped", {})
    panel = market_panel(prices, market)
    position = panel.position(kept["session"].tolist())
    columns = panel.column(kept["symbol"].tolist())
    abnormal = panel.measure(columns, position, SPAN)
    last = np.minimum(position, len(panel.calendar) - 1)
    inside = np.asarray(panel.calendar[last] == pd.DatetimeIndex(kept["session"]))
    fitted = inside & (abnormal.fit.m >= FEWEST_ROWS)
    fitted &= (kept["symbol"] != market).to_numpy(dtype=bool)
    rows = kept.assign(
        gap=_at(prices.gap(), last, columns, inside),
        open_to_close=_at(prices.open_to_close(), last, columns, inside),
        ar=np.where(fitted, abnormal.car(EventWindow(0, 0)), np.nan),
        later=np.where(fitted, abnormal.car(LATER), np.nan),
    )
    empty = rows[list(MEASURES)].isna().all(axis=1)
    return rows[~empty].reset_index(drop=True), _lost(rows[empty], "not_measured")


def _at(
    frame: pd.DataFrame, rows: np.ndarray, columns: np.ndarray, inside: BoolArray
) -> FloatArray:
    """Take the values of pairs; NaN for sessions that the frame does not have."""
    return np.where(inside, frame.to_numpy(dtype=float)[rows, columns], np.nan)


def _lost(rows: pd.DataFrame, reason: str) -> pd.DataFrame:
    """Return rows of the table `dropped`."""
    return shaped(
        "dropped", rows[["event_id", "symbol"]].assign(reason=reason, detail="")
    )


def _spread(rows: pd.DataFrame, name: str) -> dict[str, Any]:
    """Return n, median and range over sessions of the mean of each session."""
    means = rows.groupby("session")[name].mean().dropna()
    if means.empty:
        return {"n": 0, "median": None, "low": None, "high": None}
    return {
        "n": len(means),
        "median": float(means.median()),
        "low": float(means.min()),
        "high": float(means.max()),
    }


def _signs(rows: pd.DataFrame) -> dict[str, Any]:
    """Count the signs of pairs, and those that came true on the session."""
    signed = rows[(rows["expected"] != 0) & rows["ar"].notna()]
    declared = signed["declared"].value_counts().sort_index()
    return {
        "signed": len(signed),
        "hits": int((signed["ar"] * signed["expected"] > 0).sum()),
        "declared": {str(when): int(n) for when, n in declared.items()},
    }
