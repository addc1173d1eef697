"""Where a placebo may stand, and what the statistic was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aftershock.abnormal import FloatArray, IntArray
from aftershock.errors import StudyError
from aftershock.significance.contrast import contrast_vector
from aftershock.significance.trial import Reference, Trial
from aftershock.study.panel import StudyPanel
from aftershock.windows import EventWindow

MOST_ROWS = 20_000


@dataclass(frozen=True)
class PlaceboPlan:
    """How placebo sessions are chosen: `draws` at random, or fixed `shifts` back."""

    draws: int = 1000
    shifts: tuple[int, ...] | None = None

    @classmethod
    def from_mapping(cls, plan: Mapping[str, Any] | None) -> PlaceboPlan:
        """Read ``{"draws": n}`` or ``{"shifts": [h, ...]}``.

        Raises
        ------
        StudyError
            For any other key, or numbers that make no sense.
        """
        if plan is None:
            return cls()
        if not isinstance(plan, Mapping):
            plan = {"placebo": plan}
        if set(plan) == {"shifts"} and len(plan["shifts"]):
            return cls(shifts=tuple(int(h) for h in plan["shifts"]))
        if set(plan) == {"draws"} and int(plan["draws"]) > 0:
            return cls(draws=int(plan["draws"]))
        raise StudyError(
            f"found {dict(plan)}",
            where="placebo",
            allowed='{"draws": 1000} or {"shifts": [20, 40, 60]}',
        )


def candidate_sessions(
    panel: StudyPanel, position: int, window: EventWindow, own: EventWindow
) -> IntArray:
    """Return calendar positions whose `window` keeps clear of the event at `position`.

    Clear means: on the calendar, before `estimation.before`, and touching neither the
    event's own window nor the gap between its estimation and that window.
    """
    where = np.arange(len(panel.calendar), dtype=np.int64)
    first, last = where + window.start, where + window.end
    stop = len(where) if panel.before is None else panel.before
    gap_start = position + min(panel.estimation.end + 1, own.start)
    outside = (last < gap_start) | (first > position + own.end)
    return where[(first >= 0) & (last < stop) & outside]


def scar_at(
    panel: StudyPanel, columns: IntArray, positions: IntArray, window: EventWindow
) -> FloatArray:
    """Return SCAR of every symbol at every position, (C, n); NaN if it cannot be."""
    block = max(1, MOST_ROWS // max(len(columns), 1))
    parts = [
        _scar_block(panel, columns, positions[start : start + block], window)
        for start in range(0, len(positions), block)
    ]
    return np.concatenate(parts) if parts else np.empty((0, len(columns)))


def _scar_block(
    panel: StudyPanel, columns: IntArray, positions: IntArray, window: EventWindow
) -> FloatArray:
    """Measure a block of placebo sessions."""
    abnormal = panel.measure(
        np.tile(columns, len(positions)), np.repeat(positions, len(columns)), window
    )
    enough = abnormal.fit.m >= panel.estimation.min_obs
    scar = np.where(enough, abnormal.scar(window), np.nan)
    return scar.reshape(len(positions), len(columns))


def placebo_reference(
    panel: StudyPanel, plan: PlaceboPlan, seed: int, own: EventWindow, trial: Trial
) -> Reference | None:
    """Return the distribution of a trial's statistics at placebo sessions.

    Parameters
    ----------
    own : EventWindow
        The study's whole event window, which placebos must not touch.

    Returns
    -------
    Reference or None
        None where no placebo session exists.

    Notes
    -----
    Pairs of one session stay together. One session: all candidates, nothing is
    drawn. Several: one place for each cluster of overlapping windows, drawn jointly.
    Shifts move all events back together.
    """
    columns = panel.column(
        [s for s, c in zip(trial.symbols, trial.complete, strict=True) if c]
    )
    if plan.shifts is not None:
        return _shifted(panel, plan.shifts, columns, trial)
    distinct = np.unique(trial.positions)
    if len(distinct) == 1:
        return _single(panel, own, columns, trial)
    return _joint(panel, plan.draws, seed, own, columns, trial)


def _names(panel: StudyPanel, positions: IntArray) -> tuple[str, ...]:
    """Return session names as ISO dates."""
    return tuple(panel.calendar[positions].strftime("%Y-%m-%d"))


def _single(
    panel: StudyPanel, own: EventWindow, columns: IntArray, trial: Trial
) -> Reference | None:
    """Take every candidate session of the only event session."""
    position = int(trial.positions[0])
    where = candidate_sessions(panel, position, trial.window, own)
    scar = scar_at(panel, columns, where, trial.window)
    sound = np.isfinite(scar).all(axis=1)
    if not sound.any():
        return None
    return Reference(
        mean_scar=scar[sound].mean(axis=1),
        contrast=_contrast(trial, scar[sound]),
        sessions=_names(panel, where[sound]),
        candidates=int(sound.sum()),
        drawn=False,
    )


def _contrast(trial: Trial, scar: FloatArray) -> FloatArray:
    """Return a'SAR of the family at each placebo session, (B,)."""
    family = trial.prior[trial.complete]
    return np.asarray(scar[:, family] @ contrast_vector(trial))


def _joint(
    panel: StudyPanel,
    draws: int,
    seed: int,
    own: EventWindow,
    columns: IntArray,
    trial: Trial,
) -> Reference | None:
    """Draw one place for every cluster of events, together.

    Events whose windows share sessions move as one, spacing and symbols kept, so
    that what they share on the event sessions they share at the placebo too.
    """
    random = np.random.default_rng(seed)
    total = np.zeros(draws)
    fewest = len(panel.calendar)
    for label in np.unique(trial.labels):
        inside = trial.labels == label
        sums = _cluster_sums(
            panel, draws, random, own, columns[inside], trial.positions[inside], trial
        )
        if not len(sums):
            return None
        fewest = min(fewest, len(sums))
        total += sums[random.integers(0, len(sums), size=draws)]
    return Reference(
        mean_scar=total / trial.n,
        contrast=np.full(draws, np.nan),
        sessions=("",) * draws,
        candidates=fewest,
        drawn=True,
    )


def _cluster_sums(
    panel: StudyPanel,
    draws: int,
    random: np.random.Generator,
    own: EventWindow,
    columns: IntArray,
    positions: IntArray,
    trial: Trial,
) -> FloatArray:
    """Return the sum of SCAR over a cluster at each place it could stand, (C,)."""
    first = int(positions.min())
    places = candidate_sessions(panel, first, trial.window, own)
    for position in np.unique(positions):
        clear = candidate_sessions(panel, int(position), trial.window, own)
        places = np.intersect1d(places, clear - (position - first))
    if len(places) > draws:
        places = np.sort(random.choice(places, size=draws, replace=False))
    total = np.zeros(len(places))
    for position in np.unique(positions):
        members = columns[positions == position]
        moved = places + (position - first)
        total += scar_at(panel, members, moved, trial.window).sum(axis=1)
    return total[np.isfinite(total)]


def _shifted(
    panel: StudyPanel, shifts: Sequence[int], columns: IntArray, trial: Trial
) -> Reference | None:
    """Move every event back by the same number of sessions."""
    kept: list[FloatArray] = []
    names: list[str] = []
    for shift in shifts:
        moved = trial.positions - shift
        if moved.min() + trial.window.start < 0:
            continue
        abnormal = panel.measure(columns, moved, trial.window)
        enough = abnormal.fit.m >= panel.estimation.min_obs
        scar = np.where(enough, abnormal.scar(trial.window), np.nan)
        if np.isfinite(scar).all():
            kept.append(scar)
            names.append(f"{shift} sessions earlier")
    if not kept:
        return None
    scar = np.stack(kept)
    return Reference(
        mean_scar=scar.mean(axis=1),
        contrast=_contrast(trial, scar),
        sessions=tuple(names),
        candidates=len(kept),
        drawn=False,
    )
