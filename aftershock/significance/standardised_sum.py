"""The statistic that Patell's test and its adjusted form share."""

from __future__ import annotations

import numpy as np

from aftershock.significance.trial import Trial


def standardised_sum(trial: Trial) -> tuple[float, str]:
    """Return Patell's Z of the complete pairs, or why there is none.

    Notes
    -----
    One day: sum SAR / sqrt(sum df/(df-2)). A window of L days:
    N^-1/2 sum CSAR_i / sqrt(L df_i/(df_i-2)), CSAR the sum of the SARs. df/(df-2) is
    the variance of a Student t variable.
    """
    pairs = trial.present
    if not trial.n:
        return float("nan"), "no pair has every session of the window"
    df = pairs.fit.df
    if not (df > 2).all():
        return float("nan"), "needs more than two degrees of freedom in every pair"
    sar = pairs.sar_of(trial.window)
    variance = df / (df - 2)
    if trial.window.length == 1:
        return float(sar.sum() / np.sqrt(variance.sum())), ""
    scaled = sar.sum(axis=1) / np.sqrt(trial.window.length * variance)
    return float(scaled.sum() / np.sqrt(trial.n)), ""
