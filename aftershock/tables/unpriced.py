"""Plans for symbols of which there are no prices, in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from aftershock.fills.plan import DecidedPlan
from aftershock.registry import suggest
from aftershock.tables.numbers import listed


def unpriced_words(
    plans: Sequence[DecidedPlan], symbols: Collection[str], most: int
) -> list[str]:
    """Say which plans cannot fill since their symbol is none of `symbols`.

    Parameters
    ----------
    plans : sequence of DecidedPlan
        All of a strategy.
    symbols : collection of str
        Of which there are prices.
    most : int
        Symbols to name.
    """
    lost = [one for one in plans if one.plan.symbol not in symbols]
    if not lost:
        return []
    names = list(dict.fromkeys(one.plan.symbol for one in lost))
    events = len({one.event_id for one in lost})
    meant = suggest(names[0], symbols) if len(names) == 1 else ""
    have, are = "has" if len(names) == 1 else "have", "is" if len(lost) == 1 else "are"
    return [
        f"{len(lost)} of {len(plans)} plans, on {events} "
        f"event{'' if events == 1 else 's'}, {are} for {listed(names, most)}, which "
        f"{have} no prices here, and cannot fill{'.' if meant else ''}{meant}"
    ]
