"""Other news near the event that a run is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from aftershock.run.inputs import Inputs


def other_news(inputs: Inputs) -> list[dict[str, Any]]:
    """List catalogued events whose session lies in the path of the focus event.

    Only events that touch a studied symbol, or the whole market, are news that could
    confound; they come from the files that the config loads.
    """
    focus = inputs.focus
    if focus is None:
        return []
    own = inputs.pairs[inputs.pairs["event_id"] == focus.id]
    every = inputs.catalogue.pairs(inputs.calendar, inputs.config.events.policy)
    sessions = inputs.calendar.sessions
    home = int(sessions.searchsorted(own["session"].min()))
    first, last = inputs.config.study.path
    low = sessions[max(home + first, 0)]
    high = sessions[min(home + last, len(sessions) - 1)]
    others = every[every["event_id"] != focus.id]
    near = others[others["session"].between(low, high)]
    touching = near[
        near["symbol"].isin(set(own["symbol"])) | (near["role"] == "market")
    ]
    rows = []
    for event_id, found in touching.groupby("event_id", sort=False):
        session = pd.Timestamp(found["session"].iloc[0])
        rows.append(
            {
                "event_id": str(event_id),
                "session": f"{session:%Y-%m-%d}",
                "offset": int(sessions.searchsorted(session)) - home,
                "headline": inputs.catalogue[str(event_id)].headline,
                "symbols": sorted(set(found["symbol"])),
            }
        )
    return sorted(rows, key=lambda r: (str(r["session"]), str(r["event_id"])))
