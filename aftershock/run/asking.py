"""What can be said of a headline at its moment: precedents, noise, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.events import EventSet, Exposure
from aftershock.precedents import FEWEST_ROWS, Precedents, find_precedents, known_at
from aftershock.prices import PricePanel
from aftershock.study.ordinary import DAY, Ordinary, ordinary
from aftershock.study.panel import StudyPanel, market_panel

FIRST_ROLE, OTHER_ROLE = "actor", "peer"


@dataclass(frozen=True)
class Question:
    """A headline of this minute.

    Attributes
    ----------
    headline : str
    tags : tuple of str
    exposures : tuple of Exposure
        A role may be empty; `with_roles` fills it.
    moves : mapping of float
        Moves seen so far, as fractions; the market's too, where it is known.
    moment : Timestamp
        Aware. Nothing later is read.
    market : str
    """

    headline: str
    tags: tuple[str, ...]
    exposures: tuple[Exposure, ...]
    moves: Mapping[str, float]
    moment: pd.Timestamp
    market: str


def last_closed(moment: pd.Timestamp, calendar: TradingCalendar) -> pd.Timestamp:
    """Return the last session that had closed at a moment."""
    closed = calendar.closing.searchsorted(moment.tz_convert("UTC"), side="right")
    return calendar.sessions[max(int(closed) - 1, 0)]


def wanted_symbols(
    question: Question, events: EventSet, calendar: TradingCalendar
) -> list[str]:
    """Return the symbols whose prices an answer needs, the market first."""
    named = [exposure.symbol for exposure in question.exposures]
    known = known_at(events.tagged(*question.tags), question.moment)
    every = sorted(set(known.pairs(calendar)["symbol"]))
    return list(dict.fromkeys([question.market, *named, *every]))


def answer(
    question: Question,
    events: EventSet,
    prices: PricePanel,
    calendar: TradingCalendar,
) -> tuple[dict[str, Any], Question]:
    """Answer from what was known at the moment of the question.

    Parameters
    ----------
    events : EventSet
        The whole catalogue; later events are not read.
    prices : PricePanel
        Cut at the moment; it must hold the market.

    Returns
    -------
    dict
        moment, session (the first whose close can know of the headline), prices_until,
        sessions_behind, precedents (by role), left_out, symbols, repeated (events that
        tell the news of another once more, and that other), written_later (how many
        precedents were written down after the moment), undated (of how many no record
        says when), simulated (what must be said of prices from the sample).
    Question
        With the roles that were filled in.
    """
    tagged = events.tagged(*question.tags)
    found = find_precedents(tagged, prices, question.moment, calendar, question.market)
    asked, told = with_roles(question, found)
    seen = prices.until(question.moment, calendar)
    session = calendar.session_of(question.moment, "next")
    recorded = [e.recorded_at for e in found.events.events]
    last = last_closed(question.moment, calendar)
    behind = calendar.sessions.searchsorted(last) - calendar.sessions.searchsorted(
        seen.last_session
    )
    return {
        "headline": asked.headline,
        "tags": list(asked.tags),
        "moment": asked.moment,
        "session": f"{session:%Y-%m-%d}",
        "market": asked.market,
        "prices_until": f"{seen.last_session:%Y-%m-%d}",
        "sessions_behind": int(behind),
        "precedents": found.by_role(),
        "events": [e.id for e in found.events.events],
        "repeated": dict(found.repeated),
        "written_later": sum(bool(at and at > question.moment) for at in recorded),
        "undated": sum(not at for at in recorded),
        "simulated": _simulated(prices, found),
        "left_out": found.left_out.to_dict("records"),
        "symbols": _symbols(asked, found, seen, told),
    }, asked


def _simulated(prices: PricePanel, found: Precedents) -> str | None:
    """Say what of the precedents is simulated: the news itself has no move yet."""
    if not prices.simulated:
        return None
    # what it needs of a run is not read for a question on real prices
    from aftershock.run.simulated import of_moves

    moves = "moves of precedents"
    return of_moves(found.rows, moves, moves)


def with_roles(
    question: Question, precedents: Precedents | None = None
) -> tuple[Question, dict[str, str]]:
    """Fill in the roles that were not typed, and say where each comes from.

    The first symbol is the actor; another has the role that it had in the latest
    precedent, and is a peer without one.
    """
    found = precedents.last_role if precedents else lambda symbol: ("", "")
    filled, told = [], {}
    for place, exposure in enumerate(question.exposures):
        role, why = exposure.role, "as typed"
        if not role and not place:
            role, why = FIRST_ROLE, "the first symbol"
        elif not role:
            role, event = found(exposure.symbol)
            why = f"as in {event}" if role else "no precedent names it"
        filled.append(replace(exposure, role=role or OTHER_ROLE))
        told[exposure.symbol] = why
    return replace(question, exposures=tuple(filled)), told


def _symbols(
    question: Question, found: Precedents, prices: PricePanel, told: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return what is ordinary for each symbol, and what its move so far says."""
    panel = market_panel(prices, question.market)
    known = [e.symbol for e in question.exposures if e.symbol in panel.symbols]
    before = _before(panel, known)
    moved = _moved(question, known, before)
    rows = []
    for exposure in question.exposures:
        row: dict[str, Any] = {
            "symbol": exposure.symbol,
            "role": exposure.role,
            "role_from": told[exposure.symbol],
            "roles_known": found.roles_of(exposure.symbol),
            "expected": exposure.expected,
        }
        if exposure.symbol not in known:
            rows.append({**row, "reason": "no_prices"})
            continue
        k = known.index(exposure.symbol)
        row |= _noise(before, k, exposure.symbol == question.market)
        if exposure.symbol in question.moves and not row["reason"]:
            row["move"] = moved[k]
            sign = int(np.sign(question.moves[exposure.symbol]))
            row["left"] = found.after_gap(exposure.role, sign) if sign else None
        rows.append(row)
    return rows


def _before(panel: StudyPanel, symbols: list[str]) -> Ordinary:
    """Return what is ordinary on the session after the last price."""
    position = np.full(len(symbols), len(panel.calendar), dtype=np.int64)
    abnormal = panel.measure(panel.column(symbols), position, DAY)
    return ordinary(abnormal, FEWEST_ROWS)


def _noise(before: Ordinary, k: int, is_market: bool) -> dict[str, Any]:
    """Return beta, sigma now and the threshold of one symbol."""
    short = before.m[k] < FEWEST_ROWS
    row: dict[str, Any] = {
        "reason": "insufficient_estimation" if short else "",
        "rows": int(before.m[k]),
        "ordinary_sessions": int(before.count[k]),
        "thin": bool(before.thin[k]),
        "beta": float(before.beta[k]),
        "sigma_now": float(before.sigma_now[k]),
        "threshold": float(before.threshold[k]),
    }
    if is_market:  # nothing of it is abnormal against itself
        row |= {"reason": "the_market", "sigma_now": None, "threshold": None}
    return row


def _moved(
    question: Question, symbols: list[str], before: Ordinary
) -> list[dict[str, Any]]:
    """Return how unusual the moves so far would be as moves of a whole session."""
    market = question.moves.get(question.market, 0.0)
    raw = np.array([question.moves.get(s, np.nan) for s in symbols])
    expected = before.alpha + before.beta * market
    z, share, pvalue = before.surprise(raw - expected)
    return [
        {
            "raw": float(raw[k]),
            "expected_by_market": float(expected[k]),
            "abnormal": float(raw[k] - expected[k]),
            "z": float(z[k]),
            "percentile": float(share[k]),
            "pvalue": float(pvalue[k]),
            "beyond_noise": bool(abs(raw[k] - expected[k]) > before.threshold[k]),
            "market_given": question.market in question.moves,
        }
        for k in range(len(symbols))
    ]
