"""The closed lists: what kind of news it is, and what a symbol has to do with it."""

from __future__ import annotations

TAGS: dict[str, str] = {
    "analyst-note": "A broker or bank publishes an opinion or a rating.",
    "capacity-constraint": "A seller says it cannot supply all that is asked for.",
    "capex-guidance": "A firm states or changes its planned capital spending.",
    "compute-contract": "A contract to buy or rent computing capacity is made.",
    "compute-supply": "Computing capacity comes to the market, or may come.",
    "customer-turned-competitor": "A buyer of capacity is about to sell it as well.",
    "delay-execution": "A project is late, or is not delivered as promised.",
    "demand-datapoint": "A figure shows how much computing customers want.",
    "earnings": "A firm publishes its results, or speaks of them on its call.",
    "equity-stake": "One firm takes a share in another.",
    "executive-remark": "A person who runs a firm says something new in public.",
    "export-control": "A government limits or frees sales of chips abroad.",
    "financing": "A firm raises money: debt, shares or a facility.",
    "index-change": "A symbol joins or leaves an index.",
    "ipo": "A firm lists its shares, or files to list them.",
    "lock-up": "Early holders become free to sell their shares.",
    "m&a": "A firm buys, merges with, or fails to buy another.",
    "macro": "News about the whole economy: data, tariffs, rates, war.",
    "placebo": "Nothing is known to have happened: a date drawn at random.",
    "positioning": "News about who holds how much, rather than about business.",
    "product-launch": "A firm brings out a product.",
    "regulation": "A law or a regulator changes what is allowed (exports apart).",
    "supply-shock": "Something needed suddenly becomes scarce or plentiful.",
}
"""Every tag an event can carry, with what it means."""

ROLES: dict[str, str] = {
    "acquirer": "Buys, or offers to buy, another firm.",
    "actor": "Does what the news tells.",
    "competitor": "Sells against the firm that the news is about.",
    "customer": "Buys from the firm that the news is about.",
    "index-member": "Joins or leaves the index.",
    "investee": "Receives the investment.",
    "investor": "Makes the investment.",
    "market": "Stands for the whole market.",
    "peer": "Is in the same business, and is not named in the news.",
    "rated": "Is judged by the analyst.",
    "sector-fund": "A fund that holds the sector: watched, with no sign expected.",
    "subject": "Is what a rule or a measure applies to.",
    "supplier": "Sells to the firm that the news is about.",
    "supplier-competitor": "Sells to the actor, and would compete with its new unit.",
    "target": "Is to be bought.",
    "upstream-supplier": "Sells to the suppliers: chips, memory, tools.",
}
"""Every role a symbol can have in an event, with what it means."""

FORESEEN_TAGS = frozenset({"earnings", "index-change", "ipo", "lock-up", "macro"})
"""Tags that a calendar of coming events can tell; the others are what the news says."""

FORESEEN_ROLES = frozenset({"actor", "index-member", "market", "subject"})
"""Roles that such a calendar can tell: whom the event is about."""

STATUSES: dict[str, str] = {
    "occurred": "It has happened.",
    "scheduled": "Its time is known and lies ahead.",
    "placebo": "Nothing happened: the date was drawn, to be held against others.",
}

SELECTED_BY: dict[str, str] = {
    "rule": "Every event that meets a rule stated in advance was taken.",
    "headline": "Picked by hand for what the news says.",
    "move": "Picked by hand because prices moved: its reaction is no surprise.",
    "unknown": "How it was picked is not known.",
}

DECLARED: dict[str, str] = {
    "before": "The sign was written down before the news could be traded.",
    "after": "The sign was written by someone who could see the reaction.",
    "unknown": "When the sign was written is not known.",
}
