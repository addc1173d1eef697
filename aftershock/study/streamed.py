"""Pairs of which only a line each was kept, judged by the same tests.

A test that asks no more of a pair than its CAR, its errors and a few numbers of its
estimation gives what it gives in memory. The others are named, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from aftershock.abnormal import AbnormalReturns, Fit, FloatArray, IntArray, Sample
from aftershock.significance.base import Significance, SignificanceTest
from aftershock.significance.correlation import (
    column_sums,
    in_order,
    mean_correlation,
    too_many,
    total_of_sums,
)
from aftershock.significance.trial import Trial
from aftershock.study.groups import Groups, prior_signs
from aftershock.study.measured import Measured
from aftershock.study.panel import StudyPanel
from aftershock.windows import EventWindow

_STREAMED = """
    adjusted_bmp adjusted_patell bmp clustered cross_sectional generalized_sign
    jackknife patell sign sign_flip skewness wilcoxon
"""
STREAMED = frozenset(_STREAMED.split())
"""Tests that need no more than what is kept of a pair."""
NEEDS_PLACEBOS = (
    "not computed in blocks: it needs placebo sessions of all pairs at once"
)
NEEDS_RESIDUALS = "not computed in blocks: it needs the residuals of all pairs at once"


def summary_of(found: Measured) -> pd.DataFrame:
    """Return what is kept of each kept pair: a row of numbers.

    Its columns are named by offset and window: ``ar 0``, ``car 0 5``.
    """
    pairs, fit = found.measured, found.measured.fit
    rows = found.measured.sample.estimation
    offsets = found.measured.sample.offsets
    columns = {
        "row": found.kept_places,
        "position": pairs.sample.positions,
        "tested": found.tested,
        "df": fit.df,
        "sigma": fit.sigma,
        "positive_share": fit.positive_share,
        "first": offsets[rows.argmax(axis=1)],
        "last": offsets[rows.shape[1] - 1 - rows[:, ::-1].argmax(axis=1)],
    }
    variance = fit.day_variance(pairs.columns(pairs.window))
    for k, offset in enumerate(range(pairs.window.start, pairs.window.end + 1)):
        columns |= {f"ar {offset}": pairs.ar[:, k], f"var {offset}": variance[:, k]}
    for window in found.design.windows:
        trial = Trial(pairs, found.design.model, window, (), np.ones(0, dtype=bool))
        ratio = np.full(len(pairs), np.nan)
        ratio[trial.complete] = trial.volatility
        name = f"{window.start} {window.end}"
        columns |= {
            f"car {name}": pairs.car(window),
            f"se {name}": pairs.car_se(window),
            f"volatility {name}": ratio,
        }
    return pd.DataFrame(columns)


def sums_of(found: Measured) -> dict[str, FloatArray]:
    """Return the column sums of residuals of each window's tested, complete pairs.

    Beside each, as ``first 0 5``, the calendar position of its first row.
    """
    sums: dict[str, FloatArray] = {}
    for window in found.design.windows:
        complete = np.isfinite(found.measured.scar(window)) & found.tested
        pairs = found.measured.take(complete)
        if len(pairs):
            order, positions, _ = in_order(pairs.sample.positions, 1)
            name = f"{window.start} {window.end}"
            sums[name] = column_sums(pairs.fit, order)
            sums[f"first {name}"] = np.array(float(positions[0]))
    return sums


@dataclass(frozen=True, eq=False)
class _Spans(Sample):
    """A sample of event sessions alone that knows where estimation rows were."""

    spans: IntArray

    def take(self, rows: Any) -> Sample:
        """Return the sample of some pairs."""
        some = super().take(rows)
        return _Spans(**vars(some), spans=self.spans[rows])

    @property
    def estimation_span(self) -> tuple[int, int]:
        """First and last offset at which any pair has an estimation row."""
        return int(self.spans[:, 0].min()), int(self.spans[:, 1].max())


@dataclass(frozen=True, eq=False)
class StreamedReturns(AbnormalReturns):
    """Abnormal returns of the event window, read back; no estimation rows.

    Attributes
    ----------
    table : DataFrame
        From `summary_of`.
    """

    table: pd.DataFrame

    @classmethod
    def of(cls, table: pd.DataFrame, window: EventWindow) -> StreamedReturns:
        """Lay out the rows of a summary."""
        offsets = np.arange(window.start, window.end + 1)
        ar, variance = (
            table[[f"{name} {k}" for k in offsets]].to_numpy() for name in ("ar", "var")
        )
        n, none = len(table), np.zeros(ar.shape, dtype=bool)
        positions = table["position"].to_numpy()
        spans = table[["first", "last"]].to_numpy()
        sample = _Spans(offsets, positions, ar, {}, np.isfinite(ar), none, spans)
        blank, df = np.full(n, np.nan), table["df"].to_numpy()
        fit = Fit(
            sample, (), np.zeros((n, 0)), np.zeros((n, 0, 0)), df,
            np.zeros(n, dtype=np.int64), blank, blank, variance=variance,
        )  # fmt: skip
        for name in ("sigma", "positive_share"):
            vars(fit)[name] = table[name].to_numpy()
        return cls(sample, fit, window, table)

    def take(self, rows: Any) -> StreamedReturns:
        """Return some pairs."""
        if isinstance(rows, np.ndarray) and rows.dtype == bool and rows.all():
            return self
        fit = self.fit.take(rows)
        return StreamedReturns(fit.sample, fit, self.window, self.table[rows])

    def car(self, window: EventWindow) -> FloatArray:
        """Cumulative abnormal return, (N,)."""
        return self.of_window("car", window)

    def car_se(self, window: EventWindow) -> FloatArray:
        """Forecast standard error of the CAR, (N,)."""
        return self.of_window("se", window)

    def of_window(self, name: str, window: EventWindow) -> FloatArray:
        """Return a column of a window, (N,)."""
        return self.table[f"{name} {window.start} {window.end}"].to_numpy(dtype=float)


@dataclass(frozen=True, eq=False)
class StreamedTrial(Trial):
    """One window of streamed pairs.

    Attributes
    ----------
    sums : (P, S)
        Column sums of residuals of all blocks, a row for each calendar session.
    panel : StudyPanel
        To measure pairs again where few enough overlap to correlate them exactly.
    """

    sums: FloatArray | None = None
    panel: StudyPanel | None = None

    @cached_property
    def volatility(self) -> FloatArray:
        """Variance before the window over that of the estimation, (n,)."""
        assert isinstance(self.present, StreamedReturns)
        return self.present.of_window("volatility", self.window)

    @cached_property
    def correlation(self) -> tuple[float, bool]:
        """Mean residual correlation r of Kolari and Pynnonen, and whether exact."""
        if self.n < 2:
            return 0.0, True
        if not too_many(in_order(self.positions, self.window.length)[2]):
            return mean_correlation(self._measured_again())
        assert self.sums is not None
        total = total_of_sums(self.sums, self.n, self.window.length)
        return total / (self.n * (self.n - 1) / 2), False

    def _measured_again(self) -> Trial:
        """Return the complete pairs with their residuals: some ten thousand at most."""
        assert self.panel is not None
        names = np.array(self.symbols, dtype=object)[self.complete]
        again = self.panel.measure(
            self.panel.column(names), self.positions, self.abnormal.window
        )
        prior = self.prior[self.complete]
        return Trial(again, self.model, self.window, tuple(names), prior)


@dataclass(frozen=True, eq=False)
class StreamedGroups(Groups):
    """The study of streamed pairs, tested in each window.

    Attributes
    ----------
    sums : mapping of window to (P, S)
    """

    sums: Mapping[str, FloatArray] | None = None

    def trial(self, name: str, members: Any, window: EventWindow) -> Trial:
        """Return all pairs in one window."""
        chosen = self.pairs[members]
        return StreamedTrial(
            abnormal=self.abnormal.take(members),
            model=self.design.model,
            window=window,
            symbols=tuple(chosen["symbol"].to_numpy(dtype=object)),
            prior=prior_signs(chosen),
            seed=self.design.seed,
            sums=(self.sums or {}).get(f"{window.start} {window.end}"),
            panel=self.panel,
        )

    def _judged(self, test: SignificanceTest, trial: Trial) -> list[Significance]:
        """Evaluate a test, or say why it cannot be."""
        if test.name in STREAMED:
            return super()._judged(test, trial)
        reason = NEEDS_PLACEBOS if test.by_placebo else NEEDS_RESIDUALS
        return test.refuse(trial, reason)
