"""Cumulative abnormal returns around the news, for the eye; never a test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from aftershock.abnormal import AbnormalReturns, FloatArray, IntArray
from aftershock.models.market_no_alpha import MarketNoAlpha
from aftershock.study.frames import repeat_pairs, sessions_at, shaped
from aftershock.study.panel import StudyPanel
from aftershock.study.placebo import MOST_ROWS, candidate_sessions
from aftershock.windows import EventWindow

BAND = 0.90
FEWEST_PATHS = 20
LONG = 5
"""Sessions beyond which the market model's alpha does not lead."""


def path_model(model: str) -> str:
    """Return the name of the model that paths are drawn by.

    A fitted alpha extrapolates a past run over thirty sessions, so the market model
    is drawn by its beta alone.
    """
    return MarketNoAlpha.name if model == "market" else model


def path_panel(panel: StudyPanel) -> StudyPanel:
    """Return the panel with the model that paths are drawn by."""
    if path_model(panel.model.name) == panel.model.name:
        return panel
    return replace(panel, model=MarketNoAlpha())


def paths_frame(
    panel: StudyPanel, pairs: pd.DataFrame, window: EventWindow
) -> pd.DataFrame:
    """Return the table `paths`: pairs first, then the mean of each role with a band.

    Parameters
    ----------
    pairs : DataFrame
        Kept pairs: event_id, symbol, role, session.
    window : EventWindow
        What is drawn; it may run past the end of the calendar.
    """
    panel = path_panel(panel)
    columns = panel.column(pairs["symbol"].tolist())
    positions = panel.position(pairs["session"].tolist())
    abnormal = panel.measure(columns, positions, window)
    blocks = [_pair_rows(panel, pairs, abnormal)]
    keys = ["event_id", "session", "role"]
    for _, members in pairs.groupby(keys, sort=True):
        rows = pairs.index.get_indexer(members.index)
        event_id, session, role = members[keys].iloc[0]
        block = _role_rows(panel, abnormal.take(rows), columns[rows])
        named = block.assign(event_id=event_id, event_session=session, group=role)
        blocks.append(named)
    return shaped("paths", pd.concat(blocks, ignore_index=True))


def _pair_rows(
    panel: StudyPanel, pairs: pd.DataFrame, abnormal: AbnormalReturns
) -> pd.DataFrame:
    """Return one row for each pair and offset that lies on the calendar."""
    offsets = np.arange(abnormal.window.start, abnormal.window.end + 1)
    rows = abnormal.sample.positions[:, None] + offsets[None, :]
    frame = pd.DataFrame(
        {
            **repeat_pairs(pairs, len(offsets)),
            "offset": np.tile(offsets, len(pairs)),
            "session": sessions_at(panel.calendar, rows.ravel()),
            "ar": abnormal.ar.ravel(),
            "car": abnormal.ar.cumsum(axis=1).ravel(),
            "group": np.repeat(pairs["role"].to_numpy(), len(offsets)),
            "model": panel.model.name,
            "n": 1,
        }
    )
    return frame[frame["session"].notna()]


def _role_rows(
    panel: StudyPanel, abnormal: AbnormalReturns, columns: IntArray
) -> pd.DataFrame:
    """Return the mean path of a role with a band that holds 90 % of whole paths."""
    window = abnormal.window
    offsets = np.arange(window.start, window.end + 1)
    mean = abnormal.ar.mean(axis=0)
    position = int(abnormal.sample.positions[0])
    drawn = int(np.isfinite(mean.cumsum()).sum())
    half, count = _band(panel, columns, position, window, drawn)
    frame = pd.DataFrame(
        {
            "symbol": "",
            "offset": offsets,
            "session": sessions_at(panel.calendar, position + offsets),
            "ar": mean,
            "car": mean.cumsum(),
            "model": panel.model.name,
            "n": count,
            "band_low": -half,
            "band_high": half,
        }
    )
    return frame[frame["session"].notna()]


def _band(
    panel: StudyPanel,
    columns: IntArray,
    position: int,
    window: EventWindow,
    drawn: int,
) -> tuple[FloatArray, int]:
    """Return the half width of a simultaneous band at each offset, and its paths.

    Notes
    -----
    Width c sd_t, sd_t the spread of placebo paths at offset t and c the 90 % quantile
    of the largest |path_t| / sd_t: 90 % of ordinary paths stay inside over their
    whole length (Montiel Olea and Plagborg-Moller 2019, Journal of Applied
    Econometrics 34, 1-17, for the sup-t construction).
    """
    half = np.full(window.length, np.nan)
    length = max(drawn, 1)
    seen = EventWindow(window.start, window.start + length - 1)
    where = candidate_sessions(panel, position, seen, seen)
    paths = _placebo_paths(panel, columns, where, seen)
    if len(paths) < FEWEST_PATHS:
        return half, len(paths)
    spread = np.sqrt((paths**2).mean(axis=0))
    largest = (np.abs(paths) / spread).max(axis=1)
    half[:length] = np.quantile(largest, BAND) * spread
    return half, len(paths)


def _placebo_paths(
    panel: StudyPanel, columns: IntArray, where: IntArray, window: EventWindow
) -> FloatArray:
    """Return complete mean paths at placebo sessions, (C, L)."""
    block = max(1, MOST_ROWS // len(columns))
    kept: list[FloatArray] = [np.empty((0, window.length))]
    for start in range(0, len(where), block):
        some = where[start : start + block]
        abnormal = panel.measure(
            np.tile(columns, len(some)), np.repeat(some, len(columns)), window
        )
        enough = abnormal.fit.m >= panel.estimation.min_obs
        ar = np.where(enough[:, None], abnormal.ar, np.nan)
        means = ar.reshape(len(some), len(columns), -1).mean(axis=1)
        kept.append(means.cumsum(axis=1))
    paths = np.concatenate(kept)
    return paths[np.isfinite(paths).all(axis=1)]
