"""Which number leads, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from aftershock.results import EventStudyResult
from aftershock.run.influence import without_one
from aftershock.run.inputs import Inputs
from aftershock.run.measuring import leading_study
from aftershock.study.twins import larger, several_sessions
from aftershock.tables import ALPHA, reason_words
from aftershock.windows import EventWindow


def make_headline(
    inputs: Inputs, study: EventStudyResult, declared: str
) -> dict[str, Any]:
    """Return the headline without its words.

    One session: a contrast whose every sign was declared before the session leads,
    each test taken with its volatility-scaled twin, the larger p counting; else
    `joint_ranked` with its twin. A window of several sessions: the placebo of the
    contrast so declared, or of the mean. Several sessions: `clustered`, `sign_flip`
    and the joint placebo, the largest p counting; with fewer than six clusters the
    placebo alone. With `clustered` comes what it says without one cluster.
    """
    start, end = inputs.config.headline_window
    model, measured = leading_study(inputs, study, declared)
    tests = measured.tests
    here = (tests["start"] == start) & (tests["end"] == end)
    rows = tests[(tests["group"] == "all") & here].set_index("test")
    names = _leading(study, rows, start == end, declared)
    found = {**larger(rows, names), **_nothing(study)}
    if names[0] == "clustered" and found["valid"]:
        window = EventWindow(start, end)
        found["without_one"] = without_one(measured, inputs.calendar, window, found)
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
    lost = left if len(left) else study.dropped  # without a session there is no pair
    reasons = lost["reason"].value_counts().sort_index()
    said = ", ".join(f"{n} ({reason_words(str(why))})" for why, n in reasons.items())
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


def _verdict(found: Mapping[str, Any]) -> str:
    """Return moved, undecided or not_tested."""
    pvalue = found["pvalue"]
    if not found["valid"] or pvalue is None or pd.isna(pvalue):
        return "not_tested"
    return "moved" if pvalue < ALPHA else "undecided"
