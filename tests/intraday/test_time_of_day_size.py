"""How often a scale by time of day, or one for all, rejects without news."""

from __future__ import annotations

import numpy as np
import pytest

from aftershock.abnormal import Drivers, Tape, gather, measure
from aftershock.intraday import TimeOfDay
from aftershock.models.base import ReturnModel
from aftershock.models.market import Market
from aftershock.windows import EventWindow


def rejections(model: ReturnModel, slot: int, window: tuple[int, int]) -> float:
    """Return how often a test at 5 % rejects where nothing happened.

    5,000 symbols, 20 sessions of eight slots (hours with their gap) to estimate from.
    """
    random = np.random.default_rng(20)
    shape = np.tile([0.014, 0.010, 0.006, 0.005, 0.004, 0.004, 0.004, 0.005], 22)
    market = 0.5 * shape * random.standard_normal(len(shape))
    noise = shape[:, None] * random.standard_normal((len(shape), 5000))
    returns = market[:, None] + noise
    chosen = model
    if isinstance(model, TimeOfDay):
        chosen = TimeOfDay(model.model, np.arange(len(shape)) % 8)
    position = 20 * 8 + slot
    sample = gather(
        Tape.of(returns, Drivers({"mkt": market}), len(returns)),
        np.arange(5000),
        np.full(5000, position),
        (-160, window[1]),
        (-160, -1),
    )
    abnormal = measure(sample, chosen, EventWindow(*window))
    return float((abnormal.pvalues(EventWindow(*window)) < 0.05).mean())


BY_TIME = TimeOfDay(Market(), np.arange(8))


@pytest.mark.slow
def test_one_scale_for_the_day_rejects_far_too_often_at_the_open() -> None:
    assert rejections(Market(), slot=0, window=(0, 0)) > 0.20
    assert rejections(Market(), slot=4, window=(0, 0)) < 0.01


@pytest.mark.slow
@pytest.mark.parametrize("slot", [0, 1, 4, 7])
def test_a_scale_by_time_of_day_keeps_its_size(slot: int) -> None:
    """3.5 to 6.5 % for one slot and for the slots up to an hour or a session later."""
    for window in ((0, 0), (0, 1), (0, 7)):
        assert 0.035 <= rejections(BY_TIME, slot, window) <= 0.065, (slot, window)
