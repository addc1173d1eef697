"""Replications of a design: every test judges each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd

from aftershock.abnormal import AbnormalReturns
from aftershock.calibration.attainable import attainable_size
from aftershock.calibration.designs import Drawn, Shift
from aftershock.significance.base import NAN, Significance, SignificanceTest
from aftershock.significance.trial import Trial
from aftershock.study.design import (
    StudyDesign,
    contrast_weights,
    find_tests,
    session_weights,
)
from aftershock.study.groups import Groups, prior_signs
from aftershock.study.pairs import judge_estimation
from aftershock.windows import EventWindow

CHUNK = 50
"""Replications that share one stream of random numbers and one market."""
_HEAVY = """
    placebo placebo_contrast volume volatility
"""
HEAVY = frozenset(_HEAVY.split())
"""Tests that need a reference of their own in every replication."""
LARGER_OF = {
    "joint_ranked": "joint_ranked_ewma",
    "max_sar": "max_sar_ewma",
    "contrast": "contrast_ewma",
    "contrast_search": "contrast_search_ewma",
}
"""Tests that lead a report together with their twin, the larger p counting."""


class Source(Protocol):
    """Where replications come from."""

    @property
    def name(self) -> str:
        """Of the design, in the table."""
        ...

    @property
    def words(self) -> str:
        """What it is."""
        ...

    def draw(
        self,
        random: np.random.Generator,
        count: int,
        study: StudyDesign,
        shift: Shift,
    ) -> Iterator[Drawn]:
        """Yield `count` replications, in one or more parts."""
        ...


@dataclass(frozen=True)
class Chunk:
    """Some replications of a source; what comes out depends on nothing else.

    Attributes
    ----------
    source, study, shift
        What is drawn and how it is studied.
    first, count : int
        Numbers of the replications.
    heavy : int
        Replications with a number below it run the tests of `HEAVY` too.
    level : float
        Nominal size.
    entropy : tuple of int
        Seeds the chunk's stream of random numbers.
    """

    source: Source
    study: StudyDesign
    shift: Shift
    first: int
    count: int
    heavy: int
    level: float
    entropy: tuple[int, ...]

    @property
    def own(self) -> dict[str, Any]:
        """What the chunks of one calibration do not share: all but source, study."""
        names = ("shift", "first", "count", "heavy", "entropy")
        return {name: getattr(self, name) for name in names}


def replicate_part(whole: Chunk, own: Mapping[str, Any]) -> pd.DataFrame:
    """Replicate one chunk, given what it shares with the others and its own part."""
    return replicate(replace(whole, **own))


def chunks_of(whole: Chunk) -> list[Chunk]:
    """Cut replications into chunks, each with a seed of its own."""
    starts = range(whole.first, whole.first + whole.count, CHUNK)
    end = whole.first + whole.count
    return [
        replace(
            whole,
            first=start,
            count=min(CHUNK, end - start),
            entropy=(*whole.entropy, start // CHUNK),
        )
        for start in starts
    ]


def replicate(chunk: Chunk) -> pd.DataFrame:
    """Draw the replications of a chunk and run every test on them.

    Returns
    -------
    DataFrame
        replication, start, end, test, pvalue, valid, warned, attainable, reason,
        volatility.
    """
    random = np.random.default_rng(np.random.SeedSequence(chunk.entropy))
    chosen, shown = find_tests(chunk.study.tests, several_sessions=True)
    rows: list[dict[str, Any]] = []
    number = chunk.first
    for drawn in chunk.source.draw(random, chunk.count, chunk.study, chunk.shift):
        for abnormal, pairs, prior in _measured(drawn, chunk.study):
            light = number >= chunk.heavy
            tests = [t for t in chosen if not (light and set(t.rows) & HEAVY)]
            study = replace(chunk.study, seed=_seed(chunk.entropy, number))
            groups = _groups(pairs, abnormal, drawn, study)
            key = {"replication": number, "volatility": prior}
            rows += [{**key, **r} for r in _judged(groups, tests, shown, chunk.level)]
            number += 1
    return pd.DataFrame(rows)


def _seed(entropy: tuple[int, ...], number: int) -> int:
    """Return the seed that the study of one replication is given."""
    mixed = np.random.SeedSequence([*entropy, number]).generate_state(1)
    return int(mixed[0])


def _measured(
    drawn: Drawn, study: StudyDesign
) -> Iterator[tuple[AbnormalReturns, pd.DataFrame, float]]:
    """Fit all pairs of all replications at once; yield one replication at a time."""
    panel = drawn.panel
    every = pd.concat(drawn.pairs, ignore_index=True)
    abnormal = panel.measure(
        panel.column(every["symbol"].tolist()),
        panel.position(every["session"].tolist()),
        study.event_window,
    )
    first = 0
    for pairs, prior in zip(drawn.pairs, drawn.volatility, strict=True):
        rows = np.arange(first, first + len(pairs))
        first += len(pairs)
        own = abnormal.take(rows)
        reasons = judge_estimation(own, study.estimation.min_obs)
        keep = np.array([not reason.drop for reason in reasons], dtype=bool)
        yield own.take(keep), pairs[keep].reset_index(drop=True), float(prior)


def _groups(
    pairs: pd.DataFrame, abnormal: AbnormalReturns, drawn: Drawn, study: StudyDesign
) -> Groups:
    """Return the study of one replication, as `event_study` would set it up."""
    tested = np.ones(len(pairs), dtype=bool)
    weights = contrast_weights(study.contrast, pairs)
    signed = session_weights(study.contrast, pairs, tested & prior_signs(pairs))
    return Groups(pairs, abnormal, tested, drawn.panel, study, weights, signed)


def _judged(
    groups: Groups, tests: Sequence[SignificanceTest], shown: set[str], level: float
) -> Iterator[dict[str, Any]]:
    """Yield what every test says of one replication, window by window."""
    for window in groups.design.windows:
        trial = groups.trial("all", groups.tested, window)
        found = [r for test in tests for r in test.evaluate(trial) if r.test in shown]
        found += [*_of_one_pair(trial), *_larger(found)]
        for row in found:
            yield _plain(row, trial, window, level)


def _of_one_pair(trial: Trial) -> Iterator[Significance]:
    """Yield the single pair's Student t, which the table `cars` has."""
    if trial.n == 1:
        p = float(trial.present.pvalues(trial.window)[0])
        told = trial.high_volatility("ewma_quantile")
        yield Significance(
            "t", "the CAR is zero", pvalue=p, warning=told, **trial.counts
        )


def _larger(found: Sequence[Significance]) -> Iterator[Significance]:
    """Yield the rows that lead a report together: the larger p of a test and twin."""
    rows = {row.test: row for row in found}
    for name, twin in LARGER_OF.items():
        if name in rows and twin in rows:
            one, other = rows[name], rows[twin]
            yield replace(
                one,
                test=f"{name}+ewma",
                pvalue=float(np.maximum(one.pvalue, other.pvalue)),
                valid=one.valid and other.valid,
                reason=one.reason or other.reason,
            )


def _plain(
    row: Significance, trial: Trial, window: EventWindow, level: float
) -> dict[str, Any]:
    """Return what calibration keeps of a row."""
    return {
        "start": window.start,
        "end": window.end,
        "test": row.test,
        "pvalue": row.pvalue,
        "valid": row.valid,
        "warned": bool(row.warning) and "exploratory" not in row.warning,
        "attainable": attainable_size(row, trial, level) if row.valid else NAN,
        "reason": row.reason,
    }
