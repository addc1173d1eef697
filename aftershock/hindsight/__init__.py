"""How far a list of events was chosen, and its signs were written, after the fact.

Pairs move more often on event sessions than on all where events were picked for
moves; signs agree with moves more often than by chance where their author had seen
these. Events that matter and signs that foretell do the same: no figure tells which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from aftershock.abnormal import FloatArray
from aftershock.calendar import TradingCalendar
from aftershock.errors import DataUnavailable
from aftershock.events import DECLARED, SELECTED_BY, EventSet
from aftershock.hindsight.permuting import sign_permutation
from aftershock.models.market import Market
from aftershock.prices import PricePanel
from aftershock.significance.trial import scar
from aftershock.study.pairs import first_of_session
from aftershock.study.panel import StudyPanel, make_panel
from aftershock.study.placebo import statistic_at
from aftershock.study.usable import Usable
from aftershock.windows import EstimationWindow, EventWindow

LARGE = 1.96
ESTIMATION = EstimationWindow(-250, -11, 60)
SESSION = EventWindow(0, 0)
DRAWS = 9999
NULL = (
    "which session's signs belong to which session's moves makes no difference: the "
    "signs say nothing of the moves but how many of them are up"
)


@dataclass(frozen=True)
class Share:
    """The figures of one part of a list.

    Attributes
    ----------
    part : str
        ``all``, or a value of `declared` or `selected_by`.
    pairs, sessions : int
        Pairs measured, each symbol and session once, and the sessions they fall on.
    large, base : float or None
        Share of pairs with |SAR| > 1.96, and that of all sessions of the same symbols,
        each as often as it has pairs.
    signed : int
        Pairs with an expected sign whose return is not nil.
    hits : float or None
        Share of them whose sign is that of the abnormal return.
    chance : float or None
        The mean of that share over permutations: what the mix of signs brings.
    pvalue : float or None
        (1 + permutations that hit as often) / (1 + permutations); none where all
        signs are of one session.
    """

    part: str
    pairs: int
    sessions: int
    large: float | None
    base: float | None
    signed: int
    hits: float | None
    chance: float | None
    pvalue: float | None


@dataclass(frozen=True)
class Hindsight:
    """What was found of a list of events.

    Attributes
    ----------
    shares : list of Share
    left_out : dict of str to int
        Pairs that were not measured, by reason.
    span : tuple of str
        First and last session of which some symbol's SAR is known.
    moves : tuple of (str, Timestamp)
        Symbol and session of every pair that was measured.
    """

    shares: list[Share]
    left_out: dict[str, int]
    span: tuple[str, str]
    settings: dict[str, Any] = field(default_factory=dict)
    moves: tuple[tuple[str, pd.Timestamp], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, without the single moves."""
        return {k: v for k, v in asdict(self).items() if k != "moves"}


def hindsight(
    events: EventSet,
    prices: PricePanel,
    market: str = "SPY",
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Hindsight:
    """Measure how far a list of events was chosen after the fact.

    Parameters
    ----------
    events : EventSet
    prices : PricePanel
        On the basis ``total_return``.
    market : str
        Symbol of `prices` whose return explains the others' (market model, estimated
        over [-250, -11], 60 sessions at least).
    draws, seed : int
        Permutations of the signs.

    Raises
    ------
    DataUnavailable
        When the market, or every pair, has no abnormal return.

    Notes
    -----
    A reaction is the abnormal return of the event session, in its forecast standard
    errors; where only a day is known some of it may come a session later. The
    permutation lays each session's signs on another session, all of them in their
    order; they are cut, or begun again, where that one has fewer or more pairs.
    """
    panel = _panel(prices, market)
    table = _sars(panel)
    pairs, left_out = _pairs(events, panel, table, market)
    random = np.random.default_rng(seed)
    return Hindsight(
        shares=[
            _share(part, some, panel, table, random, draws)
            for part, some in _parts(pairs)
        ],
        left_out=left_out,
        span=_span(panel, table),
        settings=_settings(market) | {"draws": draws, "seed": seed, "null": NULL},
        moves=tuple(zip(pairs["symbol"], pairs["session"], strict=True)),
    )


def _settings(market: str) -> dict[str, Any]:
    span = [ESTIMATION.start, ESTIMATION.end]
    words = {"model": "market", "market": market, "large": LARGE}
    return {**words, "estimation": span, "min_obs": ESTIMATION.min_obs}


def _panel(prices: PricePanel, market: str) -> StudyPanel:
    if market not in prices.symbols:
        raise DataUnavailable(
            f"no prices of the market {market}",
            where="--market",
            allowed=", ".join(prices.symbols),
            do="name a broad index or fund that the prices hold",
        )
    returns = prices.returns()
    factors = pd.DataFrame({"mkt": returns[market]})
    others = returns.drop(columns=market)
    return make_panel(others, factors, Market(), ESTIMATION)


def _sars(panel: StudyPanel) -> FloatArray:
    """Return the SAR of every session and symbol, (T, K); NaN where there is none."""
    where = np.arange(len(panel.calendar), dtype=np.int64)
    return statistic_at(panel, np.arange(len(panel.symbols)), where, SESSION, scar)


def _pairs(
    events: EventSet, panel: StudyPanel, table: FloatArray, market: str
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the pairs measured, with their SAR, and how many were not, and why."""
    calendar = TradingCalendar.load()
    pairs = events.pairs(calendar)
    selected = {event.id: event.selected_by for event in events.events}
    pairs["selected_by"] = pairs["event_id"].map(selected)
    found = Usable.of(pairs, panel, SESSION)
    reasons = [
        "market" if pairs["symbol"].iloc[k] == market else reason
        for k, reason in found.dropped[["row", "reason"]].to_numpy()
    ]
    reasons += list(events.without_session(calendar)["reason"])
    sound = pairs[found.sound].assign(sar=table[found.rows, found.columns])
    known = sound["sar"].notna().to_numpy()
    first = first_of_session(sound)
    reasons += ["insufficient_estimation"] * int((~known).sum())
    reasons += ["same_session_duplicate"] * int((known & ~first).sum())
    if not (known & first).any():
        raise DataUnavailable(
            "no pair of these events has an abnormal return",
            allowed="symbols with prices and 60 sessions of history before the event",
            do="name prices that hold the symbols of the events",
        )
    counts = {reason: reasons.count(reason) for reason in sorted(set(reasons))}
    return sound[known & first].reset_index(drop=True), counts


def _parts(pairs: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the whole, then the part of each word of how it was declared and chosen."""
    yield "all", pairs
    for column, known in (("declared", DECLARED), ("selected_by", SELECTED_BY)):
        for word in known:
            some = pairs[pairs[column] == word]
            if len(some):
                yield f"{column} {word}", some


def _share(
    part: str,
    pairs: pd.DataFrame,
    panel: StudyPanel,
    table: FloatArray,
    random: np.random.Generator,
    draws: int,
) -> Share:
    sar = pairs["sar"].to_numpy(dtype=float)
    usual = _usual_shares(table)[panel.column(pairs["symbol"].tolist())]
    signs = pairs["expected"].to_numpy(dtype=float)
    signed = (signs != 0) & (sar != 0)
    sessions = pairs.loc[signed, "session"].to_numpy()
    hits, chance, pvalue = sign_permutation(
        signs[signed], np.sign(sar[signed]), sessions, random, draws
    )
    return Share(
        part=part,
        pairs=len(pairs),
        sessions=int(pairs["session"].nunique()),
        large=float((np.abs(sar) > LARGE).mean()),
        base=float(usual.mean()),
        signed=int(signed.sum()),
        hits=hits,
        chance=chance,
        pvalue=pvalue,
    )


def _usual_shares(table: FloatArray) -> FloatArray:
    """Return each symbol's share of large moves over all sessions measured, (K,)."""
    known = np.isfinite(table)
    large = np.where(known, np.abs(table), 0.0) > LARGE
    with np.errstate(invalid="ignore"):
        return np.asarray(large.sum(axis=0) / known.sum(axis=0))


def _span(panel: StudyPanel, table: FloatArray) -> tuple[str, str]:
    known = panel.calendar[np.asarray(np.isfinite(table).any(axis=1))]
    return f"{known[0]:%Y-%m-%d}", f"{known[-1]:%Y-%m-%d}"
