"""What the volume says: days without trade, a last day not over, another unit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.prices import BARS
from aftershock.sources.findings import Inspection

_RECENT, _LONG = 20, 60
_FAR_VOLUME = np.log(50.0)


def traded(bars: pd.DataFrame, found: Inspection) -> pd.DataFrame:
    """Mention bars of one price without volume, and volumes of another magnitude."""
    prices = bars[list(BARS)].to_numpy(np.float64)
    still = (prices == prices[:, :1]).all(axis=1) & (bars["volume"] == 0).to_numpy()
    if still.any():
        values = [f"close {x:g}" for x in prices[still, -1]]
        found.tell("flat_bar", bars.index[still], values)
    _magnitude_of_volume(bars, found)
    return bars


def _magnitude_of_volume(bars: pd.DataFrame, found: Inspection) -> None:
    """Mention a block of 20 rows with 50 times the volume of the block before."""
    volume = bars["volume"].to_numpy(np.float64)
    whole = len(volume) // _RECENT * _RECENT
    blocks = volume[len(volume) - whole :].reshape(-1, _RECENT)
    if np.isnan(blocks).any() or len(blocks) < 2:
        return
    usual = np.median(blocks, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.abs(np.diff(np.log(usual)))
    for at in np.flatnonzero((steps > _FAR_VOLUME) & np.isfinite(steps)).tolist():
        row = len(volume) - whole + (at + 1) * _RECENT
        what = f"usually {usual[at]:g}, then {usual[at + 1]:g}"
        found.tell("volume_units", bars.index[row : row + 1], [what])


def weigh_last(
    bars: pd.DataFrame, calendar: TradingCalendar, found: Inspection
) -> None:
    """Mention a last bar with so little volume that the session was hardly over."""
    volume = bars["volume"].to_numpy()
    usual = np.median(volume[-_RECENT - 1 : -1]) if len(volume) > _RECENT else np.nan
    whole = 0.5 if calendar.is_half_day(bars.index[-1]) else 1.0
    thin = volume[-1] < usual * 0.25 * whole
    if len(volume) > _LONG and not thin and volume[-_LONG:].all():
        # Less than on any day of a quarter, and much less than of late.
        least = np.min(volume[-_LONG - 1 : -1]) * whole
        thin = volume[-1] < min(usual * 0.6 * whole, least)
    if thin:
        what = f"volume {volume[-1]:g}, usually {usual:g}"
        found.tell("thin_last_bar", bars.index[-1:], [what])
