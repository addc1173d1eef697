"""The look-ahead audit of a user's file, on the events and prices of a config."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aftershock.config import load_config
from aftershock.errors import DataUnavailable, StrategyError
from aftershock.registry import build, load_file
from aftershock.run.inputs import obtain_inputs
from aftershock.strategy import Strategy, read_news
from aftershock.strategy.audit import Leak, audit
from aftershock.strategy.base import decide


@dataclass(frozen=True)
class Audited:
    """What the audit of one strategy found.

    Attributes
    ----------
    strategy : str
    events, plans : int
        How many events it was asked about, and what it planned for them.
    leaks : tuple of Leak
    """

    strategy: str
    events: int
    plans: int
    leaks: tuple[Leak, ...]

    def __str__(self) -> str:
        head = f"{self.strategy}: {self.plans} plan(s) for {self.events} event(s)"
        if not self.leaks:
            idle = ", which says little" if not self.plans else ""
            return f"{head}; none depends on what was not known{idle}"
        told = [f"  {leak}" for leak in self.leaks]
        return "\n".join([f"{head}; {len(self.leaks)} leak(s)", *told])


def audit_file(
    file: Path, config: Path, overrides: Sequence[str] = (), *, offline: bool = False
) -> list[Audited]:
    """Audit every strategy that a file defines.

    Parameters are those of the config's entry of the same name, else the defaults.

    Raises
    ------
    DataUnavailable
        When there is no such file.
    StrategyError
        When it defines no strategy, or one fails.
    """
    if not file.is_file():
        raise DataUnavailable(
            "there is no such file",
            where=str(file),
            allowed="a Python file with a strategy",
            do="aftershock strategies list shows where the known ones are",
        )
    classes = load_file(file.resolve(), Strategy)
    if not classes:
        raise StrategyError(
            "the file defines no strategy",
            where=str(file),
            allowed="a subclass of aftershock.strategy.Strategy",
            do="look at `aftershock strategies show EventDrift`",
        )
    chosen = load_config(config, overrides)
    inputs = obtain_inputs(chosen, offline=offline)
    items = read_news(inputs.events, inputs.calendar, chosen.events.policy)
    market = chosen.study.market
    context = (items, inputs.prices, inputs.calendar, market)
    given = {entry.name: dict(entry.parameters) for entry in chosen.strategies}
    found = []
    for name, cls in classes.items():
        make = partial(build, "strategy", cls, given.get(name, {}))
        leaks = audit(make, *context)
        found.append(Audited(name, len(items), len(decide(make(), *context)), leaks))
    return found
