"""Whether the leading test of several sessions hangs on a single one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.results import EventStudyResult
from aftershock.significance.clustering import FEWEST_CLUSTERS, cluster_sums
from aftershock.significance.influence import clustered_pvalue, leave_one_out
from aftershock.tables import ALPHA
from aftershock.tables.summary import REPEATED
from aftershock.windows import EventWindow, clusters


def without_one(
    study: EventStudyResult,
    calendar: TradingCalendar,
    window: EventWindow,
    found: Mapping[str, Any],
) -> dict[str, Any] | None:
    """Return what `clustered` says without the one cluster that tells most.

    Parameters
    ----------
    study : EventStudyResult
        That the headline is measured by.
    found : mapping
        The headline's figures so far, of the test `clustered`.

    Returns
    -------
    dict or None
        pvalue and estimate without it, event_ids, first_session and last_session of
        it, changed (the clusters without any one of which p is on the other side of
        0.05), of (all clusters), own (p of `clustered` with all). Least p where own is
        0.05 or more, else the largest. None where too few clusters would be left, and
        where the tables do not have each of the pairs that the test counts.
    """
    rows = _tested(study, window)
    labels = clusters(calendar.sessions.searchsorted(rows["session"]), window.length)
    sums, counts = cluster_sums(rows["car"].to_numpy(float), labels)
    if len(rows) != found["n"] or len(sums) <= FEWEST_CLUSTERS:
        return None
    own = clustered_pvalue(sums, counts)
    means, pvalues = leave_one_out(sums, counts)
    found_it = own < ALPHA
    k = int(np.argmax(pvalues) if found_it else np.argmin(pvalues))
    gone = rows[labels == k]
    return {
        "pvalue": float(pvalues[k]),
        "estimate": float(means[k]),
        "event_ids": list(dict.fromkeys(gone["event_id"])),
        "first_session": _day(gone["session"].min()),
        "last_session": _day(gone["session"].max()),
        "changed": int(((pvalues < ALPHA) != found_it).sum()),
        "of": len(sums),
        "own": own,
    }


def _tested(study: EventStudyResult, window: EventWindow) -> pd.DataFrame:
    """Return the pairs that the tests of a window use: event_id, session, car."""
    pairs, cars = study.pairs, study.cars
    once = ~pairs["reason"].fillna("").str.contains(REPEATED)
    pairs = pairs[once & pairs["status"].isin(["ok", "flagged"])]
    here = (cars["start"] == window.start) & (cars["end"] == window.end)
    cars = cars[here & cars["scar"].notna()].rename(
        columns={"event_session": "session"}
    )
    keys = ["event_id", "symbol", "session"]
    return pairs[keys].merge(cars[[*keys, "car"]], on=keys)


def _day(session: pd.Timestamp) -> str:
    return f"{session:%Y-%m-%d}"
