"""Where a placebo may stand, and what the statistic was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import index
from typing import Any

import numpy as np

from aftershock.abnormal import BoolArray, FloatArray, IntArray
from aftershock.errors import StudyError
from aftershock.significance.contrast import contrast_vector
from aftershock.significance.trial import PairStatistic, Reference, Trial, scar
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
        shifts = _whole(plan.get("shifts"))
        draws = _whole([plan.get("draws")])
        if shifts and set(plan) == {"shifts"}:
            return cls(shifts=shifts)
        if draws and set(plan) == {"draws"}:
            return cls(draws=draws[0])
        raise StudyError(
            f"found {dict(plan)}",
            where="placebo",
            allowed='{"draws": 1000} or {"shifts": [20, 40, 60]}, whole numbers',
        )


def _whole(numbers: Any) -> tuple[int, ...]:
    """Return whole numbers above 0 as a tuple; nothing where one is not."""
    try:
        found = tuple(index(n) for n in numbers)
    except TypeError:
        return ()
    return found if all(n > 0 for n in found) else ()


def candidate_sessions(
    panel: StudyPanel, position: int, window: EventWindow, own: EventWindow
) -> IntArray:
    """Return calendar positions whose `window` keeps clear of the event at `position`.

    Clear: on the calendar, before `estimation.before`, and touching neither its own
    window nor the gap between estimation and window.
    """
    where = np.arange(len(panel.calendar), dtype=np.int64)
    first, last = where + window.start, where + window.end
    stop = len(where) if panel.before is None else panel.before
    gap_start = position + min(panel.estimation.end + 1, own.start)
    outside = (last < gap_start) | (first > position + own.end)
    return where[(first >= 0) & (last < stop) & outside]


def statistic_at(
    panel: StudyPanel,
    columns: IntArray,
    positions: IntArray,
    window: EventWindow,
    statistic: PairStatistic = scar,
) -> FloatArray:
    """Return a statistic of every symbol at every position, (C, n); NaN if it has none.

    Parameters
    ----------
    columns, positions : (n,), (C,) integers
        Symbols, and the calendar positions at which all of them are measured.
    """
    parts, block = [np.empty((0, len(columns)))], MOST_ROWS // max(len(columns), 1) or 1
    for start in range(0, len(positions), block):
        some = positions[start : start + block]
        values = _measured(
            panel,
            np.tile(columns, len(some)),
            np.repeat(some, len(columns)),
            window,
            statistic,
        )
        parts.append(values.reshape(len(some), len(columns)))
    return np.concatenate(parts)


def _measured(
    panel: StudyPanel,
    columns: IntArray,
    positions: IntArray,
    window: EventWindow,
    statistic: PairStatistic,
) -> FloatArray:
    """Return the statistic of N pairs; NaN where estimation rows are too few."""
    abnormal = panel.measure(columns, positions, window)
    enough = abnormal.fit.m >= panel.estimation.min_obs
    return np.where(enough, statistic(abnormal, window), np.nan)


@dataclass(frozen=True, eq=False)
class _Draw:
    """What is drawn: where, of which statistic, with what weights."""

    panel: StudyPanel
    own: EventWindow
    trial: Trial
    statistic: PairStatistic

    @cached_property
    def columns(self) -> IntArray:
        """Symbol column of each complete pair."""
        pairs = zip(self.trial.symbols, self.trial.complete, strict=True)
        return self.panel.column([s for s, complete in pairs if complete])

    def candidates(self, position: int) -> IntArray:
        """Return where the event at `position` could stand."""
        return candidate_sessions(self.panel, position, self.trial.window, self.own)

    def at(self, columns: IntArray, positions: IntArray) -> FloatArray:
        """Return the statistic of the symbols at the positions, (C, n)."""
        window = self.trial.window
        return statistic_at(self.panel, columns, positions, window, self.statistic)

    @cached_property
    def weights(self) -> FloatArray:
        """Contrast weight of each complete pair, shared among sessions, (n,)."""
        weights = np.zeros(self.trial.n)
        if not self.trial.weights:
            return np.full(self.trial.n, np.nan)
        weights[self.trial.prior[self.trial.complete]] = contrast_vector(self.trial)
        return weights / self.trial.n_sessions


def placebo_reference(
    panel: StudyPanel,
    plan: PlaceboPlan,
    seed: int,
    own: EventWindow,
    trial: Trial,
    statistic: PairStatistic = scar,
) -> Reference | None:
    """Return the distribution of a trial's statistic at placebo sessions.

    Parameters
    ----------
    own : EventWindow
        The study's whole event window, which placebos must not touch.
    statistic : callable
        (AbnormalReturns, EventWindow) -> one number for each pair.

    Returns
    -------
    Reference or None
        None where no placebo session exists.

    Notes
    -----
    Pairs of one session stay together. One session: all candidates. Several: one
    place for each cluster of overlapping windows, drawn jointly. Shifts move all back.
    """
    draw = _Draw(panel, own, trial, statistic)
    if plan.shifts is not None:
        return _shifted(draw, plan.shifts)
    if trial.n_sessions == 1:
        return _single(draw)
    return _joint(draw, plan.draws, seed)


def _names(panel: StudyPanel, positions: IntArray) -> tuple[str, ...]:
    """Return session names as ISO dates."""
    return tuple(panel.calendar[positions].strftime("%Y-%m-%d"))


def _single(draw: _Draw) -> Reference | None:
    """Take every candidate session of the only event session."""
    where = draw.candidates(int(draw.trial.positions[0]))
    values = draw.at(draw.columns, where)
    sound = np.isfinite(values).all(axis=1)
    if not sound.any():
        return None
    return Reference(
        mean=values[sound].mean(axis=1),
        contrast=values[sound] @ draw.weights,
        sessions=_names(draw.panel, where[sound]),
        candidates=int(sound.sum()),
        drawn=False,
    )


def _joint(draw: _Draw, draws: int, seed: int) -> Reference | None:
    """Draw one place for every cluster of events, together.

    Events whose windows share sessions move as one, spacing and symbols kept, so
    that what they share on the event sessions they share at the placebo too.
    """
    random = np.random.default_rng(seed)
    total = np.zeros((draws, 2))
    fewest = len(draw.panel.calendar)
    for label in np.unique(draw.trial.labels):
        inside = draw.trial.labels == label
        sums, places = _cluster_sums(draw, draws, random, inside)
        if not len(sums):
            return None
        fewest = min(fewest, places)
        total += sums[random.integers(0, len(sums), size=draws)]
    return Reference(
        mean=total[:, 0] / draw.trial.n,
        contrast=total[:, 1],
        sessions=("",) * draws,
        candidates=fewest,
        drawn=True,
    )


def _cluster_sums(
    draw: _Draw, draws: int, random: np.random.Generator, inside: BoolArray
) -> tuple[FloatArray, int]:
    """Return sum and contrast at up to `draws` places, (C, 2); how many there are."""
    columns, positions = draw.columns[inside], draw.trial.positions[inside]
    weights = draw.weights[inside]
    first = int(positions.min())
    places = draw.candidates(first)
    for position in np.unique(positions):
        clear = draw.candidates(int(position))
        places = np.intersect1d(places, clear - (position - first))
    for position in np.unique(positions):
        here, moved = positions == position, places + (position - first)
        places = places[draw.panel.can_measure(columns[here], moved, draw.trial.window)]
    count = len(places)
    if count > draws:
        places = np.sort(random.choice(places, size=draws, replace=False))
    total = np.zeros((len(places), 2))
    for position in np.unique(positions):
        here = positions == position
        values = draw.at(columns[here], places + (position - first))
        total[:, 0] += values.sum(axis=1)
        total[:, 1] += values @ weights[here]
    sound = np.isfinite(total[:, 0])
    return total[sound], count - int(np.count_nonzero(~sound))


def _shifted(draw: _Draw, shifts: Sequence[int]) -> Reference | None:
    """Move every event back together.

    A shift is left out, and named, that leads off the calendar, into the event's own
    window or the gap before it, or where a pair cannot be measured.
    """
    trial = draw.trial
    kept: list[FloatArray] = []
    names: list[str] = []
    lost: list[int] = []
    gap = min(draw.panel.estimation.end + 1, draw.own.start)
    for shift in shifts:
        moved = trial.positions - shift
        off = moved.min() + trial.window.start < 0
        if off or trial.window.end - shift >= gap:
            lost.append(shift)
            continue
        values = _measured(
            draw.panel, draw.columns, moved, trial.window, draw.statistic
        )
        if np.isfinite(values).all():
            kept.append(values)
            names.append(f"{shift} sessions earlier")
        else:
            lost.append(shift)
    if not kept:
        return None
    found = np.stack(kept)
    return Reference(
        mean=found.mean(axis=1),
        contrast=found @ draw.weights,
        sessions=tuple(names),
        candidates=len(kept),
        drawn=False,
        left_out=f"shifts left out: {', '.join(map(str, lost))}" if lost else "",
    )
