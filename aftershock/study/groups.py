"""Every group of pairs tested in every window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from aftershock.abnormal import AbnormalReturns, BoolArray, FloatArray
from aftershock.significance.base import Significance, SignificanceTest
from aftershock.significance.trial import PairStatistic, Reference, Trial, scar
from aftershock.study.bar_rules import refused_on_bars
from aftershock.study.comparisons import corrected, differences
from aftershock.study.design import StudyDesign, find_tests
from aftershock.study.frames import aar_frame, rows_of, shaped
from aftershock.study.panel import StudyPanel
from aftershock.study.placebo import placebo_reference
from aftershock.study.usable import selected
from aftershock.windows import EventWindow


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups of a study, each tested in each window.

    Attributes
    ----------
    pairs, abnormal
        The N kept pairs.
    tested : (N,) bool
        Those that tests may use.
    panel, design, weights
        What was studied, how, and the contrast.
    signed : (N,), optional
        Contrast weight of each pair, where sessions differ.
    drawn : list
        Placebo draws, filled by `judged`.
    """

    pairs: pd.DataFrame
    abnormal: AbnormalReturns
    tested: BoolArray
    panel: StudyPanel
    design: StudyDesign
    weights: Mapping[str, float]
    signed: FloatArray | None = None
    drawn: list[dict[str, Any]] = field(default_factory=list)

    def members(self) -> Iterator[tuple[str, BoolArray]]:
        """Yield every group and the pairs in it that tests may use."""
        yield "all", self.tested
        if self.design.by is None:
            return
        values = self.pairs[self.design.by].map(
            lambda v: v if isinstance(v, tuple) else (str(v),)
        )
        for name in sorted({v for several in values for v in several}):
            inside = np.array([name in several for several in values], dtype=bool)
            yield name, self.tested & inside

    def aar(self) -> pd.DataFrame:
        """Return the table `aar`."""
        blocks = [
            aar_frame(name, self.abnormal, rows)
            for name, rows in self.members()
            if rows.any()
        ]
        if not blocks:
            return shaped("aar", {})
        return shaped("aar", pd.concat(blocks, ignore_index=True))

    def tests(self, judged: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
        """Return the table `tests` of what was judged."""
        table = rows_of("tests", judged)
        return table if self.design.by is None else corrected(table)

    def judged(self) -> list[dict[str, Any]]:
        """Return the rows of the table `tests`; remembers what placebos were drawn."""
        positions = self.abnormal.sample.positions[self.tested]
        wanted, shown = find_tests(self.design.tests, len(np.unique(positions)) > 1)
        if len(wanted) > 1:
            self.abnormal.fit.look_often()
        rows = []
        for name, members in self.members():
            for window in self.design.windows:
                trial = self.trial(name, members, window)
                for test in wanted:
                    for found in self._judged(test, trial):
                        if found.test in shown:
                            key = {"group": name, "start": window.start}
                            rows.append({**key, "end": window.end, **vars(found)})
        if self.design.by is not None:
            rows.extend(self._differences())
        return rows

    def _differences(self) -> Iterator[dict[str, Any]]:
        """Yield the differences between groups in every window."""
        named = [(name, rows) for name, rows in self.members() if name != "all"]
        for window in self.design.windows:
            yield from differences({n: self.trial(n, m, window) for n, m in named})

    def _judged(self, test: SignificanceTest, trial: Trial) -> list[Significance]:
        """Evaluate a test; some models allow no p-value but a placebo's."""
        why = self.design.model.inference
        rows = [
            _refused(r, refused_on_bars(r.test, trial.present))
            for r in test.evaluate(trial)
        ]
        if not why or test.by_placebo:
            return rows
        return [_refused(r, why) for r in rows]

    def trial(self, name: str, members: BoolArray, window: EventWindow) -> Trial:
        """Return one group in one window."""
        pairs = selected(self.pairs, members)
        whole = name == "all"
        signed = self.signed[members] if whole and self.signed is not None else None
        return Trial(
            abnormal=self.abnormal.take(members),
            model=self.design.model,
            window=window,
            symbols=tuple(pairs["symbol"].to_numpy(dtype=object)),
            prior=prior_signs(pairs),
            weights=(self.weights or None) if whole else None,
            signed=signed,
            placebo=partial(self._reference, name),
            roles=tuple(pairs["role"].to_numpy(dtype=object)),
            seed=self.design.seed,
        )

    def _reference(
        self, name: str, trial: Trial, statistic: PairStatistic
    ) -> Reference | None:
        """Compute a trial's placebo reference and remember its draws."""
        found = placebo_reference(
            self.panel,
            self.design.placebo,
            self.design.seed,
            self.design.event_window,
            trial,
            statistic,
        )
        if found is not None:
            if statistic is not scar:
                self._remember(name, statistic.__name__, trial, found, found.mean)
                return found
            series = {"placebo": found.mean}
            if trial.weights:
                series["placebo_contrast"] = found.contrast
            for test, values in series.items():
                self._remember(name, test, trial, found, values)
        return found

    def _remember(
        self,
        name: str,
        test: str,
        trial: Trial,
        found: Reference,
        values: FloatArray,
    ) -> None:
        """Keep the draws of one test for the table `placebo`."""
        self.drawn.append(
            {
                "test": test,
                "window": str(trial.window),
                "draw": np.arange(len(values)),
                "value": values,
                "session": list(found.sessions),
                "group": name,
            }
        )

    def placebo_frame(self) -> pd.DataFrame:
        """Return the table `placebo`; call after `judged`."""
        if not self.drawn:
            return shaped("placebo", {})
        blocks = [pd.DataFrame(block) for block in self.drawn]
        return shaped("placebo", pd.concat(blocks, ignore_index=True))


def _refused(row: Significance, why: str) -> Significance:
    """Return a row as not valid for a reason; as it is without one."""
    if not why:
        return row
    reason = "; ".join(filter(None, [why, row.reason]))
    return replace(row, valid=False, reason=reason)


def prior_signs(pairs: pd.DataFrame) -> BoolArray:
    """Tell which pairs have a declared direction; unknown counts, 0 does not."""
    return np.asarray(pairs["expected"].to_numpy() != 0, dtype=bool)
