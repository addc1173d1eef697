"""Trading the events of a run: accounts, shortcuts taken away, and luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from aftershock.config import RunConfig
from aftershock.config.parts import build_account, build_strategies
from aftershock.executor import Executor, Processes
from aftershock.fills import Account
from aftershock.fills.borrow import read_borrow
from aftershock.fills.sheet import RULES
from aftershock.registry import parameters_of
from aftershock.replay import Replay
from aftershock.results import BacktestResult, columns
from aftershock.run.inputs import Inputs
from aftershock.run.refusals import placed
from aftershock.strategy import Strategy

PAYS = 2_000
"""News asked about, draws times events, from which starting processes costs less time
than it saves."""


def backtest_of(
    inputs: Inputs, executor: Executor | None = None
) -> BacktestResult | None:
    """Trade the events with every strategy of the config; None without any.

    Returns
    -------
    BacktestResult
        With the tables `ladder`, `readings`, `chance` (a row for each placebo draw)
        and `attribution` too, and with figures of luck among the metrics.
    """
    strategies = build_strategies(inputs.config)
    if not strategies:
        return None
    from aftershock.portfolio import backtest

    account, market = build_account(inputs.config), inputs.config.study.market
    replay = Replay.of(
        inputs.events,
        inputs.prices,
        inputs.calendar,
        market,
        inputs.config.events.policy,
        read_borrow(inputs.config.workspace),
    )
    with placed(inputs.config):
        made = backtest(
            strategies,
            inputs.events,
            inputs.prices,
            account=account,
            market=market,
            calendar=inputs.calendar,
            policy=inputs.config.events.policy,
            borrow=replay.borrow,
        )
    told = made.metrics[made.metrics["metric"] == "sharpe"]
    ratios = told.set_index("strategy")["value"]
    tried = [float(ratios[label]) for label in strategies]
    for strategy, own in zip(strategies.values(), tuple(tried), strict=True):
        tried += _of_grid(replay, strategy, account, inputs.config, own, executor)
    parts = [
        _weighed(replay, label, strategy, account, inputs.config, tried, executor)
        for label, strategy in strategies.items()
    ]
    tables = {
        name: pd.concat([part[name] for part in parts], ignore_index=True)
        for name in ("metrics", "ladder", "readings", "chance", "attribution")
    }
    metrics = pd.concat([made.metrics, tables.pop("metrics")], ignore_index=True)
    return replace(made, metrics=metrics, more={**made.more, **tables})


def _of_grid(
    replay: Replay,
    strategy: Strategy,
    account: Account,
    config: RunConfig,
    own: float,
    executor: Executor | None,
) -> list[float]:
    """Return the Sharpe ratio of every setting of the grid but the strategy's own.

    That is the first with its values, where it has a field for them, and its ratio.
    """
    from aftershock.sweep import settings, sweep_replay

    written = {**vars(account), **vars(strategy)}
    fits = {*RULES, *parameters_of(strategy), *parameters_of(account)}
    whole = config.sweep.grid if config.sweep else {}
    grid = {name: values for name, values in whole.items() if name in fits}
    if not grid:
        return []
    table = sweep_replay(replay, strategy, grid, account, executor=executor)
    found = [float(ratio) for ratio in table["sharpe"]]
    for place, setting in enumerate(settings(grid)):
        same = all(written.get(name, value) == value for name, value in setting.items())
        if same and np.isclose(found[place], own):
            del found[place]
            break
    return found


def _weighed(
    replay: Replay,
    label: str,
    strategy: Strategy,
    account: Account,
    config: RunConfig,
    tried: Sequence[float],
    executor: Executor | None,
) -> dict[str, pd.DataFrame]:
    """Return what one strategy's result is worth, as tables.

    Every strategy of the run, and every setting of the config's grid for each, counts
    as a trial of the deflated Sharpe ratio.
    """
    from aftershock.ladder import ladder, readings
    from aftershock.luck import attribution, luck_figures, placebo_dates

    fills = replay.play(strategy, account)
    draws = config.luck.draws
    few = isinstance(executor, Processes) and len(replay.items) * draws < PAYS
    placebo = placebo_dates(
        replay, strategy, account, draws, config.seed, None if few else executor
    )
    figures = luck_figures(fills, replay, strategy, account, tried, seed=config.seed)
    traded = bool(fills.trades["entry_session"].notna().any())
    figures |= {
        "placebo_pvalue": placebo.pvalue if traded else np.nan,
        "placebo_draws": float(len(placebo.drawn)),
    }
    rows = [(label, name, value) for name, value in figures.items()]
    drawn = {"draw": range(len(placebo.drawn)), "total_return": placebo.drawn}
    return {
        "metrics": pd.DataFrame(rows, columns=columns("metrics")),
        "ladder": pd.concat(
            [
                ladder(replay, strategy, account),
                *_forward(replay, strategy, config, executor),
            ],
            ignore_index=True,
        ).assign(strategy=label),
        "readings": readings(replay, strategy, account).assign(strategy=label),
        "chance": pd.DataFrame(drawn).assign(strategy=label),
        "attribution": attribution(fills.trades, replay.items).assign(strategy=label),
    }


def _forward(
    replay: Replay,
    strategy: Strategy,
    config: RunConfig,
    executor: Executor | None,
) -> list[pd.DataFrame]:
    """Return the rung of settings chosen on the past, where the config has a grid."""
    from aftershock.walk_forward import figures_of, walk_forward

    sessions = len({item.session for item in replay.items})
    if config.sweep is None or sessions < config.sweep.folds:
        return []
    account = build_account(config)
    found = walk_forward(
        replay, strategy, config.sweep.grid, account, config.sweep.folds, executor
    )
    figures = figures_of(found, replay, account)
    figures.pop("max_drawdown")
    figures["mean_trade"] = float(found.fills.trades["ret"].mean())
    words = rung_of_choices(found.choices["in_sample"])
    return [pd.DataFrame([{"rung": 5, "words": words, **figures}])]


def rung_of_choices(in_sample: pd.Series[float]) -> str:
    """Name the last rung by how often the past had a trade to choose by.

    Parameters
    ----------
    in_sample : Series of float
        Of each block, the Sharpe ratio of the choice on the past; NaN: no trade there,
        so that the first setting of the grid was traded.
    """
    chosen, blocks = int(in_sample.notna().sum()), len(in_sample)
    if not chosen:
        return "and the first of the grid"
    where = "" if chosen == blocks else f" in {chosen} of {blocks} blocks"
    return f"and settings chosen on the past{where}"
