"""aftershock: news events in, tested market reactions and simulated trades out.

The public names; each is loaded when it is first used, so that importing the package
is quick and loads neither vectorbt nor matplotlib.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aftershock.config import RunConfig, load_config
    from aftershock.errors import AftershockError
    from aftershock.events import Event, EventSet, Exposure, load_catalogue, load_events
    from aftershock.fills import Account
    from aftershock.portfolio import backtest, prices_to_vectorbt
    from aftershock.prices import PricePanel
    from aftershock.prices.elsewhere import prices_from_vectorbt
    from aftershock.results import BacktestResult, EventStudyResult, RunResult
    from aftershock.run import run
    from aftershock.strategy import Moment, NewsView, Strategy, TradePlan
    from aftershock.study import event_study
    from aftershock.study.blocks import BlockStudy, event_study_blocks
    from aftershock.study.cross_section import cross_section
    from aftershock.sweep import sweep

_HOME = {
    "Account": "fills",
    "AftershockError": "errors",
    "BacktestResult": "results",
    "BlockStudy": "study.blocks",
    "Event": "events",
    "EventSet": "events",
    "EventStudyResult": "results",
    "Exposure": "events",
    "Moment": "strategy",
    "NewsView": "strategy",
    "PricePanel": "prices",
    "RunConfig": "config",
    "RunResult": "results",
    "Strategy": "strategy",
    "TradePlan": "strategy",
    "backtest": "portfolio",
    "cross_section": "study.cross_section",
    "event_study": "study",
    "event_study_blocks": "study.blocks",
    "load_catalogue": "events",
    "load_config": "config",
    "load_events": "events",
    "prices_from_vectorbt": "prices.elsewhere",
    "prices_to_vectorbt": "portfolio",
    "run": "run",
    "sweep": "sweep",
}

__all__ = [
    "Account",
    "AftershockError",
    "BacktestResult",
    "BlockStudy",
    "Event",
    "EventSet",
    "EventStudyResult",
    "Exposure",
    "Moment",
    "NewsView",
    "PricePanel",
    "RunConfig",
    "RunResult",
    "Strategy",
    "TradePlan",
    "backtest",
    "cross_section",
    "event_study",
    "event_study_blocks",
    "load_catalogue",
    "load_config",
    "load_events",
    "prices_from_vectorbt",
    "prices_to_vectorbt",
    "run",
    "sweep",
]


class _Package(ModuleType):
    """A package whose functions `run` and `sweep` are not hidden by modules."""

    def __setattr__(self, name: str, value: Any) -> None:
        # importing a submodule binds it in its package; a public name stays ours
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'aftershock' has no attribute '{name}'")
    return getattr(import_module(f"aftershock.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
