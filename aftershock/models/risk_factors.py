"""What the factor models share: excess returns on the market and on portfolios."""

from __future__ import annotations

from collections.abc import Sequence

from aftershock.abnormal import Fit, Sample
from aftershock.models.base import ones, regression_fit


def excess_fit(sample: Sample, portfolios: Sequence[str]) -> Fit:
    """Fit R - rf = a + b (Rm - rf) + portfolios; `mkt` is a total return.

    Parameters
    ----------
    portfolios : names of long-short returns: smb, hml, ...
    """
    riskless = sample.factors["rf"]
    regressors = [ones(sample), sample.factors["mkt"] - riskless]
    regressors += [sample.factors[name] for name in portfolios]
    return regression_fit(sample, regressors, beta_at=1, base=riskless)
