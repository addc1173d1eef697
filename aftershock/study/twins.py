"""A test together with its twins: which of them lead, and the larger p of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

FIELDS = (
    "estimate",
    "ci_low",
    "ci_high",
    "statistic",
    "pvalue",
    "valid",
    "reason",
    "n",
    "n_sessions",
    "warning",
)


def several_sessions(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return what leads when the news falls on several sessions."""
    robust = ("clustered", "sign_flip")
    if all(name in rows.index and bool(rows.loc[name, "valid"]) for name in robust):
        return (*robust, "placebo")
    return ("placebo",)


def larger(rows: pd.DataFrame, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of the first test, with the larger p of the twins.

    The row is valid only if every twin is; `pvalue_of` names the one whose p counts.
    """
    absent = [name for name in names if name not in rows.index]
    if absent:
        return {
            **dict.fromkeys(FIELDS),
            "valid": False,
            "reason": f"{', '.join(absent)} was not computed",
        }
    twins = rows.loc[list(names)]
    pvalues = twins["pvalue"].to_numpy(dtype=float)
    lead: dict[str, Any] = {name: twins[name].iloc[0] for name in FIELDS}
    lead["pvalue"] = float(pvalues.max())  # NaN if either twin has none
    lead["pvalue_of"] = names[int(np.argmax(pvalues))]
    lead["valid"] = bool(twins["valid"].all())
    lead["reason"] = "; ".join(dict.fromkeys(r for r in twins["reason"] if r))
    return lead
