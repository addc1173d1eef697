"""Frames to words: nothing is computed here that a test needs.

Only arranging, wording and rounding.
"""

from aftershock.tables.findings import (
    ALPHA,
    beyond_of_paths,
    family_is_valid,
    family_pvalue,
    finding,
    largest_mover,
    moved,
    reactions,
)
from aftershock.tables.influence import influence_sentence
from aftershock.tables.left_out import reason_and_detail, reason_words
from aftershock.tables.numbers import (
    MINUS,
    NONE,
    ROLE_NAMES,
    THIN,
    at_floor,
    claim_number,
    clock,
    day,
    is_missing,
    listed,
    number,
    p_equals,
    percent,
    probability,
    records,
    role_name,
    role_order,
    words,
)
from aftershock.tables.settings import (
    OUTCOME,
    best_setting,
    forward_sentence,
    grid_names,
    nothing_to_choose_by,
    same_sweeps,
    same_trades,
    setting_value,
)
from aftershock.tables.summary import (
    counting_sentence,
    run_summary,
    several_sessions,
    summary_rows,
    text_table,
    traded,
    traded_rows,
    verdict_counts,
    verdict_sentence,
    verdict_words,
    why_this,
    window_name,
)

__all__ = [
    "ALPHA", "MINUS", "NONE", "OUTCOME", "ROLE_NAMES", "THIN", "at_floor",
    "best_setting", "beyond_of_paths",
    "claim_number",
    "clock", "counting_sentence", "day", "family_is_valid", "family_pvalue", "finding",
    "forward_sentence", "grid_names", "influence_sentence",
    "is_missing",
    "largest_mover",
    "listed", "moved", "nothing_to_choose_by", "number",
    "p_equals", "percent", "probability", "reactions",
    "reason_and_detail", "reason_words",
    "records",
    "role_name", "role_order", "run_summary", "same_sweeps", "same_trades",
    "setting_value",
    "several_sessions", "summary_rows",
    "text_table", "traded", "traded_rows",
    "verdict_counts", "verdict_sentence", "verdict_words", "why_this", "window_name",
    "words",
]  # fmt: skip
