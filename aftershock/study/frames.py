"""Arrays of a study -> the tables of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from aftershock.abnormal import AbnormalReturns, BoolArray, FloatArray, IntArray
from aftershock.models.base import ReturnModel
from aftershock.results import columns
from aftershock.significance.max_sar import family_pvalues
from aftershock.significance.reference import (
    high_volatility,
    quantile_pvalues,
    scaled_quantile_pvalues,
)
from aftershock.windows import EventWindow


def shaped(table: str, data: pd.DataFrame | dict[str, Any]) -> pd.DataFrame:
    """Return a frame with exactly a table's columns, missing ones filled with NaN."""
    frame = pd.DataFrame(data)
    return frame.reindex(columns=columns(table)).reset_index(drop=True)


def rows_of(table: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return a table of rows, what they lack filled with NaN."""
    names = columns(table)
    # lists: of mappings, pandas takes twice as long
    return pd.DataFrame(
        [[r.get(n, np.nan) for n in names] for r in rows], columns=names
    )


def repeat_pairs(pairs: pd.DataFrame, times: int) -> dict[str, Any]:
    """Return the key columns of every pair, each `times` over."""
    return {
        "event_id": np.repeat(pairs["event_id"].to_numpy(), times),
        "symbol": np.repeat(pairs["symbol"].to_numpy(), times),
        "event_session": np.repeat(pairs["session"].to_numpy(), times),
    }


def sessions_at(calendar: pd.DatetimeIndex, rows: IntArray) -> pd.DatetimeIndex:
    """Return the sessions at calendar rows; off the calendar is NaT."""
    inside = (rows >= 0) & (rows < len(calendar))
    found = calendar[np.where(inside, rows, 0)]
    return pd.DatetimeIndex(found.where(inside.ravel()))


def abnormal_returns_frame(
    pairs: pd.DataFrame,
    abnormal: AbnormalReturns,
    calendar: pd.DatetimeIndex,
    parts: dict[str, FloatArray],
) -> pd.DataFrame:
    """Return the table `abnormal_returns`: a row for each pair and offset."""
    columns_ = abnormal.columns(abnormal.window)
    offsets = abnormal.sample.offsets[columns_]
    df = abnormal.fit.df[:, None]
    sar = abnormal.sar
    rows = abnormal.sample.positions[:, None] + offsets[None, :]
    data = {
        **repeat_pairs(pairs, len(offsets)),
        "offset": np.tile(offsets, len(pairs)),
        "session": sessions_at(calendar, rows.ravel()),
        "ret": abnormal.sample.returns[:, columns_].ravel(),
        **{name: values.ravel() for name, values in parts.items()},
        "expected_ret": abnormal.fit.expected_at(columns_).ravel(),
        "ar": abnormal.ar.ravel(),
        "se": abnormal.se.ravel(),
        "sar": sar.ravel(),
        "df": np.broadcast_to(df, sar.shape).ravel(),
        "pvalue": (2 * stats.t.sf(np.abs(sar), df)).ravel(),
    }
    return shaped("abnormal_returns", data)


def shown_pvalues(table: pd.DataFrame, model: ReturnModel) -> pd.DataFrame:
    """Return the table without the p-values that the model does not allow."""
    if not model.inference:
        return table
    hidden = [c for c in table.columns if c.startswith(("pvalue", "ci_"))]
    return table.assign(**dict.fromkeys(hidden, np.nan))


def cars_frame(
    pairs: pd.DataFrame,
    abnormal: AbnormalReturns,
    windows: Sequence[EventWindow],
    in_family: BoolArray,
) -> pd.DataFrame:
    """Return the table `cars`: a row for each pair and tested window."""
    blocks = [_cars_of(pairs, abnormal, w, in_family) for w in windows]
    return shaped("cars", pd.concat(blocks, ignore_index=True))


def _cars_of(
    pairs: pd.DataFrame,
    abnormal: AbnormalReturns,
    window: EventWindow,
    in_family: BoolArray,
) -> pd.DataFrame:
    """Return the rows of one window."""
    car, se = abnormal.car(window), abnormal.car_se(window)
    half = stats.t.ppf(0.975, abnormal.fit.df) * se
    family, scaled = _families(abnormal, window, in_family & np.isfinite(car))
    return pd.DataFrame(
        {
            **repeat_pairs(pairs, 1),
            "start": window.start,
            "end": window.end,
            "car": car,
            "se": se,
            "scar": car / se,
            "bhar": abnormal.bhar(window),
            "df": abnormal.fit.df,
            "pvalue": abnormal.pvalues(window),
            "pvalue_quantile": quantile_pvalues(abnormal, window)[0],
            "pvalue_ewma": scaled_quantile_pvalues(abnormal, window)[0],
            "pvalue_family": family,
            "pvalue_family_ewma": scaled,
            "ci_low": car - half,
            "ci_high": car + half,
            "warning": high_volatility(abnormal, window, "pvalue_ewma"),
        }
    )


def _families(
    abnormal: AbnormalReturns, window: EventWindow, members: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Return family-wise p-values, the family being the pairs of one session."""
    plain = np.full(len(abnormal), np.nan)
    scaled = np.full(len(abnormal), np.nan)
    if window.length > 1:
        return plain, scaled
    positions = abnormal.sample.positions
    for position in np.unique(positions[members]):
        rows = np.flatnonzero(members & (positions == position))
        plain[rows], scaled[rows] = family_pvalues(abnormal.take(rows), window)
    return plain, scaled


def aar_frame(
    group: str, abnormal: AbnormalReturns, present: BoolArray
) -> pd.DataFrame:
    """Return rows of the table `aar` for one group.

    `caar` at an offset is the mean CAR from the start of the event window, over the
    pairs that have every session up to there.
    """
    ar = abnormal.ar[present]
    positions = abnormal.sample.positions[present]
    first = abnormal.window.start
    rows = []
    for k in range(abnormal.window.length):
        day = ar[:, k]
        there = np.isfinite(day)
        n = int(there.sum())
        so_far = ar[:, : k + 1].sum(axis=1)
        so_far = so_far[np.isfinite(so_far)]
        rows.append(
            {
                "group": group,
                "offset": first + k,
                "aar": day[there].mean() if n else np.nan,
                "caar": so_far.mean() if len(so_far) else np.nan,
                "se": day[there].std(ddof=1) / np.sqrt(n) if n > 1 else np.nan,
                "n": n,
                "n_sessions": len(np.unique(positions[there])),
            }
        )
    return pd.DataFrame(rows)
