"""What a plan may say, and its author can hardly mean."""

from __future__ import annotations

from collections.abc import Sequence

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
    return [
        f"{len(large)} of {len(plans)} plans ask for a weight of up to {max(large):g}, "
        f"and are cut to the account's {name} of {limits[name]:g}"
    ]
