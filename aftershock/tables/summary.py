"""A run, and a study, in one screen of plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from aftershock.tables.findings import finding, reactions
from aftershock.tables.influence import influence_sentence
from aftershock.tables.left_out import left_out, reason_words
from aftershock.tables.numbers import (
    MINUS,
    is_missing,
    listed,
    number,
    percent,
    probability,
    records,
    words,
)

REPEATED = "same_session_duplicate"
ACCOUNT = 4
"""The rung of the ladder that is the account itself, with all its costs."""

WHY_THIS = "the latest that is measured, unless report.focus of the config names one"
"""How an event is chosen that is shown alone in a run over several."""


def why_this(manifest: Mapping[str, Any]) -> str:
    """Say why an event is shown alone; a run of before does not know."""
    known = {True: "named by report.focus", False: "the latest that is measured"}
    return known.get(manifest.get("focus_named", ""), WHY_THIS)


def window_name(start: int, end: int) -> str:
    """Return a window as ``[−1, +1]``."""
    return f"[{start:+d}, {end:+d}]".replace("-", MINUS).replace("+0", "0")


def several_sessions(manifest: Mapping[str, Any]) -> bool:
    """Return whether the headline is about the pairs of several sessions."""
    return (manifest["headline"].get("n_sessions") or 0) > 1


def verdict_sentence(
    manifest: Mapping[str, Any], references: float | None = None
) -> str:
    """Return which test leads, what it found, and the verdict, in one sentence."""
    headline = manifest["headline"]
    name = str(headline.get("test") or "no test").replace("_", " ")
    verdict = verdict_words(manifest)
    if not headline.get("valid"):
        why = words(headline.get("reason")).replace("_", " ") or "it was not computed"
        return f"The leading test, {name}, may not be quoted: {why}."
    p = probability(headline.get("pvalue"), references)
    sign = " " if p[:1] in "≤<" else " = "
    which = "the larger of plain and volatility-scaled, where both exist"
    if several_sessions(manifest):
        which = f"{_interval(headline)}placebo sessions alone"
        if headline.get("test") == "clustered":
            which = (
                f"{_interval(headline)}the largest of its own p and those of its "
                "checks, sign flip and placebo"
            )
    return f"The leading test, {name}, gives p{sign}{p} ({which}): {verdict}."


def verdict_words(manifest: Mapping[str, Any]) -> str:
    """Return the verdict in words; what too few sessions give decides nothing."""
    headline = manifest["headline"]
    exploratory = words(headline.get("warning")).startswith("exploratory")
    if several_sessions(manifest) and exploratory:
        return "exploratory, too few sessions to decide"
    return str(headline.get("verdict") or "not_tested").replace("_", " ")


def _interval(headline: Mapping[str, Any]) -> str:
    """Return the interval of a mean; of another test the estimate is no return."""
    ends = [headline.get("ci_low"), headline.get("ci_high")]
    if headline.get("test") != "clustered" or any(is_missing(end) for end in ends):
        return ""
    low, high = (percent(end) for end in ends)
    return f"95\u2009% interval of the mean {low} to {high}; "


def counting_sentence(
    manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]
) -> str:
    """Say which pairs the leading test does not count; nothing where it counts all."""
    pairs, n = tables["pairs"], manifest["headline"].get("n")
    if is_missing(n) or pairs.empty or int(n) >= len(pairs):
        return ""
    kept = pairs["status"].isin(["ok", "flagged"])
    twice = kept & pairs["reason"].map(words).str.contains(REPEATED)
    parts = [
        ((pairs["status"] == "dropped").sum(), "left out"),
        ((pairs["status"] == "pending").sum(), "awaited"),
        (twice.sum(), "repeating a symbol in its session"),
    ]
    rest = len(pairs) - int(n) - sum(count for count, _ in parts)
    watched = int((kept & ~twice & (pairs["expected"].astype(float) == 0)).sum())
    if rest == watched:
        parts.append((rest, "of expected sign 0, watched only"))
    elif rest > 0:
        parts.append((rest, "that this test cannot use"))
    said = ", ".join(f"{count} {why}" for count, why in parts if count > 0)
    told = f"It counts {int(n)} of {len(pairs)} pairs: {said}."
    return " ".join([told, *_without_session(tables)])


def _without_session(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Count what the table `dropped` has beside pairs: events without a session."""
    dropped, known = tables["dropped"], set(tables["pairs"]["event_id"])
    lost = dropped[~dropped["event_id"].isin(known)]
    if lost.empty:
        return []
    why = ", ".join(dict.fromkeys(reason_words(words(r)) for r in lost["reason"]))
    n, events = len(lost), lost["event_id"].nunique()
    names = f"{n} exposure{'s' * (n > 1)} of {events} event{'s' * (events > 1)}"
    ids = listed(list(dict.fromkeys(lost["event_id"].astype(str))))
    return [f"Beside these, {names} without a session ({why}): {ids}."]


def summary_rows(
    manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], most: int = 6
) -> list[list[str]]:
    """Return the six-line table of the focus event, its header first."""
    start, end = manifest["study"]["headline_window"]
    rows = reactions(tables, manifest.get("focus") or "", start, end)
    chosen = rows.loc[rows["car"].abs().sort_values(ascending=False).index[:most]]
    head = ["symbol", "raw", "gap", "open to close", "abnormal", "p, family"]
    return [head] + [
        [
            str(row.symbol),
            *(percent(v) for v in (row.ret, row.gap, row.open_to_close, row.car)),
            probability(row.p, row.m),
        ]
        for row in records(chosen)
    ]


def pending_rows(pending: pd.DataFrame, most: int = 12) -> list[list[str]]:
    """Return what can be said of symbols whose window is not over, header first."""
    head = [
        "awaited",
        "event",
        "beta",
        "sigma now",
        "noise explains",
        "all windows from",
    ]
    return [head] + [
        [
            str(row.symbol),
            str(row.event_id),
            number(row.beta),
            percent(row.sigma_now, signed=False),
            f"± {percent(row.threshold, signed=False)}",
            str(row.measurable_from),
        ]
        for row in records(pending.head(most))
    ]


def text_table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as text: the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        "  ".join(
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def verdict_counts(claims: pd.DataFrame) -> str:
    """Return how many claims have each verdict: ``2 supported, 5 undecided``."""
    counts = claims["verdict"].value_counts()
    order = ("supported", "contradicted", "undecided", "not testable")
    return ", ".join(f"{counts[v]} {v}" for v in order if v in counts)


def traded_rows(ladder: pd.DataFrame | None) -> list[list[str]]:
    """Return of each strategy its trades and what was left, header first."""
    head = ["strategy", "trades", "account, after costs"]
    if ladder is None or ladder.empty:
        return [head]
    # a rung above is of settings chosen on the past: another account
    own = ladder[ladder["rung"] <= ACCOUNT].sort_values("rung", kind="stable")
    last = own.groupby("strategy", sort=False)
    return [head] + [
        [str(row.strategy), number(row.n_trades, 0), percent(row.total_return)]
        for row in records(last.tail(1))
    ]


def traded(ladder: pd.DataFrame | None) -> list[str]:
    """Return a blank line and the strategies' table as text, or nothing."""
    rows = traded_rows(ladder)
    return ["", text_table(rows)] if len(rows) > 1 else []


def run_summary(manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the run in one screen: the finding, its test, the six-line table."""
    said = [finding(manifest, tables), verdict_sentence(manifest)]
    counted, dropped = counting_sentence(manifest, tables), tables["dropped"]
    if counted:  # it names events without a session itself
        dropped = dropped[dropped["event_id"].isin(tables["pairs"]["event_id"])]
    lost = left_out(dropped, len(manifest["events"]))
    said += filter(None, [influence_sentence(manifest), counted, lost])
    rows = summary_rows(manifest, tables)
    if len(rows) > 1:
        if (manifest["headline"].get("n_sessions") or 0) > 1:
            said += [
                "",
                f"One event alone, {manifest['focus']} ({why_this(manifest)}):",
            ]
        said += ["", text_table(rows)]
    waiting = pending_rows(tables["pending"])
    if len(waiting) > 1:
        said += ["", text_table(waiting)]
    said += traded(tables.get("ladder"))
    if len(tables["claims"]):
        said += ["", f"Claims: {verdict_counts(tables['claims'])}"]
    if words(manifest.get("simulated")):
        said += ["", words(manifest["simulated"])]
    return "\n".join(said)
