"""What can be said already of an event whose window is not over."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.run.inputs import Inputs
from aftershock.study.design import StudyDesign
from aftershock.study.frames import shaped
from aftershock.study.ordinary import ordinary
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
    before = ordinary(abnormal, design.estimation.min_obs)
    return shaped(
        "pending",
        {
            "event_id": pairs["event_id"],
            "symbol": pairs["symbol"],
            "role": pairs["role"],
            "session": pairs["session"],
            "beta": before.beta,
            "sigma_now": before.sigma_now,
            "threshold": before.threshold,
            "measurable_from": [
                f"{inputs.calendar.shift(s, design.event_window.end):%Y-%m-%d}"
                for s in inputs.calendar.sessions[
                    inputs.calendar.sessions.searchsorted(pairs["session"])
                ]
            ],
            "detail": [_detail(int(m), design) for m in before.m],
        },
    )


def _detail(rows: int, design: StudyDesign) -> str:
    """Say on what the numbers rest."""
    if rows < design.estimation.min_obs:
        return f"{rows} estimation rows, {design.estimation.min_obs} are needed"
    return f"{rows} estimation rows"
