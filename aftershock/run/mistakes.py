"""What a run would refuse when it comes to it, told together before it begins."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.config import RunConfig
from aftershock.config.parts import build_strategies
from aftershock.config.problems import raise_together
from aftershock.errors import AftershockError, ConfigError
from aftershock.events import EventSet
from aftershock.registry import suggest
from aftershock.run.bars import bars_of
from aftershock.run.factors import published_factors
from aftershock.run.measuring import design_from
from aftershock.run.rehearsing import Rehearsed
from aftershock.study.core import check_design
from aftershock.sweep import check_grid
from aftershock.tables import listed

FEW = 6
"""Events that a message names."""


def refuse_mistakes(
    config: RunConfig,
    events: EventSet,
    pairs: pd.DataFrame,
    symbols: list[str],
    rehearsing: Callable[[], Rehearsed],
) -> Rehearsed:
    """Refuse, together, what a run would refuse when it comes to it.

    Strategies are among it: what came of asking them is returned.

    Raises
    ------
    AftershockError
        An unknown focus, group or name in a grid; factors or bars that are not there,
        or wrong.
    """
    design, rehearsed = design_from(config), list[Rehearsed]()
    steps: list[Callable[[], object]] = [
        lambda: check_design(pairs, design),
        lambda: bars_of(config, symbols, TradingCalendar.load()),
    ]
    if config.report.focus:
        steps.append(partial(_check_focus, config, config.report.focus, events))
    if "rf" in design.model.factors:
        steps.append(lambda: published_factors(config, design.model.name))
    if config.sweep is not None:
        grid = config.sweep.grid
        played = build_strategies(config).values()
        steps += [partial(check_grid, strategy, grid) for strategy in played]
    steps.append(lambda: rehearsed.append(rehearsing()))
    found = []
    for step in steps:
        try:
            step()
        except AftershockError as error:
            found.append(error)
    raise_together(found)
    return rehearsed[0]


def _check_focus(config: RunConfig, focus: str, events: EventSet) -> None:
    """Refuse a `report.focus` that is none of the chosen events."""
    names = [event.id for event in events.events]
    if focus not in names:
        raise ConfigError(
            f"'{focus}'{suggest(focus, names)}",
            where=f"{config.where(('report', 'focus'))} report.focus",
            allowed=f"an event that is chosen: {listed(names, FEW)}",
            do="name one of these, or choose that event, too",
        )
