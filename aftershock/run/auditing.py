"""The look-ahead audit of a user's files, on the events and prices of a config."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from aftershock.calendar import TradingCalendar
from aftershock.config import load_config
from aftershock.config.sections import StrategyEntry
from aftershock.errors import DataUnavailable, StrategyError
from aftershock.prices import PricePanel
from aftershock.registry import build, load_file, shipped
from aftershock.registry.reading import shown
from aftershock.run.inputs import Inputs, obtain_inputs
from aftershock.strategy import NewsItem, Strategy, read_news
from aftershock.strategy.audit import TAMPERED, Engine, Leak, survey
from aftershock.strategy.base import decide
from aftershock.tables import listed

ANY = "every_strategy.yaml"
SHOWN = 6
"""Events and symbols that are named; more are counted."""
SIMULATED = "prices.source={name: sample}"
World = tuple[tuple[NewsItem, ...], PricePanel, TradingCalendar, str | None]


@dataclass(frozen=True)
class Audited:
    """What the audit of one strategy found.

    Attributes
    ----------
    strategy : str
    events, plans : int
        How many events it was asked about, and what it planned for them.
    leaks : tuple of Leak
    warnings : tuple of Leak
        What deserves a look and can have a good reason.
    asked : str
        With which config it was asked, about which events, symbols and prices.
    """

    strategy: str
    events: int
    plans: int
    leaks: tuple[Leak, ...]
    warnings: tuple[Leak, ...] = ()
    asked: str = ""

    def __str__(self) -> str:
        head = f"{self.strategy}: {self.plans} plan(s) for {self.events} event(s)"
        if not self.leaks:
            idle = ", which says little" if not self.plans else ""
            head += f"; none depends on what was not known{idle}"
        else:
            head += f"; {len(self.leaks)} leak(s)"
        told = [f"  {leak}" for leak in self.leaks]
        told += [f"  to look at: {text}" for text in _counted(self.warnings)]
        return "\n".join([head, *told])


def _counted(warnings: Sequence[Leak]) -> list[str]:
    """Return one line for each field and cause: the first event, and how many more."""
    kinds: dict[tuple[str, str], list[Leak]] = {}
    for leak in warnings:
        kinds.setdefault((leak.field, leak.cause), []).append(leak)
    return [
        f"{found[0]}" + (f", and {len(found) - 1} more" if found[1:] else "")
        for found in kinds.values()
    ]


def audit_files(
    files: Sequence[Path],
    config: Path | None = None,
    overrides: Sequence[str] = (),
    *,
    offline: bool = False,
) -> list[Audited]:
    """Audit every strategy that some files define.

    Parameters are those of the config's entry of the same name, else the defaults.
    Without a config: every shipped event, on simulated prices.

    Raises
    ------
    DataUnavailable
        When there is no such file.
    StrategyError
        When one defines no strategy, or a strategy fails.
    """
    engine, name = Engine(), shown(config) if config else ""
    loaded = [_loaded(file, engine) for file in files]
    if config is None:
        config, overrides = shipped("backtests") / ANY, (SIMULATED, *overrides)
    chosen = load_config(config, overrides)
    inputs = obtain_inputs(chosen, offline=offline)
    engine.restore()  # a config imports the files of its workspace
    items = read_news(inputs.events, inputs.calendar, chosen.events.policy)
    world = (items, inputs.prices, inputs.calendar, chosen.study.market)
    asked = _asked(name, items, inputs)
    return [
        replace(
            _one(label, partial(build, "strategy", cls, given), world, engine, meddled),
            asked=asked,
        )
        for classes, meddled in loaded
        for name, cls in classes.items()
        for label, given in _settings(name, chosen.strategies)
    ]


def _asked(config: str, items: Sequence[NewsItem], inputs: Inputs) -> str:
    """Return in two lines what strategies were asked about, and on which prices."""
    symbols = list(dict.fromkeys(e.symbol for item in items for e in item.exposures))
    bare = [symbol for symbol in symbols if symbol not in inputs.prices.symbols]
    lacking = f"; no prices of {listed(bare, SHOWN)}" if bare else ""
    source = inputs.config.prices.source.name
    simulated = ", simulated" if inputs.prices.simulated else ""
    whose = f"Events of {config}" if config else "All shipped events"
    return (
        f"{whose}: {listed([item.id for item in items], SHOWN)}\n"
        f"Symbols: {listed(symbols, SHOWN)}{lacking}; market "
        f"{inputs.config.study.market}; prices: {source}{simulated}"
    )


def _settings(
    name: str, entries: Sequence[StrategyEntry]
) -> list[tuple[str, dict[str, Any]]]:
    """Return label and parameters of every entry of a strategy, or the defaults."""
    named = [entry for entry in entries if entry.name == name]
    return [(e.label or name, dict(e.parameters)) for e in named] or [(name, {})]


def _loaded(file: Path, engine: Engine) -> tuple[dict[str, type[Any]], tuple[str, ...]]:
    """Import a file; what it did to the engine meanwhile is undone, and named."""
    if not file.is_file():
        raise DataUnavailable(
            "there is no such file",
            where=str(file),
            allowed="a Python file with a strategy",
            do="aftershock strategies list shows where the known ones are",
        )
    classes = load_file(file.resolve(), Strategy)
    meddled = engine.restore()
    if not classes:
        raise StrategyError(
            "the file defines no strategy",
            where=str(file),
            allowed="a subclass of aftershock.strategy.Strategy",
            do="look at `aftershock strategies show EventDrift`",
        )
    return classes, meddled


def _one(
    name: str, make: Any, world: World, engine: Engine, meddled: Sequence[str]
) -> Audited:
    """Audit one strategy and count what it plans."""
    found = [Leak(name, "", "file", TAMPERED, f"{what}, on import") for what in meddled]
    found += survey(make, *world, engine=engine)
    leaks = tuple(leak for leak in found if leak.grave)
    warnings = tuple(leak for leak in found if not leak.grave)
    plans = 0 if meddled else len(decide(make(), *world))
    return Audited(name, len(world[0]), plans, leaks, warnings)
