"""arch's own GARCH(1,1) against the model `garch`: 1e-3 on parameters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from arch import arch_model

import aftershock as af
from aftershock.models.base import ReturnModel
from aftershock.registry import family


def simulated() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return 560 sessions of one symbol with GARCH(1,1) noise, and its market."""
    rng = np.random.default_rng(4)
    market = 0.01 * rng.standard_normal(560)
    h, noise = 2e-4, np.empty(560)
    for t, z in enumerate(rng.standard_normal(560)):
        noise[t] = np.sqrt(h) * z
        h = 4e-6 + 0.08 * noise[t] ** 2 + 0.90 * h
    index = pd.bdate_range("2018-01-02", periods=560)
    returns = pd.DataFrame({"A": 0.0004 + 1.2 * market + noise}, index)
    return returns, pd.DataFrame({"mkt": market}, index)


def test_against_arch() -> None:
    """arch_model(mean="LS", vol="GARCH") in percent on offsets -510 .. -11.

    The event lies eleven sessions after the last of them, so its forecast variance is
    the eleventh; the CAR of [0, 2] has the sum of the eleventh to the thirteenth.
    """
    if "garch" not in family("aftershock.models", ReturnModel):
        pytest.fail("not registered: garch")
    returns, factors = simulated()
    event = 550
    given = pd.DataFrame(
        {"event_id": "e", "symbol": "A", "session": [returns.index[event]]}
    )
    found = af.event_study(
        given,
        returns,
        factors,
        model="garch",
        estimation=(-510, -11),
        windows=[(0, 0), (0, 2)],
        tests=["cross_sectional"],
    )
    rows = slice(event - 510, event - 10)
    y = 100 * returns["A"].to_numpy()[rows]
    x = 100 * factors["mkt"].to_numpy()
    model = arch_model(y, x=x[rows, None], mean="LS", vol="GARCH", p=1, q=1)
    fit = model.fit(disp="off")
    alpha, beta = fit.params.iloc[0] / 100, fit.params.iloc[1]
    ahead = np.broadcast_to(x[rows][-1:], (1, 13))
    variance = fit.forecast(horizon=13, x=ahead).variance.to_numpy()[-1] / 1e4
    pair = found.pairs.iloc[0]
    assert pair["beta"] == pytest.approx(beta, rel=1e-3)
    assert pair["alpha"] == pytest.approx(alpha, rel=1e-3, abs=1e-6)
    days = slice(event, event + 3)
    ar = returns["A"].to_numpy()[days] - alpha - beta * x[days] / 100
    cars = found.cars.set_index("end")
    day = ar[0] / np.sqrt(variance[10])
    assert cars.loc[0, "scar"] == pytest.approx(day, rel=1e-3)
    window = ar.sum() / np.sqrt(variance[10:13].sum())
    assert cars.loc[2, "scar"] == pytest.approx(window, rel=1e-3)
