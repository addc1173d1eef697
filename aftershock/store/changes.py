"""What a vendor tells otherwise today than it did before."""

from __future__ import annotations

import pandas as pd

from aftershock.sources.base import first_few

_ROUNDING = 5e-5


def changed_history(
    old: pd.DataFrame, new: pd.DataFrame, upto: pd.Timestamp
) -> list[str]:
    """Return in words where the closes of two snapshots tell another history.

    A factor common to all sessions is a later split when the newer one records it; any
    other change of a close by more than 0.005 % is named. Adjusted closes change with
    every dividend and say nothing.

    Parameters
    ----------
    old, new : DataFrame
        Columns date, close, splits.
    upto : Timestamp
        The last session whose bar was final in `old`.
    """
    before = old.drop_duplicates("date").set_index("date")["close"].loc[:upto]
    after = new.drop_duplicates("date").set_index("date")["close"]
    told = []
    gone = before.dropna().index.difference(after.dropna().index)
    gone = gone[gone >= after.index.min()]
    if len(gone):
        told.append(f"{_days(gone)} went missing")
    ratio = (after / before).dropna()
    if ratio.empty:
        return told
    factor = ratio.median()
    since = new.loc[new["date"] > before.index.max(), "splits"]
    split = since[since > 0].prod()
    if abs(factor * split - 1) > _ROUNDING:
        told.append(f"all closes changed by the factor {factor:.6g}")
    other = ratio.index[(ratio / factor - 1).abs() > _ROUNDING]
    if len(other):
        told.append(f"the closes of {_days(other)} changed")
    return told


def _days(index: pd.Index) -> str:
    """Return sessions as text."""
    return first_few([f"{day:%Y-%m-%d}" for day in index])
