"""How many settings a run's deflated Sharpe ratio takes to have been tried."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import aftershock as af
from aftershock.config import load_config
from aftershock.config.parts import build_account
from aftershock.run.inputs import obtain_inputs
from aftershock.run.trading import backtest_of
from strategies.expected_sign import ExpectedSign
from tests.run.test_steps import EVENT

CONFIG = """
title: A grid
events: {files: [events.yaml]}
prices: {source: {name: sample}}
study: {windows: [[0, 0]]}
strategies: [{name: ExpectedSign, hold: 3}]
luck: {draws: 0}
"""
GRID = "sweep={grid: {hold: [1, 3], gross: [0.5, 0.2]}, folds: 9}"


@pytest.mark.slow
def test_every_setting_of_the_grid_is_a_trial(tmp_path: Path) -> None:
    """Two times two settings, hold 3 and gross .5 being the run's own: four trials.

    Each is played by itself here, and sigma is the standard deviation of their daily
    ratios. PSR(b) = Phi((SR - b) c), so that z(0) and z(SR*) of the two probabilities
    give SR* = SR (1 - z(SR*) / z(0)); by Bailey and Lopez de Prado it is
    sigma ((1 - g) z(1 - 1/4) + g z(1 - 1/(4 e))), g = .5772.
    """
    days = ("04-08", "04-21", "05-12", "06-02")
    text = (
        EVENT.format(id=f"e{d}", published=f"2026-{d}T08:00:00-04:00", declared="after")
        for d in days
    )
    (tmp_path / "events.yaml").write_text("".join(text))
    path = tmp_path / "one.yaml"
    path.write_text(CONFIG)
    inputs = obtain_inputs(load_config(path, [GRID]))
    found = _figures(backtest_of(inputs))
    account = build_account(inputs.config)
    ratios = [
        _figures(
            af.backtest(
                ExpectedSign(hold=hold, gross=gross),
                inputs.events,
                inputs.prices,
                account=account,
            )
        )["sharpe"]
        for hold, gross in product((1, 3), (0.5, 0.2))
    ]
    assert found["trials"] == len(ratios) == 4
    sigma = np.std(np.array(ratios) / np.sqrt(252), ddof=1)
    z = stats.norm.ppf
    luckiest = sigma * (
        (1 - np.euler_gamma) * z(1 - 1 / 4) + np.euler_gamma * z(1 - 1 / (4 * np.e))
    )
    shares = found["deflated_sharpe"], found["probabilistic_sharpe"]
    by_luck = found["sharpe"] / np.sqrt(252) * (1 - z(shares[0]) / z(shares[1]))
    assert by_luck == pytest.approx(luckiest)


def _figures(made: af.BacktestResult | None) -> pd.Series:
    """Return the metrics of the strategy, not of those it is compared with."""
    assert made is not None
    metrics = made.metrics[made.metrics["strategy"].str.startswith("ExpectedSign")]
    return metrics.set_index("metric")["value"]
