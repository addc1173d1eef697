"""What a plan may say, and its author can hardly mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from aftershock.fills.account import Account
from aftershock.fills.plan import DecidedPlan

STOPS = ("stop_loss", "trailing_stop")


def doubts(plans: Sequence[DecidedPlan], account: Account) -> list[str]:
    """Return a line for each kind of plan that is carried out otherwise than it reads.

    Stops of shorts that stand at twice the fill or beyond: a percentage was meant.
    Weights that no account of these terms can hold, and that are cut to its limits.
    """
    return [*_far_stops(plans), *_cut(plans, account)]


def _far_stops(plans: Sequence[DecidedPlan]) -> list[str]:
    told = []
    for rule in STOPS:
        far = [d.plan for d in plans if d.plan.side < 0]
        far = [plan for plan in far if (getattr(plan, rule) or 0) >= 1]
        if far:
            value = max(getattr(plan, rule) for plan in far)
            told.append(
                f"{rule} is {value:g} for {len(far)} of {len(plans)} plans, which are "
                f"short: {value * 100:g} % against them; as a fraction {value:g} % is "
                f"{value / 100:g}"
            )
    return told


def _cut(plans: Sequence[DecidedPlan], account: Account) -> list[str]:
    """Say which plans alone are larger than the account's limits."""
    limits = {"max_gross": account.max_gross}
    if account.max_weight is not None:
        limits["max_weight"] = account.max_weight
    name = min(limits, key=lambda key: limits[key])
    asked = [abs(d.plan.weight) for d in plans if d.plan.weight is not None]
    large = [weight for weight in asked if weight > limits[name]]
    if not large:
        return []
    value = max(large)
    return [
        f"{len(large)} of {len(plans)} plans ask for a weight of up to {value:g}, "
        f"{value * 100:g} % of the account, and are cut to its {name} of "
        f"{limits[name]:g}; {_as_fraction(value)}"
    ]


def too_large(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[str]:
    """Name the parameters of 1 or more whose default is a fraction below 1.

    Where a strategy plans nothing, a percentage in place of a fraction may be why.
    """
    return [
        f"{name} is {value:g}, that is {value * 100:g} %; {_as_fraction(value)}"
        for name, value in values.items()
        if _is_number(value)
        and abs(value) >= 1
        and isinstance(defaults.get(name), float)
        and 0 < abs(defaults[name]) < 1
    ]


def _as_fraction(value: float) -> str:
    """Return how as many percent are written as a fraction."""
    return f"{value / 100:g} is {value:g} %"


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
