"""Pairs measured: which could be, which are kept, and their tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.abnormal import AbnormalReturns, BoolArray, FloatArray, IntArray
from aftershock.study.bar_rules import without_ranks
from aftershock.study.design import StudyDesign
from aftershock.study.frames import abnormal_returns_frame, cars_frame, shown_pvalues
from aftershock.study.groups import prior_signs
from aftershock.study.pairs import (
    Verdict,
    first_of_session,
    judge_estimation,
    left_of,
    pairs_table,
)
from aftershock.study.panel import StudyPanel
from aftershock.study.usable import Usable, counted, dropped_frame, selected


@dataclass(frozen=True, eq=False)
class Measured:
    """Pairs and what was measured of them.

    Attributes
    ----------
    pairs, dropped, sound : DataFrame
        All; those without prices or room; the N others.
    abnormal, verdicts
        Of the sound ones.
    kept, measured
        Those whose estimation can be trusted.
    tested, in_family : bool
        Which of the kept enter tests; and have a declared direction, too.
    """

    panel: StudyPanel
    design: StudyDesign
    pairs: pd.DataFrame
    dropped: pd.DataFrame
    sound: pd.DataFrame
    abnormal: AbnormalReturns
    verdicts: list[Verdict]
    kept: pd.DataFrame
    measured: AbnormalReturns
    tested: BoolArray
    in_family: BoolArray

    @classmethod
    def of(
        cls, pairs: pd.DataFrame, panel: StudyPanel, design: StudyDesign
    ) -> Measured:
        """Measure pairs, whose index counts from 0."""
        usable, dropped, columns, rows = Usable.of(pairs, panel, design.event_window)
        sound = counted(selected(pairs, usable))
        abnormal = panel.measure(columns, rows, design.event_window)
        fewest = max(design.estimation.min_obs, design.model.fewest_rows)
        verdicts = judge_estimation(abnormal, fewest)
        keep = np.array([not verdict.drop for verdict in verdicts], dtype=bool)
        kept = selected(sound, keep)
        measured = abnormal.take(keep)
        places = columns[keep] * len(panel.calendar) + rows[keep]
        tested = (
            np.ones(len(kept), dtype=bool)
            if len(pd.unique(places)) == len(places)
            else first_of_session(kept)
        )
        family = tested & prior_signs(kept)
        return cls(
            panel, design, pairs, dropped, sound, abnormal, verdicts, kept, measured,
            tested, family,
        )  # fmt: skip

    @property
    def kept_places(self) -> IntArray:
        """The place in `pairs` of each kept one."""
        keep = [not verdict.drop for verdict in self.verdicts]
        return left_of(self.pairs, self.dropped)[keep]

    def pairs_table(self) -> pd.DataFrame:
        """Return the table `pairs`."""
        return pairs_table(
            self.pairs,
            self.dropped,
            self.sound,
            self.abnormal,
            self.verdicts,
            self.tested,
        )

    def dropped_table(self) -> pd.DataFrame:
        """Return the table `dropped`."""
        return dropped_frame(self.dropped, self.sound, self.verdicts)

    def cars(self) -> pd.DataFrame:
        """Return the table `cars`."""
        windows = self.design.windows
        table = cars_frame(self.kept, self.measured, windows, self.in_family)
        return shown_pvalues(without_ranks(table, self.measured), self.design.model)

    def abnormal_returns(self, parts: Mapping[str, FloatArray]) -> pd.DataFrame:
        """Return the table `abnormal_returns`.

        Parameters
        ----------
        parts : mapping of (T, K)
            The pieces of a return by session and symbol: gap, open_to_close.
        """
        found = {name: self._at(values) for name, values in parts.items()}
        table = abnormal_returns_frame(
            self.kept, self.measured, self.panel.calendar, found
        )
        return shown_pvalues(table, self.design.model)

    def _at(self, values: FloatArray) -> FloatArray:
        """Take (T, K) values at the sessions of the event window, (N, L)."""
        window = self.measured.window
        offsets = np.arange(window.start, window.end + 1)
        rows = self.measured.sample.positions[:, None] + offsets[None, :]
        symbols = self.panel.column(self.kept["symbol"].to_numpy(dtype=object))
        return np.asarray(values[rows, symbols[:, None]])
