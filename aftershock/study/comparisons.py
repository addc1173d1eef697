"""Groups against each other, and p-values that know how many were looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from aftershock.abnormal import FloatArray, IntArray
from aftershock.significance.base import Significance
from aftershock.significance.clustering import few_clusters
from aftershock.significance.multiplicity import CORRECTIONS, corrected_pvalues
from aftershock.significance.trial import Trial
from aftershock.study.cross_section import robust_regression
from aftershock.windows import clusters

MOST_GROUPS = 12
NULL = "the two groups have the same mean CAR"


def differences(trials: Mapping[str, Trial]) -> Iterator[dict[str, Any]]:
    """Yield a row for the difference of each two groups of one window.

    Parameters
    ----------
    trials : mapping of Trial
        By group, the group of all left out. With more than twelve groups nothing is
        compared, and one row says so: 78 differences are no longer read.

    Notes
    -----
    The slope of CAR on a dummy, with CR1 errors by cluster of overlapping windows and
    t(G - 1); a pair that is in both groups is in neither side.
    """
    if len(trials) > MOST_GROUPS:
        window = next(iter(trials.values())).window
        reason = f"{len(trials)} groups; at most {MOST_GROUPS} are compared"
        none = Significance("difference", NULL, valid=False, reason=reason)
        keys = {"group": "all", "start": window.start, "end": window.end}
        yield {**keys, **asdict(none)}
        return
    for one, other in combinations(trials, 2):
        found = _difference(trials[one], trials[other])
        window = trials[one].window
        yield {
            "group": f"{one} - {other}",
            "start": window.start,
            "end": window.end,
            **asdict(found),
        }


def _difference(one: Trial, other: Trial) -> Significance:
    """Compare the mean CARs of two groups."""
    first, second = _cars(one), _cars(other)
    shared = set(first) & set(second)
    kept = [(k, first[k], 1.0) for k in first if k not in shared]
    kept += [(k, second[k], 0.0) for k in second if k not in shared]
    sides = {side for _, _, side in kept}
    if len(sides) < 2 or len(kept) < 3:
        return Significance(
            "difference", NULL, valid=False, reason="a group has no pair of its own"
        )
    positions = np.array([k[1] for k, _, _ in kept])
    labels = clusters(positions, one.window.length)
    dummy = np.array([side for _, _, side in kept])
    x = np.column_stack([np.ones(len(kept)), dummy])
    found = robust_regression(np.array([car for _, car, _ in kept]), x, labels)
    groups = len(np.unique(labels))
    few = few_clusters(groups) or _lonely(labels, dummy)
    names = ("estimate", "statistic", "pvalue", "ci_low", "ci_high")
    numbers: dict[str, Any] = {name: float(found[name][1]) for name in names}
    return Significance(
        "difference",
        NULL,
        **numbers,
        df=groups - 1 if groups > 1 else np.nan,
        n=len(kept),
        n_sessions=len(np.unique(positions)),
        n_clusters=groups,
        valid=not few,
        reason=few,
    )


def _lonely(labels: IntArray, dummy: FloatArray) -> str:
    """Return why a side has no variance of its own: its mean fits its one cluster."""
    sides = [len(np.unique(labels[dummy == side])) for side in (0.0, 1.0)]
    return "a group has one cluster of sessions" if min(sides) < 2 else ""


def _cars(trial: Trial) -> dict[tuple[str, int], float]:
    """Return the CAR of every complete pair by symbol and event session."""
    named = [s for s, c in zip(trial.symbols, trial.complete, strict=True) if c]
    values = trial.present.car(trial.window)
    keys = zip(named, trial.positions.tolist(), strict=True)
    return dict(zip(keys, values.tolist(), strict=True))


def corrected(tests: pd.DataFrame) -> pd.DataFrame:
    """Return the tests with p-values corrected for the number of groups.

    The family is one test in one window over all groups that it is valid for, the
    group of all left out: Holm (family-wise error), Benjamini-Hochberg and
    Benjamini-Yekutieli (false discoveries).
    """
    grouped = tests[(tests["group"] != "all") & tests["pvalue"].notna()]
    grouped = grouped[grouped["valid"].astype(bool)]
    if grouped.empty:
        return tests
    tests = tests.copy()
    for _, family in grouped.groupby(["test", "start", "end"], sort=False):
        for column, method in CORRECTIONS.items():
            pvalues = family["pvalue"].to_numpy(dtype=float)
            tests.loc[family.index, column] = corrected_pvalues(pvalues, method)
    return tests
