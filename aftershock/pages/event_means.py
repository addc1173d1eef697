"""What several events did in the headline window: one row each, and means by role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from aftershock.pages.cautions import estimation_words, sources_words
from aftershock.tables import (
    ALPHA,
    p_equals,
    percent,
    probability,
    role_order,
    window_name,
    words,
)
from aftershock.windows import clusters

if TYPE_CHECKING:
    from aftershock.results import RunResult

FEWEST = 6
"""Clusters of sessions below which a mean gets no interval, as in the tests."""


def measured(tables: Mapping[str, pd.DataFrame], start: int, end: int) -> pd.DataFrame:
    """Return the kept pairs with a CAR in a window: role, session, car and interval."""
    pairs, cars = tables["pairs"], tables["cars"]
    pairs = pairs[pairs["status"].isin(["ok", "flagged"])]
    cars = cars[(cars["start"] == start) & (cars["end"] == end) & cars["car"].notna()]
    keys = ["event_id", "symbol", "session"]
    named = pairs[[*keys, "role"]].drop_duplicates(keys)
    cars = cars[["event_id", "symbol", "event_session", "car", "ci_low", "ci_high"]]
    return named.merge(cars.rename(columns={"event_session": "session"}), on=keys)


def by_event(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each event by date: session, effect, low, high, n.

    Effect: the mean CAR of its pairs. The ends are the means of the pairs' ends: an
    interval as wide as if all its symbols moved as one, since the standard error of a
    mean is at most the mean of the standard errors, however its parts hang together.
    """
    found = rows.groupby("event_id").agg(
        session=("session", "min"),
        effect=("car", "mean"),
        low=("ci_low", lambda v: v.astype(float).mean(skipna=False)),
        high=("ci_high", lambda v: v.astype(float).mean(skipna=False)),
        n=("car", "size"),
    )
    return found.reset_index().sort_values(["session", "event_id"], kind="stable")


def by_role(rows: pd.DataFrame, length: int) -> pd.DataFrame:
    """Return one row for each role: mean, low, high, n, sessions, clusters.

    Mean and interval are those of the means of clusters of sessions (windows of
    `length` sessions that share a day are one): t with G - 1 degrees of freedom, at
    1 - 0.05 / k for the k roles that have `FEWEST` clusters, so that all intervals hold
    together in 95 % of samples (Bonferroni). Fewer clusters: no interval.
    """
    roles = role_order(list(rows["role"]))
    means = {role: _cluster_means(rows[rows["role"] == role], length) for role in roles}
    tried = sum(len(m) >= FEWEST for m in means.values())
    found = []
    for role in roles:
        mine = rows[rows["role"] == role]
        mean, half = float(np.mean(means[role])), _half_width(means[role], tried)
        found.append({
            "role": role, "mean": mean, "low": mean - half, "high": mean + half,
            "n": len(mine), "sessions": len(set(mine["session"])),
            "clusters": len(means[role]),
        })  # fmt: skip
    return pd.DataFrame(found)


def _cluster_means(rows: pd.DataFrame, length: int) -> list[float]:
    """Return the mean CAR of each cluster of sessions.

    Weekdays stand for sessions; a holiday makes two windows look further apart than
    they are, so windows of several days need one weekday more between them.
    """
    days = rows["session"].to_numpy().astype("datetime64[D]")
    weekdays = np.busday_count(np.datetime64("1970-01-01"), days)
    labels = clusters(weekdays, length + (length > 1))
    return [float(v) for v in rows["car"].astype(float).groupby(labels).mean()]


def _half_width(means: list[float], tried: int) -> float:
    """Return half the width of the interval of a mean; NaN for too few clusters."""
    from scipy.special import stdtrit  # scipy.stats takes a second to import

    if len(means) < FEWEST:
        return float("nan")
    quantile = float(stdtrit(len(means) - 1, 1 - ALPHA / tried / 2))
    return quantile * float(np.std(means, ddof=1)) / float(np.sqrt(len(means)))


def pooled(headline: Mapping[str, Any], events: pd.DataFrame) -> dict[str, float]:
    """Return the mean over all pairs, and their n; an interval from a valid test only.

    The test's mean is over its own n: a symbol counts once a session.
    """
    weights = events["n"].to_numpy(float)
    mean = float(np.average(events["effect"].to_numpy(float), weights=weights))
    found = {"effect": mean, "low": np.nan, "high": np.nan, "n": float(weights.sum())}
    if headline.get("test") == "clustered" and headline.get("valid"):
        names = {"effect": "estimate", "low": "ci_low", "high": "ci_high", "n": "n"}
        given = {key: headline.get(name) for key, name in names.items()}
        found |= {k: float(v) for k, v in given.items() if v is not None}
    return found


def title_of(headline: Mapping[str, Any], events: pd.DataFrame, mean: float) -> str:
    """Say how many events rose, and what the leading test allows of their pairs' mean.

    An event of many symbols weighs more in it than in the mean of the events, which is
    told too where it has another sign.
    """
    rose = int((events["effect"] > 0).sum())
    count = f"{rose or 'none'} of {len(events)} events rose"
    pairs = f"the mean of their pairs, {percent(mean)}{_unlike(events, mean)},"
    size = f"their pairs {percent(mean)} on average{_unlike(events, mean)}"
    if headline.get("verdict") == "not_tested" or not headline.get("valid"):
        return f"Not tested: {count}, {size}"
    found = p_equals(probability(headline.get("pvalue")))
    if words(headline.get("warning")).startswith("exploratory"):
        return f"Exploratory: {count}, {size}, too few to decide ({found})"
    zero = headline.get("test") == "clustered"
    if headline.get("verdict") == "undecided":
        return (
            f"Undecided: {count}; {pairs} may be {'zero' if zero else 'chance'} "
            f"({found})"
        )
    beside = "zero" if zero else "ordinary sessions"
    return f"{count.capitalize()}; {pairs} differs from {beside} ({found})"


def _unlike(events: pd.DataFrame, mean: float) -> str:
    """Tell the mean of the events where its sign is not that of their pairs' mean."""
    own = float(events["effect"].mean())
    return f" (of the events {percent(own)})" if own * mean < 0 else ""


def topic(result: RunResult) -> str:
    """Name the tags of the run."""
    return words(result.manifest["headline"].get("tag")).replace("-", " ")


def source(result: RunResult, n: int) -> str:
    """Name sources, window, model and n."""
    window = window_name(*result.manifest["study"]["headline_window"])
    told = sources_words(result.manifest, pooled=True)
    return (
        f"{told}. Window {window}, n = {n} pairs. "
        f"Abnormal: beyond the {estimation_words(result.manifest)}."
    )
