"""The objects that a config names, made from their parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aftershock.config import names
from aftershock.config.fields import parameters
from aftershock.config.model import RunConfig
from aftershock.registry import build, choose

if TYPE_CHECKING:
    from aftershock.fills import Account
    from aftershock.models.base import ReturnModel
    from aftershock.sources.base import PriceSource
    from aftershock.strategy import Strategy


def build_model(config: RunConfig) -> ReturnModel:
    """Return the return model of `study.model`."""
    named = config.study.model
    given = dict(named.parameters)
    if config.study.donors and named.name == "synthetic":
        given.setdefault("donors", config.study.donors)
    model: ReturnModel = _made("model", names.models(), named.name, given)
    return model


def build_source(config: RunConfig) -> PriceSource:
    """Return the price source of `prices.source`; its path counts from the config."""
    named = config.prices.source
    given = named.parameters
    if "path" in given:
        given["path"] = config.absolute(given["path"])
    source: PriceSource = _made("price source", names.sources(), named.name, given)
    return source


def build_strategies(config: RunConfig) -> dict[str, Strategy]:
    """Return the strategies by label, in the order of the config."""
    if not config.strategies:
        return {}
    known = names.strategies(config.workspace)
    made = [_made("strategy", known, e.name, e.parameters) for e in config.strategies]
    return dict(zip(config.labels, made, strict=True))


def build_account(config: RunConfig) -> Account:
    """Return the account that each strategy trades on."""
    from aftershock.fills import Account

    return Account(**config.account.model_dump())


def _made(kind: str, known: names.Classes, name: str, given: dict[str, Any]) -> Any:
    """Return an instance of the class called `name`."""
    cls = choose(kind, name, known)
    return build(kind, cls, parameters(cls, given))
