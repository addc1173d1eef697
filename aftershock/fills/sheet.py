"""Decided plans as arrays, and the order in which they fill."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aftershock.errors import ConfigError, StrategyError
from aftershock.fills.account import Account
from aftershock.fills.arrays import PLAN, Ints, Plans, records
from aftershock.fills.auctions import Auctions, microseconds
from aftershock.fills.plan import DecidedPlan, TradePlan, whole
from aftershock.prices import PricePanel

AFTER_DATA, NO_PRICE, GROUP = "after_last_price", "no_price", "group"


class Arranged(NamedTuple):
    """Plans in the order of filling.

    Attributes
    ----------
    order : (P,) which plan of the sheet stands there
    plans : (P,) records of `PLAN`
    reasons : (P,) of str; why a plan cannot be played at all, "" where it can
    playable : (P,) of bool; which of them the kernel is given
    """

    order: Ints
    plans: Plans
    reasons: NDArray[np.str_]
    playable: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sheet:
    """The plans of a strategy against the auctions of a panel.

    Attributes
    ----------
    decided : (P,) of DecidedPlan
        In order of yield within an event.
    first : (P,) integers
        Half-session of the fill without a lag.
    rank : (P,) integers
        Place of the plan's group by (published, event id, order of yield); linked
        legs share it.
    plans : (P,) records of `PLAN`
        `entry` still to be filled; symbol -1 where the panel has none.
    halves : int
        Half-sessions of the panel.
    soonest : (P,) integers
        First half-session strictly after the decision: none fills before it.
    """

    decided: tuple[DecidedPlan, ...]
    first: Ints
    rank: Ints
    plans: Plans
    halves: int
    soonest: Ints

    @classmethod
    def of(
        cls,
        decided: Sequence[DecidedPlan],
        prices: PricePanel,
        account: Account,
        auctions: Auctions,
    ) -> Sheet:
        """Return the sheet of some plans."""
        fills = np.array(
            [(d.plan.entry or account.fill) == "next_close" for d in decided], bool
        )
        moments = _moments(d.decided for d in decided)
        delay = int(account.delay.total_seconds() * 1e6)
        return cls(
            tuple(decided),
            auctions.entries(moments, fills.astype(np.int64), delay),
            _ranks(decided),
            _records(decided, prices, auctions, account),
            2 * len(prices.sessions),
            np.searchsorted(auctions.times, moments, side="right"),
        )

    def arranged(self, **rules: Any) -> Arranged:
        """Return the plans in order of filling.

        Parameters
        ----------
        rules : hold, stop_loss, take_profit, trailing_stop, lag
            Take the place of what every plan says; None takes a rule away.

        Notes
        -----
        By fill moment, published, event id, order of yield. Legs of a group take the
        latest moment among them; where one cannot be played, none is.
        """
        lag = (rules["lag"] or 0) if "lag" in rules else None
        if lag not in self._ordered:
            self._ordered[lag] = self._in_order(lag)
        kept = self._ordered[lag]
        plans = kept.plans.copy()
        for rule, field in _FIELDS.items():
            if rule in rules:
                empty = -1 if rule == "hold" else np.nan
                plans[field] = empty if rules[rule] is None else rules[rule]
        return kept._replace(plans=plans)

    @cached_property
    def _ordered(self) -> dict[int | None, Arranged]:
        """The order of filling by lag, kept: most sweeps have few lags."""
        return {}

    def _in_order(self, lag: int | None) -> Arranged:
        """Return the plans in order, with one lag for all or with their own."""
        own = [d.plan.lag if lag is None else lag for d in self.decided]
        if bad := [n for n in dict.fromkeys(own) if not whole(n, 0)]:
            raise StrategyError(
                f"{bad[0]!r}",
                where="lag",
                allowed="whole sessions >= 0",
                do="change it where the plan or the grid names it",
            )
        latest = np.zeros(int(self.rank.max(initial=-1)) + 1, dtype=np.int64)
        moments = self.first + 2 * np.array(own, dtype=np.int64)
        np.maximum.at(latest, self.rank, moments)
        entry = latest[self.rank]
        # whatever was done to plan, account or grid: nothing fills before it is decided
        if (early := np.flatnonzero(entry < self.soonest)).size:
            one = self.decided[early[0]]
            raise StrategyError(
                f"the plan of {one.plan.symbol} would fill before it was decided",
                where=f"event {one.event_id}, decided {one.decided:%Y-%m-%d %H:%M}",
                allowed="fills after the decision",
                do="leave fill and delay of the account, and lags, as they were made",
            )
        order = np.lexsort((np.arange(len(entry)), self.rank, entry))
        plans = self.plans[order]
        plans["entry"] = entry[order]
        reasons = self._reasons(plans)
        return Arranged(order, plans, reasons, np.asarray(reasons == ""))

    def _reasons(self, plans: Plans) -> NDArray[np.str_]:
        """Return for each plan why it cannot be played at all; "" where it can."""
        unknown = plans["symbol"] < 0
        spoilt = np.isin(plans["group"], plans["group"][unknown])
        reasons = np.where(unknown, NO_PRICE, np.where(spoilt, GROUP, ""))
        return np.where(plans["entry"] >= self.halves, AFTER_DATA, reasons)


_FIELDS = {
    "hold": "hold",
    "stop_loss": "stop",
    "take_profit": "target",
    "trailing_stop": "trail",
}
RULES = (*_FIELDS, "lag")
"""Rules of a trade that can be laid over every plan."""


def check_rule(name: str, values: Sequence[Any]) -> None:
    """Refuse a rule that neither a long nor a short could have; other names have none.

    Raises
    ------
    ConfigError
        For the first value that is not allowed.
    """
    for value in values:
        sides = refused(name, value)
        if len(sides) == 2:
            raise ConfigError(
                f"{value!r}", where=f"sweep.grid.{name}", allowed=sides[1]
            )


def refused(name: str, value: Any) -> dict[int, str]:
    """Return by side, +1 and -1, what a plan takes in place of a rule that it refuses.

    Empty for a rule that both can have, and for names that are no rule of a plan.
    """
    if name not in RULES or value is None:
        return {}
    told = {side: _refusal(side, {name: value}) for side in (1, -1)}
    return {side: allowed for side, allowed in told.items() if allowed}


def _refusal(weight: float, rule: dict[str, Any]) -> str:
    """Return what a plan of this side would allow instead; "" where it can be."""
    try:
        TradePlan("any", weight=weight, **rule)
    except StrategyError as error:
        return error.allowed
    return ""


def _ranks(decided: Sequence[DecidedPlan]) -> Ints:
    """Return the place of each plan's group by (published, event id, yield), (P,)."""
    heads: dict[tuple[Any, ...], int] = {}
    keys = []
    for n, one in enumerate(decided):
        name = one.plan.group
        key = (n,) if name is None else (one.event_id, one.session, name)
        keys.append(heads.setdefault(key, n))
    moments = _moments(one.published for one in decided)
    by_place = sorted(
        heads.values(), key=lambda n: (moments[n], decided[n].event_id, n)
    )
    place = {head: k for k, head in enumerate(by_place)}
    return np.array([place[head] for head in keys], dtype=np.int64)


def _moments(stamps: Iterable[pd.Timestamp]) -> Ints:
    """Return moments as microseconds UTC."""
    listed = [stamp.tz_convert("UTC") for stamp in stamps]
    return microseconds(pd.DatetimeIndex(listed, tz="UTC"))


def _records(
    decided: Sequence[DecidedPlan],
    prices: PricePanel,
    auctions: Auctions,
    account: Account,
) -> Plans:
    """Return the plans as the kernel reads them, the moment of entry still open."""

    def counts(values: Iterable[int | None]) -> Any:
        """Return whole numbers, -1 where there is none."""
        return np.array([-1 if v is None else v for v in values], dtype=np.int64)

    def numbers(values: Iterable[float | None]) -> Any:
        """Return numbers, NaN where there is none."""
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    plans = [one.plan for one in decided]
    columns = {symbol: n for n, symbol in enumerate(prices.symbols)}
    ends = (one.until for one in decided)
    return records(
        PLAN,
        symbol=counts(columns.get(plan.symbol) for plan in plans),
        entry=np.zeros(len(plans), dtype=np.int64),
        hold=counts(plan.hold for plan in plans),
        until=counts(
            None if end is None else auctions.reachable(end + account.delay)
            for end in ends
        ),
        group=_ranks(decided),
        side=numbers(plan.side for plan in plans),
        weight=numbers(plan.weight for plan in plans),
        notional=numbers(plan.notional for plan in plans),
        stop=numbers(plan.stop_loss for plan in plans),
        target=numbers(plan.take_profit for plan in plans),
        trail=numbers(plan.trailing_stop for plan in plans),
    )
