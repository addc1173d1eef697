"""Plans that the engine refuses, told where they can be put right: in the config."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aftershock.config import RunConfig
from aftershock.config.document import dotted
from aftershock.config.kinds import Loc
from aftershock.errors import StrategyError
from aftershock.fills.plan import PlanError


@contextmanager
def placed(config: RunConfig, label: str = "") -> Iterator[None]:
    """Name the place in the config of a value that a strategy put into a plan.

    Parameters
    ----------
    config : RunConfig
    label : str, optional
        Whose plans are asked for; else every entry of the strategy's name counts.

    Raises
    ------
    StrategyError
        The strategy's own, with ``file:line:column`` and the key, where the value is
        one that the config gives it.
    """
    try:
        yield
    except StrategyError as error:
        loc = _origin(error, config, label)
        if not loc:
            raise
        raise _told(error, config, loc) from error


def _told(error: StrategyError, config: RunConfig, loc: Loc) -> StrategyError:
    """Return the error with the place where the value is written."""
    cause = error.__cause__
    own = cause.do if isinstance(cause, PlanError) else ""
    do = "change it there, in the config; --debug shows the traceback"
    return StrategyError(
        error.found,
        where=f"{config.where(loc)} {dotted(loc)}: {error.where}",
        allowed=error.allowed,
        do=f"{own}; {do}" if own else do,
    )


def _origin(error: StrategyError, config: RunConfig, label: str) -> Loc:
    """Return where the config gives the value that a plan cannot hold, or nothing.

    A parameter of the field's name comes first, then any other of the same value.
    """
    refused = error.__cause__
    if not isinstance(refused, PlanError) or isinstance(refused.value, bool):
        return ()
    name = error.where.partition(",")[0]
    found = [
        ("strategies", place, key)
        for place, entry in enumerate(config.strategies)
        if label in ("", config.labels[place]) and entry.name == name
        for key, value in entry.parameters.items()
        if value == refused.value and not isinstance(value, bool)
    ]
    named = [loc for loc in found if loc[-1] == refused.name]
    return next(iter([*named, *found]), ())
