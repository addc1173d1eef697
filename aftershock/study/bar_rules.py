"""Which p-values may be shown on bars, where every slot of the day has its own scale.

Measured on 60-minute bars with the shape of a day, normal and Student t(5), 1,500 to
2,500 replications, nominal 5 %. Residuals are in units of a scale that they helped to
make, the event is not, so that ranks among residuals reject too often while a slot has
few rows: one pair 6.6 % on 20 sessions, 4.8 to 5.4 on 60; `joint_ranked` 7.8, 7.0, 6.2
and `max_sar` 8.2, 7.4, 6.6 on 20, 40, 60 sessions; `joint` 2.0, 3.5, 4.1 and 7.9 with
heavy tails on 60. `crude_dependence` has one spread for all slots: 16.5 %. Heavy tails
were tried on the session of several symbols; one pair and twelve pairs on sessions of
their own were drawn normal only.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.abnormal import AbnormalReturns

RANKED_ROWS = 58
"""Rows (less leverage) of the event's slot that ranks of one pair need."""
RANKED = frozenset({"sample_quantile", "ewma_quantile"})
MEASURED = RANKED | {
    "adjusted_bmp",
    "adjusted_patell",
    "bmp",
    "clustered",
    "contrast",
    "contrast_search",
    "corrado_rank",
    "corrado_zivney_sign",
    "cross_sectional",
    "generalized_sign",
    "jackknife",
    "patell",
    "sign_flip",
    "wilcoxon",
}


def refused_on_bars(row: str, abnormal: AbnormalReturns) -> str:
    """Say why a row of the table `tests` has no valid p-value; "" where it has.

    Depends on the design alone: whether slots have scales, and on how many rows.
    """
    if abnormal.fit.scale is None:
        return ""
    if row not in MEASURED:
        return "does not keep its size, or was not measured, on bars"
    if row in RANKED and len(abnormal) and abnormal.fit.df.min() < RANKED_ROWS:
        return "ranks on bars need 60 estimation rows of the slot of the news"
    return ""


def without_ranks(cars: pd.DataFrame, abnormal: AbnormalReturns) -> pd.DataFrame:
    """Return the table `cars` without the rank p-values that bars do not allow.

    Parameters
    ----------
    cars : DataFrame
        The N pairs, window after window.
    abnormal : AbnormalReturns
    """
    if abnormal.fit.scale is None or not len(abnormal):
        return cars
    few = np.tile(abnormal.fit.df < RANKED_ROWS, len(cars) // len(abnormal))
    hidden = {c: cars[c].mask(few) for c in ("pvalue_quantile", "pvalue_ewma")}
    return cars.assign(**hidden, pvalue_family=np.nan, pvalue_family_ewma=np.nan)
