"""What can be said already of an event whose window is not over."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.abnormal import AbnormalReturns, FloatArray
from aftershock.run.inputs import Inputs
from aftershock.significance.reference import DECAY, scaled_reference, scaled_series
from aftershock.study.design import StudyDesign
from aftershock.study.frames import shaped
from aftershock.study.panel import StudyPanel
from aftershock.windows import EventWindow


def pending_frame(
    inputs: Inputs, panel: StudyPanel, design: StudyDesign, pairs: pd.DataFrame
) -> pd.DataFrame:
    """Return the table `pending`.

    `beta` is estimated as if the event came on the session after the last price, or
    on its own session where that has passed; `sigma_now` is the EWMA volatility of
    abnormal returns then; `threshold` is the abnormal move that 95 % of ordinary
    sessions, scaled to that volatility, stay within.
    """
    if pairs.empty:
        return shaped("pending", {})
    pairs = pairs.reset_index(drop=True)
    position = np.minimum(
        panel.position(pairs["session"].tolist()), len(panel.calendar)
    )
    abnormal = panel.measure(
        panel.column(pairs["symbol"].tolist()), position, EventWindow(0, 0)
    )
    sigma = _sigma_before(abnormal)
    reference, _ = scaled_reference(abnormal, EventWindow(0, 0))
    enough = abnormal.fit.m >= design.estimation.min_obs
    return shaped(
        "pending",
        {
            "event_id": pairs["event_id"],
            "symbol": pairs["symbol"],
            "role": pairs["role"],
            "session": pairs["session"],
            "beta": np.where(enough, abnormal.fit.beta, np.nan),
            "sigma_now": np.where(enough, sigma, np.nan),
            "threshold": np.where(enough, sigma * _quantile(reference), np.nan),
            "measurable_from": [
                f"{inputs.calendar.shift(s, design.event_window.end):%Y-%m-%d}"
                for s in inputs.calendar.sessions[
                    inputs.calendar.sessions.searchsorted(pairs["session"])
                ]
            ],
            "detail": [_detail(int(m), design) for m in abnormal.fit.m],
        },
    )


def _detail(rows: int, design: StudyDesign) -> str:
    """Say on what the numbers rest."""
    if rows < design.estimation.min_obs:
        return f"{rows} estimation rows, {design.estimation.min_obs} are needed"
    return f"{rows} estimation rows"


def _sigma_before(abnormal: AbnormalReturns) -> FloatArray:
    """Return the EWMA volatility known before the event session, (N,)."""
    x, v = scaled_series(abnormal)
    stop = abnormal.columns(EventWindow(0, 0)).start
    x, v = x[:, :stop], v[:, :stop]
    result = np.full(len(x), np.nan)
    for row, (moves, variance) in enumerate(zip(x, v, strict=True)):
        seen = np.flatnonzero(np.isfinite(moves))
        if len(seen):
            last = seen[-1]
            level = DECAY * variance[last] + (1 - DECAY) * moves[last] ** 2
            result[row] = np.sqrt(level)
    return result


def _quantile(reference: FloatArray) -> FloatArray:
    """Return the .95 quantile of |Z| over each pair's ordinary sessions, (N,)."""
    result = np.full(len(reference), np.nan)
    for row, values in enumerate(np.abs(reference)):
        known = values[np.isfinite(values)]
        if len(known):
            result[row] = np.quantile(known, 0.95)
    return result
