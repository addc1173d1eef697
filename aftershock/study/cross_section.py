"""CARs explained by what events have in common: regression across pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from aftershock.abnormal import FloatArray, IntArray
from aftershock.errors import StudyError
from aftershock.results import EventStudyResult
from aftershock.significance.clustering import few_clusters, sign_vectors
from aftershock.windows import EventWindow, clusters

FEW_CLUSTERS = 30


def cross_section(
    study: EventStudyResult,
    characteristics: pd.DataFrame,
    window: tuple[int, int],
    seed: int = 0,
) -> pd.DataFrame:
    """Regress the CARs of a window on characteristics of the events.

    Parameters
    ----------
    study : EventStudyResult
    characteristics : DataFrame
        event_id, optionally symbol, and one column for each characteristic: numbers,
        or text, of which every value but the first in order becomes a dummy.
    window : (start, end)
        One of the study's windows.
    seed : int
        For the signs of the wild bootstrap.

    Returns
    -------
    DataFrame
        A row for each coefficient: term, estimate, se (CR1 by cluster), statistic,
        df (G - 1), pvalue, ci_low, ci_high, pvalue_wild (fewer than 30 clusters),
        se_hc1, pvalue_hc1, n, n_dropped (CARs of the window without a value or a
        characteristic), n_clusters, valid, reason.

    Raises
    ------
    StudyError
        For a window that was not studied, columns that are missing or collinear.

    Notes
    -----
    Clusters are pairs whose windows share a session. CR1 and HC1 from statsmodels
    (Cameron and Miller 2015, Journal of Human Resources 50, 317-372); the wild
    cluster bootstrap imposes each null (Cameron, Gelbach and Miller 2008, Review of
    Economics and Statistics 90, 414-427).
    """
    table, labels = _joined(study, characteristics, EventWindow(*window))
    keys = {"event_id", "symbol"}
    design = _design(table[[c for c in characteristics.columns if c not in keys]])
    x, y = design.to_numpy(dtype=float), table["car"].to_numpy(dtype=float)
    if len(y) <= x.shape[1] or np.linalg.matrix_rank(x) < x.shape[1]:
        raise StudyError(
            f"{len(y)} CARs do not determine {x.shape[1]} coefficients",
            where="characteristics",
            allowed="columns that vary, and are no sums of each other",
        )
    found = robust_regression(y, x, labels)
    groups = len(np.unique(labels))
    wild = [
        wild_pvalue(y, x, labels, k, seed) if groups < FEW_CLUSTERS else np.nan
        for k in range(x.shape[1])
    ]
    few = few_clusters(groups)
    return pd.DataFrame(
        {
            "term": list(design.columns),
            **found,
            "pvalue_wild": wild,
            "n": len(y),
            "n_dropped": len(cars_of(study, EventWindow(*window))) - len(y),
            "n_clusters": groups,
            "valid": not few,
            "reason": few,
        }
    )


def robust_regression(y: FloatArray, x: FloatArray, labels: IntArray) -> dict[str, Any]:
    """Return OLS with CR1 errors by cluster and HC1 errors beside them.

    Parameters
    ----------
    y, x : (N,), (N, k)
    labels : (N,) integers
    """
    from statsmodels.regression.linear_model import OLS

    df = len(np.unique(labels)) - 1
    plain = OLS(y, x)
    hc1 = plain.fit(cov_type="HC1", use_t=True)
    missing = np.full(x.shape[1], np.nan)
    names = ("se", "statistic", "df", "pvalue", "ci_low", "ci_high")
    own = dict.fromkeys(names, missing)
    if df > 0:
        # a variance that is zero may come out as less: its error is then NaN
        with np.errstate(invalid="ignore", divide="ignore"):
            fit = plain.fit(cov_type="cluster", cov_kwds={"groups": labels}, use_t=True)
            bounds = fit.conf_int()
            errors, ratios, pvalues = fit.bse, fit.tvalues, fit.pvalues
        values = [errors, ratios, np.full(x.shape[1], float(df)), pvalues]
        own = dict(zip(names, [*values, bounds[:, 0], bounds[:, 1]], strict=True))
    return {
        "estimate": hc1.params,
        **own,
        "se_hc1": hc1.bse,
        "pvalue_hc1": hc1.pvalues,
    }


def wild_pvalue(
    y: FloatArray, x: FloatArray, labels: IntArray, k: int, seed: int
) -> float:
    """Return the wild cluster bootstrap p of coefficient k, its null imposed.

    All sign vectors up to twelve clusters, 9,999 beyond.
    """
    others = np.delete(x, k, axis=1)
    fitted = others @ np.linalg.lstsq(others, y, rcond=None)[0]
    observed = abs(_cluster_t(y[None, :], x, labels, k)[0])
    _, groups = np.unique(labels, return_inverse=True)
    beyond = total = 0
    random = np.random.default_rng(seed)
    count = int(groups.max()) + 1
    for signs in sign_vectors(count, random):
        drawn = fitted + (y - fitted) * signs[:, groups]
        ratios = np.abs(_cluster_t(drawn, x, labels, k))
        beyond += int((ratios >= observed * (1 - 1e-12)).sum())
        total += len(signs)
    enumerated = total == 2**count
    return beyond / total if enumerated else (1 + beyond) / (1 + total)


def _cluster_t(y: FloatArray, x: FloatArray, labels: IntArray, k: int) -> FloatArray:
    """Return the t of coefficient k for B left-hand sides (B, N), (B,).

    The small-sample factor of CR1 is the same in every draw, and left out.
    """
    inverse = np.linalg.inv(x.T @ x)
    coefficients = y @ x @ inverse
    residuals = y - coefficients @ x.T
    influence = x @ inverse[:, k]
    scores = residuals * influence
    order = np.argsort(labels, kind="stable")
    starts = np.unique(labels[order], return_index=True)[1]
    sums = np.add.reduceat(scores[:, order], starts, axis=1)
    error = np.sqrt((sums**2).sum(axis=1))
    ratio = np.full(len(y), np.inf)
    np.divide(coefficients[:, k], error, out=ratio, where=error > 0)
    return ratio


def cars_of(study: EventStudyResult, window: EventWindow) -> pd.DataFrame:
    """Return the rows of the table `cars` of one window."""
    cars = study.cars
    return cars[(cars["start"] == window.start) & (cars["end"] == window.end)]


def _joined(
    study: EventStudyResult, characteristics: pd.DataFrame, window: EventWindow
) -> tuple[pd.DataFrame, IntArray]:
    """Return complete rows of CARs with their characteristics, and cluster labels."""
    cars = cars_of(study, window)
    if cars.empty or "event_id" not in characteristics:
        raise StudyError(
            f"no CARs of {window}, or no column event_id",
            where="cross_section",
            allowed="a window of the study, characteristics by event_id",
        )
    keys = [c for c in ("event_id", "symbol") if c in characteristics]
    known = characteristics.astype(dict.fromkeys(keys, str))
    table = cars.merge(known, on=keys, how="inner", validate="many_to_one").dropna(
        subset=["car", *[c for c in characteristics if c not in keys]]
    )
    moves = study.abnormal_returns
    calendar = np.sort(moves["session"].dropna().unique())
    # an event whose time leaves two sessions open is a pair on each of them
    pair = ["event_id", "symbol", "event_session"]
    first = moves[moves["offset"] == window.start].drop_duplicates(pair)
    places = table[pair].merge(first[[*pair, "session"]], how="left")
    # every session of a window is there, so windows are as far apart as they were
    positions = np.searchsorted(calendar, places["session"].to_numpy())
    return table, clusters(positions.astype(np.int64), window.length)


def _design(columns: pd.DataFrame) -> pd.DataFrame:
    """Return the constant, numbers as they are, text as dummies."""
    if columns.empty or not len(columns.columns):
        raise StudyError("no characteristic", where="characteristics")
    dummies = pd.get_dummies(columns, drop_first=True, dtype=float)
    dummies.insert(0, "constant", 1.0)
    return dummies
