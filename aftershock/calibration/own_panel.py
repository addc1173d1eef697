"""A user's own panel without its news: residual vectors drawn in blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from aftershock.abnormal import FloatArray, IntArray
from aftershock.calibration.designs import Drawn, Shift
from aftershock.errors import StudyError
from aftershock.study.design import StudyDesign
from aftershock.study.panel import StudyPanel
from aftershock.windows import EstimationWindow, EventWindow

BLOCK = 10
"""Sessions that are drawn together, so that volatility keeps its clusters."""
FEWEST = 100
"""Fewest sessions on which all symbols have a residual."""


@dataclass(frozen=True, eq=False)
class OwnPanel:
    """Replications of a user's panel under the null.

    Returns are the model's expected returns plus residual vectors drawn anew: whole
    sessions, so that symbols stay aligned, in circular blocks. A symbol is missing
    where it was missing. Events move together to a random place, their spacing kept.

    Parameters
    ----------
    name, words : str
    panel : StudyPanel
    pairs : DataFrame
        The kept pairs: event_id, symbol, role, expected, session.
    effect : float
        At which power is stated, in residual standard deviations.

    Notes
    -----
    Politis and Romano (1992), A circular block-resampling procedure, in: Exploring
    the Limits of Bootstrap, 263-270.
    """

    name: str
    words: str
    panel: StudyPanel
    pairs: pd.DataFrame
    effect: float = 1.0

    @property
    def one_session(self) -> bool:
        """Whether all events fall on one session."""
        return len(self.pairs["session"].unique()) == 1

    @property
    def thrift(self) -> int:
        """One in so many replications runs the tests that are dear."""
        return 1 if self.one_session else 5

    def draw(
        self,
        random: np.random.Generator,
        count: int,
        study: StudyDesign,
        shift: Shift,
    ) -> Iterator[Drawn]:
        """Yield `count` panels, each with the events at another place."""
        expected, residuals, pool = null_parts(self.panel)
        positions = self.panel.position(self.pairs["session"].tolist())
        columns = self.panel.column(self.pairs["symbol"].tolist())
        moves = possible_moves(self.panel, columns, positions, study.event_window)
        signs = self.pairs["expected"].to_numpy(dtype=float)
        signs = np.where(np.isnan(signs) | (not shift.signed), 1.0, signs)
        added = shift.effect * signs * np.nanstd(residuals, axis=0)[columns]
        for _ in range(count):
            rows = pool[circular_blocks(random, len(pool), len(expected), BLOCK)]
            returns = expected + residuals[rows]
            returns[np.isnan(self.panel.returns)] = np.nan
            moved = positions + random.choice(moves)
            np.add.at(returns, (moved, columns), added)
            pairs = self.pairs.assign(session=self.panel.calendar[moved])
            quiet = without_news(self.panel, returns, rows)
            yield Drawn(quiet, (pairs,), np.array([np.nan]))


def without_news(panel: StudyPanel, returns: FloatArray, rows: IntArray) -> StudyPanel:
    """Return the panel with other returns, and no session left out of estimation.

    Parameters
    ----------
    rows : (T,) integers
        The session whose residuals stand at each; its volume stands there too.
    """
    return replace(
        panel,
        returns=returns,
        log_volume=None if panel.log_volume is None else panel.log_volume[rows],
        excluded=None,
        estimation=replace(panel.estimation, before=None),
    )


def null_parts(panel: StudyPanel) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return expected returns, residuals (T, K), and the sessions all symbols have.

    The model is fitted to each symbol's whole history.

    Raises
    ------
    StudyError
        When too few sessions are common to all symbols.
    """
    length, symbols = panel.returns.shape
    whole = EstimationWindow(1 - length, 0, panel.estimation.min_obs)
    fitted = replace(panel, estimation=whole, excluded=None).measure(
        np.arange(symbols), np.full(symbols, length - 1), EventWindow(0, 0)
    )
    residuals = fitted.fit.residuals.T
    pool = np.flatnonzero(np.isfinite(residuals).all(axis=1))
    if len(pool) < FEWEST:
        raise StudyError(
            f"only {len(pool)} sessions have residuals of all symbols",
            where="calibration",
            allowed=f"{FEWEST} or more",
            do="leave out the symbols with the shortest history",
        )
    return fitted.fit.expected.T, residuals, pool


def circular_blocks(
    random: np.random.Generator, size: int, length: int, block: int
) -> IntArray:
    """Draw `length` of `size` places, `block` consecutive ones at a time, circular."""
    starts = random.integers(0, size, -(-length // block))
    places = starts[:, None] + np.arange(block)
    return np.asarray(places.ravel()[:length] % size, dtype=np.int64)


def possible_moves(
    panel: StudyPanel, columns: IntArray, positions: IntArray, window: EventWindow
) -> IntArray:
    """Return by how many sessions all events can move together, (C,).

    Every pair keeps `min_obs` estimation rows (or what it had, if fewer) and its
    whole window; 0 is always among them.
    """
    length = len(panel.calendar)
    span = panel.estimation
    known = np.isfinite(panel.returns)
    total = np.vstack([np.zeros(known.shape[1]), np.cumsum(known, axis=0)])
    moves = np.arange(-length, length + 1)
    places = positions[None, :] + moves[:, None]

    def rows(first: IntArray, last: IntArray) -> FloatArray:
        """Count the returns of each pair between two calendar positions."""
        low, high = np.clip(first, 0, length), np.clip(last + 1, 0, length)
        return np.asarray(total[high, columns] - total[low, columns])

    held = rows(places + span.start, places + span.end)
    fewest = np.minimum(span.min_obs, held[length])
    whole = rows(places + window.start, places + window.end) >= window.length
    fits = ((held >= fewest) & whole).all(axis=1)
    fits[length] = True
    return np.asarray(moves[fits], dtype=np.int64)
