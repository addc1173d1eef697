"""The paths of roles averaged over events, with a band that allows for shared days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.windows import clusters


def mean_paths(paths: pd.DataFrame) -> pd.DataFrame:
    """Return the mean path of each role over its events, in the columns of `paths`.

    Parameters
    ----------
    paths : DataFrame
        The table `paths`: rows of roles (no symbol) with car and band.

    Returns
    -------
    DataFrame
        group, symbol (empty), offset, car, band_low, band_high, model, n (events).
        Only events whose path is complete: a mean over changing events would jump.

    Notes
    -----
    Events whose drawn windows share days form a cluster; within one their bands add up
    as if they moved as one, over clusters as independent ones do: the half width is
    sqrt(sum over clusters of (sum of half widths)^2) / events. Weekdays stand for
    sessions, so one weekday more is asked between clusters.
    """
    roles = paths[(paths["symbol"] == "") & (paths["group"] != "")]
    blocks = [_mean_of(role, rows) for role, rows in roles.groupby("group", sort=True)]
    kept = [block for block in blocks if len(block)]
    return pd.concat(kept, ignore_index=True) if kept else roles.iloc[:0]


def _mean_of(role: object, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the mean path of one role."""
    keys = ["event_id", "event_session"]
    cars = rows.pivot_table(index=keys, columns="offset", values="car", dropna=False)
    cars = cars.reindex(
        columns=range(int(cars.columns.min()), int(cars.columns.max()) + 1)
    )
    cars = cars[cars.notna().all(axis=1)]
    if cars.empty:
        return pd.DataFrame()
    halves = rows.pivot_table(
        index=keys, columns="offset", values="band_high", dropna=False
    ).reindex(index=cars.index, columns=cars.columns)
    half = _half_width(halves, cars.index.get_level_values("event_session"))
    return pd.DataFrame(
        {
            "group": role,
            "symbol": "",
            "offset": list(cars.columns),
            "car": cars.mean(axis=0).to_numpy(),
            "band_low": -half,
            "band_high": half,
            "model": rows["model"].iloc[0],
            "n": len(cars),
        }
    )


def _half_width(halves: pd.DataFrame, sessions: pd.Index) -> np.ndarray:
    """Return half the width of the band of a mean; NaN where an event has none."""
    days = pd.DatetimeIndex(sessions).to_numpy().astype("datetime64[D]")
    weekdays = np.busday_count(np.datetime64("1970-01-01"), days)
    labels = clusters(weekdays, halves.shape[1] + 1)
    sums = halves.to_numpy(dtype=float)
    squared = [sums[labels == k].sum(axis=0) ** 2 for k in np.unique(labels)]
    return np.asarray(np.sqrt(np.sum(squared, axis=0)) / len(halves))
