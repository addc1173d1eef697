"""Which number leads, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from aftershock.results import EventStudyResult
from aftershock.run.inputs import Inputs
from aftershock.run.measuring import leading_tests

ALPHA = 0.05
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


def make_headline(
    inputs: Inputs, study: EventStudyResult, declared: str
) -> dict[str, Any]:
    """Return the headline without its words.

    One session: a contrast whose every sign was declared before the session leads,
    each test taken with its volatility-scaled twin, the larger p counting; else
    `joint_ranked` with its twin. A window of several sessions: the placebo of the
    contrast so declared, or of the mean. Several sessions: `clustered`, `sign_flip`
    and the joint placebo, the largest p counting; with fewer than six clusters the
    placebo alone.
    """
    start, end = inputs.headline_window
    model, tests = leading_tests(inputs, study, declared)
    here = (tests["start"] == start) & (tests["end"] == end)
    rows = tests[(tests["group"] == "all") & here].set_index("test")
    names = _leading(study, rows, start == end, declared)
    found = {**_larger(rows, names), **_nothing(study)}
    return {
        "text": "",
        **_about(inputs),
        "test": names[0],
        "model": model,
        "start": start,
        "end": end,
        **found,
        "verdict": _verdict(found),
    }


def _nothing(study: EventStudyResult) -> dict[str, Any]:
    """Say why there is nothing to test, if no pair was kept."""
    left = study.pairs[~study.pairs["status"].isin(["ok", "flagged"])]
    if len(left) < len(study.pairs):
        return {}
    reasons = left["reason"].value_counts().sort_index()
    said = ", ".join(f"{n} {reason}" for reason, n in reasons.items())
    return {"valid": False, "reason": f"no pair could be measured: {said}"}


def _about(inputs: Inputs) -> dict[str, str]:
    """Name the event, or the tags, that the headline is about."""
    tags = inputs.config.events.where.tags
    if len(set(inputs.pairs["event_id"])) > 1:
        return {"tag": ", ".join(tags) or "all events"}
    return {"event_id": inputs.focus.id if inputs.focus else ""}


def _leading(
    study: EventStudyResult, rows: pd.DataFrame, one_day: bool, declared: str
) -> tuple[str, ...]:
    """Return the leading test and its twin."""
    studied = study.pairs[study.pairs["status"].isin(["ok", "flagged"])]
    one_session = len(set(studied["session"])) <= 1
    signed = declared == "before" and bool(study.weights)
    if not one_session:
        return several_sessions(rows)
    if one_day:
        if signed:
            return ("contrast", "contrast_ewma")
        return ("joint_ranked", "joint_ranked_ewma")
    return ("placebo_contrast",) if signed else ("placebo",)


def several_sessions(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return what leads when the news falls on several sessions."""
    robust = ("clustered", "sign_flip")
    if all(name in rows.index and bool(rows.loc[name, "valid"]) for name in robust):
        return (*robust, "placebo")
    return ("placebo",)


def _larger(rows: pd.DataFrame, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of the test, with the larger p of the twins.

    The row is valid only if both twins are.
    """
    present = [name for name in names if name in rows.index]
    if len(present) < len(names):
        return {
            **dict.fromkeys(FIELDS),
            "valid": False,
            "reason": f"{', '.join(set(names) - set(present))} was not computed",
        }
    twins = rows.loc[list(names)]
    pvalues = twins["pvalue"].to_numpy(dtype=float)
    lead: dict[str, Any] = {name: twins[name].iloc[0] for name in FIELDS}
    lead["pvalue"] = float(pvalues.max())  # NaN if either twin has none
    lead["pvalue_of"] = names[int(np.argmax(pvalues))]
    lead["valid"] = bool(twins["valid"].all())
    lead["reason"] = "; ".join(dict.fromkeys(r for r in twins["reason"] if r))
    return lead


def _verdict(found: Mapping[str, Any]) -> str:
    """Return moved, undecided or not_tested."""
    pvalue = found["pvalue"]
    if not found["valid"] or pvalue is None or pd.isna(pvalue):
        return "not_tested"
    return "moved" if pvalue < ALPHA else "undecided"
