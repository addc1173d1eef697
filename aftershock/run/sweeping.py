"""A config's grid: every setting of every strategy, and settings chosen on the past."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock import performance
from aftershock.config import RunConfig
from aftershock.config.parts import build_account, build_strategies
from aftershock.errors import ConfigError
from aftershock.executor import Executor, executor_of
from aftershock.fills import Account
from aftershock.fills.borrow import read_borrow
from aftershock.replay import Replay
from aftershock.results import RunResult
from aftershock.run.inputs import obtain_inputs
from aftershock.run.manifest import make_manifest
from aftershock.run.measuring import study_of
from aftershock.run.refusals import placed
from aftershock.strategy import Strategy
from aftershock.sweep import Grid, sweep_replay
from aftershock.tables import OUTCOME, same_sweeps, same_trades
from aftershock.walk_forward import figures_of, walk_forward


def sweep_config(
    config: RunConfig,
    *,
    offline: bool = False,
    jobs: int | None = None,
    executor: Executor | None = None,
) -> RunResult:
    """Sweep every strategy of a config over its grid.

    Returns
    -------
    RunResult
        With the tables `sweep` (a row for each strategy and setting, with the
        deflated Sharpe ratio: all settings of a strategy count as trials; and the
        first setting that made the very same trades) and
        `walk_forward` (the choices, and the row `out of sample`); not saved.

    Raises
    ------
    ConfigError
        Where the config has no grid, or no strategy.
    """
    if config.sweep is None or not config.strategies:
        lacking = "grid" if config.sweep is None else "strategy"
        key = "sweep" if config.sweep is None else "strategies"
        raise ConfigError(
            f"no {lacking}",
            where=f"{config.shown}: {key}",
            allowed="sweep: {grid: {hold: [1, 5, 10]}}, and a strategy to sweep",
            do="add it to the config, or set it with --set",
        )
    inputs = obtain_inputs(config, offline=offline)
    replay = Replay.of(
        inputs.events,
        inputs.prices,
        inputs.calendar,
        config.study.market,
        config.events.policy,
        read_borrow(config.workspace),
    )
    account, grid = build_account(config), config.sweep.grid
    place = executor or executor_of(jobs=jobs, usual="threads")
    swept, chosen = [], []
    strategies = build_strategies(config)
    for label, strategy in strategies.items():
        with placed(config, label):
            table = sweep_replay(
                replay, strategy, grid, account, executor=place, alike=True
            )
        swept.append(_deflated(table, replay).assign(strategy=label))
        chosen.append(
            _forward(replay, strategy, grid, account, config.sweep.folds, label, place)
        )
    notes = [
        f"{label}: {line}"
        for label, part in zip(strategies, swept, strict=True)
        for line in same_trades(part)
    ]
    notes += same_sweeps(pd.concat(swept), {k: vars(s) for k, s in strategies.items()})
    study = study_of(inputs)
    tables = {
        "sweep": pd.concat(swept, ignore_index=True),
        "walk_forward": pd.concat(chosen, ignore_index=True),
    }
    return RunResult(
        tables={**study.tables, **tables},
        manifest=make_manifest(
            inputs, study, None, notes=[*replay.told(strategies, account), *notes]
        ),
        config=inputs.config.resolved(),
        study=study,
    )


def _deflated(table: pd.DataFrame, replay: Replay) -> pd.DataFrame:
    """Add the probability that each Sharpe ratio beats the luckiest of all settings.

    Daily returns are taken to be normal here; `deflated_sharpe` of a run has their
    own skewness and kurtosis.
    """
    days = len(replay.prices.sessions) - replay.first
    daily = table["sharpe"].to_numpy(float) / np.sqrt(performance.SESSIONS_PER_YEAR)
    known = daily[np.isfinite(daily)]
    spread = float(np.std(known, ddof=1)) if len(known) > 1 else 0.0
    best = performance.largest_sharpe(len(known), spread)
    told = [performance.probability_above(best, r, days, 0.0, 3.0) for r in daily]
    return table.assign(deflated_sharpe=told)


def _forward(
    replay: Replay,
    strategy: Strategy,
    grid: Grid,
    account: Account,
    folds: int,
    label: str,
    executor: Executor,
) -> pd.DataFrame:
    """Return the choices of a walk-forward and what they brought, or an empty table."""
    sessions = {item.session for item in replay.items}
    if len(sessions) < max(folds, 2):
        return pd.DataFrame({"strategy": pd.Series(dtype=str)})
    found = walk_forward(replay, strategy, grid, account, folds, executor)
    outcome = pd.DataFrame([figures_of(found, replay, account)])
    return pd.concat(
        [found.choices, outcome.assign(fold=OUTCOME)], ignore_index=True
    ).assign(strategy=label)
