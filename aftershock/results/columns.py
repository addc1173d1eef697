"""The tables of a run and their columns."""

from __future__ import annotations

import pandas as pd

COLUMNS: dict[str, str] = {
    "pairs": (
        "event_id symbol role expected session published precision status reason "
        "m df alpha beta sigma r2 via proxy flags"
    ),
    "abnormal_returns": (
        "event_id symbol event_session offset session ret gap open_to_close "
        "expected_ret ar se sar df pvalue"
    ),
    "cars": (
        "event_id symbol event_session start end car se scar bhar df pvalue "
        "pvalue_quantile pvalue_ewma pvalue_family pvalue_family_ewma ci_low ci_high "
        "warning"
    ),
    "aar": "group offset aar caar se n n_sessions",
    "tests": (
        "group start end test estimate statistic df pvalue ci_low ci_high n "
        "n_sessions n_clusters valid reason warning mde null pvalue_holm pvalue_bh "
        "pvalue_by"
    ),
    "paths": (
        "event_id symbol event_session offset session ar car group model n "
        "band_low band_high"
    ),
    "placebo": "test window draw value session group",
    "dropped": "event_id symbol reason detail",
    "pending": (
        "event_id symbol role session beta sigma_now threshold measurable_from detail"
    ),
    "claims": (
        "claim_id text source measure value ci_low ci_high pvalue verdict detail "
        "said_by said_at event_id group against start end expected bound reported "
        "test n n_sessions mde pvalue_holm describes testable_from rival"
    ),
    "trades": (
        "strategy event_id symbol side group decided entry_session entry_price "
        "exit_session exit_price exit_reason size fees slippage borrow pnl ret "
        "exit_level exit_gap weight_asked fill_ratio cut_by entry_auction "
        "exit_auction entry_adjustment"
    ),
    "equity": "session benchmark",
    "metrics": "strategy metric value",
    "robustness": (
        "model market estimation window group estimate statistic pvalue reference "
        "scaling test ci_low ci_high n valid reason leading"
    ),
}
"""Columns of every table that a run writes, in order (space separated)."""
LATER = frozenset(
    {
        "exit_level",
        "exit_gap",
        "weight_asked",
        "fill_ratio",
        "cut_by",
        "entry_auction",
        "exit_auction",
        "entry_adjustment",
    }
)
"""Columns that runs of earlier versions lack, whose pages do without them."""


def columns(table: str) -> list[str]:
    """Return the column names of a table, in the order in which they are written."""
    return COLUMNS[table].split()


def empty(table: str) -> pd.DataFrame:
    """Return a table without rows."""
    return pd.DataFrame(columns=columns(table))
