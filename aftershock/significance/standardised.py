"""The statistic that the standardised cross-sectional tests share."""

from __future__ import annotations

import numpy as np

from aftershock.significance.base import NAN
from aftershock.significance.trial import Trial


def standardised_mean(trial: Trial) -> float:
    """Return sqrt(N) mean(SCAR) / sd(SCAR), sd with ddof 1."""
    scar = trial.present.scar(trial.window)
    spread = float(scar.std(ddof=1))
    return float(np.sqrt(len(scar)) * scar.mean() / spread) if spread > 0 else NAN
